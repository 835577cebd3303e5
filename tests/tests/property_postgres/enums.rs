//! What becomes of enum types and their labels, by the rules of names (T2, C4) and without schemasync.

use crate::mapping::sources;
use schemasync::model::{DataType, PostgresEnum};
use schemasync::{EntryKind, Report, Schema};
use schemasync_tests::Postgres;
use serde_json::Value;
use std::collections::BTreeMap;

/// The enum types of a database: as `format_type` words them, and their labels; by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Enums(BTreeMap<String, (String, Vec<String>)>);

impl Enums {
    pub(crate) async fn read(db: &Postgres) -> Self {
        let sql = "SELECT json_build_array(t.typname, format_type(t.oid, NULL), array_agg(e.enumlabel ORDER BY e.enumsortorder))::text
            FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid WHERE t.typnamespace = 'public'::regnamespace GROUP BY t.oid";
        let rows = db.texts(sql).await;
        let rows = rows.iter().map(|row| {
            let (name, ty, labels): (String, String, Vec<String>) = serde_json::from_str(row).expect("a type");
            (name, (ty, labels))
        });
        Self(rows.collect())
    }

    /// The names and the labels of a model's types.
    pub(crate) fn of(schema: &Schema) -> Vec<(String, Vec<String>)> {
        let types = wanted(schema).into_iter();
        types.map(|(name, (_, labels))| (name.to_owned(), labels.to_vec())).collect()
    }
}

/// What one type becomes.
#[derive(Debug)]
struct Fate {
    ty: String,
    labels: BTreeMap<String, String>,
}

/// The types that were there, as `format_type` words them, and what they become.
#[derive(Debug)]
pub(crate) struct Followed(BTreeMap<String, Fate>);

/// What the columns of a model say about enum types.
fn wanted(schema: &Schema) -> BTreeMap<&str, (&PostgresEnum, &[String])> {
    let mut found = BTreeMap::new();
    for column in schema.tables.iter().flat_map(|table| &table.columns).filter(|column| !column.encrypted) {
        let ty = if let DataType::Array(of) = &column.ty { of } else { &column.ty };
        if let DataType::Enum { postgres: Some(native), variants, .. } = ty {
            found.insert(native.ty.as_str(), (&**native, variants.as_slice()));
        }
    }
    found
}

impl Followed {
    pub(crate) fn new(schema: &Schema, before: &Enums, after: &Enums, report: &Report) -> Self {
        let wanted = wanted(schema);
        let names: Vec<(&str, &[String])> =
            wanted.iter().map(|(name, (native, _))| (*name, native.renamed.as_slice())).collect();
        let live: Vec<&str> = before.0.keys().map(String::as_str).collect();
        let sources_of_types = sources(&names, &live, str::to_owned);
        let mut fates: BTreeMap<String, Fate> = BTreeMap::new();
        for (ty, labels) in before.0.values() {
            let same = labels.iter().map(|label| (label.clone(), label.clone())).collect();
            fates.insert(ty.clone(), Fate { ty: ty.clone(), labels: same });
        }
        for ((name, (native, variants)), source) in wanted.iter().zip(sources_of_types) {
            let Some((old, labels)) = source.and_then(|source| before.0.get(&source)) else { continue };
            let failed = report
                .entries
                .iter()
                .any(|entry| entry.object.kind == EntryKind::Type && entry.name() == *name && !entry.errors.is_empty());
            if failed {
                continue;
            }
            let items: Vec<(&str, &[String])> = variants
                .iter()
                .map(|label| (label.as_str(), native.renamed_labels.get(label).map_or(&[][..], Vec::as_slice)))
                .collect();
            let live: Vec<&str> = labels.iter().map(String::as_str).collect();
            let Some(fate) = fates.get_mut(old) else { continue };
            for (label, source) in variants.iter().zip(sources(&items, &live, str::to_owned)) {
                if let Some(source) = source {
                    fate.labels.insert(source, label.clone());
                }
            }
            if let Some((ty, _)) = after.0.get(*name) {
                fate.ty.clone_from(ty);
            }
        }
        Self(fates)
    }

    fn fate(&self, ty: &str) -> Option<&Fate> {
        self.0.get(ty.trim_end_matches("[]"))
    }

    /// What the type of a column is called once the run is done.
    pub(crate) fn name(&self, ty: &str) -> String {
        self.fate(ty).map_or_else(|| ty.to_owned(), |fate| ty.replace(ty.trim_end_matches("[]"), &fate.ty))
    }

    /// Whether the columns of that type look otherwise once the run is done.
    pub(crate) fn changes(&self, ty: &str) -> bool {
        self.fate(ty)
            .is_some_and(|fate| fate.ty != ty.trim_end_matches("[]") || fate.labels.iter().any(|(a, b)| a != b))
    }

    /// Whether its values are texts, whichever.
    pub(crate) fn is_text(&self, ty: &str) -> bool {
        ty == "text" || self.0.contains_key(ty) || self.0.values().any(|fate| fate.ty == ty)
    }

    /// What a value of a column of that type becomes.
    pub(crate) fn value(&self, ty: &str, value: Value) -> Value {
        let Some(fate) = self.fate(ty) else { return value };
        match value {
            Value::String(label) => Value::String(fate.labels.get(&label).cloned().unwrap_or(label)),
            Value::Array(items) => Value::Array(items.into_iter().map(|item| self.value(ty, item)).collect()),
            other => other,
        }
    }
}
