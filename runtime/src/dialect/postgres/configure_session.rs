//! What a session does before and as its run begins.

use super::paths::{CATALOG, SearchPath};
use super::session::{NORMALIZED_SETTINGS, PostgresSession, SLICE, code, is_true};
use super::state::{HISTORY, HISTORY_COLUMNS, STATE, STATE_COLUMNS};
use super::text::quote_text;
use super::trust::{self, StateRelation};
use super::{Extension, types};
use crate::dialect::{Error, Result};
use sqlx::Connection;
use std::collections::BTreeMap;

impl PostgresSession<'_> {
    /// The caller's transaction is not ours to commit (rule S7). sqlx knows those that it began; the server tells of the others.
    /// Answers whether a transaction would be a read-only one.
    pub(super) async fn refuse_transaction(&mut self) -> Result<bool> {
        const OPEN: &str = "SELECT pg_catalog.now() OPERATOR(pg_catalog.<>) pg_catalog.statement_timestamp(), pg_catalog.current_setting('transaction_read_only'), pg_catalog.current_setting('idle_in_transaction_session_timeout')";
        let idle = self.idle;
        let connection = self.connection().map_err(Error::database("taking the connection"))?;
        if connection.is_in_transaction() && !idle {
            return Err(Error::InTransaction);
        }
        match self.fetch(OPEN).await {
            Ok(rows) => match rows.first().map(Vec::as_slice) {
                Some([open, ..]) if is_true(Some(open)) => Err(Error::InTransaction),
                Some([_, read_only, idle_timeout]) => {
                    self.idle_timeout = idle_timeout.clone().unwrap_or_default();
                    Ok(read_only.as_deref() == Some("on"))
                }
                _ => Ok(false),
            },
            Err(error) if code(&error).as_deref() == Some("25P02") => Err(Error::InTransaction),
            Err(error) => Err(Error::database("looking for a transaction")(error)),
        }
    }

    /// As [`PostgresSession::refuse_transaction`], before a run that writes: whoever has frozen a database wants nothing to be written.
    pub(super) async fn refuse_frozen(&mut self) -> Result<()> {
        const WHY: &str =
            "SELECT pg_is_in_recovery(), source FROM pg_settings WHERE name = 'default_transaction_read_only'";
        if !self.refuse_transaction().await? {
            return Ok(());
        }
        let rows =
            self.fetch(format!("{CATALOG}; {WHY}")).await.map_err(Error::database("asking why it is read-only"))?;
        let row = rows.into_iter().next().unwrap_or_default();
        let reason = match (is_true(row.first()), row.get(1).and_then(Option::as_deref)) {
            (true, _) => "the server is a standby, which is read-only: give this run the primary".to_owned(),
            (false, source) => {
                let (place, undo) = match source {
                    Some("database") => ("for the database", "ALTER DATABASE … RESET default_transaction_read_only"),
                    Some("user" | "database user") => {
                        ("for the role", "ALTER ROLE … RESET default_transaction_read_only")
                    }
                    Some("client" | "session") => ("by the connection itself", "connect without it"),
                    _ => ("by the server's configuration", "change it there"),
                };
                format!(
                    "the database is frozen: default_transaction_read_only is on, set {place}, so nothing may be written. To thaw it: {undo}"
                )
            }
        };
        Err(Error::Refused(reason))
    }

    /// Bounds how long a statement waits for others, and says who is there where the caller has not.
    pub(super) async fn introduce(&mut self) -> Result<()> {
        let local = self.online.is_none();
        let slice = self.patience.min(SLICE).as_millis().max(1);
        let set = if local { "SET LOCAL" } else { "SET" };
        let name = concat!("schemasync ", env!("CARGO_PKG_VERSION"));
        let sql = format!(
            "{set} lock_timeout = {slice}; SELECT pg_catalog.set_config('application_name', '{name}', {local}) \
             WHERE pg_catalog.current_setting('application_name') OPERATOR(pg_catalog.=) ''"
        );
        self.execute(sql).await.map(drop).map_err(Error::database("setting the lock timeout"))
    }

    /// Learns what a run has to know of the server, sets the path of the catalog (the model's own is the connection's own schema first,
    /// then the rest of its path and the schemas of the extensions whose types we use), and looks whether the state tables are ours.
    pub(super) async fn configure_session(&mut self) -> Result<()> {
        const DOING: &str = "reading the server's settings";
        const SETTINGS: &str = "SELECT pg_catalog.current_setting('server_version_num'), pg_catalog.current_schema(), pg_catalog.array_to_json(pg_catalog.current_schemas(false))";
        // What somebody has put there is found where a name means nothing else; where there is no such schema nothing is read.
        const TEMPORARY: &str = "SELECT 'temporary', t.typname, EXISTS (SELECT FROM pg_catalog.pg_type o, pg_catalog.pg_namespace n WHERE n.oid OPERATOR(pg_catalog.=) o.typnamespace
    AND o.typname OPERATOR(pg_catalog.=) t.typname AND n.oid OPERATOR(pg_catalog.<>) t.typnamespace AND n.nspname OPERATOR(pg_catalog.=) ANY (pg_catalog.current_schemas(true))), NULL
  FROM pg_catalog.pg_type t WHERE pg_catalog.pg_my_temp_schema() OPERATOR(pg_catalog.<>) 0::pg_catalog.oid AND t.typnamespace OPERATOR(pg_catalog.=) pg_catalog.pg_my_temp_schema()
    AND t.typcategory OPERATOR(pg_catalog.<>) 'A' ORDER BY 3, t.oid LIMIT 1";
        let local = if self.online.is_some() { "" } else { "LOCAL " };
        let words: Vec<String> =
            NORMALIZED_SETTINGS.iter().map(|(name, value)| format!("SET {local}{name} = {value}; ")).collect();
        let extensions: Vec<String> = types::EXTENSIONS.iter().map(|name| quote_text(name)).collect();
        let sql = format!(
            "{SETTINGS}; {TEMPORARY}; {}{}; SELECT e.extname, n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname IN ({}); {}",
            words.concat(),
            CATALOG.replace("LOCAL ", local),
            extensions.join(", "),
            trust::relations(&[STATE, HISTORY])
        );
        let rows = self.fetch(sql).await.map_err(Error::database(DOING))?;
        let json = |source| Error::Json { doing: DOING, source };
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        self.temporary = None;
        let mut home = "public".to_owned();
        let mut path: Vec<String> = Vec::new();
        let mut extensions = BTreeMap::new();
        let mut relations: Vec<StateRelation> = Vec::new();
        for row in &rows {
            match row.as_slice() {
                [version, schema, schemas] => {
                    home = schema.clone().unwrap_or(home);
                    self.set_server(text(version).parse().unwrap_or(0), &home)?;
                    path = serde_json::from_str(&text(schemas)).map_err(json)?;
                }
                [extension, schema] => drop(extensions.insert(text(extension), text(schema))),
                [_, Some(temporary), hidden, _] if is_true(Some(hidden)) => self.temporary = Some(temporary.clone()),
                [_, Some(temporary), _, _] => return Err(temporary_objects(temporary)),
                [relation] => relations.push(serde_json::from_str(&text(relation)).map_err(json)?),
                _ => {}
            }
        }
        (self.has_state, self.has_history) = (false, false);
        for relation in relations.iter().filter(|relation| relation.schema == home) {
            let is_state = relation.name == STATE;
            relation.refuse_unless_ours(if is_state { &STATE_COLUMNS } else { &HISTORY_COLUMNS })?;
            *(if is_state { &mut self.has_state } else { &mut self.has_history }) = true;
        }
        let mut schemas = vec![home];
        for schema in path.into_iter().chain(extensions.values().cloned()) {
            // The server's own schema is searched first where it is not named.
            if schema != "pg_catalog" && !schemas.contains(&schema) {
                schemas.push(schema);
            }
        }
        self.dialect.extensions = extensions.keys().map(|name| (name.clone(), Extension::Installed)).collect();
        self.dialect.extension_schemas = extensions;
        self.path = SearchPath::of(&schemas);
        self.dialect.search_path = self.path.schemas().to_owned();
        Ok(())
    }
}

pub(super) fn temporary_objects(name: &str) -> Error {
    Error::Refused(format!(
        "this session has temporary tables or types (\"{name}\"), which could be taken for what the model names: give the run a connection of \
         its own, or drop them first (DISCARD TEMP)"
    ))
}
