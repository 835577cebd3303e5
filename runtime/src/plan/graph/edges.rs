//! The edges of the graph: what each kind of change needs of the others.

use super::Group;
use super::Strength::{Preferred, Required};
use super::nodes::StepGraph;
use crate::catalog::{Column, ForeignKey, IndexKind, Name, View};
use crate::change::Change;
use crate::plan::obstacles;
use crate::plan::types::{EntryKind, Step};
use std::collections::{BTreeMap, BTreeSet};

impl StepGraph<'_, '_> {
    /// Adds all edges but those between the steps of one entry.
    pub(super) fn connect(&mut self) {
        self.connect_names();
        for (first, then) in &self.planner.entry_order {
            let nodes: Vec<usize> =
                self.chains[*then].nodes.iter().copied().filter(|node| !self.makes_way(*node)).collect();
            for last in self.chains[*first].ends() {
                nodes.iter().for_each(|node| self.graph.edge(*last, *node, Required));
            }
        }
        for (a, b) in &self.planner.coupled {
            self.graph.couple(*a, *b);
        }
        let types = self.type_changes();
        for node in 0..self.steps.len() {
            if let Some(step) = self.steps[node].clone() {
                self.connect_step(node, &step, &types);
            }
        }
        self.connect_view_drops();
    }

    /// A rename, or the drop of a dependent: what an entry begins with, and nothing outside of it has to be done for.
    fn makes_way(&self, node: usize) -> bool {
        matches!(
            self.change(node),
            Some(
                Change::RenameTable { .. }
                    | Change::RenameColumn { .. }
                    | Change::SuspendView { .. }
                    | Change::DropForeignKey { .. }
                    | Change::SuspendForeignKey { .. }
            )
        )
    }

    /// The last changes of the types that are there after this run: a view may use any of them.
    fn type_changes(&self) -> Vec<usize> {
        let types =
            self.planner.entries.iter().zip(&self.chains).filter(|(entry, _)| entry.object.kind == EntryKind::Type);
        let stays = |node: &usize| !matches!(self.change(*node), Some(Change::DropType { .. }));
        types.flat_map(|(_, chain)| chain.ends()).copied().filter(stays).collect()
    }

    /// A name is given up before it is taken. Tables, views, indexes, keys and sequences of one schema share their names.
    fn connect_names(&mut self) {
        let mut frees: BTreeMap<Name, Vec<usize>> = BTreeMap::new();
        let mut takes: BTreeMap<Name, Vec<usize>> = BTreeMap::new();
        for node in 0..self.steps.len() {
            let Some(step) = &self.steps[node] else { continue };
            let (freed, taken) = self.names(&step.change);
            for name in freed {
                frees.entry(self.key(&name)).or_default().push(node);
            }
            for name in taken {
                takes.entry(self.key(&name)).or_default().push(node);
            }
        }
        for (name, freeing) in &frees {
            for first in freeing {
                for then in takes.get(name).into_iter().flatten() {
                    let tolerant = self.is_tolerant(*first) || self.is_tolerant(*then);
                    self.graph.edge(*first, *then, if tolerant { Preferred } else { Required });
                }
            }
        }
    }

    /// A rename that keeps the old name where the new one is taken.
    fn is_tolerant(&self, node: usize) -> bool {
        let change = self.steps[node].as_ref().map(|step| &step.change);
        matches!(change, Some(Change::RenamePrimaryKey { .. } | Change::RenameSequence { .. }))
    }

    /// The names of relations that a change gives up, and those that it takes.
    fn names(&self, change: &Change) -> (Vec<Name>, Vec<Name>) {
        match change {
            Change::CreateTable { table } => (Vec::new(), vec![table.name.clone()]),
            Change::DropTable { table } => {
                let live = self.planner.diff.live.tables.get(table);
                let indexes = live.into_iter().flat_map(|live| &live.indexes);
                let mut freed: Vec<Name> = indexes.map(|index| sibling(table, &index.name)).collect();
                freed.push(table.clone());
                (freed, Vec::new())
            }
            Change::RenameTable { from, to } => (vec![from.clone()], vec![to.clone()]),
            Change::CreateView { view } | Change::RestoreView { view } => (Vec::new(), vec![view.name.clone()]),
            Change::DropView { name, .. } => (vec![name.clone()], Vec::new()),
            Change::SuspendView { view } => (vec![view.name.clone()], Vec::new()),
            Change::CreateIndex { table, index } => (Vec::new(), vec![sibling(table, &index.name)]),
            Change::DropIndex { table, index } => (vec![sibling(table, &index.name)], Vec::new()),
            Change::RenameIndex { table, from, to }
            | Change::RenamePrimaryKey { table, from, to }
            | Change::RenameSequence { table, from, to } => (vec![sibling(table, from)], vec![sibling(table, to)]),
            Change::RebuildTable(rebuild) => {
                let ours = rebuild.from.indexes.iter().filter(|index| index.is_managed());
                (ours.map(|index| sibling(&rebuild.from.name, &index.name)).collect(), Vec::new())
            }
            _ => (Vec::new(), Vec::new()),
        }
    }

    fn connect_step(&mut self, node: usize, step: &Step, types: &[usize]) {
        if let Some(table) = altered_table(&step.change) {
            self.after_rename(table, node);
        }
        match &step.change {
            Change::AddForeignKey { table, foreign_key } | Change::RestoreForeignKey { table, foreign_key } => {
                self.after_table(table, node, true);
                self.after_table(&foreign_key.target, node, true);
            }
            Change::DropForeignKey { table, foreign_key } => {
                self.before_what_the_key_holds(node, table, foreign_key);
            }
            // What is restored is what the database holds when it goes: by then everything has its new name.
            Change::SuspendForeignKey { table, foreign_key } => {
                self.before_what_the_key_holds(node, table, foreign_key);
                self.after_rename(&foreign_key.target, node);
            }
            Change::SuspendView { view } if self.planner.dialect.capabilities().views_follow_renames => {
                view.sql.reads.relations.iter().for_each(|table| self.after_rename(table, node));
            }
            Change::CreateTable { table } => self.after_targets(node, &table.name, &table.foreign_keys),
            Change::RebuildTable(rebuild) => self.after_targets(node, &rebuild.to.name, &rebuild.to.foreign_keys),
            Change::AddColumn { table, foreign_keys, .. } => self.after_targets(node, table, foreign_keys),
            Change::DropTable { table } => {
                self.after_references(node, table);
                for dependent in obstacles::before_drop(self.planner, table) {
                    self.after_table(&dependent, node, true);
                }
            }
            Change::CreateView { view } | Change::RestoreView { view } => self.after_what_it_reads(node, view, types),
            Change::ReplaceView { view } => self.between_old_and_new(node, view, types),
            _ => {}
        }
    }

    /// The nodes of the entry of a table which no other step of that entry waits for but keys and views.
    fn chain(&self, table: &Name) -> &[usize] {
        self.planner.entry_of.get(&self.key(table)).map_or(&[], |entry| self.chains[*entry].nodes.as_slice())
    }

    fn change(&self, node: usize) -> Option<&Change> {
        self.steps[node].as_ref().map(|step| &step.change)
    }

    /// Once all is done that happens to the table.
    fn after_table(&mut self, table: &Name, node: usize, required: bool) {
        let Some(entry) = self.planner.entry_of.get(&self.key(table)) else { return };
        for last in self.chains[*entry].ends() {
            self.graph.edge(*last, node, if required { Required } else { Preferred });
        }
    }

    /// A statement that names a table which is renamed in this run names it by its new name.
    fn after_rename(&mut self, table: &Name, node: usize) {
        let renames = |change: &Change| matches!(change, Change::RenameTable { .. } | Change::RenameColumn { .. });
        let nodes: Vec<usize> = self.chain(table).to_vec();
        if nodes.contains(&node) {
            return;
        }
        for first in nodes {
            if self.change(first).is_some_and(renames) {
                self.graph.edge(first, node, Required);
            }
        }
    }

    /// A key that goes makes way for what happens to its columns on both sides.
    fn before_what_the_key_holds(&mut self, node: usize, table: &Name, key: &ForeignKey) {
        let held = |change: &Change, columns: &[String]| match change {
            Change::AlterPrimaryKey { .. } | Change::SetOption { .. } | Change::DropTable { .. } => true,
            Change::DropIndex { index, .. } => index.kind == IndexKind::Unique,
            Change::AlterColumn { to, .. } => columns.contains(&to.name),
            Change::DropColumn { column, .. } => columns.contains(column),
            _ => false,
        };
        for (table, columns) in [(&key.target, &key.target_columns), (table, &key.columns)] {
            let nodes: Vec<usize> = self.chain(table).to_vec();
            if nodes.contains(&node) {
                continue;
            }
            for then in nodes {
                if self.change(then).is_some_and(|change| held(change, columns)) {
                    self.graph.edge(node, then, Required);
                }
            }
        }
    }

    /// Where a key is part of a table's definition: it names its target as it is called after the run. A new one waits for its target; in a
    /// circle it does not.
    fn after_targets(&mut self, node: usize, table: &Name, keys: &[ForeignKey]) {
        let diff = self.planner.diff_of.get(&self.key(table)).copied();
        let own = self.key(table);
        for key in keys {
            if self.key(&key.target) == own {
                continue;
            }
            self.after_rename(&key.target, node);
            if diff.is_none_or(|diff| diff.live.is_none() || diff.foreign_keys.added.contains(key)) {
                self.after_table(&key.target, node, false);
            }
        }
    }

    /// A table goes once nothing references it any more.
    fn after_references(&mut self, node: usize, table: &Name) {
        let by_itself = self.planner.dialect.capabilities().alter_foreign_key;
        let planner = self.planner;
        for (child, key) in planner.referencing.get(&self.key(table)).into_iter().flatten() {
            if self.key(child) == self.key(table) {
                continue;
            }
            if let Some(dropped) = self.dropped_keys.get(&(self.key(child), key.name.clone())) {
                self.graph.edge(*dropped, node, Required);
                continue;
            }
            let nodes: Vec<usize> = self.chain(child).to_vec();
            for first in nodes {
                let strength = match self.change(first) {
                    Some(Change::DropTable { .. }) if !by_itself => Preferred,
                    Some(Change::DropTable { .. } | Change::RebuildTable(_)) => Required,
                    Some(Change::DropColumn { column, .. }) if key.columns.contains(column) => Required,
                    _ => continue,
                };
                self.graph.edge(first, node, strength);
            }
        }
    }

    /// A view is created once all that it reads is as it shall be.
    fn after_what_it_reads(&mut self, node: usize, view: &View, types: &[usize]) {
        for name in self.read_through(view) {
            if let Some(created) = self.created_views.get(&self.key(&name)).copied() {
                self.graph.edge(created, node, Required);
            }
            self.after_table(&name, node, true);
        }
        for last in types {
            self.graph.edge(*last, node, Required);
        }
    }

    /// What a query reads, by itself and through views that stay as they are: a table below them may come back in this run.
    fn read_through(&self, view: &View) -> Vec<Name> {
        let mut open: Vec<Name> = view.sql.reads.relations.iter().rev().cloned().collect();
        let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
        while let Some(name) = open.pop() {
            let key = self.key(&name);
            if !seen.insert(key.clone()) {
                continue;
            }
            if let Some(between) = self.planner.live_view(&key).filter(|_| !self.created_views.contains_key(&key)) {
                open.extend(between.sql.reads.relations.iter().cloned());
            }
            found.push(name);
        }
        found
    }

    /// A view that is replaced where it stands needs what its new query reads to be there, and what its old one reads to be there still.
    fn between_old_and_new(&mut self, node: usize, view: &View, types: &[usize]) {
        let comes = |change: &Change| {
            matches!(
                change,
                Change::CreateTable { .. }
                    | Change::RenameTable { .. }
                    | Change::RenameColumn { .. }
                    | Change::AddColumn { .. }
                    | Change::AlterColumn { .. }
            )
        };
        for name in self.read_through(view) {
            if let Some(created) = self.created_views.get(&self.key(&name)).copied() {
                self.graph.edge(created, node, Required);
            }
            for first in self.chain(&name).to_vec() {
                if self.change(first).is_some_and(comes) {
                    self.graph.edge(first, node, Required);
                }
            }
        }
        for last in types {
            self.graph.edge(*last, node, Required);
        }
        let planner = self.planner;
        let Some(live) = planner.live_view(&self.key(&view.name)) else { return };
        for name in &live.sql.reads.relations {
            if let Some(dropped) = self.dropped_views.get(&self.key(name)).copied() {
                self.graph.edge(node, dropped, Required);
            }
            for then in self.chain(name).to_vec() {
                let goes = match self.change(then) {
                    Some(Change::DropTable { .. }) => true,
                    Some(Change::DropColumn { column, .. }) => live.sql.reads.relation_column(name, column),
                    _ => false,
                };
                if goes {
                    self.graph.edge(node, then, Required);
                }
            }
        }
    }

    /// A view goes before what it reads goes, and before a change that the database refuses while it is there.
    fn connect_view_drops(&mut self) {
        let planner = self.planner;
        let mut tables: BTreeMap<Name, usize> = BTreeMap::new();
        let mut columns: BTreeMap<(Name, String), Vec<usize>> = BTreeMap::new();
        let (mut renames, mut types) = (Vec::new(), Vec::new());
        for node in 0..self.steps.len() {
            match self.change(node) {
                Some(Change::DropTable { table }) => drop(tables.insert(self.key(table), node)),
                Some(Change::AlterColumn { table, from, to, .. }) if is_held(from, to) => {
                    columns.entry((self.key(table), to.name.clone())).or_default().push(node);
                }
                Some(Change::DropColumn { table, column }) => {
                    columns.entry((self.key(table), column.clone())).or_default().push(node);
                    renames.push(node);
                }
                Some(Change::RenameTable { .. } | Change::RenameColumn { .. }) => renames.push(node),
                Some(Change::RenameType { to, .. }) if planner.types.supersedes(to) => types.push(node),
                _ => {}
            }
        }
        let capabilities = planner.dialect.capabilities();
        let (views_block, read_views) = (capabilities.views_block_changes, capabilities.renames_read_all_views);
        let dropped: Vec<(Name, usize)> = self.dropped_views.iter().map(|(name, node)| (name.clone(), *node)).collect();
        let barriers = [(&renames, read_views), (&types, true)].map(|(nodes, needed)| {
            let barrier = (needed && !nodes.is_empty()).then(|| self.node(Group::Barrier, None))?;
            nodes.iter().for_each(|then| self.graph.edge(barrier, *then, Required));
            Some(barrier)
        });
        for (name, node) in dropped {
            let for_good = matches!(self.change(node), Some(Change::DropView { .. }));
            for barrier in barriers.iter().flatten().filter(|_| for_good) {
                self.graph.edge(node, *barrier, Required);
            }
            let Some(view) = planner.live_view(&name) else { continue };
            for read in &view.sql.reads.relations {
                let read = self.key(read);
                for then in [self.dropped_views.get(&read), tables.get(&read)].into_iter().flatten() {
                    self.graph.edge(node, *then, Required);
                }
            }
            for (table, column) in view.sql.reads.relation_columns.iter().filter(|_| views_block) {
                for then in columns.get(&(self.key(table), column.clone())).into_iter().flatten() {
                    self.graph.edge(node, *then, Required);
                }
            }
        }
    }
}

/// Whether the database does not change the column while a view reads it.
fn is_held(from: &Column, to: &Column) -> bool {
    from.ty != to.ty || from.collate != to.collate || from.generated != to.generated
}

/// The table that a change alters where it stands, by its name after all renames.
fn altered_table(change: &Change) -> Option<&Name> {
    match change {
        Change::AddColumn { table, .. }
        | Change::AlterColumn { table, .. }
        | Change::AlterTable { table, .. }
        | Change::DropColumn { table, .. }
        | Change::RenameColumn { table, .. }
        | Change::AlterPrimaryKey { table, .. }
        | Change::CreateIndex { table, .. }
        | Change::DropIndex { table, .. }
        | Change::RenameIndex { table, .. }
        | Change::RenameConstraint { table, .. }
        | Change::RenamePrimaryKey { table, .. }
        | Change::RenameSequence { table, .. }
        | Change::AddForeignKey { table, .. }
        | Change::DropForeignKey { table, .. }
        | Change::SuspendForeignKey { table, .. }
        | Change::RestoreForeignKey { table, .. }
        | Change::AddCheck { table, .. }
        | Change::DropCheck { table, .. }
        | Change::SetOption { table, .. }
        | Change::SetTableComment { table, .. } => Some(table),
        Change::RebuildTable(rebuild) => Some(&rebuild.to.name),
        _ => None,
    }
}

/// An object of the same schema.
fn sibling(table: &Name, name: &str) -> Name {
    Name { schema: table.schema.clone(), name: name.to_owned() }
}
