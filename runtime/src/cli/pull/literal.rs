//! Rust literals.

/// A string literal; a raw one where the text has lines.
pub(super) fn text(value: &str) -> String {
    let raw = value.contains('\n') && !value.contains(|c: char| c.is_control() && c != '\n');
    if !raw {
        return format!("{value:?}");
    }
    // One more mark than ever follows a quote inside.
    let longest =
        value.split('"').skip(1).map(|rest| rest.len() - rest.trim_start_matches('#').len()).max().unwrap_or(0);
    let marks = "#".repeat(longest + 1);
    format!("r{marks}\"{value}\"{marks}")
}

/// A doc comment before an item.
pub(super) fn doc(comment: Option<&str>, indent: &str) -> String {
    let lines = comment.map(str::trim).filter(|comment| !comment.is_empty()).into_iter().flat_map(str::lines);
    lines.map(|line| format!("{indent}///{}{}\n", if line.trim().is_empty() { "" } else { " " }, plain(line))).collect()
}

/// What the compiler refuses in a comment is a space.
fn plain(line: &str) -> String {
    line.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
