//! The property tests on PostgreSQL: convergence, path independence, nothing lost; for random models and rows, online as well.
//!
//! `SCHEMASYNC_PROPERTY_SECONDS=600` goes on for so long in each test, with new seeds each time, prints every find and fails at the
//! end. `SCHEMASYNC_PROPERTY_REPLAY=file` looks again at the case in that file: `edited: [1, 2, …]`, as a failure prints it.

#![allow(missing_docs, reason = "tests")]

mod checks;
mod drift;
mod enums;
#[path = "../property/mapping.rs"]
mod mapping;
#[path = "../property/shrink.rs"]
mod shrink;

use checks::{Mode, Step, as_fresh, ensure, is_settled, step};
use mapping::older;
use proptest::test_runner::{Config, FileFailurePersistence, RngSeed, TestCaseError, TestError, TestRunner};
use schemasync::{EntryStatus, Report, Risk, Schema};
use schemasync_tests::random::{
    Choices, ELSEWHERE, Model, edit, for_postgres, inserts_for_postgres, qualified, quote, with_search,
};
use schemasync_tests::{Postgres, TestDatabase, pg_dump};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

type Property = fn(&mut Story<'_>) -> Result<(), String>;

/// What happens in one case, told when it fails.
struct Story<'a> {
    choices: Choices<'a>,
    told: Vec<String>,
    runtime: &'a tokio::runtime::Runtime,
    db: &'a Postgres,
    other: &'a Postgres,
}

static COUNTS: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());

fn count(what: &str) {
    if let Ok(mut counts) = COUNTS.lock() {
        *counts.entry(what.to_owned()).or_default() += 1;
    }
}

impl<'a> Story<'a> {
    /// `Err` with nothing in it: the case says nothing.
    fn model(&mut self, what: &str, model: &Model) -> Result<Schema, String> {
        let schema = with_search(for_postgres(&model.schema_with_schemas().ok_or_else(String::new)?));
        // A default that PostgreSQL would not take is gone, and with it what a key wanted of it.
        schema.validate().map_err(|_| String::new())?;
        self.told.push(format!("{what}:\n{}", serde_json::to_string(&schema).unwrap_or_default()));
        Ok(schema)
    }

    fn try_all(&self, db: &Postgres, statements: &[String]) {
        for sql in statements {
            let done = self.runtime.block_on(db.try_exec(sql));
            count(if done.is_ok() { "statements of others" } else { "statements of others that failed" });
        }
    }

    fn fill(&mut self, db: &Postgres, schema: &Schema) {
        let statements = inserts_for_postgres(schema, &mut self.choices);
        self.told.push(format!("rows:\n{}", statements.join(";\n")));
        self.try_all(db, &statements);
    }

    fn step(&mut self, db: &Postgres, schema: &Schema, mode: Mode) -> Result<Step, String> {
        self.read(db, schema, schema, mode)
    }

    /// Back to a model that another came after.
    fn back(&mut self, db: &Postgres, schema: &Schema, since: &Report, mode: Mode) -> Result<Step, String> {
        self.read(db, schema, &older(schema, &[since], str::to_owned), mode)
    }

    fn read(&mut self, db: &Postgres, schema: &Schema, read: &Schema, mode: Mode) -> Result<Step, String> {
        count("runs");
        let step = self.runtime.block_on(step(db, schema, read, mode))?;
        for entry in &step.report.entries {
            let planned = step.plan.entries.iter().find(|planned| planned.name() == entry.name());
            for error in &entry.errors {
                let told = planned.is_some_and(|planned| planned.errors.contains(error));
                let bare: String = error.chars().take(160).collect();
                count(&format!("  {}: {bare}", if told { "planned" } else { "at run" }));
            }
        }
        count(if step.report.has_errors() { "runs with errors" } else { "runs without errors" });
        Ok(step)
    }

    fn fresh(&mut self, schema: &Schema) -> Result<Step, String> {
        self.runtime.block_on(empty(self.other));
        self.step(self.other, schema, Mode::default())
    }

    /// Invariant 2, by the catalogs; and by what `pg_dump` makes of the two databases, where nothing failed and nothing waits: of each
    /// case in a search, of every fourth one else.
    fn as_fresh(&mut self, done: &Step, fresh: &Step) -> Result<(), String> {
        as_fresh(done, fresh)?;
        let turn = DUMPED.fetch_add(1, Ordering::Relaxed);
        if !(is_settled(done) && is_settled(fresh) && pg_dump::is_there()) || !searches() && !turn.is_multiple_of(4) {
            return Ok(());
        }
        count("pg_dump compared");
        let (is, want) = (pg_dump::of(self.db), pg_dump::of(self.other));
        ensure!(
            is == want,
            "pg_dump tells the two apart:\nthis database:\n{is}\na fresh one:\n{want}\n{}",
            done.report
        );
        Ok(())
    }
}

static DUMPED: AtomicUsize = AtomicUsize::new(0);

/// A search goes on for as long as it is told.
fn searches() -> bool {
    std::env::var_os("SCHEMASYNC_PROPERTY_SECONDS").is_some()
}

async fn empty(db: &Postgres) {
    db.exec(&format!(
        "DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP SCHEMA IF EXISTS {} CASCADE",
        quote(ELSEWHERE)
    ))
    .await;
}

fn edited(story: &mut Story<'_>) -> Result<(), String> {
    let a = Model::random(&mut story.choices);
    let b = edit(&a, &mut story.choices);
    pair(story, &a, &b, Mode::default())
}

fn independent(story: &mut Story<'_>) -> Result<(), String> {
    let a = Model::random(&mut story.choices);
    let b = Model::random(&mut story.choices);
    pair(story, &a, &b, Mode::default())
}

fn online(story: &mut Story<'_>) -> Result<(), String> {
    let a = Model::random(&mut story.choices);
    let b = edit(&a, &mut story.choices);
    pair(story, &a, &b, Mode { online: true, ..Mode::default() })
}

fn pair(story: &mut Story<'_>, a: &Model, b: &Model, mode: Mode) -> Result<(), String> {
    let (first, second) = (story.model("A", a)?, story.model("B", b)?);
    let db = story.db;
    story.step(db, &first, mode)?;
    story.fill(db, &first);
    let done = story.step(db, &second, mode)?;
    let fresh = story.fresh(&second)?;
    story.as_fresh(&done, &fresh)?;
    // And back again: what was renamed is renamed back.
    story.back(db, &first, &done.report, mode)?;
    Ok(())
}

fn triples(story: &mut Story<'_>) -> Result<(), String> {
    let a = Model::random(&mut story.choices);
    let b = edit(&a, &mut story.choices);
    let c = edit(&b, &mut story.choices);
    let (first, second, third) = (story.model("A", &a)?, story.model("B", &b)?, story.model("C", &c)?);
    let db = story.db;
    story.step(db, &first, Mode::default())?;
    story.fill(db, &first);
    story.step(db, &second, Mode::default())?;
    story.fill(db, &second);
    let done = story.step(db, &third, Mode::default())?;
    let fresh = story.fresh(&third)?;
    story.as_fresh(&done, &fresh)
}

/// Rule P1: a safe run takes nothing away, and the next one that may does the rest.
fn safe_first(story: &mut Story<'_>) -> Result<(), String> {
    let a = Model::random(&mut story.choices);
    let b = edit(&a, &mut story.choices);
    let (first, second) = (story.model("A", &a)?, story.model("B", &b)?);
    let db = story.db;
    story.step(db, &first, Mode::default())?;
    story.fill(db, &first);
    let safe = story.step(db, &second, Mode { safe: true, ..Mode::default() })?;
    for step in &safe.plan.steps {
        ensure!(
            step.risk == Risk::Safe || safe.report.has_errors(),
            "safe mode plans a step that is {:?}: {:?}",
            step.risk,
            step.change
        );
    }
    let normal = story.step(db, &second, Mode::default())?;
    let fresh = story.fresh(&second)?;
    if safe.report.has_errors() { Ok(()) } else { story.as_fresh(&normal, &fresh) }
}

/// Rule M4: what others have made is kept, or it is said that it is in the way.
fn by_hand(story: &mut Story<'_>) -> Result<(), String> {
    let a = Model::random(&mut story.choices);
    let b = edit(&a, &mut story.choices);
    let (first, second) = (story.model("A", &a)?, story.model("B", &b)?);
    let db = story.db;
    story.step(db, &first, Mode::default())?;
    story.fill(db, &first);
    let mut statements = Vec::new();
    for (n, table) in first.tables.iter().enumerate() {
        let name = qualified(table);
        let column = quote(&table.columns[story.choices.below(table.columns.len())].name);
        statements.push(match story.choices.below(8) {
            0 => format!("CREATE INDEX hand_i{n} ON {name} ({column})"),
            1 => format!("CREATE INDEX hand_e{n} ON {name} (({column} IS NULL) DESC) WHERE {column} IS NOT NULL"),
            2 => format!("CREATE FUNCTION hand_f{n}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER hand_t{n} BEFORE UPDATE OF {column} ON {name} FOR EACH ROW EXECUTE FUNCTION hand_f{n}()"),
            3 => format!("CREATE VIEW hand_v{n} AS SELECT {column} FROM {name}"),
            4 => format!("ALTER TABLE {name} ADD COLUMN hand_c{n} TEXT DEFAULT 'kept'"),
            5 => format!("CREATE MATERIALIZED VIEW hand_m{n} AS SELECT {column}, count(*) AS n FROM {name} GROUP BY {column}; CREATE INDEX hand_mi{n} ON hand_m{n} (n); GRANT SELECT ON hand_m{n} TO PUBLIC"),
            6 => format!("ALTER TABLE {name} ADD CONSTRAINT hand_k{n} CHECK ({column} IS NOT NULL OR true)"),
            _ => {
                let key: Vec<String> = table.primary_key.iter().map(|name| quote(name)).collect();
                format!("CREATE TABLE hand_r{n} AS SELECT {0} FROM {name} WHERE false; ALTER TABLE hand_r{n} ADD CONSTRAINT hand_rf{n} FOREIGN KEY ({0}) REFERENCES {name} ({0})", key.join(", "))
            }
        });
    }
    story.told.push(format!("by hand:\n{}", statements.join(";\n")));
    story.try_all(db, &statements);
    let before = story.runtime.block_on(checks::content(db));
    let done = story.step(db, &second, Mode::default())?;
    let hands = |content: &checks::Content| {
        let facts = content.facts.values().flatten();
        let words = facts.flat_map(|fact| fact.split(|c: char| !c.is_alphanumeric() && c != '_'));
        let names: std::collections::BTreeSet<String> =
            words.filter(|word| word.starts_with("hand_")).map(str::to_owned).collect();
        names
    };
    let (had, has) = (hands(&before), hands(&done.after));
    let gone: Vec<&String> = had.difference(&has).collect();
    let dropped = done.report.entries.iter().any(|entry| entry.status == EntryStatus::Drop);
    ensure!(gone.is_empty() || dropped, "{gone:?} were made by hand and are gone:\n{}", done.report);
    Ok(())
}

fn case(
    property: Property,
    row: &[u32],
    runtime: &tokio::runtime::Runtime,
    dbs: &[Postgres; 2],
) -> Result<(), TestCaseError> {
    runtime.block_on(empty(&dbs[0]));
    let mut story = Story { choices: Choices::new(row), told: Vec::new(), runtime, db: &dbs[0], other: &dbs[1] };
    count("cases");
    match property(&mut story) {
        Err(error) if !error.is_empty() => Err(TestCaseError::fail(format!("{}\n\n{error}", story.told.join("\n")))),
        _ => Ok(()),
    }
}

fn check(name: &str, property: Property, cases: u32) {
    if !schemasync_tests::postgres::is_there() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let dbs = runtime.block_on(async { [Postgres::create().await, Postgres::create().await] });
    let finds = search(name, property, cases, |row| case(property, row, &runtime, &dbs));
    let [a, b] = dbs;
    runtime.block_on(async {
        a.remove().await;
        b.remove().await;
    });
    assert!(finds.is_empty(), "{}", finds.join("\n====\n"));
}

fn search(name: &str, _: Property, cases: u32, case: impl Fn(&[u32]) -> Result<(), TestCaseError>) -> Vec<String> {
    let seconds = std::env::var("SCHEMASYNC_PROPERTY_SECONDS").ok().and_then(|text| text.parse().ok());
    let rng_seed = if seconds.is_some() { RngSeed::Random } else { RngSeed::Fixed(1) };
    let config = Config {
        cases,
        rng_seed,
        max_shrink_iters: std::env::var("SCHEMASYNC_PROPERTY_SHRINK").ok().and_then(|n| n.parse().ok()).unwrap_or(300),
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("tests/property_postgres/regressions.txt"))),
        ..Config::default()
    };
    let once = |config: &Config| -> Option<String> {
        let mut runner = TestRunner::new(config.clone());
        match runner.run(&shrink::Rows(500), |row| case(&row)) {
            Ok(()) => None,
            Err(TestError::Fail(reason, row)) => Some(format!("{name}: {reason}\n\nthe choices: {row:?}")),
            Err(TestError::Abort(reason)) => Some(format!("{name}: aborted: {reason}")),
        }
    };
    let Some(seconds) = seconds else { return once(&config).into_iter().collect() };
    let config = Config { failure_persistence: None, cases: 20, ..config };
    let (started, length) = (Instant::now(), Duration::from_secs(seconds));
    let mut finds = Vec::new();
    while started.elapsed() < length {
        if let Some(find) = once(&config) {
            println!("==== find {} after {:?}\n{find}\n====\n", finds.len() + 1, started.elapsed());
            finds.push(find);
        }
    }
    if let Ok(counts) = COUNTS.lock() {
        println!("{name}: {counts:#?}");
    }
    finds
}

#[test]
fn a_model_follows_another_by_edits() {
    check("edited", edited, 14);
}

#[test]
fn a_model_follows_another_that_it_does_not_know() {
    check("independent", independent, 8);
}

#[test]
fn three_models() {
    check("triples", triples, 8);
}

#[test]
fn p1_a_safe_run_takes_nothing_away() {
    check("safe", safe_first, 10);
}

#[test]
fn m4_what_others_made_is_kept() {
    check("by hand", by_hand, 8);
}

#[test]
fn online_does_the_same() {
    check("online", online, 8);
}

#[test]
fn somebody_changed_it_in_between() {
    check("drift", drift::drift, 12);
}

/// A case that was found, to be looked at again: its choices in a file.
#[test]
fn replay() {
    let Ok(path) = std::env::var("SCHEMASYNC_PROPERTY_REPLAY") else { return };
    let text = std::fs::read_to_string(path).expect("the file");
    let (name, row) = text.split_once(':').expect("`edited: [1, 2]`");
    let row: Vec<u32> = serde_json::from_str(row.trim()).expect("the choices");
    let property: Property = match name {
        "edited" => edited,
        "independent" => independent,
        "triples" => triples,
        "safe" => safe_first,
        "online" => online,
        "drift" => drift::drift,
        _ => by_hand,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let dbs = runtime.block_on(async { [Postgres::create().await, Postgres::create().await] });
    if let Err(error) = case(property, &row, &runtime, &dbs) {
        panic!("{error}");
    }
}
