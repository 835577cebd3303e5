//! The rooms of the library: no import runs upwards, and no neutral room knows a database by name or looks into SQL.

#![allow(missing_docs, reason = "tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the ground up; those of one line may use each other.
const ROOMS: [&[&str]; 9] = [
    &["descriptor", "value", "derive_support", "registry", "row"],
    &["catalog"],
    &["model"],
    &["change"],
    &["dialect"],
    &["diff"],
    &["plan"],
    &["execute"],
    &["sync", "error", "search"],
];

/// Rooms that know nothing of any one database.
const NEUTRAL: [&str; 8] = ["catalog", "model", "change", "diff", "plan", "execute", "sync", "cli"];

/// Files there that name a database, and why.
const NAMES: [(&str, &str); 1] =
    [("model/types/native.rs", "says what a column and a table say about single databases, as the derives write it")];

/// Files there that look into the SQL of a model, and why.
const LOOKS: [(&str, &str); 3] = [
    (
        "model/sql/single.rs",
        "refuses what is more than one statement or one expression, by the tokens of each database",
    ),
    ("cli/graph/diagram.rs", "draws a model without a database: nobody could tell what its views read"),
    ("cli/pull/view.rs", "chooses between two ways to write a view down"),
];

/// A source file without tests and comments, by its path in `src`.
struct Source {
    path: String,
    code: String,
}

impl Source {
    /// The module path: `diff/table.rs` is `["diff", "table"]`.
    fn modules(&self) -> Vec<&str> {
        let path = self.path.trim_end_matches(".rs").trim_end_matches("/mod");
        path.split('/').collect()
    }

    fn room(&self) -> &str {
        self.modules()[0]
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    let source = |file: &PathBuf| {
        let path = file.strip_prefix(&root).expect("in src").to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(file).expect("a source file");
        Source { path, code: without_tests(&text) }
    };
    let is_test = |source: &Source| source.path.ends_with("tests.rs") || source.path.contains("/tests/");
    files.iter().map(source).filter(|source| !is_test(source) && source.path != "lib.rs").collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Test modules stand at the end of a file. Comments may speak of anything.
fn without_tests(text: &str) -> String {
    let code = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The height of a room; `None`: above them all.
fn height(room: &str) -> Option<usize> {
    ROOMS.iter().position(|rooms| rooms.contains(&room))
}

/// The first names of the paths behind `prefix`: one, or those of a group in braces.
fn heads(code: &str, prefix: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        let inside =
            code[..at].chars().next_back().is_some_and(|before| before.is_alphanumeric() || "_$:".contains(before));
        let rest = &code[at + prefix.len()..];
        if inside {
            continue;
        }
        match rest.strip_prefix('{') {
            Some(group) => found.extend(members(group)),
            None => found.push(head(rest)),
        }
    }
    found.into_iter().filter(|name| !name.is_empty() && name != "super" && name != "self").collect()
}

/// The first names of the members of a group that has been opened.
fn members(group: &str) -> Vec<String> {
    let (mut depth, mut start, mut found) = (0_u32, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                found.push(head(group[start..at].trim()));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(head(group[start..at].trim()));
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

fn head(path: &str) -> String {
    path.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The rooms that a file uses.
fn uses(source: &Source) -> Vec<String> {
    let mut found = heads(&source.code, "crate::");
    // In `a/b.rs`, `super::super::` is the crate.
    let up = "super::".repeat(source.modules().len());
    found.extend(heads(&source.code, &up));
    found
}

#[test]
fn no_import_runs_upwards() {
    let mut found = BTreeSet::new();
    for source in sources() {
        let Some(own) = height(source.room()) else { continue };
        for used in uses(&source) {
            let higher = match height(&used) {
                Some(height) => height > own,
                // A name that the crate's root gives away is imported from its own room.
                None => true,
            };
            if higher && used != source.room() {
                found.insert(format!("{} uses crate::{used}", source.path));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_room_has_a_height() {
    for source in sources() {
        let known = height(source.room()).is_some() || source.room() == "cli";
        assert!(known, "{}: say where the room stands", source.path);
    }
}

/// Fails for each line of a neutral room that is found, but those of the files on the list; each of them has one.
fn assert_none(allowed: &[(&str, &str)], is_found: impl Fn(&str) -> bool) {
    let (mut found, mut used) = (Vec::new(), BTreeSet::new());
    for source in sources().iter().filter(|source| NEUTRAL.contains(&source.room())) {
        for line in source.code.lines().filter(|line| is_found(line)) {
            match allowed.iter().find(|(path, _)| *path == source.path) {
                Some((path, _)) => drop(used.insert(*path)),
                None => found.push(format!("{}: {}", source.path, line.trim())),
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    for (path, why) in allowed {
        assert!(used.contains(path), "{path} ({why}) has none any more: take it off the list");
    }
}

#[test]
fn no_neutral_room_names_a_database() {
    let names = ["sqlite", "postgres", "postgresql", "mysql", "mariadb", "mongodb"];
    assert_none(&NAMES, |line| {
        let is_attribute = line.contains("feature = ") || line.contains("serde(");
        !is_attribute && names.iter().any(|name| line.contains(&format!("\"{name}\"")))
    });
}

#[test]
fn no_neutral_room_looks_into_sql() {
    const TEXTS: [&str; 9] =
        ["sql", "sql.text", "default", "predicate", "expression", "expression.text", "query", "statement", "generated"];
    const LOOKS_FOR: [&str; 9] =
        ["contains", "starts_with", "ends_with", "find", "split", "split_once", "strip_prefix", "replace", "replacen"];
    let calls = |line: &str, call: &str| {
        line.match_indices(call).any(|(at, _)| {
            let is_rest =
                line[..at].chars().next_back().is_some_and(|before| before.is_alphanumeric() || before == '_');
            // What cannot be part of any text is no question about SQL.
            !is_rest && !line[at + call.len()..].starts_with("'\\0'")
        })
    };
    assert_none(&LOOKS, |line| {
        let looks = |text: &&str| LOOKS_FOR.iter().any(|look| calls(line, &format!("{text}.{look}(")));
        TEXTS.iter().any(looks) || line.contains("tokenize(")
    });
}

#[test]
fn the_readers_of_this_file_read() {
    let code = "use crate::{catalog::Name, plan::{a, b}};\nfn f() { crate::sync::run(); $crate::x; mycrate::y }";
    assert_eq!(heads(code, "crate::"), ["catalog", "plan", "sync"]);
    let source =
        Source { path: "diff/table.rs".to_owned(), code: "use super::super::plan::x; use super::column;".to_owned() };
    assert_eq!(uses(&source), ["plan"]);
}
