//! What the arguments, the environment and the configuration say together.

use super::Models;
use super::args::{Color, Global, PolicyArgs};
use super::config::{Config, Space, variable};
use super::connect::Link;
use super::exit::{Failure, read_text};
use super::io::Io;
use crate::sync::{Level, Policy, PolicyError};
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
    models: Models,
}

/// What may be done: arguments and configuration together.
#[derive(Debug, Clone)]
pub(super) struct Allowed {
    policy: Policy,
    force: bool,
    online: bool,
    allow_lossy: bool,
    sqlite_rebuild: bool,
    allow_revert: bool,
    lock_timeout: Option<Duration>,
}

impl Settings {
    /// Reads the configuration.
    pub(super) fn new(name: &str, global: Global, models: Models, io: &mut Io<'_>) -> Result<Self, Failure> {
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
        let url = match (&self.global.url, self.space()) {
            (Some(url), _) => Some(url.clone()),
            (None, Some(space)) => return self.url_of(space),
            (None, None) => variable("DATABASE_URL")?.or_else(|| self.config.url.clone()),
        };
        url.filter(|url| !url.trim().is_empty()).ok_or_else(|| {
            Failure::other(
                "no database: give --url, as in --url sqlite:app.db, or set DATABASE_URL (a file .env is read as well)",
            )
        })
    }

    /// The space that was asked for.
    fn space(&self) -> Option<&str> {
        self.global.space.as_deref().or(self.config.space.as_deref())
    }

    /// The database of a space: only the configuration knows it, so that no space is synced into the database of another.
    fn url_of(&self, space: &str) -> Result<String, Failure> {
        let unknown = || {
            Failure::other(format!(
                "no database for the space \"{space}\": give --url, or write [spaces.{space}] with url or url-env into schemasync.toml"
            ))
        };
        let Some(Space { url, url_env, .. }) = self.config.spaces.get(space) else { return Err(unknown()) };
        let named = match url_env {
            Some(name) => variable(name)?,
            None => None,
        };
        named.or_else(|| url.clone()).filter(|url| !url.trim().is_empty()).ok_or_else(unknown)
    }

    pub(super) fn namespace(&self) -> Result<&str, Failure> {
        let named = self.named_namespace();
        match named {
            Some(name) if name.trim().is_empty() => Err(Failure::other("--namespace is empty: give it a name")),
            Some(name) => Ok(name),
            None => Ok("default"),
        }
    }

    /// Whether the caller has named a namespace.
    pub(super) fn names_namespace(&self) -> bool {
        self.named_namespace().is_some()
    }

    fn named_namespace(&self) -> Option<&str> {
        let of_space = self.space().and_then(|space| self.config.spaces.get(space)?.namespace.as_deref());
        self.global.namespace.as_deref().or(of_space).or(self.config.namespace.as_deref())
    }

    /// The models: of the document where one is named, else of the program.
    pub(super) fn models(&self) -> Result<Schema, Failure> {
        // A document on the command line comes before the program's models; one in the configuration is for those who have none.
        let schema = match (&self.global.schema, &self.models, &self.config.schema) {
            (Some(path), _, _) | (None, Models::Document, Some(path)) => {
                let text = read_text("the schema document", path)?;
                Schema::from_json(&text).map_err(|error| Failure::other(format!("{}: {error}", path.display())))?
            }
            (None, Models::Given(models), _) => models.clone(),
            #[cfg(feature = "registry")]
            (None, Models::Registered, _) => registered(self.space())?,
            (None, Models::Document, None) => {
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

    /// The arguments come before the environment, which comes before the configuration.
    fn policy(&self, args: &PolicyArgs) -> Result<Policy, Failure> {
        let config = &self.config;
        let other = |error: PolicyError| Failure::other(error.to_string());
        let named = args.policy.as_deref().map(Policy::named).transpose().map_err(other)?;
        let named = match named {
            Some(policy) => Some(policy),
            None => Policy::from_env().map_err(other)?,
        };
        let configured = config.policy.as_deref().map(Policy::named).transpose().map_err(other)?;
        let mut policy = named.or(configured).unwrap_or_default();
        for (rule, level) in &config.rules {
            policy = policy.rule(*rule, *level);
        }
        for (rules, level) in [(&args.allow, Level::Allow), (&args.deny, Level::Deny)] {
            policy = rules.iter().fold(policy, |policy, rule| policy.rule(*rule, level));
        }
        if let Some(rows) = config.waiting_rows {
            policy = policy.waiting_rows(rows);
        }
        let safe = policy.is_safe() || args.safe || config.safe;
        Ok(policy.safe(safe))
    }

    /// What may be done.
    pub(super) fn allowed(&self, policy: &PolicyArgs, force: bool) -> Result<Allowed, Failure> {
        let config = &self.config;
        Ok(Allowed {
            policy: self.policy(policy)?,
            force: force || config.force,
            allow_lossy: policy.allow_lossy || config.allow_lossy,
            sqlite_rebuild: config.sqlite_rebuild,
            allow_revert: policy.allow_revert || config.allow_revert,
            online: policy.online || config.online,
            lock_timeout: policy.lock_timeout.or(config.lock_timeout),
        })
    }
}

/// The registered models of a space, or those of none.
#[cfg(feature = "registry")]
fn registered(space: Option<&str>) -> Result<Schema, Failure> {
    let spaces = Schema::registered_spaces();
    match space {
        Some(space) if !spaces.contains(&space) => {
            let known = if spaces.is_empty() {
                "none is linked in".to_owned()
            } else {
                format!("there are {}", spaces.join(", "))
            };
            Err(Failure::other(format!("no model is in the space \"{space}\": {known}")))
        }
        Some(space) => Ok(Schema::registered_in(space)),
        None => {
            let schema = Schema::registered();
            if schema.tables.is_empty() && schema.views.is_empty() && !spaces.is_empty() {
                return Err(Failure::other(format!(
                    "every model is in a space: give --space with one of {}",
                    spaces.join(", ")
                )));
            }
            Ok(schema)
        }
    }
}

impl Allowed {
    pub(super) fn policy(&self) -> &Policy {
        &self.policy
    }

    pub(super) fn forces(&self) -> bool {
        self.force
    }

    /// Sets the options of a sync.
    pub(super) fn set<'c>(&self, sync: SchemaSync<'c>) -> SchemaSync<'c> {
        let sync = sync.policy(self.policy.clone()).force(self.force).online(self.online);
        let sync =
            sync.allow_lossy(self.allow_lossy).allow_revert(self.allow_revert).sqlite_rebuild(self.sqlite_rebuild);
        match self.lock_timeout {
            Some(timeout) => sync.lock_timeout(timeout),
            None => sync,
        }
    }
}
