//! What MySQL and MariaDB have of their own in the queries of a data check.

use super::text::{quote, quote_text, tokenize};
use super::{Mysql, casts};
use crate::catalog::{Column, ForeignKey, Name};
use crate::dialect::sql::checks::{CheckSql, LONGEST_SAMPLE, pairs};

impl CheckSql for Mysql {
    fn quote(&self, name: &str) -> String {
        quote(name)
    }

    fn quote_text(&self, text: &str) -> String {
        quote_text(text)
    }

    fn table(&self, name: &Name) -> String {
        self.qualified(name)
    }

    fn concat(&self, parts: &[String]) -> String {
        format!("concat({})", parts.join(", "))
    }

    /// Numbers are bare, everything else is between quotes; bytes are given in hex.
    fn sample(&self, value: &str) -> String {
        let text = format!("CAST({value} AS CHAR)");
        let cut =
            format!("concat(left({text}, {LONGEST_SAMPLE}), if(char_length({text}) > {LONGEST_SAMPLE}, '…', ''))");
        format!(
            "CASE WHEN {value} IS NULL THEN 'NULL' WHEN {text} REGEXP '^-?[0-9]+([.][0-9]+)?$' AND charset({value}) = 'binary' THEN {text} \
             WHEN charset({value}) = 'binary' AND {text} IS NULL THEN concat('x''', left(lower(hex({value})), {LONGEST_SAMPLE}), '''') ELSE concat('''', {cut}, '''') END"
        )
    }

    fn lost(&self, value: &str, from: &Column, to: &Column, lossy: bool) -> String {
        let converts = if lossy { casts::converts_or_rounds } else { casts::converts };
        format!("NOT coalesce({}, 0)", converts(value, from, to))
    }

    fn default(&self, column: &Column) -> Option<String> {
        column.default.as_ref().map(|default| default.text.clone())
    }

    fn equal(&self, _key: &ForeignKey, _target: &str, parent: &str, child: &str) -> String {
        format!("{parent} = {child}")
    }

    fn violation(&self, sql: &str) -> String {
        let named = names(sql);
        if named.is_empty() { "''".to_owned() } else { self.concat(&pairs(self, &named)) }
    }
}

/// The columns that an expression names between quotes.
fn names(sql: &str) -> Vec<String> {
    let tokens = tokenize(sql);
    let mut names: Vec<String> =
        tokens.iter().filter(|token| token.text.starts_with('`')).filter_map(super::text::name_of).collect();
    names.sort();
    names.dedup();
    names
}
