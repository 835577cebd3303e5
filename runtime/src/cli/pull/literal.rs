//! Rust literals.

use crate::cli::visible::is_hidden;

/// A string literal; a raw one where the text has lines.
pub(super) fn text(value: &str) -> String {
    let raw = value.contains('\n') && !value.contains(|c: char| is_hidden(c) && c != '\n');
    if !raw {
        return format!("{value:?}");
    }
    // One more mark than ever follows a quote inside.
    let longest =
        value.split('"').skip(1).map(|rest| rest.len() - rest.trim_start_matches('#').len()).max().unwrap_or(0);
    let marks = "#".repeat(longest + 1);
    format!("r{marks}\"{value}\"{marks}")
}

/// A doc comment before an item; where a line has what the compiler refuses in a comment, as the attribute that it stands for.
pub(super) fn doc(comment: Option<&str>, indent: &str) -> String {
    let lines = comment.map(str::trim).filter(|comment| !comment.is_empty()).into_iter().flat_map(str::lines);
    let line = |line: &str| match line.trim() {
        "" => format!("{indent}///\n"),
        line if line.contains(is_hidden) => format!("{indent}#[doc = {:?}]\n", format!(" {line}")),
        line => format!("{indent}/// {line}\n"),
    };
    lines.map(line).collect()
}
