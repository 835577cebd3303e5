//! What the arguments, the environment and the configuration say together.

use super::args::{Color, Global, Policy};
use super::config::{Config, database_url};
use super::connect::Link;
use super::exit::{Failure, read_text};
use super::io::Io;
use crate::{Database, Schema, SchemaSync};
use std::time::Duration;

/// Everything that a command has to know.
#[derive(Debug)]
pub(super) struct Settings {
    /// How the program is called, for messages.
    pub(super) name: String,
    pub(super) config: Config,
    pub(super) json: bool,
    global: Global,
    models: Option<Schema>,
}

/// What may be done: arguments and configuration together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowed {
    safe: bool,
    force: bool,
    online: bool,
    allow_lossy: bool,
    sqlite_rebuild: bool,
    allow_revert: bool,
    lock_timeout: Option<Duration>,
}

impl Settings {
    /// Reads the configuration.
    pub(super) fn new(name: &str, global: Global, models: Option<Schema>, io: &mut Io<'_>) -> Result<Self, Failure> {
        let config = Config::find(global.config.as_deref())?;
        io.set_colour(match global.color.or(config.color) {
            Some(Color::Always) => Some(true),
            Some(Color::Never) => Some(false),
            Some(Color::Auto) | None => None,
        });
        let (json, quiet) = (global.json || config.json, global.quiet || config.quiet);
        io.set_quiet(quiet, json);
        Ok(Self { name: name.to_owned(), json, config, global, models })
    }

    /// The database's URL.
    pub(super) fn url(&self) -> Result<String, Failure> {
        let url = match &self.global.url {
            Some(url) => Some(url.clone()),
            None => database_url()?.or_else(|| self.config.url.clone()),
        };
        url.filter(|url| !url.trim().is_empty()).ok_or_else(|| {
            Failure::other(
                "no database: give --url, as in --url sqlite:app.db, or set DATABASE_URL (a file .env is read as well)",
            )
        })
    }

    pub(super) fn namespace(&self) -> Result<&str, Failure> {
        let named = self.global.namespace.as_deref().or(self.config.namespace.as_deref());
        match named {
            Some(name) if name.trim().is_empty() => Err(Failure::other("--namespace is empty: give it a name")),
            Some(name) => Ok(name),
            None => Ok("default"),
        }
    }

    /// Whether the caller has named a namespace.
    pub(super) fn names_namespace(&self) -> bool {
        self.global.namespace.is_some() || self.config.namespace.is_some()
    }

    /// The models: of the document where one is named, else of the program.
    pub(super) fn models(&self) -> Result<Schema, Failure> {
        // A document on the command line comes before the program's models; one in the configuration is for those who have none.
        let named = self.global.schema.as_ref();
        let schema = match (named, &self.models, &self.config.schema) {
            (Some(path), _, _) | (None, None, Some(path)) => {
                let text = read_text("the schema document", path)?;
                Schema::from_json(&text).map_err(|error| Failure::other(format!("{}: {error}", path.display())))?
            }
            (None, Some(models), _) => models.clone(),
            (None, None, None) => {
                return Err(Failure::other(
                    "no models: give a schema document with --schema, or run this in a package that has the binary `db` (`cargo schemasync init` writes it)",
                ));
            }
        };
        schema.validate()?;
        Ok(schema)
    }

    /// A connection to the database.
    pub(super) async fn connect(&self, create: bool) -> Result<Link, Failure> {
        Link::open(&self.url()?, create, self.config.lock_timeout).await
    }

    /// As [`Settings::connect`], waiting for others as long as the arguments allow.
    pub(super) async fn connect_within(&self, allowed: &Allowed, create: bool) -> Result<Link, Failure> {
        Link::open(&self.url()?, create, allowed.lock_timeout).await
    }

    /// A sync that only looks.
    pub(super) fn reader<'c>(&self, database: Database<'c>) -> Result<SchemaSync<'c>, Failure> {
        Ok(SchemaSync::new(database).namespace(self.namespace()?))
    }

    /// What may be done.
    pub(super) fn allowed(&self, policy: &Policy, force: bool) -> Result<Allowed, Failure> {
        let config = &self.config;
        Ok(Allowed {
            safe: policy.safe || config.safe,
            force: force || config.force,
            allow_lossy: policy.allow_lossy || config.allow_lossy,
            sqlite_rebuild: config.sqlite_rebuild,
            allow_revert: policy.allow_revert || config.allow_revert,
            online: policy.online || config.online,
            lock_timeout: policy.lock_timeout.or(config.lock_timeout),
        })
    }
}

impl Allowed {
    pub(super) fn forces(&self) -> bool {
        self.force
    }

    /// Sets the options of a sync.
    pub(super) fn set<'c>(&self, sync: SchemaSync<'c>) -> SchemaSync<'c> {
        let sync = sync.safe(self.safe).force(self.force).online(self.online);
        let sync =
            sync.allow_lossy(self.allow_lossy).allow_revert(self.allow_revert).sqlite_rebuild(self.sqlite_rebuild);
        match self.lock_timeout {
            Some(timeout) => sync.lock_timeout(timeout),
            None => sync,
        }
    }
}
