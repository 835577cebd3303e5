//! The triggers by which an index in a virtual table follows the rows, whatever a statement does to them.
//!
//! A row that a statement replaces (`INSERT OR REPLACE`, `UPDATE OR REPLACE`) goes without a delete trigger, unless `recursive_triggers`
//! is on. So the rows that could go are written down before, with what the index has of them, and those that have gone are taken out
//! after. What has been written down and did not go (`OR IGNORE`, `DO UPDATE`) does no harm: what is written down is always what the index
//! has, since whatever changes a row takes it off the list.

use super::guards::Guards;
use super::names::{self, REPLACED, TRIGGERS};
use super::rows::Rows;
use crate::catalog::Table;
use crate::dialect::sqlite::normalise::quote;

/// How many rows may be written down before the list is cleared: more than any one row can replace, with all that its triggers do.
const LONGEST_LIST: u32 = 1000;

/// Entries of the index: the number and the values, from which table and under which condition.
pub(crate) struct Entries {
    pub(crate) rowid: String,
    pub(crate) values: Vec<String>,
    /// `None`: of the row of the trigger.
    pub(crate) from: Option<String>,
    pub(crate) conditions: Vec<String>,
}

impl Entries {
    /// What follows `SELECT …`, with a further condition.
    pub(crate) fn tail(&self, further: Option<String>) -> String {
        let from = self.from.as_ref().map_or_else(String::new, |from| format!(" FROM {from}"));
        let conditions: Vec<String> = self.conditions.iter().cloned().chain(further).collect();
        if conditions.is_empty() { from } else { format!("{from} WHERE {}", conditions.join(" AND ")) }
    }
}

/// The virtual table.
pub(crate) trait Store {
    /// The statement that takes entries out.
    fn remove(&self, entries: &Entries) -> String;
    /// The statement that puts entries in.
    fn add(&self, entries: &Entries) -> String;
    /// Whether it has to be told the values to take an entry out.
    fn needs_values(&self) -> bool;
    /// The condition under which a row with these values is in it at all.
    fn holds(&self, values: &[String]) -> Option<String> {
        let _ = values;
        None
    }
}

/// The triggers of one index.
pub(crate) struct Follow<'a> {
    pub(crate) table: &'a Table,
    pub(crate) index: &'a str,
    pub(crate) columns: &'a [String],
    pub(crate) rows: &'a Rows,
    pub(crate) guards: Guards,
    pub(crate) store: &'a dyn Store,
}

impl Follow<'_> {
    /// The statements that make the list and the triggers.
    pub(crate) fn create(&self) -> Vec<String> {
        let values = self.kept().map(|(at, _)| format!(", c{at}")).collect::<String>();
        let list = format!("CREATE TABLE {} (k INTEGER PRIMARY KEY{values})", self.list());
        let triggers = [
            self.trigger(0, "BEFORE INSERT", None, self.write_down(None)),
            self.trigger(1, "AFTER INSERT", None, self.inserted()),
            self.trigger(2, "AFTER DELETE", None, self.deleted()),
            self.trigger(3, "BEFORE UPDATE", Some(self.guarded_change()), self.write_down(Some("old"))),
            self.trigger(4, "AFTER UPDATE", Some(self.change()), self.updated()),
        ];
        std::iter::once(list).chain(triggers).collect()
    }

    fn trigger(&self, at: usize, event: &str, when: Option<String>, body: Vec<String>) -> String {
        let when = when.map_or_else(String::new, |when| format!(" WHEN {when}"));
        format!(
            "CREATE TRIGGER {} {event} ON {}{when} BEGIN {}; END",
            quote(&names::part(self.index, TRIGGERS[at])),
            quote(&self.table.name.name),
            body.join("; ")
        )
    }

    /// The columns of which the list has the values, by their places.
    fn kept(&self) -> impl Iterator<Item = (usize, &String)> {
        self.columns.iter().enumerate().filter(|_| self.store.needs_values())
    }

    fn list(&self) -> String {
        quote(&names::part(self.index, REPLACED))
    }

    /// The values of a row.
    fn values(&self, row: &str) -> Vec<String> {
        self.columns.iter().map(|column| format!("{row}.{}", quote(column))).collect()
    }

    /// Writes down the rows that the new one could replace.
    fn write_down(&self, but: Option<&str>) -> Vec<String> {
        let list = self.list();
        let number = self.rows.number(&self.rows.table);
        let values = self.kept().map(|(_, column)| format!(", {}", quote(column))).collect::<String>();
        let but = but.map_or_else(String::new, |row| format!(" AND {number} <> {}", self.rows.number(row)));
        vec![
            format!("DELETE FROM {list} WHERE EXISTS (SELECT 1 FROM {list} LIMIT 1 OFFSET {LONGEST_LIST})"),
            format!(
                "INSERT INTO {list} SELECT {number}{values} FROM {} WHERE ({}){but} AND {number} NOT IN (SELECT k FROM {list})",
                self.rows.table,
                self.guards.matches()
            ),
        ]
    }

    /// Takes out what has gone, and clears the list. `old`: the row that was updated, which is taken out by itself.
    fn settle(&self, old: Option<&str>) -> Vec<String> {
        let list = self.list();
        let (source, rowid) = (quote(&self.rows.source), quote(&self.rows.rowid));
        let but = old.map_or_else(String::new, |row| format!("k <> {} AND ", self.rows.number(row)));
        let gone = format!(
            "{but}(k = {} OR NOT EXISTS (SELECT 1 FROM {source} WHERE {rowid} = {list}.k))",
            self.rows.number("new")
        );
        let values = self.columns.iter().enumerate().map(|(at, _)| format!("c{at}")).collect();
        let mut statements = vec![self.store.remove(&Entries {
            rowid: "k".to_owned(),
            values,
            from: Some(list.clone()),
            conditions: vec![gone.clone()],
        })];
        if let Some(numbers) = &self.rows.numbers {
            statements.push(format!("DELETE FROM {numbers} WHERE {rowid} IN (SELECT k FROM {list} WHERE {gone})"));
        }
        statements.push(format!("DELETE FROM {list}"));
        statements
    }

    fn add(&self) -> String {
        self.store.add(&Entries {
            rowid: self.rows.number("new"),
            values: self.values("new"),
            from: None,
            conditions: Vec::new(),
        })
    }

    fn remove_old(&self) -> String {
        self.store.remove(&Entries {
            rowid: self.rows.number("old"),
            values: self.values("old"),
            from: None,
            conditions: Vec::new(),
        })
    }

    fn inserted(&self) -> Vec<String> {
        let mut statements = self.settle(None);
        if let Some(numbers) = &self.rows.numbers {
            let keys = super::super::render::list(&self.rows.keys);
            let new: Vec<String> = self.rows.keys.iter().map(|key| format!("new.{}", quote(key))).collect();
            statements.push(format!(
                "INSERT INTO {numbers} ({keys}) SELECT {} WHERE NOT EXISTS (SELECT 1 FROM {numbers} AS k WHERE {})",
                new.join(", "),
                self.rows.same_key("k", "new")
            ));
        }
        statements.push(self.add());
        statements
    }

    fn deleted(&self) -> Vec<String> {
        let mut statements =
            vec![self.remove_old(), format!("DELETE FROM {} WHERE k = {}", self.list(), self.rows.number("old"))];
        if let Some(numbers) = &self.rows.numbers {
            statements.push(format!("DELETE FROM {numbers} WHERE {}", self.rows.same_key(numbers, "old")));
        }
        statements
    }

    fn updated(&self) -> Vec<String> {
        let mut statements = vec![self.remove_old()];
        statements.extend(self.settle(Some("old")));
        if let Some(numbers) = &self.rows.numbers {
            let set: Vec<String> =
                self.rows.keys.iter().map(|key| format!("{} = new.{}", quote(key), quote(key))).collect();
            statements.push(format!(
                "UPDATE {numbers} SET {} WHERE {}",
                set.join(", "),
                self.rows.same_key(numbers, "old")
            ));
        }
        statements.push(self.add());
        statements
    }

    /// Whether the update changes something unique.
    fn guarded_change(&self) -> String {
        differ(self.guards.columns.iter())
    }

    /// Whether the update changes something that the index has, or there are rows on the list.
    fn change(&self) -> String {
        let changes = differ(self.rows.keys.iter().chain(self.columns));
        format!("{changes} OR EXISTS (SELECT 1 FROM {})", self.list())
    }
}

fn differ<'c>(columns: impl Iterator<Item = &'c String>) -> String {
    columns.map(|column| format!("old.{} IS NOT new.{}", quote(column), quote(column))).collect::<Vec<_>>().join(" OR ")
}
