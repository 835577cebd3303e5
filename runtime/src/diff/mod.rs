//! catalog × catalog × base → differences. Pure, linear, deterministic.

pub(crate) mod adopted;
pub(crate) mod column;
pub(crate) mod enum_type;
pub(crate) mod one_name;
mod part;
pub(crate) mod renames;
pub(crate) mod resolve;
pub(crate) mod table;
pub(crate) mod view;

use crate::catalog::{Catalog, Name, Table, View};
use crate::change::{NameChanges, Renames};
use crate::dialect::{Dialect, Lowered, NameKind};
use crate::model::Schema;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use table::{TableDiff, TableKind};
use view::ViewDiff;

/// The three catalogs and what the model says beside its catalog.
pub(crate) struct Input<'a> {
    pub(crate) dialect: &'a dyn Dialect,
    pub(crate) schema: &'a Schema,
    pub(crate) lowered: &'a Lowered,
    pub(crate) base: &'a Catalog,
    /// Folded names that other namespaces claim, and which.
    pub(crate) claims: &'a BTreeMap<Name, String>,
    pub(crate) renames: &'a Renames,
}

/// All differences.
pub(crate) struct Diff<'a> {
    /// The live catalog once the renames are done.
    pub(crate) live: Catalog,
    /// Tables of the model in its order, those that are renamed first and in the order in which they can be; then drops.
    pub(crate) tables: Vec<TableDiff<'a>>,
    pub(crate) views: Vec<ViewDiff>,
    pub(crate) unmanaged_tables: Vec<Name>,
    pub(crate) unmanaged_views: Vec<Name>,
    /// External tables that are not as the model says, and how.
    pub(crate) external_tables: Vec<(Name, String)>,
}

impl Diff<'_> {
    /// What nobody manages, and what other namespaces do, by namespace: `table "x"` (rule S4).
    pub(crate) fn unmanaged(
        &self,
        dialect: &dyn Dialect,
        claims: &BTreeMap<Name, String>,
    ) -> (Vec<String>, BTreeMap<String, Vec<String>>) {
        let tables = self.unmanaged_tables.iter().map(|name| ("table", name));
        let views = self.unmanaged_views.iter().map(|name| ("view", name));
        let (mut unmanaged, mut others) = (Vec::new(), BTreeMap::<String, Vec<String>>::new());
        for (kind, name) in tables.chain(views) {
            let list = match claims.get(&folded(dialect, name)) {
                Some(namespace) => others.entry(namespace.clone()).or_default(),
                None => &mut unmanaged,
            };
            list.push(format!("{kind} \"{name}\""));
        }
        (unmanaged, others)
    }

    /// Leaves alone what would be dropped and must not be; the errors say why. What is in the model has them already.
    pub(crate) fn deny(&mut self, denied: &BTreeMap<Name, Vec<String>>) {
        for table in self.tables.iter_mut().filter(|table| table.desired.is_none()) {
            table.errors.extend(denied.get(&table.name).into_iter().flatten().cloned());
        }
        for view in self.views.iter_mut().filter(|view| view.desired.is_none()) {
            view.errors.extend(denied.get(&view.name).into_iter().flatten().cloned());
        }
    }
}

/// The name as the database compares it.
pub(crate) fn folded(dialect: &dyn Dialect, name: &Name) -> Name {
    Name { schema: name.schema.clone(), name: dialect.fold(NameKind::Relation, &name.name).into_owned() }
}

/// Compares the model with what is there, `actual`.
pub(crate) fn diff<'a>(input: &Input<'a>, mut live_catalog: Catalog) -> Diff<'a> {
    let dialect = input.dialect;
    let desired: Vec<(Name, &crate::model::Table)> = input
        .schema
        .tables
        .iter()
        .filter(|table| !table.external)
        .map(|table| {
            let schema = table.schema_name();
            (dialect.name_of(schema, &table.name), table)
        })
        .collect();

    let mut diffs: Vec<TableDiff<'_>> = Vec::with_capacity(desired.len());
    let mut by_name: BTreeMap<Name, usize> = BTreeMap::new();
    for (name, _) in &desired {
        by_name.insert(folded(dialect, name), diffs.len());
        diffs.push(TableDiff::new(name.clone(), TableKind::Create));
    }
    let order = rename_tables(input, &by_name, &mut live_catalog, &mut diffs);

    let live: BTreeMap<Name, Name> =
        live_catalog.tables.keys().map(|name| (folded(dialect, name), name.clone())).collect();
    let live_views: BTreeMap<Name, Name> =
        live_catalog.views.keys().map(|name| (folded(dialect, name), name.clone())).collect();
    let base: BTreeMap<Name, &Table> = input.base.tables.iter().map(|(n, t)| (folded(dialect, n), t)).collect();
    let base_views: BTreeMap<Name, &View> = input.base.views.iter().map(|(n, v)| (folded(dialect, n), v)).collect();

    let mut bases: Vec<Option<Cow<'_, Table>>> = vec![None; desired.len()];
    for (at, (name, _)) in desired.iter().enumerate() {
        let diff = &mut diffs[at];
        let key = folded(dialect, name);
        diff.desired = input.lowered.catalog.tables.get(name);
        if let Some(errors) = input.lowered.errors.get(name) {
            diff.errors.extend(errors.iter().cloned());
        }
        claimed(input, &key, diff);
        if let Some(view) = live_views.get(&key) {
            if base_views.contains_key(&key) {
                diff.replaces_view = true;
            } else {
                diff.errors
                    .push(format!("the name is taken by view \"{view}\", which is unmanaged: rename or drop it"));
            }
        }
        let Some(live_name) = live.get(&key) else { continue };
        diff.kind = TableKind::Match;
        if let Some(reason) = live_catalog.tables.get(live_name).and_then(|table| table.opaque.clone()) {
            diff.errors.push(format!("the table that is there cannot be managed: {reason}"));
            continue;
        }
        let known_as = folded(dialect, diff.renamed_from.as_ref().unwrap_or(name));
        let mut known = base.get(&known_as).or_else(|| base.get(&key)).map(|table| Cow::Borrowed(*table));
        if let Some(changes) = input.renames.columns.get(name) {
            rename_columns(dialect, changes, live_name, &mut live_catalog, diff, &mut known);
        }
        bases[at] = known;
    }
    // Only now are all renames done, so that the keys of every table name their targets as they are.
    for (diff, base) in diffs.iter_mut().zip(&bases) {
        let table = live.get(&folded(dialect, &diff.name)).and_then(|live| live_catalog.tables.get(live));
        compare_table(dialect, diff, table, base.as_deref());
    }

    let mut tables = in_order(diffs, &order);
    let (dropped, unmanaged_tables) = not_in_model(input, &live_catalog, &live, &by_name);
    tables.extend(dropped);
    let tables_wanted: BTreeSet<Name> = by_name.keys().cloned().collect();
    let renamed =
        tables.iter().filter(|diff| diff.renamed_from.is_some()).map(|diff| folded(dialect, &diff.name)).collect();
    let retypes = tables.iter().any(|diff| diff.altered.iter().any(|column| column.from.ty != column.to.ty));
    let (views, unmanaged_views) = view::diff(input, &live_catalog, &tables_wanted, &renamed, retypes);
    let external_tables = external_tables(input, &live_catalog, &live, &live_views);
    Diff { live: live_catalog, tables, views, unmanaged_tables, unmanaged_views, external_tables }
}

/// What is wrong with the external tables: as with external views, they are looked at and left alone.
fn external_tables(
    input: &Input<'_>,
    current: &Catalog,
    live: &BTreeMap<Name, Name>,
    views: &BTreeMap<Name, Name>,
) -> Vec<(Name, String)> {
    let dialect = input.dialect;
    let mut wrong = Vec::new();
    for model in input.schema.tables.iter().filter(|table| table.external) {
        let name = dialect.name_of(model.schema_name(), &model.name);
        let key = folded(dialect, &name);
        let Some(table) = live.get(&key).and_then(|name| current.tables.get(name)) else {
            if !views.contains_key(&key) {
                let error = format!("External table \"{name}\" does not exist");
                wrong.push((name, error));
            }
            continue;
        };
        let fold = |name: &str| dialect.fold(NameKind::Column, name).into_owned();
        let there: BTreeSet<String> = table.columns.iter().map(|column| fold(&column.name)).collect();
        let missing = model.columns.iter().filter(|column| !there.contains(&fold(&column.name)));
        let missing: Vec<&str> = missing.map(|column| column.name.as_str()).collect();
        // Of some, the columns cannot be read.
        if !missing.is_empty() && (table.opaque.is_none() || !there.is_empty()) {
            let error = format!("External table \"{name}\" is missing columns: {}", missing.join(", "));
            wrong.push((name, error));
        }
    }
    wrong
}

/// Compares a table of the model with the live one, where there is one.
fn compare_table<'a>(dialect: &dyn Dialect, diff: &mut TableDiff<'a>, live: Option<&Table>, base: Option<&Table>) {
    if diff.kind != TableKind::Match || !diff.errors.is_empty() {
        return;
    }
    let same = live.zip(diff.desired).is_some_and(|(live, desired)| table::is_as_wanted(desired, live));
    let alike = diff.desired.is_some_and(|desired| table::is_read_alike(dialect, desired, base));
    diff.unchanged = same && alike && !diff.renames();
    if !diff.unchanged {
        diff.live = live.cloned();
        diff.compare(dialect, base);
    }
}

/// The live tables that the model does not have: those of the base are dropped, the others are unmanaged. `live`: their names, by
/// names as the database compares them.
fn not_in_model<'a>(
    input: &Input<'a>,
    live_catalog: &Catalog,
    live: &BTreeMap<Name, Name>,
    by_name: &BTreeMap<Name, usize>,
) -> (Vec<TableDiff<'a>>, Vec<Name>) {
    let base: BTreeSet<Name> = input.base.tables.keys().map(|name| folded(input.dialect, name)).collect();
    let (mut dropped, mut unmanaged) = (Vec::new(), Vec::new());
    let external = input.schema.tables.iter().filter(|table| table.external);
    let external: BTreeSet<Name> =
        external.map(|table| folded(input.dialect, &input.dialect.name_of(table.schema_name(), &table.name))).collect();
    for (key, name) in live.iter().filter(|(key, _)| !by_name.contains_key(*key) && !external.contains(*key)) {
        if !base.contains(key) {
            unmanaged.push(name.clone());
            continue;
        }
        let mut drop = TableDiff::new(name.clone(), TableKind::Drop);
        drop.live = live_catalog.tables.get(name).cloned();
        if let Some(to) = input.renames.contested.get(key) {
            drop.errors.push(format!("stays: it is in the rename conflict of \"{to}\""));
        }
        dropped.push(drop);
    }
    (dropped, unmanaged)
}

/// Rule S4: what another namespace claims is unmanaged.
fn claimed(input: &Input<'_>, key: &Name, diff: &mut TableDiff<'_>) {
    if let Some(other) = input.claims.get(key) {
        diff.errors.push(format!(
            "the table belongs to namespace \"{other}\": give it another name, or sync it from one namespace only"
        ));
    }
}

/// Does the table renames; returns the positions of renamed tables in the order in which they have to be done.
fn rename_tables(
    input: &Input<'_>,
    by_name: &BTreeMap<Name, usize>,
    live: &mut Catalog,
    diffs: &mut [TableDiff<'_>],
) -> Vec<usize> {
    let position = |name: &Name| by_name.get(&folded(input.dialect, name)).copied();
    for (name, errors) in &input.renames.table_errors {
        if let Some(at) = position(name) {
            diffs[at].errors.extend(errors.iter().cloned());
        }
    }
    let mut order = Vec::new();
    for (from, to) in &input.renames.tables {
        let Some(at) = position(to) else { continue };
        renames::rename_table(input.dialect, live, from, to);
        diffs[at].renamed_from = Some(from.clone());
        order.push(at);
    }
    order
}

fn rename_columns(
    dialect: &dyn Dialect,
    changes: &NameChanges,
    live_name: &Name,
    live: &mut Catalog,
    diff: &mut TableDiff<'_>,
    base: &mut Option<Cow<'_, Table>>,
) {
    for conflict in &changes.conflicts {
        diff.errors.push(format!(
            "Column rename conflict on {}: cannot rename \"{}\" → \"{}\" because \"{}\" already exists.",
            diff.name, conflict.from, conflict.to, conflict.because
        ));
    }
    for (from, to) in &changes.ordered {
        renames::rename_column(dialect, live, live_name, from, to);
        for column in base.iter_mut().flat_map(|base| &mut base.to_mut().columns) {
            if dialect.fold(NameKind::Column, &column.name) == dialect.fold(NameKind::Column, from) {
                column.name.clone_from(to);
            }
        }
    }
    diff.column_renames.clone_from(&changes.ordered);
}

/// Renamed tables first, in the order of the renames; the others as they are.
fn in_order<'a>(diffs: Vec<TableDiff<'a>>, renamed: &[usize]) -> Vec<TableDiff<'a>> {
    let mut slots: Vec<Option<TableDiff<'a>>> = diffs.into_iter().map(Some).collect();
    let mut ordered: Vec<TableDiff<'a>> = renamed.iter().filter_map(|&at| slots[at].take()).collect();
    ordered.extend(slots.into_iter().flatten());
    ordered
}
