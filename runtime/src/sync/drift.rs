//! What was changed by hand: the live database against the base, which is what the last run left.

use super::prepare::resolve;
use super::read_again::read_only;
use super::state::{self, State};
use super::{Options, SchemaSync, Work};
use crate::catalog::{Catalog, Check, EnumType, Table};
use crate::change::ColumnAlteration;
use crate::dialect::{Database, Lowered, Session, known, with_session};
use crate::diff::table::{TableDiff, TableKind};
use crate::diff::view::{ViewDiff, ViewKind};
use crate::diff::{self, Input};
use crate::error::Result;
use crate::model::{self, Schema};
use crate::plan::entry_change::{EntryChange, RenamedPart};
use crate::plan::{Entry, EntryKind, EntryStatus, describe_key};
use serde::Serialize;
use std::collections::BTreeMap;

/// What somebody changed in managed tables and views since the last run.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Drift {
    /// The namespace.
    pub namespace: String,
    /// Whether a run has been here at all: else there is nothing to compare with.
    pub synced: bool,
    /// How many tables and views were compared.
    pub compared: usize,
    /// Tables and views that are not as the last run left them, from what it left to what is there: an added column is one that
    /// somebody added.
    pub entries: Vec<Entry>,
    /// Tables and unmanaged views.
    pub unmanaged: Vec<String>,
}

impl Drift {
    /// Everything managed is as the last run left it.
    pub fn is_empty(&self) -> bool {
        self.entries.iter().all(|entry| entry.status == EntryStatus::InSync)
    }
}

impl SchemaSync<'_> {
    /// What somebody changed by hand since the last run. The model is not needed; writes nothing.
    ///
    /// ```
    /// # use schemasync::{DbTable, SchemaSync, schema};
    /// # #[derive(DbTable)]
    /// # struct User {
    /// #     #[db(id)]
    /// #     id: i64,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use sqlx::Connection;
    /// # let mut connection = sqlx::SqliteConnection::connect("sqlite::memory:").await?;
    /// let report = schemasync::sync(&mut connection, schema![User]).await?;
    /// sqlx::raw_sql("ALTER TABLE user RENAME TO person").execute(&mut connection).await?;
    ///
    /// let drift = SchemaSync::new(&mut connection).drift().await?;
    /// assert_eq!(drift.entries[0].name(), "user");
    /// assert_eq!(drift.unmanaged, ["table \"person\""]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Where the database or the state cannot be read.
    pub async fn drift(self) -> Result<Drift> {
        find(self.database, self.options).await
    }
}

fn find(database: Database<'_>, options: Options) -> Work<'_, Drift> {
    Box::pin(async move {
        with_session!(database, session => {
            let session = &mut session;
            read_only!(session, options.lock_timeout, inspect(session, &options.namespace))
        })
    })
}

async fn inspect<S: Session>(session: &mut S, namespace: &str) -> Result<Drift> {
    let mut drift = Drift { namespace: namespace.to_owned(), ..Drift::default() };
    session.gate(namespace, &known("")).await?;
    let Some(row) = session.read_state(namespace).await? else { return Ok(drift) };
    let state = State::read(namespace, &row)?;
    let mut base = state.base;
    // Those that wait for a backfill are as the last run left them (rule C3).
    for waiting in &state.pending.required {
        let columns = base.tables.get_mut(&waiting.table).into_iter().flat_map(|table| &mut table.columns);
        columns.filter(|column| column.name == waiting.column).for_each(|column| column.nullable = true);
    }
    let others = state::other_claims(session, namespace).await?;
    session.scope(&Schema::default(), &base).await?;
    let mut live = session.inspect().await?;
    let mut left = Lowered { catalog: base.clone(), ..Lowered::default() };
    let dialect = session.dialect();
    let schema = names(&base);
    let claims = BTreeMap::new();
    let renames = resolve(&*dialect, &schema, &left, &live, &base, &claims);
    session.normalise(&mut left, &live, &base, &renames, false).await?;
    diff::adopted::adopt(&*dialect, &mut left.catalog, &mut live, &base, &renames);
    let input =
        Input { dialect: &*dialect, schema: &schema, lowered: &left, base: &base, claims: &claims, renames: &renames };
    drift.entries.extend(base.types.values().map(|left| enum_type(left, live.types.get(&left.name))));
    let differences = diff::diff(&input, live);
    drift.synced = true;
    drift.compared = base.tables.len() + base.views.len() + base.types.len();
    drift.entries.extend(differences.tables.iter().map(table));
    drift.entries.extend(differences.views.iter().map(view));
    drift.entries.retain(|entry| entry.status != EntryStatus::InSync || !entry.unmanaged.is_empty());
    drift.unmanaged.extend(differences.unmanaged(&*dialect, &others).0);
    Ok(drift)
}

/// A model that only names what the base has.
fn names(base: &Catalog) -> Schema {
    let tables = base.tables.keys().map(|name| model::Table {
        name: name.name.clone(),
        schema: name.schema.clone(),
        ..model::Table::default()
    });
    let views = base.views.values().map(|view| model::View {
        name: view.name.name.clone(),
        schema: view.name.schema.clone(),
        sql: Some(view.sql.text.clone()),
        ..model::View::default()
    });
    Schema::new(tables.collect(), views.collect())
}

/// What a run would do to get back to the base, turned round.
fn table(diff: &TableDiff<'_>) -> Entry {
    let mut entry = Entry { errors: diff.errors.clone(), ..Entry::of(EntryKind::Table, &diff.name) };
    if diff.kind == TableKind::Create {
        entry.status = EntryStatus::Drop;
        return entry;
    }
    let names = |indexes: &[crate::catalog::Index]| indexes.iter().map(|index| index.name.clone()).collect();
    entry.columns_dropped = diff.added.iter().map(|column| column.name.clone()).collect();
    entry.columns_added = diff.dropped.iter().map(|column| column.name.clone()).collect();
    entry.columns_altered = diff.altered.iter().flat_map(|altered| &altered.properties).map(reversed).collect();
    entry.indexes_dropped = names(&diff.indexes_added);
    entry.indexes_created = names(&diff.indexes_dropped);
    entry.foreign_keys_dropped = diff.foreign_keys.added.iter().map(describe_key).collect();
    entry.foreign_keys_added = diff.foreign_keys.dropped.iter().map(describe_key).collect();
    entry.other_changes = other_changes(diff);
    let changed = !entry.columns_dropped.is_empty()
        || !entry.columns_added.is_empty()
        || !entry.columns_altered.is_empty()
        || !entry.indexes_dropped.is_empty()
        || !entry.indexes_created.is_empty()
        || !entry.foreign_keys_dropped.is_empty()
        || !entry.foreign_keys_added.is_empty()
        || !entry.other_changes.is_empty()
        || !entry.errors.is_empty();
    entry.status = if changed { EntryStatus::Alter } else { EntryStatus::InSync };
    unmanaged(diff, &mut entry);
    entry
}

/// What else would be changed, turned round.
fn other_changes(diff: &TableDiff<'_>) -> Vec<EntryChange> {
    let options = diff.options.iter().map(|(option, live, base)| EntryChange::TableOption {
        option: option.clone(),
        from: base.clone(),
        to: live.clone(),
    });
    let mut changes: Vec<EntryChange> = options.collect();
    if diff.primary_key.changed {
        let columns = |table: Option<&Table>| {
            table.and_then(|table| table.primary_key.as_ref()).map(|key| key.columns.clone()).unwrap_or_default()
        };
        let (from, to) = (columns(diff.desired), columns(diff.live.as_ref()));
        changes.push(EntryChange::PrimaryKey { from, to });
    }
    let condition = |check: &Check| check.sql.to_string();
    changes.extend(diff.checks.added.iter().map(|check| EntryChange::CheckDropped { condition: condition(check) }));
    changes.extend(diff.checks.dropped.iter().map(|check| EntryChange::CheckAdded { condition: condition(check) }));
    let renamed = |part| move |(live, base): &(String, String)| EntryChange::renamed(part, (base, live));
    changes.extend(diff.indexes_renamed.iter().map(renamed(RenamedPart::Index)));
    let constraints = diff.foreign_keys.renamed.iter().chain(&diff.checks.renamed);
    changes.extend(constraints.map(renamed(RenamedPart::Constraint)));
    changes.extend(diff.comment.changed.then_some(EntryChange::Comment));
    changes
}

fn reversed(altered: &ColumnAlteration) -> ColumnAlteration {
    ColumnAlteration { from: altered.to.clone(), to: altered.from.clone(), ..altered.clone() }
}

/// What is in the table and is unmanaged: whether it was there before the first run is not known.
fn unmanaged(diff: &TableDiff<'_>, entry: &mut Entry) {
    let Some(live) = &diff.live else { return };
    let columns = diff.unmanaged_columns.iter().map(|column| format!("column \"{}\"", column.name));
    let indexes = live.indexes.iter().filter(|index| !index.constraint && !index.is_managed());
    let keys = diff.foreign_keys.unmanaged.iter().map(|key| format!("foreign key {}", describe_key(key)));
    let triggers = live.triggers.iter().map(|trigger| format!("trigger \"{}\"", trigger.name));
    entry.unmanaged.extend(columns);
    entry.unmanaged.extend(indexes.map(|index| format!("index \"{}\"", index.name)));
    entry.unmanaged.extend(keys);
    entry.unmanaged.extend(diff.checks.unmanaged.iter().map(|check| format!("check ({})", check.sql)));
    entry.unmanaged.extend(triggers);
}

/// A label that is unmanaged may have been there before the first run, and so may another order.
fn enum_type(left: &EnumType, live: Option<&EnumType>) -> Entry {
    let mut entry = Entry::of(EntryKind::Type, &left.name);
    let Some(live) = live.filter(|live| live.other.is_none()) else {
        entry.status = EntryStatus::Drop;
        return entry;
    };
    let without = |labels: &[String], other: &[String]| -> Vec<String> {
        labels.iter().filter(|label| !other.contains(label)).cloned().collect()
    };
    entry.labels_dropped = without(&left.labels, &live.labels);
    entry.unmanaged = without(&live.labels, &left.labels).iter().map(|label| format!("label \"{label}\"")).collect();
    let changed = !entry.labels_dropped.is_empty();
    entry.status = if changed { EntryStatus::Alter } else { EntryStatus::InSync };
    entry
}

fn view(diff: &ViewDiff) -> Entry {
    let status = match diff.kind {
        ViewKind::Create => EntryStatus::Drop,
        ViewKind::Change => EntryStatus::Alter,
        ViewKind::Same | ViewKind::External => EntryStatus::InSync,
        ViewKind::Drop => EntryStatus::Create,
    };
    let mut entry = Entry { status, ..Entry::of(EntryKind::View, &diff.name) };
    if status == EntryStatus::Alter {
        entry.other_changes.push(EntryChange::Definition);
    }
    entry
}
