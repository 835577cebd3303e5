//! Conversions (rules C5, X1): what counts as convertible comes out without loss, and nothing else does.

use super::{all, change, dialect, live, memory, rows, same};
use crate::catalog::Column;
use crate::change::{CastSafety, Change, CopyColumn, CopySource, DataCheck};
use crate::dialect::{Dialect, Session};
use std::time::Duration;

fn column(ty: &str) -> Column {
    Column { name: "v".into(), ty: ty.into(), nullable: true, ..Column::default() }
}

/// `from`, `to`, the literal, and what becomes of it (`None`: it does not convert). The literal goes in as it is: no affinity.
const CASES: &[(&str, &str, &str, Option<&str>)] = &[
    ("TEXT", "INTEGER", "'5'", Some("5")),
    ("TEXT", "INTEGER", "' 5 '", Some("5")),
    ("TEXT", "INTEGER", "'-9223372036854775808'", Some("-9223372036854775808")),
    ("TEXT", "INTEGER", "'+5'", None),
    ("TEXT", "INTEGER", "'007'", None),
    ("TEXT", "INTEGER", "'1e3'", None),
    ("TEXT", "INTEGER", "'9223372036854775808'", None),
    ("TEXT", "INTEGER", "''", None),
    ("TEXT", "INTEGER", "'5x'", None),
    ("TEXT", "INTEGER", "'5' || char(0)", None),
    ("TEXT", "INTEGER", "x'35'", None),
    ("TEXT", "INTEGER", "NULL", Some("NULL")),
    ("REAL", "INTEGER", "2.0", Some("2")),
    ("REAL", "INTEGER", "1.5", None),
    ("REAL", "INTEGER", "9223372036854775808.0", None),
    ("REAL", "INTEGER", "-9223372036854775808.0", Some("-9223372036854775808")),
    ("REAL", "INTEGER", "9e999", None),
    ("INTEGER", "REAL", "3", Some("3.0")),
    ("INTEGER", "REAL", "9007199254740993", None),
    ("INTEGER", "REAL", "9223372036854775807", None),
    ("INTEGER", "REAL", "-9223372036854775808", Some("-9.223372036854776e18")),
    ("TEXT", "REAL", "'0.1'", Some("0.1")),
    ("TEXT", "REAL", "'-1.50'", Some("-1.5")),
    ("TEXT", "REAL", "'-1.5e3'", None),
    ("TEXT", "REAL", "'abc'", None),
    ("TEXT", "REAL", "''", None),
    ("TEXT", "REAL", "'1e999'", None),
    ("TEXT", "REAL", "'0.12345678901234567890'", None),
    ("TEXT", "REAL", "'{}'", None),
    ("INTEGER", "TEXT", "-7", Some("'-7'")),
    ("REAL", "TEXT", "0.1", Some("'0.1'")),
    ("REAL", "TEXT", "9e999", None),
    ("BLOB", "TEXT", "CAST('aé€😀' AS BLOB)", Some("'aé€😀'")),
    ("BLOB", "TEXT", "x''", Some("''")),
    ("BLOB", "TEXT", "x'ff'", None),
    ("BLOB", "TEXT", "x'e282'", None),
    ("BLOB", "TEXT", "x'c080'", None),
    ("BLOB", "TEXT", "x'eda080'", None),
    ("BLOB", "TEXT", "x'6100'", None),
    ("BLOB", "TEXT", "x'550e8400e29b41d4a716446655440000'", None),
    ("TEXT", "BLOB", "'5-0'", Some("X'352D30'")),
    ("TEXT", "BLOB", "'é'", Some("X'C3A9'")),
    ("TEXT", "BLOB", "5", None),
    ("INTEGER", "BOOLEAN", "1", Some("1")),
    ("INTEGER", "BOOLEAN", "2", None),
    ("TEXT", "BOOLEAN", "'True'", Some("1")),
    ("TEXT", "BOOLEAN", "'f'", Some("0")),
    ("TEXT", "BOOLEAN", "'maybe'", None),
    ("BOOLEAN", "INTEGER", "1", Some("1")),
    ("TEXT", "DATE", "'2024-02-29'", Some("'2024-02-29'")),
    ("TEXT", "DATE", "'2024-02-30'", None),
    ("TEXT", "DATE", "'2024'", None),
    ("TEXT", "DATE", "'now'", None),
    ("DATETIME", "DATE", "'2024-02-29 00:00:00'", Some("'2024-02-29'")),
    ("DATETIME", "DATE", "'2024-02-29T00:00:00.000'", Some("'2024-02-29'")),
    ("DATETIME", "DATE", "'2024-02-29 00:00:10'", None),
    ("DATETIME", "DATE", "'2024-02-29 10:00:00'", None),
    ("DATE", "DATETIME", "'2024-02-29'", Some("'2024-02-29 00:00:00'")),
    ("TEXT", "DATETIME", "'2024-02-29T10:11:12.123+02:00'", Some("'2024-02-29T10:11:12.123+02:00'")),
    ("TEXT", "DATETIME", "'2024-02-30 10:11'", None),
    ("TEXT", "DATETIME", "'2024-02-29 25:11'", None),
    ("TEXT", "DATETIME", "'yesterday'", None),
    ("TEXT", "DATETIME", "1700000000", None),
    ("TEXT", "TIME", "'10:11:12.5'", Some("'10:11:12.5'")),
    ("TEXT", "TIME", "'10'", None),
    ("DECIMAL(10,2)", "TEXT", "1.5", Some("'1.5'")),
    ("DECIMAL(10,2)", "INTEGER", "1.5", None),
    ("TEXT", "NUMERIC", "'007'", None),
    ("TEXT", "NUMERIC", "'abc'", Some("'abc'")),
    ("TEXT", "NUMERIC", "'7'", Some("7")),
    ("VARCHAR(9)", "TEXT", "'x'", Some("'x'")),
];

/// What becomes of those that do not convert without loss, where it is not NULL.
const NEAREST: &[(&str, &str)] = &[
    ("REAL → INTEGER: 1.5", "2"),
    ("DECIMAL(10,2) → INTEGER: 1.5", "2"),
    ("INTEGER → REAL: 9007199254740993", "9007199254740992.0"),
    ("INTEGER → REAL: 9223372036854775807", "9.223372036854776e18"),
    ("INTEGER → BOOLEAN: 2", "1"),
    ("DATETIME → DATE: '2024-02-29 00:00:10'", "2024-02-29"),
    ("DATETIME → DATE: '2024-02-29 10:00:00'", "2024-02-29"),
];

#[tokio::test]
async fn what_counts_as_convertible_comes_out_without_loss() {
    for (from, to, literal, expected) in CASES {
        let mut session = memory().await;
        // A column without affinity first, so that the value is in it as it is written; then the type that it had.
        all(&mut session, &format!("CREATE TABLE t (id INTEGER PRIMARY KEY, v); INSERT INTO t VALUES (7, {literal})"))
            .await;
        let (from, to) = (column(from), column(to));
        let what = format!("{} → {}: {literal}", from.ty, to.ty);
        assert_ne!(dialect().cast(&from, &to), CastSafety::Impossible, "{what}");
        let check = dialect().render_check(&DataCheck::Unconvertible {
            table: crate::catalog::Name::new("t"),
            from: from.clone(),
            to: to.clone(),
            key: vec!["id".into()],
            lossy: false,
        });
        let bad = rows(&mut session, &check.count).await;
        assert_eq!(bad, [if expected.is_some() { "0" } else { "1" }], "{what}");
        if expected.is_none() {
            let sample = rows(&mut session, &check.samples.unwrap()).await;
            assert!(sample[0].ends_with(" (id = 7)"), "{sample:?}");
        }
        session.begin(Duration::from_secs(1)).await.unwrap();
        let mut rebuild = same(&live(&mut session, "t").await);
        rebuild.to.columns[1] = to.clone();
        rebuild.copy[1] = CopyColumn { to, source: CopySource::Cast { from: from.clone(), lossy: false } };
        let done = change(&mut session, &Change::RebuildTable(Box::new(rebuild.clone()))).await;
        match expected {
            Some(expected) => {
                done.unwrap_or_else(|error| panic!("{what}: {error}"));
                let value =
                    rows(&mut session, "SELECT CASE typeof(v) WHEN 'real' THEN v ELSE quote(v) END FROM t").await;
                assert_eq!(value, [*expected], "{what}");
            }
            None => {
                assert!(done.unwrap_err().contains("cannot be converted"), "{what}");
                session.finish(false).await.unwrap();
                session.begin(Duration::from_secs(1)).await.unwrap();
                rebuild.copy[1].source = CopySource::Cast { from: from.clone(), lossy: true };
                let check = dialect().render_check(&DataCheck::Unconvertible {
                    table: crate::catalog::Name::new("t"),
                    from: from.clone(),
                    to: rebuild.to.columns[1].clone(),
                    key: Vec::new(),
                    lossy: true,
                });
                let replaced = rows(&mut session, &check.count).await;
                change(&mut session, &Change::RebuildTable(Box::new(rebuild))).await.unwrap();
                let value = rows(&mut session, "SELECT v FROM t").await;
                let nearest = NEAREST.iter().find(|(case, _)| *case == what).map_or("NULL", |(_, nearest)| nearest);
                assert_eq!(value, [nearest], "{what}");
                assert_eq!(replaced, [if nearest == "NULL" { "1" } else { "0" }], "{what}");
            }
        }
    }
}

#[test]
fn conversions_that_make_no_sense_are_impossible() {
    for (from, to) in
        [("BLOB", "DATE"), ("INTEGER", "BLOB"), ("INTEGER", "DATETIME"), ("DATE", "TIME"), ("DATETIME", "REAL")]
    {
        assert_eq!(dialect().cast(&column(from), &column(to)), CastSafety::Impossible, "{from} {to}");
    }
    for (from, to) in [("INTEGER", "TEXT"), ("DATE", "TEXT"), ("BOOLEAN", "INTEGER"), ("INT", "BIGINT")] {
        assert_eq!(dialect().cast(&column(from), &column(to)), CastSafety::Safe, "{from} {to}");
    }
}
