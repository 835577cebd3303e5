//! A random model as a schema document.

use super::model::{
    CONDITIONS, Column, Expression, ForeignKey, Index, LABEL_CONDITIONS, LABEL_VALUES, Model, Table, Uid, VALUES,
};
use super::rows::quote;
use schemasync::Schema;
use schemasync::model;
use schemasync::model::{Check, DataType, Generated, IndexKind, IndexOn, IndexPart, PostgresEnum};
use std::collections::{BTreeMap, BTreeSet};

impl Model {
    /// The model as a schema document for a database without schemas; `None` where it contradicts itself in a way that was not foreseen.
    pub fn schema(&self) -> Option<Schema> {
        let mut here = self.clone();
        here.tables.iter_mut().for_each(|table| table.elsewhere = false);
        here.schema_with_schemas()
    }

    /// As [`Model::schema`], with some of the tables in the schema [`ELSEWHERE`].
    pub fn schema_with_schemas(&self) -> Option<Schema> {
        let mut schema = Schema::default();
        let mut claimed = BTreeSet::new();
        for table in &self.tables {
            let mut rendered = self.table(table);
            rendered.renamed.retain(|old| *old != table.name && claimed.insert(old.clone()));
            schema.tables.push(rendered);
        }
        for mut view in self.render_views() {
            view.renamed.retain(|old| *old != view.name && claimed.insert(old.clone()));
            schema.views.push(view);
        }
        one_claim(&mut schema);
        schema.tables.sort_by(|a, b| a.name.cmp(&b.name));
        schema.views.sort_by(|a, b| a.name.cmp(&b.name));
        unique_index_names(&mut schema);
        if schema.validate().is_err() {
            // A circle of names is not allowed: a model without hints is.
            for table in &mut schema.tables {
                table.renamed.clear();
                table.columns.iter_mut().for_each(|column| column.renamed.clear());
                table.columns.iter_mut().filter_map(|column| native(&mut column.ty)).for_each(|native| {
                    native.renamed.clear();
                    native.renamed_labels.clear();
                });
            }
            schema.views.iter_mut().for_each(|view| view.renamed.clear());
        }
        match schema.validate() {
            Ok(()) => Some(schema),
            Err(schemasync::model::InvalidSchema::Empty) => None,
            Err(error) => panic!("the generator made a model that is not valid: {error}"),
        }
    }

    fn table(&self, table: &Table) -> model::Table {
        let mut claimed = BTreeSet::new();
        let names = |uids: &[Uid]| uids.iter().map(|uid| name_of(table, *uid).to_owned()).collect();
        let mut rendered = model::Table {
            name: table.name.clone(),
            renamed: table.renamed.clone(),
            sync_method: table.method,
            columns: table.columns.iter().map(|column| self.column(table, column, &mut claimed)).collect(),
            primary_key: names(&table.key),
            indexes: table.indexes.iter().map(|index| render_index(table, index)).collect(),
            foreign_keys: table.foreign_keys.iter().map(|key| self.foreign_key(table, key)).collect(),
            checks: Vec::new(),
            ..model::Table::default()
        };
        rendered.schema = schema_of(table);
        rendered.comment.clone_from(&table.comment);
        rendered.options.postgres.unlogged = table.unlogged;
        rendered.options.postgres.fillfactor = table.fillfactor;
        rendered.options.sqlite.strict = table.strict;
        rendered.options.sqlite.without_rowid = table.without_rowid;
        for check in &table.checks {
            let sql = condition(table, check);
            let name = format!("c{}_{}", check.form, name_of(table, check.column));
            if !rendered.checks.iter().any(|other| other.name.eq_ignore_ascii_case(&name)) {
                rendered.checks.push(Check { name, sql });
            }
        }
        rendered
    }

    fn column(&self, table: &Table, column: &Column, claimed: &mut BTreeSet<String>) -> model::Column {
        let mut rendered = model::Column::new(column.name.clone(), column.ty.clone());
        rendered.renamed.clone_from(&column.renamed);
        rendered.renamed.retain(|old| *old != column.name && claimed.insert(old.clone()));
        rendered.nullable = column.nullable;
        rendered.default.clone_from(&column.default);
        rendered.collate = column.collate;
        rendered.encrypted = column.encrypted;
        rendered.comment.clone_from(&column.comment);
        rendered.native.sqlite.ty = column.native.map(str::to_owned);
        if let Some((of, stored)) = &column.generated {
            rendered.generated = Some(Generated { sql: value(table, of), stored: *stored });
            if of.label.is_some() {
                rendered.ty = DataType::Text;
            }
        }
        rendered
    }

    fn foreign_key(&self, table: &Table, key: &ForeignKey) -> model::ForeignKey {
        let target = self.tables.iter().find(|target| target.uid == key.target).unwrap_or(table);
        model::ForeignKey {
            columns: key.columns.iter().map(|uid| name_of(table, *uid).to_owned()).collect(),
            target_schema: schema_of(target),
            target: target.name.clone(),
            target_columns: key.target_columns.iter().map(|uid| name_of(target, *uid).to_owned()).collect(),
            on_delete: key.on_delete,
            on_update: key.on_update,
        }
    }
}

/// The schema of the tables that are not in the connection's own.
pub const ELSEWHERE: &str = "Other schema";

pub(super) fn schema_of(table: &Table) -> Option<String> {
    table.elsewhere.then(|| ELSEWHERE.to_owned())
}

/// The table's name with its schema, between double quotes.
pub fn qualified(table: &model::Table) -> String {
    in_schema(table.schema.as_deref(), &table.name)
}

/// A name with its schema, between double quotes.
pub(super) fn in_schema(schema: Option<&str>, name: &str) -> String {
    let schema = schema.map(|schema| format!("{}.", quote(schema))).unwrap_or_default();
    format!("{schema}{}", quote(name))
}

fn name_of(table: &Table, uid: Uid) -> &str {
    table.columns.iter().find(|column| column.uid == uid).map_or("", |column| column.name.as_str())
}

fn condition(table: &Table, expression: &Expression) -> String {
    render(table, CONDITIONS, LABEL_CONDITIONS, expression)
}

fn value(table: &Table, expression: &Expression) -> String {
    render(table, VALUES, LABEL_VALUES, expression)
}

fn render(table: &Table, forms: &[&str], about_label: &[&str], expression: &Expression) -> String {
    let forms = if expression.label.is_some() { about_label } else { forms };
    let label = expression.label.as_ref().map(|label| format!("'{}'", label.replace('\'', "''")));
    let form = forms[expression.form % forms.len()].replace("{label}", &label.unwrap_or_default());
    // A label may have braces, too.
    form.replacen("{}", &quote(name_of(table, expression.column)), form.matches("{}").count())
}

/// What a column says about its enum type.
fn native(ty: &mut DataType) -> Option<&mut PostgresEnum> {
    match ty {
        DataType::Enum { postgres, .. } => postgres.as_deref_mut(),
        DataType::Array(of) => native(of),
        _ => None,
    }
}

/// An earlier name of an enum type is that of one type.
fn one_claim(schema: &mut Schema) {
    let mut claimed: BTreeMap<String, String> = BTreeMap::new();
    for column in schema.tables.iter_mut().flat_map(|table| &mut table.columns) {
        let Some(native) = native(&mut column.ty) else { continue };
        let ty = native.ty.clone();
        native.renamed.retain(|old| *claimed.entry(old.clone()).or_insert_with(|| ty.clone()) == ty);
    }
}

fn render_index(table: &Table, index: &Index) -> model::Index {
    let part = |part: &super::model::Part| {
        let on = match part.form {
            Some(form) => IndexOn::Expression(value(table, &Expression { form, column: part.column, label: None })),
            None => IndexOn::Column(name_of(table, part.column).to_owned()),
        };
        let order =
            if part.desc { schemasync::descriptor::SortOrder::Desc } else { schemasync::descriptor::SortOrder::Asc };
        IndexPart { on, order, weight: None }
    };
    let default = || index.parts.iter().map(|part| name_of(table, part.column)).collect::<Vec<_>>().join("_");
    model::Index {
        name: index.name.clone().unwrap_or_else(default),
        kind: if index.unique { IndexKind::Unique } else { IndexKind::Plain },
        nulls_not_distinct: false,
        parts: index.parts.iter().map(part).collect(),
        predicate: index.predicate.as_ref().map(|e| condition(table, e)),
        include: Vec::new(),
        language: None,
        filters: Vec::new(),
    }
}

/// Managed index names are shared by the whole database.
fn unique_index_names(schema: &mut Schema) {
    let mut seen = BTreeSet::new();
    for table in &mut schema.tables {
        for index in &mut table.indexes {
            let full = |name: &str| format!("{:?} {} {name}", index.kind, table.name).to_ascii_lowercase();
            let mut name = index.name.clone();
            while !seen.insert(full(&name)) {
                name.push('_');
            }
            index.name = name;
        }
    }
}
