//! [`SchemaSync`]: the only room that knows the whole way.

mod adopt;
mod clock;
mod drift;
mod dump;
mod events;
mod failed_renames;
mod forget;
mod gate;
mod history;
mod lacks;
mod persist;
mod policy;
mod prepare;
mod read_again;
mod refresh;
mod report;
mod report_text;
mod revert;
mod run;
mod state;
mod status;
#[cfg(all(test, feature = "sqlite"))]
mod tests;
mod timeline;
mod verify;

pub use drift::Drift;
#[cfg(feature = "cli")]
pub(crate) use gate::superseded;
pub use history::HistoryEntry;
pub use policy::{Level, Policy, PolicyError};
pub use report::{Report, RunStatus};
pub use status::{Standing, Status};

use crate::dialect::{Database, Session, with_session};
use crate::error::Result;
pub use crate::execute::Progress;
use crate::execute::ProgressCallback;
use crate::model::Schema;
use crate::plan::Plan;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// The work of a call, boxed where it begins: so its code is generated once, in this library, and not again in each crate that awaits it.
type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// What a caller may set.
#[derive(Clone)]
pub(crate) struct Options {
    pub(crate) namespace: String,
    pub(crate) safe: bool,
    pub(crate) policy: Policy,
    pub(crate) force: bool,
    pub(crate) allow_lossy: bool,
    pub(crate) sqlite_rebuild: bool,
    pub(crate) allow_revert: bool,
    pub(crate) online: bool,
    pub(crate) verify: bool,
    pub(crate) lock_timeout: Duration,
    pub(crate) progress: Option<ProgressCallback>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            namespace: "default".to_owned(),
            safe: false,
            policy: Policy::default(),
            force: false,
            allow_lossy: false,
            sqlite_rebuild: false,
            allow_revert: false,
            online: false,
            verify: true,
            lock_timeout: Duration::from_secs(60),
            progress: None,
        }
    }
}

/// Brings a database in line with a model.
///
/// ```no_run
/// # async fn example(pool: sqlx::SqlitePool) -> schemasync::Result<()> {
/// use schemasync::{DbTable, SchemaSync, schema};
///
/// #[derive(DbTable)]
/// struct User {
///     #[db(id)]
///     id: i64,
///     email: String,
/// }
///
/// let report = SchemaSync::new(&pool).schema(schema![User]).run().await?;
/// println!("{report}");
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing happens before `plan()`, `run()` or `apply()`"]
pub struct SchemaSync<'c> {
    database: Database<'c>,
    schema: Schema,
    options: Options,
}

impl fmt::Debug for SchemaSync<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SchemaSync")
            .field("database", &self.database)
            .field("namespace", &self.options.namespace)
            .finish_non_exhaustive()
    }
}

impl<'c> SchemaSync<'c> {
    /// A sync of that database: a pool, a reference to one, or a connection that is not inside a transaction.
    pub fn new(database: impl Into<Database<'c>>) -> Self {
        Self { database: database.into(), schema: Schema::default(), options: Options::default() }
    }

    /// The model: `schema![User, Post]`, `Schema::registered()`, or one read from a schema document.
    pub fn schema(mut self, schema: Schema) -> Self {
        self.schema = schema;
        self
    }

    /// The namespace, "default" when not said: two services in one database each have their own (rule S4).
    pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
        self.options.namespace = namespace.into();
        self
    }

    /// Safe mode (rule P1): nothing is dropped, nothing lossy is done; what is held back is in `withheld`.
    pub fn safe(mut self, safe: bool) -> Self {
        self.options.safe = safe;
        self
    }

    /// What the run may do by itself; [`Policy::development`] when not said. Sets [`safe`](Self::safe) as the policy says.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.options.safe = policy.is_safe();
        self.options.policy = policy;
        self
    }

    /// Looks at the database even when nothing has changed since the last run: finds what was changed by hand.
    pub fn force(mut self, force: bool) -> Self {
        self.options.force = force;
        self
    }

    /// SQLite: tables are rebuilt where a change needs it, rows kept, as if each struct without a `sync_method` said
    /// `sync_method = recreate`. Other databases alter in place.
    pub fn sqlite_rebuild(mut self, rebuild: bool) -> Self {
        self.options.sqlite_rebuild = rebuild;
        self
    }

    /// Values that do not convert become the nearest one where the server has it, else the default or NULL; the report counts both (rule X1).
    pub fn allow_lossy(mut self, allow: bool) -> Self {
        self.options.allow_lossy = allow;
        self
    }

    /// Goes back to a model that this database has left behind (rule S6).
    ///
    /// Tables and columns that were renamed since then get their old names back, with their rows: the older model cannot say so, but the
    /// state remembers it. What came since then goes, as the plan says.
    pub fn allow_revert(mut self, allow: bool) -> Self {
        self.options.allow_revert = allow;
        self
    }

    /// Online mode: tables in use are changed without keeping those who write to them waiting. Not one transaction but many short
    /// ones: indexes are built concurrently, columns become required and constraints are added in steps of their own once the
    /// entries are done. A run that is broken off leaves usable tables, and the next one, online or not, finishes. Needs a
    /// session of its own: a pool, or the connection itself, not a borrowed one; no pooler in transaction mode. Where a database has nothing of the kind (SQLite), a run is as always
    /// and its report says so.
    pub fn online(mut self, online: bool) -> Self {
        self.options.online = online;
        self
    }

    /// How long to wait for another sync, 60 s when not said (rule S5).
    pub fn lock_timeout(mut self, timeout: Duration) -> Self {
        self.options.lock_timeout = timeout;
        self
    }

    /// Whether to look again after the work (rule S9), on when not said.
    pub fn verify(mut self, verify: bool) -> Self {
        self.options.verify = verify;
        self
    }

    /// Called after each batch of a long copy.
    pub fn on_progress(mut self, callback: impl Fn(&Progress) + Send + Sync + 'static) -> Self {
        self.options.progress = Some(Arc::new(callback));
        self
    }

    /// What [`run`](Self::run) would do with the same options. Writes nothing at all.
    ///
    /// A plan always looks at the database. Where nothing has changed in the model since the last run, it shows what somebody changed by
    /// hand; [`apply`](Self::apply) mends it, as a run with [`force`](Self::force) does, while a plain run is over after one query.
    ///
    /// # Errors
    /// What stops the whole run (rule R3).
    pub async fn plan(self) -> Result<Plan> {
        self.planning().await
    }

    fn planning(self) -> Work<'c, Plan> {
        Box::pin(async move {
            let Self { database, schema, options } = self;
            with_session!(database, session => run::plan(&mut session, &schema, &options).await)
        })
    }

    /// Brings the database in line, or fails: a program that serves on half a schema does harm.
    ///
    /// # Errors
    /// What stops the whole run, and [`Failed`](crate::Error::Failed), with the report inside, where an entry has errors (rule R1).
    /// [`run_report`](Self::run_report) is for those who go on all the same.
    pub async fn run(self) -> Result<Report> {
        self.run_report().await?.into_result()
    }

    /// As [`run`](Self::run), for those who go on when only a part could be done: what is wrong with one table is an errored entry of the
    /// report.
    ///
    /// # Errors
    /// What stops the whole run (rule R3).
    pub async fn run_report(self) -> Result<Report> {
        self.execute(None).await
    }

    /// Does what a saved plan says, with the options that it was made with.
    ///
    /// # Errors
    /// [`StalePlan`](crate::Error::StalePlan) where the database or the model has changed since (rule P3), and what makes a
    /// [`run`](Self::run) fail.
    pub async fn apply(self, plan: &Plan) -> Result<Report> {
        self.apply_report(plan).await?.into_result()
    }

    /// As [`apply`](Self::apply), for those who go on when only a part could be done.
    ///
    /// # Errors
    /// [`StalePlan`](crate::Error::StalePlan), and what stops the whole run (rule R3).
    pub async fn apply_report(self, plan: &Plan) -> Result<Report> {
        self.execute(Some(plan)).await
    }

    fn execute<'a>(self, plan: Option<&'a Plan>) -> Work<'a, Report>
    where
        'c: 'a,
    {
        Box::pin(self.execute_here(plan))
    }

    async fn execute_here(self, plan: Option<&Plan>) -> Result<Report> {
        let Self { database, schema, options } = self;
        let report: Result<Report> = with_session!(database, session => {
            let report = run::run(&mut session, &schema, &options, plan).await;
            if report.as_ref().is_ok_and(|report| !report.statements.is_empty()) {
                session.refresh_pool().await;
            }
            report
        });
        match &report {
            Ok(report) => events::tell(report),
            Err(error) => tracing::error!("the sync failed: {error}"),
        }
        report
    }
}

fn read_model(database: Database<'_>) -> Work<'_, (Schema, Vec<String>)> {
    Box::pin(async move { with_session!(database, session => adopt::read_model(&mut session).await) })
}

/// Brings a database in line, or fails with the report inside.
///
/// # Errors
/// What stops the whole run, and [`Failed`](crate::Error::Failed) where an entry has errors (rule R1).
pub async fn sync<'c>(database: impl Into<Database<'c>>, schema: Schema) -> Result<Report> {
    SchemaSync::new(database).schema(schema).run().await
}

impl Schema {
    /// The live database turned back into a model, and what of it a model cannot say, one sentence each.
    ///
    /// A plan of that model against the same database is empty: what would still be a change is left out, and told.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn from_database<'c>(database: impl Into<Database<'c>>) -> Result<(Self, Vec<String>)> {
        read_model(database.into()).await
    }
}
