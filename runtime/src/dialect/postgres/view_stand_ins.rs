//! Whether the server takes the queries of views that come in this run, or that read what does (rule P4), and which columns they give
//! (rule V2): temporary tables and views stand in for those of the model.

use super::pending_enum_types::PendingEnumTypes;
use super::text::{Token, quote, tokenize};
use super::{Extension, Postgres, render, types};
use crate::catalog::{Catalog, Column, Name, Table, View};
use crate::change::Renames;
use crate::dialect::Lowered;
use std::collections::{BTreeMap, BTreeSet};

/// One temporary table or view.
#[derive(Debug)]
pub(super) struct StandIn {
    /// What it stands for.
    pub(super) name: Name,
    /// What makes it.
    pub(super) statement: String,
    /// What it reads of the model: without that, nothing is told of it.
    pub(super) reads: Vec<Name>,
    /// A view that the model has anew, or otherwise than the database.
    pub(super) asked: bool,
}

/// What the stand-ins are made of.
pub(super) struct Model<'a> {
    pub(super) dialect: &'a Postgres,
    pub(super) lowered: &'a Lowered,
    pub(super) live: &'a Catalog,
    pub(super) base: &'a Catalog,
    pub(super) renames: &'a Renames,
    pub(super) pending: &'a PendingEnumTypes,
    /// Dropped columns stay.
    pub(super) safe: bool,
}

impl Model<'_> {
    /// The stand-ins for these views and all that they read of the model, in the order in which they can be made.
    pub(super) fn stand_ins(&self, asked: &BTreeSet<Name>) -> Vec<StandIn> {
        let mut order = Vec::new();
        let mut seen = BTreeSet::new();
        for name in asked {
            self.visit(name, &mut seen, &mut order);
        }
        let mut called: BTreeMap<&str, usize> = BTreeMap::new();
        order.iter().for_each(|name| *called.entry(name.name.as_str()).or_default() += 1);
        let alone = |name: &&Name| called.get(name.name.as_str()) == Some(&1);
        order.iter().filter(alone).filter_map(|name| self.stand_in(name, asked.contains(name), &order)).collect()
    }

    /// Adds what the view reads before it. Views that read each other are visited once.
    fn visit(&self, name: &Name, seen: &mut BTreeSet<Name>, order: &mut Vec<Name>) {
        let mut stack = vec![(name.clone(), false)];
        while let Some((name, done)) = stack.pop() {
            if done {
                order.push(name);
            } else if seen.insert(name.clone()) {
                let read = self.lowered.catalog.views.get(&name).map(|view| self.reads(view)).unwrap_or_default();
                stack.push((name, true));
                stack.extend(read.into_iter().map(|name| (name, false)));
            }
        }
    }

    /// The tables and views of the model that the view reads.
    fn reads(&self, view: &View) -> Vec<Name> {
        let catalog = &self.lowered.catalog;
        let known = |name: &&Name| catalog.tables.contains_key(*name) || catalog.views.contains_key(*name);
        view.sql.reads.relations.iter().filter(known).cloned().collect()
    }

    fn stand_in(&self, name: &Name, asked: bool, all: &[Name]) -> Option<StandIn> {
        if let Some(view) = self.lowered.catalog.views.get(name) {
            let statement =
                format!("CREATE TEMP VIEW {} AS {}", quote(&name.name), self.over_stand_ins(&view.sql, all));
            return Some(StandIn { name: name.clone(), statement, reads: self.reads(view), asked });
        }
        let table = self.lowered.catalog.tables.get(name)?;
        let conflict = self.renames.columns.get(name).is_some_and(|changes| !changes.conflicts.is_empty());
        if conflict || self.renames.table_errors.contains_key(name) || self.lowered.errors.contains_key(name) {
            return None;
        }
        let mut columns = table.columns.clone();
        columns.extend(self.kept(table));
        let mut needed = columns.iter().filter_map(types::extension_of);
        if needed.any(|extension| self.dialect.extensions.get(extension) != Some(&Extension::Installed)) {
            return None;
        }
        for column in &mut columns {
            (column.default, column.generated, column.identity, column.comment) = (None, None, None, None);
            column.nullable = true;
        }
        let primary_key = table.primary_key.clone();
        let mut bare = Table { name: Name::new(&name.name), columns, primary_key, ..Table::default() };
        self.pending.stand_in(&mut bare);
        let statement = render::temporary(self.dialect, &name.name, &bare).into_iter().next()?;
        Some(StandIn { name: name.clone(), statement, reads: Vec::new(), asked: false })
    }

    /// Live columns that the model does not have and that stay.
    fn kept(&self, table: &Table) -> Vec<Column> {
        let Some(live) = self.renames.live_table(self.live, &table.name) else { return Vec::new() };
        let base = self.base.tables.get(&live.name).or_else(|| self.base.tables.get(&table.name));
        let kept = live.columns.iter().filter(|column| {
            let renamed = self.renames.column_after(&table.name, &column.name) != column.name;
            let managed = base.is_some_and(|base| base.column(&column.name).is_some());
            !renamed && table.column(&column.name).is_none() && (self.safe || !managed)
        });
        kept.cloned().collect()
    }

    /// The query with the temporary schema in the place of the schemas of what stands in.
    fn over_stand_ins(&self, sql: &str, all: &[Name]) -> String {
        let tokens = tokenize(sql);
        let mut out = String::with_capacity(sql.len());
        let mut copied = 0;
        for (at, token) in tokens.iter().enumerate() {
            let after = |step: usize| tokens.get(at + step);
            let dotted = after(1).is_some_and(|dot| dot.text == ".")
                && at.checked_sub(1).is_none_or(|before| tokens[before].text != ".");
            let (Some(schema), Some(relation)) = (token.name(), after(2).and_then(Token::name)) else {
                continue;
            };
            if dotted && all.iter().any(|name| name.name == relation && self.dialect.schema_of(name) == schema) {
                out.push_str(&sql[copied..token.start]);
                out.push_str("pg_temp");
                copied = token.start + token.text.len();
            }
        }
        out.push_str(&sql[copied..]);
        out
    }
}

/// Whether the server would say the same of the tables and views themselves. `made`: the names of what stands in: a function may take
/// their rows, which are of another type here.
pub(super) fn is_certain(code: Option<&str>, message: &str, made: &BTreeSet<String>) -> bool {
    match code {
        // Undefined column or table, ambiguous column, syntax, grouping.
        Some("42703" | "42P01" | "42702" | "42601" | "42803") => true,
        // Undefined function or operator.
        Some("42883") => !tokenize(message).iter().filter_map(Token::name).any(|name| made.contains(&name)),
        _ => false,
    }
}
