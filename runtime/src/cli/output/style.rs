//! Colours by meaning.

use anstyle::{AnsiColor, Style};

fn paint(style: Style, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{style}{text}{style:#}") }
}

/// Comes, or is as it shall be.
pub(in crate::cli) fn good(text: &str) -> String {
    paint(AnsiColor::Green.on_default(), text)
}

/// Changes.
pub(in crate::cli) fn change(text: &str) -> String {
    paint(AnsiColor::Cyan.on_default(), text)
}

/// Look here.
pub(in crate::cli) fn warn(text: &str) -> String {
    paint(AnsiColor::Yellow.on_default(), text)
}

/// Goes, or failed.
pub(in crate::cli) fn bad(text: &str) -> String {
    paint(AnsiColor::Red.on_default().bold(), text)
}

/// Names.
pub(in crate::cli) fn strong(text: &str) -> String {
    paint(Style::new().bold(), text)
}

/// What can be passed over.
pub(in crate::cli) fn faint(text: &str) -> String {
    paint(Style::new().dimmed(), text)
}

/// The symbol in its colour.
pub(in crate::cli) fn symbol(symbol: char) -> String {
    let text = symbol.to_string();
    match symbol {
        '+' | '✓' => good(&text),
        '~' => change(&text),
        '!' => warn(&text),
        '-' | '✗' => bad(&text),
        _ => text,
    }
}
