//! Plans made by hand: what is rolled forward, compensated, left alone and given up.

use super::fake_database::FakeDatabase;
use super::fake_dialect::Command;
use super::fake_session::{FakeSession, Fault};
use crate::catalog::{Index, IndexOn, IndexPart, Name, Table};
use crate::change::{Change, Statement, StepIsolation};
use crate::dialect::{GateState, StateRow};
use crate::execute::{Job, Kept, Outcome, execute};
use crate::plan::{Entry, EntryKind, EntryStatus, Plan, Step, Unit};
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn create(name: &str) -> Change {
    Change::CreateTable { table: Table { name: Name::new(name), ..Table::default() } }
}

/// A step that creates a table, and drops it again where something fails later.
fn step(entry: usize, name: &str) -> Step {
    let statements = vec![Statement::Execute(Command::Change(create(name)).text())];
    let compensation = vec![Command::Change(Change::DropTable { table: Name::new(name) }).text()];
    Step { compensation, ..Step::new(entry, create(name), statements) }
}

/// A step that the database refuses.
fn refused(entry: usize) -> Step {
    Step { compensation: Vec::new(), ..step(entry, "taken") }
}

/// A plan with a unit for each list of steps; each depends on those that are named.
fn plan(entries: &[&str], units: Vec<(Vec<Step>, Vec<usize>)>) -> Plan {
    let entry = |name: &&str| Entry { status: EntryStatus::Create, ..Entry::of(EntryKind::Table, &Name::new(*name)) };
    let mut plan = Plan { entries: entries.iter().map(entry).collect(), ..Plan::default() };
    for (steps, depends_on) in units {
        let mut of: Vec<usize> = steps.iter().map(|step| step.entry).collect();
        of.dedup();
        let first = plan.steps.len();
        plan.steps.extend(steps);
        let steps = (first..plan.steps.len()).filter(|&at| plan.steps[at].isolation == StepIsolation::Unit).collect();
        plan.units.push(Unit { steps, entries: of, depends_on, ..Unit::default() });
    }
    plan
}

/// Runs the plan where a table "taken" is there; gives what has become of it, and the tables that are there.
async fn run(plan: &Plan, fault: Fault) -> (crate::dialect::Result<Outcome>, Vec<String>) {
    let mut before = FakeDatabase::default();
    before.execute(Command::Change(create("taken"))).unwrap();
    let database = Arc::new(Mutex::new(before));
    let state_after = |_: &Outcome| {
        let gate = GateState {
            format: 1,
            fingerprint: String::new(),
            attempted: String::new(),
            server: String::new(),
            pending: "{}".to_owned(),
        };
        Ok(StateRow { gate, base: "{}".to_owned(), claims: "[]".to_owned() })
    };
    let job = Job {
        plan,
        namespace: "default",
        online: false,
        lock_timeout: Duration::ZERO,
        progress: None,
        state_after: &state_after,
    };
    let outcome = execute(&mut FakeSession::new(&database, fault), &job).await;
    let tables = database.lock().unwrap().tables.keys().map(ToString::to_string).collect();
    (outcome, tables)
}

fn errors(outcome: &Outcome, entry: usize) -> String {
    outcome.entries[entry].errors.join("\n")
}

#[tokio::test]
async fn a_unit_that_fails_is_compensated_and_those_that_depend_on_it_are_not_done() {
    let units = vec![
        (vec![step(0, "a"), step(0, "b"), refused(0)], vec![]),
        (vec![step(1, "c")], vec![0]),
        (vec![step(2, "d")], vec![1]),
        (vec![step(3, "e")], vec![]),
    ];
    let (outcome, tables) = run(&plan(&["first", "second", "third", "free"], units), Fault::None).await;
    let outcome = outcome.unwrap();
    assert_eq!(tables, ["e", "taken"]);
    assert_eq!(outcome.kept, [Kept::Nothing, Kept::Nothing, Kept::Nothing, Kept::All]);
    assert_eq!(outcome.statements, [Command::Change(create("e")).text()], "what was compensated is not kept");
    assert!(errors(&outcome, 0).contains("taken is there already"), "{}", errors(&outcome, 0));
    assert!(errors(&outcome, 0).contains("2 of 3 statements applied"), "{}", errors(&outcome, 0));
    assert!(errors(&outcome, 0).contains("compensated"), "{}", errors(&outcome, 0));
    assert_eq!(errors(&outcome, 1), "depends on first, which failed");
    assert_eq!(errors(&outcome, 2), "depends on second, which failed");
    assert_eq!(outcome.entries[3].errors, Vec::<String>::new());
}

#[tokio::test]
async fn what_cannot_be_compensated_is_left_for_the_next_run() {
    let mut without = step(0, "b");
    without.compensation.clear();
    let units = vec![(vec![step(0, "a"), without, refused(0)], vec![])];
    let (outcome, tables) = run(&plan(&["it"], units), Fault::None).await;
    let outcome = outcome.unwrap();
    assert_eq!(tables, ["b", "taken"], "what can be compensated is");
    assert_eq!(outcome.kept, [Kept::Some]);
    assert!(errors(&outcome, 0).ends_with("; the next run goes on from there"), "{}", errors(&outcome, 0));
}

#[tokio::test]
async fn a_compensation_that_is_refused_is_left_for_the_next_run() {
    // The state, a, b, what is refused; then the compensation of b.
    let units = vec![(vec![step(0, "a"), step(0, "b"), refused(0)], vec![])];
    let (outcome, tables) = run(&plan(&["it"], units), Fault::Refused(5)).await;
    assert_eq!(tables, ["b", "taken"]);
    assert_eq!(outcome.unwrap().kept, [Kept::Some]);
}

#[tokio::test]
async fn an_optional_step_fails_alone() {
    let index = Index {
        name: "i".to_owned(),
        parts: vec![IndexPart {
            on: IndexOn::Column("id".to_owned()),
            order: crate::descriptor::SortOrder::Asc,
            collate: None,
            extra: None,
        }],
        ..Index::default()
    };
    let change = Change::CreateIndex { table: Name::new("nowhere"), index };
    let statements = vec![Statement::Execute(Command::Change(change.clone()).text())];
    let optional = Step { optional: true, ..Step::new(0, change, statements) };
    let units = vec![(vec![step(0, "a"), optional, step(0, "b")], vec![]), (vec![step(1, "c")], vec![0])];
    let mut plan = plan(&["it", "other"], units);
    plan.entries[0].indexes_created.push("i".to_owned());
    let (outcome, tables) = run(&plan, Fault::None).await;
    let outcome = outcome.unwrap();
    assert_eq!(tables, ["a", "b", "c", "taken"]);
    assert_eq!(outcome.kept, [Kept::All, Kept::All]);
    assert!(errors(&outcome, 0).contains("The entry's other changes are kept"), "{}", errors(&outcome, 0));
    assert_eq!(outcome.entries[0].indexes_created, Vec::<String>::new());
}

#[tokio::test]
async fn data_checks_come_before_the_first_statement_of_a_unit() {
    let mut checked = step(1, "b");
    let query = Command::Broken("nothing".to_owned()).text();
    checked.statements.insert(0, Statement::AssertEmpty { query, message: "it cannot be".to_owned() });
    let units = vec![(vec![step(0, "a"), checked], vec![]), (vec![step(2, "c")], vec![])];
    let (outcome, tables) = run(&plan(&["first", "second", "free"], units), Fault::None).await;
    let outcome = outcome.unwrap();
    assert_eq!(tables, ["c", "taken"]);
    assert_eq!(outcome.kept, [Kept::Nothing, Kept::Nothing, Kept::All]);
    assert!(errors(&outcome, 1).starts_with("it cannot be"), "{}", errors(&outcome, 1));
}

#[tokio::test]
async fn the_steps_of_a_change_outside_of_the_units_are_compensated_in_reverse() {
    let outside = |step: Step, isolation| Step { isolation, ..step };
    let steps = vec![
        step(0, "a"),
        outside(step(0, "b"), StepIsolation::Autocommit),
        outside(Step { change: create("b"), ..step(0, "c") }, StepIsolation::OwnTransaction),
        outside(Step { change: create("b"), ..refused(0) }, StepIsolation::Autocommit),
    ];
    let (outcome, tables) = run(&plan(&["it"], vec![(steps, vec![])]), Fault::None).await;
    let outcome = outcome.unwrap();
    assert_eq!(tables, ["a", "taken"]);
    assert!(errors(&outcome, 0).contains("The entry's other changes are kept"), "{}", errors(&outcome, 0));
}

#[tokio::test]
async fn a_lost_connection_ends_the_run_and_tells_how_far_it_was() {
    let plan = plan(&["it"], vec![(vec![step(0, "a"), step(0, "b")], vec![])]);
    for point in 1..=4 {
        let (outcome, _) = run(&plan, Fault::LostBefore(point)).await;
        let error = outcome.unwrap_err().to_string();
        assert!(error.contains("the connection is lost"), "{error}");
        if let 2 | 3 = point {
            let told = format!("applying the plan to it: {} of 2 statements applied", point - 2);
            assert!(error.contains(&told), "{error}");
        }
    }
}

#[tokio::test]
async fn a_unit_whose_steps_all_come_later_keeps_nobody_waiting() {
    let later = Step { isolation: StepIsolation::Autocommit, ..step(0, "a") };
    let units = vec![(vec![later], vec![]), (vec![step(1, "b")], vec![0])];
    let (outcome, tables) = run(&plan(&["it", "other"], units), Fault::None).await;
    let outcome = outcome.unwrap();
    assert_eq!(tables, ["a", "b", "taken"]);
    assert_eq!(outcome.kept, [Kept::All, Kept::All]);
}
