//! Has the server word what the model writes: makes temporary objects, reads them back and takes them back.

use super::configure_session::temporary_objects;
use super::inspect;
use super::normalise::{self, Probe};
use super::paths::CATALOG;
use super::pending_enum_types::PendingEnumTypes;
use super::session::{PostgresSession, code};
use super::text::quote_text;
use super::view_stand_ins::{self, StandIn};
use crate::catalog::{Catalog, Name, View};
use crate::change::Renames;
use crate::dialect::Lowered;
use crate::dialect::{Error, Result};
use std::collections::{BTreeMap, BTreeSet};

const BACK: &str = "ROLLBACK TO SAVEPOINT schemasync_words; RELEASE SAVEPOINT schemasync_words";

fn doing() -> impl FnOnce(sqlx::Error) -> Error {
    Error::database("wording the model's expressions")
}

/// How an attempt at one object has ended.
enum Attempt {
    Taken,
    /// The server does not take it, and says why.
    Refused {
        code: Option<String>,
        said: String,
    },
    /// This session may not try.
    Forbidden(sqlx::Error),
}

impl PostgresSession<'_> {
    /// Tries to make one object; what fails is taken back at once, and the next can be tried.
    async fn attempt(&mut self, statements: &[String]) -> Result<Attempt> {
        // What cannot be parsed is not done at all: the next savepoint is made before it.
        const NEXT: &str = "RELEASE SAVEPOINT schemasync_word; SAVEPOINT schemasync_word";
        let Err(error) = self.tell_all(statements, NEXT).await else { return Ok(Attempt::Taken) };
        if self.may_not(&error) {
            return Ok(Attempt::Forbidden(error));
        }
        let Some(said) = error.as_database_error().map(|error| error.message().to_owned()) else {
            return Err(doing()(error));
        };
        self.execute("ROLLBACK TO SAVEPOINT schemasync_word").await.map_err(doing())?;
        Ok(Attempt::Refused { code: code(&error), said })
    }

    /// Leaves nothing behind.
    pub(super) async fn probe(
        &mut self,
        lowered: &mut Lowered,
        probes: Vec<Probe>,
        pending: &PendingEnumTypes,
    ) -> Result<BTreeSet<Name>> {
        let mut unanswered = BTreeSet::new();
        // The temporary types are what the server finds first, until the views are made: a view reads what is there.
        let (mut path, own_path) = (self.path.set_temporary_first(), self.path.set());
        if pending.is_empty() {
            path.clone_from(&own_path);
        }
        if let Some(temporary) = self.temporary.as_ref().filter(|_| !pending.is_empty()) {
            return Err(temporary_objects(temporary));
        }
        self.execute(format!("SAVEPOINT schemasync_words; {path}")).await.map_err(doing())?;
        if !pending.is_empty()
            && let Err(error) = self.execute(pending.create()).await
        {
            self.without_words(error).await?;
            return Ok(unanswered);
        }
        self.execute("SAVEPOINT schemasync_word").await.map_err(doing())?;
        let mut made = Vec::new();
        let mut over_temporary_types = !pending.is_empty();
        for probe in probes {
            if probe.view.is_some() && over_temporary_types {
                over_temporary_types = false;
                let end = format!("RELEASE SAVEPOINT schemasync_word; {own_path}; SAVEPOINT schemasync_word");
                self.execute(end).await.map_err(doing())?;
            }
            let mut attempt = self.attempt(&probe.statements).await?;
            if let (Attempt::Refused { .. }, Some(without)) = (&attempt, probe.reprinted.without()) {
                attempt = self.attempt(without).await?;
            }
            match attempt {
                Attempt::Taken if probe.adopts => made.push(probe),
                Attempt::Taken => {}
                Attempt::Forbidden(error) => {
                    self.without_words(error).await?;
                    return Ok(unanswered);
                }
                // A view may read what this run makes.
                Attempt::Refused { said, .. } if probe.view.is_some() => {
                    tracing::debug!(name = %probe.name, said, "the server does not take this view yet");
                    unanswered.insert(probe.name);
                }
                Attempt::Refused { said, .. } => {
                    let said = format!("the server does not take what the model writes for this table: {said}");
                    lowered.errors.entry(probe.name).or_default().push(said);
                }
            }
        }
        if made.is_empty() {
            self.execute(BACK).await.map_err(doing())?;
            return Ok(unanswered);
        }
        const TEMPORARY: &str =
            "SELECT nspname FROM pg_catalog.pg_namespace WHERE oid = pg_catalog.pg_my_temp_schema()";
        let schema = self.fetch(format!("{CATALOG}; {TEMPORARY}")).await.map_err(doing())?;
        if let Some(schema) = schema.into_iter().next().and_then(|row| row.into_iter().next().flatten()) {
            let rows = self.inspect_rows(std::slice::from_ref(&schema)).await?;
            let mut words = inspect::catalog(&self.dialect, rows, true);
            for table in words.tables.values_mut() {
                pending.translate(&self.dialect, table, &schema);
            }
            for probe in &made {
                normalise::adopt(lowered, probe, &words);
            }
        }
        self.execute(BACK).await.map_err(doing())?;
        Ok(unanswered)
    }

    /// Asks what the server thinks of views over what stands in for the model's tables. Leaves nothing behind.
    pub(super) async fn probe_views(
        &mut self,
        lowered: &mut Lowered,
        stand_ins: Vec<StandIn>,
        pending: &PendingEnumTypes,
    ) -> Result<()> {
        let path = self.path.set_temporary_first();
        self.execute(format!("SAVEPOINT schemasync_words; {path}")).await.map_err(doing())?;
        if !pending.is_empty()
            && let Err(error) = self.execute(pending.create()).await
        {
            return self.without_words(error).await;
        }
        self.execute("SAVEPOINT schemasync_word").await.map_err(doing())?;
        let names: BTreeSet<String> = stand_ins.iter().map(|stand_in| stand_in.name.name.clone()).collect();
        let mut made: BTreeSet<Name> = BTreeSet::new();
        let mut asked = Vec::new();
        for stand_in in stand_ins {
            if !stand_in.reads.iter().all(|name| made.contains(name)) {
                continue;
            }
            match self.attempt(std::slice::from_ref(&stand_in.statement)).await? {
                Attempt::Taken => {
                    asked.extend(stand_in.asked.then(|| stand_in.name.clone()));
                    made.insert(stand_in.name);
                }
                Attempt::Forbidden(error) => return self.without_words(error).await,
                Attempt::Refused { code, said } => {
                    tracing::debug!(name = %stand_in.name, said, "the server does not take a view of the model");
                    if stand_in.asked && view_stand_ins::is_certain(code.as_deref(), &said, &names) {
                        lowered.errors.entry(stand_in.name).or_default().push(format!("cannot be read: {said}"));
                    }
                }
            }
        }
        self.take_columns(lowered, &asked).await?;
        self.execute(BACK).await.map(drop).map_err(doing())
    }

    /// Takes over which columns the temporary views of these names give.
    async fn take_columns(&mut self, lowered: &mut Lowered, asked: &[Name]) -> Result<()> {
        const COLUMNS: &str = "SELECT c.relname, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod) OPERATOR(pg_catalog.||) ' ' OPERATOR(pg_catalog.||) a.attcollation::pg_catalog.text \
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid \
            WHERE c.relnamespace = pg_catalog.pg_my_temp_schema() AND c.relkind = 'v' AND a.attnum > 0 \
            ORDER BY c.relname, a.attnum";
        if asked.is_empty() {
            return Ok(());
        }
        let path = self.path.set_temporary_first();
        let rows = self.fetch(format!("{CATALOG}; {path}; {COLUMNS}")).await.map_err(doing())?;
        let mut found: BTreeMap<String, View> = BTreeMap::new();
        for row in rows {
            if let Ok([Some(view), Some(column), Some(ty)]) = <[Option<String>; 3]>::try_from(row) {
                let view = found.entry(view).or_default();
                view.columns.push(column);
                view.types.push(ty);
            }
        }
        for name in asked {
            if let (Some(view), Some(words)) = (lowered.catalog.views.get_mut(name), found.get(&name.name)) {
                normalise::adopt_columns(view, words);
            }
        }
        Ok(())
    }

    /// Asks whether what the defaults of new columns call is volatile: then each old row gets a value of its own, and the table is
    /// rewritten.
    pub(super) async fn volatility(&mut self, renames: &Renames, lowered: &mut Lowered, live: &Catalog) -> Result<()> {
        let open = normalise::open_defaults(renames, lowered, live);
        let names: BTreeSet<&String> = open.iter().flat_map(|default| &default.reads.functions).collect();
        if names.is_empty() {
            return Ok(());
        }
        let list: Vec<String> = names.into_iter().map(|name| quote_text(name)).collect();
        let sql = format!(
            "SELECT proname FROM pg_catalog.pg_proc WHERE proname IN ({}) GROUP BY proname HAVING NOT pg_catalog.bool_or(provolatile = 'v')",
            list.join(", ")
        );
        let rows = self.fetch(sql).await.map_err(Error::database("reading what functions do"))?;
        let online: BTreeSet<String> = rows.into_iter().filter_map(|row| row.into_iter().next().flatten()).collect();
        for default in open {
            default.reads.volatile = !default.reads.functions.iter().all(|name| online.contains(name));
        }
        Ok(())
    }

    /// On a standby, or without the right to make temporary tables, a plan takes the model by its own words.
    fn may_not(&self, error: &sqlx::Error) -> bool {
        self.reading && matches!(code(error).as_deref(), Some("25006" | "42501"))
    }

    async fn without_words(&mut self, error: sqlx::Error) -> Result<()> {
        if !self.may_not(&error) {
            return Err(doing()(error));
        }
        tracing::warn!(%error, "the model is compared by its own words");
        self.execute(BACK).await.map(drop).map_err(doing())
    }
}
