//! `sqlite_schema` → catalog: one query, and our own reading of the SQL that it holds.

use super::hidden::hidden_tables;
use super::search::LiveIndexes;
use super::{defaults, fold, normalise, parse, reads};
use crate::catalog::IndexKind;
use crate::catalog::{
    Catalog, Check, Column, Expression, ForeignKey, Generated, Identity, Index, IndexOn, IndexPart, Name, PrimaryKey,
    Table, Trigger, View, is_managed_name,
};
use crate::descriptor::SortOrder;
use normalise::ColumnNames;
use parse::{IndexedColumn, ParsedForeignKey, ParsedTable, ParsedUnique};
use std::collections::BTreeMap;

/// One row of `sqlite_schema`.
#[derive(Debug, Clone)]
pub(crate) struct SchemaRow {
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) table: String,
    pub(crate) sql: Option<String>,
    /// A name or the text is not UTF-8: the bytes that are none are written as `\xE9`.
    pub(crate) unreadable: bool,
}

/// The catalog that the rows describe.
pub(crate) fn catalog(rows: &[SchemaRow], search: LiveIndexes) -> Catalog {
    let hidden = hidden_tables(rows);
    let mut catalog = Catalog::default();
    let mut parsed = BTreeMap::new();
    let shown = |row: &&SchemaRow| !hidden.contains(&*fold(&row.table)) && !search.parts.contains(&*fold(&row.name));
    let seen = || rows.iter().filter(shown);
    for row in seen() {
        let sql = row.sql.as_deref().unwrap_or_default();
        match row.kind.as_str() {
            "table" => {
                let (table, keys) = if row.unreadable {
                    (opaque(&row.name, "its name or its definition is not UTF-8 text".to_owned()), Vec::new())
                } else {
                    table(&row.name, sql)
                };
                parsed.insert(table.name.clone(), keys);
                catalog.tables.insert(table.name.clone(), table);
            }
            "view" => {
                let view = View { unreadable: row.unreadable, ..view(&row.name, sql) };
                catalog.views.insert(view.name.clone(), view);
            }
            _ => {}
        }
    }
    let names: BTreeMap<String, Name> =
        catalog.tables.keys().chain(catalog.views.keys()).map(|n| (fold(&n.name).into_owned(), n.clone())).collect();
    for row in seen() {
        let Some(owner) = names.get(&*fold(&row.table)) else { continue };
        attach(&mut catalog, owner, row);
    }
    for (owner, indexes) in &search.of_table {
        if let Some(table) = names.get(owner).and_then(|name| catalog.tables.get_mut(name)) {
            table.indexes.extend(indexes.iter().cloned());
        }
    }
    resolve_foreign_keys(&mut catalog, &names, parsed);
    for table in catalog.tables.values_mut() {
        table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        table.read_expressions(|table, sql| reads::read(Some(table), sql));
    }
    catalog
}

fn opaque(name: &str, reason: String) -> Table {
    Table { name: Name::new(name), opaque: Some(reason), ..Table::default() }
}

fn table(name: &str, sql: &str) -> (Table, Vec<ParsedForeignKey>) {
    if let Some(module) = parse::virtual_table_module(sql) {
        let table = opaque(name, format!("a virtual table of the module \"{module}\""));
        return (Table { reads: Some(sql.into()), ..table }, Vec::new());
    }
    match parse::parse_table(sql) {
        Ok(parsed) => from_parsed(name, parsed),
        Err(reason) => (opaque(name, format!("its definition is not understood: {reason}")), Vec::new()),
    }
}

fn from_parsed(name: &str, parsed: ParsedTable) -> (Table, Vec<ParsedForeignKey>) {
    let names = ColumnNames::new(parsed.columns.iter().map(|column| column.name.as_str()));
    let declared = |written: &str| {
        let found = parsed.columns.iter().find(|column| column.name.eq_ignore_ascii_case(written));
        found.map_or_else(|| written.to_owned(), |column| column.name.clone())
    };
    let rowid = parsed.rowid_column();
    let is_key = |column: &str| {
        parsed.primary_key.as_ref().is_some_and(|key| key.columns.iter().any(|c| c.on.eq_ignore_ascii_case(column)))
    };
    let columns: Vec<Column> = parsed
        .columns
        .iter()
        .map(|column| {
            let is_rowid = rowid.is_some_and(|rowid| rowid.eq_ignore_ascii_case(&column.name));
            let never_null = is_rowid || (parsed.without_rowid || parsed.strict) && is_key(&column.name);
            let identity = is_rowid && parsed.primary_key.as_ref().is_some_and(|key| key.autoincrement);
            Column {
                values: None,
                name: column.name.clone(),
                ty: normalise::column_type(&column.ty),
                labels: Vec::new(),
                nullable: !column.not_null && !never_null,
                default: column.default.as_deref().and_then(defaults::default).map(Expression::from),
                generated: column
                    .generated
                    .as_ref()
                    .map(|(sql, stored)| Generated { sql: normalise::expression(sql, &names).into(), stored: *stored }),
                collate: collation(column.collate.as_deref()),
                identity: identity.then_some(Identity { start: 1, ..Identity::default() }),
                comment: None,
                extra: column.not_null_conflict.iter().map(|c| ("not_null_conflict".to_owned(), c.clone())).collect(),
            }
        })
        .collect();
    let on = |set: bool, key: &str| set.then(|| (key.to_owned(), "on".to_owned()));
    let table = Table {
        name: Name::new(name),
        primary_key: parsed.primary_key.as_ref().map(|key| PrimaryKey {
            name: key.name.clone(),
            columns: key.columns.iter().map(|column| declared(&column.on)).collect(),
            extra: key_details(key, rowid.is_some()),
        }),
        indexes: constraint_indexes(name, &parsed, &columns),
        checks: parsed
            .checks
            .iter()
            .map(|check| Check {
                name: check.name.clone(),
                sql: normalise::expression(&check.sql, &names).into(),
                extra: check.conflict.as_ref().map(|conflict| format!("ON CONFLICT {conflict}")),
                adopted: None,
            })
            .collect(),
        options: [on(parsed.strict, "strict"), on(parsed.without_rowid, "without_rowid")]
            .into_iter()
            .flatten()
            .collect(),
        columns,
        ..Table::default()
    };
    (table, parsed.foreign_keys)
}

/// What of a primary key is kept when the table is built again: by position, and for the whole.
fn key_details(key: &parse::ParsedPrimaryKey, is_rowid: bool) -> BTreeMap<String, String> {
    let mut details = BTreeMap::new();
    if key.inline {
        if key.columns.iter().any(|column| column.order == SortOrder::Desc) {
            details.insert("inline".to_owned(), "DESC".to_owned());
        }
    } else if !is_rowid {
        for (at, column) in key.columns.iter().enumerate() {
            let mut detail = Vec::new();
            detail.extend(column.collate.as_ref().map(|collate| format!("COLLATE {}", normalise::quote(collate))));
            detail.extend((column.order == SortOrder::Desc).then(|| "DESC".to_owned()));
            if !detail.is_empty() {
                details.insert(at.to_string(), detail.join(" "));
            }
        }
    }
    details.extend(key.conflict.iter().map(|conflict| ("conflict".to_owned(), conflict.clone())));
    details
}

/// A collation, where it is not the default one.
fn collation(written: Option<&str>) -> Option<String> {
    written.map(str::to_ascii_uppercase).filter(|name| name != "BINARY")
}

/// The indexes that SQLite makes for unique constraints, by the names that it gives them. One that says what an earlier one or the
/// primary key says has none.
fn constraint_indexes(table: &str, parsed: &ParsedTable, columns: &[Column]) -> Vec<Index> {
    let key = parsed.primary_key.as_ref().filter(|_| parsed.rowid_column().is_none());
    let key = key.map(|key| parts(&key.columns, columns, &ColumnNames::default()));
    let primary = key.as_ref().map(|parts| comparable(parts, columns));
    let mut indexes = Vec::new();
    let mut made: Vec<Comparable> = Vec::new();
    for unique in &parsed.uniques {
        let Some(parts) = unique.as_ref().map(|unique| parts(&unique.columns, columns, &ColumnNames::default())) else {
            made.extend(primary.clone().filter(|primary| !made.contains(primary)));
            continue;
        };
        let this = comparable(&parts, columns);
        if made.contains(&this) {
            continue;
        }
        made.push(this.clone());
        if primary.as_ref() == Some(&this) {
            continue;
        }
        indexes.push(Index {
            name: format!("sqlite_autoindex_{table}_{}", made.len()),
            kind: IndexKind::Unique,
            sql: unique.as_ref().map(|unique| unique_text(unique, &parts)),
            parts,
            constraint: true,
            ..Index::default()
        });
    }
    indexes
}

/// The columns of a constraint with their collations.
type Comparable = Vec<(String, Option<String>)>;

/// The name of a part of a constraint.
fn on(part: &IndexPart) -> &str {
    match &part.on {
        IndexOn::Column(name) => name,
        IndexOn::Expression(sql) => sql,
    }
}

fn comparable(parts: &[IndexPart], columns: &[Column]) -> Comparable {
    let part = |part: &IndexPart| {
        let name = on(part);
        let own = columns.iter().find(|column| column.name == *name).and_then(|column| column.collate.clone());
        (name.to_owned(), part.collate.clone().or(own))
    };
    parts.iter().map(part).collect()
}

/// The text of a unique constraint, as it can stand in a table.
fn unique_text(unique: &ParsedUnique, parts: &[IndexPart]) -> String {
    let name = unique.name.as_ref().map_or_else(String::new, |name| format!("CONSTRAINT {} ", normalise::quote(name)));
    let columns: Vec<String> = parts
        .iter()
        .map(|part| {
            let name = on(part);
            let collate =
                part.collate.as_ref().map_or_else(String::new, |c| format!(" COLLATE {}", normalise::quote(c)));
            let order = if part.order == SortOrder::Desc { " DESC" } else { "" };
            format!("{}{collate}{order}", normalise::quote(name))
        })
        .collect();
    let conflict = unique.conflict.as_ref().map_or_else(String::new, |conflict| format!(" ON CONFLICT {conflict}"));
    format!("{name}UNIQUE ({}){conflict}", columns.join(", "))
}

/// The parts of an index over these columns.
fn parts(written: &[IndexedColumn], columns: &[Column], names: &ColumnNames) -> Vec<IndexPart> {
    written.iter().map(|written| part(written, columns, names)).collect()
}

/// One part of an index over these columns.
pub(crate) fn part(written: &IndexedColumn, columns: &[Column], names: &ColumnNames) -> IndexPart {
    let expression = written.expression.then(|| normalise::expression(&written.on, names));
    let name = match &expression {
        Some(sql) => parse::unquoted_name(sql),
        None => Some(written.on.clone()),
    };
    let column = name.and_then(|name| columns.iter().find(|column| column.name.eq_ignore_ascii_case(&name)));
    let own = column.and_then(|column| column.collate.clone());
    let collate = written.collate.clone().filter(|collate| match &own {
        Some(own) => own != collate,
        None => column.is_none() || collate != "BINARY",
    });
    let on = match (column, expression) {
        (Some(column), _) => IndexOn::Column(column.name.clone()),
        (None, Some(sql)) => IndexOn::Expression(sql.into()),
        (None, None) => IndexOn::Column(written.on.clone()),
    };
    IndexPart { on, order: written.order, collate, extra: None }
}

fn view(name: &str, sql: &str) -> View {
    let prefix = format!("CREATE VIEW {} AS ", normalise::quote(name));
    View {
        name: Name::new(name),
        sql: parse::parse_view_query(sql, &prefix).unwrap_or_else(|| sql.to_owned()).into(),
        ..View::default()
    }
}

/// Indexes and triggers.
fn attach(catalog: &mut Catalog, owner: &Name, row: &SchemaRow) {
    let Some(sql) = &row.sql else { return };
    if row.unreadable && matches!(row.kind.as_str(), "trigger" | "index") {
        if let Some(table) = catalog.tables.get_mut(owner) {
            table.unreadable.push(format!("{} \"{}\"", row.kind, row.name));
        } else if let Some(view) = catalog.views.get_mut(owner) {
            view.unreadable = true;
        }
    }
    match row.kind.as_str() {
        "trigger" => {
            let trigger = Trigger { name: row.name.clone(), sql: sql.as_str().into() };
            if let Some(table) = catalog.tables.get_mut(owner) {
                table.triggers.push(trigger);
            } else if let Some(view) = catalog.views.get_mut(owner) {
                view.triggers.push(trigger);
            }
        }
        "index" => {
            if let Some(table) = catalog.tables.get_mut(owner) {
                let index = index(&row.name, sql, &table.columns);
                table.indexes.push(index);
            }
        }
        _ => {}
    }
}

fn index(name: &str, sql: &str, columns: &[Column]) -> Index {
    let names = ColumnNames::new(columns.iter().map(|column| column.name.as_str()));
    let own_sql = (!is_managed_name(name)).then(|| sql.to_owned());
    match parse::parse_index(sql) {
        Ok(parsed) => Index {
            name: name.to_owned(),
            kind: if parsed.unique { IndexKind::Unique } else { IndexKind::Plain },
            parts: parts(&parsed.parts, columns, &names),
            predicate: parsed.predicate.map(|sql| normalise::expression(&sql, &names).into()),
            sql: own_sql,
            ..Index::default()
        },
        // Whatever it is: it is kept by its SQL, and it is in the way of every column that its text names.
        Err(_) => Index {
            name: name.to_owned(),
            parts: vec![IndexPart {
                on: IndexOn::Expression(normalise::expression(sql, &names).into()),
                order: SortOrder::Asc,
                collate: None,
                extra: None,
            }],
            sql: Some(sql.to_owned()),
            ..Index::default()
        },
    }
}

fn resolve_foreign_keys(
    catalog: &mut Catalog,
    names: &BTreeMap<String, Name>,
    mut parsed: BTreeMap<Name, Vec<ParsedForeignKey>>,
) {
    let keys: BTreeMap<Name, (Vec<String>, Vec<String>)> = catalog
        .tables
        .values()
        .map(|table| {
            let columns = table.columns.iter().map(|column| column.name.clone()).collect();
            let key = table.primary_key.as_ref().map(|key| key.columns.clone()).unwrap_or_default();
            (table.name.clone(), (columns, key))
        })
        .collect();
    for table in catalog.tables.values_mut() {
        let Some(written) = parsed.remove(&table.name) else { continue };
        let own: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
        table.foreign_keys = written
            .into_iter()
            .map(|key| {
                let target = names.get(&*fold(&key.target)).cloned().unwrap_or_else(|| Name::new(&key.target));
                let (columns, primary) = keys.get(&target).cloned().unwrap_or_default();
                let target_columns = if key.target_columns.is_empty() {
                    primary
                } else {
                    key.target_columns.iter().map(|name| as_declared(name, &columns)).collect()
                };
                let matching = key.matching.map(|name| format!("MATCH {}", normalise::quote(&name)));
                let details: Vec<String> = matching.into_iter().chain(key.deferrable).collect();
                ForeignKey {
                    name: key.name,
                    columns: key.columns.iter().map(|name| as_declared(name, &own)).collect(),
                    target,
                    target_columns,
                    on_delete: key.on_delete,
                    on_update: key.on_update,
                    extra: (!details.is_empty()).then(|| details.join(" ")),
                    sql: None,
                    adopted: None,
                }
            })
            .collect();
    }
}

fn as_declared(written: &str, columns: &[String]) -> String {
    columns.iter().find(|column| column.eq_ignore_ascii_case(written)).cloned().unwrap_or_else(|| written.to_owned())
}
