//! Plans and reports as they are shown.

use crate::cli::exit::Exit;
use crate::cli::io::Io;
use crate::cli::output::{one_line, style, summary, tree};
use crate::plan::data_checks::counted;
use crate::plan::{Entry, EntryStatus, Finding, Plan};
use crate::sync::{Level, Report, RunStatus};

/// The plan as text, before it is done; nothing but remarks where there is nothing to do.
pub(super) fn plan_to_do(it: &Plan, place: &str, io: &mut Io<'_>) {
    if it.superseded || is_something(it) {
        plan(it, place, io);
    } else {
        io.say(&tree::planned(it));
        left_alone(it, io);
    }
}

fn is_something(plan: &Plan) -> bool {
    !plan.steps.is_empty() || plan.entries.iter().any(|entry| entry.status != EntryStatus::InSync)
}

/// The plan as text.
pub(super) fn plan(plan: &Plan, place: &str, io: &mut Io<'_>) {
    if plan.superseded {
        io.say(&superseded(&plan.lacks));
        return;
    }
    if !is_something(plan) {
        let count = counted(plan.entries.len() as u64, "object");
        io.say(&format!("{} Nothing to do: {count} in sync\n", style::good("✓")));
        io.say(&tree::planned(plan));
        left_alone(plan, io);
        return;
    }
    io.when_quiet(&tree::tree(&failed(&plan.entries)));
    let head = format!("Plan for {place} (namespace {}, {})", plan.namespace, plan.dialect);
    let head = one_line(&head);
    io.say(&format!("{}\n\n", style::faint(&head)));
    io.say(&tree::planned(plan));
    left_alone(plan, io);
    io.say(&format!("\n{}", summary::plan(plan)));
}

fn superseded(lacks: &[String]) -> String {
    let (mark, lacks) = match lacks {
        [] => (style::warn("!"), String::new()),
        _ => (style::bad("✗"), format!(", and lacks what they need: {}", one_line(&lacks.join(", ")))),
    };
    format!(
        "{mark} Superseded: this database has already left these models behind{lacks}, nothing is changed; --allow-revert goes back\n"
    )
}

/// The entries that have errors.
fn failed(entries: &[Entry]) -> Vec<Entry> {
    entries.iter().filter(|entry| !entry.errors.is_empty()).cloned().collect()
}

/// What the rules have found.
pub(super) fn findings(findings: &[(Level, Finding)], io: &mut Io<'_>) {
    for (level, finding) in findings {
        let mark = if *level == Level::Deny { style::bad("✗") } else { style::warn("!") };
        io.say(&format!("  {mark} {}\n", one_line(&finding.to_string())));
    }
}

/// What a plan does not touch.
fn left_alone(plan: &Plan, io: &mut Io<'_>) {
    unmanaged(&plan.unmanaged, io);
    for (namespace, objects) in &plan.other_namespaces {
        let line = one_line(&format!("of namespace \"{namespace}\", left alone: {}", objects.join(", ")));
        io.say(&style::faint(&format!("    {line}\n")));
    }
}

/// What is nobody's.
pub(super) fn unmanaged(names: &[String], io: &mut Io<'_>) {
    if !names.is_empty() {
        io.say(&style::faint(&format!("    unmanaged, left alone: {}\n", one_line(&names.join(", ")))));
    }
}

/// What a run has done; the plan, with the errors that it had, has been shown before.
pub(super) fn report(report: &Report, plan: &Plan, io: &mut Io<'_>) -> Exit {
    if report.status == RunStatus::Superseded {
        io.say(&superseded(&plan.lacks));
        return Exit::Done;
    }
    let shown =
        |entry: &Entry| plan.entries.iter().any(|known| known.object == entry.object && known.errors == entry.errors);
    let failed = report.entries.iter().filter(|entry| !entry.errors.is_empty() && !shown(entry));
    let failed: Vec<Entry> = failed.cloned().collect();
    let time = match report.duration_ms {
        short @ 0..5_000 => format!("in {short} ms"),
        long => format!("in {}.{} s", long / 1_000, long / 100 % 10),
    };
    let counts = summary::counts(&report.entries, true);
    let counts = if counts.is_empty() { String::new() } else { format!(": {counts}") };
    if report.has_errors() {
        io.say(&format!("{} Not everything could be done ({time}){counts}\n", style::bad("✗")));
        io.say(&tree::tree(&failed));
        io.when_quiet(&tree::tree(&failed));
        return Exit::Errors;
    }
    let word = match report.status {
        RunStatus::UpToDate => "Up to date",
        RunStatus::SyncedByPeer => "Synced by another process",
        _ => "Synced",
    };
    io.say(&format!("{} {word} {time}{counts}\n", style::good("✓")));
    for warning in &report.warnings {
        io.say(&format!("  {} {}\n", style::warn("!"), one_line(warning)));
    }
    io.say(&tree::tree(&failed));
    Exit::Done
}

/// The exit code of a plan that is only looked at.
pub(super) fn exit(plan: &Plan, tell_changes: bool) -> Exit {
    if plan.has_errors() {
        Exit::Errors
    } else if tell_changes && (plan.superseded || !plan.steps.is_empty()) {
        Exit::Changes
    } else {
        Exit::Done
    }
}
