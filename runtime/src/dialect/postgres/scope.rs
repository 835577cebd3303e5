//! Which schemas a run looks at, and which extensions and types of the server it has to know.

use super::session::PostgresSession;
use super::text::quote_text;
use super::{Extension, enums, types};
use crate::catalog::{Catalog, Name};
use crate::dialect::{Error, Result};
use crate::model::Schema;
use std::collections::{BTreeMap, BTreeSet};

impl PostgresSession<'_> {
    /// Reads them.
    pub(super) async fn read_scope(&mut self, schema: &Schema, base: &Catalog) -> Result<()> {
        let home = self.dialect.home.clone();
        let mut scope: BTreeSet<String> = BTreeSet::from([home]);
        scope.extend(schema.tables.iter().filter_map(crate::model::Table::schema_name).map(str::to_owned));
        scope.extend(schema.views.iter().filter_map(|view| view.schema.clone()));
        scope.extend(base.tables.keys().chain(base.views.keys()).filter_map(|name| name.schema.clone()));
        let enums = enums::lower(&self.dialect, schema);
        let enums: BTreeSet<Name> = enums.into_keys().chain(base.types.keys().cloned()).collect();
        scope.extend(enums.iter().filter_map(|name| name.schema.clone()));
        self.type_names = enums.iter().map(|name| name.name.clone()).collect();
        if self.dialect.enums.is_some() {
            self.dialect.enums = Some(enums);
        }
        let columns = schema.tables.iter().flat_map(|table| &table.columns);
        let native =
            columns.filter(|column| column.enum_type().is_none()).filter_map(|column| types::lower(column).ok());
        let needed: BTreeSet<&str> = native.filter_map(|ty| types::extension(&ty)).collect();
        let list = |names: &mut dyn Iterator<Item = &str>| names.map(quote_text).collect::<Vec<_>>().join(", ");
        let natives = schema.tables.iter().flat_map(|table| {
            let columns = table.columns.iter().filter_map(|column| column.native.postgres.collate.as_ref());
            columns.chain(&table.options.postgres.collate)
        });
        // A collation may be in a schema, but its name may have a dot as well.
        let of_collations = natives.filter_map(|name| Some(name.split_once('.')?.0));
        let schemas = list(&mut scope.iter().map(String::as_str).chain(of_collations));
        let mut sql = format!("SELECT 's', nspname FROM pg_catalog.pg_namespace WHERE nspname IN ({schemas})");
        if !self.type_names.is_empty() || self.dialect.enums.is_none() {
            let names = self.type_names.iter().map(|name| format!(" OR t.typname = {}", quote_text(name)));
            sql.push_str(&format!(
                " UNION ALL SELECT 'b', t.typname FROM pg_catalog.pg_type t WHERE t.typnamespace = 'pg_catalog'::regnamespace AND (EXISTS (SELECT 1 FROM pg_catalog.pg_type e WHERE e.typtype = 'e' AND e.typname = t.typname){})",
                names.collect::<String>()
            ));
        }
        let installed = |name: &str| self.dialect.extensions.get(name) == Some(&Extension::Installed);
        let open: Vec<&str> = needed.into_iter().filter(|name| !installed(name)).collect();
        if !open.is_empty() {
            let names = list(&mut open.iter().copied());
            sql.push_str(&format!(
                " UNION ALL SELECT CASE WHEN installed_version IS NULL THEN 'a' ELSE 'i' END, name FROM pg_catalog.pg_available_extensions WHERE name IN ({names})"
            ));
        }
        self.scope.clone_from(&scope);
        let rows = self.fetch(sql).await.map_err(Error::database("reading the schemas"))?;
        let mut schemas = BTreeSet::new();
        let mut built_in = BTreeSet::new();
        let mut extensions: BTreeMap<String, Extension> =
            open.into_iter().map(|name| (name.to_owned(), Extension::Missing)).collect();
        for row in rows {
            match (row.first(), row.get(1)) {
                (Some(Some(kind)), Some(Some(name))) if kind == "s" => drop(schemas.insert(name.clone())),
                (Some(Some(kind)), Some(Some(name))) if kind == "b" => drop(built_in.insert(name.clone())),
                (Some(Some(kind)), Some(Some(name))) if kind == "i" => {
                    extensions.insert(name.clone(), Extension::Installed);
                }
                (_, Some(Some(name))) => drop(extensions.insert(name.clone(), Extension::Available)),
                _ => {}
            }
        }
        self.dialect.schemas = schemas;
        self.dialect.built_in = built_in;
        self.dialect.extensions.extend(extensions);
        Ok(())
    }
}
