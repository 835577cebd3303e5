//! `lower(S) == inspect(database made from S)`.

use super::{assert_round_trip, create, dialect, memory, rows};
use crate::catalog::Name;
use crate::descriptor::{Collation, ReferentialAction, SortOrder};
use crate::dialect::{Dialect, Session};
use crate::model::*;

pub(crate) fn column(name: &str, ty: DataType) -> Column {
    Column::new(name, ty)
}

pub(crate) fn with_default(name: &str, ty: DataType, default: DefaultValue) -> Column {
    Column { default: Some(default), ..Column::new(name, ty) }
}

pub(crate) fn table(name: &str, columns: Vec<Column>) -> Table {
    let primary_key = columns.iter().take(1).map(|column| column.name.clone()).collect();
    Table { name: name.into(), columns, primary_key, ..Table::default() }
}

pub(crate) fn index(name: &str, kind: IndexKind, columns: &[&str]) -> Index {
    let part = |name: &&str| IndexPart { on: IndexOn::Column((*name).into()), order: SortOrder::Asc, weight: None };
    Index {
        name: name.into(),
        kind,
        parts: columns.iter().map(part).collect(),
        predicate: None,
        include: vec![],
        language: None,
        filters: vec![],
        nulls_not_distinct: false,
    }
}

fn types() -> Vec<DataType> {
    use DataType::*;
    vec![
        Bool,
        Int8,
        Int16,
        Int32,
        Int64,
        Uint8,
        Uint16,
        Uint32,
        Uint64,
        Float32,
        Float64,
        Text,
        Varchar(40),
        Char,
        Bytes,
        Uuid,
        Date,
        Time,
        DateTime,
        Timestamp,
        Decimal(Some((10, 2))),
        Json,
        Array(Box::new(Text)),
        Enum { name: "tier".into(), variants: vec!["a".into()], postgres: None },
        Vector(256),
        GeoPoint,
    ]
}

fn every_type(strict: bool, without_rowid: bool) -> Schema {
    let mut columns = vec![column("id", DataType::Int64)];
    for (at, ty) in types().into_iter().enumerate() {
        columns.push(column(&format!("required_{at}"), ty.clone()));
        columns.push(Column { nullable: true, ..column(&format!("optional_{at}"), ty) });
    }
    let mut table = table("every type", columns);
    table.options.sqlite = SqliteOptions { strict, without_rowid };
    Schema { tables: vec![table], ..Schema::default() }
}

#[tokio::test]
async fn every_type_comes_back() {
    for (strict, without_rowid) in [(false, false), (true, false), (false, true), (true, true)] {
        assert_round_trip(&every_type(strict, without_rowid)).await;
    }
}

#[tokio::test]
async fn every_default_comes_back_and_can_be_used() {
    use DefaultValue::*;
    let columns = vec![
        with_default("id", DataType::Int32, Increment(1000.into())),
        with_default("yes", DataType::Bool, Bool(true)),
        with_default("no", DataType::Bool, Bool(false)),
        with_default("zero", DataType::Int64, Int(0)),
        with_default("minus", DataType::Int64, Int(-7)),
        with_default("least", DataType::Int64, Int(i64::MIN.into())),
        with_default("most", DataType::Int64, Int(i64::MAX.into())),
        with_default("half", DataType::Float64, Float(0.5)),
        with_default("one", DataType::Float64, Float(1.0)),
        with_default("huge", DataType::Float64, Float(1.5e15)),
        with_default("tiny", DataType::Float64, Float(-2.5e-10)),
        with_default("third", DataType::Float64, Float(1.0 / 3.0)),
        with_default("empty", DataType::Text, Text(String::new())),
        with_default("quotes", DataType::Text, Text("it's \"x\" \\ -- /* */ ; \n é".into())),
        with_default("word", DataType::Text, Text("CURRENT_TIMESTAMP".into())),
        with_default("uuid", DataType::Uuid, Uuid),
        with_default("uuid_text", DataType::Text, Uuid),
        with_default("date", DataType::Date, Now),
        with_default("time", DataType::Time, Now),
        with_default("local", DataType::DateTime, Now),
        with_default("instant", DataType::Timestamp, Now),
        with_default("millis", DataType::Int64, Now),
        with_default("sql", DataType::Text, Sql("lower('A' || \"b\")".into())),
        with_default("sql_literal", DataType::Int64, Sql(" ( +3 ) ".into())),
        with_default("sql_now", DataType::DateTime, Sql("current_timestamp".into())),
        with_default("sql_null", DataType::Text, Sql("NULL".into())),
    ];
    let columns = columns.into_iter().map(|c| Column { nullable: c.name == "sql_null", ..c }).collect();
    let schema = Schema { tables: vec![table("defaults", columns)], ..Schema::default() };
    assert_round_trip(&schema).await;

    let mut session = memory().await;
    create(&mut session, &dialect().lower(&schema).catalog).await.unwrap();
    session.execute("INSERT INTO defaults DEFAULT VALUES").await.unwrap();
    let row = |columns: &'static str| format!("SELECT {columns} FROM defaults");
    let mut get = async |columns| rows(&mut session, &row(columns)).await.remove(0);
    assert_eq!(get("id, yes, no, zero, minus, least, most").await, format!("1000|1|0|0|-7|{}|{}", i64::MIN, i64::MAX));
    assert_eq!(
        get("half, one, huge, tiny, third").await,
        format!("0.5|1.0|1500000000000000.0|-2.5e-10|{:?}", 1.0 / 3.0)
    );
    assert_eq!(get("quotes").await, "it's \"x\" \\ -- /* */ ; \n é");
    assert_eq!(get("word, sql, sql_literal, sql_null").await, "CURRENT_TIMESTAMP|ab|3|NULL");
    assert_eq!(get("typeof(uuid), length(uuid), hex(uuid) GLOB '????????????4???[89AB]*'").await, "blob|16|1");
    assert_eq!(get("uuid_text GLOB '????????-????-4???-[89ab]???-????????????'").await, "1");
    assert_eq!(get("date = date('now'), length(time), length(local), typeof(millis)").await, "1|8|19|integer");
    assert_eq!(get("instant GLOB '????-??-??T??:??:??.???+00:00', abs(millis / 1000 - unixepoch()) < 60").await, "1|1");
}

#[tokio::test]
async fn keys_indexes_checks_generated_columns_and_views_come_back() {
    let mut user = table(
        "User \"q\"",
        vec![
            with_default("id", DataType::Int64, DefaultValue::Increment(1.into())),
            Column { collate: Some(Collation::Nocase), ..column("Email", DataType::Varchar(200)) },
            column("order", DataType::Int32),
            Column {
                nullable: true,
                generated: Some(Generated { sql: "upper( \"Email\" )".into(), stored: false }),
                ..column("shout", DataType::Text)
            },
            Column {
                nullable: true,
                generated: Some(Generated { sql: "(\"order\" + 1)".into(), stored: true }),
                ..column("next", DataType::Int64)
            },
        ],
    );
    user.indexes = vec![
        index("email", IndexKind::Unique, &["Email"]),
        index("both", IndexKind::Plain, &["order", "Email"]),
        Index {
            predicate: Some("\"order\" > 0 AND email <> \"x\"".into()),
            parts: vec![
                IndexPart {
                    on: IndexOn::Expression("lower(EMAIL) collate nocase".into()),
                    order: SortOrder::Desc,
                    weight: None,
                },
                IndexPart { on: IndexOn::Expression("( `order` )".into()), order: SortOrder::Asc, weight: None },
            ],
            ..index("odd", IndexKind::Plain, &[])
        },
    ];
    user.checks = vec![
        Check { name: "positive".into(), sql: "\"order\">=0".into() },
        Check { name: "in".into(), sql: "Email NOT IN ('a' , \"b\")".into() },
    ];
    user.options.sqlite.strict = true;
    let mut child =
        table("child", vec![column("a", DataType::Uuid), column("b", DataType::Text), column("user", DataType::Int64)]);
    child.primary_key = vec!["b".into(), "a".into()];
    child.foreign_keys = vec![
        ForeignKey {
            columns: vec!["user".into()],
            target_schema: None,
            target: "User \"q\"".into(),
            target_columns: vec!["id".into()],
            on_delete: ReferentialAction::Cascade,
            on_update: ReferentialAction::SetDefault,
        },
        ForeignKey {
            columns: vec!["b".into(), "a".into()],
            target_schema: None,
            target: "child".into(),
            target_columns: vec!["b".into(), "a".into()],
            on_delete: ReferentialAction::NoAction,
            on_update: ReferentialAction::Restrict,
        },
    ];
    child.options.sqlite.without_rowid = true;
    let views = vec![
        View { name: "v".into(), sql: Some("\n SELECT * FROM child -- all\n;".into()), ..View::default() },
        View { name: "w".into(), sql: Some("SELECT v.b FROM v, \"User \"\"q\"\"\"".into()), ..View::default() },
    ];
    assert_round_trip(&Schema { tables: vec![user, child], views, ..Schema::default() }).await;
}

#[test]
fn what_sqlite_does_not_have_is_noted_and_what_cannot_be_is_an_error() {
    let mut t = table("t", vec![column("id", DataType::Text), column("p", DataType::GeoPoint)]);
    t.schema = Some("auth".into());
    t.primary_key.clear();
    t.columns.push(Column { collate: Some(Collation::Unicode), ..column("u", DataType::Text) });
    t.columns.push(with_default("big", DataType::Uint64, DefaultValue::Int(u64::MAX.into())));
    t.columns.push(with_default("nul", DataType::Text, DefaultValue::Text("\0".into())));
    t.columns.push(with_default("n", DataType::Int64, DefaultValue::Increment(1.into())));
    t.indexes = vec![index("p", IndexKind::Geo, &["p"]), index("text", IndexKind::Fulltext, &["u"])];
    t.checks = vec![Check { name: "x".into(), sql: "1) ; DROP TABLE t; --".into() }];
    let mut other = table("T2", vec![column("id", DataType::Int64)]);
    other.indexes = vec![index("b", IndexKind::Plain, &["id"])];
    let mut clash = table("t2__b", vec![column("id", DataType::Int64)]);
    clash.name = "t2".into();
    clash.indexes = vec![index("b", IndexKind::Plain, &["id"])];
    let lowered = dialect().lower(&Schema { tables: vec![t, other, clash], ..Schema::default() });
    let notes = lowered.notes[&Name::new("t")].join("\n");
    for part in ["schemas", "Unicode", "geo index \"", "a table without a primary key"] {
        assert!(notes.contains(part), "{notes}");
    }
    assert_eq!(notes.contains("without the feature `sqlite-rtree`"), cfg!(not(feature = "sqlite-rtree")), "{notes}");
    let errors = lowered.errors[&Name::new("t")].join("\n");
    for part in ["larger than", "NUL", "whole primary key", "not one SQL expression"] {
        assert!(errors.contains(part), "{errors}");
    }
    assert!(lowered.errors.contains_key(&Name::new("T2")) && lowered.errors.contains_key(&Name::new("t2")));
    assert!(lowered.catalog.tables[&Name::new("t")].indexes.is_empty());
}

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }

    fn chance(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }
}

const NAMES: [&str; 28] = [
    "a",
    "B",
    "order",
    "Select",
    "a b",
    "é",
    "q\"uote",
    "[x]",
    "b`t",
    "it's",
    "--",
    "/*",
    "end",
    "key",
    "rowid",
    "oid",
    "case",
    "like",
    "CHECK",
    "unique",
    "$1",
    "1x",
    "x.y",
    "constraint",
    "日本",
    "current_date",
    "cast",
    "_under_score_1",
];

fn random_table(numbers: &mut Numbers, name: &str) -> Table {
    use DefaultValue::*;
    let mut names: Vec<&str> = Vec::new();
    for _ in 0..=numbers.below(7) {
        let name = numbers.of(&NAMES);
        if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            names.push(name);
        }
    }
    let defaults = [
        Bool(true),
        Int(0),
        Int(-3),
        Float(0.25),
        Text("it's".into()),
        Text("null".into()),
        Sql("1 + ( 2 )".into()),
        Sql("abs(-1)".into()),
        Sql("x'0A'".into()),
        Sql("-.5".into()),
    ];
    let mut columns: Vec<Column> = names.iter().map(|name| column(name, numbers.of(&types()))).collect();
    let quoted: Vec<String> = names.iter().map(|name| dialect().quote(name)).collect();
    for (at, column) in columns.iter_mut().enumerate() {
        column.nullable = numbers.chance(2);
        if at > 0 && numbers.chance(4) {
            let of = numbers.of(&quoted[..at]);
            column.generated = Some(Generated { sql: format!("( {of} || '|' )"), stored: numbers.chance(2) });
        } else if numbers.chance(3) {
            column.default = Some(numbers.of(&defaults));
        }
        column.collate = numbers.chance(4).then_some(Collation::Nocase);
    }
    let expressions = [
        "( @ IS NOT NULL )",
        "@ <> 'x' AND @ >= - 1",
        "length(@)>0 OR @ IN(1,2)",
        "CASE WHEN @ THEN 1 ELSE 0 END = 1",
        "@ LIKE 'a%' ESCAPE '!'",
        "NOT @ BETWEEN 1 AND 2 COLLATE RTRIM",
    ];
    let expression = |numbers: &mut Numbers| numbers.of(&expressions).replace('@', &numbers.of(&quoted));
    let mut table = Table { name: name.into(), columns, ..Table::default() };
    if numbers.chance(2) {
        table.primary_key = vec![names[0].into()];
        if numbers.chance(3) && names.len() > 1 && table.columns[1].generated.is_none() {
            table.primary_key.push(names[1].into());
        }
    }
    table.options.sqlite.strict = numbers.chance(3);
    table.options.sqlite.without_rowid = !table.primary_key.is_empty() && numbers.chance(3);
    for at in 0..numbers.below(3) {
        let kind = numbers.of(&[IndexKind::Plain, IndexKind::Unique]);
        let mut index = index(&format!("i{at}"), kind, &[numbers.of(&names)]);
        if numbers.chance(2) {
            let on = IndexOn::Expression(expression(numbers));
            index.parts.push(IndexPart { on, order: numbers.of(&[SortOrder::Asc, SortOrder::Desc]), weight: None });
        }
        index.predicate = numbers.chance(3).then(|| expression(numbers));
        table.indexes.push(index);
    }
    for at in 0..numbers.below(3) {
        table.checks.push(Check { name: format!("c{at}"), sql: expression(numbers) });
    }
    table
}

#[tokio::test]
async fn any_table_comes_back() {
    let mut numbers = Numbers(42);
    for _ in 0..1_500 {
        let name = numbers.of(&NAMES);
        let table = random_table(&mut numbers, name);
        assert_round_trip(&Schema { tables: vec![table], ..Schema::default() }).await;
    }
}
