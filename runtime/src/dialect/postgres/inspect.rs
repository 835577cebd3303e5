//! Catalog rows → catalog.

use super::rows::{ColumnRow, ConstraintRow, HolderRow, IndexRow, PartRow, TableRow, ViewRow};
use super::type_rows::{self, TypeRow};
use super::{Postgres, search, text};
use crate::catalog::{
    Catalog, Check, Column, EnumType, ForeignKey, Generated, Hold, Holder, Identity, Index, IndexOn, IndexPart, Name,
    PrimaryKey, TEMPORARY_PREFIX, Table, Trigger, UNENFORCED, UNPROVED, View, is_managed_name,
};
use crate::descriptor::{ReferentialAction, SortOrder};
use std::collections::BTreeMap;

/// Everything that the queries found.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) tables: Vec<TableRow>,
    pub(crate) constraints: Vec<ConstraintRow>,
    pub(crate) indexes: Vec<IndexRow>,
    pub(crate) views: Vec<ViewRow>,
    pub(crate) types: Vec<TypeRow>,
}

/// The catalog that the rows describe; `temporary`: also that of our temporary objects, which are its only ones.
pub(crate) fn catalog(dialect: &Postgres, rows: Rows, temporary: bool) -> Catalog {
    let mut catalog = Catalog::default();
    for row in rows.types {
        let ty = type_rows::of(dialect, row);
        catalog.types.insert(ty.name.clone(), ty);
    }
    for row in rows.tables {
        if row.name.starts_with(TEMPORARY_PREFIX) == temporary {
            let table = table(dialect, row, &catalog.types);
            catalog.tables.insert(table.name.clone(), table);
        }
    }
    for row in rows.constraints {
        constraint(dialect, &mut catalog, row);
    }
    for row in rows.indexes {
        let name = dialect.full_name(Some(&row.schema), &row.table);
        if let Some(table) = catalog.tables.get_mut(&name) {
            let index = index(row, &table.columns);
            table.indexes.push(index);
        }
    }
    for row in rows.views {
        if row.name.starts_with(TEMPORARY_PREFIX) == temporary {
            let view = view(dialect, row);
            catalog.views.insert(view.name.clone(), view);
        }
    }
    for table in catalog.tables.values_mut() {
        table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
    }
    catalog
}

fn table(dialect: &Postgres, row: TableRow, types: &BTreeMap<Name, EnumType>) -> Table {
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
        columns: row.columns.unwrap_or_default().into_iter().map(|row| column(dialect, row, types)).collect(),
        triggers: triggers(row.triggers),
        holders: row.holders.unwrap_or_default().into_iter().map(holder).collect(),
        options,
        comment: row.comment,
        opaque: opaque.map(str::to_owned),
        ..Table::default()
    }
}

fn triggers(rows: Option<Vec<super::rows::NamedSql>>) -> Vec<Trigger> {
    rows.unwrap_or_default().into_iter().map(|row| Trigger { name: row.name, sql: row.sql }).collect()
}

fn holder(row: HolderRow) -> Holder {
    let hold = match row.hold.as_str() {
        "f" => Hold::Firm,
        "a" => Hold::Along,
        _ => Hold::Grant,
    };
    Holder { column: row.column, what: row.what, hold }
}

fn column(dialect: &Postgres, row: ColumnRow, types: &BTreeMap<Name, EnumType>) -> Column {
    let known = row.enum_type.and_then(|(schema, name)| types.get(&dialect.full_name(Some(&schema), &name)));
    let array = if row.ty.ends_with("[]") { "[]" } else { "" };
    let (ty, labels) = match known {
        Some(known) => (format!("{}{array}", known.ty), known.labels.clone()),
        None => (row.ty, Vec::new()),
    };
    let generated = (!row.generated.is_empty()).then(|| Generated {
        sql: without_parentheses(row.expression.as_deref().unwrap_or_default()),
        stored: row.generated == "s",
    });
    let mut extra = BTreeMap::new();
    if row.identity == "a" {
        extra.insert("identity".to_owned(), "always".to_owned());
    }
    Column {
        name: row.name,
        ty,
        labels,
        nullable: !row.required,
        default: row.expression.filter(|_| generated.is_none()),
        generated,
        collate: row.collation,
        identity: row.sequence.map(|(start, name)| Identity { start, sequence: Some(name) }),
        comment: row.comment,
        extra,
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

fn constraint(dialect: &Postgres, catalog: &mut Catalog, row: ConstraintRow) {
    let name = dialect.full_name(Some(&row.schema), &row.table);
    if !catalog.tables.contains_key(&name) {
        // A table elsewhere that points here: only its key matters.
        if row.kind != "f" {
            return;
        }
        let reason = Some("it is in a schema that the model does not use".to_owned());
        catalog.tables.insert(name.clone(), Table { name: name.clone(), opaque: reason, ..Table::default() });
    }
    let Some(table) = catalog.tables.get_mut(&name) else { return };
    let columns = row.columns.unwrap_or_default();
    let standing = match (row.enforced, row.validated) {
        (false, _) => Some(UNENFORCED),
        (true, false) => Some(UNPROVED),
        (true, true) => None,
    };
    match row.kind.as_str() {
        // The column is required for new rows only.
        "n" => table.checks.push(Check {
            name: Some(row.name),
            sql: columns.iter().map(|name| format!("{} IS NOT NULL", text::quote(name))).collect(),
            columns,
            extra: standing.map(str::to_owned),
        }),
        "p" => {
            table.primary_key = Some(PrimaryKey { name: Some(row.name), columns, extra: BTreeMap::new() });
        }
        "f" => {
            let mut extra = Vec::new();
            extra.extend(row.match_full.then_some("MATCH FULL"));
            extra.extend(row.deferrable.then_some("DEFERRABLE"));
            extra.extend(row.deferred.then_some("INITIALLY DEFERRED"));
            extra.extend(standing);
            table.foreign_keys.push(ForeignKey {
                sql: row.sql.filter(|_| !is_managed_name(&row.name)),
                name: Some(row.name),
                columns,
                target: dialect.full_name(row.target_schema.as_deref(), &row.target.unwrap_or_default()),
                target_columns: row.target_columns.unwrap_or_default(),
                on_delete: action(&row.on_delete),
                on_update: action(&row.on_update),
                extra: (!extra.is_empty()).then(|| extra.join(" ")),
            });
        }
        "c" => {
            let mut extra = Vec::new();
            extra.extend(row.no_inherit.then_some("NO INHERIT"));
            extra.extend(standing);
            table.checks.push(Check {
                name: Some(row.name),
                sql: without_parentheses(&row.expression.unwrap_or_default()),
                columns,
                extra: (!extra.is_empty()).then(|| extra.join(" ")),
            });
        }
        "x" => table.checks.push(Check {
            name: Some(row.name),
            sql: row.definition,
            columns,
            extra: Some("exclusion".to_owned()),
        }),
        _ => {}
    }
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

fn index(row: IndexRow, columns: &[Column]) -> Index {
    let parts: Vec<IndexPart> = row.parts.into_iter().map(part).collect();
    let mut method = Some(row.method).filter(|method| method != "btree");
    let kind = search::kind(&row.name, row.unique, method.as_deref().unwrap_or("btree"), &parts, columns);
    if let Some(options) = row.options.filter(|options| !options.is_empty()) {
        method = Some(format!("{} with ({})", method.as_deref().unwrap_or("btree"), options.join(", ")));
    }
    Index {
        sql: (!is_managed_name(&row.name)).then_some(row.definition),
        name: row.name,
        kind,
        nulls_not_distinct: row.nulls_not_distinct,
        parts,
        predicate: row.predicate.map(|sql| without_parentheses(&sql)),
        include: row.include.unwrap_or_default(),
        method,
        constraint: row.constraint.is_some(),
        invalid: !row.valid,
        ..Index::default()
    }
}

fn part(row: PartRow) -> IndexPart {
    let descending = row.option & 1 != 0;
    let nulls_first = row.option & 2 != 0;
    let mut extra: Vec<String> = row.operators.into_iter().collect();
    if descending != nulls_first {
        extra.push(if nulls_first { "NULLS FIRST" } else { "NULLS LAST" }.to_owned());
    }
    IndexPart {
        on: match (row.column, row.expression) {
            (Some(name), _) => IndexOn::Column(name),
            (None, expression) => IndexOn::Expression(without_parentheses(&expression.unwrap_or_default())),
        },
        order: if descending { SortOrder::Desc } else { SortOrder::Asc },
        collate: row.collation,
        extra: (!extra.is_empty()).then(|| extra.join(" ")),
    }
}

fn view(dialect: &Postgres, row: ViewRow) -> View {
    let mut reads = Vec::new();
    let mut reads_columns = Vec::new();
    for read in row.reads.unwrap_or_default() {
        let name = dialect.full_name(Some(&read.schema), &read.name);
        reads_columns.extend(read.column.map(|column| (name.clone(), column)));
        if !reads.contains(&name) {
            reads.push(name);
        }
    }
    reads.sort();
    View {
        name: dialect.full_name(Some(&row.schema), &row.name),
        sql: text::trim(&row.sql).to_owned(),
        materialized: row.materialized,
        columns: row.columns.unwrap_or_default(),
        reads,
        reads_columns,
        triggers: triggers(row.triggers),
        restore: row.restore.unwrap_or_default(),
        written: None,
    }
}
