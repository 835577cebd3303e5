//! Annotations of GitHub Actions: `::warning title=drops-column::users loses column "bio" with 3 values`.

use crate::cli::visible::is_hidden;
use crate::plan::text::summary;
use crate::plan::{Entry, EntryKind, Finding, Plan};
use crate::sync::Level;

/// A line for each error and finding, and one that says what the plan does.
pub(in crate::cli) fn annotations(plan: &Plan, findings: &[(Level, Finding)]) -> String {
    let mut lines = String::new();
    for entry in &plan.entries {
        let level = if entry.kind() == EntryKind::ExternalView { "warning" } else { "error" };
        for error in &entry.errors {
            lines.push_str(&annotation(level, "schemasync", &format!("{}: {error}", entry.name())));
        }
    }
    for (level, finding) in findings {
        let level = if *level == Level::Deny { "error" } else { "warning" };
        let message = format!("{} {}", finding.object.name, finding.message);
        lines.push_str(&annotation(level, finding.rule.name(), &message));
    }
    let said = match (plan.superseded, plan.steps.is_empty()) {
        (true, _) => "the database has left these models behind".to_owned(),
        (false, true) => "nothing to do".to_owned(),
        (false, false) => summary(&plan.entries as &[Entry]),
    };
    lines + &annotation("notice", "schemasync plan", &said)
}

/// What ends a property or a message is escaped as the workflow commands want it; what a terminal would obey, as Rust's escapes.
fn annotation(level: &str, title: &str, message: &str) -> String {
    let mut text = String::new();
    for c in message.chars() {
        match c {
            '%' => text.push_str("%25"),
            '\r' => text.push_str("%0D"),
            '\n' => text.push_str("%0A"),
            c if is_hidden(c) => text.extend(c.escape_default()),
            c => text.push(c),
        }
    }
    format!("::{level} title={title}::{text}\n")
}

#[cfg(test)]
mod tests {
    use super::annotation;

    #[test]
    fn a_message_cannot_end_its_line() {
        let line = annotation("error", "drops-column", "100 %\n::set-output::\u{202e}");
        assert_eq!(line, "::error title=drops-column::100 %25%0A::set-output::\\u{202e}\n");
    }
}
