//! Tables that go (rules T3, T5).

use super::build::{BaseObject, Planner};
use super::data_checks::counted;
use super::types::{EntryStatus, WithheldReason};
use super::views;
use crate::catalog::{Name, Table};
use crate::change::{Change, Hazard, Risk};
use crate::diff::folded;
use crate::diff::table::{TableDiff, TableKind};
use std::collections::BTreeSet;

impl Planner<'_> {
    /// Rules T3 and T5.
    pub(super) fn plan_drop(&mut self, entry: usize, table: &TableDiff) {
        let Some(live) = &table.live else { return };
        let before = self.base_table(&table.name).map(BaseObject::table);
        self.targets[entry].before.clone_from(&before);
        if let Some(reason) = &live.opaque {
            self.entries[entry].errors.push(format!("cannot be dropped: {reason}"));
            return self.block(entry, Vec::new());
        }
        if !table.errors.is_empty() {
            return self.block(entry, table.errors.clone());
        }
        let rows = self.rows(&table.name);
        let raised = self.data_checks.failed(&self.live_table(&table.name));
        if !raised.is_empty() {
            return self.block(entry, raised);
        }
        self.entries[entry].rows_lost = Some(rows);
        if self.planning.safe {
            self.entries[entry].rows_lost = None;
            self.targets[entry].after = before;
            self.withhold(entry, format!("drop table ({})", counted(rows, "row")), WithheldReason::SafeMode, "");
            return;
        }
        let errors = self.drop_obstacles(table);
        if !errors.is_empty() {
            return self.block(entry, errors);
        }
        self.entries[entry].status = EntryStatus::Drop;
        self.open_circle(entry, &table.name);
        self.drop_index_tables(entry, &table.name, live);
        self.step(
            entry,
            Change::DropTable { table: table.name.clone() },
            Risk::Destructive,
            &[Hazard::DeletesData, Hazard::BlocksWrites, Hazard::BlocksReads],
            false,
        );
    }

    /// Indexes that are kept in tables of their own do not go with their table: they go before it.
    pub(super) fn drop_index_tables(&mut self, entry: usize, table: &Name, live: &Table) {
        let managed = live.indexes.iter().filter(|index| index.tables.is_some());
        for index in managed {
            let change = Change::DropIndex { table: table.clone(), index: index.clone() };
            self.step(entry, change, Risk::Safe, &[], false);
        }
    }

    /// Keys of tables that go later in this run (tables in a circle) go first, where a key can go by itself.
    fn open_circle(&mut self, entry: usize, table: &Name) {
        if !self.dialect.capabilities().alter_foreign_key {
            return;
        }
        for (other, foreign_key) in self.referencing.get(&folded(self.dialect, table)).cloned().unwrap_or_default() {
            let key = folded(self.dialect, &other);
            let goes = self.diff_of.get(&key).is_some_and(|diff| diff.kind == TableKind::Drop);
            if goes && key != folded(self.dialect, table) && self.stands_on(table, &other) {
                self.step(entry, Change::DropForeignKey { table: other, foreign_key }, Risk::Safe, &[], false);
            }
        }
    }

    /// Whether a table that goes references another one, directly or through others that go.
    fn stands_on(&self, table: &Name, other: &Name) -> bool {
        let other = folded(self.dialect, other);
        let mut open = vec![folded(self.dialect, table)];
        let mut seen = BTreeSet::new();
        while let Some(name) = open.pop() {
            if name == other {
                return true;
            }
            let diff = self.diff_of.get(&name).filter(|diff| diff.kind == TableKind::Drop);
            if seen.insert(name) {
                let keys = diff.and_then(|diff| diff.live.as_ref()).into_iter().flat_map(|table| &table.foreign_keys);
                open.extend(keys.map(|key| folded(self.dialect, &key.target)));
            }
        }
        false
    }

    /// What still needs a table that shall go: keys of tables that stay, unmanaged views.
    fn drop_obstacles(&self, table: &TableDiff) -> Vec<String> {
        let key = folded(self.dialect, &table.name);
        let mut errors = Vec::new();
        for (other, foreign_key) in self.referencing.get(&key).into_iter().flatten() {
            let diff = self.diff_of.get(&folded(self.dialect, other));
            let going = diff.is_some_and(|diff| {
                diff.kind == TableKind::Drop
                    || diff.foreign_keys.dropped.contains(foreign_key)
                    || *other == table.name
                    || foreign_key.columns.iter().any(|name| diff.dropped.iter().any(|column| column.name == *name))
            });
            if !going {
                errors.push(format!(
                    "cannot be dropped: {other}({}) still references it; drop that foreign key first",
                    foreign_key.columns.join(", ")
                ));
            }
        }
        errors.extend(super::checks::virtual_tables::obstacles(self, &table.name));
        errors.extend(super::obstacles::of_dropped_table(self, table));
        for view in views::unmanaged_readers(self, &table.name) {
            errors.push(format!(
                "cannot be dropped: view \"{view}\", which is unmanaged, reads it; drop that view first"
            ));
        }
        errors
    }
}
