//! Catalog rows → catalog.

use super::rows::{AwayRow, ColumnRow, ConstraintRow, DependentRow, IndexRow, OtherRow, TableRow, ViewRow};
use super::type_rows;
use super::{Postgres, reads, search, sequences, text};
use crate::catalog::{
    Catalog, Check, Column, ColumnDependent, Dependent, DependentBehavior, EnumType, Expression, ForeignKey, Generated,
    Index, IndexOn, IndexPart, Name, PrimaryKey, Reads, TEMPORARY_PREFIX, Table, Trigger, UNENFORCED, UNPROVED, View,
    is_managed_name,
};
use crate::descriptor::{IncrementForm, ReferentialAction, SortOrder};
use std::collections::BTreeMap;

/// Everything that the queries found.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) tables: Vec<TableRow>,
    /// By table, in their order.
    pub(crate) columns: Vec<ColumnRow>,
    pub(crate) constraints: Vec<ConstraintRow>,
    pub(crate) indexes: Vec<IndexRow>,
    pub(crate) others: Vec<OtherRow>,
}

/// What the server calls by numbers: the relations, and the columns of each in their order.
type Numbers = BTreeMap<u32, Numbered>;

#[derive(Debug)]
struct Numbered {
    name: Name,
    /// Number, name, and number of the collation.
    columns: Vec<(i16, String, u32)>,
}

/// The database's own collation.
const DEFAULT_COLLATION: u32 = 100;

impl Numbered {
    fn column(&self, number: i16) -> Option<&(i16, String, u32)> {
        self.columns.binary_search_by_key(&number, |(number, ..)| *number).ok().and_then(|at| self.columns.get(at))
    }

    fn names(&self, numbers: &[i16]) -> Vec<String> {
        numbers.iter().filter_map(|number| self.column(*number)).map(|(_, name, _)| name.clone()).collect()
    }
}

/// The catalog that the rows describe; `temporary`: also that of our temporary objects, which are its only ones.
pub(crate) fn catalog(dialect: &Postgres, rows: Rows, temporary: bool) -> Catalog {
    let mut catalog = Catalog::default();
    let is_looked_at = |name: &str| name.starts_with(TEMPORARY_PREFIX) == temporary;
    for row in rows.others {
        match row {
            OtherRow::Type(row) => {
                let ty = type_rows::of(dialect, row);
                catalog.types.insert(ty.name.clone(), ty);
            }
            OtherRow::View(row) if is_looked_at(&row.name) => {
                let view = view(dialect, row);
                catalog.views.insert(view.name.clone(), view);
            }
            OtherRow::View(_) => {}
        }
    }
    let mut numbers = Numbers::new();
    for (oid, (table, numbered)) in tables(dialect, rows.tables, rows.columns, &catalog.types) {
        if let Some(table) = table.filter(|table| is_looked_at(&table.name.name)) {
            catalog.tables.insert(table.name.clone(), table);
        }
        numbers.insert(oid, numbered);
    }
    for row in rows.constraints {
        constraint(dialect, &mut catalog, &numbers, row);
    }
    for row in rows.indexes {
        let Some(numbered) = numbers.get(&row.table) else { continue };
        if let Some(table) = catalog.tables.get_mut(&numbered.name) {
            let index = index(row, numbered, &table.columns);
            table.indexes.push(index);
        }
    }
    for table in catalog.tables.values_mut() {
        table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        reads::fill(dialect, table);
    }
    catalog
}

/// Each table with its columns, unless it is hidden, and its numbers.
fn tables(
    dialect: &Postgres,
    rows: Vec<TableRow>,
    columns: Vec<ColumnRow>,
    types: &BTreeMap<Name, EnumType>,
) -> BTreeMap<u32, (Option<Table>, Numbered)> {
    let mut tables = BTreeMap::new();
    let mut all_dependents = BTreeMap::new();
    for mut row in rows {
        let (oid, hidden) = (row.oid, row.hidden);
        let rows = row.dependents.take();
        let mut table = table(dialect, row);
        table.dependents = dependents(dialect, rows.as_deref());
        all_dependents.extend(rows.map(|rows| (oid, rows)));
        let numbered = Numbered { name: table.name.clone(), columns: Vec::new() };
        tables.insert(oid, (Some(table).filter(|_| !hidden), numbered));
    }
    let mut generated = Vec::new();
    for mut row in columns {
        // One that was made a moment ago is looked at next time.
        let Some((table, numbered)) = tables.get_mut(&row.table) else { continue };
        numbered.columns.push((row.number, row.name.clone(), row.collation_oid));
        if let Some(table) = table {
            hold(table, &row, all_dependents.get(&row.table));
            let (of, reads) = (row.table, row.reads.take());
            generated.extend(reads.map(|reads| (of, table.columns.len(), reads)));
            table.columns.push(column(dialect, row, types));
        }
    }
    for (of, at, reads) in generated {
        let Some((Some(table), numbered)) = tables.get_mut(&of) else { continue };
        if let Some(generated) = table.columns.get_mut(at).and_then(|column| column.generated.as_mut()) {
            generated.sql.reads.columns = numbered.names(&reads);
        }
    }
    tables
}

fn table(dialect: &Postgres, row: TableRow) -> Table {
    let opaque = match row.kind.as_str() {
        "f" => Some("a foreign table"),
        "p" => Some("a partitioned table"),
        _ if row.partition => Some("a partition of another table"),
        _ if row.inherits => Some("part of an inheritance"),
        _ => None,
    };
    let mut options: BTreeMap<String, String> = row
        .options
        .unwrap_or_default()
        .iter()
        .filter_map(|option| option.split_once('='))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    if row.unlogged {
        options.insert("unlogged".to_owned(), "on".to_owned());
    }
    Table {
        name: dialect.full_name(Some(&row.schema), &row.name),
        triggers: triggers(row.triggers),
        options,
        comment: row.comment,
        opaque: opaque.map(str::to_owned),
        ..Table::default()
    }
}

/// What hangs on the column.
fn hold(table: &mut Table, row: &ColumnRow, others: Option<&Vec<DependentRow>>) {
    let dependent =
        |what: &str, behavior| ColumnDependent { column: row.name.clone(), what: what.to_owned(), behavior };
    // The rules of a view go and come with the view.
    let others = others.into_iter().flatten().filter(|other| other.column == row.number && other.view != Some(true));
    table.column_dependents.extend(others.map(|other| {
        dependent(
            &other.what,
            if other.along { DependentBehavior::DroppedWithColumn } else { DependentBehavior::Blocks },
        )
    }));
    if row.granted {
        table.column_dependents.push(dependent("a grant on it", DependentBehavior::LosesGrant));
    }
}

/// What depends on the whole of a table or view, each once.
fn dependents(dialect: &Postgres, rows: Option<&[DependentRow]>) -> Vec<Dependent> {
    let mut found: Vec<Dependent> = Vec::new();
    for row in rows.into_iter().flatten().filter(|row| !row.own) {
        if found.iter().any(|known| known.what == row.what) {
            continue;
        }
        let relation = row.schema.as_ref().zip(row.relation.as_ref());
        found.push(Dependent {
            what: row.what.clone(),
            relation: relation.map(|(schema, name)| dialect.full_name(Some(schema), name)),
            stores_rows: row.stores,
        });
    }
    found
}

fn triggers(rows: Option<Vec<super::rows::NamedSql>>) -> Vec<Trigger> {
    rows.unwrap_or_default().into_iter().map(|row| Trigger { name: row.name, sql: row.sql.into() }).collect()
}

fn column(dialect: &Postgres, row: ColumnRow, types: &BTreeMap<Name, EnumType>) -> Column {
    let known = row.enum_type.and_then(|(schema, name)| types.get(&dialect.full_name(Some(&schema), &name)));
    let array = if row.ty.ends_with("[]") { "[]" } else { "" };
    let (ty, labels) = match known {
        Some(known) => (format!("{}{array}", known.ty), known.labels.clone()),
        None => (row.ty, Vec::new()),
    };
    let generated = (!row.generated.is_empty()).then(|| Generated {
        sql: without_parentheses(row.expression.as_deref().unwrap_or_default()).into(),
        stored: row.generated == "s",
    });
    let identity = row.sequence.and_then(|sequence| {
        let default = row.expression.as_deref().filter(|_| row.generated.is_empty());
        sequences::identity(&row.identity, default, &ty, sequence)
    });
    let is_serial = identity.as_ref().is_some_and(|identity| identity.form == IncrementForm::Serial);
    Column {
        values: None,
        name: row.name,
        ty,
        labels,
        nullable: !row.required,
        default: row.expression.filter(|_| generated.is_none() && !is_serial).map(Expression::from),
        generated,
        collate: row.collation,
        identity,
        comment: row.comment,
        extra: BTreeMap::new(),
    }
}

/// An expression without the parentheses that enclose the whole of it: where it stands they are written anyway.
pub(crate) fn without_parentheses(sql: &str) -> String {
    let mut sql = sql.trim();
    while sql.starts_with('(') && sql.ends_with(')') && text::is_enclosed(sql) {
        sql = sql[1..sql.len() - 1].trim();
    }
    sql.to_owned()
}

fn constraint(dialect: &Postgres, catalog: &mut Catalog, numbers: &Numbers, row: ConstraintRow) {
    let side = |oid: u32, columns: &[i16], away: Option<AwayRow>| match (away, numbers.get(&oid)) {
        (Some(away), _) => Some((dialect.full_name(Some(&away.schema), &away.name), away.columns)),
        (None, Some(numbered)) => Some((numbered.name.clone(), numbered.names(columns))),
        (None, None) => None,
    };
    let Some((name, columns)) = side(row.table, &row.columns, row.away) else { return };
    if !catalog.tables.contains_key(&name) {
        // A table elsewhere that points here: only its key matters.
        if row.kind != "f" {
            return;
        }
        let reason = Some("it is in a schema that the model does not use".to_owned());
        catalog.tables.insert(name.clone(), Table { name: name.clone(), opaque: reason, ..Table::default() });
    }
    let Some(table) = catalog.tables.get_mut(&name) else { return };
    let standing = match (row.enforced, row.validated) {
        (false, _) => Some(UNENFORCED),
        (true, false) => Some(UNPROVED),
        (true, true) => None,
    };
    match row.kind.as_str() {
        // The column is required for new rows only.
        "n" => {
            for column in table.columns.iter_mut().filter(|column| columns.contains(&column.name)) {
                column.nullable = true;
            }
            table.checks.push(Check {
                name: Some(row.name),
                sql: over(columns.iter().map(|name| format!("{} IS NOT NULL", text::quote(name))).collect(), &columns),
                extra: standing.map(str::to_owned),
                adopted: None,
            });
        }
        "p" => {
            table.primary_key = Some(PrimaryKey { name: Some(row.name), columns, extra: BTreeMap::new() });
        }
        "f" => {
            let mut extra = Vec::new();
            extra.extend(row.match_full.then_some("MATCH FULL"));
            extra.extend(row.deferrable.then_some("DEFERRABLE"));
            extra.extend(row.deferred.then_some("INITIALLY DEFERRED"));
            extra.extend(standing);
            let Some((target, target_columns)) = side(row.target, &row.target_columns, row.target_away) else { return };
            table.foreign_keys.push(ForeignKey {
                sql: row.definition.filter(|_| !is_managed_name(&row.name)),
                name: Some(row.name),
                columns,
                target,
                target_columns,
                on_delete: action(&row.on_delete),
                on_update: action(&row.on_update),
                extra: (!extra.is_empty()).then(|| extra.join(" ")),
                adopted: None,
            });
        }
        "c" => {
            let mut extra = Vec::new();
            extra.extend(row.no_inherit.then_some("NO INHERIT"));
            extra.extend(standing);
            table.checks.push(Check {
                name: Some(row.name),
                sql: over(without_parentheses(&row.expression.unwrap_or_default()), &columns),
                extra: (!extra.is_empty()).then(|| extra.join(" ")),
                adopted: None,
            });
        }
        "x" => table.checks.push(Check {
            name: Some(row.name),
            sql: over(row.definition.unwrap_or_default(), &columns),
            extra: Some("exclusion".to_owned()),
            adopted: None,
        }),
        _ => {}
    }
}

/// An expression that the server says reads these columns.
fn over(text: String, columns: &[String]) -> Expression {
    Expression::reading(text, Reads { columns: columns.to_vec(), ..Reads::default() })
}

fn action(code: &str) -> ReferentialAction {
    match code {
        "r" => ReferentialAction::Restrict,
        "c" => ReferentialAction::Cascade,
        "n" => ReferentialAction::SetNull,
        "d" => ReferentialAction::SetDefault,
        _ => ReferentialAction::NoAction,
    }
}

fn index(row: IndexRow, numbered: &Numbered, columns: &[Column]) -> Index {
    let (keys, included) = row.columns.split_at(row.keys.min(row.columns.len()));
    let told = numbered.names(row.reads.as_deref().unwrap_or_default());
    let parts: Vec<IndexPart> =
        keys.iter().enumerate().map(|(at, key)| part(&row, numbered, at, *key, &told)).collect();
    let mut method = Some(row.method).filter(|method| method != "btree");
    let kind = search::kind(&row.name, row.unique, method.as_deref().unwrap_or("btree"), &parts, columns);
    if let Some(options) = row.options.filter(|options| !options.is_empty()) {
        method = Some(format!("{} with ({})", method.as_deref().unwrap_or("btree"), options.join(", ")));
    }
    Index {
        sql: row.definition.filter(|_| !is_managed_name(&row.name)),
        name: row.name,
        kind,
        nulls_not_distinct: row.nulls_not_distinct,
        parts,
        predicate: row.predicate.map(|sql| over(without_parentheses(&sql), &told)),
        include: numbered.names(included),
        method,
        constraint: row.constraint,
        invalid: !row.valid,
        ..Index::default()
    }
}

/// The key `number` of the index, at place `at`.
fn part(row: &IndexRow, numbered: &Numbered, at: usize, number: i16, told: &[String]) -> IndexPart {
    let each = |names: &Option<Vec<Option<String>>>| names.as_ref().and_then(|names| names.get(at).cloned().flatten());
    let option = row.directions.get(at).copied().unwrap_or_default();
    let descending = option & 1 != 0;
    let nulls_first = option & 2 != 0;
    let mut extra: Vec<String> = each(&row.operators).into_iter().collect();
    if descending != nulls_first {
        extra.push(if nulls_first { "NULLS FIRST" } else { "NULLS LAST" }.to_owned());
    }
    let column = numbered.column(number);
    let collation = row.collations.get(at).copied().unwrap_or_default();
    let own = column.map_or(DEFAULT_COLLATION, |(_, _, collation)| *collation);
    let collate = (collation != 0 && collation != own)
        .then(|| each(&row.collation_names).unwrap_or_else(|| "default".to_owned()));
    IndexPart {
        on: match column {
            Some((_, name, _)) => IndexOn::Column(name.clone()),
            None => {
                let sql = without_parentheses(&each(&row.expressions).unwrap_or_default());
                IndexOn::Expression(over(sql, told))
            }
        },
        order: if descending { SortOrder::Desc } else { SortOrder::Asc },
        collate,
        extra: (!extra.is_empty()).then(|| extra.join(" ")),
    }
}

fn view(dialect: &Postgres, row: ViewRow) -> View {
    let dependents = dependents(dialect, row.dependents.as_deref());
    let text = text::trim(&row.sql).to_owned();
    let mut reads = reads::read(dialect, None, &text);
    reads.relations.clear();
    for read in row.reads.unwrap_or_default() {
        let name = dialect.full_name(Some(&read.schema), &read.name);
        reads.relation_columns.extend(read.column.map(|column| (name.clone(), column)));
        reads.relations.push(name);
    }
    reads.relations.sort();
    reads.relations.dedup();
    reads.relation_columns.sort();
    View {
        unreadable: false,
        name: dialect.full_name(Some(&row.schema), &row.name),
        sql: Expression::reading(text, reads),
        materialized: row.materialized,
        columns: row.columns.unwrap_or_default(),
        types: row.types.unwrap_or_default(),
        dependents,
        triggers: triggers(row.triggers),
        restore: row.restore.unwrap_or_default(),
        written: None,
    }
}
