//! SQL text as tokens, for the dumps: independent of the library's own parser.

/// One token: words are in lower case unless quoted, quotes around simple names are taken off.
pub(crate) fn tokens(sql: &str) -> Vec<String> {
    let chars: Vec<char> = sql.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        let start = at;
        match c {
            _ if c.is_whitespace() => at += 1,
            '-' if chars.get(at + 1) == Some(&'-') => {
                while at < chars.len() && chars[at] != '\n' {
                    at += 1;
                }
            }
            '/' if chars.get(at + 1) == Some(&'*') => {
                at += 2;
                while at < chars.len() && !(chars[at - 1] == '*' && chars[at] == '/' && at > start + 2) {
                    at += 1;
                }
                at += 1;
            }
            '\'' | '"' | '`' | '[' => {
                let close = if c == '[' { ']' } else { c };
                let mut text = String::new();
                at += 1;
                while at < chars.len() {
                    if chars[at] == close {
                        if c != '[' && chars.get(at + 1) == Some(&close) {
                            at += 1;
                        } else {
                            break;
                        }
                    }
                    text.push(chars[at]);
                    at += 1;
                }
                at += 1;
                tokens.push(if c == '\'' { format!("'{}'", text.replace('\'', "''")) } else { name(&text) });
            }
            _ if c.is_alphanumeric() || c == '_' || c == '.' => {
                while at < chars.len() && (chars[at].is_alphanumeric() || matches!(chars[at], '_' | '.' | '$')) {
                    at += 1;
                }
                tokens.push(chars[start..at].iter().collect::<String>().to_lowercase());
            }
            _ => {
                at += 1;
                tokens.push(c.to_string());
            }
        }
    }
    tokens
}

/// A quoted name without its quotes, where nothing is lost by that.
fn name(text: &str) -> String {
    let simple = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && text.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    if simple { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

/// Tokens with one space between them.
pub(crate) fn normal(sql: &str) -> String {
    tokens(sql).join(" ")
}

/// What stands between the outer parentheses of `CREATE TABLE x (…) …`, split at its commas, and what follows.
pub(crate) fn definitions(sql: &str) -> (Vec<Vec<String>>, Vec<String>) {
    let tokens = tokens(sql);
    let Some(open) = tokens.iter().position(|token| token == "(") else { return (Vec::new(), Vec::new()) };
    let mut depth = 0;
    let mut items = vec![Vec::new()];
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (items, tokens[at + 1..].to_vec());
        }
        if depth == 1 && token == "," {
            items.push(Vec::new());
        } else if !(depth == 1 && at == open) {
            items.last_mut().expect("never empty").push(token.clone());
        }
    }
    (items, Vec::new())
}

/// What stands in the parentheses after that word, every time that it stands there.
pub(crate) fn after(item: &[String], word: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in item.iter().enumerate().filter(|(_, token)| *token == word) {
        let mut depth = 0;
        let mut inner = Vec::new();
        for token in &item[at + 1..] {
            match token.as_str() {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            inner.push(token.clone());
        }
        if !inner.is_empty() {
            found.push(inner[1..].join(" "));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_is_no_difference_and_meaning_is() {
        assert_eq!(normal("CREATE  TABLE \"a\" ( [x] int ) -- note"), normal("create table a(x INT)"));
        assert_ne!(normal("DEFAULT 'A'"), normal("DEFAULT 'a'"));
        assert_ne!(normal("\"A\""), normal("\"a\""));
        let (items, rest) = definitions("CREATE TABLE t (a INT DEFAULT (1 + (2)), CHECK (a > 0), b TEXT) STRICT");
        assert_eq!(items.len(), 3);
        assert_eq!(after(&items[1], "check"), ["a > 0"]);
        assert_eq!(rest, ["strict"]);
    }
}
