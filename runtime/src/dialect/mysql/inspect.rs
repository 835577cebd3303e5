//! Catalog rows → catalog.

use super::state::{HISTORY, STATE, TextRow};
use super::text::{quote, unescape, without_database, without_parentheses};
use super::{Flavor, Mysql, defaults, reads, types};
use crate::catalog::{
    Catalog, Check, Column, ForeignKey, Generated, Identity, Index, IndexKind, IndexOn, IndexPart, Name, PrimaryKey,
    TEMPORARY_PREFIX, Table, Trigger, UNENFORCED, View, is_managed_name,
};
use crate::descriptor::{Collation, ReferentialAction, SortOrder};
use std::collections::BTreeMap;

/// Everything that the queries found.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) tables: Vec<TextRow>,
    pub(crate) columns: Vec<TextRow>,
    pub(crate) indexes: Vec<TextRow>,
    pub(crate) foreign_keys: Vec<TextRow>,
    pub(crate) checks: Vec<TextRow>,
    pub(crate) views: Vec<TextRow>,
    pub(crate) triggers: Vec<TextRow>,
}

/// The cell of a row.
fn cell(row: &TextRow, at: usize) -> Option<&str> {
    row.get(at)?.as_deref()
}

fn text(row: &TextRow, at: usize) -> &str {
    cell(row, at).unwrap_or_default()
}

struct Inspection<'a> {
    dialect: &'a Mysql,
    catalog: Catalog,
}

/// The catalog that the rows describe.
pub(crate) fn catalog(dialect: &Mysql, rows: &Rows) -> Catalog {
    let mut inspection = Inspection { dialect, catalog: Catalog::default() };
    rows.tables.iter().for_each(|row| inspection.table(row));
    rows.views.iter().for_each(|row| inspection.view(row));
    rows.columns.iter().for_each(|row| inspection.column(row));
    rows.indexes.iter().for_each(|row| inspection.index(row));
    rows.foreign_keys.iter().for_each(|row| inspection.foreign_key(row));
    rows.checks.iter().for_each(|row| inspection.check(row));
    rows.triggers.iter().for_each(|row| inspection.trigger(row));
    let mut catalog = inspection.catalog;
    for table in catalog.tables.values_mut() {
        hide_implicit_indexes(table);
        table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        table.read_expressions(|table, sql| reads::read(dialect, Some(table), sql));
    }
    read_triggers(dialect, &mut catalog);
    for view in catalog.views.values_mut() {
        *view.sql.reads = reads::read(dialect, None, &view.sql.text);
    }
    reads::link(&mut catalog);
    catalog
}

/// What a trigger names of the columns of its table, and the tables that it names.
fn read_triggers(dialect: &Mysql, catalog: &mut Catalog) {
    for table in catalog.tables.values_mut() {
        let bare = Table { columns: table.columns.clone(), ..Table::default() };
        for trigger in &mut table.triggers {
            let query = reads::read(dialect, None, &trigger.sql.text);
            *trigger.sql.reads = reads::read(dialect, Some(&bare), &trigger.sql.text);
            trigger.sql.reads.relations = query.relations;
        }
    }
}

/// The index that the server made for a foreign key of ours bears the key's name: it is part of the key.
fn hide_implicit_indexes(table: &mut Table) {
    let keys: Vec<&ForeignKey> = table.foreign_keys.iter().collect();
    let implicit = |index: &Index| {
        keys.iter().any(|key| {
            let columns = index.parts.iter().map(|part| match &part.on {
                IndexOn::Column(name) => name.as_str(),
                IndexOn::Expression(_) => "",
            });
            key.name.as_deref() == Some(index.name.as_str())
                && is_managed_name(&index.name)
                && index.kind == IndexKind::Plain
                && columns.eq(key.columns.iter().map(String::as_str))
        })
    };
    let hidden: Vec<String> =
        table.indexes.iter().filter(|index| implicit(index)).map(|index| index.name.clone()).collect();
    table.indexes.retain(|index| !hidden.contains(&index.name));
}

impl Inspection<'_> {
    fn name(&self, row: &TextRow) -> Name {
        self.dialect.full_name(cell(row, 0), text(row, 1))
    }

    fn table_mut(&mut self, row: &TextRow) -> Option<&mut Table> {
        let name = self.name(row);
        self.catalog.tables.get_mut(&name)
    }

    fn table(&mut self, row: &TextRow) {
        let name = self.name(row);
        let kind = text(row, 2);
        let hidden = name.name == STATE || name.name == HISTORY || name.name.starts_with(TEMPORARY_PREFIX);
        if hidden || !matches!(kind, "BASE TABLE" | "SYSTEM VERSIONED") {
            return;
        }
        let mut options = BTreeMap::new();
        if let Some(engine) = cell(row, 3).filter(|engine| !engine.eq_ignore_ascii_case("innodb")) {
            options.insert("engine".to_owned(), engine.to_owned());
        }
        if let Some(collation) = cell(row, 4).filter(|name| *name != self.dialect.collation(Collation::Binary)) {
            options.insert("collate".to_owned(), collation.to_owned());
            let charset = collation.split('_').next().unwrap_or_default();
            if charset != "utf8mb4" {
                options.insert("charset".to_owned(), charset.to_owned());
            }
        }
        for option in text(row, 5).split_whitespace() {
            let (key, value) = option.split_once('=').unwrap_or((option, "on"));
            options.insert(key.to_ascii_lowercase(), value.to_owned());
        }
        let versioned = kind == "SYSTEM VERSIONED";
        let table = Table {
            name: name.clone(),
            options,
            comment: Some(text(row, 6).to_owned()).filter(|comment| !comment.is_empty()),
            opaque: versioned.then(|| "it is a system-versioned table, which is left as it is".to_owned()),
            ..Table::default()
        };
        self.catalog.tables.insert(name, table);
    }

    fn view(&mut self, row: &TextRow) {
        let name = self.name(row);
        let sql = without_database(text(row, 2), &self.dialect.home);
        self.catalog.views.insert(name.clone(), View { name, sql: sql.into(), ..View::default() });
    }

    fn column(&mut self, row: &TextRow) {
        let name = self.name(row);
        if let Some(view) = self.catalog.views.get_mut(&name) {
            view.columns.push(text(row, 2).to_owned());
            view.types.push(types::normal(text(row, 5)));
            return;
        }
        let column = self.column_of(row);
        if let Some(table) = self.catalog.tables.get_mut(&name) {
            table.columns.push(column);
        }
    }

    fn column_of(&self, row: &TextRow) -> Column {
        let flavor = self.dialect.flavor;
        let (ty, extra) = (types::normal(text(row, 5)), text(row, 7));
        let upper = extra.to_ascii_uppercase();
        let mut column = Column {
            name: text(row, 2).to_owned(),
            nullable: text(row, 4) == "YES",
            collate: cell(row, 6)
                .filter(|name| types::is_text(&ty) && *name != self.dialect.collation(Collation::Binary))
                .map(str::to_owned),
            identity: upper.contains("AUTO_INCREMENT").then_some(Identity { start: 1, ..Identity::default() }),
            comment: Some(text(row, 8).to_owned()).filter(|comment| !comment.is_empty()),
            ty,
            ..Column::default()
        };
        if upper.contains("GENERATED") && !upper.contains("DEFAULT_GENERATED") {
            let sql = match flavor {
                Flavor::Mysql => unescape(text(row, 9)),
                Flavor::Mariadb => text(row, 9).to_owned(),
            };
            let stored = upper.contains("STORED") || upper.contains("PERSISTENT");
            column.generated = Some(Generated { sql: without_parentheses(&sql).into(), stored });
        } else {
            column.default = defaults::of_row(flavor, cell(row, 3), extra, &column.ty).map(Into::into);
        }
        if let Some(at) = upper.find("ON UPDATE ") {
            let sql = extra[at + "ON UPDATE ".len()..].split(' ').next().unwrap_or_default();
            let sql = if defaults::is_current_timestamp(sql) {
                defaults::current_timestamp(&column.ty)
            } else {
                sql.to_owned()
            };
            column.extra.insert("on_update".to_owned(), sql);
        }
        if upper.contains("INVISIBLE") {
            column.extra.insert("invisible".to_owned(), "on".to_owned());
        }
        if let Some(srid) = cell(row, 10) {
            column.extra.insert("srid".to_owned(), srid.to_owned());
        }
        column
    }

    fn index(&mut self, row: &TextRow) {
        let name = text(row, 2).to_owned();
        let on = match (cell(row, 4), cell(row, 8)) {
            (Some(column), _) => IndexOn::Column(column.to_owned()),
            (None, sql) => IndexOn::Expression(without_parentheses(&unescape(sql.unwrap_or_default())).into()),
        };
        let (unique, method, visible) = (text(row, 3) == "0", text(row, 7).to_owned(), text(row, 9) != "NO");
        let descending = text(row, 5) == "D";
        let prefix = cell(row, 6).map(str::to_owned);
        let Some(table) = self.table_mut(row) else { return };
        if name == "PRIMARY" {
            let IndexOn::Column(column) = on else { return };
            let key = table.primary_key.get_or_insert_with(PrimaryKey::default);
            if let Some(prefix) = prefix {
                key.extra.insert(column.clone(), format!("({prefix})"));
            }
            key.columns.push(column);
            return;
        }
        let kind = match (method.as_str(), unique) {
            ("FULLTEXT", _) => IndexKind::Fulltext,
            ("SPATIAL", _) => IndexKind::Geo,
            (_, true) => IndexKind::Unique,
            (_, false) => IndexKind::Plain,
        };
        let special = matches!(kind, IndexKind::Fulltext | IndexKind::Geo);
        let part = IndexPart {
            on,
            order: if descending { SortOrder::Desc } else { SortOrder::Asc },
            collate: None,
            extra: prefix.filter(|_| !special),
        };
        match table.indexes.last_mut().filter(|last| last.name == name) {
            Some(last) => last.parts.push(part),
            None => {
                let method = (!matches!(method.as_str(), "BTREE" | "FULLTEXT" | "SPATIAL")).then_some(method);
                let method = if visible { method } else { Some("invisible".to_owned()) };
                table.indexes.push(Index { name, kind, parts: vec![part], method, ..Index::default() });
            }
        }
    }

    fn foreign_key(&mut self, row: &TextRow) {
        let (name, column) = (text(row, 2).to_owned(), text(row, 3).to_owned());
        let target = self.dialect.full_name(cell(row, 4), text(row, 5));
        let target_column = text(row, 6).to_owned();
        let (on_delete, on_update) = (action(text(row, 7)), action(text(row, 8)));
        let Some(table) = self.table_mut(row) else { return };
        match table.foreign_keys.last_mut().filter(|last| last.name.as_ref() == Some(&name)) {
            Some(last) => {
                last.columns.push(column);
                last.target_columns.push(target_column);
            }
            None => table.foreign_keys.push(ForeignKey {
                name: Some(name),
                columns: vec![column],
                target,
                target_columns: vec![target_column],
                on_delete,
                on_update,
                ..ForeignKey::default()
            }),
        }
    }

    fn check(&mut self, row: &TextRow) {
        let mariadb = self.dialect.is_mariadb();
        let sql = if mariadb { text(row, 3).to_owned() } else { unescape(text(row, 3)) };
        let sql = without_parentheses(&sql).to_owned();
        let name = text(row, 2).to_owned();
        let (enforced, of_column) = (text(row, 4) != "NO", text(row, 5) == "Column");
        let Some(table) = self.table_mut(row) else { return };
        if of_column && let Some(column) = table.columns.iter_mut().find(|column| column.name == name) {
            // `json` is another name for that.
            if sql == format!("json_valid({})", quote(&name)) && column.ty == "longtext" {
                column.ty = "json".to_owned();
                column.collate = None;
            } else {
                column.extra.insert("check".to_owned(), sql);
            }
            return;
        }
        table.checks.push(Check {
            name: Some(name),
            sql: sql.into(),
            extra: (!enforced).then(|| UNENFORCED.to_owned()),
            adopted: None,
        });
    }

    fn trigger(&mut self, row: &TextRow) {
        let sql = format!(
            "CREATE TRIGGER {} {} {} ON {} FOR EACH ROW {}",
            quote(text(row, 2)),
            text(row, 3),
            text(row, 4),
            self.dialect.qualified(&self.name(row)),
            text(row, 5)
        );
        let name = text(row, 2).to_owned();
        if let Some(table) = self.table_mut(row) {
            table.triggers.push(Trigger { name, sql: sql.into() });
        }
    }
}

fn action(rule: &str) -> ReferentialAction {
    match rule {
        "CASCADE" => ReferentialAction::Cascade,
        "SET NULL" => ReferentialAction::SetNull,
        "SET DEFAULT" => ReferentialAction::SetDefault,
        _ => ReferentialAction::NoAction,
    }
}
