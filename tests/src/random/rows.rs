//! Rows for a random model, as plain INSERT statements.

use super::Choices;
use super::model::{Column, Model, Table, is_integer};
use schemasync::model::DataType;

/// An identifier between double quotes.
pub fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// What the rows may be like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filling {
    /// Values of the declared types; foreign keys point to rows.
    Sound,
    /// Whatever SQLite takes: values of other types, keys that point nowhere.
    Wild,
}

/// The statements. Some may fail on a constraint: such a row is simply not there.
pub fn inserts(model: &Model, filling: Filling, choices: &mut Choices<'_>) -> Vec<String> {
    let mut statements = Vec::new();
    // Twice, so that keys in a circle find rows.
    for _ in 0..2 {
        for table in &model.tables {
            for n in 0..choices.below(4) {
                statements.push(insert(model, table, n, filling, choices));
            }
        }
    }
    statements
}

fn insert(model: &Model, table: &Table, n: usize, filling: Filling, choices: &mut Choices<'_>) -> String {
    let mut names = Vec::new();
    let mut values: Vec<String> = Vec::new();
    for column in table.columns.iter().filter(|column| column.generated.is_none()) {
        if column.default.is_some() && choices.one_in(4) {
            continue;
        }
        names.push(quote(&column.name));
        values.push(value(column, n, filling, choices));
    }
    for key in &table.foreign_keys {
        let Some(target) = model.tables.iter().find(|target| target.uid == key.target) else { continue };
        let null = choices.one_in(3);
        if filling == Filling::Wild && choices.one_in(12) {
            continue;
        }
        for (uid, to) in key.columns.iter().zip(&key.target_columns) {
            let own = table.columns.iter().find(|column| column.uid == *uid);
            let to = target.columns.iter().find(|column| column.uid == *to);
            let (Some(own), Some(to)) = (own, to) else { continue };
            let Some(at) = names.iter().position(|name| *name == quote(&own.name)) else { continue };
            values[at] = if null && own.nullable {
                "NULL".into()
            } else {
                format!("(SELECT {} FROM {} LIMIT 1 OFFSET {n})", quote(&to.name), quote(&target.name))
            };
        }
    }
    if names.is_empty() {
        return format!("INSERT OR IGNORE INTO {} DEFAULT VALUES", quote(&table.name));
    }
    format!("INSERT OR IGNORE INTO {} ({}) VALUES ({})", quote(&table.name), names.join(", "), values.join(", "))
}

fn value(column: &Column, n: usize, filling: Filling, choices: &mut Choices<'_>) -> String {
    const WILD: &[&str] = &[
        "'it''s; \"odd\" -- x'",
        "''",
        "x'00ff'",
        "x''",
        "9223372036854775807",
        "-9223372036854775808",
        "1e300",
        "-0.5",
        "'ünï 日'",
        "'007'",
        "'1.50'",
        "' 5 '",
        "'1e3'",
        "x'3132'",
        "9007199254740993",
        "char(97, 0, 98)",
        "0.1",
    ];
    if column.nullable && choices.one_in(4) {
        return "NULL".into();
    }
    if filling == Filling::Wild && choices.one_in(3) {
        return (*choices.pick(WILD)).to_owned();
    }
    let n = n + choices.below(5) * 3;
    match &column.ty {
        DataType::Bool => (n % 2).to_string(),
        ty if is_integer(ty) => n.to_string(),
        DataType::Float32 | DataType::Float64 => format!("{n}.5"),
        DataType::Bytes => format!("x'{n:02x}00'"),
        DataType::Uuid => format!("x'00112233445546778899aabbccddee{n:02x}'"),
        DataType::Date => format!("'2024-02-{:02}'", 1 + n % 28),
        DataType::Time => format!("'{:02}:30:00'", n % 24),
        DataType::DateTime | DataType::Timestamp => format!("'2024-02-{:02} 10:30:00'", 1 + n % 28),
        DataType::Decimal(_) => format!("'{n}.50'"),
        DataType::Json | DataType::Array(_) => format!("'[{n}]'"),
        DataType::Enum { variants, .. } => format!("'{}'", variants[n % variants.len()].replace('\'', "''")),
        DataType::GeoPoint => format!("'{{\"lat\":{n},\"lng\":1}}'"),
        _ => match choices.below(3) {
            0 => format!("'text {n}'"),
            1 => format!("'{n}'"),
            _ => format!("'é''\"{n}'"),
        },
    }
}
