//! The same random models for a database that is strict about types: expressions over any type, defaults that fit, and rows.

use super::enums::labels;
use super::model::{CONDITIONS, VALUES, is_integer};
use super::render::{in_schema, qualified};
use super::{Choices, names, quote};
use schemasync::Schema;
use schemasync::model::{Column, DataType, DefaultValue, IndexKind, IndexOn, Table};

/// Conditions over a column of any type.
const ANY_CONDITIONS: &[&str] = &[
    "{} IS NOT NULL",
    "{} IS NULL OR 1 IN (1, 2)",
    "coalesce({}, {}) IS NOT DISTINCT FROM {}",
    "NOT ({} IS NULL AND 'zz; \"top\"' = '')",
];

/// Values over a column of any type; of which type they are: `None` as the column.
const ANY_VALUES: &[(&str, Option<DataType>)] = &[
    ("{} IS NULL", Some(DataType::Bool)),
    ("coalesce({}, {})", None),
    ("CASE WHEN {} IS NULL THEN 'no''ne' ELSE 'so' END", Some(DataType::Text)),
    ("num_nulls({}, 'x')", Some(DataType::Int32)),
];

/// Which of the forms it is, and of which column.
fn recognise<'t>(table: &'t Table, forms: &[&str], sql: &str) -> Option<(usize, &'t Column)> {
    table.columns.iter().find_map(|column| {
        let form = forms.iter().position(|form| form.replace("{}", &quote(&column.name)) == sql)?;
        Some((form, column))
    })
}

fn condition(table: &Table, sql: &str) -> String {
    recognise(table, CONDITIONS, sql)
        .map_or_else(|| sql.to_owned(), |(form, column)| ANY_CONDITIONS[form].replace("{}", &quote(&column.name)))
}

fn value(table: &Table, sql: &str) -> (String, Option<DataType>) {
    let Some((form, column)) = recognise(table, VALUES, sql) else { return (sql.to_owned(), None) };
    let (form, ty) = &ANY_VALUES[form];
    (form.replace("{}", &quote(&column.name)), Some(ty.clone().unwrap_or_else(|| column.ty.clone())))
}

/// The model with what PostgreSQL can do in the place of what only SQLite takes.
pub fn for_postgres(schema: &Schema) -> Schema {
    // The longest name is longer than PostgreSQL has them.
    let short = schema.to_json().replace(names::LONG, &names::LONG[..57]);
    let mut schema = Schema::from_json(&short).unwrap_or_else(|_| schema.clone());
    for table in &mut schema.tables {
        for column in &mut table.columns {
            column.ty = match &column.ty {
                DataType::GeoPoint => DataType::Array(Box::new(DataType::Text)),
                ty => ty.clone(),
            };
            column.default = column.default.take().and_then(|default| fitting(default, &column.ty));
            if column.encrypted && !matches!(column.default, None | Some(DefaultValue::Text(_))) {
                column.default = None;
            }
        }
        let plain = table.clone();
        for column in &mut table.columns {
            let Some(generated) = &mut column.generated else { continue };
            let (sql, ty) = value(&plain, &generated.sql);
            (generated.sql, generated.stored) = (sql, true);
            column.ty = ty.unwrap_or_else(|| column.ty.clone());
        }
        for check in &mut table.checks {
            check.sql = condition(&plain, &check.sql);
        }
        for index in &mut table.indexes {
            // Comes and goes with the columns of the table.
            index.nulls_not_distinct =
                index.kind == IndexKind::Unique && (index.parts.len() + plain.columns.len()).is_multiple_of(2);
            index.predicate = index.predicate.as_ref().map(|sql| condition(&plain, sql));
            for part in &mut index.parts {
                if let IndexOn::Expression(sql) = &mut part.on {
                    *sql = value(&plain, sql).0;
                }
            }
        }
    }
    comparable_keys(&mut schema);
    schema
}

/// A key between columns that do not compare is nobody's, whatever is edited on either side.
fn comparable_keys(schema: &mut Schema) {
    let tables = schema.tables.clone();
    for table in &mut schema.tables {
        let own = table.clone();
        table.foreign_keys.retain(|key| {
            let target = tables.iter().find(|other| other.name == key.target && other.schema == key.target_schema);
            key.columns.iter().zip(&key.target_columns).all(|(from, to)| {
                let from = own.columns.iter().find(|column| column.name == *from);
                let to = target.and_then(|target| target.columns.iter().find(|column| column.name == *to));
                let what = |column: &Column| (column.ty.clone(), column.encrypted, column.collate);
                from.map(what) == to.map(what)
            })
        });
    }
}

fn fitting(default: DefaultValue, ty: &DataType) -> Option<DefaultValue> {
    let text = matches!(ty, DataType::Text | DataType::Varchar(_));
    let float = matches!(ty, DataType::Float32 | DataType::Float64);
    Some(match default {
        DefaultValue::Sql(sql) => match sql.as_str() {
            "abs(-3)" | "1 + 2" if is_integer(ty) || float => DefaultValue::Sql(sql),
            "lower('A;B')" | "'a' || 'b'" if text => DefaultValue::Sql(sql),
            "random()" if float => DefaultValue::Sql(sql),
            _ if matches!(ty, DataType::Array(_)) => DefaultValue::Text(match element_labels(ty) {
                [] => "{}".to_owned(),
                [label, ..] => format!("{{{}}}", element(label)),
            }),
            _ => return None,
        },
        DefaultValue::Int(n) if n < -7 && *ty != DataType::Int64 => DefaultValue::Int(100),
        DefaultValue::Float(n) if n > 1e30 && *ty == DataType::Float32 => DefaultValue::Float(0.25),
        DefaultValue::Now if is_integer(ty) && *ty != DataType::Int64 => DefaultValue::Int(1),
        DefaultValue::Text(_) if *ty == DataType::Json => DefaultValue::Text("{\"b\": 1, \"a\": [2, 1.50]}".to_owned()),
        default => default,
    })
}

/// The labels of an array's elements.
fn element_labels(ty: &DataType) -> &[String] {
    match ty {
        DataType::Array(of) => labels(of),
        _ => &[],
    }
}

/// A text as an element of an array.
fn element(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Rows for the tables, one statement each. Some may fail on a constraint: such a row is simply not there.
pub fn inserts_for_postgres(schema: &Schema, choices: &mut Choices<'_>) -> Vec<String> {
    let mut statements = Vec::new();
    for _ in 0..2 {
        for table in &schema.tables {
            for n in 0..choices.below(4) {
                statements.push(insert(table, n, choices));
            }
        }
    }
    statements
}

fn insert(table: &Table, n: usize, choices: &mut Choices<'_>) -> String {
    let mut names = Vec::new();
    let mut values: Vec<String> = Vec::new();
    for column in table.columns.iter().filter(|column| column.generated.is_none()) {
        if column.default.is_some() && choices.one_in(4) {
            continue;
        }
        names.push(quote(&column.name));
        values.push(if column.nullable && choices.one_in(4) { "NULL".to_owned() } else { literal(column, n, choices) });
    }
    for key in &table.foreign_keys {
        let null = choices.one_in(3);
        for (own, to) in key.columns.iter().zip(&key.target_columns) {
            let Some(at) = names.iter().position(|name| *name == quote(own)) else { continue };
            let nullable = table.columns.iter().any(|column| column.name == *own && column.nullable);
            values[at] = if null && nullable {
                "NULL".to_owned()
            } else {
                format!(
                    "(SELECT {} FROM {} LIMIT 1 OFFSET {n})",
                    quote(to),
                    in_schema(key.target_schema.as_deref(), &key.target)
                )
            };
        }
    }
    let name = qualified(table);
    if names.is_empty() {
        return format!("INSERT INTO {name} DEFAULT VALUES");
    }
    format!("INSERT INTO {name} ({}) VALUES ({}) ON CONFLICT DO NOTHING", names.join(", "), values.join(", "))
}

fn literal(column: &Column, n: usize, choices: &mut Choices<'_>) -> String {
    let n = n + choices.below(5) * 3;
    if column.encrypted {
        return format!("'sealed {n}'");
    }
    match &column.ty {
        DataType::Bool => if n.is_multiple_of(2) { "false" } else { "true" }.to_owned(),
        ty if is_integer(ty) => match choices.below(6) {
            0 => "100".to_owned(),
            1 if *ty == DataType::Int64 => "9007199254740993".to_owned(),
            _ => n.to_string(),
        },
        DataType::Float32 | DataType::Float64 => {
            if choices.one_in(5) {
                "'NaN'".to_owned()
            } else {
                format!("{n}.5")
            }
        }
        DataType::Bytes => format!("'\\x{n:02x}00'"),
        DataType::Uuid => format!("'00112233-4455-6677-8899-aabbccddee{n:02x}'"),
        DataType::Date => format!("'2024-02-{:02}'", 1 + n % 28),
        DataType::Time => format!("'{:02}:30:00'", n % 24),
        DataType::DateTime => format!("'2024-02-{:02} {}'", 1 + n % 28, ["00:00:00", "10:30:00.123456"][n % 2]),
        DataType::Timestamp => format!("'2024-02-{:02} 10:30:00+02'", 1 + n % 28),
        DataType::Decimal(_) => format!("{n}.50"),
        DataType::Json => format!("'{{\"n\": [{n}, null]}}'"),
        ty if !element_labels(ty).is_empty() => {
            let labels = element_labels(ty);
            format!("'{{{}, NULL}}'", element(&labels[n % labels.len()]).replace('\'', "''"))
        }
        DataType::Array(of) if **of == DataType::Text => format!("'{{\"a{n}\", NULL}}'"),
        DataType::Array(_) => format!("'{{{n}, 1}}'"),
        DataType::Enum { variants, .. } => format!("'{}'", variants[n % variants.len()].replace('\'', "''")),
        DataType::Char => format!("'{}'", n % 10),
        _ => match choices.below(8) {
            0 => format!("'text {n}'"),
            1 => format!("'é''\"{n}'"),
            2 => "''".to_owned(),
            3 => "' 5 '".to_owned(),
            4 => "'1e3'".to_owned(),
            5 => "'2024-02-29'".to_owned(),
            6 => "'true'".to_owned(),
            _ => format!("'{n}'"),
        },
    }
}
