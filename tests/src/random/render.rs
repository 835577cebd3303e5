//! A random model as a schema document.

use super::model::{CONDITIONS, Column, Expression, ForeignKey, Index, Model, Table, Uid, VALUES};
use super::rows::quote;
use schemasync::Schema;
use schemasync::model;
use schemasync::model::{Check, Generated, IndexKind, IndexOn, IndexPart};
use std::collections::BTreeSet;

impl Model {
    /// The model as a schema document; `None` where it contradicts itself in a way that was not foreseen.
    pub fn schema(&self) -> Option<Schema> {
        let mut schema = Schema::default();
        let mut claimed = BTreeSet::new();
        for table in &self.tables {
            let mut rendered = self.table(table);
            rendered.renamed.retain(|old| *old != table.name && claimed.insert(old.clone()));
            schema.tables.push(rendered);
        }
        for view in &self.views {
            let Some(table) = self.tables.iter().find(|table| table.uid == view.table) else { continue };
            let columns: Vec<String> = view.columns.iter().map(|uid| quote(name_of(table, *uid))).collect();
            let filter = if view.filtered { format!(" WHERE {} IS NOT NULL", columns[0]) } else { String::new() };
            let mut renamed = view.renamed.clone();
            renamed.retain(|old| *old != view.name && claimed.insert(old.clone()));
            schema.views.push(model::View {
                name: view.name.clone(),
                renamed,
                sql: Some(format!("SELECT {} FROM {}{filter}", columns.join(", "), quote(&table.name))),
                ..model::View::default()
            });
        }
        schema.tables.sort_by(|a, b| a.name.cmp(&b.name));
        schema.views.sort_by(|a, b| a.name.cmp(&b.name));
        unique_index_names(&mut schema);
        if schema.validate().is_err() {
            // A circle of names is not allowed: a model without hints is.
            for table in &mut schema.tables {
                table.renamed.clear();
                table.columns.iter_mut().for_each(|column| column.renamed.clear());
            }
            schema.views.iter_mut().for_each(|view| view.renamed.clear());
        }
        match schema.validate() {
            Ok(()) => Some(schema),
            Err(schemasync::Error::EmptySchema) => None,
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
        rendered.options.sqlite.strict = table.strict;
        rendered.options.sqlite.without_rowid = table.without_rowid;
        for check in &table.checks {
            let sql = expression(table, CONDITIONS, check);
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
        rendered.native.sqlite.ty = column.native.map(str::to_owned);
        rendered.generated = column
            .generated
            .as_ref()
            .map(|(value, stored)| Generated { sql: expression(table, VALUES, value), stored: *stored });
        rendered
    }

    fn foreign_key(&self, table: &Table, key: &ForeignKey) -> model::ForeignKey {
        let target = self.tables.iter().find(|target| target.uid == key.target).unwrap_or(table);
        model::ForeignKey {
            columns: key.columns.iter().map(|uid| name_of(table, *uid).to_owned()).collect(),
            target_schema: None,
            target: target.name.clone(),
            target_columns: key.target_columns.iter().map(|uid| name_of(target, *uid).to_owned()).collect(),
            on_delete: key.on_delete,
            on_update: key.on_update,
        }
    }
}

fn name_of(table: &Table, uid: Uid) -> &str {
    table.columns.iter().find(|column| column.uid == uid).map_or("", |column| column.name.as_str())
}

fn expression(table: &Table, forms: &[&str], expression: &Expression) -> String {
    forms[expression.form % forms.len()].replace("{}", &quote(name_of(table, expression.column)))
}

fn render_index(table: &Table, index: &Index) -> model::Index {
    let part = |part: &super::model::Part| {
        let on = match part.form {
            Some(form) => IndexOn::Expression(expression(table, VALUES, &Expression { form, column: part.column })),
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
        predicate: index.predicate.as_ref().map(|e| expression(table, CONDITIONS, e)),
        include: Vec::new(),
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
