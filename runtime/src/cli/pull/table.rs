//! One table as a struct.

use super::attributes::{Argument, attributes};
use super::{literal, names, names::Names, types};
use crate::descriptor::{Collation, Increment, IncrementForm, ReferentialAction, Similarity, SortOrder, SyncMethod};
use crate::model::{
    Column, DatabaseOptions, DefaultValue, ForeignKey, Index, IndexKind, IndexOn, OptionValue, Schema, Table,
    VectorParameters,
};
use std::fmt::Write as _;

pub(super) fn source(schema: &Schema, table: &Table, names: &Names) -> String {
    let mut out = literal::doc(table.comment.as_deref(), "");
    if repeats_a_column(table) {
        // Clippy takes the same field in two indexes for a slip.
        out.push_str("#[allow(clippy::duplicated_attributes)]\n");
    }
    out.push_str("#[derive(Debug, Clone, DbTable)]\n");
    out.push_str(&attributes(of_table(schema, table, names), ""));
    let _ = writeln!(out, "pub struct {} {{", names.table(table.schema.as_deref(), &table.name));
    for column in in_order(table) {
        out.push_str(&literal::doc(column.comment.as_deref(), "    "));
        out.push_str(&attributes(of_column(schema, table, column, names), "    "));
        let ty = types::rust_type(&column.ty, &|native| names.enum_type(native).to_owned())
            .unwrap_or_else(|| "String".to_owned());
        let ty = if column.nullable { format!("Option<{ty}>") } else { ty };
        let _ = writeln!(out, "    pub {}: {ty},", names.field_of(table, &column.name));
    }
    out.push_str("}\n");
    out
}

/// The columns as they are in the table, those of the key in its order: that is the order of the fields with `id`.
fn in_order(table: &Table) -> Vec<&Column> {
    let is_key = |column: &Column| table.primary_key.contains(&column.name);
    let key = table.primary_key.iter().filter_map(|name| table.columns.iter().find(|column| column.name == *name));
    let mut key = key.collect::<Vec<_>>().into_iter();
    let column = |column| if is_key(column) { key.next().unwrap_or(column) } else { column };
    table.columns.iter().map(column).collect()
}

/// Whether one column stands in two indexes that are written on the struct.
fn repeats_a_column(table: &Table) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    let parts = |index: &Index| -> Vec<String> {
        let column = |part: &crate::model::IndexPart| match &part.on {
            IndexOn::Column(name) | IndexOn::Expression(name) => name.clone(),
        };
        index.parts.iter().map(column).chain(index.include.iter().cloned()).collect()
    };
    table.indexes.iter().filter(|index| on_struct(index)).flat_map(parts).any(|name| !seen.insert(name))
}

fn of_table(schema: &Schema, table: &Table, names: &Names) -> Vec<Argument> {
    let mut all = vec![Argument::text("table", &table.name)];
    all.extend(table.schema.as_deref().map(|schema| Argument::text("schema", schema)));
    if !table.renamed.is_empty() {
        all.push(earlier(&table.renamed));
    }
    all.extend(table.sync_method.map(|method| {
        let method = match method {
            SyncMethod::Recreate => "recreate",
            SyncMethod::Drop => "drop",
        };
        Argument::Verbatim(format!("sync_method = {method}"))
    }));
    all.extend(database_options(table.options.options()));
    for index in table.indexes.iter().filter(|index| on_struct(index)) {
        all.push(table_index(table, index, names));
    }
    for (at, key) in table.foreign_keys.iter().enumerate().filter(|(at, _)| on_field(table, *at).is_none()) {
        debug_assert!(at < table.foreign_keys.len());
        let fields = |schema: Option<&str>, table: &str, columns: &[String]| {
            columns.iter().map(|column| names.field(schema, table, column)).collect::<Vec<_>>().join(", ")
        };
        let own = fields(table.schema.as_deref(), &table.name, &key.columns);
        let (target_schema, target) = target(schema, key);
        let other = fields(target_schema, target, &key.target_columns);
        let target = names.table(target_schema, target);
        all.push(Argument::Verbatim(format!("fk(columns({own}) => {target}({other}){})", actions(key))));
    }
    for check in &table.checks {
        all.push(Argument::List("check", vec![Argument::text("name", &check.name), Argument::text("sql", &check.sql)]));
    }
    all
}

pub(super) fn earlier(names: &[String]) -> Argument {
    Argument::List("renamed", names.iter().map(|name| Argument::Word(literal::text(name))).collect())
}

/// What is said about single databases.
fn database_options<'a>(all: impl Iterator<Item = DatabaseOptions<'a>>) -> impl Iterator<Item = Argument> {
    all.map(|DatabaseOptions { database, options }| {
        let number = |(name, value): (&'static str, u64)| Argument::Value(name, value.to_string());
        let options = options.into_iter().map(|(name, value)| match value {
            OptionValue::Flag => Argument::word(name),
            OptionValue::Type(text) | OptionValue::Sql(text) | OptionValue::Word(text) | OptionValue::Text(text) => {
                Argument::text(name, text)
            }
            OptionValue::Number(value) => number((name, value)),
            OptionValue::Numbers(values) => Argument::List(name, values.into_iter().map(number).collect()),
        });
        Argument::List(database, options.collect())
    })
}

/// The column that an index is over, where it is over one and nothing else.
fn only_column(index: &Index) -> Option<&str> {
    match index.parts.as_slice() {
        [part] => match &part.on {
            IndexOn::Column(name) => Some(name),
            IndexOn::Expression(_) => None,
        },
        _ => None,
    }
}

fn has_weights(index: &Index) -> bool {
    index.parts.iter().any(|part| part.weight.is_some())
}

/// Whether it is written on the struct: what is over one column, or has weights, is written on the fields.
fn on_struct(index: &Index) -> bool {
    let plain = index.predicate.is_none() && index.include.is_empty() && only_column(index).is_some();
    !plain && !has_weights(index) && !matches!(index.kind, IndexKind::Vector(_))
}

fn kind(index: &Index) -> Option<Argument> {
    match index.kind {
        IndexKind::Unique => Some(Argument::word("unique")),
        IndexKind::Fulltext => Some(Argument::word("fulltext")),
        IndexKind::Geo => Some(Argument::word("geo")),
        IndexKind::Plain | IndexKind::Vector(_) => None,
    }
}

fn nulls(index: &Index) -> Option<Argument> {
    index.nulls_not_distinct.then(|| Argument::word("nulls_not_distinct"))
}

fn language(index: &Index) -> Option<Argument> {
    index.language.as_deref().map(|language| Argument::text("language", language))
}

/// The name, where it is not the one that it would get.
fn name(index: &Index) -> Option<Argument> {
    let columns: Option<Vec<&str>> = (index.parts.iter())
        .map(|part| match &part.on {
            IndexOn::Column(name) => Some(name.as_str()),
            IndexOn::Expression(_) => None,
        })
        .collect();
    let by_default = columns.is_some_and(|columns| columns.join("_") == index.name);
    (!by_default).then(|| Argument::text("name", &index.name))
}

fn table_index(table: &Table, index: &Index, names: &Names) -> Argument {
    let part = |part: &crate::model::IndexPart| {
        let on = match &part.on {
            IndexOn::Column(column) => names.field_of(table, column).to_owned(),
            IndexOn::Expression(sql) => format!("{sql:?}"),
        };
        match part.order {
            SortOrder::Asc => Argument::Word(on),
            SortOrder::Desc => Argument::Verbatim(format!("{on} desc")),
        }
    };
    let mut said = vec![Argument::List("columns", index.parts.iter().map(part).collect())];
    said.extend(kind(index));
    said.extend(nulls(index));
    said.extend(name(index));
    said.extend(language(index));
    said.extend(index.predicate.as_deref().map(|sql| Argument::text("where", sql)));
    if !index.include.is_empty() {
        let include = index.include.iter().map(|column| Argument::word(names.field_of(table, column))).collect();
        said.push(Argument::List("include", include));
    }
    Argument::List("index", said)
}

/// The column on whose field the key at that place is written: its only one, the first time.
fn on_field(table: &Table, at: usize) -> Option<&str> {
    let single = |key: &'_ ForeignKey| key.columns.len() == 1;
    let key = table.foreign_keys.get(at).filter(|key| single(key))?;
    let name = key.columns.first()?;
    let before = &table.foreign_keys[..at];
    let generated = table.columns.iter().any(|column| column.name == *name && column.generated.is_some());
    let first = !before.iter().any(|other| single(other) && other.columns == key.columns);
    (first && !generated).then_some(name)
}

/// The namespace that the target is in, in the model's words.
fn target<'a>(schema: &'a Schema, key: &'a ForeignKey) -> (Option<&'a str>, &'a str) {
    let found = schema.tables.iter().find(|table| table.name == key.target && table.schema == key.target_schema);
    found.map_or((key.target_schema.as_deref(), key.target.as_str()), |table| {
        (table.schema.as_deref(), table.name.as_str())
    })
}

fn actions(key: &ForeignKey) -> String {
    let mut out = String::new();
    for (name, action) in [("on_delete", key.on_delete), ("on_update", key.on_update)] {
        let word = match action {
            ReferentialAction::NoAction => continue,
            ReferentialAction::Restrict => "restrict",
            ReferentialAction::Cascade => "cascade",
            ReferentialAction::SetNull => "set_null",
            ReferentialAction::SetDefault => "set_default",
        };
        let _ = write!(out, ", {name} = {word}");
    }
    out
}

fn of_column(schema: &Schema, table: &Table, column: &Column, names: &Names) -> Vec<Argument> {
    let mut all = Vec::new();
    if table.primary_key.contains(&column.name) {
        all.push(Argument::word("id"));
    }
    if !names::says(names.field_of(table, &column.name), &column.name) {
        all.push(Argument::text("column", &column.name));
    }
    if !column.renamed.is_empty() {
        all.push(earlier(&column.renamed));
    }
    all.extend(column.default.as_ref().map(default));
    all.extend(column.generated.as_ref().map(|generated| {
        let stored = generated.stored.then(|| Argument::word("stored"));
        Argument::List("generated", std::iter::once(Argument::text("sql", &generated.sql)).chain(stored).collect())
    }));
    all.extend(storage(column));
    for index in table.indexes.iter().filter(|index| !on_struct(index)) {
        all.extend(column_index(column, index));
    }
    for (at, key) in table.foreign_keys.iter().enumerate() {
        if on_field(table, at) == Some(column.name.as_str()) {
            let (target_schema, target) = target(schema, key);
            let field = key.target_columns.first().map_or("unknown", |name| names.field(target_schema, target, name));
            let target = names.table(target_schema, target);
            all.push(Argument::Verbatim(format!("fk = {target}::{field}{}", actions(key))));
        }
    }
    all
}

fn default(default: &DefaultValue) -> Argument {
    let literal = |text: String| {
        if text.starts_with('-') {
            Argument::Verbatim(format!("default = {text}"))
        } else {
            Argument::Value("default", text)
        }
    };
    match default {
        DefaultValue::Bool(value) => literal(value.to_string()),
        DefaultValue::Int(value) => literal(value.to_string()),
        DefaultValue::Float(value) => literal(format!("{value:?}")),
        DefaultValue::Text(value) => literal(literal::text(value)),
        DefaultValue::Increment(counter) => Argument::List("default", vec![increment(counter)]),
        DefaultValue::Uuid => Argument::List("default", vec![Argument::word("uuid")]),
        DefaultValue::Now => Argument::List("default", vec![Argument::word("now")]),
        DefaultValue::Sql(sql) => Argument::List("default", vec![Argument::text("sql", sql)]),
    }
}

/// `increment`, `increment = 1000`, `increment(serial, step = 5)`
fn increment(increment: &Increment) -> Argument {
    let number = |name: &'static str, value: i64| {
        if value < 0 {
            Argument::Verbatim(format!("{name} = {value}"))
        } else {
            Argument::Value(name, value.to_string())
        }
    };
    match increment.start {
        1 if increment.is_plain() => return Argument::word("increment"),
        start if increment.is_plain() => return number("increment", start),
        _ => {}
    }
    let mut said = Vec::new();
    match increment.form {
        IncrementForm::ByDefault => {}
        IncrementForm::Always => said.push(Argument::word("always")),
        IncrementForm::Serial => said.push(Argument::word("serial")),
    }
    said.extend((increment.start != 1).then(|| number("start", increment.start)));
    let Increment { step, min, max, cache, cycle, .. } = *increment;
    let numbers = [("step", step), ("min", min), ("max", max), ("cache", cache)];
    said.extend(numbers.into_iter().filter_map(|(name, value)| Some(number(name, value?))));
    said.extend(cycle.then(|| Argument::word("cycle")));
    Argument::List("increment", said)
}

/// How the column is stored: what its Rust type does not say.
fn storage(column: &Column) -> Vec<Argument> {
    use crate::model::DataType;
    let mut all = Vec::new();
    match &column.ty {
        _ if column.encrypted => all.push(Argument::word("encrypted")),
        DataType::Varchar(length) => all.push(Argument::Value("max_length", length.to_string())),
        DataType::Decimal(Some((precision, scale))) => {
            let numbers = [precision, scale].map(|number| Argument::Word(number.to_string()));
            all.push(Argument::List("precision", numbers.into()));
        }
        _ => {}
    }
    all.extend(column.collate.map(|collate| {
        let word = match collate {
            Collation::Binary => "binary",
            Collation::Nocase => "nocase",
            Collation::Unicode => "unicode",
        };
        Argument::Verbatim(format!("collate = {word}"))
    }));
    all.extend(database_options(column.native.options()));
    all
}

/// What the index says on that column's field.
fn column_index(column: &Column, index: &Index) -> Option<Argument> {
    let part = index.parts.iter().find(|part| matches!(&part.on, IndexOn::Column(name) if *name == column.name))?;
    if let IndexKind::Vector(parameters) = &index.kind {
        return Some(vector(index, parameters));
    }
    let named = index.parts.len() > 1 || name(index).is_some();
    let order = (part.order == SortOrder::Desc).then(|| Argument::Verbatim("order = desc".to_owned()));
    let mut said: Vec<Argument> = kind(index).into_iter().collect();
    said.extend(nulls(index));
    said.extend(named.then(|| Argument::text("name", &index.name)));
    said.extend(order);
    let is_first = index.parts.first().is_some_and(|first| first.on == part.on);
    said.extend(language(index).filter(|_| is_first));
    said.extend(part.weight.map(|weight| Argument::Value("weight", weight.to_string())));
    Some(match (&index.kind, said.len()) {
        (IndexKind::Plain, 0) => Argument::word("index"),
        (IndexKind::Unique, 1) => Argument::word("unique"),
        _ => Argument::List("index", said),
    })
}

fn vector(index: &Index, parameters: &VectorParameters) -> Argument {
    let mut said = vec![Argument::Word(parameters.dimensions.to_string())];
    let similarity = match parameters.similarity {
        Similarity::Cosine => None,
        Similarity::Euclidean => Some("euclidean"),
        Similarity::DotProduct => Some("dot_product"),
    };
    said.extend(similarity.map(|word| Argument::Verbatim(format!("similarity = {word}"))));
    said.extend(parameters.threshold.map(|threshold| Argument::Value("threshold", format!("{threshold:?}"))));
    said.extend(name(index));
    Argument::List("vector", said)
}
