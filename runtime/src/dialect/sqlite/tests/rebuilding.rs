//! Rebuilds (rules X1 to X4).

use super::{all, change, live, memory, rows, same};
use crate::catalog::Column;
use crate::change::{Change, CopyColumn, CopySource};
use crate::dialect::Session;
use std::time::Duration;

const UGLY: &str = r#"
PRAGMA foreign_keys = OFF;
CREATE TABLE parent (a INTEGER, b TEXT COLLATE NOCASE, UNIQUE (a, b));
CREATE TABLE "Main" (
  "id" integer CONSTRAINT pk PRIMARY KEY ON CONFLICT ROLLBACK AUTOINCREMENT,
  [e mail] VARCHAR ( 40 ) NOT NULL ON CONFLICT REPLACE DEFAULT 'a''b' COLLATE NOCASE,
  n NUMERIC DEFAULT -1.50 CHECK (n <> 13),
  anything,
  doubled INT GENERATED ALWAYS AS ("n" * 2) STORED,
  loud TEXT AS (upper("e mail")) VIRTUAL,
  up INTEGER REFERENCES "Main" DEFERRABLE INITIALLY DEFERRED,
  pa INTEGER, pb TEXT,
  CONSTRAINT odd CHECK (length("e mail") < 100) ON CONFLICT FAIL
  CONSTRAINT u UNIQUE (pa DESC, "e mail" COLLATE RTRIM) ON CONFLICT IGNORE,
  UNIQUE (anything)
  CONSTRAINT far FOREIGN KEY (pa, pb) REFERENCES parent (a, b) ON UPDATE CASCADE ON DELETE SET NULL MATCH FULL NOT DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX by_hand ON "Main" (lower("e mail") DESC, n) WHERE n > 0;
CREATE UNIQUE INDEX [other one] ON Main(pb COLLATE NOCASE, id);
CREATE TABLE child (id INTEGER PRIMARY KEY, main_id INTEGER NOT NULL REFERENCES "Main"(id) ON DELETE CASCADE);
CREATE TABLE log (what TEXT);
CREATE VIEW reader AS SELECT m.id, m."e mail" AS mail FROM "Main" m;
CREATE VIEW star (x) AS SELECT count(*) FROM Main;
CREATE TRIGGER own AFTER INSERT ON "Main" WHEN NEW.n > 5 BEGIN INSERT INTO log VALUES ('in;'); UPDATE child SET id = id; END;
CREATE TRIGGER others AFTER DELETE ON child BEGIN DELETE FROM "Main" WHERE id = OLD.main_id; END;
CREATE TRIGGER instead INSTEAD OF INSERT ON reader BEGIN INSERT INTO "Main" ("e mail") VALUES (NEW.mail); END;
INSERT INTO parent VALUES (1, 'x');
INSERT INTO "Main" (id, "e mail", n, anything, up, pa, pb) VALUES
  (-5, 'neg', '12abc', x'00ff', NULL, 1, 'X'), (1, 'q', 1.50, '1.50', 1, NULL, NULL), (7, 'é', NULL, 9223372036854775807, 1, 2, 'y'), (900, 'gone', 1e300, 0.1, NULL, NULL, NULL);
DELETE FROM "Main" WHERE id = 900;
INSERT INTO child VALUES (1, 1), (2, 7), (3, 404);
"#;

const OBJECTS: &str =
    "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT IN ('Main') ORDER BY type, name";
const VALUES: &str = r#"SELECT id, typeof(id), hex("e mail"), typeof(n), hex(n), typeof(anything), hex(anything), doubled, loud, up, pa, pb FROM "Main" ORDER BY id"#;

#[tokio::test]
async fn x1_everything_that_hangs_on_a_table_survives_its_rebuild() {
    for legacy in ["OFF", "ON"] {
        let mut session = memory().await;
        all(&mut session, UGLY).await;
        all(&mut session, &format!("PRAGMA legacy_alter_table = {legacy}; PRAGMA foreign_keys = ON")).await;
        let objects = rows(&mut session, OBJECTS).await;
        let values = rows(&mut session, VALUES).await;
        let catalog = session.inspect().await.unwrap();
        let sequence = rows(&mut session, "SELECT * FROM sqlite_sequence").await;
        assert_eq!(sequence, ["Main|900"]);
        session.begin(Duration::from_secs(1)).await.unwrap();
        let table = live(&mut session, "Main").await;
        let before = session.violations(std::slice::from_ref(&table.name)).await.unwrap();
        change(&mut session, &Change::RebuildTable(Box::new(same(&table)))).await.unwrap();
        assert_eq!(session.violations(std::slice::from_ref(&table.name)).await.unwrap(), before);
        session.finish(true).await.unwrap();
        assert_eq!(rows(&mut session, OBJECTS).await, objects);
        assert_eq!(rows(&mut session, VALUES).await, values);
        assert_eq!(rows(&mut session, "SELECT * FROM sqlite_sequence").await, sequence);
        assert_eq!(session.inspect().await.unwrap(), catalog);
        let legacy = if legacy == "ON" { "1" } else { "0" };
        assert_eq!(rows(&mut session, "PRAGMA legacy_alter_table").await, [legacy]);
        assert_eq!(rows(&mut session, "PRAGMA foreign_keys").await, ["1"]);
        assert_eq!(rows(&mut session, "PRAGMA integrity_check").await, ["ok"]);
        // It all still works.
        all(&mut session, "INSERT INTO reader VALUES (NULL, 'new'); DELETE FROM child WHERE id = 2").await;
        assert_eq!(rows(&mut session, "SELECT id FROM \"Main\" ORDER BY id").await, ["-5", "1", "901"]);
        all(&mut session, "DELETE FROM \"Main\" WHERE id = 1").await;
        assert_eq!(rows(&mut session, "SELECT id FROM child").await, ["3"]);
    }
}

#[tokio::test]
async fn x1_rowids_survive_whatever_the_columns_are_called() {
    for (columns, rowid) in [("a", "rowid"), ("rowid TEXT, a", "_rowid_"), ("rowid, oid, a INT PRIMARY KEY", "_rowid_")]
    {
        let mut session = memory().await;
        all(&mut session, &format!("CREATE TABLE t ({columns})")).await;
        all(
            &mut session,
            &format!("INSERT INTO t ({rowid}, a) VALUES (-9223372036854775808, 1), (5, 2), (9223372036854775807, 3)"),
        )
        .await;
        session.begin(Duration::from_secs(1)).await.unwrap();
        let table = live(&mut session, "t").await;
        change(&mut session, &Change::RebuildTable(Box::new(same(&table)))).await.unwrap();
        session.finish(true).await.unwrap();
        let left = rows(&mut session, &format!("SELECT {rowid}, a FROM t ORDER BY 1")).await;
        assert_eq!(left, ["-9223372036854775808|1", "5|2", "9223372036854775807|3"]);
    }
    // All three are taken: nothing can refer to the rowid, and the rows are kept all the same.
    let mut session = memory().await;
    all(&mut session, "CREATE TABLE t (rowid, oid, _rowid_); INSERT INTO t VALUES (1, 2, 3), (1, 2, 3)").await;
    session.begin(Duration::from_secs(1)).await.unwrap();
    let table = live(&mut session, "t").await;
    change(&mut session, &Change::RebuildTable(Box::new(same(&table)))).await.unwrap();
    assert_eq!(rows(&mut session, "SELECT * FROM t").await, ["1|2|3", "1|2|3"]);
}

#[tokio::test]
async fn x1_strict_and_without_rowid_tables_survive() {
    let mut session = memory().await;
    all(
        &mut session,
        "CREATE TABLE t (a TEXT, b INT NOT NULL, c ANY, PRIMARY KEY (b DESC, a COLLATE NOCASE)) WITHOUT ROWID, STRICT",
    )
    .await;
    all(&mut session, "INSERT INTO t VALUES ('a', 1, '001'), ('b', 2, x'00'), ('B', 3, 1.0)").await;
    let before = session.inspect().await.unwrap();
    session.begin(Duration::from_secs(1)).await.unwrap();
    let table = live(&mut session, "t").await;
    change(&mut session, &Change::RebuildTable(Box::new(same(&table)))).await.unwrap();
    session.finish(true).await.unwrap();
    assert_eq!(session.inspect().await.unwrap(), before);
    assert_eq!(
        rows(&mut session, "SELECT a, b, typeof(c), c FROM t").await,
        ["B|3|real|1.0", "b|2|blob|00", "a|1|text|001"]
    );
    assert!(session.execute("INSERT INTO t VALUES ('A', 1, NULL)").await.is_err());
}

#[tokio::test]
async fn x1_a_value_that_does_not_convert_stops_the_rebuild_unless_loss_is_allowed() {
    for lossy in [false, true] {
        let mut session = memory().await;
        all(
            &mut session,
            "CREATE TABLE t (id INTEGER PRIMARY KEY, age TEXT); INSERT INTO t VALUES (1, '41'), (2, 'old'), (3, NULL)",
        )
        .await;
        session.begin(Duration::from_secs(1)).await.unwrap();
        let table = live(&mut session, "t").await;
        let mut rebuild = same(&table);
        let from = table.columns[1].clone();
        let to = Column { ty: "INTEGER".into(), default: Some("-1".into()), ..from.clone() };
        rebuild.to.columns[1] = to.clone();
        rebuild.copy[1] = CopyColumn { to, source: CopySource::Cast { from, lossy } };
        let done = change(&mut session, &Change::RebuildTable(Box::new(rebuild))).await;
        if lossy {
            done.unwrap();
            session.finish(true).await.unwrap();
            let left = rows(&mut session, "SELECT id, age, typeof(age) FROM t").await;
            assert_eq!(left, ["1|41|integer", "2|-1|integer", "3|NULL|null"]);
        } else {
            assert!(done.unwrap_err().contains("cannot be converted"));
            session.finish(false).await.unwrap();
            assert_eq!(rows(&mut session, "SELECT age FROM t").await, ["41", "old", "NULL"]);
        }
    }
}

#[tokio::test]
async fn x2_drop_makes_it_empty_and_touches_no_other_table() {
    let mut session = memory().await;
    all(&mut session, UGLY).await;
    all(&mut session, "PRAGMA foreign_keys = ON").await;
    session.begin(Duration::from_secs(1)).await.unwrap();
    let table = live(&mut session, "Main").await;
    let mut rebuild = same(&table);
    (rebuild.discard_rows, rebuild.copy) = (true, vec![]);
    change(&mut session, &Change::RebuildTable(Box::new(rebuild))).await.unwrap();
    session.finish(true).await.unwrap();
    assert_eq!(rows(&mut session, "SELECT count(*) FROM \"Main\"").await, ["0"]);
    assert_eq!(rows(&mut session, "SELECT count(*) FROM child").await, ["3"]);
}

#[tokio::test]
async fn t2_renames_take_dependents_along_also_when_only_the_case_differs() {
    let mut session = memory().await;
    all(&mut session, UGLY).await;
    session.begin(Duration::from_secs(1)).await.unwrap();
    let name = |name: &str| crate::catalog::Name::new(name);
    change(&mut session, &Change::RenameTable { from: name("Main"), to: name("MAIN") }).await.unwrap();
    change(&mut session, &Change::RenameTable { from: name("MAIN"), to: name("users") }).await.unwrap();
    let rename = |from: &str, to: &str| Change::RenameColumn { table: name("users"), from: from.into(), to: to.into() };
    change(&mut session, &rename("e mail", "E Mail")).await.unwrap();
    change(&mut session, &rename("E Mail", "email")).await.unwrap();
    session.finish(true).await.unwrap();
    let catalog = session.inspect().await.unwrap();
    let users = &catalog.tables[&name("users")];
    assert_eq!(users.foreign_keys[0].target, name("users"));
    assert_eq!(catalog.tables[&name("child")].foreign_keys[0].target, name("users"));
    assert_eq!(users.column("loud").unwrap().generated.as_ref().unwrap().sql, "upper(email)");
    assert_eq!(users.checks[1].sql, "length(email) < 100");
    assert_eq!(rows(&mut session, "SELECT mail FROM reader ORDER BY id").await, ["neg", "q", "é"]);
}

/// Finding: views and triggers that are broken already make SQLite refuse `RENAME` and `DROP COLUMN` of any table, and name the culprit. A
/// rebuild goes past them.
#[tokio::test]
async fn x1_what_is_broken_already_does_not_stop_a_rebuild_and_is_named_by_what_it_stops() {
    for broken in [
        "CREATE VIEW broken AS SELECT * FROM gone",
        "CREATE VIEW broken AS SELECT t.nix FROM t",
        "CREATE TRIGGER broken AFTER INSERT ON other BEGIN INSERT INTO gone VALUES (1); END",
        "CREATE TRIGGER broken AFTER INSERT ON t BEGIN SELECT t.nix FROM t; END",
    ] {
        let mut session = memory().await;
        all(&mut session, "CREATE TABLE t (a, b); CREATE TABLE other (x); CREATE VIEW good AS SELECT b FROM t").await;
        all(&mut session, broken).await;
        session.begin(Duration::from_secs(1)).await.unwrap();
        let table = live(&mut session, "t").await;
        let before = rows(&mut session, "SELECT name, sql FROM sqlite_schema WHERE name <> 't' ORDER BY 1").await;
        change(&mut session, &Change::RebuildTable(Box::new(same(&table)))).await.unwrap();
        assert_eq!(
            rows(&mut session, "SELECT name, sql FROM sqlite_schema WHERE name <> 't' ORDER BY 1").await,
            before
        );
        for sql in ["ALTER TABLE t RENAME TO u", "ALTER TABLE t RENAME COLUMN a TO c", "ALTER TABLE t DROP COLUMN a"] {
            all(&mut session, "SAVEPOINT s").await;
            match session.execute(sql).await {
                Ok(_) => println!("{broken}: {sql}: done"),
                Err(error) => {
                    println!("{broken}: {sql}: {error}");
                    assert!(error.to_string().contains(" broken: "), "{error}");
                }
            }
            all(&mut session, "ROLLBACK TO s; RELEASE s").await;
        }
        all(&mut session, "ALTER TABLE t ADD COLUMN d INT").await;
    }
}
