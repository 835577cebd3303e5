//! Views that are built from other models.

use super::{Full, Tables, check_name};
use crate::descriptor::Aggregate;
use crate::model::{ColumnRef, Condition, Operand, Query, Schema, Source, Table, View};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The queries of all views.
pub(super) fn check(schema: &Schema, tables: &Tables<'_>, problems: &mut Vec<String>) {
    if schema.views.iter().all(|view| view.query.is_none()) {
        return;
    }
    let views: Views<'_> =
        schema.views.iter().enumerate().map(|(at, view)| (key(&view.schema, &view.name), at)).collect();
    for view in &schema.views {
        let Some(query) = &view.query else { continue };
        let sources = query.sources().map(|source| {
            let key = key(&source.schema, &source.name);
            let view = || views.get(&key).map(|at| Model::View(&schema.views[*at]));
            (source, tables.get(&key).map(|table| Model::Table(table)).or_else(view))
        });
        let at = Full(view.schema.as_deref(), &view.name).to_string();
        Checker { query, sources: sources.collect(), at, problems }.view(view);
    }
    circles(schema, &views, problems);
}

/// The positions of the views, by namespace and name.
type Views<'a> = HashMap<(Option<&'a str>, &'a str), usize>;

fn key<'a>(schema: &'a Option<String>, name: &'a str) -> (Option<&'a str>, &'a str) {
    (schema.as_deref(), name)
}

/// What a source is.
enum Model<'a> {
    Table(&'a Table),
    View(&'a View),
}

impl Model<'_> {
    /// Whether it has that column; `None`: nobody says.
    fn has(&self, name: &str) -> Option<bool> {
        match self {
            Self::Table(table) => Some(table.columns.iter().any(|column| column.name == name)),
            Self::View(view) => {
                let names = view.column_names();
                (!names.is_empty()).then(|| names.contains(&name))
            }
        }
    }
}

struct Checker<'a> {
    query: &'a Query,
    /// What it reads; `None`: it is not in the schema.
    sources: Vec<(&'a Source, Option<Model<'a>>)>,
    /// The view's name.
    at: String,
    problems: &'a mut Vec<String>,
}

impl Checker<'_> {
    fn problem(&mut self, text: &str) {
        self.problems.push(format!("{}: {text}", self.at));
    }

    fn view(&mut self, view: &View) {
        if view.sql.is_some() {
            self.problem("it has both `sql` and `query`: leave one out");
        }
        if !view.columns.is_empty() && !view.column_names().iter().eq(view.columns.iter()) {
            self.problem("`columns` is not what `query` says: leave it out");
        }
        self.sources();
        self.columns();
        let query = self.query;
        for (at, join) in query.joins.iter().enumerate() {
            self.condition("on", &join.on, at + 2);
        }
        let all = query.joins.len() + 1;
        if let Some(filter) = &query.filter {
            self.condition("filter", filter, all);
        }
        if let Some(having) = &query.having {
            if !query.is_grouped() {
                self.problem("`having` is for queries with an aggregate: write it as `filter`");
            }
            self.condition("having", having, all);
        }
    }

    fn sources(&mut self) {
        let mut called = BTreeSet::new();
        for at in 0..self.sources.len() {
            let (source, model) = &self.sources[at];
            let (name, own) = (Full(source.schema.as_deref(), &source.name), source.called());
            if model.is_none() {
                let space = crate::registry::space_of(source.schema.as_deref(), &source.name);
                let why = match space {
                    Some(space) => format!("is in the space \"{space}\", another database: no view reads there"),
                    None => "is not in the schema: add it to `schema![..]`".to_owned(),
                };
                self.problem(&format!("it reads {name}, which {why}"));
            }
            if own.is_empty() || own.contains('\0') {
                self.problem(&format!("{name} is called {own:?} in it, which is no name: give it another `as`"));
            }
            if !called.insert(own.to_ascii_lowercase()) {
                self.problem(&format!("two of its sources are called {own}: give one of them an `as` of its own"));
            }
        }
    }

    fn columns(&mut self) {
        let query = self.query;
        if query.columns.is_empty() {
            self.problem("it has no columns: add one");
        }
        let mut names = BTreeSet::new();
        for column in &query.columns {
            check_name("the column", &column.name, self.at.clone(), self.problems);
            if !names.insert(&column.name) {
                self.problem(&format!("the column {} is named twice: name it once", column.name));
            }
            if let Some(from) = &column.column {
                self.column(from, query.joins.len() + 1);
            } else if column.aggregate != Some(Aggregate::Count) {
                self.problem(&format!("the column {} says no `column` that it comes from: add it", column.name));
            }
            if column.aggregate.is_some() && column.ty.is_none() {
                self.problem(&format!("the column {} is an aggregate and says no `type`: add it", column.name));
            }
        }
    }

    /// A column of one of the first `sources` sources.
    fn column(&mut self, column: &ColumnRef, sources: usize) {
        let found = self.sources.iter().enumerate().find(|(_, (source, _))| source.called() == column.source);
        let Some((position, (source, model))) = found else {
            return self.problem(&format!(
                "it names {}.{}, but reads no {}: join it",
                column.source, column.column, column.source
            ));
        };
        let (name, has) = (Full(source.schema.as_deref(), &source.name), model.as_ref().map(|m| m.has(&column.column)));
        if position >= sources {
            self.problem(&format!(
                "an `on` names {}.{}, which is joined after it: change the order of the joins",
                column.source, column.column
            ));
        }
        if has == Some(Some(false)) {
            self.problem(&format!(
                "{} is not a column of {name}, which it reads: name one that is, or take it out",
                column.column
            ));
        }
    }

    fn condition(&mut self, place: &str, condition: &Condition, sources: usize) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) if parts.is_empty() => {
                self.problem(&format!("an `all` or `any` in its `{place}` has no conditions: add one, or take it out"));
            }
            Condition::In { list, .. } if list.is_empty() => {
                self.problem(&format!("an `in` in its `{place}` has an empty list: add a value"));
            }
            Condition::Like { pattern, .. } => self.pattern(place, pattern),
            _ => {}
        }
        for operand in condition.operands() {
            self.operand(place, operand, sources);
        }
        for part in condition.parts() {
            self.condition(place, part, sources);
        }
    }

    fn pattern(&mut self, place: &str, pattern: &str) {
        if pattern.contains('\0') {
            self.problem(&format!("a text in its `{place}` has a NUL character: take it out"));
        }
        if pattern.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1 {
            self.problem(&format!("the pattern {pattern:?} in its `{place}` ends in a single `\\`: double it"));
        }
    }

    fn operand(&mut self, place: &str, operand: &Operand, sources: usize) {
        match operand {
            Operand::Column(_) if place == "having" => {
                self.problem("its `having` names a column of a source: name one of its own");
            }
            Operand::Column(column) => self.column(column, sources),
            Operand::Own(name) if place != "having" => {
                self.problem(&format!("its `{place}` names its own column {name}: only `having` can"));
            }
            Operand::Own(name) => {
                if !self.query.columns.iter().any(|column| column.name == *name) {
                    self.problem(&format!("its `having` names {name}, which is not one of its columns"));
                }
            }
            Operand::Text(text) if text.contains('\0') => {
                self.problem(&format!("a text in its `{place}` has a NUL character: take it out"));
            }
            Operand::Float(value) if !value.is_finite() => {
                self.problem(&format!("a number in its `{place}` is not finite"));
            }
            Operand::Text(_) | Operand::Float(_) | Operand::Int(_) | Operand::Bool(_) => {}
        }
    }
}

/// Views that read each other in a circle have no order in which they could be made.
fn circles(schema: &Schema, views: &Views<'_>, problems: &mut Vec<String>) {
    let mut open: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, query) in schema.views.iter().enumerate().filter_map(|(at, view)| Some((at, view.query.as_ref()?))) {
        let reads = query.sources().filter_map(|source| views.get(&key(&source.schema, &source.name)).copied());
        open.insert(at, reads.filter(|read| schema.views[*read].query.is_some()).collect());
    }
    // Takes out those that read nothing that is open, again and again: circles stay, and what reads them.
    loop {
        let done: Vec<usize> = (open.iter())
            .filter(|(_, reads)| !reads.iter().any(|read| open.contains_key(read)))
            .map(|(at, _)| *at)
            .collect();
        if done.is_empty() {
            break;
        }
        open.retain(|at, _| !done.contains(at));
    }
    let mut told = BTreeSet::new();
    for at in open.keys() {
        let reached = reached(&open, *at);
        if reached.contains(at) && !told.contains(at) {
            told.extend(reached);
            let view = &schema.views[*at];
            let name = Full(view.schema.as_deref(), &view.name);
            problems.push(format!("{name}: it reads itself, directly or through other views: break the circle"));
        }
    }
}

fn reached(reads: &BTreeMap<usize, Vec<usize>>, from: usize) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut next = reads.get(&from).cloned().unwrap_or_default();
    while let Some(at) = next.pop() {
        if seen.insert(at) {
            next.extend(reads.get(&at).into_iter().flatten());
        }
    }
    seen
}
