//! What is read of a count, and by what the second look knows an entry again.

use crate::catalog::Name;
use crate::change::{Change, Statement};
use crate::plan::build::{Planned, Target};
use crate::plan::{Entry, EntryKind, EntryStatus, Plan, Step};
use crate::sync::gate::parse_count;
use crate::sync::verify::compare;

#[test]
fn a_count_that_cannot_be_read_is_not_zero() {
    assert_eq!(parse_count(Some("0")), Ok(0));
    assert_eq!(parse_count(Some("18446744073709551615")), Ok(u64::MAX));
    for none in [None, Some(""), Some("-1"), Some("many"), Some("1.0")] {
        let error = parse_count(none).unwrap_err();
        assert!(error.starts_with("the database gave"), "{error}");
    }
}

/// A plan that drops these views.
fn planned(views: &[Name]) -> Planned {
    let mut planned = Planned { plan: Plan::default(), targets: Vec::new() };
    for (at, name) in views.iter().enumerate() {
        let entry = Entry { status: EntryStatus::Drop, ..Entry::of(EntryKind::View, name) };
        let change = Change::DropView { name: name.clone(), materialized: false };
        planned.plan.entries.push(entry);
        planned.plan.steps.push(Step::new(at, change, vec![Statement::Execute(format!("drop {at}"))]));
        planned.targets.push(Target { object: name.clone(), ..Target::default() });
    }
    planned
}

#[test]
fn s9_an_object_that_was_not_in_the_first_plan_is_told_and_none_is_taken_for_another() {
    let dotted = Name::new("a.b");
    let qualified = Name { schema: Some("a".to_owned()), name: "b".to_owned() };
    assert_eq!(dotted.to_string(), qualified.to_string());
    let first = planned(&[qualified.clone(), Name::new("c")]);
    let mut entries = first.plan.entries.clone();
    compare(&first, &planned(&[dotted.clone(), Name::new("c")]), &mut entries);
    let told: Vec<(&Name, EntryStatus, usize)> =
        entries.iter().map(|entry| (&entry.object.name, entry.status, entry.errors.len())).collect();
    let plain = Name::new("c");
    let expected =
        [(&qualified, EntryStatus::Drop, 0), (&plain, EntryStatus::Error, 1), (&dotted, EntryStatus::Error, 1)];
    assert_eq!(told, expected);
    assert!(entries[2].errors[0].contains("Left to do: drop 0"), "{:?}", entries[2].errors);
    // What has failed before keeps its own errors.
    let mut entries = first.plan.entries.clone();
    entries[0].errors.push("the disk is full".to_owned());
    compare(&first, &planned(&[qualified]), &mut entries);
    assert_eq!(entries[0].errors, ["the disk is full"]);
}
