//! Each statement commits by itself; a run is refused something, or loses its connection, at every statement; the next run finishes.

use super::fake_database::{FakeDatabase, Row};
use super::fake_session::{FakeSession, Fault};
use crate::error::Result;
use crate::model::Schema;
use crate::plan::EntryStatus;
use crate::sync::{Options, Report, RunStatus, run};
use std::sync::{Arc, Mutex};

type Shared = Arc<Mutex<FakeDatabase>>;

/// Columns and their values.
type Values = &'static [(&'static str, &'static str)];

/// A change of model, and values that survive it.
struct Scenario {
    old: &'static str,
    rows: &'static [(&'static str, &'static [Values])],
    new: &'static str,
    /// Names of a table and of its column, before and after; the values that the column holds at every point.
    kept: &'static [([&'static str; 2], [&'static str; 2], &'static [&'static str])],
    /// Some unit has several statements.
    leaves_units_half_done: bool,
}

const CREATE: Scenario = Scenario {
    old: r#""tables": []"#,
    rows: &[],
    new: r#""tables": [
        {"name": "users", "columns": [{"name": "id", "type": "int64"}, {"name": "email", "type": "text"}], "primary_key": "id",
         "indexes": [{"name": "email", "kind": "unique", "parts": ["email"]}, {"name": "both", "parts": ["email", "id"]}]},
        {"name": "posts", "columns": [{"name": "id", "type": "int64"}, {"name": "user", "type": "int64"}], "primary_key": "id",
         "foreign_keys": [{"columns": "user", "target": "users", "target_columns": "id"}], "indexes": [{"name": "user", "parts": ["user"]}]}],
        "views": [{"name": "mails", "sql": "SELECT email AS a FROM users"}, {"name": "more", "sql": "SELECT a FROM mails"}]"#,
    kept: &[],
    leaves_units_half_done: true,
};

const RENAME_AND_ADD: Scenario = Scenario {
    old: r#""tables": [{"name": "accounts", "columns": [{"name": "id", "type": "int64"}, {"name": "mail", "type": "text"}, {"name": "old", "type": "text", "nullable": true}],
        "primary_key": "id", "indexes": [{"name": "mail", "parts": ["mail"]}]}]"#,
    rows: &[("accounts", &[&[("id", "1"), ("mail", "a"), ("old", "x")], &[("id", "2"), ("mail", "b"), ("old", "y")]])],
    new: r#""tables": [{"name": "users", "renamed": ["accounts"], "columns": [{"name": "id", "type": "int64"}, {"name": "email", "renamed": ["mail"], "type": "text"},
        {"name": "tier", "type": "text", "default": {"text": "free"}}, {"name": "note", "type": "text", "nullable": true}],
        "primary_key": "id", "indexes": [{"name": "email", "kind": "unique", "parts": ["email"]}, {"name": "tier", "parts": ["tier"]}]}]"#,
    kept: &[(["accounts", "users"], ["mail", "email"], &["a", "b"])],
    leaves_units_half_done: true,
};

const REBUILD: Scenario = Scenario {
    old: r#""tables": [{"name": "lines", "columns": [{"name": "id", "type": "int64"}, {"name": "price", "type": "text"}, {"name": "old", "type": "text", "nullable": true}],
        "primary_key": "id", "indexes": [{"name": "price", "parts": ["price"]}]}]"#,
    rows: &[("lines", &[&[("id", "1"), ("price", "10"), ("old", "x")], &[("id", "2"), ("price", "20"), ("old", "y")]])],
    new: r#""tables": [{"name": "items", "renamed": ["lines"], "sync_method": "recreate", "columns": [{"name": "id", "type": "int64"}, {"name": "price", "type": "int64"}, {"name": "tax", "type": "int64", "default": {"int": 7}}],
        "primary_key": "id", "indexes": [{"name": "price", "parts": ["price", "tax"]}, {"name": "tax", "parts": ["tax"]}]}]"#,
    kept: &[(["lines", "items"], ["price", "price"], &["10", "20"])],
    leaves_units_half_done: true,
};

const VIEWS: Scenario = Scenario {
    old: r#""tables": [{"name": "t", "columns": [{"name": "id", "type": "int64"}, {"name": "a", "type": "text"}], "primary_key": "id"}],
        "views": [{"name": "v", "sql": "SELECT a FROM t"}, {"name": "w", "sql": "SELECT a FROM v"}, {"name": "gone", "sql": "SELECT a FROM w"}]"#,
    rows: &[("t", &[&[("id", "1"), ("a", "x")]])],
    new: r#""tables": [{"name": "t", "columns": [{"name": "id", "type": "int64"}, {"name": "a", "type": "text"}, {"name": "b", "type": "text", "nullable": true}], "primary_key": "id"}],
        "views": [{"name": "v", "sql": "SELECT a, b FROM t"}, {"name": "w2", "renamed": ["w"], "sql": "SELECT a, b FROM v"}, {"name": "x", "sql": "SELECT b FROM w2"}]"#,
    kept: &[(["t", "t"], ["a", "a"], &["x"])],
    leaves_units_half_done: true,
};

const DROP: Scenario = Scenario {
    old: r#""tables": [{"name": "a", "columns": [{"name": "id", "type": "int64"}], "primary_key": "id"},
        {"name": "b", "columns": [{"name": "id", "type": "int64"}, {"name": "a", "type": "int64"}], "primary_key": "id", "foreign_keys": [{"columns": "a", "target": "a", "target_columns": "id"}]},
        {"name": "c", "columns": [{"name": "id", "type": "int64"}, {"name": "keep", "type": "text"}, {"name": "gone", "type": "text", "nullable": true}], "primary_key": "id", "indexes": [{"name": "gone", "parts": ["gone"]}]}],
        "views": [{"name": "v", "sql": "SELECT id FROM b"}]"#,
    rows: &[
        ("a", &[&[("id", "1")]]),
        ("b", &[&[("id", "1"), ("a", "1")]]),
        ("c", &[&[("id", "1"), ("keep", "k"), ("gone", "g")]]),
    ],
    new: r#""tables": [{"name": "c", "columns": [{"name": "id", "type": "int64"}, {"name": "keep", "type": "text"}], "primary_key": "id"}]"#,
    kept: &[(["c", "c"], ["keep", "keep"], &["k"])],
    leaves_units_half_done: true,
};

/// Renames in a ring of references, a rebuild, a drop and views in one run.
const EVERYTHING: Scenario = Scenario {
    old: r#""tables": [
        {"name": "accounts", "columns": [{"name": "id", "type": "int64"}, {"name": "mail", "type": "text"}], "primary_key": "id"},
        {"name": "gone", "columns": [{"name": "id", "type": "int64"}], "primary_key": "id"},
        {"name": "lines", "columns": [{"name": "id", "type": "int64"}, {"name": "account", "type": "int64"}, {"name": "price", "type": "text"}], "primary_key": "id"}],
        "views": [{"name": "prices", "sql": "SELECT price AS a FROM lines"}]"#,
    rows: &[
        ("accounts", &[&[("id", "1"), ("mail", "a")], &[("id", "2"), ("mail", "b")]]),
        ("lines", &[&[("id", "1"), ("account", "1"), ("price", "5")]]),
        ("gone", &[&[("id", "1")]]),
    ],
    new: r#""tables": [
        {"name": "users", "renamed": ["accounts"], "columns": [{"name": "id", "type": "int64"}, {"name": "email", "renamed": ["mail"], "type": "text"}, {"name": "tier", "type": "text", "default": {"text": "free"}}], "primary_key": "id",
         "indexes": [{"name": "email", "kind": "unique", "parts": ["email"]}]},
        {"name": "lines", "sync_method": "recreate", "columns": [{"name": "id", "type": "int64"}, {"name": "account", "type": "int64"}, {"name": "price", "type": "int64"}], "primary_key": "id",
         "foreign_keys": [{"columns": "account", "target": "users", "target_columns": "id"}]},
        {"name": "tags", "columns": [{"name": "id", "type": "int64"}, {"name": "user", "type": "int64"}], "primary_key": "id", "foreign_keys": [{"columns": "user", "target": "users", "target_columns": "id"}]}],
        "views": [{"name": "prices", "sql": "SELECT price AS a, account FROM lines"}]"#,
    kept: &[(["accounts", "users"], ["mail", "email"], &["a", "b"]), (["lines", "lines"], ["price", "price"], &["5"])],
    leaves_units_half_done: true,
};

fn schema(parts: &str) -> Schema {
    let json = format!(r#"{{"schemasync": 1, {parts}}}"#);
    Schema::from_json(&json).unwrap_or_else(|error| panic!("{error}\n{json}"))
}

/// The same contents in a database of its own.
fn copy(database: &Shared) -> Shared {
    let contents = database.lock().unwrap().clone();
    Arc::new(Mutex::new(contents))
}

/// One run; how many statements it has sent.
async fn sync(database: &Shared, model: &str, fault: Fault) -> (Result<Report>, usize) {
    let mut session = FakeSession::new(database, fault);
    let report = run::run(&mut session, &schema(model), &Options::default(), None).await;
    (report, session.statements)
}

/// One run without errors; how it ended.
async fn finished(database: &Shared, model: &str, when: &str) -> RunStatus {
    let report = sync(database, model, Fault::None).await.0.unwrap_or_else(|error| panic!("{when}: {error}"));
    assert!(!report.has_errors(), "{when}: {report}");
    report.status
}

/// What a user can see: tables with their columns in any order, rows, views.
fn contents(database: &Shared) -> String {
    let database = database.lock().unwrap().clone();
    let tables = database.tables.into_iter().map(|(name, mut stored)| {
        stored.table.columns.sort_by(|a, b| a.name.cmp(&b.name));
        stored.table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        format!("{name}: {:?}\n{:?}", stored.table, stored.rows)
    });
    let tables: Vec<String> = tables.collect();
    format!("{}\n{:?}\n{:?}", tables.join("\n"), database.views, database.temporary)
}

impl Scenario {
    /// The old database, with rows.
    async fn begin(&self) -> Shared {
        let database = Shared::default();
        if !schema(self.old).tables.is_empty() {
            finished(&database, self.old, "the old model").await;
        }
        for (table, rows) in self.rows {
            let mut database = database.lock().unwrap();
            let stored = database.tables.get_mut(&crate::catalog::Name::new(*table)).unwrap();
            let row = |row: &&[(&str, &str)]| -> Row {
                row.iter().map(|(column, value)| ((*column).to_owned(), Some((*value).to_owned()))).collect()
            };
            stored.rows = rows.iter().map(row).collect();
        }
        database
    }

    fn is_whole(&self, database: &Shared, when: &str) {
        let database = database.lock().unwrap();
        for (tables, columns, values) in self.kept {
            let mut found = tables.iter().filter_map(|name| database.tables.get(&crate::catalog::Name::new(*name)));
            let stored = found.next().unwrap_or_else(|| panic!("{when}: {tables:?} is gone"));
            let value = |row: &Row| columns.iter().find_map(|column| row.get(*column)?.clone()).unwrap_or_default();
            assert_eq!(stored.rows.iter().map(value).collect::<Vec<_>>(), *values, "{when}: {tables:?}");
        }
    }

    /// What a run leaves that nobody disturbs, and how many statements it takes.
    async fn undisturbed(&self) -> (String, usize) {
        let database = self.begin().await;
        let (report, statements) = sync(&database, self.new, Fault::None).await;
        let report = report.unwrap();
        assert!(!report.has_errors(), "{report}");
        assert_eq!(report.status, RunStatus::Synced);
        self.is_whole(&database, "undisturbed");
        self.is_settled(&database, "undisturbed").await;
        (contents(&database), statements)
    }

    async fn is_settled(&self, database: &Shared, when: &str) {
        let mut session = FakeSession::new(database, Fault::None);
        let plan = run::plan(&mut session, &schema(self.new), &Options::default()).await.unwrap();
        assert!(plan.is_empty(), "{when}: {plan}");
        assert_eq!(session.statements, 0, "{when}: a plan writes nothing");
        assert_eq!(finished(database, self.new, when).await, RunStatus::UpToDate, "{when}");
    }

    /// The next run finishes.
    async fn recovers(&self, database: &Shared, expected: &str, when: &str) {
        self.is_whole(database, when);
        let status = finished(database, self.new, when).await;
        assert!(matches!(status, RunStatus::Synced | RunStatus::UpToDate), "{when}: {status:?}");
        assert_eq!(contents(database), expected, "{when}: after the next run");
        self.is_whole(database, when);
        self.is_settled(database, when).await;
    }

    async fn survives_lost_connections(&self) {
        let (expected, statements) = self.undisturbed().await;
        let old = self.begin().await;
        for point in 1..=statements {
            for fault in [Fault::LostBefore(point), Fault::LostAfter(point)] {
                let database = copy(&old);
                let when = format!("{fault:?} of {statements}");
                let error = sync(&database, self.new, fault).await.0.expect_err(&when).to_string();
                assert!(error.contains("the connection is lost"), "{when}: {error}");
                self.recovers(&database, &expected, &when).await;
            }
        }
    }

    /// The run that finishes is broken off as well.
    async fn survives_two_lost_connections(&self) {
        let (expected, statements) = self.undisturbed().await;
        let old = self.begin().await;
        for first in 1..=statements {
            let broken_off = copy(&old);
            let when = format!("lost at {first}");
            sync(&broken_off, self.new, Fault::LostBefore(first)).await.0.expect_err(&when);
            for second in 1.. {
                let database = copy(&broken_off);
                let when = format!("{when}, then at {second}");
                let again = sync(&database, self.new, Fault::LostAfter(second)).await.0;
                self.is_whole(&database, &when);
                finished(&database, self.new, &when).await;
                assert_eq!(contents(&database), expected, "{when}");
                if again.is_ok() {
                    break;
                }
            }
        }
    }

    async fn survives_refused_statements(&self) {
        let (expected, statements) = self.undisturbed().await;
        let old = self.begin().await;
        let mut partial = 0;
        for point in 1..=statements {
            let database = copy(&old);
            let when = format!("statement {point} of {statements} is refused");
            // The state cannot be written: no report. A statement of the plan is refused: an error of its entry.
            match sync(&database, self.new, Fault::Refused(point)).await.0 {
                Err(error) => assert!(error.to_string().contains("writing the"), "{when}: {error}"),
                Ok(report) => {
                    assert_eq!(report.status, RunStatus::Incomplete, "{when}: {report}");
                    let failed =
                        |entry: &&crate::plan::Entry| entry.errors.iter().any(|e| e.contains("the disk is full"));
                    let entry = report.entries.iter().find(failed).unwrap_or_else(|| panic!("{when}: {report}"));
                    assert_eq!(entry.status, EntryStatus::Error, "{when}");
                    partial += usize::from(entry.errors.iter().any(|error| error.contains("statements applied")));
                }
            }
            self.recovers(&database, &expected, &when).await;
        }
        assert_eq!(partial > 0, self.leaves_units_half_done);
    }
}

macro_rules! at_every_statement {
    ($($name:ident: $scenario:ident,)*) => {$(
        mod $name {
            #[tokio::test]
            async fn s8_a_lost_connection() {
                super::$scenario.survives_lost_connections().await;
            }

            #[tokio::test]
            async fn s8_two_lost_connections() {
                super::$scenario.survives_two_lost_connections().await;
            }

            #[tokio::test]
            async fn s8_a_refused_statement() {
                super::$scenario.survives_refused_statements().await;
            }
        }
    )*};
}

at_every_statement! {
    create: CREATE,
    rename_and_add: RENAME_AND_ADD,
    rebuild: REBUILD,
    views: VIEWS,
    drop: DROP,
    everything: EVERYTHING,
}

#[tokio::test]
async fn s8_a_failure_names_what_was_applied_and_what_was_not() {
    let database = RENAME_AND_ADD.begin().await;
    database.lock().unwrap().tables.values_mut().next().unwrap().rows[1]
        .insert("mail".to_owned(), Some("a".to_owned()));
    let mut session = FakeSession::new(&database, Fault::Refused(3));
    let report = run::run(&mut session, &schema(RENAME_AND_ADD.new), &Options::default(), None).await.unwrap();
    let [cause, account] = report.entry("users").unwrap().errors.as_slice() else { panic!("{report}") };
    assert!(cause.contains("the disk is full, in: "), "{cause}");
    assert!(account.contains(" statements applied (applied: `") && account.contains("not applied: `"), "{account}");
    assert!(account.ends_with("; the next run goes on from there"), "{account}");
}
