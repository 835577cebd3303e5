//! schemasync: your Rust structs are the schema.
//!
//! `#[derive(DbTable)]` turns a struct into a static descriptor; [`sync()`] compares the descriptors with the live database and brings
//! it in line. No migration files.
//!
//! ```
//! use schemasync::{DbTable, RunStatus, schema};
//!
//! #[derive(DbTable)]
//! #[db(table = "users")]
//! struct User {
//!     #[db(id)]
//!     id: i64,
//!     #[db(unique)]
//!     email: String,
//!     #[db(default = "free")]
//!     plan: String,
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use sqlx::Connection;
//! let mut connection = sqlx::SqliteConnection::connect("sqlite::memory:").await?;
//! let report = schemasync::sync(&mut connection, schema![User]).await?;
//! assert_eq!(report.status, RunStatus::Synced);
//!
//! // Nothing has changed: one query.
//! let report = schemasync::sync(&mut connection, schema![User]).await?;
//! assert_eq!(report.status, RunStatus::UpToDate);
//! # Ok(())
//! # }
//! ```
//!
//! [`SchemaSync`] has what the one-liner has not: a plan without a run, safe mode, namespaces, saved plans. What is wrong with one
//! table is an errored [`Entry`] of the [`Report`], and makes [`SchemaSync::run`] fail with the report inside.
//!
//! The way of the data: descriptor ([`descriptor`]) → model ([`model`]) → catalog ([`catalog`], by the [`dialect`]) → changes
//! ([`change`]) → plan ([`plan`]) → report. Each module's first line says what it is.
#![cfg_attr(docsrs, feature(doc_cfg))]
// What only one database or the command line uses is not used in a build without it.
#![cfg_attr(not(all(feature = "cli", feature = "sqlite", feature = "postgres", feature = "mysql")), allow(dead_code))]

pub mod catalog;
pub mod change;
#[cfg(feature = "cli")]
pub mod cli;
mod derive_support;
pub mod descriptor;
pub mod dialect;
pub mod diff;
mod error;
mod execute;
pub mod model;
pub mod plan;
mod registry;
mod row;
pub mod search;
pub(crate) mod sync;
pub mod value;

pub use change::Risk;
pub use descriptor::{DbEmbed, DbTable, DbView};
pub use dialect::Database;
pub use error::{Error, Result};
pub use model::{DocumentError, Schema};
pub use plan::{
    Entry, EntryChange, EntryKind, EntryStatus, Finding, ObjectRef, Plan, Rule, SuspectedRename, UnknownRule,
};
pub use row::FromPrefixedRow;
/// ```
/// use schemasync::{DbEmbed, DbTable, DbValue};
///
/// #[derive(DbEmbed)]
/// #[db(index(columns(city, zip)))]
/// struct Address {
///     city: String,
///     #[db(column = "postal_code", max_length = 12)]
///     zip: Option<String>,
/// }
///
/// #[derive(DbTable)]
/// struct User {
///     #[db(id)]
///     id: i64,
///     #[db(embed)]
///     home: Address, // the columns `home__city` and `home__postal_code`
/// }
///
/// assert_eq!(User::table().fields.len(), 2);
/// ```
pub use schemasync_macros::DbEmbed;
/// ```
/// use schemasync::{DbEmbed, DbRow, DbTable, SchemaSync, schema};
///
/// #[derive(Debug, PartialEq, DbEmbed, DbRow)]
/// struct Address {
///     city: String,
///     zip: Option<String>,
/// }
///
/// #[derive(DbTable, DbRow)]
/// #[db(table = "users")]
/// struct User {
///     #[db(id)]
///     id: i64,
///     #[db(embed)]
///     home: Address, // `home__city`, `home__zip`
///     #[db(embed(prefix = "work_"))]
///     work: Option<Address>, // `work_city`, `work_zip`; `None` where both are NULL
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use sqlx::Connection;
/// let mut connection = sqlx::SqliteConnection::connect("sqlite::memory:").await?;
/// SchemaSync::new(&mut connection).schema(schema![User]).run().await?;
/// sqlx::query("INSERT INTO users (id, home__city) VALUES (1, 'Rome')").execute(&mut connection).await?;
/// let user: User = sqlx::query_as("SELECT * FROM users").fetch_one(&mut connection).await?;
/// assert_eq!(user.home, Address { city: "Rome".to_owned(), zip: None });
/// assert_eq!(user.work, None);
/// # Ok(())
/// # }
/// ```
pub use schemasync_macros::DbRow;
/// ```
/// use schemasync::DbTable;
///
/// /// The comment of the table, where the database has them.
/// #[derive(DbTable)]
/// #[db(table = "users", renamed = "people", index(columns(plan, created_at desc)))]
/// struct User {
///     #[db(id, default(increment))]
///     id: i64,
///     #[db(unique, max_length = 255)]
///     email: String,
///     #[db(default = "free")]
///     plan: String,
///     #[db(default(now))]
///     created_at: i64,
///     #[db(rel(from))]
///     posts: Vec<Post>,
/// }
///
/// #[derive(DbTable)]
/// struct Post {
///     #[db(id, default(increment))]
///     id: i64,
///     #[db(fk = User::id, on_delete = cascade, index)]
///     author_id: i64,
///     #[db(rel(to))]
///     author: Option<Box<User>>,
/// }
///
/// assert_eq!(User::table().name, "users");
/// ```
///
/// What does not fit is a compile error at the user's own token:
///
/// ```compile_fail
/// # use schemasync::DbTable;
/// #[derive(DbTable)]
/// struct Post {
///     #[db(id)]
///     id: i64,
///     #[db(fk = Post::idd)] // no field `idd`; a field with a similar name exists: `id`
///     parent: Option<i64>,
/// }
/// ```
pub use schemasync_macros::DbTable;
/// ```
/// use schemasync::DbValue;
/// use schemasync::descriptor::LogicalType;
///
/// #[derive(DbValue)]
/// struct UserId(i64);
///
/// #[derive(DbValue)]
/// #[db(rename_all = "snake_case")]
/// enum Plan {
///     Free,
///     ProPlus, // stored as "pro_plus"
/// }
///
/// assert_eq!(UserId::TYPE, LogicalType::Int64);
///
/// // An enum type on PostgreSQL, text elsewhere. With sqlx: `#[derive(sqlx::Type)] #[sqlx(type_name = "mood")]`.
/// #[derive(DbValue)]
/// #[db(postgres(enum = "mood", renamed = "feeling"))]
/// enum Mood {
///     Sad,
///     #[db(renamed = "Fine")] // its rows follow
///     Ok,
/// }
///
/// let LogicalType::Enum(mood) = Mood::TYPE else { unreachable!() };
/// assert_eq!(mood.postgres.unwrap().name, "mood");
/// ```
pub use schemasync_macros::DbValue;
/// ```
/// use schemasync::{DbTable, DbView, schema};
///
/// #[derive(DbTable)]
/// #[db(table = "users")]
/// struct User {
///     #[db(id)]
///     id: i64,
///     email: String,
///     plan: Option<String>,
/// }
///
/// #[derive(DbTable)]
/// #[db(table = "orders")]
/// struct Order {
///     #[db(id)]
///     id: i64,
///     #[db(fk = User::id)]
///     user_id: i64,
///     amount: i64,
/// }
///
/// #[derive(DbView)]
/// #[db(view = "good_customers", from = User, left_join(Order, on(Order::user_id == User::id)))]
/// #[db(filter(User::plan != "free" || User::plan.is_null()), having(total > 1000 && orders.between(2, 20)))]
/// struct GoodCustomer {
///     id: i64, // of `User`, as it says nothing else
///     #[db(from = User::email)]
///     mail: String,
///     #[db(count = Order::id)]
///     orders: i64,
///     #[db(sum = Order::amount)]
///     total: Option<i64>, // a left join may find nothing
/// }
///
/// #[derive(DbView)]
/// #[db(view = "totals", sql = "SELECT count(*) AS users FROM users")]
/// struct Totals {
///     users: i64,
/// }
///
/// assert_eq!(GoodCustomer::view().columns, ["id", "mail", "orders", "total"]);
/// assert!(schema![User, Order, GoodCustomer, Totals].validate().is_ok());
/// ```
///
/// What does not fit is a compile error at the user's own token:
///
/// ```compile_fail
/// # use schemasync::{DbTable, DbView};
/// # #[derive(DbTable)]
/// # struct User {
/// #     #[db(id)]
/// #     id: i64,
/// #     email: String,
/// # }
/// #[derive(DbView)]
/// #[db(from = User, filter(User::emial == "x"))] // no field `emial`; a field with a similar name exists: `email`
/// struct Someone {
///     id: i64,
/// }
/// ```
pub use schemasync_macros::DbView;
pub use sync::{
    Drift, HistoryEntry, Level, Policy, PolicyError, Progress, Report, RunStatus, SchemaSync, Standing, Status, sync,
};
pub use value::{DbValue, GeoPoint, Vector};

/// What the derives' generated code refers to. Not public API.
#[doc(hidden)]
pub mod __private {
    pub use crate::derive_support::*;
    pub use crate::model::{AsTable, AsView, Model, NotAModel, Probe};
    pub use crate::registry::Registered;
    #[cfg(feature = "json")]
    pub use crate::row::AsJson;
    pub use crate::row::{FromPrefixedRow, column_is_null, embedded_is_null, read_column, read_embedded};
    #[cfg(feature = "registry")]
    pub use inventory;
    pub use sqlx;
}
