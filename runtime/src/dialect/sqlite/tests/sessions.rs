//! Connections taken for a run (rules S3, S5, S7).

use super::{all, memory, rows};
use crate::catalog::Name;
use crate::dialect::Error;
use crate::dialect::sqlite::SqliteSession;
use crate::dialect::{GateState, HistoryRow, Session, StateRow, StateStore, known};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePoolOptions};
use sqlx::{ConnectOptions, Connection};
use std::path::PathBuf;
use std::time::Duration;

/// A database file that goes with its owner.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("schemasync-{}-{name}.db", std::process::id()));
        let file = Self(path);
        file.remove();
        file
    }

    fn remove(&self) {
        for end in ["", "-wal", "-shm", "-journal"] {
            let _ = std::fs::remove_file(format!("{}{end}", self.0.display()));
        }
    }

    fn options(&self) -> SqliteConnectOptions {
        SqliteConnectOptions::new().filename(&self.0).create_if_missing(true)
    }

    async fn connect(&self) -> SqliteConnection {
        self.options().connect().await.unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        self.remove();
    }
}

const SECOND: Duration = Duration::from_secs(1);

fn state(fingerprint: &str) -> StateRow {
    let gate = GateState {
        format: 1,
        fingerprint: fingerprint.into(),
        attempted: fingerprint.into(),
        server: "sqlite 3".into(),
        pending: "[]".into(),
    };
    StateRow { gate, base: "{}".into(), claims: "[\"t\"]".into() }
}

#[tokio::test]
async fn s3_state_and_history_are_made_by_the_first_write_and_read_back() {
    let mut session = memory().await;
    let gate = session.gate("default", &known("f")).await.unwrap();
    assert!(gate.state.is_none() && gate.server.starts_with("sqlite 3."));
    assert_eq!(session.dialect().capabilities().server, gate.server);
    assert!(session.read_state("default").await.unwrap().is_none());
    assert!(session.other_claims("default").await.unwrap().is_empty());
    assert_eq!(rows(&mut session, "SELECT count(*) FROM sqlite_schema").await, ["0"]);

    session.begin(SECOND).await.unwrap();
    session.write_state("default", &state("one")).await.unwrap();
    session.write_state("default", &state("two")).await.unwrap();
    session.write_state("it's", &state("three")).await.unwrap();
    let row = HistoryRow {
        at: "2024".into(),
        fingerprint: "two".into(),
        version: "0".into(),
        host: String::new(),
        duration_ms: 5,
        outcome: "synced".into(),
        statements: "[]".into(),
    };
    session.append_history("default", &row).await.unwrap();
    session.finish(true).await.unwrap();

    let gate = session.gate("default", &known("two")).await.unwrap();
    assert!(gate.state.is_some_and(|state| state.fingerprint == "two"));
    assert!(session.has_history().await.unwrap());
    assert_eq!(session.read_state("default").await.unwrap().unwrap().claims, "[\"t\"]");
    assert_eq!(session.other_claims("default").await.unwrap(), [("it's".to_owned(), "[\"t\"]".to_owned())]);
    assert!(session.inspect().await.unwrap().tables.is_empty());
    all(&mut session, "DROP TABLE __schemasync_history").await;
    let gate = session.gate("default", &known("two")).await.unwrap();
    assert!(!session.has_history().await.unwrap() && gate.state.is_some_and(|state| state.fingerprint == "two"));
}

#[tokio::test]
async fn a_state_row_that_cannot_be_read_says_so() {
    let mut session = memory().await;
    all(
        &mut session,
        "CREATE TABLE __schemasync_state (namespace); CREATE TABLE __schemasync_history (namespace, fingerprint)",
    )
    .await;
    let error = session.gate("default", &known("f")).await.unwrap_err();
    assert!(matches!(error, Error::CorruptState { .. }), "{error}");
    let mut session = memory().await;
    session.write_state("default", &state("x")).await.unwrap();
    all(&mut session, "UPDATE __schemasync_state SET format = 'abc', fingerprint = x'ff'").await;
    assert!(matches!(session.gate("default", &known("f")).await.unwrap_err(), Error::CorruptState { .. }));
    assert!(matches!(session.read_state("default").await.unwrap_err(), Error::CorruptState { .. }));
}

#[tokio::test]
async fn s5_the_lock_is_waited_for_until_the_time_is_over() {
    let file = File::new("lock");
    let mut first = SqliteSession::from(file.connect().await);
    let mut second = SqliteSession::from(file.connect().await);
    all(&mut second, "PRAGMA busy_timeout = 4321").await;
    first.begin(SECOND).await.unwrap();
    let error = second.begin(Duration::from_millis(300)).await.unwrap_err();
    assert!(matches!(error, Error::LockTimeout { waited, .. } if waited >= Duration::from_millis(300)), "{error}");
    assert_eq!(rows(&mut second, "PRAGMA busy_timeout").await, ["4321"]);
    assert_eq!(rows(&mut second, "PRAGMA foreign_keys").await, ["1"]);
    let waiting = tokio::spawn(async move {
        second.begin(Duration::from_secs(20)).await.unwrap();
        second.finish(true).await.unwrap();
        rows(&mut second, "PRAGMA busy_timeout").await
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    first.finish(true).await.unwrap();
    assert_eq!(waiting.await.unwrap(), ["4321"]);
}

#[tokio::test]
async fn a_reader_holds_a_commit_up_and_does_not_make_it_fail() {
    let file = File::new("reader");
    let mut writer = SqliteSession::from(file.connect().await);
    all(&mut writer, "CREATE TABLE t (a)").await;
    let mut reader = SqliteSession::from(file.connect().await);
    reader.begin_read(Duration::ZERO).await.unwrap();
    rows(&mut reader, "SELECT * FROM t").await;
    writer.begin(Duration::from_secs(20)).await.unwrap();
    all(&mut writer, "INSERT INTO t VALUES (1)").await;
    let committing = tokio::spawn(async move { writer.finish(true).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(rows(&mut reader, "SELECT count(*) FROM t").await, ["0"]);
    reader.finish(false).await.unwrap();
    committing.await.unwrap().unwrap();
    assert_eq!(rows(&mut reader, "SELECT count(*) FROM t").await, ["1"]);
}

#[tokio::test]
async fn s7_a_callers_transaction_is_refused_and_left_alone() {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    sqlx::raw_sql("CREATE TABLE t (a); BEGIN; INSERT INTO t VALUES (1)").execute(&mut connection).await.unwrap();
    let mut session = SqliteSession::from(&mut connection);
    assert!(matches!(session.begin(SECOND).await, Err(Error::InTransaction)));
    assert!(matches!(session.begin_read(Duration::ZERO).await, Err(Error::InTransaction)));
    drop(session);
    sqlx::raw_sql("COMMIT").execute(&mut connection).await.unwrap();
    let mut transaction = connection.begin().await.unwrap();
    let mut session = SqliteSession::from(&mut *transaction);
    assert!(matches!(session.begin(SECOND).await, Err(Error::InTransaction)));
    assert!(matches!(session.gate("default", &known("f")).await, Err(Error::InTransaction)));
}

#[tokio::test]
async fn s7_settings_come_back_after_success_failure_and_cancellation() {
    for (keys, legacy, busy) in [(1, 0, 5000), (0, 1, 17), (1, 1, 0)] {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let settings =
            format!("PRAGMA foreign_keys = {keys}; PRAGMA legacy_alter_table = {legacy}; PRAGMA busy_timeout = {busy}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(settings)).execute(&mut connection).await.unwrap();
        for way in ["commit", "roll back", "cancel"] {
            let mut session = SqliteSession::from(&mut connection);
            session.begin(SECOND).await.unwrap();
            all(&mut session, "CREATE TABLE t (a)").await;
            assert_eq!(rows(&mut session, "PRAGMA foreign_keys").await, ["0"]);
            match way {
                "commit" => session.finish(true).await.unwrap(),
                "roll back" => session.finish(false).await.unwrap(),
                _ => {}
            }
            drop(session);
            let mut session = SqliteSession::from(&mut connection);
            let now = rows(&mut session, "SELECT (SELECT foreign_keys FROM pragma_foreign_keys), (SELECT legacy_alter_table FROM pragma_legacy_alter_table), (SELECT timeout FROM pragma_busy_timeout)").await;
            assert_eq!(now, [format!("{keys}|{legacy}|{busy}")], "{way}");
            let tables = rows(&mut session, "SELECT count(*) FROM sqlite_schema").await;
            assert_eq!(tables, [if way == "commit" { "1" } else { "0" }], "{way}");
            all(&mut session, "DROP TABLE IF EXISTS t; BEGIN; COMMIT").await;
        }
    }
}

#[tokio::test]
async fn s7_a_cancelled_run_gives_its_connection_back_to_the_pool_as_it_was() {
    let pool = SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await.unwrap();
    sqlx::raw_sql("CREATE TABLE kept (a)").execute(&pool).await.unwrap();
    let mut session = SqliteSession::from(pool.acquire().await.unwrap());
    session.begin(SECOND).await.unwrap();
    all(&mut session, "DROP TABLE kept").await;
    drop(session);
    let mut session = SqliteSession::from(pool.acquire().await.unwrap());
    assert_eq!(rows(&mut session, "PRAGMA foreign_keys").await, ["1"]);
    assert_eq!(rows(&mut session, "SELECT name FROM sqlite_schema").await, ["kept"]);
    session.begin(SECOND).await.unwrap();
    session.finish(false).await.unwrap();
}

#[tokio::test]
async fn a_database_that_cannot_be_written_is_an_error_and_can_be_read() {
    let file = File::new("read-only");
    all(&mut SqliteSession::from(file.connect().await), "CREATE TABLE t (a)").await;
    let mut session = SqliteSession::from(file.options().read_only(true).connect().await.unwrap());
    session.begin_read(Duration::ZERO).await.unwrap();
    assert_eq!(session.inspect().await.unwrap().tables.len(), 1);
    session.finish(false).await.unwrap();
    let begun = session.begin(SECOND).await;
    let error = match begun {
        Ok(()) => {
            let error = session.write_state("default", &state("x")).await.unwrap_err();
            session.finish(false).await.unwrap();
            error
        }
        Err(error) => error,
    };
    assert!(error.to_string().contains("readonly"), "{error}");
}

#[tokio::test]
async fn temporary_objects_that_hide_or_hang_on_tables_are_refused() {
    let mut session = memory().await;
    all(&mut session, "CREATE TABLE t (a); CREATE TEMP TABLE other (a)").await;
    assert_eq!(session.inspect().await.unwrap().tables.len(), 1);
    all(&mut session, "CREATE TEMP TABLE T (a)").await;
    assert!(matches!(session.inspect().await, Err(Error::Refused(_))));
    all(&mut session, "DROP TABLE temp.t; CREATE TEMP TRIGGER x AFTER INSERT ON main.t BEGIN SELECT 1; END").await;
    assert!(matches!(session.inspect().await, Err(Error::Refused(_))));
}

#[tokio::test]
async fn violations_tell_each_row_and_survive_keys_that_point_to_nothing() {
    let mut session = memory().await;
    all(&mut session, "PRAGMA foreign_keys = OFF; CREATE TABLE p (id INTEGER PRIMARY KEY, n); CREATE TABLE \"c c\" (p REFERENCES p, q REFERENCES gone (x)); CREATE TABLE bad (a REFERENCES p (n)); INSERT INTO \"c c\" VALUES (1, NULL), (NULL, 2); INSERT INTO bad VALUES (1)").await;
    let found = session.violations(&[Name::new("c c"), Name::new("bad"), Name::new("p")]).await.unwrap();
    assert_eq!(found[..2], ["c c row 1 → p (key 1)".to_owned(), "c c row 2 → gone (key 0)".to_owned()]);
    assert!(found.len() == 3 && found[2].contains("mismatch"), "{found:?}");
}

#[tokio::test]
async fn every_value_is_read_as_text() {
    let mut session = memory().await;
    let found =
        rows(&mut session, "SELECT 1, 1.5, 'é', x'00ff', NULL, CAST(x'ff41' AS TEXT), 9223372036854775807, ''").await;
    assert_eq!(found, ["1|1.5|é|00ff|NULL|\u{fffd}A|9223372036854775807|"]);
}

#[tokio::test]
async fn statements_prepared_before_a_run_see_the_columns_of_after() {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    sqlx::raw_sql("CREATE TABLE t (a); INSERT INTO t VALUES (1)").execute(&mut connection).await.unwrap();
    for columns in 1..3 {
        let row = sqlx::query("SELECT * FROM t").fetch_one(&mut connection).await.unwrap();
        assert_eq!(sqlx::Row::len(&row), columns);
        let mut session = SqliteSession::from(&mut connection);
        session.begin(SECOND).await.unwrap();
        all(&mut session, &format!("ALTER TABLE t ADD COLUMN b{columns}")).await;
        session.finish(true).await.unwrap();
    }
}

#[tokio::test]
async fn s7_settings_come_back_after_a_last_step_that_fails() {
    const SETTINGS: [(&str, i64); 3] = [("foreign_keys", 1), ("legacy_alter_table", 1), ("busy_timeout", 1234)];
    let file = File::new("settings");
    let mut connection = file.connect().await;
    for (name, value) in SETTINGS {
        let sql = sqlx::AssertSqlSafe(format!("PRAGMA {name} = {value}"));
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    }
    for commit in [false, true] {
        let mut session = SqliteSession::from(&mut connection);
        session.begin(SECOND).await.unwrap();
        for _ in 0..2 {
            session.begin_unit().await.unwrap();
            assert_eq!(session.query("PRAGMA legacy_alter_table").await.unwrap(), [[Some("0".to_owned())]]);
            // As a rebuild ends: the rename fails, and what would follow it is not done.
            session.execute("PRAGMA legacy_alter_table = ON").await.unwrap();
            session.execute("ALTER TABLE nowhere RENAME TO somewhere").await.unwrap_err();
            session.rollback_unit().await.unwrap();
        }
        session.finish(commit).await.unwrap();
        drop(session);
        for (name, value) in SETTINGS {
            let is: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("PRAGMA {name}")))
                .fetch_one(&mut connection)
                .await
                .unwrap();
            assert_eq!(is, value, "{name}, commit {commit}");
        }
    }
}
