//! What a terminal would obey is shown instead: names, comments and SQL come from databases and files that anybody may have written.

use std::borrow::Cow;

/// What [`super::output::style`] makes, and the help: the only escape sequences that reach a terminal.
const COLOURS: [&str; 9] = [
    "\u{1b}[0m",
    "\u{1b}[1m",
    "\u{1b}[2m",
    "\u{1b}[4m",
    "\u{1b}[31m",
    "\u{1b}[32m",
    "\u{1b}[33m",
    "\u{1b}[36m",
    "\u{1b}[90m",
];

/// Whether the character moves the cursor, changes the direction of the text, or is not seen: control characters (of ASCII, and C1),
/// separators of lines, bidirectional marks, annotations, tags.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The text for a terminal: hidden characters as Rust's escapes (`\u{202e}`, `\r`). Lines, tabs and our own colours stay.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(|c| is_hidden(c) && !matches!(c, '\n' | '\t')) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(colour) = COLOURS.iter().find(|colour| rest.starts_with(**colour)) {
            shown.push_str(colour);
            rest = &rest[colour.len()..];
            continue;
        }
        if is_hidden(c) && !matches!(c, '\n' | '\t') {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
        rest = &rest[c.len_utf8()..];
    }
    Cow::Owned(shown)
}

/// The text as a part of one line: every hidden character is escaped, line breaks and colours as well.
pub(super) fn visible_line(text: &str) -> String {
    let shown = |c: char| if is_hidden(c) { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(shown).collect()
}

/// JSON text that says the same without hidden characters: they can stand in its strings alone, as `\u202e`.
pub(super) fn visible_json(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    for c in json.chars() {
        if is_hidden(c) && c != '\n' {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                shown.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::{is_hidden, visible, visible_json, visible_line};
    use crate::cli::output::style;

    const HOSTILE: &str =
        "a\u{1b}[31mb\u{1b}]0;t\u{7}c\rd\u{85}e\u{9b}2Jf\u{202e}g\u{2066}h\u{200f}i\u{c}j\u{8}k\u{feff}l\u{e0041}";

    #[test]
    fn nothing_is_obeyed_but_our_own_colours() {
        let shown = visible(HOSTILE);
        assert!(!shown.contains(|c| is_hidden(c) && c != '\u{1b}'), "{shown:?}");
        assert_eq!(shown.matches('\u{1b}').count(), 1, "{shown:?}");
        let line = visible_line(HOSTILE);
        assert!(
            !line.contains(is_hidden)
                && line.contains("\\u{1b}[31mb\\u{1b}]0;t\\u{7}c\\rd\\u{85}e\\u{9b}2Jf\\u{202e}g"),
            "{line}"
        );
        for coloured in [
            style::good("x"),
            style::bad("x"),
            style::warn("x"),
            style::faint("x"),
            style::strong("x"),
            style::change("x"),
        ] {
            assert_eq!(visible(&coloured), coloured);
        }
        assert_eq!(visible("one\ttwo\nthree ü 🙂"), "one\ttwo\nthree ü 🙂");
    }

    #[test]
    fn json_stays_the_same_json() {
        let json = serde_json::to_string(HOSTILE).expect("a text");
        let shown = visible_json(&json);
        assert!(!shown.contains(is_hidden), "{shown}");
        assert_eq!(serde_json::from_str::<String>(&shown).expect("JSON"), HOSTILE);
    }
}
