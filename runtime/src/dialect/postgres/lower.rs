//! Model → catalog: the physical state that a model asks for. Expressions are as written; [`super::normalise`] has the server word
//! them where they are compared.

use super::view::PostgresWriter;
use super::{IDENTIFIER_BYTES, IDENTIFIER_LIMIT, Postgres, enums, reads, search, text, types};
use crate::catalog::{
    Check, Column, Expression, ForeignKey, Generated, Identity, Index, IndexOn, IndexPart, Name, PrimaryKey, Table,
    View, check_name, fit_identifier, foreign_key_name, index_name,
};
use crate::descriptor::Collation;
use crate::dialect::Lowered;
use crate::dialect::sql::columns::{self, QueryToken};
use crate::dialect::sql::select::select;
use crate::model::sql::{Lexer, table_faults, view_fault};
use crate::model::{self, DataType, DefaultValue, Schema};
use std::collections::{BTreeMap, BTreeSet};

/// What the model asks for.
pub(crate) fn lower(dialect: &Postgres, schema: &Schema) -> Lowered {
    let mut lowered = Lowered::default();
    lowered.catalog.types = enums::lower(dialect, schema);
    let schemas =
        schema.tables.iter().map(|table| ((table.schema.as_deref(), table.name.as_str()), table.schema_name()));
    let schemas = schemas.collect();
    for model in schema.tables.iter().filter(|table| !table.external) {
        let mut lowering = Lowering { dialect, schemas: &schemas, notes: Vec::new(), errors: Vec::new() };
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
    for model in &schema.views {
        if model.is_external() {
            continue;
        }
        let name = dialect.full_name(model.schema.as_deref(), &model.name);
        let sql = query(dialect, schema, model).unwrap_or_else(|error| {
            lowered.errors.entry(name.clone()).or_default().push(error);
            String::new()
        });
        let mut reads = reads::read(dialect, None, &sql);
        if let Some(query) = &model.query {
            let names: BTreeSet<Name> = query.sources().map(|source| source_name(dialect, schema, source)).collect();
            reads.relations = names.into_iter().collect();
        }
        reads.relations.retain(|other| *other != name);
        let columns = output_columns(model, &sql);
        let sql = Expression::reading(sql, reads);
        let view = View { name: name.clone(), sql, materialized: model.materialized, columns, ..View::default() };
        if !IDENTIFIER_LIMIT.fits(&model.name) {
            lowered.errors.entry(name.clone()).or_default().push(too_long("the name", &model.name));
        }
        lowered.catalog.views.insert(name, view);
    }
    shared_index_names(&mut lowered);
    lowered
}

/// The table or view that a query reads.
pub(crate) fn source_name(dialect: &Postgres, schema: &Schema, source: &model::Source) -> Name {
    let of = schema.table_of(source).map_or(source.schema.as_deref(), model::Table::schema_name);
    dialect.full_name(of, &source.name)
}

/// The query of a view as SQL.
fn query(dialect: &Postgres, schema: &Schema, model: &model::View) -> Result<String, String> {
    match (&model.sql, &model.query) {
        (None, Some(query)) => select(schema, query, &PostgresWriter { dialect, schema }),
        (sql, _) => match view_fault(model, &Lexer::POSTGRES) {
            Some(fault) => Err(fault),
            None => Ok(text::trim(sql.as_deref().unwrap_or_default()).to_owned()),
        },
    }
}

/// The columns of the view, as far as the model says them: none, where it does not say all.
fn output_columns(model: &model::View, sql: &str) -> Vec<String> {
    if model.query.is_some() {
        return model.column_names().into_iter().map(str::to_owned).collect();
    }
    let tokens = text::tokenize(sql);
    let tokens: Vec<QueryToken<'_>> =
        tokens.iter().map(|token| QueryToken { text: token.text, name: token.name() }).collect();
    columns::output_columns(&tokens).unwrap_or_default()
}

fn too_long(what: &str, name: &str) -> String {
    format!("{what} {name:?} is longer than PostgreSQL's {IDENTIFIER_BYTES} bytes: it would be cut without a word")
}

/// Index names are shared by a schema.
fn shared_index_names(lowered: &mut Lowered) {
    let mut owners: BTreeMap<(Option<String>, String), Vec<Name>> = BTreeMap::new();
    for table in lowered.catalog.tables.values() {
        for index in &table.indexes {
            let key = (table.name.schema.clone(), index.name.clone());
            owners.entry(key).or_default().push(table.name.clone());
        }
    }
    for ((_, index), tables) in owners.into_iter().filter(|(_, tables)| tables.len() > 1) {
        for table in &tables {
            let all: Vec<String> = tables.iter().map(|name| format!("\"{name}\"")).collect();
            lowered.errors.entry(table.clone()).or_default().push(format!(
                "two indexes would have the name \"{index}\" (tables {}): give one of them another name",
                all.join(", ")
            ));
        }
    }
}

/// The lowering of one table.
struct Lowering<'a> {
    dialect: &'a Postgres,
    /// The schemas that the model's tables end up in, by the schema and the name that keys say.
    schemas: &'a BTreeMap<(Option<&'a str>, &'a str), Option<&'a str>>,
    notes: Vec<String>,
    errors: Vec<String>,
}

impl Lowering<'_> {
    fn table(&mut self, model: &model::Table) -> Table {
        let name = self.dialect.full_name(model.schema_name(), &model.name);
        let all = std::iter::once(&model.name).chain(model.columns.iter().map(|column| &column.name));
        for name in all.chain(&name.schema) {
            if !IDENTIFIER_LIMIT.fits(name) {
                self.errors.push(too_long("the name", name));
            } else if name.contains('\0') {
                self.errors.push(format!("the name {name:?} holds a NUL character"));
            }
        }
        self.errors.extend(table_faults(model, &Lexer::POSTGRES, |column| column.native.postgres.ty.as_ref()));
        let columns: Vec<Column> = model.columns.iter().map(|column| self.column(model, column)).collect();
        self.extensions(&columns);
        let mut indexes: Vec<Index> =
            model.indexes.iter().filter_map(|index| self.index(model, index, &columns)).collect();
        indexes.sort_by(|a, b| a.name.cmp(&b.name));
        let options = &model.options.postgres;
        let mut lowered = BTreeMap::new();
        if options.unlogged {
            lowered.insert("unlogged".to_owned(), "on".to_owned());
        }
        if let Some(factor) = options.fillfactor {
            lowered.insert("fillfactor".to_owned(), factor.to_string());
        }
        Table {
            primary_key: (!model.primary_key.is_empty())
                .then(|| PrimaryKey { columns: model.primary_key.clone(), ..PrimaryKey::default() }),
            indexes,
            foreign_keys: distinct(model.foreign_keys.iter().map(|key| self.foreign_key(model, key)).collect()),
            checks: model.checks.iter().map(|check| self.check(model, check)).collect(),
            options: lowered,
            comment: comment(model.comment.as_ref()),
            columns,
            name,
            ..Table::default()
        }
    }

    /// Rule O5: an extension that the server does not have is an error that says what to install.
    fn extensions(&mut self, columns: &[Column]) {
        for column in columns {
            let Some(extension) = types::extension_of(column) else { continue };
            if self.dialect.extensions.get(extension).is_some_and(|state| *state == super::Extension::Missing) {
                self.errors.push(format!(
                    "column \"{}\" needs the extension \"{extension}\" for its type {}: install {} on the server",
                    column.name,
                    column.ty,
                    types::package(extension)
                ));
            }
        }
    }

    fn column(&mut self, table: &model::Table, model: &model::Column) -> Column {
        let (ty, labels) = enums::column(self.dialect, model).unwrap_or_else(|| {
            let ty = types::lower(model).unwrap_or_else(|error| {
                self.errors.push(error);
                "text".to_owned()
            });
            (ty, Vec::new())
        });
        if !labels.is_empty() && model.collate.is_some() {
            self.notes
                .push(format!("column \"{}\": an enum type has no collation: `collate` does nothing", model.name));
        }
        let mut column = Column {
            name: model.name.clone(),
            nullable: model.nullable && !table.primary_key.contains(&model.name),
            collate: if labels.is_empty() { collation(self.dialect, table, model, &ty) } else { None },
            comment: comment(model.comment.as_ref()),
            ty,
            labels,
            ..Column::default()
        };
        if let Some(generated) = &model.generated {
            let stored = generated.stored || !self.dialect.has_virtual_columns();
            if stored && !generated.stored {
                self.notes.push(format!(
                    "column \"{}\": this server has only stored generated columns: it is stored",
                    model.name
                ));
            }
            column.generated = Some(Generated { sql: text::trim(&generated.sql).into(), stored });
        }
        match &model.default {
            Some(DefaultValue::Increment(increment)) if types::is_identity(&column.ty) => {
                column.identity = Some(Identity::of(increment));
            }
            Some(DefaultValue::Increment(_)) => self.errors.push(format!(
                "column \"{}\": `default(increment)` needs smallint, integer or bigint, not {}",
                model.name, column.ty
            )),
            // `DEFAULT NULL` is none: the server takes it so.
            Some(DefaultValue::Sql(sql)) if text::trim(sql).eq_ignore_ascii_case("null") => {}
            Some(default) => match default_value(default, model, &column.ty) {
                Ok(default) => column.default = Some(default.into()),
                Err(reason) => self.errors.push(format!("column \"{}\": {reason}", model.name)),
            },
            None => {}
        }
        column
    }

    fn index(&mut self, table: &model::Table, model: &model::Index, columns: &[Column]) -> Option<Index> {
        let nulls_not_distinct = model.nulls_not_distinct && self.dialect.has_nulls_not_distinct();
        if !nulls_not_distinct {
            self.notes.extend(model.without_equal_nulls(table, "PostgreSQL below 15"));
        }
        let mut index = Index {
            nulls_not_distinct,
            name: index_name(&model.kind, &table.name, &model.name, IDENTIFIER_LIMIT),
            kind: model.kind.clone(),
            predicate: model.predicate.as_ref().map(|sql| text::trim(sql).into()),
            include: model.include.clone(),
            parts: model
                .parts
                .iter()
                .map(|part| IndexPart {
                    on: match &part.on {
                        model::IndexOn::Column(name) => IndexOn::Column(name.clone()),
                        model::IndexOn::Expression(sql) => IndexOn::Expression(text::trim(sql).into()),
                    },
                    order: part.order,
                    collate: None,
                    extra: None,
                })
                .collect(),
            ..Index::default()
        };
        if model.language.as_deref().is_some_and(|language| language.eq_ignore_ascii_case("trigram")) {
            self.notes.push(format!(
                "full-text index \"{}\": PostgreSQL finds no parts of words by it: words are found as they are written",
                model.name
            ));
        }
        match search::lower(model, columns, &mut index) {
            Ok(()) => Some(index),
            Err(note) => {
                self.notes.push(note);
                None
            }
        }
    }

    fn check(&self, table: &model::Table, model: &model::Check) -> Check {
        Check {
            name: Some(check_name(&table.name, &model.name, IDENTIFIER_LIMIT)),
            sql: text::trim(&model.sql).into(),
            extra: None,
            adopted: None,
        }
    }

    fn foreign_key(&self, table: &model::Table, model: &model::ForeignKey) -> ForeignKey {
        let said = model.target_schema.as_deref();
        let schema = self.schemas.get(&(said, model.target.as_str())).copied().unwrap_or(said);
        ForeignKey {
            name: Some(foreign_key_name(&table.name, &model.columns, IDENTIFIER_LIMIT)),
            columns: model.columns.clone(),
            target: self.dialect.full_name(schema, &model.target),
            target_columns: model.target_columns.clone(),
            on_delete: model.on_delete,
            on_update: model.on_update,
            extra: None,
            sql: None,
            adopted: None,
        }
    }
}

/// Keys over the same columns to several tables: the names of all but the first one also say where they go.
fn distinct(mut keys: Vec<ForeignKey>) -> Vec<ForeignKey> {
    let mut taken = BTreeSet::new();
    for key in &mut keys {
        let Some(name) = &mut key.name else { continue };
        if !taken.insert(name.clone()) {
            *name =
                fit_identifier(&format!("{name}__{}__{}", key.target, key.target_columns.join("_")), IDENTIFIER_LIMIT);
            taken.insert(name.clone());
        }
    }
    keys
}

/// An empty comment is none: the server takes it so.
fn comment(comment: Option<&String>) -> Option<String> {
    comment.filter(|comment| !comment.is_empty()).cloned()
}

/// A collation of a schema as `"schema"."name"`, as inspection finds it: names of the server's own have dots as well (`en_US.utf8`).
fn collation_name(dialect: &Postgres, name: &str) -> String {
    match name.split_once('.') {
        Some((schema, name)) if schema == dialect.home => name.to_owned(),
        Some((schema, name)) if dialect.schemas.contains(schema) => {
            format!("{}.{}", text::quote(schema), text::quote(name))
        }
        _ => name.to_owned(),
    }
}

fn collation(dialect: &Postgres, table: &model::Table, model: &model::Column, ty: &str) -> Option<String> {
    if let Some(native) = &model.native.postgres.collate {
        return Some(collation_name(dialect, native)).filter(|name| name != "default");
    }
    if !types::is_collatable(ty) {
        return None;
    }
    match model.collate {
        Some(Collation::Binary) => Some("C".to_owned()),
        Some(Collation::Unicode) => Some("und-x-icu".to_owned()),
        Some(Collation::Nocase) => None,
        None => {
            let named = table.options.postgres.collate.as_ref().map(|name| collation_name(dialect, name));
            named.filter(|name| name != "default")
        }
    }
}

/// The default of a column of that type, in the server's own words where they are known.
fn default_value(default: &DefaultValue, model: &model::Column, ty: &str) -> Result<String, String> {
    let base = types::base(ty);
    Ok(match default {
        DefaultValue::Bool(value) => value.to_string(),
        DefaultValue::Int(value) if base == "\"char\"" => format!("({value})::\"char\""),
        DefaultValue::Int(value) => integer(*value),
        DefaultValue::Float(value) if !value.is_finite() => return Err(format!("the default {value} is not finite")),
        DefaultValue::Float(value) if *value < 0.0 => format!("'{value:?}'::numeric"),
        DefaultValue::Float(value) => format!("{value:?}"),
        DefaultValue::Text(text) if text.contains('\0') => return Err("the default holds a NUL character".to_owned()),
        DefaultValue::Text(value) => {
            let ty = if model.enum_type().is_some() { ty.to_owned() } else { types::bare(ty) };
            format!("{}::{ty}", text::quote_text(value))
        }
        DefaultValue::Increment(_) => return Err("is no default".to_owned()),
        DefaultValue::Uuid if base == "uuid" => "gen_random_uuid()".to_owned(),
        DefaultValue::Uuid if base == "bytea" => {
            "decode(replace((gen_random_uuid())::text, '-'::text, ''::text), 'hex'::text)".to_owned()
        }
        DefaultValue::Uuid => "(gen_random_uuid())::text".to_owned(),
        DefaultValue::Now => match &model.ty {
            DataType::Date => "CURRENT_DATE",
            DataType::Time => "LOCALTIME",
            // Without a zone it is UTC, whatever the zone of the session.
            DataType::DateTime => "(now() AT TIME ZONE 'UTC'::text)",
            DataType::Timestamp => "now()",
            ty if ty.is_integer() => "((EXTRACT(epoch FROM now()) * (1000)::numeric))::bigint",
            _ => "now()",
        }
        .to_owned(),
        DefaultValue::Sql(sql) if sql.contains('\0') => return Err("the default holds a NUL character".to_owned()),
        DefaultValue::Sql(sql) => text::trim(sql).to_owned(),
    })
}

/// A whole number, in the words in which the server gives it back.
pub(crate) fn integer(value: i128) -> String {
    let ty = match value {
        0..=0x7fff_ffff => return value.to_string(),
        -0x8000_0000..=-1 => "integer",
        _ if i64::try_from(value).is_ok() => "bigint",
        _ => "numeric",
    };
    format!("'{value}'::{ty}")
}
