//! The schema document: a model as JSON, for tools, for other languages and for looking at (see docs/schema-document.md).

use super::{InvalidSchema, Schema, Table, View};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Version of the schema document.
pub const DOCUMENT_VERSION: u32 = 1;

/// Why a schema document cannot be read: where, and what was expected; several problems are a list.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct DocumentError(pub String);

/// As it is displayed.
impl fmt::Debug for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Tables and views as schemasync reads them: see docs/schema-document.md.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a schema document: an object with `schemasync`, `tables` and `views`")]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "json-schema", schemars(title = "schemasync schema document"))]
struct Document {
    /// The JSON Schema of this document, for editors.
    #[serde(default, rename = "$schema")]
    _schema: Option<String>,
    /// Version of the format: 1.
    #[serde(rename = "schemasync")]
    _version: u32,
    /// The tables.
    #[serde(default)]
    tables: Vec<Table>,
    /// The views.
    #[serde(default)]
    views: Vec<View>,
}

/// The part of a document that every version has.
#[derive(Deserialize)]
#[serde(expecting = "a schema document: an object with `schemasync`, `tables` and `views`")]
struct Header {
    #[serde(default)]
    schemasync: Option<serde_json::Value>,
}

/// A document as written.
#[derive(Serialize)]
struct Written<'a> {
    schemasync: u32,
    tables: &'a [Table],
    #[serde(skip_serializing_if = "<[View]>::is_empty")]
    views: &'a [View],
}

impl Schema {
    /// Reads a schema document and checks it as [`Schema::validate`] does; only that a document may be empty.
    ///
    /// The order of tables and views does not matter.
    ///
    /// # Errors
    /// [`DocumentError`], one line a problem: what is wrong with the JSON and at which line and column, that the version is newer than
    /// [`DOCUMENT_VERSION`], or how the model contradicts itself.
    pub fn from_json(text: &str) -> Result<Self, DocumentError> {
        let header: Header = serde_json::from_str(text).map_err(|error| unreadable(&error))?;
        check_version(header.schemasync.as_ref())?;
        let document: Document = serde_json::from_str(text).map_err(|error| unreadable(&error))?;
        let schema = Self::new(document.tables, document.views);
        let problems = schema.all_problems();
        match problems.as_slice() {
            [] => Ok(schema),
            [one] => Err(error(one.as_str())),
            all => Err(DocumentError(
                InvalidSchema::Problems(all.iter().map(|problem| one_line(problem)).collect()).to_string(),
            )),
        }
    }

    /// The schema document of this model, indented. [`Schema::from_json`] reads it back as it was.
    pub fn to_json(&self) -> String {
        let document = Written { schemasync: DOCUMENT_VERSION, tables: &self.tables, views: &self.views };
        // No map with other keys than texts and no failing impl is in these types, so there is nothing that could fail.
        serde_json::to_string_pretty(&document).unwrap_or_default()
    }
}

fn check_version(version: Option<&serde_json::Value>) -> Result<(), DocumentError> {
    let Some(version) = version else {
        return Err(error(format!(
            "this is not a schema document: it has no version; write \"schemasync\": {DOCUMENT_VERSION}"
        )));
    };
    match version.as_u64() {
        Some(found) if found == u64::from(DOCUMENT_VERSION) => Ok(()),
        Some(found) if found > u64::from(DOCUMENT_VERSION) => Err(error(format!(
            "the schema document has version {found}, and this schemasync reads up to {DOCUMENT_VERSION}: upgrade schemasync"
        ))),
        _ => Err(error(format!(
            "\"schemasync\" is the version of the schema document, {DOCUMENT_VERSION}, not {version}"
        ))),
    }
}

fn unreadable(source: &serde_json::Error) -> DocumentError {
    error(format!("the schema document cannot be read: {source}"))
}

fn error(text: impl AsRef<str>) -> DocumentError {
    DocumentError(one_line(text.as_ref()))
}

/// One line, whatever stands in the names.
fn one_line(text: &str) -> String {
    text.replace(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'), " ")
}

/// The JSON Schema of the schema document, as checked in as `runtime/schema-document.schema.json`.
#[cfg(feature = "json-schema")]
pub fn document_schema() -> String {
    let schema = schemars::schema_for!(Document);
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::descriptor::SortOrder;
    use crate::model::{Column, DataType, DefaultValue, IndexKind, IndexOn, IndexPart, VectorParameters};

    fn message(text: &str) -> String {
        match Schema::from_json(text) {
            Ok(schema) => panic!("{schema:?}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn short_forms_are_read_and_long_ones_written() {
        let schema = Schema::from_json(
            r#"{"$schema": "x", "schemasync": 1, "tables": [{
                "name": "t", "primary_key": "id",
                "columns": [
                    {"name": "id", "type": "int64"},
                    {"name": "a", "type": "decimal", "default": 1.5, "renamed": "b"},
                    {"name": "u", "type": "uint64", "default": 18446744073709551615},
                    {"name": "i", "type": "int64", "default": {"int": -9223372036854775808}},
                    {"name": "n", "type": "timestamp", "default": "now"},
                    {"name": "f", "type": "bool", "default": false},
                    {"name": "v", "type": {"vector": 3}, "default": null}
                ],
                "indexes": [
                    {"name": "x", "parts": ["a", {"column": "i", "order": "desc"}, {"expression": "lower(a)", "weight": 2}]},
                    {"name": "v", "kind": {"vector": {"dimensions": 3}}, "parts": ["v"], "filters": "f"}
                ],
                "foreign_keys": [{"columns": "i", "target": "t", "target_columns": "id"}]
            }]}"#,
        )
        .unwrap();
        let table = &schema.tables[0];
        assert_eq!(table.columns[1].ty, DataType::Decimal(None));
        assert_eq!(table.columns[1].renamed, ["b"]);
        let defaults: Vec<_> = table.columns.iter().map(|column| column.default.clone()).collect();
        assert_eq!(
            defaults,
            [
                None,
                Some(DefaultValue::Float(1.5)),
                Some(DefaultValue::Int(u64::MAX.into())),
                Some(DefaultValue::Int(i64::MIN.into())),
                Some(DefaultValue::Now),
                Some(DefaultValue::Bool(false)),
                None
            ]
        );
        assert_eq!(
            table.indexes[0].parts,
            [
                IndexPart::column("a"),
                IndexPart { order: SortOrder::Desc, ..IndexPart::column("i") },
                IndexPart { on: IndexOn::Expression("lower(a)".into()), order: SortOrder::Asc, weight: Some(2) }
            ]
        );
        assert!(matches!(&table.indexes[1].kind, IndexKind::Vector(VectorParameters { dimensions: 3, .. })));
        let written = schema.to_json();
        assert_eq!(Schema::from_json(&written), Ok(schema));
        assert!(written.contains("\"int\": 18446744073709551615"), "{written}");
    }

    #[test]
    fn the_order_of_tables_does_not_matter() {
        let table = |name: &str| Table {
            name: name.into(),
            columns: vec![Column::new("id", DataType::Uuid)],
            ..Table::default()
        };
        let schema = Schema { tables: vec![table("b"), table("a")], ..Schema::default() };
        assert_eq!(Schema::from_json(&schema.to_json()).unwrap().tables[0].name, "a");
    }

    #[test]
    fn errors_say_where_and_what_in_one_line() {
        assert_eq!(
            message("{\n  \"schemasync\": 1,\n  \"tables\": [{\"name\": \"t\"}]\n}"),
            "t has no columns: add a field that is one, or leave the table out"
        );
        assert!(message("{\"schemasync\": 1, \"table\": []}").contains("unknown field `table`, expected one of"));
        assert!(message("").contains("EOF"));
        assert!(message("3").contains("expected a schema document"));
        assert_eq!(message("{}"), "this is not a schema document: it has no version; write \"schemasync\": 1");
        assert_eq!(
            message("{\"schemasync\": 2, \"new\": 1}"),
            "the schema document has version 2, and this schemasync reads up to 1: upgrade schemasync"
        );
        assert!(message("{\"schemasync\": \"1\"}").ends_with("1, not \"1\""));
        let column = |column: &str| {
            message(&format!("{{\"schemasync\":1,\"tables\":[{{\"name\":\"t\",\"columns\":[{column}]}}]}}"))
        };
        assert!(
            column("{\"name\":\"a\",\"type\":\"strange\"}")
                .contains("unknown variant `strange`, expected one of `bool`")
        );
        assert!(column("{\"name\":\"a\",\"type\":\"text\",\"default\":\"free\"}").contains("{\"text\": …} for a text"));
        assert!(
            column("{\"name\":\"a\\nb\",\"type\":\"text\"},{\"name\":\"a\\nb\",\"type\":\"text\"}")
                .starts_with("t: two columns are named a b:")
        );
        assert!(message(&"[".repeat(1000)).contains("recursion limit"));
        let deep = format!("{{\"name\":\"a\",\"type\":{}\"text\"{}}}", "{\"array\":".repeat(1000), "}".repeat(1000));
        assert!(column(&deep).contains("recursion limit"));
        assert!(message(&"{\"array\":".repeat(1000)).contains("EOF"));
    }
}
