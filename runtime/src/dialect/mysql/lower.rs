//! Model → catalog: the physical state that a model asks for. Expressions are as written; [`super::normalise`] has the server word them where
//! they are compared.

use super::text::{self, trim, without_parentheses};
use super::view::MysqlWords;
use super::{IDENTIFIER_LIMIT, Mysql, defaults, reads, types};
use crate::catalog::{
    Check, Column, Expression, ForeignKey, Generated, Identity, Index, IndexOn, IndexPart, Name, PrimaryKey, Table,
    View, check_name, fit_identifier, foreign_key_name, index_name,
};
use crate::descriptor::Collation;
use crate::dialect::Lowered;
use crate::dialect::sql::columns::{self, QueryToken};
use crate::dialect::sql::select::select;
use crate::model::sql::{Lexer, table_faults, view_fault};
use crate::model::{self, DataType, DefaultValue, IndexKind, Schema};
use std::collections::BTreeSet;

/// An index takes so many characters of a text that has no length of its own.
pub(super) const PREFIX: u32 = 255;

/// What the model asks for.
pub(crate) fn lower(dialect: &Mysql, schema: &Schema) -> Lowered {
    let mut lowered = Lowered::default();
    let targets = targets(schema);
    for model in schema.tables.iter().filter(|table| !table.external) {
        let mut lowering = Lowering { dialect, targets: &targets, notes: Vec::new(), errors: Vec::new() };
        let mut table = lowering.table(model);
        table.read_expressions(|table, sql| reads::read(dialect, Some(table), sql));
        let name = table.name.clone();
        if !lowering.notes.is_empty() {
            lowered.notes.insert(name.clone(), lowering.notes);
        }
        if !lowering.errors.is_empty() {
            lowered.errors.insert(name.clone(), lowering.errors);
        }
        lowered.catalog.tables.insert(name, table);
    }
    for model in schema.views.iter().filter(|view| !view.is_external()) {
        view(dialect, &mut lowered, schema, model);
    }
    reads::link(&mut lowered.catalog);
    lowered
}

/// The columns that foreign keys point to.
fn targets(schema: &Schema) -> BTreeSet<(String, String)> {
    let keys = schema.tables.iter().flat_map(|table| &table.foreign_keys);
    keys.flat_map(|key| key.target_columns.iter().map(|column| (key.target.clone(), column.clone()))).collect()
}

fn view(dialect: &Mysql, lowered: &mut Lowered, schema: &Schema, model: &model::View) {
    let name = dialect.full_name(model.schema.as_deref(), &model.name);
    let sql = match (&model.sql, &model.query) {
        (None, Some(query)) => select(schema, query, &MysqlWords { dialect }),
        (sql, _) => match view_fault(model, &Lexer::MYSQL) {
            Some(fault) => Err(fault),
            None => Ok(trim(sql.as_deref().unwrap_or_default()).to_owned()),
        },
    };
    let sql = sql.unwrap_or_else(|error| {
        lowered.errors.entry(name.clone()).or_default().push(error);
        String::new()
    });
    if model.materialized {
        let note = format!("{} has no materialized views: a plain one is made", dialect.server_name());
        lowered.notes.entry(name.clone()).or_default().push(note);
    }
    if !IDENTIFIER_LIMIT.fits(&model.name) {
        lowered.errors.entry(name.clone()).or_default().push(too_long(&model.name));
    }
    let mut read = reads::read(dialect, None, &sql);
    read.relations.retain(|other| *other != name);
    let columns = output_columns(model, &sql);
    let sql = Expression::reading(sql, read);
    lowered.catalog.views.insert(name.clone(), View { name, sql, columns, ..View::default() });
}

/// The columns of the view, as far as the model says them: none, where it does not say all.
fn output_columns(model: &model::View, sql: &str) -> Vec<String> {
    if model.query.is_some() {
        return model.column_names().into_iter().map(str::to_owned).collect();
    }
    let tokens = text::tokenize(sql);
    let tokens: Vec<QueryToken<'_>> =
        tokens.iter().map(|token| QueryToken { text: token.text, name: text::name_of(token) }).collect();
    columns::output_columns(&tokens).unwrap_or_default()
}

fn too_long(name: &str) -> String {
    format!("the name {name:?} is longer than 64 characters")
}

/// The lowering of one table.
struct Lowering<'a> {
    dialect: &'a Mysql,
    targets: &'a BTreeSet<(String, String)>,
    notes: Vec<String>,
    errors: Vec<String>,
}

impl Lowering<'_> {
    fn table(&mut self, model: &model::Table) -> Table {
        let name = self.dialect.full_name(model.schema.as_deref(), &model.name);
        for name in std::iter::once(&model.name).chain(model.columns.iter().map(|column| &column.name)) {
            if !IDENTIFIER_LIMIT.fits(name) {
                self.errors.push(too_long(name));
            } else if name.contains('\0') || name.ends_with(' ') {
                self.errors.push(format!("the name {name:?} holds a NUL character or ends in a blank"));
            }
        }
        self.errors.extend(table_faults(model, &Lexer::MYSQL, |column| column.native.mysql.ty.as_ref()));
        let columns: Vec<Column> = model.columns.iter().map(|column| self.column(model, column)).collect();
        let mut indexes: Vec<Index> =
            model.indexes.iter().filter_map(|index| self.index(model, index, &columns)).collect();
        let set_default = |key: &&model::ForeignKey| {
            [key.on_delete, key.on_update].contains(&crate::descriptor::ReferentialAction::SetDefault)
        };
        for key in model.foreign_keys.iter().filter(set_default) {
            self.errors.push(format!(
                "foreign key ({}): {} has no SET DEFAULT",
                key.columns.join(", "),
                self.dialect.server_name()
            ));
        }
        let foreign_keys = distinct(model.foreign_keys.iter().map(|key| self.foreign_key(model, key)).collect());
        let primary_key = (!model.primary_key.is_empty())
            .then(|| PrimaryKey { columns: model.primary_key.clone(), ..PrimaryKey::default() });
        for key in &foreign_keys {
            if !is_indexed(primary_key.as_ref(), &indexes, &key.columns) {
                indexes.push(index_of_key(&model.name, key));
            }
        }
        indexes.sort_by(|a, b| a.name.cmp(&b.name));
        let options = &model.options.mysql;
        let options = [
            ("engine", options.engine.as_ref().filter(|engine| !engine.eq_ignore_ascii_case("innodb")).cloned()),
            (
                "charset",
                options.charset.as_ref().map(|name| name.to_ascii_lowercase()).filter(|name| name != "utf8mb4"),
            ),
            ("collate", options.collate.as_ref().map(|name| name.to_ascii_lowercase())),
        ];
        Table {
            primary_key,
            indexes,
            foreign_keys,
            checks: model.checks.iter().map(|check| self.check(model, check)).collect(),
            options: options.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect(),
            comment: model.comment.clone().filter(|comment| !comment.is_empty()),
            columns,
            name,
            ..Table::default()
        }
    }

    /// Whether the column is part of a key, of which the server wants the whole value.
    fn is_key(&self, table: &model::Table, column: &str) -> bool {
        let named = |names: &[String]| names.iter().any(|name| name == column);
        let unique = |index: &model::Index| {
            index.kind == IndexKind::Unique
                && index.parts.iter().any(|part| matches!(&part.on, model::IndexOn::Column(name) if name == column))
        };
        named(&table.primary_key)
            || table.indexes.iter().any(unique)
            || table.foreign_keys.iter().any(|key| named(&key.columns))
            || self.targets.contains(&(table.name.clone(), column.to_owned()))
    }

    fn column(&mut self, table: &model::Table, model: &model::Column) -> Column {
        let ty = types::lower(model, self.is_key(table, &model.name));
        let in_primary_key = table.primary_key.contains(&model.name);
        let mut column = Column {
            name: model.name.clone(),
            nullable: model.nullable && !in_primary_key,
            collate: self.collation(table, model, &ty),
            comment: model.comment.clone().filter(|comment| !comment.is_empty()),
            ty,
            ..Column::default()
        };
        if let Some(generated) = &model.generated {
            column.nullable |= self.dialect.is_mariadb();
            column.generated =
                Some(Generated { sql: without_parentheses(trim(&generated.sql)).into(), stored: generated.stored });
        }
        if let Some(sql) = &model.native.mysql.on_update {
            let now = defaults::is_current_timestamp(trim(sql));
            let sql = if now { defaults::current_timestamp(&column.ty) } else { trim(sql).to_owned() };
            column.extra.insert("on_update".to_owned(), sql);
        }
        match &model.default {
            Some(DefaultValue::Increment(increment)) if types::is_integer(&column.ty) => {
                let leads = table.primary_key.first() == Some(&model.name);
                if !leads {
                    self.errors.push(format!(
                        "column \"{}\": `default(increment)` needs the first column of the primary key here",
                        model.name
                    ));
                }
                if increment.has_options() {
                    self.notes.push(format!(
                        "column \"{}\": step, limits, cache and cycle of `increment` are for PostgreSQL: it counts by one here",
                        model.name
                    ));
                }
                column.identity = Some(Identity { start: increment.start, ..Identity::default() });
            }
            Some(DefaultValue::Increment(_)) => self
                .errors
                .push(format!("column \"{}\": `default(increment)` needs an integer, not {}", model.name, column.ty)),
            Some(default) => match self.default_value(default, model, &column.ty) {
                Ok(default) => column.default = default.map(Expression::from),
                Err(reason) => self.errors.push(format!("column \"{}\": {reason}", model.name)),
            },
            None => {}
        }
        column
    }

    /// `None`: the one that we state.
    fn collation(&self, table: &model::Table, model: &model::Column, ty: &str) -> Option<String> {
        if !types::is_text(ty) {
            return None;
        }
        let native = model.native.mysql.collate.as_ref().map(|name| name.to_ascii_lowercase());
        let portable = model.collate.map(|collation| self.dialect.collation(collation).to_owned());
        let of_table = table.options.mysql.collate.as_ref().map(|name| name.to_ascii_lowercase());
        // sqlx takes no enum for one that is compared by bytes.
        let of_enum = (types::base(ty) == "enum").then(|| self.dialect.collation(Collation::Unicode).to_owned());
        native.or(portable).or(of_enum).or(of_table).filter(|name| name != self.dialect.collation(Collation::Binary))
    }

    fn index(&mut self, table: &model::Table, model: &model::Index, columns: &[Column]) -> Option<Index> {
        let (name, server) = (&model.name, self.dialect.server_name());
        let has_expression = model.parts.iter().any(|part| matches!(part.on, model::IndexOn::Expression(_)));
        let note = match &model.kind {
            _ if model.predicate.is_some() => {
                Some(format!("index \"{name}\": {server} has no partial indexes: it is left out"))
            }
            _ if has_expression && self.dialect.is_mariadb() => {
                Some(format!("index \"{name}\": {server} has no indexes over expressions: it is left out"))
            }
            IndexKind::Plain | IndexKind::Unique | IndexKind::Fulltext => None,
            IndexKind::Vector(_) => Some(format!("vector index \"{name}\": not supported on {server} yet")),
            IndexKind::Geo => {
                Some(format!("geo index \"{name}\": not supported on {server} yet: points are stored as JSON"))
            }
        };
        if let Some(note) = note {
            self.notes.push(note);
            return None;
        }
        if !model.include.is_empty() {
            self.notes.push(format!("index \"{name}\": {server} has no included columns: they are left out"));
        }
        if let Some(language) = &model.language {
            self.notes.push(format!(
                "full-text index \"{name}\": {server} has no languages: the index is made, without the language \"{language}\""
            ));
        }
        self.notes.extend(model.without_equal_nulls(table, server));
        let parts = model.parts.iter().map(|part| self.index_part(model, part, columns)).collect();
        Some(Index {
            name: index_name(&model.kind, &table.name, name, IDENTIFIER_LIMIT),
            kind: model.kind.clone(),
            parts,
            ..Index::default()
        })
    }

    fn index_part(&mut self, index: &model::Index, part: &model::IndexPart, columns: &[Column]) -> IndexPart {
        let on = match &part.on {
            model::IndexOn::Column(name) => IndexOn::Column(name.clone()),
            model::IndexOn::Expression(sql) => IndexOn::Expression(without_parentheses(trim(sql)).into()),
        };
        let ty = match &on {
            IndexOn::Column(name) => columns.iter().find(|column| column.name == *name).map(|column| &column.ty),
            IndexOn::Expression(_) => None,
        };
        let unbounded = ty.is_some_and(|ty| types::is_unbounded(ty)) && index.kind != IndexKind::Fulltext;
        if unbounded && index.kind == IndexKind::Unique {
            self.errors.push(format!(
                "unique index \"{}\": {} has no length, and a unique index is over whole values: give the column a length (`max_length = …`)",
                index.name,
                ty.map_or("", String::as_str)
            ));
        }
        let order = if index.kind == IndexKind::Fulltext { crate::descriptor::SortOrder::Asc } else { part.order };
        IndexPart { on, order, collate: None, extra: unbounded.then(|| PREFIX.to_string()) }
    }

    fn check(&self, table: &model::Table, model: &model::Check) -> Check {
        Check {
            name: Some(check_name(&table.name, &model.name, IDENTIFIER_LIMIT)),
            sql: without_parentheses(trim(&model.sql)).into(),
            extra: None,
            adopted: None,
        }
    }

    fn foreign_key(&self, table: &model::Table, model: &model::ForeignKey) -> ForeignKey {
        ForeignKey {
            name: Some(foreign_key_name(&table.name, &model.columns, IDENTIFIER_LIMIT)),
            columns: model.columns.clone(),
            target: self.dialect.full_name(model.target_schema.as_deref(), &model.target),
            target_columns: model.target_columns.clone(),
            on_delete: self.dialect.action(model.on_delete),
            on_update: self.dialect.action(model.on_update),
            extra: None,
            sql: None,
            adopted: None,
        }
    }

    /// The default of a column of that type.
    fn default_value(&self, default: &DefaultValue, model: &model::Column, ty: &str) -> Result<Option<String>, String> {
        let literal = |value: &str| {
            let literal = defaults::literal(value, ty);
            Some(if types::is_unbounded(ty) { format!("({literal})") } else { literal })
        };
        Ok(match default {
            DefaultValue::Bool(value) => literal(if *value { "1" } else { "0" }),
            DefaultValue::Int(value) => literal(&value.to_string()),
            DefaultValue::Float(value) if !value.is_finite() => {
                return Err(format!("the default {value} is not finite"));
            }
            DefaultValue::Float(value) => literal(&format!("{value:?}")),
            DefaultValue::Text(text) if text.contains('\0') => {
                return Err("the default holds a NUL character".to_owned());
            }
            DefaultValue::Text(text) => literal(text),
            DefaultValue::Increment(_) => None,
            DefaultValue::Uuid if ty == "binary(16)" => Some("(unhex(replace(uuid(),'-','')))".to_owned()),
            DefaultValue::Uuid => Some("(uuid())".to_owned()),
            DefaultValue::Now => Some(match &model.ty {
                DataType::Date => "(utc_date())".to_owned(),
                DataType::Time => "(utc_time(6))".to_owned(),
                DataType::DateTime => "(utc_timestamp(6))".to_owned(),
                ty if ty.is_integer() => "(cast((unix_timestamp(now(3)) * 1000) as signed))".to_owned(),
                _ if matches!(types::base(ty), "datetime" | "timestamp") => defaults::current_timestamp(ty),
                _ => "(utc_timestamp(6))".to_owned(),
            }),
            DefaultValue::Sql(sql) if sql.contains('\0') => return Err("the default holds a NUL character".to_owned()),
            DefaultValue::Sql(sql) => defaults::normal(trim(sql), ty),
        })
    }
}

/// Keys over the same columns to several tables: the names of all but the first one also say where they go.
fn distinct(mut keys: Vec<ForeignKey>) -> Vec<ForeignKey> {
    let mut taken = BTreeSet::new();
    for key in &mut keys {
        let Some(name) = &mut key.name else { continue };
        if !taken.insert(name.clone()) {
            let longer = format!("{name}__{}__{}", key.target, key.target_columns.join("_"));
            *name = fit_identifier(&longer, IDENTIFIER_LIMIT);
            taken.insert(name.clone());
        }
    }
    keys
}

/// Whether an index or the primary key begins with these columns in their order: a foreign key needs one, and makes it where there is none.
pub(super) fn is_indexed(key: Option<&PrimaryKey>, indexes: &[Index], columns: &[String]) -> bool {
    let begins = |names: &[Option<&str>]| {
        names.len() >= columns.len()
            && columns
                .iter()
                .zip(names)
                .all(|(column, name)| name.is_some_and(|name| name.eq_ignore_ascii_case(column)))
    };
    let of_index = |index: &Index| {
        let plain = |part: &IndexPart| part.extra.is_none();
        let names: Vec<Option<&str>> = index
            .parts
            .iter()
            .map(|part| match &part.on {
                IndexOn::Column(name) if plain(part) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        matches!(index.kind, IndexKind::Plain | IndexKind::Unique) && begins(&names)
    };
    let of_key = key.map(|key| key.columns.iter().map(|name| Some(name.as_str())).collect::<Vec<_>>());
    of_key.is_some_and(|names| begins(&names)) || indexes.iter().any(of_index)
}

/// The index that a foreign key needs, under a name of ours.
fn index_of_key(table: &str, key: &ForeignKey) -> Index {
    let part = |name: &String| IndexPart {
        on: IndexOn::Column(name.clone()),
        order: crate::descriptor::SortOrder::Asc,
        collate: None,
        extra: None,
    };
    Index {
        name: index_name(&IndexKind::Plain, table, &format!("fk__{}", key.columns.join("_")), IDENTIFIER_LIMIT),
        parts: key.columns.iter().map(part).collect(),
        ..Index::default()
    }
}

/// A name as the catalog has it.
pub(super) fn full_name(home: &str, schema: Option<&str>, name: &str) -> Name {
    Name {
        schema: schema.filter(|schema| *schema != home && !schema.is_empty()).map(str::to_owned),
        name: name.to_owned(),
    }
}
