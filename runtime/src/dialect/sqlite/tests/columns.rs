//! `add_column_in_place` and `drop_column` say what SQLite itself does, and the data checks count right.

use super::{all, change, dialect, live, memory, rows};
use crate::catalog::IndexKind;
use crate::catalog::{Column, ForeignKey, Generated, Index, IndexOn, IndexPart, Name};
use crate::change::{Change, DataCheck, DropColumn};
use crate::descriptor::SortOrder;
use crate::dialect::{Dialect, Session};

fn added(ty: &str, nullable: bool, default: Option<&str>) -> Column {
    Column { name: "n".into(), ty: ty.into(), nullable, default: default.map(Into::into), ..Column::default() }
}

fn key(columns: &[&str], target: &str, target_columns: &[&str]) -> ForeignKey {
    ForeignKey {
        name: Some("schemasync__fk".into()),
        columns: columns.iter().map(|name| (*name).into()).collect(),
        target: Name::new(target),
        target_columns: target_columns.iter().map(|name| (*name).into()).collect(),
        ..ForeignKey::default()
    }
}

#[tokio::test]
async fn c2_add_column_in_place_says_what_sqlite_does() {
    let generated =
        |stored| Column { generated: Some(Generated { sql: "a + 1".into(), stored }), ..added("INTEGER", true, None) };
    let columns = [
        added("TEXT", true, None),
        added("TEXT", false, None),
        added("TEXT", false, Some("'x'")),
        added("INTEGER", false, Some("-1")),
        added("BLOB", true, Some("x'00'")),
        added("DATETIME", true, Some("CURRENT_TIMESTAMP")),
        added("TEXT", false, Some("lower('A')")),
        Column { collate: Some("NOCASE".into()), ..added("TEXT", false, Some("''")) },
        generated(false),
        generated(true),
        Column { nullable: false, ..generated(false) },
    ];
    for column in columns {
        for with_key in [false, true] {
            for empty in [false, true] {
                let mut session = memory().await;
                all(
                    &mut session,
                    "PRAGMA foreign_keys = OFF; CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a INT)",
                )
                .await;
                if !empty {
                    all(&mut session, "INSERT INTO t VALUES (1)").await;
                }
                let table = live(&mut session, "t").await;
                let foreign_keys = if with_key { vec![key(&["n"], "p", &["id"])] } else { vec![] };
                let says = dialect().add_column_in_place(&table, &column, &foreign_keys, empty);
                let change_ = Change::AddColumn {
                    table: table.name.clone(),
                    column: column.clone(),
                    foreign_keys: foreign_keys.clone(),
                };
                let done = change(&mut session, &change_).await;
                assert_eq!(says, done.is_ok(), "{column:?} {with_key} {empty}: {done:?}");
                if done.is_ok() {
                    let live = live(&mut session, "t").await;
                    assert_eq!(live.column("n"), Some(&column));
                    assert_eq!(live.foreign_keys, foreign_keys);
                }
            }
        }
    }
}

#[tokio::test]
async fn c9_drop_column_says_what_sqlite_does_and_names_what_is_in_the_way() {
    let blocked = |what: &str| DropColumn::Blocked(vec![what.into()]);
    let cases: &[(&str, &str, DropColumn)] = &[
        ("a INT, x INT", "", DropColumn::InPlace),
        ("a INT, x INT NOT NULL DEFAULT 3 COLLATE NOCASE", "", DropColumn::InPlace),
        ("a INT, x INT AS (a + 1)", "", DropColumn::InPlace),
        ("a INT, x INT, CHECK (a > 0)", "CREATE INDEX i ON t(a)", DropColumn::InPlace),
        ("a INT, x INT", "CREATE VIEW v AS SELECT a FROM t", DropColumn::InPlace),
        ("a INT, x INT", "CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT new.a; END", DropColumn::InPlace),
        ("a INT, x INT UNIQUE", "", DropColumn::Rebuild),
        ("a INT, x INT PRIMARY KEY", "", DropColumn::Rebuild),
        ("a INT, x INT REFERENCES p", "", DropColumn::Rebuild),
        ("a INT, x INT CONSTRAINT schemasync__check__c CHECK (x > 0)", "", DropColumn::Rebuild),
        ("a INT, x INT, CONSTRAINT schemasync__check__c CHECK (x > a)", "", DropColumn::Rebuild),
        ("a INT, x INT, CHECK (X > a)", "", blocked("check (x > a)")),
        ("a INT, x INT, UNIQUE (a, x)", "", blocked("unique constraint UNIQUE (\"a\", \"x\")")),
        ("a INT, x INT, FOREIGN KEY (a, x) REFERENCES q", "", blocked("foreign key (a, x)")),
        ("a INT AS (x + 1), x INT, b", "", blocked("generated column \"a\"")),
        ("a INT, x INT", "CREATE INDEX \"by hand\" ON t(x)", blocked("index \"by hand\"")),
        ("a INT, x INT", "CREATE INDEX i ON t(lower([X]))", blocked("index \"i\"")),
        ("a INT, x INT", "CREATE INDEX i ON t(a) WHERE x > 0", blocked("index \"i\"")),
        ("a INT, x INT", "CREATE VIEW v AS SELECT x FROM t", blocked("view \"v\"")),
        ("a INT, x INT", "CREATE VIEW v AS SELECT * FROM T", blocked("view \"v\"")),
        ("a INT, x INT", "CREATE TRIGGER tr AFTER UPDATE OF x ON t BEGIN SELECT 1; END", blocked("trigger \"tr\"")),
        (
            "a INT, x INT",
            "CREATE TRIGGER tr AFTER INSERT ON p BEGIN UPDATE t SET x = 1; END",
            blocked("trigger \"tr\""),
        ),
        ("a INT, x INT UNIQUE", "CREATE TABLE c (y REFERENCES t (x))", blocked("foreign key (y) of \"c\"")),
    ];
    for (columns, more, expected) in cases {
        let mut session = memory().await;
        all(
            &mut session,
            &format!(
                "PRAGMA foreign_keys = OFF; CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t ({columns}); {more}"
            ),
        )
        .await;
        let catalog = session.inspect().await.unwrap();
        let table = catalog.tables[&Name::new("t")].clone();
        let says = dialect().drop_column(&table, table.column("x").unwrap(), &catalog);
        assert_eq!(says, *expected, "{columns}; {more}");
        let done = change(&mut session, &Change::DropColumn { table: table.name.clone(), column: "x".into() }).await;
        if says == DropColumn::InPlace {
            done.unwrap_or_else(|error| panic!("{columns}; {more}: {error}"));
        }
    }
}

fn index(parts: &[IndexOn], predicate: Option<&str>) -> Index {
    let part = |on: &IndexOn| IndexPart { on: on.clone(), order: SortOrder::Asc, collate: None, extra: None };
    Index {
        name: "i".into(),
        kind: IndexKind::Unique,
        parts: parts.iter().map(part).collect(),
        predicate: predicate.map(Into::into),
        ..Index::default()
    }
}

#[tokio::test]
async fn data_checks_count_and_show() {
    let mut session = memory().await;
    all(&mut session, "PRAGMA foreign_keys = OFF; CREATE TABLE p (id TEXT COLLATE NOCASE PRIMARY KEY); INSERT INTO p VALUES ('Ab'), ('1');
        CREATE TABLE t (a TEXT COLLATE NOCASE, b INT, p); INSERT INTO t VALUES ('x', 1, 'ab'), ('X', 1, 'zz'), ('x', 2, NULL), (NULL, 1, 1), (NULL, 1, x'00'), ('y', NULL, 'ab'), ('y', NULL, 'ab');").await;
    let t = Name::new("t");
    let (a, b) = (IndexOn::Column("a".into()), IndexOn::Column("b".into()));
    let cases = [
        (DataCheck::Rows { table: t.clone() }, "7", vec![]),
        (DataCheck::Nulls { table: t.clone(), column: "b".into() }, "2", vec![]),
        (
            DataCheck::Duplicates { table: t.clone(), index: index(&[a.clone(), b.clone()], None) },
            "1",
            vec!["'x', 1 (2 rows)"],
        ),
        (
            DataCheck::Duplicates { table: t.clone(), index: index(std::slice::from_ref(&a), Some("b > 1")) },
            "0",
            vec![],
        ),
        (
            DataCheck::Duplicates { table: t.clone(), index: index(&[IndexOn::Expression("b % 2".into())], None) },
            "1",
            vec!["1 (4 rows)"],
        ),
        (DataCheck::Orphans { table: t.clone(), foreign_key: key(&["p"], "p", &["id"]) }, "2", vec!["'zz'", "x'00'"]),
        (
            DataCheck::Orphans { table: t.clone(), foreign_key: key(&["p"], "gone", &[]) },
            "6",
            vec!["'ab'", "'zz'", "1"],
        ),
        (DataCheck::References { table: t.clone(), foreign_key: key(&["p"], "p", &["id"]) }, "4", vec![]),
        (
            DataCheck::Violations { table: t.clone(), sql: "b > 1".into(), added: Vec::new() },
            "4",
            vec!["b = 1", "b = 1", "b = 1"],
        ),
    ];
    for (check, count, samples) in cases {
        let query = dialect().render_check(&check);
        assert_eq!(rows(&mut session, &query.count).await, [count], "{check:?}");
        if !samples.is_empty() {
            assert_eq!(rows(&mut session, &query.samples.unwrap()).await, samples, "{check:?}");
        }
    }
}
