//! What an expression reads, told from its tokens.

use super::Mysql;
use super::text::{name_of, text_of, tokenize};
use crate::catalog::{Reads, Table};
use crate::dialect::sql::sources::{Piece, sources};
use crate::model::sql::{Kind, Token};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What the expression over the columns of that table reads; without a table: the query of a view.
pub(crate) fn read(dialect: &Mysql, table: Option<&Table>, sql: &str) -> Reads {
    let tokens = tokenize(sql);
    let functions: BTreeSet<String> = functions(&tokens);
    let literals: BTreeSet<String> =
        tokens.iter().filter(|token| token.kind == Kind::Text).filter_map(|token| text_of(token.text)).collect();
    let mut reads = Reads {
        literals: literals.into_iter().collect(),
        volatile: functions.iter().any(|name| VOLATILE.contains(&name.as_str())),
        functions: functions.into_iter().collect(),
        ..Reads::default()
    };
    match table {
        Some(table) => {
            let named: BTreeSet<String> = names(&tokens).map(|name| name.to_lowercase()).collect();
            let read = table.columns.iter().map(|column| &column.name);
            let read: BTreeSet<String> = read.filter(|name| named.contains(&name.to_lowercase())).cloned().collect();
            reads.columns = read.into_iter().collect();
        }
        None => {
            let found = sources(&pieces(&tokens));
            let names = found.into_iter().map(|source| dialect.full_name(source.schema.as_deref(), &source.name));
            reads.relations = names.collect::<BTreeSet<_>>().into_iter().collect();
        }
    }
    reads
}

/// Functions that may give each row another value.
const VOLATILE: [&str; 7] = ["uuid", "uuid_short", "uuid_v4", "uuid_v7", "rand", "random_bytes", "sys_guid"];

fn calls(tokens: &[Token<'_>], at: usize) -> bool {
    tokens[at].kind == Kind::Word && tokens.get(at + 1).is_some_and(|next| next.is_symbol("("))
}

/// The names that can be columns.
fn names<'t>(tokens: &'t [Token<'_>]) -> impl Iterator<Item = String> + 't {
    let is_name = |at: &usize| !calls(tokens, *at);
    (0..tokens.len()).filter(is_name).filter_map(|at| name_of(&tokens[at]))
}

fn functions(tokens: &[Token<'_>]) -> BTreeSet<String> {
    const NOT_FUNCTIONS: [&str; 12] =
        ["in", "and", "or", "not", "as", "on", "when", "then", "else", "over", "values", "exists"];
    let called = (0..tokens.len()).filter(|at| calls(tokens, *at)).map(|at| tokens[at].text.to_lowercase());
    called.filter(|name| !NOT_FUNCTIONS.contains(&name.as_str())).collect()
}

fn pieces<'a>(tokens: &[Token<'a>]) -> Vec<Piece<'a>> {
    let piece = |token: &Token<'a>| match (token.kind, token.text) {
        (Kind::Word, text) => Piece::Word(Cow::Borrowed(text)),
        (Kind::Name, _) => Piece::Name(Cow::Owned(name_of(token).unwrap_or_default())),
        (_, "(") => Piece::Open,
        (_, ")") => Piece::Close,
        (_, ",") => Piece::Comma,
        (_, ".") => Piece::Dot,
        (_, ";") => Piece::End,
        _ => Piece::Other,
    };
    tokens.iter().map(piece).collect()
}

/// Says which columns the queries of the views read, as far as the names in them tell: of each table and view that a query reads, those
/// that it names.
pub(super) fn link(catalog: &mut crate::catalog::Catalog) {
    let mut columns: std::collections::BTreeMap<crate::catalog::Name, Vec<String>> = std::collections::BTreeMap::new();
    for table in catalog.tables.values() {
        columns.insert(table.name.clone(), table.columns.iter().map(|column| column.name.clone()).collect());
    }
    for view in catalog.views.values() {
        columns.insert(view.name.clone(), view.columns.clone());
    }
    for view in catalog.views.values_mut() {
        let tokens = tokenize(&view.sql.text);
        let named: BTreeSet<String> = names(&tokens).map(|name| name.to_lowercase()).collect();
        let mut found = BTreeSet::new();
        for relation in &view.sql.reads.relations {
            let of = columns.get(relation).into_iter().flatten().filter(|name| named.contains(&name.to_lowercase()));
            found.extend(of.map(|name| (relation.clone(), name.clone())));
        }
        view.sql.reads.relation_columns = found.into_iter().collect();
    }
}
