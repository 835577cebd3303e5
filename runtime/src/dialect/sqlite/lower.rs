//! Model → catalog: the physical state that a model asks for.

use super::view::SqliteWriter;
use super::{IDENTIFIER_LIMIT, defaults, fold, inspect, normalise, parse, reads, search, types};
use crate::catalog::{
    Check, Column, Expression, ForeignKey, Generated, Identity, Index, IndexPart, MANAGED_PREFIX, Name, PrimaryKey,
    Table, View, fit_identifier, index_name,
};
use crate::descriptor::{Collation, SortOrder};
use crate::dialect::Lowered;
use crate::dialect::sql::columns::{self, QueryToken};
use crate::dialect::sql::select::select;
use crate::model::sql::{Lexer, table_faults, view_fault};
use crate::model::{self, DataType, DefaultValue, IndexKind, Schema};
use normalise::ColumnNames;
use std::collections::{BTreeMap, BTreeSet};

/// The name of all our foreign keys: SQLite does not rename constraints with their table, and lets them share a name.
pub(crate) fn foreign_key_name() -> String {
    format!("{MANAGED_PREFIX}fk")
}

/// What the names of our checks begin with: SQLite does not rename constraints with their table.
pub(crate) const CHECK_PREFIX: &str = "schemasync__check__";

fn check_name(name: &str) -> String {
    fit_identifier(&format!("{CHECK_PREFIX}{name}"), IDENTIFIER_LIMIT)
}

/// What the model asks for.
pub(crate) fn lower(schema: &Schema) -> Lowered {
    let mut lowered = Lowered::default();
    for model in schema.tables.iter().filter(|table| !table.external) {
        let mut lowering = Lowering::default();
        let mut table = lowering.table(model);
        table.read_expressions(|table, sql| reads::read(Some(table), sql));
        lowering.notes.extend(search::lower(&mut table, &[]));
        let name = table.name.clone();
        if !lowering.notes.is_empty() {
            lowered.notes.insert(name.clone(), lowering.notes);
        }
        if !lowering.errors.is_empty() {
            lowered.errors.insert(name.clone(), lowering.errors);
        }
        lowered.catalog.tables.insert(name, table);
    }
    for model in &schema.views {
        view(&mut lowered, schema, model);
    }
    reads::link(&mut lowered.catalog);
    shared_index_names(&mut lowered);
    lowered
}

fn view(lowered: &mut Lowered, schema: &Schema, model: &model::View) {
    let sql = match (&model.sql, &model.query) {
        (Some(sql), _) => Ok(parse::trim_statement(sql).to_owned()),
        (None, Some(query)) => select(schema, query, &SqliteWriter),
        (None, None) => return,
    };
    let name = Name::new(&model.name);
    let mut notes = Vec::new();
    if model.materialized {
        notes.push("SQLite has no materialized views: a plain one is made".to_owned());
    }
    if model.schema.is_some() {
        notes.push(NO_SCHEMAS.to_owned());
    }
    if !notes.is_empty() {
        lowered.notes.insert(name.clone(), notes);
    }
    let sql = sql.unwrap_or_else(|error| {
        lowered.errors.entry(name.clone()).or_default().push(error);
        String::new()
    });
    if let Some(fault) = view_fault(model, &Lexer::SQLITE) {
        lowered.errors.entry(name.clone()).or_default().push(fault);
    }
    if model.name.contains('\0') || sql.contains('\0') {
        lowered.errors.insert(name.clone(), vec!["the name or the query holds a NUL character".to_owned()]);
    }
    let columns = output_columns(model, &sql);
    lowered.catalog.views.insert(name.clone(), View { name, sql: sql.into(), columns, ..View::default() });
}

/// The columns of the view, as far as the model says them: none, where it does not say all.
fn output_columns(model: &model::View, sql: &str) -> Vec<String> {
    if model.query.is_some() {
        return model.column_names().into_iter().map(str::to_owned).collect();
    }
    let tokens = parse::tokenize(sql);
    let name = |token: &parse::Token<'_>| token.is_name().then(|| token.unquoted().into_owned());
    let tokens: Vec<QueryToken<'_>> =
        tokens.iter().map(|token| QueryToken { text: token.text, name: name(token) }).collect();
    columns::output_columns(&tokens).unwrap_or_default()
}

const NO_SCHEMAS: &str = "`schema` is ignored: SQLite has no schemas";

/// Index names are shared by the whole database.
fn shared_index_names(lowered: &mut Lowered) {
    let mut owners: BTreeMap<String, Vec<Name>> = BTreeMap::new();
    for table in lowered.catalog.tables.values() {
        for index in &table.indexes {
            for name in search::names(index) {
                owners.entry(fold(&name).into_owned()).or_default().push(table.name.clone());
            }
        }
    }
    for (index, tables) in owners {
        if tables.len() < 2 {
            continue;
        }
        let named: BTreeSet<&Name> = tables.iter().collect();
        for &table in &named {
            let all: Vec<String> = named.iter().map(|name| format!("\"{name}\"")).collect();
            lowered.errors.entry(table.clone()).or_default().push(format!(
                "two indexes would have the name \"{index}\" (tables {}): give one of them another name",
                all.join(", ")
            ));
        }
    }
}

/// The lowering of one table.
#[derive(Default)]
struct Lowering {
    notes: Vec<String>,
    errors: Vec<String>,
}

impl Lowering {
    fn table(&mut self, model: &model::Table) -> Table {
        let options = &model.options.sqlite;
        if model.schema.is_some() {
            self.notes.push(NO_SCHEMAS.to_owned());
        }
        self.errors.extend(table_faults(model, &Lexer::SQLITE, |column| column.native.sqlite.ty.as_ref()));
        if options.without_rowid && model.primary_key.is_empty() {
            self.errors.push("a WITHOUT ROWID table needs a primary key".to_owned());
        }
        let all = std::iter::once(&model.name).chain(model.columns.iter().map(|column| &column.name));
        for name in all.filter(|name| name.contains('\0')) {
            self.errors.push(format!("the name {name:?} holds a NUL character"));
        }
        let names = ColumnNames::new(model.columns.iter().map(|column| column.name.as_str()));
        let columns: Vec<Column> = model.columns.iter().map(|column| self.column(model, column, &names)).collect();
        let mut indexes: Vec<Index> =
            model.indexes.iter().filter_map(|index| self.index(model, index, &columns, &names)).collect();
        indexes.sort_by(|a, b| a.name.cmp(&b.name));
        let on = |set: bool, key: &str| set.then(|| (key.to_owned(), "on".to_owned()));
        Table {
            name: Name::new(&model.name),
            primary_key: (!model.primary_key.is_empty())
                .then(|| PrimaryKey { columns: model.primary_key.clone(), ..PrimaryKey::default() }),
            indexes,
            foreign_keys: model.foreign_keys.iter().map(foreign_key).collect(),
            checks: model.checks.iter().map(|check| self.check(check, &names)).collect(),
            options: [on(options.strict, "strict"), on(options.without_rowid, "without_rowid")]
                .into_iter()
                .flatten()
                .collect(),
            columns,
            ..Table::default()
        }
    }

    fn column(&mut self, table: &model::Table, model: &model::Column, names: &ColumnNames) -> Column {
        let options = &table.options.sqlite;
        let ty = types::lower(model, options.strict).unwrap_or_else(|error| {
            self.errors.push(error);
            "TEXT".to_owned()
        });
        let is_key = table.primary_key.contains(&model.name);
        let is_rowid = is_key && table.primary_key.len() == 1 && ty == "INTEGER" && !options.without_rowid;
        let mut column = Column {
            name: model.name.clone(),
            values: Some(types::value_kind(model)),
            nullable: model.nullable && !is_key,
            collate: self.collation(model),
            generated: model.generated.as_ref().map(|generated| Generated {
                sql: self.expression(&generated.sql, names).into(),
                stored: generated.stored,
            }),
            ty,
            ..Column::default()
        };
        if let Some(DefaultValue::Increment(increment)) = model.default {
            let start = increment.start;
            if increment.has_options() {
                self.notes.push(format!(
                    "column \"{}\": step, limits, cache and cycle of `increment` are for PostgreSQL: it counts by one here",
                    model.name
                ));
            }
            if start < 1 {
                self.errors.push(format!("column \"{}\": AUTOINCREMENT begins at 1 or later, not {start}", model.name));
            }
            if is_rowid {
                column.identity = Some(Identity { start, ..Identity::default() });
            } else {
                self.errors.push(format!(
                    "column \"{}\": `default(increment)` needs an integer that is the whole primary key of a table with rowids",
                    model.name
                ));
            }
        } else if let Some(default) = &model.default {
            match default_value(default, model, &column.ty) {
                Ok(default) => column.default = default.map(Expression::from),
                Err(reason) => self.errors.push(format!("column \"{}\": {reason}", model.name)),
            }
        }
        column
    }

    fn collation(&mut self, model: &model::Column) -> Option<String> {
        if let Some(native) = &model.native.sqlite.collate {
            return Some(native.to_ascii_uppercase()).filter(|name| name != "BINARY");
        }
        match model.collate? {
            Collation::Binary => None,
            Collation::Nocase => Some("NOCASE".to_owned()),
            Collation::Unicode => {
                self.notes
                    .push(format!("column \"{}\": SQLite has no Unicode collation: it compares by bytes", model.name));
                None
            }
        }
    }

    fn index(
        &mut self,
        table: &model::Table,
        model: &model::Index,
        columns: &[Column],
        names: &ColumnNames,
    ) -> Option<Index> {
        let name = &model.name;
        let note = match &model.kind {
            IndexKind::Plain | IndexKind::Unique | IndexKind::Fulltext => None,
            IndexKind::Vector(_) => Some(format!("vector index \"{name}\": not supported on SQLite yet")),
            IndexKind::Geo if cfg!(feature = "sqlite-rtree") => None,
            IndexKind::Geo => Some(format!(
                "geo index \"{name}\": points are stored as JSON text, and none is made without the feature `sqlite-rtree`"
            )),
        };
        if let Some(note) = note {
            self.notes.push(note);
            return None;
        }
        if !model.include.is_empty() {
            self.notes.push(format!("index \"{name}\": SQLite has no included columns: they are left out"));
        }
        self.notes.extend(model.without_equal_nulls(table, "SQLite"));
        let mut parts: Vec<IndexPart> = model.parts.iter().map(|part| self.index_part(part, columns, names)).collect();
        if model.kind == IndexKind::Fulltext {
            for (part, written) in parts.iter_mut().zip(&model.parts) {
                part.extra = written.weight.filter(|weight| *weight != 1).map(|weight| weight.to_string());
                (part.order, part.collate) = (SortOrder::Asc, None);
            }
        }
        let method = match (&model.kind, &model.language) {
            (IndexKind::Fulltext, Some(language)) => self.tokenizer(name, language),
            _ => None,
        };
        Some(Index {
            method,
            name: index_name(&model.kind, &table.name, name, IDENTIFIER_LIMIT),
            kind: model.kind.clone(),
            parts,
            predicate: model.predicate.as_ref().map(|sql| self.expression(sql, names).into()),
            ..Index::default()
        })
    }

    /// What splits texts in that language into words; `None`: what does so where no language is named.
    fn tokenizer(&mut self, index: &str, language: &str) -> Option<String> {
        let (tokenizer, note) = search::tokenizer(language);
        self.notes.extend(note.map(|note| format!("full-text index \"{index}\": {note}")));
        tokenizer.map(str::to_owned)
    }

    fn index_part(&mut self, part: &model::IndexPart, columns: &[Column], names: &ColumnNames) -> IndexPart {
        let mut written = match &part.on {
            model::IndexOn::Column(name) => parse::IndexedColumn::of_column(name),
            model::IndexOn::Expression(sql) => {
                self.expression(sql, names);
                parse::parse_indexed_column(sql)
            }
        };
        if part.order != SortOrder::Asc {
            written.order = part.order;
        }
        inspect::part(&written, columns, names)
    }

    fn check(&mut self, model: &model::Check, names: &ColumnNames) -> Check {
        Check {
            name: Some(check_name(&model.name)),
            sql: self.expression(&model.sql, names).into(),
            extra: None,
            adopted: None,
        }
    }

    fn expression(&mut self, sql: &str, names: &ColumnNames) -> String {
        if let Some(other) = parse::tokenize(sql).iter().find(|token| token.kind == parse::Kind::Other) {
            self.errors.push(format!("not one SQL expression: {sql}: SQLite does not know {:?}", other.text));
        }
        normalise::expression(sql, names)
    }
}

fn foreign_key(model: &model::ForeignKey) -> ForeignKey {
    ForeignKey {
        name: Some(foreign_key_name()),
        columns: model.columns.clone(),
        target: Name::new(&model.target),
        target_columns: model.target_columns.clone(),
        on_delete: model.on_delete,
        on_update: model.on_update,
        extra: None,
        sql: None,
        adopted: None,
    }
}

/// The default of a column of that type.
fn default_value(default: &DefaultValue, model: &model::Column, ty: &str) -> Result<Option<String>, String> {
    // Other programs write to the file, too: these do in SQLite 3.38, which knows neither `unhex` nor fractions of seconds in `unixepoch`.
    const EPOCH_MILLISECONDS: &str =
        "CAST(strftime('%s', 'now') AS INTEGER) * 1000 + CAST(substr(strftime('%f', 'now'), 4) AS INTEGER)";
    /// As sqlx writes instants, so that texts compare as the instants do.
    const INSTANT: &str = "strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')";
    const UUID_BLOB: &str = "CAST(randomblob(6) || substr(x'404142434445464748494A4B4C4D4E4F', 1 + (random() & 15), 1) || randomblob(1) || substr(x'808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBF', 1 + (random() & 63), 1) || randomblob(7) AS BLOB)";
    const UUID_TEXT: &str = "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89AB', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))";
    let written = match default {
        DefaultValue::Bool(value) => i32::from(*value).to_string(),
        DefaultValue::Int(value) => match i64::try_from(*value) {
            Ok(value) => value.to_string(),
            Err(_) => return Err(format!("the default {value} is larger than SQLite's integers")),
        },
        DefaultValue::Float(value) if value.is_finite() => format!("{value:?}"),
        DefaultValue::Float(value) => return Err(format!("the default {value} is not finite")),
        DefaultValue::Text(text) if text.contains('\0') => {
            return Err("the default holds a NUL character".to_owned());
        }
        DefaultValue::Text(text) => normalise::quote_text(text),
        DefaultValue::Increment(_) => return Ok(None),
        DefaultValue::Uuid => match types::class(ty) {
            types::Class::Blob => format!("({UUID_BLOB})"),
            types::Class::Text => format!("({UUID_TEXT})"),
            _ => return Err(format!("`default(uuid)` needs a BLOB or TEXT column, not {ty}")),
        },
        DefaultValue::Now => match &model.ty {
            DataType::Date => "CURRENT_DATE".to_owned(),
            DataType::Time => "CURRENT_TIME".to_owned(),
            DataType::Timestamp => format!("({INSTANT})"),
            ty if ty.is_integer() => format!("({EPOCH_MILLISECONDS})"),
            _ => "CURRENT_TIMESTAMP".to_owned(),
        },
        DefaultValue::Sql(sql) if sql.contains('\0') => return Err("the default holds a NUL character".to_owned()),
        DefaultValue::Sql(sql) => format!("({})", parse::trim_statement(sql)),
    };
    Ok(defaults::default(&written))
}
