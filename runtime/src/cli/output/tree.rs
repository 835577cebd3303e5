//! Entries as a tree: `+` comes, `~` changes, `-` goes, `!` look here, `✓` in sync, `✗` failed.

use super::line::{Effects, Line, render};
use crate::change::{Change, ColumnProperty};
use crate::plan::data_checks::counted;
use crate::plan::{Entry, EntryKind, EntryStatus, Plan, Step, describe_key};
use std::collections::{BTreeMap, BTreeSet};

/// Effects by what of an entry they belong to; those of the entry itself are under `Part::Whole`.
type ByPart = BTreeMap<Part, Effects>;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Whole,
    Column(String),
    Index(String),
    ForeignKey(String),
}

/// The tree of a plan, with what others will notice while it runs.
pub(in crate::cli) fn planned(plan: &Plan) -> String {
    let mut lines = Vec::new();
    for (at, entry) in plan.entries.iter().enumerate().filter(|(_, entry)| !is_quiet(entry)) {
        let steps = plan.steps.iter().filter(|step| step.entry == at);
        describe(entry, &effects(steps, entry.estimated_rows), &mut lines);
    }
    lines.extend(plan.lock_note().map(|note| Line::new(1, ' ', note)));
    render(&lines)
}

/// The tree of these entries.
pub(in crate::cli) fn tree(entries: &[Entry]) -> String {
    let mut lines = Vec::new();
    for entry in entries.iter().filter(|entry| !is_quiet(entry)) {
        describe(entry, &ByPart::new(), &mut lines);
    }
    render(&lines)
}

/// In sync, and nothing to say about it: counted, not listed.
fn is_quiet(entry: &Entry) -> bool {
    entry.status == EntryStatus::InSync
        && entry.withheld.is_empty()
        && entry.suspected_renames.is_empty()
        && entry.warnings.is_empty()
        && entry.errors.is_empty()
        && entry.unmanaged.is_empty()
}

fn effects<'a>(steps: impl Iterator<Item = &'a Step>, rows: Option<u64>) -> ByPart {
    let mut by_part = ByPart::new();
    for step in steps {
        let effects = by_part.entry(part(&step.change)).or_default();
        effects.hazards.extend(&step.hazards);
        effects.locks.extend(step.lock.clone());
        effects.rows = rows;
    }
    by_part
}

/// What of the table a change is about.
fn part(change: &Change) -> Part {
    match change {
        Change::AddColumn { column, .. } => Part::Column(column.name.clone()),
        Change::AlterColumn { to, .. } => Part::Column(to.name.clone()),
        Change::DropColumn { column, .. } => Part::Column(column.clone()),
        Change::RenameColumn { to, .. } => Part::Column(to.clone()),
        Change::CreateIndex { index, .. } | Change::DropIndex { index, .. } => Part::Index(index.name.clone()),
        Change::AddForeignKey { foreign_key, .. } | Change::DropForeignKey { foreign_key, .. } => {
            Part::ForeignKey(describe_key(foreign_key))
        }
        _ => Part::Whole,
    }
}

fn describe(entry: &Entry, effects: &ByPart, lines: &mut Vec<Line>) {
    let of = |part: Part| effects.get(&part).cloned().unwrap_or_default();
    let symbol = match entry.status {
        EntryStatus::Create => '+',
        EntryStatus::Alter => '~',
        EntryStatus::Drop => '-',
        EntryStatus::InSync => '✓',
        EntryStatus::Error => '✗',
    };
    let created = entry.status == EntryStatus::Create;
    let whole = if created { Effects::default() } else { of(Part::Whole) };
    let mut head = Line { effects: whole, ..Line::new(0, symbol, entry.name()) };
    match entry.object.kind {
        EntryKind::Table => {}
        EntryKind::View | EntryKind::ExternalView => head.details.push("view".to_owned()),
        EntryKind::ExternalTable => head.details.push("external table".to_owned()),
        EntryKind::Type => head.details.push("enum type".to_owned()),
    }
    if let Some(from) = &entry.renamed_from {
        head.details.push(format!("renamed from {from}"));
    }
    if entry.recreated {
        head.details.push("rebuilt".to_owned());
    }
    if created {
        head.details.extend(separated(&entry.columns_added));
        head.details.extend(separated(&entry.labels_added));
    }
    head.loss = entry.rows_lost.map(|rows| format!("drops {}", counted(rows, "row")));
    lines.push(head);
    if !created {
        columns(entry, &of, lines);
        labels(entry, lines);
    }
    for (symbol, names) in [('-', &entry.indexes_dropped), ('+', &entry.indexes_created)] {
        lines.extend(names.iter().map(|name| Line {
            effects: if created { Effects::default() } else { of(Part::Index(name.clone())) },
            ..Line::new(1, symbol, index(&entry.object.name.to_string(), name))
        }));
    }
    for (symbol, keys) in [('-', &entry.foreign_keys_dropped), ('+', &entry.foreign_keys_added)] {
        lines.extend(keys.iter().map(|key| Line {
            effects: if created { Effects::default() } else { of(Part::ForeignKey(key.clone())) },
            ..Line::new(1, symbol, format!("foreign key {key}"))
        }));
    }
    lines.extend(entry.other_changes.iter().map(|change| Line::new(1, '~', change.to_string())));
    let withheld = entry.withheld.iter().map(|held| format!("not done: {} ({})", held.what, held.why));
    lines.extend(withheld.map(|text| Line::new(1, '!', text)));
    lines.extend(entry.suspected_renames.iter().map(|suspected| Line::new(1, '?', suspected.to_string())));
    lines.extend(entry.warnings.iter().map(|text| Line::new(1, '!', text.clone())));
    lines.extend(entry.errors.iter().map(|error| Line::new(1, '✗', error)));
    if !entry.unmanaged.is_empty() {
        lines.push(Line::new(1, ' ', format!("unmanaged, left alone: {}", entry.unmanaged.join(", "))));
    }
}

fn labels(entry: &Entry, lines: &mut Vec<Line>) {
    let renamed = entry.labels_renamed.iter().map(|renamed| ('~', format!("{} → {}", renamed.from, renamed.to)));
    let added = entry.labels_added.iter().map(|label| ('+', label.clone()));
    let dropped = entry.labels_dropped.iter().map(|label| ('-', label.clone()));
    let all = renamed.chain(dropped).chain(added);
    lines.extend(all.map(|(symbol, text)| Line::new(1, symbol, format!("label {text}"))));
}

fn columns(entry: &Entry, of: &impl Fn(Part) -> Effects, lines: &mut Vec<Line>) {
    // A column that is renamed and altered says what others notice once.
    let mut told = BTreeSet::new();
    let mut once =
        |name: &str| if told.insert(name.to_owned()) { of(Part::Column(name.to_owned())) } else { Effects::default() };
    for name in &entry.columns_added {
        lines.push(Line { effects: once(name), ..Line::new(1, '+', name) });
    }
    for renamed in &entry.columns_renamed {
        lines.push(Line {
            effects: once(&renamed.to),
            ..Line::new(1, '~', format!("{} → {}", renamed.from, renamed.to))
        });
    }
    for altered in &entry.columns_altered {
        let property = match altered.property {
            ColumnProperty::Type => "type",
            ColumnProperty::Nullable => "null",
            ColumnProperty::Default => "default",
            ColumnProperty::Generated => "generated",
            ColumnProperty::Collation => "collation",
            ColumnProperty::Identity => "identity",
            ColumnProperty::Comment => "comment",
            ColumnProperty::Extra => "option",
        };
        lines.push(Line {
            details: vec![format!("{property}: {} → {}", altered.from, altered.to)],
            effects: once(&altered.column),
            ..Line::new(1, '~', &altered.column)
        });
    }
    for name in &entry.columns_dropped {
        let lost = entry.values_lost.iter().find(|lost| lost.column == *name);
        lines.push(Line {
            loss: lost.map(|lost| format!("drops {}", counted(lost.rows, "value"))),
            effects: once(name),
            ..Line::new(1, '-', name)
        });
    }
}

/// `id,` `email,` `plan`
fn separated(names: &[String]) -> impl Iterator<Item = String> {
    let last = names.len().saturating_sub(1);
    names.iter().enumerate().map(move |(at, name)| if at < last { format!("{name},") } else { name.clone() })
}

/// `unique index email` of `schemasync__unique__users__email`; a name of another form as it is.
fn index(table: &str, name: &str) -> String {
    let short = name.strip_prefix("schemasync__").and_then(|rest| {
        let kinds = ["unique", "fulltext", "geo", "vector"];
        let (kind, rest) = match rest.split_once("__") {
            Some((kind, rest)) if kinds.contains(&kind) => (kind, rest),
            _ => ("", rest),
        };
        let table = table.rsplit('.').next().unwrap_or(table);
        let columns = rest.strip_prefix(table)?.strip_prefix("__")?;
        Some(format!("{kind}{}index {columns}", if kind.is_empty() { "" } else { " " }))
    });
    short.unwrap_or_else(|| format!("index {name}"))
}
