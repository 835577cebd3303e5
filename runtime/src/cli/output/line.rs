//! One line of the tree: symbol, name, details; and how lines are set below each other.

use super::style;
use crate::plan::Hazard;

/// Details begin at the same column, up to this one.
const WIDEST_NAME: usize = 36;
/// Where details are broken.
const WIDTH: usize = 110;

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
    pub(super) hazards: Vec<Hazard>,
}

impl Line {
    pub(super) fn new(depth: usize, symbol: char, name: impl Into<String>) -> Self {
        Self { depth, symbol, name: name.into(), ..Self::default() }
    }

    /// A sentence instead of a name.
    fn is_sentence(&self) -> bool {
        matches!(self.symbol, '!' | '✗' | ' ') && self.depth > 0
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
    let hazards: Vec<&str> = line.hazards.iter().filter_map(|hazard| describe(*hazard)).collect();
    if !hazards.is_empty() {
        let hazards = format!("! {}", hazards.join(", "));
        parts.push((style::warn(&hazards), width(&hazards)));
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

/// A name may hold anything: what would move the cursor is shown as a blank.
pub(in crate::cli) fn one_line(text: &str) -> String {
    text.replace(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'), " ")
}

/// What others notice; what is lost is said with its numbers.
fn describe(hazard: Hazard) -> Option<&'static str> {
    match hazard {
        Hazard::RewritesTable => Some("rewrites the table"),
        Hazard::ScansTable => Some("reads every row"),
        Hazard::BlocksWrites => Some("blocks writes"),
        Hazard::BlocksReads => Some("blocks reads"),
        Hazard::DeletesData => None,
    }
}
