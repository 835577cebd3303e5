//! Catalog → model.

use super::dialect;
use crate::catalog::{self, Catalog, IdentifierLimit, Name, index_name};
use crate::descriptor::{Collation, ReferentialAction, SortOrder};
use crate::dialect::{Dialect, Raised};
use crate::model::*;

fn column(name: &str, ty: &str) -> catalog::Column {
    catalog::Column { name: name.into(), ty: ty.into(), ..catalog::Column::default() }
}

fn table(name: &str, columns: Vec<catalog::Column>) -> catalog::Table {
    catalog::Table { name: Name::new(name), columns, ..catalog::Table::default() }
}

fn index(name: &str, kind: IndexKind, on: &str) -> catalog::Index {
    catalog::Index {
        name: name.into(),
        kind,
        parts: vec![catalog::IndexPart {
            on: catalog::IndexOn::Column(on.into()),
            order: SortOrder::Desc,
            collate: None,
            extra: None,
        }],
        ..catalog::Index::default()
    }
}

fn read(tables: Vec<catalog::Table>) -> (Schema, Vec<String>) {
    let tables = tables.into_iter().map(|table| (table.name.clone(), table)).collect();
    let Raised { schema, notes } = dialect().raise(&Catalog { tables, ..Catalog::default() });
    (schema, notes)
}

#[test]
fn types_are_logical_where_lowering_gives_them_back_and_native_elsewhere() {
    let (schema, notes) = read(vec![table(
        "t",
        ["INTEGER", "TEXT", "REAL", "BLOB", "BOOLEAN", "DATE", "TIME", "DATETIME", "VARCHAR(20)", "DECIMAL(10,2)", ""]
            .iter()
            .enumerate()
            .map(|(at, ty)| column(&format!("c{at}"), ty))
            .collect(),
    )]);
    assert_eq!(notes, Vec::<String>::new());
    let types: Vec<_> =
        schema.tables[0].columns.iter().map(|c| (c.ty.clone(), c.native.sqlite.ty.as_deref())).collect();
    assert_eq!(
        types,
        [
            (DataType::Int64, None),
            (DataType::Text, None),
            (DataType::Float64, None),
            (DataType::Bytes, None),
            (DataType::Bool, None),
            (DataType::Date, None),
            (DataType::Time, None),
            (DataType::DateTime, None),
            (DataType::Varchar(20), None),
            (DataType::Float64, Some("DECIMAL(10,2)")),
            (DataType::Bytes, None),
        ]
    );
}

#[test]
fn defaults_are_literals_where_they_are_plain() {
    let with = |ty: &str, default: &str| {
        let column = catalog::Column { default: Some(default.into()), ..column("a", ty) };
        read(vec![table("t", vec![column])]).0.tables[0].columns[0].default.clone().unwrap()
    };
    assert_eq!(with("INTEGER", "-3"), DefaultValue::Int(-3));
    assert_eq!(with("REAL", "1.5"), DefaultValue::Float(1.5));
    assert_eq!(with("REAL", "1.50"), DefaultValue::Sql("1.50".into()));
    assert_eq!(with("REAL", "nan"), DefaultValue::Sql("nan".into()));
    assert_eq!(with("BOOLEAN", "1"), DefaultValue::Bool(true));
    assert_eq!(with("TEXT", "'it''s'"), DefaultValue::Text("it's".into()));
    assert_eq!(with("TEXT", "'a' || 'b'"), DefaultValue::Sql("'a' || 'b'".into()));
    // What is not one expression is not said: a model cannot hold it.
    let odd = catalog::Column { default: Some("'".into()), ..column("a", "TEXT") };
    assert!(read(vec![table("t", vec![odd])]).0.tables.is_empty());
    assert_eq!(with("DATETIME", "CURRENT_TIMESTAMP"), DefaultValue::Now);
    assert_eq!(with("TEXT", "CURRENT_TIMESTAMP"), DefaultValue::Sql("CURRENT_TIMESTAMP".into()));
    assert_eq!(with("TEXT", "0"), DefaultValue::Sql("0".into()));
    assert_eq!(with("VARCHAR(2)", "'free'"), DefaultValue::Sql("'free'".into()));
}

#[test]
fn indexes_checks_and_keys_come_back_as_the_model_names_them() {
    let mut id = column("id", "INTEGER");
    id.identity = Some(catalog::Identity { start: 1, ..catalog::Identity::default() });
    let mut name = column("name", "TEXT");
    name.collate = Some("NOCASE".into());
    let mut live = table("t", vec![id, name, catalog::Column { nullable: true, ..column("up", "INTEGER") }]);
    live.primary_key = Some(catalog::PrimaryKey { columns: vec!["id".into()], ..catalog::PrimaryKey::default() });
    let long = "x".repeat(1200);
    live.indexes = vec![
        index("schemasync__unique__t__mine", IndexKind::Unique, "name"),
        index("by_hand", IndexKind::Plain, "name"),
        catalog::Index { constraint: true, ..index("sqlite_autoindex_t_1", IndexKind::Unique, "up") },
        index(&index_name(&IndexKind::Plain, "t", &long, IdentifierLimit::Bytes(1000)), IndexKind::Plain, &long),
    ];
    live.columns.push(column(&long, "TEXT"));
    live.checks = vec![
        catalog::Check { name: Some("schemasync__check__k".into()), sql: "id > 0".into(), ..catalog::Check::default() },
        catalog::Check { sql: "id > 1".into(), ..catalog::Check::default() },
    ];
    let key = |target: &str| catalog::ForeignKey {
        columns: vec!["up".into()],
        target: Name::new(target),
        target_columns: vec!["id".into()],
        on_delete: ReferentialAction::SetNull,
        ..catalog::ForeignKey::default()
    };
    live.foreign_keys = vec![key("t"), key("gone")];
    live.options.insert("strict".into(), "on".into());
    let (schema, notes) = read(vec![live]);
    let table = &schema.tables[0];
    assert_eq!(table.columns[0].default, Some(DefaultValue::Increment(1.into())));
    assert_eq!(table.columns[1].collate, Some(Collation::Nocase));
    assert_eq!(table.primary_key, ["id"]);
    assert_eq!(
        table.indexes.iter().map(|index| index.name.as_str()).collect::<Vec<_>>(),
        ["mine", "by_hand", "up", &long]
    );
    assert_eq!(table.indexes[0].parts[0].order, SortOrder::Desc);
    assert_eq!(table.checks.iter().map(|check| check.name.len()).collect::<Vec<_>>(), [1, 8]);
    assert_eq!(table.foreign_keys.len(), 1);
    assert!(table.options.sqlite.strict);
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].contains("references gone, which is not in the schema"));
    schema.validate().unwrap();
}

#[test]
fn what_a_model_cannot_say_is_told() {
    let mut live = table("t", vec![catalog::Column { collate: Some("RTRIM".into()), ..column("a", "TEXT") }]);
    live.triggers.push(catalog::Trigger { name: "trg".into(), sql: "".into() });
    live.columns[0].extra.insert("not_null_conflict".into(), "IGNORE".into());
    let opaque = catalog::Table { opaque: Some("a virtual table".into()), ..table("v", vec![]) };
    let (schema, notes) = read(vec![live, opaque]);
    assert_eq!(schema.tables.len(), 1);
    assert_eq!(
        notes,
        [
            "t: the trigger trg is not part of a schema",
            "t.a: not_null_conflict = IGNORE is not part of a schema",
            "v: left out: a virtual table",
        ]
    );
}

#[test]
fn views_are_their_query() {
    let query = |sql: &str| {
        let view = catalog::View { name: Name::new("v"), sql: sql.into(), ..catalog::View::default() };
        let catalog = Catalog { views: [(Name::new("v"), view)].into(), ..Catalog::default() };
        dialect().raise(&catalog).schema.views.pop().and_then(|view| view.sql)
    };
    assert_eq!(query("SELECT 1").as_deref(), Some("SELECT 1"));
    assert_eq!(query("CREATE VIEW v AS\n SELECT 1;").as_deref(), Some("SELECT 1"));
    assert_eq!(
        query("create view if not exists \"as \"\"\".[v]/* as */as select 1 as x").as_deref(),
        Some("select 1 as x")
    );
    assert_eq!(query("CREATE VIEW v(a) AS SELECT 1"), None);
    assert_eq!(query("CREATE VIEW é'"), None);
}
