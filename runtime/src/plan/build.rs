//! The planner: differences and facts → entries, ordered steps, and what the base becomes.
//!
//! Order: views that change or go; tables that are renamed, altered or created, parents before children; drops, children before
//! parents; views that come.

use super::data_checks::DataChecks;
use super::enum_type::{self, TypePlans};
use super::table::plan_table;
use super::types::{Entry, EntryKind, EntryStatus, Plan, Step, Withheld, WithheldReason};
use super::unit::Unit;
use super::{coupling, effects, graph, propagate, suspected, views};
use crate::catalog::{Catalog, EnumType, MANAGED_PREFIX, Name, Table, View, fit_identifier, is_managed_name};
use crate::change::{Change, DataCheck, Hazard, Risk, Statement};
use crate::dialect::{Dialect, Lowered, NameKind};
use crate::diff::table::{TableDiff, TableKind};
use crate::diff::{Diff, Input, folded};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a plan may contain.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Planning {
    pub(crate) safe: bool,
    pub(crate) allow_lossy: bool,
    /// Tables without a `sync_method` are rebuilt, rows kept, where the database alters no column in place.
    pub(crate) rebuild: bool,
}

/// A plan and what apply has to know beside it, by the position of the entry.
pub(crate) struct Planned {
    pub(crate) plan: Plan,
    pub(crate) targets: Vec<Target>,
}

/// What an entry leaves behind when it is done.
#[derive(Debug, Clone, Default)]
pub(crate) struct Target {
    /// The table, view or type, by the name that it has after the run.
    pub(crate) object: Name,
    /// What the base said of it, by its old name.
    pub(crate) before: Option<BaseObject>,
    /// What the base says once it is done.
    pub(crate) after: Option<BaseObject>,
    /// What the table is called before the run, where it is renamed.
    pub(crate) renamed_from: Option<Name>,
    /// Tables whose foreign keys are checked after the unit.
    pub(crate) check: Vec<Name>,
    /// Columns that shall be required once they have no NULL left (rule C3).
    pub(crate) pending: Vec<String>,
}

/// A table, a view or a type of the base.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant)]
pub(crate) enum BaseObject {
    Table(Arc<Table>),
    View(View),
    Type(EnumType),
}

impl BaseObject {
    pub(crate) fn table(table: &Table) -> Self {
        Self::Table(Arc::new(table.clone()))
    }
}

/// Everything that the parts of the planner share.
pub(crate) struct Planner<'a> {
    pub(crate) dialect: &'a dyn Dialect,
    pub(crate) lowered: &'a Lowered,
    pub(crate) diff: &'a Diff<'a>,
    /// What is done with the enum types.
    pub(crate) types: &'a TypePlans,
    pub(crate) base: &'a Catalog,
    pub(crate) planning: Planning,
    /// What other namespaces manage, by folded name.
    claims: &'a BTreeMap<Name, String>,
    pub(crate) data_checks: &'a DataChecks,
    /// Columns that wait for their NULLs to go: (table, column), folded.
    pub(crate) pending: &'a BTreeSet<(Name, String)>,
    /// The earlier names that the model gives its tables, folded.
    pub(crate) renamed: BTreeMap<Name, Vec<Name>>,
    pub(crate) sync_methods: BTreeMap<Name, crate::descriptor::SyncMethod>,
    /// Live names before this run, by the names after the renames: for data checks.
    live_tables: BTreeMap<Name, Name>,
    live_columns: BTreeMap<(Name, String), String>,
    /// Foreign keys of other tables by the folded name of the table that they point to.
    pub(crate) referencing: BTreeMap<Name, Vec<(Name, crate::catalog::ForeignKey)>>,
    /// Differences by folded table name.
    pub(crate) diff_of: BTreeMap<Name, &'a TableDiff<'a>>,
    /// Positions of the tables' entries by folded table name.
    pub(crate) entry_of: BTreeMap<Name, usize>,
    /// Indexes of ours that went along with a table when somebody renamed it by hand: (schema, folded name) → its table.
    orphaned_indexes: BTreeMap<(Option<String>, String), (Name, crate::catalog::Index)>,
    /// Live tables that read others.
    pub(crate) virtual_tables: Vec<&'a Table>,
    /// Views, by position, that go and come because they read one that does.
    pub(crate) cascaded_views: BTreeSet<usize>,
    /// Views, by position, that something which is unmanaged keeps from going.
    pub(crate) blocked_views: BTreeSet<usize>,
    /// Tables, by folded name, that cannot be made in the place of a view, and why.
    pub(crate) refused_tables: BTreeMap<Name, Vec<String>>,
    /// Views that a type which is recreated takes care of.
    pub(crate) suspended: BTreeSet<Name>,
    /// Entries that succeed or fail together, two by two.
    pub(crate) coupled: Vec<(usize, usize)>,
    /// Entries of which the second needs the first to be done.
    pub(crate) entry_order: Vec<(usize, usize)>,
    /// The live catalog without the views that change or go in this run.
    pub(crate) remaining: std::cell::OnceCell<Catalog>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) steps: Vec<Vec<Step>>,
    /// Steps that are done once all entries are that theirs is coupled with.
    pub(crate) at_unit_end: Vec<Step>,
    pub(crate) targets: Vec<Target>,
    /// Entries with a change that the dialect cannot do, and why: nothing of them is done.
    unrenderable: Vec<(usize, String)>,
}

/// One pass of the planner; to be done again while it leaves questions open in `facts`.
pub(crate) fn plan<'a>(
    input: &Input<'a>,
    diff: &'a Diff<'a>,
    types: &'a TypePlans,
    planning: Planning,
    data_checks: &'a DataChecks,
    pending: &'a BTreeSet<(Name, String)>,
) -> Planned {
    let dialect = input.dialect;
    let mut planner = Planner {
        dialect,
        lowered: input.lowered,
        diff,
        types,
        base: input.base,
        planning,
        claims: input.claims,
        data_checks,
        pending,
        renamed: BTreeMap::new(),
        sync_methods: BTreeMap::new(),
        live_tables: BTreeMap::new(),
        live_columns: BTreeMap::new(),
        referencing: BTreeMap::new(),
        diff_of: BTreeMap::new(),
        entry_of: BTreeMap::new(),
        orphaned_indexes: BTreeMap::new(),
        virtual_tables: Vec::new(),
        cascaded_views: BTreeSet::new(),
        blocked_views: BTreeSet::new(),
        refused_tables: BTreeMap::new(),
        suspended: BTreeSet::new(),
        coupled: Vec::new(),
        entry_order: Vec::new(),
        remaining: std::cell::OnceCell::new(),
        entries: Vec::new(),
        steps: Vec::new(),
        at_unit_end: Vec::new(),
        targets: Vec::new(),
        unrenderable: Vec::new(),
    };
    planner.prepare(input);
    planner.run();
    planner.finish()
}

impl<'a> Planner<'a> {
    fn prepare(&mut self, input: &Input<'a>) {
        for table in &input.schema.tables {
            let name = |name: &str| self.dialect.name_of(table.schema_name(), name);
            if !table.renamed.is_empty() {
                let old = table.renamed.iter().map(|old| folded(self.dialect, &name(old))).collect();
                self.renamed.insert(name(&table.name), old);
            }
            let rebuilds = self.planning.rebuild && !self.dialect.capabilities().alter_column_in_place;
            let method = table.sync_method.or(rebuilds.then_some(crate::descriptor::SyncMethod::Recreate));
            if let Some(method) = method {
                self.sync_methods.insert(name(&table.name), method);
            }
        }
        for table in &self.diff.tables {
            let key = folded(self.dialect, &table.name);
            self.diff_of.insert(key.clone(), table);
            if let Some(from) = &table.renamed_from {
                self.live_tables.insert(key.clone(), from.clone());
            }
            for (from, to) in table.column_renames.iter().rev() {
                let to = self.dialect.fold(NameKind::Column, to).into_owned();
                self.live_columns.entry((key.clone(), to)).or_insert_with(|| from.clone());
            }
        }
        self.virtual_tables = self.diff.live.tables.values().filter(|table| table.reads.is_some()).collect();
        for (name, table) in &self.diff.live.tables {
            if !self.diff_of.contains_key(&folded(self.dialect, name)) {
                let ours = |index: &&crate::catalog::Index| !index.constraint && is_managed_name(&index.name);
                for index in table.indexes.iter().filter(ours) {
                    let key = (name.schema.clone(), self.dialect.fold(NameKind::Index, &index.name).into_owned());
                    self.orphaned_indexes.insert(key, (name.clone(), index.clone()));
                }
            }
            for key in &table.foreign_keys {
                let target = folded(self.dialect, &key.target);
                self.referencing.entry(target).or_default().push((name.clone(), key.clone()));
            }
        }
    }

    fn run(&mut self) {
        let tables: Vec<&'a TableDiff<'a>> = self.in_sequence();
        let types = enum_type::begin(self);
        let reserved = views::plan_early(self);
        enum_type::early(self, &types);
        for table in tables {
            let entry = self.begin_entry(&table.name, EntryKind::Table);
            self.entry_of.insert(folded(self.dialect, &table.name), entry);
            self.entries[entry].renamed_from = table.renamed_from.as_ref().map(ToString::to_string);
            self.targets[entry].renamed_from.clone_from(&table.renamed_from);
            match table.kind {
                TableKind::Drop => self.plan_drop(entry, table),
                TableKind::Create | TableKind::Match => plan_table(self, entry, table),
            }
        }
        for (name, error) in &self.diff.external_tables {
            let entry = self.begin_entry(name, EntryKind::ExternalTable);
            self.entries[entry].status = EntryStatus::Error;
            self.entries[entry].errors.push(error.clone());
        }
        for (entry, error) in std::mem::take(&mut self.unrenderable) {
            self.block(entry, vec![error]);
        }
        enum_type::finish(self, &types);
        coupling::couple(self);
        propagate::propagate_failures(self);
        propagate::keep_referenced(self);
        views::plan_late(self, reserved);
        // Further tables may have been given up with the views.
        propagate::propagate_failures(self);
    }

    /// The tables as they are planned and shown: renamed ones first, then parents before children, then what is dropped.
    fn in_sequence(&self) -> Vec<&'a TableDiff<'a>> {
        let diffs = &self.diff.tables;
        let rank = |diff: &TableDiff<'_>| match diff.kind {
            TableKind::Drop => 2,
            _ => u8::from(diff.renamed_from.is_none()),
        };
        let mut first: Vec<usize> = (0..diffs.len()).collect();
        first.sort_by_key(|at| rank(&diffs[*at]));
        let place: BTreeMap<Name, usize> =
            first.iter().enumerate().map(|(place, at)| (folded(self.dialect, &diffs[*at].name), place)).collect();
        let mut parents: BTreeSet<(usize, usize)> = BTreeSet::new();
        for (child, diff) in first.iter().map(|at| &diffs[*at]).enumerate().filter(|(_, diff)| rank(diff) > 0) {
            let table = diff.desired.or(diff.live.as_ref());
            for key in table.into_iter().flat_map(|table| &table.foreign_keys) {
                let Some(&parent) = place.get(&folded(self.dialect, &key.target)) else { continue };
                if parent != child && rank(&diffs[first[parent]]) == rank(diff) {
                    let drops = rank(diff) == 2;
                    parents.insert(if drops { (child, parent) } else { (parent, child) });
                }
            }
        }
        // In a circle any of them may come first.
        let component = graph::sort::components(first.len(), &parents);
        parents.retain(|(a, b)| component[*a] != component[*b]);
        let order = graph::sort::topological(first.len(), &parents).unwrap_or_else(|_| (0..first.len()).collect());
        order.into_iter().map(|place| &diffs[first[place]]).collect()
    }

    /// Opens an entry; its position stays.
    pub(crate) fn begin_entry(&mut self, name: &Name, kind: EntryKind) -> usize {
        let at = self.entries.len();
        self.entries.push(Entry::of(kind, name));
        self.steps.push(Vec::new());
        self.targets.push(Target { object: name.clone(), ..Target::default() });
        at
    }

    /// Adds a step to an entry; what the dialect cannot render becomes an error of the entry.
    pub(crate) fn step(&mut self, entry: usize, change: Change, risk: Risk, hazards: &[Hazard], optional: bool) {
        if let Change::CreateIndex { table, index } = &change {
            self.free_index_name(entry, table, &index.name);
        }
        match self.dialect.render(&change) {
            Ok(statements) => {
                if risk == Risk::Destructive {
                    self.entries[entry].destructive = true;
                }
                let mut hazards = hazards.to_vec();
                hazards.sort_unstable();
                self.steps[entry].push(Step { risk, hazards, optional, ..Step::new(entry, change, statements) });
            }
            Err(error) => self.unrenderable.push((entry, error)),
        }
    }

    /// Indexes go with a table that somebody renames by hand, under the names that ours need. There they get a name of their own: a
    /// foreign key of others may stand on one.
    fn free_index_name(&mut self, entry: usize, table: &Name, index: &str) {
        let key = (table.schema.clone(), self.dialect.fold(NameKind::Index, index).into_owned());
        let Some((table, index)) = self.orphaned_indexes.remove(&key) else { return };
        if index.tables.is_some() {
            self.entries[entry].warnings.push(format!(
                "index \"{}\" is on \"{table}\", which is unmanaged, and its name is needed: there it is dropped",
                index.name
            ));
            return self.step(entry, Change::DropIndex { table, index }, Risk::Safe, &[], false);
        }
        let rest = index.name.strip_prefix(MANAGED_PREFIX).unwrap_or(&index.name);
        let name = fit_identifier(&format!("{}__{rest}", table.name), self.dialect.capabilities().identifier_limit);
        self.entries[entry].warnings.push(format!(
            "index \"{}\" is on \"{table}\", which is unmanaged, and its name is needed: there it becomes \"{name}\"",
            index.name
        ));
        if self.dialect.capabilities().rename_index {
            let change = Change::RenameIndex { table, from: index.name, to: name };
            return self.step(entry, change, Risk::Safe, &[], false);
        }
        let kept = crate::catalog::Index { name, sql: None, ..index.clone() };
        self.step(entry, Change::DropIndex { table: table.clone(), index }, Risk::Safe, &[], false);
        self.step(entry, Change::CreateIndex { table, index: kept }, Risk::Safe, &[Hazard::BlocksWrites], false);
    }

    /// Nothing of the entry is done, for this reason.
    pub(crate) fn refuse(&mut self, entry: usize, error: String) {
        self.unrenderable.push((entry, error));
    }

    /// Takes an entry back to nothing but its errors.
    pub(crate) fn block(&mut self, entry: usize, errors: Vec<String>) {
        let old = std::mem::take(&mut self.entries[entry]);
        self.entries[entry] = Entry {
            object: old.object,
            status: EntryStatus::Error,
            renamed_from: None,
            unmanaged: old.unmanaged,
            warnings: old.warnings,
            errors: old.errors.into_iter().chain(errors).collect(),
            ..Entry::default()
        };
        self.steps[entry].clear();
        self.at_unit_end.retain(|step| step.entry != entry);
        let target = &mut self.targets[entry];
        target.after = target.before.clone();
        target.renamed_from = None;
        target.check.clear();
    }

    pub(crate) fn withhold(&mut self, entry: usize, what: String, reason: WithheldReason, detail: &str) {
        self.entries[entry].withheld.push(Withheld::new(what, reason, detail));
    }

    /// The name of a table before this run.
    pub(crate) fn live_table(&self, name: &Name) -> Name {
        self.live_tables.get(&folded(self.dialect, name)).cloned().unwrap_or_else(|| name.clone())
    }

    /// The name of a column before this run.
    pub(crate) fn live_column(&self, table: &Name, column: &str) -> String {
        let key = (folded(self.dialect, table), self.dialect.fold(NameKind::Column, column).into_owned());
        self.live_columns.get(&key).cloned().unwrap_or_else(|| column.to_owned())
    }

    /// What the base says of that live table.
    pub(crate) fn base_table(&self, live: &Name) -> Option<&'a Table> {
        let base = self.base;
        base.tables.get(live).or_else(|| {
            let key = folded(self.dialect, live);
            base.tables.iter().find(|(name, _)| folded(self.dialect, name) == key).map(|(_, table)| table)
        })
    }

    /// What the base says of the view of that name.
    pub(crate) fn base_view(&self, name: &Name) -> Option<&'a View> {
        let key = folded(self.dialect, name);
        self.base.views.iter().find(|(name, _)| folded(self.dialect, name) == key).map(|(_, view)| view)
    }

    /// Rows of a live table (by its name after the renames).
    pub(crate) fn rows(&self, table: &Name) -> u64 {
        self.data_checks.result(DataCheck::Rows { table: self.live_table(table) }).count
    }

    /// Whether a live table (by its name after the renames) has no row: one row is enough to know.
    pub(crate) fn is_empty(&self, table: &Name) -> bool {
        self.data_checks.result(DataCheck::AnyRow { table: self.live_table(table) }).count == 0
    }

    fn finish(mut self) -> Planned {
        for (entry, error) in std::mem::take(&mut self.unrenderable) {
            self.block(entry, vec![error]);
        }
        for at in 0..self.entries.len() {
            if !self.entries[at].errors.is_empty() {
                self.entries[at].status = EntryStatus::Error;
            }
        }
        if !self.data_checks.has_open() {
            suspected::note(&mut self);
        }
        let (mut steps, units) = if self.data_checks.has_open() { Default::default() } else { self.arrange() };
        steps.iter_mut().for_each(|step| step.statements.retain(|statement| !is_blank(statement)));
        for step in &mut steps {
            effects::note(self.dialect, step);
        }
        let (unmanaged, other_namespaces) = self.diff.unmanaged(self.dialect, self.claims);
        let plan = Plan {
            dialect: self.dialect.name().to_owned(),
            entries: self.entries,
            steps,
            units,
            unmanaged,
            other_namespaces,
            ..Plan::default()
        };
        Planned { plan, targets: self.targets }
    }

    /// The steps in order. What needs each other in a circle that nothing cuts is not done, and says so.
    fn arrange(&mut self) -> (Vec<Step>, Vec<Unit>) {
        loop {
            match graph::arrange(self) {
                Ok(graph::Arranged { steps, units }) => {
                    let dropped: BTreeSet<Name> = steps.iter().filter_map(dropped_table).cloned().collect();
                    let units = units.into_iter().map(|unit| self.unit(&dropped, unit)).collect();
                    return (steps, units);
                }
                Err(entries) => {
                    let names: Vec<String> =
                        entries.iter().map(|at| format!("\"{}\"", self.entries[*at].name())).collect();
                    let error = format!(
                        "cannot be done in one run: the changes of {} need each other to be done first. Do one of them in a run of its own",
                        names.join(", ")
                    );
                    entries.into_iter().for_each(|at| self.block(at, vec![error.clone()]));
                    self.entries
                        .iter_mut()
                        .filter(|entry| !entry.errors.is_empty())
                        .for_each(|entry| entry.status = EntryStatus::Error);
                    propagate::propagate_failures(self);
                }
            }
        }
    }

    /// The unit with the tables whose foreign keys are compared before and after it, under each name that they may have by then.
    fn unit(&self, dropped: &BTreeSet<Name>, unit: graph::ArrangedUnit) -> Unit {
        let check: BTreeSet<Name> = unit
            .entries
            .iter()
            .flat_map(|entry| &self.targets[*entry].check)
            .filter(|name| !dropped.contains(*name))
            .flat_map(|name| [name.clone(), self.live_table(name)])
            .collect();
        Unit {
            steps: unit.steps,
            entries: unit.entries,
            depends_on: unit.depends_on.into_iter().collect(),
            check: check.into_iter().collect(),
        }
    }

    /// The live view of that (folded) name.
    pub(crate) fn live_view(&self, name: &Name) -> Option<&'a View> {
        let views = &self.diff.live.views;
        let folded_name = |(other, _): &(&Name, &View)| folded(self.dialect, other) == *name;
        views.get(name).or_else(|| views.iter().find(folded_name).map(|(_, view)| view))
    }
}

fn dropped_table(step: &Step) -> Option<&Name> {
    match &step.change {
        Change::DropTable { table } => Some(table),
        _ => None,
    }
}

fn is_blank(statement: &Statement) -> bool {
    matches!(statement, Statement::Execute(sql) if sql.trim().is_empty())
}
