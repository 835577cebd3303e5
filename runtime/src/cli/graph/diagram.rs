//! What is drawn: tables, views, relations, and what a plan does to them.

use crate::model::{Column, DataType, IndexKind, IndexOn, Schema, Table, View};
use crate::plan::{Entry, EntryKind, EntryStatus, Plan};
use std::collections::{BTreeMap, BTreeSet};

/// What a plan does to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Create,
    Alter,
    Drop,
    Error,
}

impl Mark {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Alter => "alter",
            Self::Drop => "drop",
            Self::Error => "error",
        }
    }
}

/// A table or a view.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) view: bool,
    pub(super) rows: Vec<Row>,
    pub(super) mark: Option<Mark>,
    /// What a reader may want to know: the comment, what the plan does.
    pub(super) notes: Vec<String>,
}

/// A column.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) ty: String,
    pub(super) key: bool,
    pub(super) foreign: bool,
    pub(super) unique: bool,
    pub(super) nullable: bool,
    pub(super) mark: Option<Mark>,
}

/// A foreign key, or what a view reads.
#[derive(Debug, Clone)]
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) to: usize,
    /// The first column of each side, by place.
    pub(super) from_row: Option<usize>,
    pub(super) to_row: Option<usize>,
    pub(super) label: String,
    /// The reference may be NULL.
    pub(super) optional: bool,
    /// At most one row refers to each.
    pub(super) one: bool,
    pub(super) reads: bool,
    pub(super) mark: Option<Mark>,
}

/// All of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Diagram {
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
    pub(super) planned: bool,
}

fn full(schema: Option<&str>, name: &str) -> String {
    schema.map_or_else(|| name.to_owned(), |schema| format!("{schema}.{name}"))
}

impl Diagram {
    pub(super) fn new(schema: &Schema, plan: Option<&Plan>) -> Self {
        let mut diagram = Self { planned: plan.is_some(), ..Self::default() };
        let entries: BTreeMap<String, &Entry> =
            plan.iter().flat_map(|plan| &plan.entries).map(|entry| (entry.name(), entry)).collect();
        let entry = |namespace: Option<&str>, name: &str| {
            entries.get(full(namespace, name).as_str()).or_else(|| entries.get(name)).copied()
        };
        let mut told = BTreeSet::new();
        for table in &schema.tables {
            let namespace = table.schema_name();
            let entry = entry(namespace, &table.name);
            told.extend(entry.map(Entry::name));
            diagram.nodes.push(of_table(full(namespace, &table.name), table, entry));
        }
        for view in &schema.views {
            let entry = entry(view.schema.as_deref(), &view.name);
            told.extend(entry.map(Entry::name));
            diagram.nodes.push(of_view(view, entry));
        }
        for gone in entries.values().filter(|entry| !told.contains(&entry.name())) {
            diagram.nodes.push(of_entry(gone));
        }
        foreign_keys(schema, &entries, &mut diagram);
        reads(schema, &mut diagram);
        diagram
    }
}

fn of_table(name: String, table: &Table, entry: Option<&Entry>) -> Node {
    let unique: BTreeSet<&str> = table
        .indexes
        .iter()
        .filter(|index| index.kind == IndexKind::Unique && index.predicate.is_none() && index.parts.len() == 1)
        .filter_map(|index| match &index.parts.first()?.on {
            IndexOn::Column(name) => Some(name.as_str()),
            IndexOn::Expression(_) => None,
        })
        .collect();
    let row = |column: &Column| Row {
        name: column.name.clone(),
        ty: type_word(column),
        key: table.primary_key.contains(&column.name),
        foreign: table.foreign_keys.iter().any(|key| key.columns.contains(&column.name)),
        unique: unique.contains(column.name.as_str()),
        nullable: column.nullable,
        mark: entry.and_then(|entry| column_mark(entry, &column.name)),
    };
    let mut rows: Vec<Row> = table.columns.iter().map(row).collect();
    rows.extend(entry.into_iter().flat_map(|entry| &entry.columns_dropped).map(|name| Row {
        name: name.clone(),
        mark: Some(Mark::Drop),
        ..Row::default()
    }));
    let mut notes: Vec<String> = table.comment.iter().cloned().collect();
    notes.extend(entry.map(changes).unwrap_or_default());
    Node { name, view: false, rows, mark: entry.and_then(mark), notes }
}

fn of_view(view: &View, entry: Option<&Entry>) -> Node {
    let ty = |at: usize| view.types.get(at).and_then(Option::as_ref).map(data_type).unwrap_or_default();
    let row = |(at, name): (usize, &str)| Row { name: name.to_owned(), ty: ty(at), nullable: true, ..Row::default() };
    let kind = if view.materialized { "materialized view" } else { "view" };
    let mut notes = vec![kind.to_owned()];
    notes.extend(view.sql.clone());
    notes.extend(entry.map(changes).unwrap_or_default());
    Node {
        name: full(view.schema.as_deref(), &view.name),
        view: true,
        rows: view.column_names().into_iter().enumerate().map(row).collect(),
        mark: entry.and_then(mark),
        notes,
    }
}

/// What the model does not have: it is dropped.
fn of_entry(entry: &Entry) -> Node {
    let dropped =
        entry.columns_dropped.iter().map(|name| Row { name: name.clone(), mark: Some(Mark::Drop), ..Row::default() });
    Node {
        name: entry.name(),
        view: entry.object.kind != EntryKind::Table,
        rows: dropped.collect(),
        mark: mark(entry),
        notes: changes(entry),
    }
}

fn mark(entry: &Entry) -> Option<Mark> {
    match entry.status {
        _ if !entry.errors.is_empty() => Some(Mark::Error),
        EntryStatus::Create => Some(Mark::Create),
        EntryStatus::Alter => Some(Mark::Alter),
        EntryStatus::Drop => Some(Mark::Drop),
        EntryStatus::Error => Some(Mark::Error),
        EntryStatus::InSync => None,
    }
}

fn column_mark(entry: &Entry, name: &String) -> Option<Mark> {
    let renamed = entry.columns_renamed.iter().any(|renamed| renamed.to == *name);
    let altered = entry.columns_altered.iter().any(|altered| altered.column == *name);
    match () {
        () if entry.status == EntryStatus::Create => None,
        () if entry.columns_added.contains(name) => Some(Mark::Create),
        () if renamed || altered => Some(Mark::Alter),
        () => None,
    }
}

/// The entry in words, one line each.
fn changes(entry: &Entry) -> Vec<String> {
    let mut lines = Vec::new();
    let mut each = |sign: &str, what: &str, names: &[String]| {
        lines.extend(names.iter().map(|name| format!("{sign} {what}{name}")));
    };
    each("+", "column ", &entry.columns_added);
    each("+", "index ", &entry.indexes_created);
    each("+", "foreign key ", &entry.foreign_keys_added);
    each("-", "column ", &entry.columns_dropped);
    each("-", "index ", &entry.indexes_dropped);
    each("-", "foreign key ", &entry.foreign_keys_dropped);
    lines.extend(entry.other_changes.iter().map(|change| format!("~ {change}")));
    lines.extend(entry.renamed_from.iter().map(|from| format!("~ was {from}")));
    lines.extend(entry.columns_renamed.iter().map(|renamed| format!("~ column {} → {}", renamed.from, renamed.to)));
    lines.extend(entry.columns_altered.iter().map(|a| format!("~ column {}: {} → {}", a.column, a.from, a.to)));
    if entry.recreated {
        lines.push("~ rebuilt".to_owned());
    }
    lines.extend(entry.rows_lost.map(|rows| format!("! {rows} rows are lost")));
    lines.extend(entry.values_lost.iter().map(|lost| format!("! {} values of {} are lost", lost.rows, lost.column)));
    lines.extend(entry.withheld.iter().map(|withheld| format!("not done: {} ({})", withheld.what, withheld.why)));
    lines.extend(entry.warnings.iter().map(|warning| format!("! {warning}")));
    lines.extend(entry.errors.iter().map(|error| format!("✗ {error}")));
    lines
}

fn foreign_keys(schema: &Schema, entries: &BTreeMap<String, &Entry>, diagram: &mut Diagram) {
    let places: BTreeMap<(Option<&str>, &str), usize> = (schema.tables.iter().enumerate())
        .map(|(at, table)| ((table.schema.as_deref(), table.name.as_str()), at))
        .collect();
    let row = |table: &Table, name: Option<&String>| table.columns.iter().position(|column| Some(&column.name) == name);
    for (from, table) in schema.tables.iter().enumerate() {
        for key in &table.foreign_keys {
            let Some(&to) = places.get(&(key.target_schema.as_deref(), key.target.as_str())) else { continue };
            let is =
                |names: &[&String]| names.len() == key.columns.len() && names.iter().all(|n| key.columns.contains(n));
            let unique = |index: &&crate::model::Index| index.kind == IndexKind::Unique && index.predicate.is_none();
            let one = is(&table.primary_key.iter().collect::<Vec<_>>())
                || table.indexes.iter().filter(unique).any(|index| {
                    let names = index.parts.iter().map(|part| match &part.on {
                        IndexOn::Column(name) => Some(name),
                        IndexOn::Expression(_) => None,
                    });
                    names.collect::<Option<Vec<_>>>().is_some_and(|names| is(&names))
                });
            let optional = table.columns.iter().any(|column| key.columns.contains(&column.name) && column.nullable);
            let added = format!("({})", key.columns.join(", "));
            let entry = entries.get(diagram.nodes[from].name.as_str());
            let new = entry.is_some_and(|entry| {
                entry.status == EntryStatus::Create
                    || entry.foreign_keys_added.iter().any(|text| text.starts_with(&added))
            });
            diagram.edges.push(Edge {
                from,
                to,
                from_row: row(table, key.columns.first()),
                to_row: row(&schema.tables[to], key.target_columns.first()),
                label: format!("{} → {}", key.columns.join(", "), key.target_columns.join(", ")),
                optional,
                one,
                reads: false,
                mark: new.then_some(Mark::Create),
            });
        }
    }
}

/// What the text of a view names.
fn reads(schema: &Schema, diagram: &mut Diagram) {
    let tables = schema.tables.len();
    let known: BTreeMap<String, usize> = (diagram.nodes.iter().take(tables + schema.views.len()).enumerate())
        .map(|(at, node)| (node.name.rsplit('.').next().unwrap_or_default().to_lowercase(), at))
        .collect();
    for (at, view) in schema.views.iter().enumerate() {
        let sql = view.sql.as_deref().unwrap_or_default().to_lowercase();
        let words: BTreeSet<&str> = sql.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let sources: BTreeSet<String> =
            view.query.iter().flat_map(crate::model::Query::sources).map(|source| source.name.to_lowercase()).collect();
        for (name, &to) in &known {
            let named = words.contains(name.as_str()) || name.contains(' ') && sql.contains(name.as_str());
            if (named || sources.contains(name)) && to != tables + at {
                diagram.edges.push(Edge {
                    from: tables + at,
                    to,
                    from_row: None,
                    to_row: None,
                    label: "reads".to_owned(),
                    optional: false,
                    one: false,
                    reads: true,
                    mark: None,
                });
            }
        }
    }
}

fn type_word(column: &Column) -> String {
    column.native.any_type().map_or_else(|| data_type(&column.ty), str::to_owned)
}

/// As the schema document says it.
fn data_type(ty: &DataType) -> String {
    match ty {
        DataType::Varchar(length) => format!("varchar({length})"),
        DataType::Decimal(Some((precision, scale))) => format!("decimal({precision},{scale})"),
        DataType::Decimal(None) => "decimal".to_owned(),
        DataType::Array(element) => format!("{}[]", data_type(element)),
        DataType::Enum { name, .. } => name.clone(),
        DataType::Vector(dimensions) => format!("vector({dimensions})"),
        ty => serde_json::to_value(ty).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default(),
    }
}
