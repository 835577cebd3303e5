//! Property tests: invariants 1 (convergence), 2 (path independence) and 3 (nothing lost), for random models and rows.
//!
//! `SCHEMASYNC_PROPERTY_SECONDS=600` goes on for so long in each test, with new seeds each time, prints every find and fails at the
//! end. `SCHEMASYNC_PROPERTY_REPLAY=file` looks again at the case in that file: `edited: [1, 2, …]`, as a failure prints it.

mod checks;
mod drift;
mod mapping;
mod shrink;

use checks::{Step, as_fresh, ensure, fold, step};
use mapping::older;
use proptest::test_runner::{Config, FileFailurePersistence, RngSeed, TestCaseError, TestError, TestRunner};
use schemasync::{Report, Schema};
use schemasync_tests::oracle::Scratch;
use schemasync_tests::random::{Choices, Filling, Model, edit, inserts, quote, with_search};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// A property: `Ok(false)` where the case says nothing.
type Property = fn(&mut Story<'_>) -> Result<bool, String>;

/// What happens in one case, told when it fails.
struct Story<'a> {
    choices: Choices<'a>,
    told: Vec<String>,
    runtime: &'a tokio::runtime::Runtime,
}

impl Story<'_> {
    fn model(&mut self, what: &str, model: &Model) -> Option<Schema> {
        let schema = with_search(model.schema()?);
        self.told.push(format!("{what}:\n{}", serde_json::to_string(&schema).unwrap_or_default()));
        Some(schema)
    }

    fn fill(&mut self, scratch: &Scratch, model: &Model) {
        let filling = if self.choices.one_in(2) { Filling::Wild } else { Filling::Sound };
        let statements = inserts(model, filling, &mut self.choices);
        self.told.push(format!("rows:\n{}", statements.join(";\n")));
        self.runtime.block_on(scratch.try_all(&statements));
    }

    fn step(&mut self, scratch: &Scratch, schema: &Schema, safe: bool) -> Result<Step, String> {
        self.read(scratch, schema, schema, safe)
    }

    /// Back to a model that others came after.
    fn back(&mut self, scratch: &Scratch, schema: &Schema, since: &[&Report]) -> Result<Step, String> {
        self.read(scratch, schema, &older(schema, since, fold), false)
    }

    fn read(&mut self, scratch: &Scratch, schema: &Schema, read: &Schema, safe: bool) -> Result<Step, String> {
        count("runs");
        let step = self.runtime.block_on(step(scratch, schema, read, safe))?;
        if step.report.has_errors() {
            count("runs with errors");
            if !step.plan.has_errors() {
                count("runs with errors that the plan did not tell");
            }
            note_errors(&step);
        }
        Ok(step)
    }

    /// A database that holds the model and nothing else.
    fn fresh(&mut self, schema: &Schema) -> Result<Step, String> {
        self.step(&Scratch::new(), schema, false)
    }
}

static COUNTS: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());

fn count(what: &str) {
    if let Ok(mut counts) = COUNTS.lock() {
        *counts.entry(what.to_owned()).or_default() += 1;
    }
}

/// The long mode tells which errors only came when the run was under way.
fn note_errors(step: &Step) {
    for entry in &step.report.entries {
        let planned = step.plan.entries.iter().find(|planned| planned.name() == entry.name());
        for error in entry.errors.iter().filter(|error| planned.is_none_or(|planned| !planned.errors.contains(error))) {
            let bare: String = error.chars().take(200).collect();
            count(&format!("  at run: {bare}"));
        }
    }
}

/// A to B, with rows, by edits.
fn edited(story: &mut Story<'_>) -> Result<bool, String> {
    let a = Model::random(&mut story.choices);
    let b = edit(&a, &mut story.choices);
    pair(story, &a, &b)
}

/// A to B, with rows, where B knows nothing of A.
fn independent(story: &mut Story<'_>) -> Result<bool, String> {
    let a = Model::random(&mut story.choices);
    let b = Model::random(&mut story.choices);
    pair(story, &a, &b)
}

fn pair(story: &mut Story<'_>, a: &Model, b: &Model) -> Result<bool, String> {
    let (Some(first), Some(second)) = (story.model("A", a), story.model("B", b)) else { return Ok(false) };
    let scratch = Scratch::new();
    story.step(&scratch, &first, false)?;
    story.fill(&scratch, a);
    let done = story.step(&scratch, &second, false)?;
    let fresh = story.fresh(&second)?;
    as_fresh(&done, &fresh)?;
    backfill(story, &scratch, &second, &done, &fresh)?;
    Ok(true)
}

/// A to B to C, with rows at each stage.
fn triples(story: &mut Story<'_>) -> Result<bool, String> {
    let a = Model::random(&mut story.choices);
    let b = edit(&a, &mut story.choices);
    let c = edit(&b, &mut story.choices);
    let (Some(first), Some(second)) = (story.model("A", &a), story.model("B", &b)) else { return Ok(false) };
    let Some(third) = story.model("C", &c) else { return Ok(false) };
    let scratch = Scratch::new();
    story.step(&scratch, &first, false)?;
    story.fill(&scratch, &a);
    let between = story.step(&scratch, &second, false)?;
    story.fill(&scratch, &b);
    let done = story.step(&scratch, &third, false)?;
    let fresh = story.fresh(&third)?;
    as_fresh(&done, &fresh)?;
    // And back again: what was renamed is renamed back.
    story.back(&scratch, &first, &[&between.report, &done.report])?;
    Ok(true)
}

/// Rule P1: a safe run takes nothing away, and the next one that may does the rest.
fn safe_first(story: &mut Story<'_>) -> Result<bool, String> {
    let a = Model::random(&mut story.choices);
    let b = edit(&a, &mut story.choices);
    let (Some(first), Some(second)) = (story.model("A", &a), story.model("B", &b)) else { return Ok(false) };
    let scratch = Scratch::new();
    story.step(&scratch, &first, false)?;
    story.fill(&scratch, &a);
    let copy = Scratch::new();
    std::fs::write(copy.path(), scratch.bytes()).map_err(|error| error.to_string())?;
    let safe = story.step(&scratch, &second, true)?;
    for step in &safe.plan.steps {
        ensure!(
            step.risk == schemasync::Risk::Safe || safe.report.has_errors(),
            "safe mode plans a step that is {:?}: {:?}",
            step.risk,
            step.change
        );
    }
    let normal = story.step(&scratch, &second, false)?;
    let direct = story.step(&copy, &second, false)?;
    if !normal.report.has_errors() && !direct.report.has_errors() && !safe.report.has_errors() {
        let waits = |step: &Step| step.report.entries.iter().any(|entry| !entry.warnings.is_empty());
        if !waits(&safe) && !waits(&direct) && !waits(&normal) {
            ensure!(
                normal.after.schema == direct.after.schema,
                "a safe run before leaves another schema:\n{:#?}\n{:#?}\n{}\n{}\n{}",
                direct.after.schema,
                normal.after.schema,
                safe.report,
                normal.report,
                direct.report
            );
        }
        let rows =
            |step: &Step| step.after.rows.iter().map(|(name, rows)| (name.clone(), rows.len())).collect::<Vec<_>>();
        ensure!(rows(&normal) == rows(&direct), "other rows: {:?} {:?}", rows(&normal), rows(&direct));
    }
    Ok(true)
}

/// Rule M4: what others have made is kept, or it is said that it is in the way.
fn by_hand(story: &mut Story<'_>) -> Result<bool, String> {
    let a = Model::random(&mut story.choices);
    let b = edit(&a, &mut story.choices);
    let (Some(first), Some(second)) = (story.model("A", &a), story.model("B", &b)) else { return Ok(false) };
    let scratch = Scratch::new();
    story.step(&scratch, &first, false)?;
    story.fill(&scratch, &a);
    let mut statements = vec!["CREATE TABLE hand_log (what)".to_owned()];
    for (n, table) in first.tables.iter().enumerate() {
        let name = quote(&table.name);
        let column = quote(&table.columns[story.choices.below(table.columns.len())].name);
        statements.push(match story.choices.below(6) {
            0 => format!("CREATE INDEX hand_i{n} ON {name} ({column})"),
            1 => format!("CREATE INDEX hand_e{n} ON {name} (length({column}) DESC) WHERE {column} IS NOT NULL"),
            2 => format!("CREATE TRIGGER hand_t{n} AFTER INSERT ON {name} BEGIN INSERT INTO hand_log VALUES (NEW.{column}); END"),
            3 => format!("CREATE VIEW hand_v{n} AS SELECT {column} FROM {name}"),
            4 => format!("ALTER TABLE {name} ADD COLUMN hand_c{n} TEXT DEFAULT 'kept'"),
            _ => format!("CREATE TABLE hand_r{n} (x INTEGER PRIMARY KEY, y TEXT UNIQUE, FOREIGN KEY (y) REFERENCES {name} ({column}))"),
        });
    }
    story.told.push(format!("by hand:\n{}", statements.join(";\n")));
    story.runtime.block_on(scratch.try_all(&statements));
    let before = story.runtime.block_on(scratch.content());
    let done = story.step(&scratch, &second, false)?;
    let hands = |content: &schemasync_tests::oracle::Content| {
        let mut names: Vec<String> = content.schema.tables.keys().chain(content.schema.views.keys()).cloned().collect();
        names.extend(content.schema.triggers.keys().cloned());
        for table in content.schema.tables.values() {
            names.extend(table.indexes.keys().chain(table.columns.keys()).cloned());
        }
        names.retain(|name| name.starts_with("hand_"));
        names.sort();
        names
    };
    let (had, has) = (hands(&before), hands(&done.after));
    let gone: Vec<&String> = had.iter().filter(|name| !has.contains(name)).collect();
    // What hung on a table that was dropped, or emptied by dropping it, went with it, and that was said.
    let dropped = done.report.entries.iter().any(|entry| entry.status == schemasync::EntryStatus::Drop);
    ensure!(gone.is_empty() || dropped, "{gone:?} were made by hand and are gone:\n{}", done.report);
    Ok(true)
}

/// Rule C3: columns that wait become required once they are filled.
fn backfill(
    story: &mut Story<'_>,
    scratch: &Scratch,
    schema: &Schema,
    done: &Step,
    fresh: &Step,
) -> Result<(), String> {
    if done.report.has_errors()
        || !done.report.entries.iter().any(|e| e.warnings.iter().any(|w| w.contains("backfill")))
    {
        return Ok(());
    }
    let mut statements = Vec::new();
    for table in &schema.tables {
        let Some(live) = done.after.schema.tables.get(&table.name) else { continue };
        for column in table.columns.iter().filter(|column| !column.nullable && column.generated.is_none()) {
            let Some(is) = live.columns.get(&column.name).filter(|is| !is.required) else { continue };
            let value = match is.ty.as_str() {
                "TEXT" => "hex(randomblob(8))",
                "BLOB" => "randomblob(8)",
                "REAL" => "abs(random()) % 1000 + 0.5",
                _ => "abs(random()) % 100000",
            };
            let (table, column) = (quote(&table.name), quote(&column.name));
            statements.push(format!("UPDATE OR IGNORE {table} SET {column} = {value} WHERE {column} IS NULL"));
        }
    }
    story.told.push(format!("backfill:\n{}", statements.join(";\n")));
    story.runtime.block_on(scratch.try_all(&statements));
    let last = story.step(scratch, schema, false)?;
    count("backfills");
    as_fresh(&last, fresh)
}

/// Runs one case.
fn case(property: Property, row: &[u32], runtime: &tokio::runtime::Runtime) -> Result<(), TestCaseError> {
    let mut story = Story { choices: Choices::new(row), told: Vec::new(), runtime };
    count("cases");
    match property(&mut story) {
        Ok(true) => Ok(()),
        Ok(false) => {
            count("cases that say nothing");
            Ok(())
        }
        Err(error) => Err(TestCaseError::fail(format!("{}\n\n{error}", story.told.join("\n")))),
    }
}

fn check(name: &str, property: Property, cases: u32) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let seconds = std::env::var("SCHEMASYNC_PROPERTY_SECONDS").ok().and_then(|text| text.parse().ok());
    // The same cases in every run of CI, so that a change is judged by itself; the long mode looks for new ones.
    let rng_seed = if seconds.is_some() { RngSeed::Random } else { RngSeed::Fixed(1) };
    let config = Config {
        cases,
        rng_seed,
        max_shrink_iters: 3000,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("tests/property/regressions.txt"))),
        ..Config::default()
    };
    let once = |config: &Config| -> Option<String> {
        let mut runner = TestRunner::new(config.clone());
        match runner.run(&shrink::Rows(500), |row| case(property, &row, &runtime)) {
            Ok(()) => None,
            Err(TestError::Fail(reason, row)) => Some(format!("{name}: {reason}\n\nthe choices: {row:?}")),
            Err(TestError::Abort(reason)) => Some(format!("{name}: aborted: {reason}")),
        }
    };
    let Some(seconds) = seconds else {
        if let Some(find) = once(&config) {
            panic!("{find}");
        }
        return;
    };
    let config = Config { failure_persistence: None, cases: 50, ..config };
    let (started, length) = (Instant::now(), Duration::from_secs(seconds));
    let mut finds = 0;
    while started.elapsed() < length {
        if let Some(find) = once(&config) {
            finds += 1;
            println!("==== find {finds} after {:?}\n{find}\n====\n", started.elapsed());
        }
    }
    if let Ok(counts) = COUNTS.lock() {
        println!("{name}: {counts:#?}");
    }
    assert_eq!(finds, 0, "{name}: see above");
}

#[test]
fn a_model_follows_another_by_edits() {
    check("edited", edited, 80);
}

#[test]
fn a_model_follows_another_that_it_does_not_know() {
    check("independent", independent, 48);
}

#[test]
fn three_models_and_back_again() {
    check("triples", triples, 32);
}

#[test]
fn p1_a_safe_run_takes_nothing_away() {
    check("safe", safe_first, 48);
}

#[test]
fn m4_what_others_made_is_kept() {
    check("by hand", by_hand, 40);
}

#[test]
fn s9_what_was_changed_by_hand_is_brought_in_line_or_named() {
    check("drift", drift::drift, 64);
}

/// A case that was found, to be looked at again: its choices in a file.
#[test]
fn replay() {
    let Ok(path) = std::env::var("SCHEMASYNC_PROPERTY_REPLAY") else { return };
    let text = std::fs::read_to_string(path).expect("the file");
    let (name, row) = text.split_once(':').expect("`edited: [1, 2]`");
    let row: Vec<u32> = serde_json::from_str(row.trim()).expect("the choices");
    let property = match name {
        "edited" => edited,
        "independent" => independent,
        "triples" => triples,
        "safe" => safe_first,
        "drift" => drift::drift,
        _ => by_hand as Property,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    if let Err(error) = case(property, &row, &runtime) {
        panic!("{error}");
    }
}
