//! One line of the tree: symbol, name, details; and how lines are set below each other.

use super::style;
use crate::change::Hazard;
use crate::cli::visible::visible_line;
use crate::plan::data_checks::counted;
use std::collections::BTreeSet;

/// Details begin at the same column, up to this one.
const WIDEST_NAME: usize = 36;
/// Where details are broken.
const WIDTH: usize = 110;

/// What others notice while a step runs.
#[derive(Debug, Clone, Default)]
pub(super) struct Effects {
    pub(super) hazards: BTreeSet<Hazard>,
    /// `ACCESS EXCLUSIVE`
    pub(super) locks: BTreeSet<String>,
    /// About how many rows are read or written again, where the database has a guess.
    pub(super) rows: Option<u64>,
}

impl Effects {
    fn text(&self) -> Option<String> {
        let rows = self.rows.map(|rows| format!(" (about {})", counted(rows, "row"))).unwrap_or_default();
        let words: Vec<String> = self.hazards.iter().filter_map(|hazard| describe(*hazard, &rows)).collect();
        let locks: Vec<&str> = self.locks.iter().map(String::as_str).collect();
        let mut text = words.join(", ");
        if !locks.is_empty() {
            text.push_str(if words.is_empty() { "" } else { ", " });
            text.push_str(&format!("lock {}", locks.join(" + ")));
        }
        (!text.is_empty()).then(|| format!("! {text}"))
    }
}

/// One line.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// 0: a table or view; 1: something of it.
    pub(super) depth: usize,
    pub(super) symbol: char,
    pub(super) name: String,
    /// Words, broken between them where they are too long.
    pub(super) details: Vec<String>,
    /// What is lost.
    pub(super) loss: Option<String>,
    pub(super) effects: Effects,
}

impl Line {
    pub(super) fn new(depth: usize, symbol: char, name: impl Into<String>) -> Self {
        Self { depth, symbol, name: name.into(), ..Self::default() }
    }

    /// A sentence instead of a name.
    fn is_sentence(&self) -> bool {
        matches!(self.symbol, '!' | '?' | '✗' | ' ') && self.depth > 0
    }

    fn indent(&self) -> usize {
        2 + 4 * self.depth
    }
}

/// The lines, details aligned.
pub(super) fn render(lines: &[Line]) -> String {
    let named = lines.iter().filter(|line| !line.is_sentence());
    let widths = named.map(|line| line.indent() + 2 + width(&line.name));
    let column = widths.filter(|width| *width <= WIDEST_NAME).max().unwrap_or(0) + 2;
    lines.iter().map(|line| render_line(line, column)).collect()
}

fn render_line(line: &Line, column: usize) -> String {
    let name = one_line(&line.name);
    let shown = match (line.depth, line.symbol) {
        (0, _) => style::strong(&name),
        (_, ' ') => style::faint(&name),
        (_, '!') => style::warn(&name),
        (_, '✗') => style::bad(&name),
        _ => name.clone(),
    };
    let mut text = format!("{}{} {shown}", " ".repeat(line.indent()), style::symbol(line.symbol));
    let mut parts: Vec<(String, usize)> = line.details.iter().map(|detail| one_line(detail)).map(sized).collect();
    if let Some(loss) = &line.loss {
        parts.push((style::bad(loss), width(loss)));
    }
    if let Some(effects) = line.effects.text() {
        parts.push((style::warn(&effects), width(&effects)));
    }
    let mut at = line.indent() + 2 + width(&name);
    for (count, (part, size)) in parts.iter().enumerate() {
        if count == 0 {
            let gap = column.saturating_sub(at).max(2);
            text.push_str(&" ".repeat(gap));
            at += gap;
        } else if at + 1 + size > WIDTH {
            text.push_str(&format!("\n{}", " ".repeat(column)));
            at = column;
        } else {
            // What is lost and what others notice stand apart from the words before.
            let gap = if count < line.details.len() { 1 } else { 2 };
            text.push_str(&" ".repeat(gap));
            at += gap;
        }
        text.push_str(part);
        at += size;
    }
    text.push('\n');
    text
}

fn sized(text: String) -> (String, usize) {
    let size = width(&text);
    (text, size)
}

fn width(text: &str) -> usize {
    text.chars().count()
}

/// A name may hold anything: what a terminal would obey is shown as an escape.
pub(in crate::cli) fn one_line(text: &str) -> String {
    visible_line(text)
}

/// What others notice; what is lost is said with its numbers.
fn describe(hazard: Hazard, rows: &str) -> Option<String> {
    match hazard {
        Hazard::RewritesTable => Some(format!("rewrites the table{rows}")),
        Hazard::ScansTable => Some(format!("reads every row{rows}")),
        Hazard::BlocksWrites => Some("blocks writes".to_owned()),
        Hazard::BlocksReads => Some("blocks reads".to_owned()),
        Hazard::DeletesData => None,
    }
}
