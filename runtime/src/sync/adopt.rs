//! The model of a live database that plans to nothing against it: what would still be a change is said in the database's own
//! words, and what cannot be said at all is left out of the model and told.

use super::prepare::resolve;
use super::read_again::read_only;
use super::state::State;
use crate::catalog::{Catalog, Name, index_name};
use crate::change::ColumnProperty;
use crate::dialect::{Dialect, NameKind, Raised, Session};
use crate::diff::column::AlteredColumn;
use crate::diff::table::{TableDiff, TableKind};
use crate::diff::view::ViewKind;
use crate::diff::{self, Input};
use crate::error::{Error, Result};
use crate::model::remove_invalid::remove_dangling_keys;
use crate::model::{DefaultValue, Schema, Table, View};
use std::collections::{BTreeMap, BTreeSet};

/// More rounds than anything needs: each one that goes on has left something out.
const ROUNDS: usize = 20;

/// Reads the whole database, whatever namespaces it has.
pub(super) async fn read_model<S: Session>(session: &mut S) -> Result<(Schema, Vec<String>)> {
    let timeout = super::Options::default().lock_timeout;
    read_only!(session, timeout, inspect(session))
}

async fn inspect<S: Session>(session: &mut S) -> Result<(Schema, Vec<String>)> {
    session.scope_everything().await?;
    let row = session.read_state("default").await?;
    let state = row.map(|row| State::read("default", &row)).transpose()?;
    let base = state.map(|state| state.base).unwrap_or_default();
    let live = session.inspect().await?;
    let dialect = session.dialect();
    let Raised { mut schema, mut notes } = dialect.raise(&live);
    view_columns(session, &mut schema, &mut notes).await?;
    notes.extend(session.remarks().await?);
    for _ in 0..ROUNDS {
        let mut lowered = dialect.lower(&schema);
        dialect.expand_stars(&mut lowered, &live);
        let claims = BTreeMap::new();
        let renames = resolve(&*dialect, &schema, &lowered, &live, &base, &claims);
        session.normalise(&mut lowered, &live, &base, &renames, false).await?;
        let input = Input {
            dialect: &*dialect,
            schema: &schema,
            lowered: &lowered,
            base: &base,
            claims: &claims,
            renames: &renames,
        };
        let differences = diff::diff(&input, live.clone());
        let mut settled = schema.clone();
        for table in &differences.tables {
            use_live_definition(&*dialect, table, &live, &mut settled, &mut notes);
        }
        for view in &differences.views {
            let same =
                view.errors.is_empty() && matches!(view.kind, ViewKind::Same | ViewKind::External | ViewKind::Drop);
            if !same {
                notes.push(format!("{}: the view is left out: its query reads back as another one", view.name));
                settled.views.retain(|model| dialect.name_of(model.schema.as_deref(), &model.name) != view.name);
            }
        }
        while remove_dangling_keys(&mut settled, &mut notes) {}
        if settled == schema {
            break;
        }
        schema = settled;
    }
    leave_alone(&*dialect, &live, &base, &mut schema);
    Ok((schema, notes))
}

/// What is there and is not described stays when the model is synced: it is external.
fn leave_alone(dialect: &dyn Dialect, live: &Catalog, base: &Catalog, schema: &mut Schema) {
    let described: BTreeSet<Name> =
        schema.tables.iter().map(|table| dialect.name_of(table.schema_name(), &table.name)).collect();
    let own_schema = |name: &Name| name.schema.clone();
    for name in live.tables.keys().filter(|name| !described.contains(*name)) {
        schema.tables.push(Table {
            name: name.name.clone(),
            schema: own_schema(name),
            external: true,
            ..Table::default()
        });
    }
    let described: BTreeSet<Name> =
        schema.views.iter().map(|view| dialect.name_of(view.schema.as_deref(), &view.name)).collect();
    for name in live.views.keys().filter(|name| base.views.contains_key(*name) && !described.contains(*name)) {
        schema.views.push(View { name: name.name.clone(), schema: own_schema(name), ..View::default() });
    }
    *schema = Schema::new(std::mem::take(&mut schema.tables), std::mem::take(&mut schema.views));
}

/// What the database tells of its views' columns.
async fn view_columns<S: Session>(session: &mut S, schema: &mut Schema, notes: &mut Vec<String>) -> Result<()> {
    let dialect = session.dialect();
    let mut readable = Vec::with_capacity(schema.views.len());
    for mut view in std::mem::take(&mut schema.views) {
        let name = dialect.name_of(view.schema.as_deref(), &view.name);
        match session.view_columns(&name).await {
            Ok(columns) if !columns.is_empty() => {
                // SQLite does not know the types of expressions.
                let ty = |ty: &String| (!ty.is_empty()).then(|| dialect.raise_type(ty));
                view.types = columns.iter().map(|(_, name)| ty(name)).collect();
                view.columns = columns.into_iter().map(|(name, _)| name).collect();
                readable.push(view);
            }
            Ok(_) => notes.push(format!("{name}: the view is left out: it has no columns")),
            Err(source) if source.is_catalog_changed() => {
                return Err(Error::Database { doing: format!("reading the columns of view {name}"), source });
            }
            Err(error) => notes.push(format!("{name}: the view is left out: it cannot be read: {error}")),
        }
    }
    schema.views = readable;
    Ok(())
}

fn use_live_definition(
    dialect: &dyn Dialect,
    diff: &TableDiff<'_>,
    live: &Catalog,
    schema: &mut Schema,
    notes: &mut Vec<String>,
) {
    let of = |table: &Table| {
        let namespace = table.schema_name();
        dialect.name_of(namespace, &table.name) == diff.name
    };
    let Some(at) = schema.tables.iter().position(of) else { return };
    let table = &mut schema.tables[at];
    let mut stays = diff.kind == TableKind::Match && diff.errors.is_empty();
    notes.extend(diff.errors.iter().map(|error| format!("{}: left out: {error}", diff.name)));
    if stays {
        for altered in &diff.altered {
            stays &= use_native_types(dialect, altered, table, notes);
        }
        for column in &diff.added {
            stays &= table.remove_column(&column.name, notes);
        }
        leave_out_parts(dialect, diff, table, notes);
        if diff.primary_key.changed || !diff.options.is_empty() {
            notes.push(format!("{}: left out: its primary key or its options cannot be said", diff.name));
            stays = false;
        }
        if diff.comment.changed {
            table.comment = None;
        }
    }
    if !stays {
        if live.tables.contains_key(&diff.name) {
            notes.push(format!("the table {} is left out of the models", diff.name));
        }
        schema.tables.remove(at);
    }
}

/// Says the column in the database's own words; where that has been tried, leaves it out. `false`: the table cannot stay.
fn use_native_types(
    dialect: &dyn Dialect,
    altered: &AlteredColumn,
    table: &mut Table,
    notes: &mut Vec<String>,
) -> bool {
    let live = &altered.from;
    let Some(column) = table
        .columns
        .iter_mut()
        .find(|column| dialect.fold(NameKind::Column, &column.name) == dialect.fold(NameKind::Column, &live.name))
    else {
        return true;
    };
    let before = column.clone();
    if altered.changes(ColumnProperty::Type) {
        *dialect.native_mut(&mut column.native).ty = Some(live.ty.clone()).filter(|ty| !ty.trim().is_empty());
    }
    if let Some(default) = live.default.clone().filter(|_| altered.changes(ColumnProperty::Default)) {
        column.default = Some(DefaultValue::Sql(default.text));
    }
    if altered.changes(ColumnProperty::Collation)
        && let Some(collation) = &live.collate
    {
        *dialect.native_mut(&mut column.native).collate = Some(collation.clone());
    }
    if *column != before {
        return true;
    }
    let what: Vec<String> =
        altered.properties.iter().map(|property| format!("{} → {}", property.from, property.to)).collect();
    let name = column.name.clone();
    notes.push(format!("{}.{name}: left out: it cannot be said in a model ({})", table.name, what.join(", ")));
    table.remove_column(&name, notes)
}

/// Indexes, keys and checks that would be made although something of the kind is there: their twins.
fn leave_out_parts(dialect: &dyn Dialect, diff: &TableDiff<'_>, table: &mut Table, notes: &mut Vec<String>) {
    let at = &diff.name;
    let name = Name::new(&table.name);
    for added in &diff.indexes_added {
        let limit = dialect.capabilities().identifier_limit;
        table.indexes.retain(|index| {
            let is = index_name(&index.kind, &name.name, &index.name, limit) == added.name;
            if is {
                notes.push(format!("{at}, index {}: left out: what is there cannot be said in a model", index.name));
            }
            !is
        });
    }
    for added in &diff.foreign_keys.added {
        table.foreign_keys.retain(|key| {
            let is = key.columns == added.columns && key.target == added.target.name;
            if is {
                notes
                    .push(format!("{at}, foreign key ({}): left out: it reads back otherwise", key.columns.join(", ")));
            }
            !is
        });
    }
    for added in &diff.checks.added {
        let managed = added.name.as_deref().unwrap_or_default();
        table.checks.retain(|check| {
            let is = managed.ends_with(&format!("__{}", check.name)) || added.sql == check.sql;
            if is {
                notes.push(format!("{at}, check {}: left out: it reads back otherwise", check.sql));
            }
            !is
        });
    }
}
