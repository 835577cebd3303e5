//! `*` in the query of a view: the columns that the model has, in its order (rule V2).
//!
//! A database writes down what `*` was when the view was made, or asks again whenever it is read; either way history would decide what the
//! view has. So it is expanded against the desired tables and views before anything is compared. What cannot be expanded is refused.

mod query;

use crate::catalog::{Catalog, Expression, Name};
use crate::dialect::{Dialect, Lowered, NameKind};
use crate::model::sql::{Kind, Lexer, Token};
use std::collections::{BTreeMap, BTreeSet};

/// Names of columns, or why they are not known, in words.
type Columns = Result<Vec<String>, String>;

/// How a database reads names.
#[derive(Clone, Copy)]
pub(crate) struct Syntax<'a> {
    pub(crate) dialect: &'a dyn Dialect,
    pub(crate) lexer: &'a Lexer,
    /// A name without quotes is read in lower case.
    pub(crate) folds_words: bool,
    /// The only schema that there is, where there are no others.
    pub(crate) only_schema: Option<&'a str>,
    /// No two columns of a view have one name.
    pub(crate) unique_columns: bool,
    /// The query of a view as the catalog holds it.
    pub(crate) query_of: fn(&str) -> Option<&str>,
}

impl Syntax<'_> {
    /// The name that a token says; `None`: it is none.
    fn identifier(&self, token: &Token<'_>) -> Option<String> {
        match token.kind {
            Kind::Word if self.folds_words => Some(token.text.to_lowercase()),
            Kind::Word => Some(token.text.to_owned()),
            Kind::Name => {
                let inside = token.text.get(1..token.text.len().checked_sub(1)?)?;
                let quote = token.text.get(..1)?;
                Some(if quote == "[" { inside.to_owned() } else { inside.replace(&quote.repeat(2), quote) })
            }
            _ => None,
        }
    }

    /// The key of a table, a view, a schema, or a name that a query gives one.
    fn fold(&self, name: &str) -> String {
        self.dialect.fold(NameKind::Relation, name).into_owned()
    }

    /// A name that two of the columns have.
    fn repeated<'c>(&self, columns: &'c [String]) -> Option<&'c String> {
        let mut seen = BTreeSet::new();
        columns.iter().find(|name| !seen.insert(self.dialect.fold(NameKind::Column, name)))
    }

    fn are_distinct(&self, columns: &[String]) -> bool {
        self.repeated(columns).is_none()
    }
}

/// Expands `*` in the desired views. One that cannot be expanded becomes an error of its view.
///
/// `read`: the expanded query of the view of that name, with what it reads.
pub(crate) fn expand(
    syntax: Syntax<'_>,
    lowered: &mut Lowered,
    live: &Catalog,
    read: &dyn Fn(&Name, String) -> Expression,
) {
    let has_star =
        |sql: &str| sql.contains('*') || sql.split_whitespace().any(|word| word.eq_ignore_ascii_case("table"));
    if !lowered.catalog.views.values().any(|view| has_star(&view.sql)) {
        return;
    }
    let mut resolver = Resolver::new(syntax, &lowered.catalog, Some(live));
    let names: Vec<Name> = lowered.catalog.views.keys().cloned().collect();
    for name in &names {
        // What is wrong with it is kept with it.
        drop(resolver.view(name));
    }
    let expanded = resolver.views;
    for (name, view) in expanded {
        let Some(desired) = lowered.catalog.views.get_mut(&name) else { continue };
        if view.errors.is_empty() {
            if view.sql != desired.sql.text {
                let sql = kept(syntax, live, &name, &view.sql).unwrap_or(view.sql);
                desired.sql = read(&name, sql);
                desired.columns = view.columns.ok().filter(|names| syntax.are_distinct(names)).unwrap_or_default();
            }
            continue;
        }
        let errors = lowered.errors.entry(name.clone()).or_default();
        errors.extend(
            view.errors
                .into_iter()
                .map(|error| format!("`*` in the query of \"{name}\" cannot be expanded: {error}; name the columns")),
        );
    }
}

/// The query of the live view, where it holds a `*` that means the same at this moment: nobody has to make it again.
fn kept(syntax: Syntax<'_>, live: &Catalog, name: &Name, desired: &str) -> Option<String> {
    let key = syntax.fold(&name.name);
    let (_, view) =
        live.views.iter().find(|(other, _)| other.schema == name.schema && syntax.fold(&other.name) == key)?;
    let query = (syntax.query_of)(&view.sql)?;
    let mut resolver = Resolver::new(syntax, live, Some(live));
    let expanded = resolver.expand(query);
    let is_same = expanded.errors.is_empty() && syntax.dialect.same_query(&expanded.sql, desired);
    (is_same && expanded.sql != query).then(|| query.to_owned())
}

/// A query after its expansion.
#[derive(Debug, Clone)]
struct Expanded {
    sql: String,
    columns: Columns,
    errors: Vec<String>,
}

/// Knows the columns of tables and views.
struct Resolver<'a> {
    syntax: Syntax<'a>,
    /// Of these, the queries of views tell their columns.
    catalog: &'a Catalog,
    /// Of these, the database does.
    live: Option<&'a Catalog>,
    /// Names by their folded form.
    names: BTreeMap<Name, &'a Name>,
    views: BTreeMap<Name, Expanded>,
    open: BTreeSet<Name>,
}

impl<'a> Resolver<'a> {
    fn new(syntax: Syntax<'a>, catalog: &'a Catalog, live: Option<&'a Catalog>) -> Self {
        let all = catalog.tables.keys().chain(catalog.views.keys());
        let names = all.map(|name| (folded(syntax, name), name)).collect();
        Self { syntax, catalog, live, names, views: BTreeMap::new(), open: BTreeSet::new() }
    }

    /// The columns of a desired view, which is expanded first.
    fn view(&mut self, name: &Name) -> Columns {
        if let Some(known) = self.views.get(name) {
            return known.columns.clone();
        }
        if self.open.len() > query::DEPTH {
            return Err(format!("\"{name}\" reads views that read views, and so on, too deep"));
        }
        if !self.open.insert(name.clone()) {
            return Err(format!("\"{name}\" reads itself"));
        }
        let sql = self.catalog.views.get(name).map(|view| view.sql.text.clone()).unwrap_or_default();
        let expanded = self.expand(&sql);
        self.open.remove(name);
        let columns = expanded.columns.clone();
        self.views.insert(name.clone(), expanded);
        columns
    }

    fn expand(&mut self, sql: &str) -> Expanded {
        let lexer = self.syntax.lexer;
        match lexer.tokenize(sql) {
            Ok(tokens) => query::expand(self, sql, &tokens.list),
            Err(_) => {
                Expanded { sql: sql.to_owned(), columns: Err("it cannot be read".to_owned()), errors: Vec::new() }
            }
        }
    }

    /// The columns of what a query calls so.
    fn relation(&mut self, schema: Option<&str>, name: &str) -> Columns {
        let unknown = || Err(format!("nothing is known of \"{name}\", which it reads"));
        if let (Some(schema), Some(only)) = (schema, self.syntax.only_schema)
            && !schema.eq_ignore_ascii_case(only)
        {
            return unknown();
        }
        let full = self.syntax.dialect.name_of(schema, name);
        let key = folded(self.syntax, &full);
        if let Some(&known) = self.names.get(&key) {
            return match self.catalog.tables.get(known) {
                Some(table) => Ok(table.columns.iter().map(|column| column.name.clone()).collect()),
                None if self.is_live() => self.live_columns(&key).unwrap_or_else(unknown),
                None => self.view(known),
            };
        }
        self.live_columns(&key).unwrap_or_else(unknown)
    }

    /// Whether the catalog is that of the database itself.
    fn is_live(&self) -> bool {
        self.live.is_some_and(|live| std::ptr::eq(live, self.catalog))
    }

    fn live_columns(&self, key: &Name) -> Option<Columns> {
        let live = self.live?;
        let is_it = |name: &Name| folded(self.syntax, name) == *key;
        let table = live.tables.values().find(|table| is_it(&table.name));
        if let Some(table) = table {
            return Some(match &table.opaque {
                Some(reason) => Err(format!("\"{}\" cannot be read: {reason}", table.name)),
                None => Ok(table.columns.iter().map(|column| column.name.clone()).collect()),
            });
        }
        let view = live.views.values().find(|view| is_it(&view.name)).filter(|view| !view.columns.is_empty())?;
        Some(Ok(view.columns.clone()))
    }
}

fn folded(syntax: Syntax<'_>, name: &Name) -> Name {
    Name { schema: name.schema.as_deref().map(|schema| syntax.fold(schema)), name: syntax.fold(&name.name) }
}
