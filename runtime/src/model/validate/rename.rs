//! Earlier names (rules T2, C4): each may be claimed once, and not in a circle.

use super::full;
use crate::model::{Schema, Table};
use std::collections::{BTreeSet, HashMap};

/// One thing that had other names.
struct Renamed<'a> {
    /// `users`, or the column's name.
    name: &'a str,
    earlier: &'a [String],
}

/// The earlier names of tables, of views and of each table's columns.
pub(super) fn check(schema: &Schema, problems: &mut Vec<String>) {
    let namespaces: BTreeSet<Option<&str>> = (schema.tables.iter().map(|table| table.schema.as_deref()))
        .chain(schema.views.iter().map(|view| view.schema.as_deref()))
        .collect();
    for namespace in namespaces {
        let tables = (schema.tables.iter().filter(|table| table.schema.as_deref() == namespace))
            .map(|table| Renamed { name: &table.name, earlier: &table.renamed });
        let views = (schema.views.iter().filter(|view| view.schema.as_deref() == namespace))
            .map(|view| Renamed { name: &view.name, earlier: &view.renamed });
        let at = namespace.map(|namespace| format!("{namespace}.")).unwrap_or_default();
        group(&at, &tables.chain(views).collect::<Vec<_>>(), problems);
    }
    for table in &schema.tables {
        columns(table, problems);
    }
}

fn columns(table: &Table, problems: &mut Vec<String>) {
    if table.columns.iter().any(|column| !column.renamed.is_empty()) {
        let all: Vec<_> =
            (table.columns.iter()).map(|column| Renamed { name: &column.name, earlier: &column.renamed }).collect();
        group(&format!("{}.", full(table)), &all, problems);
    }
}

fn group(at: &str, all: &[Renamed<'_>], problems: &mut Vec<String>) {
    let mut claims: HashMap<&str, &str> = HashMap::new();
    for Renamed { name, earlier } in all {
        for old in *earlier {
            if old.is_empty() || old.contains('\0') {
                problems.push(format!("{at}{name}: the earlier name {old:?} is no name: take it out of `renamed`"));
            } else if old == name {
                problems.push(format!("{at}{name}: `renamed` says its name of now: take {old:?} out"));
            } else if let Some(other) = claims.insert(old, name) {
                problems.push(if other == *name {
                    format!("{at}{name}: `renamed` says {old:?} twice: say it once")
                } else {
                    format!(
                        "{at}{name}: `renamed` says {old:?}, and so does {other}: only one of them can have been it"
                    )
                });
            }
        }
    }
    circles(at, all, &claims, problems);
}

/// A circle (`a` was `b` and `b` was `a`) cannot be told from nothing to do once it is done.
fn circles(at: &str, all: &[Renamed<'_>], claims: &HashMap<&str, &str>, problems: &mut Vec<String>) {
    if claims.is_empty() {
        return;
    }
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for start in all {
        // From a name of now to the one that claims it as its earlier name, and on: a circle comes back to the start.
        let mut circle = vec![start.name];
        while let Some(&next) = circle.last().and_then(|last| claims.get(last)) {
            if next == start.name || circle.contains(&next) {
                break;
            }
            circle.push(next);
        }
        let closes = circle.len() > 1 && circle.last().and_then(|last| claims.get(last)) == Some(&start.name);
        if closes && !told.contains(start.name) {
            told.extend(&circle);
            let names: Vec<String> = circle.iter().map(|name| format!("{at}{name}")).collect();
            problems.push(format!(
                "{} take each other's names: do it in two deploys, over a name that none of them has",
                names.join(" and ")
            ));
        }
    }
}
