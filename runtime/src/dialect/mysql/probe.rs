//! What a server prints of a temporary table, `SHOW CREATE TABLE`, as the expressions that are in it.

use super::text::{name_of, tokenize, without_parentheses};
use super::{defaults, types};
use crate::model::sql::Token;
use std::collections::BTreeMap;

/// The server's words for the expressions of a table.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Printed {
    /// By column.
    pub(super) defaults: BTreeMap<String, String>,
    /// By column.
    pub(super) generated: BTreeMap<String, String>,
    /// By name.
    pub(super) checks: BTreeMap<String, String>,
    /// By name: the expressions among its parts, in order.
    pub(super) indexes: BTreeMap<String, Vec<String>>,
}

/// Words that end the default of a column.
const ENDS: [&str; 6] = ["ON", "COMMENT", "CHECK", "AUTO_INCREMENT", "INVISIBLE", "COLUMN_FORMAT"];

/// Reads a definition; what is not understood is left out.
pub(super) fn read(sql: &str) -> Printed {
    let tokens = tokenize(sql);
    let mut printed = Printed::default();
    let Some(open) = tokens.iter().position(|token| token.is_symbol("(")) else { return printed };
    let Some(close) = closing(&tokens, open) else { return printed };
    for item in split(&tokens[open + 1..close]) {
        let Some(first) = item.first() else { continue };
        if first.text.starts_with('`') {
            column(sql, item, &mut printed);
        } else if first.is("CONSTRAINT") {
            let name = item.get(1).and_then(name_of).unwrap_or_default();
            let at = item.iter().position(|token| token.is("CHECK"));
            if let Some(check) = at.and_then(|at| enclosed(sql, item, at + 1)) {
                printed.checks.insert(name, check);
            }
        } else if let Some(at) = item.iter().position(|token| token.is("KEY")) {
            let name = item.get(at + 1).and_then(name_of).unwrap_or_default();
            let Some(open) = item.iter().position(|token| token.is_symbol("(")) else { continue };
            let Some(close) = closing(item, open) else { continue };
            let parts = split(&item[open + 1..close]);
            let expressions = parts.into_iter().filter_map(|part| enclosed(sql, part, 0));
            printed.indexes.insert(name, expressions.collect());
        }
    }
    printed
}

fn column(sql: &str, item: &[Token<'_>], printed: &mut Printed) {
    let Some(name) = item.first().and_then(name_of) else { return };
    let outside = outside(item);
    let at = |word: &str| outside.iter().copied().find(|&at| item[at].is(word));
    if let Some(generated) = at("GENERATED").and_then(|_| at("AS")).and_then(|at| enclosed(sql, item, at + 1)) {
        printed.generated.insert(name, generated);
        return;
    }
    let Some(default) = at("DEFAULT") else { return };
    let end = outside.iter().copied().find(|&at| at > default && ENDS.iter().any(|word| item[at].is(word)));
    let last = end.unwrap_or(item.len()).saturating_sub(1);
    let (Some(from), Some(to)) = (item.get(default + 1), item.get(last)) else { return };
    let ends_type = ["NOT", "NULL", "DEFAULT", "COLLATE", "CHARACTER"];
    let type_end = outside.iter().copied().find(|&at| at > 0 && ends_type.iter().any(|word| item[at].is(word)));
    let ty = match (item.get(1), type_end.and_then(|at| item.get(at.saturating_sub(1)))) {
        (Some(from), Some(to)) => types::normal(sql.get(from.start..to.end()).unwrap_or_default()),
        _ => String::new(),
    };
    let written = sql.get(from.start..to.end()).unwrap_or_default();
    if let Some(default) = defaults::normal(written, &ty) {
        printed.defaults.insert(name, default);
    }
}

/// The positions of the tokens that are between no parentheses.
fn outside(tokens: &[Token<'_>]) -> Vec<usize> {
    let mut depth = 0_i32;
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.is_symbol(")") {
            depth -= 1;
        }
        if depth == 0 {
            found.push(at);
        }
        if token.is_symbol("(") {
            depth += 1;
        }
    }
    found
}

/// What stands in the parentheses that open there.
fn enclosed(sql: &str, tokens: &[Token<'_>], open: usize) -> Option<String> {
    tokens.get(open).filter(|token| token.is_symbol("("))?;
    let close = closing(tokens, open)?;
    let inside = sql.get(tokens[open].end()..tokens[close].start)?;
    Some(without_parentheses(inside).to_owned())
}

fn closing(tokens: &[Token<'_>], open: usize) -> Option<usize> {
    let mut depth = 0_i32;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        depth += i32::from(token.is_symbol("(")) - i32::from(token.is_symbol(")"));
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// Between the commas that are between no parentheses.
fn split<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let mut items = Vec::new();
    let mut start = 0;
    for at in outside(tokens) {
        if tokens[at].is_symbol(",") {
            items.push(&tokens[start..at]);
            start = at + 1;
        }
    }
    items.push(&tokens[start..]);
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_servers_print_is_read() {
        let mysql = "CREATE TEMPORARY TABLE `t` (
  `id` bigint NOT NULL DEFAULT '5',
  `n` varchar(20) COLLATE utf8mb4_bin NOT NULL DEFAULT 'a,''(b' COMMENT 'x DEFAULT 1',
  `g` int GENERATED ALWAYS AS ((`a` + 1)) VIRTUAL,
  `at` datetime(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
  `d` date DEFAULT (curdate()),
  KEY `i0` ((lower(`n`)),`id` DESC),
  CONSTRAINT `c0` CHECK (((`id` > 0) and (`n` <> _utf8mb4'x')))
) ENGINE=InnoDB";
        let printed = read(mysql);
        let pairs = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
        };
        assert_eq!(
            printed.defaults,
            pairs(&[("at", "CURRENT_TIMESTAMP(6)"), ("d", "(curdate())"), ("id", "5"), ("n", "'a,''(b'")])
        );
        assert_eq!(printed.generated, pairs(&[("g", "`a` + 1")]));
        assert_eq!(printed.checks, pairs(&[("c0", "(`id` > 0) and (`n` <> _utf8mb4'x')")]));
        assert_eq!(printed.indexes["i0"], ["lower(`n`)"]);
        let mariadb = "CREATE TEMPORARY TABLE `t` (`b` binary(16) DEFAULT unhex(replace(uuid(),'-','')), `c` int(11) DEFAULT (`a` + 1), `e` int(10) unsigned DEFAULT NULL)";
        assert_eq!(read(mariadb).defaults, pairs(&[("b", "(unhex(replace(uuid(),'-','')))"), ("c", "(`a` + 1)")]));
    }
}
