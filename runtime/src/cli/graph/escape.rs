//! Texts of a database inside other languages.

/// Inside XML and HTML, in texts and in attributes.
pub(super) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            // XML has no such characters, not even escaped.
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Inside double quotes in DOT.
pub(super) fn dot(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace(|c: char| c.is_control(), " ")
}

/// Inside double quotes in Mermaid, which has entities of its own.
pub(super) fn mermaid(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("#quot;"),
            '#' => out.push_str("#35;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            ';' => out.push_str("#59;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// How many columns of a fixed-width font a text takes, roughly.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|c| if ('\u{1100}'..='\u{ffff}').contains(&c) || c > '\u{1f000}' { 2 } else { 1 }).sum()
}

/// The text, or its beginning.
pub(super) fn shortened(text: &str, limit: usize) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if columns(&text) <= limit {
        return text;
    }
    let mut out = String::new();
    for c in text.chars() {
        if columns(&out) + 2 > limit {
            break;
        }
        out.push(c);
    }
    out + "…"
}
