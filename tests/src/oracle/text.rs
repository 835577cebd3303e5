//! SQL text without what makes no difference: quotes, case of names and keywords, white space, comments, names of constraints.

/// A token of SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// A name without its quotes and a word in lower case; a text with its quotes.
    pub(super) text: String,
    /// It was between quotes: no keyword.
    pub(super) quoted: bool,
}

impl Token {
    pub(super) fn is(&self, word: &str) -> bool {
        !self.quoted && self.text == word
    }
}

pub(super) fn tokens(sql: &str) -> Vec<Token> {
    let chars: Vec<char> = sql.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        let next = chars.get(at + 1).copied();
        if c.is_whitespace() {
            at += 1;
        } else if c == '-' && next == Some('-') {
            at += chars[at..].iter().position(|c| *c == '\n').unwrap_or(chars.len() - at);
        } else if c == '/' && next == Some('*') {
            at += 2;
            while at < chars.len() && !(chars[at] == '*' && chars.get(at + 1) == Some(&'/')) {
                at += 1;
            }
            at += 2;
        } else if matches!(c, '\'' | '"' | '`' | '[') {
            let close = if c == '[' { ']' } else { c };
            let mut text = String::new();
            at += 1;
            while at < chars.len() {
                if chars[at] == close && close != ']' && chars.get(at + 1) == Some(&close) {
                    at += 1;
                } else if chars[at] == close {
                    break;
                }
                text.push(chars[at]);
                at += 1;
            }
            at += 1;
            let text = if c == '\'' { format!("'{text}'") } else { text.to_ascii_lowercase() };
            found.push(Token { text, quoted: true });
        } else if is_word(c) {
            let start = at;
            while at < chars.len() && is_word(chars[at]) {
                at += 1;
            }
            let text: String = chars[start..at].iter().collect();
            found.push(Token { text: text.to_ascii_lowercase(), quoted: false });
        } else {
            found.push(Token { text: c.to_string(), quoted: false });
            at += 1;
        }
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '.') || !c.is_ascii()
}

/// One form for an expression.
pub(super) fn expression(tokens: &[Token]) -> String {
    let mut tokens = tokens;
    while tokens.len() > 2 && tokens[0].is("(") && closing(tokens, 0) == tokens.len() - 1 {
        tokens = &tokens[1..tokens.len() - 1];
    }
    tokens.iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// The position of the parenthesis that closes the one at `open`.
pub(super) fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.is("(") {
            depth += 1;
        } else if token.is(")") {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        }
    }
    tokens.len().saturating_sub(1)
}

/// What the text of a table says beyond what the pragmas tell.
#[derive(Debug, Default)]
pub(super) struct TableText {
    pub(super) checks: Vec<String>,
    pub(super) uniques: Vec<String>,
    pub(super) options: Vec<String>,
    /// By lower-case name: collation, generation, AUTOINCREMENT.
    pub(super) clauses: Vec<(String, Vec<String>)>,
}

pub(super) fn table(sql: &str) -> TableText {
    let tokens = tokens(sql);
    let mut text = TableText::default();
    let Some(open) = tokens.iter().position(|token| token.is("(")) else { return text };
    let close = closing(&tokens, open);
    let mut part = Vec::new();
    let mut depth = 0;
    for token in &tokens[open + 1..close] {
        depth += i32::from(token.is("(")) - i32::from(token.is(")"));
        if depth == 0 && token.is(",") {
            definition(&std::mem::take(&mut part), &mut text);
        } else {
            part.push(token.clone());
        }
    }
    definition(&part, &mut text);
    let mut word = Vec::new();
    for token in tokens.iter().skip(close + 1).chain([&Token { text: ",".into(), quoted: false }]) {
        if token.is(",") {
            text.options.push(expression(&std::mem::take(&mut word)));
        } else {
            word.push(token.clone());
        }
    }
    text.options.retain(|option| !option.is_empty());
    text.options.sort();
    text.checks.sort();
    text.uniques.sort();
    text
}

fn definition(part: &[Token], text: &mut TableText) {
    let rest = if part.first().is_some_and(|t| t.is("constraint")) { part.get(2..).unwrap_or_default() } else { part };
    let Some(first) = rest.first() else { return };
    if first.is("check") {
        text.checks.push(expression(&rest[1..]));
    } else if first.is("unique") {
        text.uniques.push(expression(rest));
    } else if !(first.is("primary") || first.is("foreign")) {
        let clauses = clauses(&rest[1..], text);
        text.clauses.push((first.text.clone(), clauses));
    }
}

const STARTS: &[&str] =
    &["constraint", "primary", "not", "null", "unique", "check", "default", "collate", "references", "generated", "as"];

fn clauses(tokens: &[Token], text: &mut TableText) -> Vec<String> {
    let mut found = Vec::new();
    let is_start = |token: &Token| STARTS.iter().any(|word| token.is(word));
    let mut at = tokens.iter().position(is_start).unwrap_or(tokens.len());
    while at < tokens.len() {
        let token = &tokens[at];
        let mut end = at + 1;
        if token.is("references") {
            break;
        } else if token.is("constraint") {
            at += 2;
            continue;
        } else if token.is("not") || token.is("generated") {
            end += if token.is("not") { 1 } else { 2 };
        } else if token.is("default") {
            end += 1 + usize::from(tokens.get(end).is_some_and(|t| t.is("-") || t.is("+")));
        }
        if tokens.get(end - 1).is_some_and(|t| t.is("(")) {
            end = closing(tokens, end - 1) + 1;
        }
        while end < tokens.len() && !is_start(&tokens[end]) {
            if tokens[end].is("(") {
                end = closing(tokens, end);
            }
            end += 1;
        }
        let clause = &tokens[at..end.min(tokens.len())];
        if token.is("check") {
            text.checks.push(expression(&clause[1..]));
        } else if token.is("primary") {
            if clause.iter().any(|token| token.is("autoincrement")) {
                found.push("autoincrement".to_owned());
            }
        } else if !(token.is("not") || token.is("null") || token.is("default")) {
            found.push(expression(clause).replace("generated always as", "as"));
        }
        at = end;
    }
    found.sort();
    found
}
