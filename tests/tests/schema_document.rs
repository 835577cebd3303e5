//! The schema document: what is written is read back, nothing makes it panic, and its JSON Schema is current.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use schemasync::descriptor::{
    Aggregate, Collation, Comparison, JoinKind, ReferentialAction, Similarity, SortOrder, SyncMethod,
};
use schemasync::dialect::postgres::Postgres;
use schemasync::dialect::sqlite::Sqlite;
use schemasync::dialect::{Dialect, Raised};
use schemasync::model::{
    Check, Column, ColumnRef, Condition, DataType, DefaultValue, ForeignKey, Generated, Index, IndexKind, IndexOn,
    IndexPart, Join, Operand, PostgresEnum, Query, QueryColumn, Source, Table, VectorParameters, View,
};
use schemasync::{Schema, catalog};

/// Any text but NUL, in quotes of any kind.
fn text() -> impl Strategy<Value = String> {
    "[^\0]{0,6}".prop_map(|text| text)
}

/// One expression around any text.
fn sql() -> impl Strategy<Value = String> {
    text().prop_map(|text| format!("x || '{}'", text.replace('\'', "''")))
}

fn data_type() -> impl Strategy<Value = DataType> {
    let leaf = prop_oneof![
        Just(DataType::Bool),
        Just(DataType::Int8),
        Just(DataType::Uint64),
        Just(DataType::Text),
        Just(DataType::Timestamp),
        Just(DataType::Decimal(None)),
        (1u32..40, 0u32..40).prop_map(|(a, b)| DataType::Decimal(Some((a.max(b), a.min(b))))),
        (1u32..).prop_map(DataType::Varchar),
        (1u32..).prop_map(DataType::Vector),
        (text(), vec(text(), 1..4), option::of(any::<u128>())).prop_map(|(name, variants, native)| {
            let variants: Vec<String> = variants.iter().enumerate().map(|(at, text)| format!("{at}{text}")).collect();
            let postgres = native.map(|number| {
                Box::new(PostgresEnum {
                    ty: format!("e{number}"),
                    schema: (number % 2 == 0).then(|| "types".to_owned()),
                    renamed: (0..number % 3).map(|at| format!("old{at}")).collect(),
                    renamed_labels: variants
                        .iter()
                        .take(1)
                        .map(|label| (label.clone(), vec!["old".to_owned()]))
                        .collect(),
                })
            });
            DataType::Enum { name, variants, postgres }
        }),
    ];
    leaf.prop_recursive(3, 4, 1, |inner| inner.prop_map(|inner| DataType::Array(Box::new(inner))))
}

fn default_value(ty: &DataType) -> BoxedStrategy<Option<DefaultValue>> {
    match ty {
        DataType::Enum { variants, .. } => {
            option::of(proptest::sample::select(variants.clone()).prop_map(DefaultValue::Text)).boxed()
        }
        DataType::Bool => option::of(any::<bool>().prop_map(DefaultValue::Bool)).boxed(),
        DataType::Int8 => option::of((-128_i128..=127).prop_map(DefaultValue::Int)).boxed(),
        DataType::Uint64 => {
            option::of(prop_oneof![0..=i128::from(u64::MAX), Just(u64::MAX.into())].prop_map(DefaultValue::Int)).boxed()
        }
        DataType::Text => {
            option::of(prop_oneof![text().prop_map(DefaultValue::Text), Just(DefaultValue::Uuid)]).boxed()
        }
        DataType::Timestamp => option::of(Just(DefaultValue::Now)).boxed(),
        DataType::Decimal(_) => option::of(prop_oneof![
            any::<f64>().prop_filter("finite", |value| value.is_finite()).prop_map(DefaultValue::Float),
            any::<i64>().prop_map(|value| DefaultValue::Int(value.into())),
        ])
        .boxed(),
        _ => option::of(sql().prop_map(DefaultValue::Sql)).boxed(),
    }
}

fn column(name: String) -> impl Strategy<Value = Column> {
    data_type()
        .prop_flat_map(|ty| (default_value(&ty), Just(ty)))
        .prop_flat_map(|(default, ty)| {
            (Just(default), Just(ty), any::<(bool, bool)>(), option::of(sql()), option::of(text()))
        })
        .prop_map(move |(default, ty, (nullable, encrypted), sql, comment)| {
            let mut column = Column::new(name.clone(), ty);
            column.renamed = vec![format!("old {name}")];
            let encrypted = encrypted && default.is_none();
            column.nullable = nullable;
            column.encrypted = encrypted;
            column.collate = encrypted.then_some(Collation::Nocase);
            column.generated = default.is_none().then(|| sql.map(|sql| Generated { sql, stored: encrypted })).flatten();
            column.default = default;
            column.comment = comment;
            column.native.mysql.unsigned = nullable;
            column
        })
}

fn index(name: String, columns: usize) -> impl Strategy<Value = Index> {
    (0..columns, any::<(bool, bool)>(), option::of(any::<u32>()), option::of(sql()), 0..5u8).prop_map(
        move |(at, (desc, expression), weight, sql, kind)| {
            let on = match &sql {
                Some(sql) if expression => IndexOn::Expression(sql.clone()),
                _ => IndexOn::Column(format!("c{at}")),
            };
            Index {
                name: name.clone(),
                kind: match kind {
                    0 => IndexKind::Plain,
                    1 => IndexKind::Unique,
                    2 => IndexKind::Fulltext,
                    3 => IndexKind::Geo,
                    _ => IndexKind::Vector(VectorParameters {
                        dimensions: 3,
                        similarity: if desc { Similarity::Euclidean } else { Similarity::Cosine },
                        threshold: desc.then_some(0.1 + 0.2),
                    }),
                },
                nulls_not_distinct: kind == 1 && desc,
                language: (kind == 2 && desc).then(|| "english".to_owned()),
                parts: vec![IndexPart { on, order: if desc { SortOrder::Desc } else { SortOrder::Asc }, weight }],
                predicate: sql,
                include: if desc { vec![format!("c{at}")] } else { vec![] },
                filters: vec![],
            }
        },
    )
}

fn table(at: usize) -> impl Strategy<Value = Table> {
    (text(), 1usize..5).prop_flat_map(move |(name, columns)| {
        (
            (0..columns).map(|at| column(format!("c{at}"))).collect::<Vec<_>>(),
            (0..3).map(|at| index(format!("i{at}"), columns)).collect::<Vec<_>>(),
            (option::of(text()), option::of(sql()), any::<bool>(), 0..5u8),
            Just(name),
        )
            .prop_map(move |(mut columns, indexes, (comment, check, strict, action), name)| {
                let name = format!("t{at} {name}");
                let mut id = Column::new("id", DataType::Int64);
                id.default = strict.then_some(DefaultValue::Increment(7.into()));
                columns.push(id);
                columns.push(Column {
                    nullable: true,
                    default: Some(DefaultValue::Int(0)),
                    ..Column::new("p", DataType::Int64)
                });
                let mut table = Table { comment, columns, indexes, ..Table::default() };
                table.primary_key = vec!["id".into()];
                table.sync_method = strict.then_some(SyncMethod::Recreate);
                table.checks = check.map(|sql| Check { name: "k".into(), sql }).into_iter().collect();
                table.options.sqlite.strict = strict;
                table.options.mongodb.capped = strict.then_some((1 << 60, None));
                table.foreign_keys.push(ForeignKey {
                    columns: vec!["p".into()],
                    target_schema: None,
                    target: name.clone(),
                    target_columns: vec!["id".into()],
                    on_delete: [
                        ReferentialAction::NoAction,
                        ReferentialAction::Restrict,
                        ReferentialAction::Cascade,
                        ReferentialAction::SetNull,
                        ReferentialAction::SetDefault,
                    ][usize::from(action)],
                    on_update: ReferentialAction::NoAction,
                });
                table.name = name;
                table
            })
    })
}

fn operand() -> impl Strategy<Value = Operand> {
    prop_oneof![
        Just(Operand::Column(ColumnRef { source: "s".into(), column: "id".into(), ty: None })),
        any::<bool>().prop_map(Operand::Bool),
        (i128::from(i64::MIN)..=i128::from(u64::MAX)).prop_map(Operand::Int),
        any::<f64>().prop_filter("finite", |value| value.is_finite()).prop_map(Operand::Float),
        text().prop_map(Operand::Text),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    let leaf = prop_oneof![
        (operand(), operand()).prop_map(|(left, right)| Condition::Compare { left, op: Comparison::Ne, right }),
        operand().prop_map(Condition::IsNull),
        operand().prop_map(Condition::IsNotNull),
        operand().prop_map(Condition::Holds),
        (operand(), vec(operand(), 1..3)).prop_map(|(value, list)| Condition::In { value, list }),
        (operand(), text())
            .prop_map(|(value, pattern)| Condition::Like { value, pattern: pattern.replace('\\', "\\\\") }),
        (operand(), operand(), operand()).prop_map(|(value, low, high)| Condition::Between { value, low, high }),
    ];
    leaf.prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..3).prop_map(Condition::All),
            vec(inner.clone(), 1..3).prop_map(Condition::Any),
            inner.prop_map(|inner| Condition::Not(Box::new(inner))),
        ]
    })
}

/// A query over one table, joined to itself; its name is for the caller.
fn query() -> impl Strategy<Value = Query> {
    (condition(), condition(), any::<bool>(), vec(text(), 1..3)).prop_map(|(on, filter, having, names)| {
        let id = ColumnRef { source: "s".into(), column: "id".into(), ty: Some(DataType::Decimal(None)) };
        let plain = |(at, name): (usize, &String)| QueryColumn {
            name: format!("{at}{name}"),
            aggregate: None,
            column: Some(id.clone()),
            ty: None,
        };
        let mut columns: Vec<QueryColumn> = names.iter().enumerate().map(plain).collect();
        let (aggregate, ty) = (Some(Aggregate::Count), Some(DataType::Int64));
        columns.push(QueryColumn { name: "n".into(), aggregate, column: None, ty });
        let source = |alias: &str| Source { name: String::new(), schema: None, alias: Some(alias.into()) };
        Query {
            from: source("s"),
            joins: vec![Join { kind: JoinKind::Left, source: source("other"), on }],
            columns,
            filter: Some(filter),
            having: having.then(|| Condition::Holds(Operand::Own("n".into()))),
        }
    })
}

fn schema() -> impl Strategy<Value = Schema> {
    let view = (text(), option::of(sql().prop_map(|sql| format!("SELECT {sql}"))), vec(text(), 0..3));
    (0usize..4, option::of(view), option::of(query())).prop_flat_map(|(tables, view, query)| {
        (0..tables).map(table).collect::<Vec<_>>().prop_map(move |tables| {
            let built = tables.first().zip(query.clone()).map(|(table, mut query)| {
                query.from.name.clone_from(&table.name);
                query.joins[0].source.name.clone_from(&table.name);
                View { name: "built".into(), query: Some(query), ..View::default() }
            });
            let views = view.clone().map(|(name, sql, columns)| View {
                name: format!("v {name}"),
                schema: None,
                renamed: vec![],
                materialized: sql.is_some(),
                sql,
                columns: columns.iter().enumerate().map(|(at, name)| format!("{at}{name}")).collect(),
                ..View::default()
            });
            Schema::new(tables, views.into_iter().chain(built).collect())
        })
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(schema in schema()) {
        prop_assert_eq!(Schema::from_json(&schema.to_json()), Ok(schema));
    }

    #[test]
    fn the_derived_json_is_read_back_too(schema in schema()) {
        let json = serde_json::to_string(&schema).unwrap();
        prop_assert_eq!(serde_json::from_str::<Schema>(&json).unwrap(), schema);
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        drop(Schema::from_json(&text));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..200)) {
        drop(Schema::from_json(&String::from_utf8_lossy(&bytes)));
    }

    #[test]
    fn no_damage_makes_it_panic(schema in schema(), at in any::<prop::sample::Index>(), new in any::<char>()) {
        let mut text: Vec<char> = schema.to_json().chars().collect();
        let at = at.index(text.len());
        text[at] = new;
        if let Err(error) = Schema::from_json(&text.into_iter().collect::<String>()) {
            prop_assert!(error.to_string().lines().skip(1).all(|line| line.starts_with("  - ")), "{}", error);
        }
    }
}

proptest! {
    #[test]
    fn no_catalog_makes_it_panic(
        sql in "(?i)(create |view |as |--|/\\*|\\*/|'|\"|[a-z.(\\[\\]]|\\PC){0,12}",
        name in any::<String>(),
        managed in any::<bool>(),
    ) {
        let name = if managed { format!("schemasync__t__{name}") } else { name };
        let column = catalog::Column { name: name.clone(), ty: sql.clone(), default: Some(sql.clone().into()), ..catalog::Column::default() };
        let part = catalog::IndexPart {
            on: catalog::IndexOn::Expression(sql.clone().into()),
            order: SortOrder::Asc,
            collate: None,
            extra: None,
        };
        let table = catalog::Table {
            name: catalog::Name::new("t"),
            columns: vec![column],
            indexes: vec![catalog::Index { name: name.clone(), parts: vec![part], ..catalog::Index::default() }],
            checks: vec![catalog::Check { name: Some(name.clone()), sql: sql.clone().into(), ..catalog::Check::default() }],
            ..catalog::Table::default()
        };
        let view = catalog::View { name: catalog::Name::new("v"), sql: sql.into(), ..catalog::View::default() };
        let mut catalog = catalog::Catalog::default();
        catalog.tables.insert(table.name.clone(), table);
        catalog.views.insert(view.name.clone(), view);
        for dialect in [&Sqlite::new("3.51.3") as &dyn Dialect, &Postgres::new(170_004, "public")] {
            let Raised { schema, notes } = dialect.raise(&catalog);
            if notes.is_empty() {
                prop_assert_eq!(Schema::from_json(&schema.to_json()), Ok(schema));
            }
        }
    }
}

/// `SCHEMASYNC_UPDATE=1 cargo test -p schemasync-tests --test schema_document` writes it anew.
#[test]
fn the_json_schema_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime/schema-document.schema.json");
    let current = schemasync::model::document_schema();
    if std::env::var_os("SCHEMASYNC_UPDATE").is_some() {
        std::fs::write(path, &current).unwrap();
    }
    let checked_in = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        checked_in == current,
        "runtime/schema-document.schema.json is stale: run this test with SCHEMASYNC_UPDATE=1"
    );
}

/// The example of docs/schema-document.md is a valid document.
#[test]
fn the_example_of_the_documentation_is_read() {
    let page = include_str!("../../docs/schema-document.md");
    let example = page.split("```json").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let schema = Schema::from_json(example).unwrap();
    schema.validate().unwrap();
    assert!(!schema.tables.is_empty() && !schema.views.is_empty());
    assert_eq!(Schema::from_json(&schema.to_json()), Ok(schema));
}

/// Pieces of SQL, whole and broken.
fn pieces() -> impl Strategy<Value = String> {
    const PIECES: [&str; 26] = [
        "a", "1", "'", "''", "\"", "`", "[", "]", "(", ")", ";", ",", "--", "/*", "*/", "\n", "\r", "$$", "$t$", "E'",
        "\\", "#", " ", "é", "?", "SELECT ",
    ];
    vec(proptest::sample::select(&PIECES), 0..24).prop_map(|pieces| pieces.concat())
}

/// An expression whose quotes, comments and parentheses are closed, and that holds everything that would end it outside of them.
fn closed() -> impl Strategy<Value = String> {
    let text = "[ a-z;,()\\[\\]\"`#-]{0,8}".prop_map(|text| format!("'{}'", text.replace("--", "- -")));
    let name = "[ a-z;,()'#-]{1,8}".prop_map(|name| format!("\"{name}\""));
    let comment = "[ a-z;,()'\"#-]{0,8}".prop_map(|text| format!("/*{text}*/ 1"));
    let leaf = prop_oneof!["[a-z]{1,4}", "[0-9]{1,3}", text, name, comment];
    leaf.prop_recursive(4, 24, 3, |inner| {
        vec(inner, 1..4).prop_map(|parts| format!("f({}) || (1) -- ; )\n", parts.join(", ")))
    })
}

proptest! {
    #[test]
    fn no_text_makes_reading_sql_fail(sql in pieces()) {
        let view = View { name: "v".to_owned(), sql: Some(sql.clone()), ..View::default() };
        let mut table = Table { name: "t".to_owned(), columns: vec![Column::new("a", DataType::Text)], ..Table::default() };
        table.checks.push(Check { name: "c".to_owned(), sql: sql.clone() });
        let told = Schema::new(vec![table], vec![view]).validate().map_err(|error| error.to_string());
        // A `;` that no quote or comment of any database can reach.
        if !sql.contains(['\'', '"', '`', '[', '$', '/', '-', '#']) && sql.contains(';') {
            prop_assert!(told.is_err_and(|told| told.contains("not one SQL expression")));
        }
    }

    #[test]
    fn what_is_closed_is_one_expression(sql in closed()) {
        let mut table = Table { name: "t".to_owned(), columns: vec![Column::new("a", DataType::Text)], ..Table::default() };
        table.checks.push(Check { name: "c".to_owned(), sql: sql.clone() });
        let view = View { name: "v".to_owned(), sql: Some(format!("SELECT {sql} AS a; -- done")), ..View::default() };
        prop_assert_eq!(Schema::new(vec![table], vec![view]).validate(), Ok(()));
    }
}
