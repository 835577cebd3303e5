//! The database: connected to by URL, synced at boot, asked by the routes.

use schemasync::descriptor::FieldDef;
use schemasync::{DbTable, Report, Schema, SchemaSync};
use serde::Deserialize;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteRow};
use sqlx::{AssertSqlSafe, FromRow};

/// One variant per kind of database. Another kind is one more variant, and one more arm where the compiler asks for it; the queries
/// stay, because `$1` and `RETURNING` are understood by SQLite and PostgreSQL alike.
#[derive(Clone)]
pub enum Store {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A row of one of the tables, of whichever release.
pub trait Row: DbTable + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static {}

impl<T> Row for T where T: DbTable + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static
{}

/// What a client sends to create a user.
#[derive(Deserialize)]
pub struct NewUser {
    email: String,
    name: Option<String>,
}

/// What a client sends to create a post.
#[derive(Deserialize)]
pub struct NewPost {
    user_id: i64,
    title: String,
}

impl Store {
    /// Connects. The messages do not show the URL: it may hold a password.
    pub async fn connect(url: &str) -> Result<Self, Box<dyn std::error::Error>> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => {
                let options = url.parse::<SqliteConnectOptions>()?.create_if_missing(true);
                Ok(Self::Sqlite(SqlitePoolOptions::new().connect_with(options).await?))
            }
            Some("postgres" | "postgresql") => {
                let options = url.parse::<PgConnectOptions>()?;
                Ok(Self::Postgres(PgPoolOptions::new().connect_with(options).await?))
            }
            Some(scheme) => {
                Err(format!("this server does not speak {scheme:?}, only \"sqlite\" and \"postgres\"").into())
            }
            None => Err("not a URL; one looks like sqlite:app.db or postgres://user@host/app".into()),
        }
    }

    /// Brings the database in line with the models.
    pub async fn sync(&self, schema: Schema) -> schemasync::Result<Report> {
        match self {
            Self::Sqlite(pool) => SchemaSync::new(pool).schema(schema).run().await,
            Self::Postgres(pool) => SchemaSync::new(pool).schema(schema).run().await,
        }
    }

    /// Every row, in the order of the ids.
    pub async fn list<T: Row>(&self) -> sqlx::Result<Vec<T>> {
        let sql = format!("SELECT {} FROM {} ORDER BY id", columns::<T>(), T::table().name);
        match self {
            Self::Sqlite(pool) => sqlx::query_as(AssertSqlSafe(sql)).fetch_all(pool).await,
            Self::Postgres(pool) => sqlx::query_as(AssertSqlSafe(sql)).fetch_all(pool).await,
        }
    }

    /// Inserts a user; what the client did not send gets its default.
    pub async fn create_user<T: Row>(&self, new: NewUser) -> sqlx::Result<T> {
        let sql = format!("INSERT INTO users (email, name) VALUES ($1, $2) RETURNING {}", columns::<T>());
        match self {
            Self::Sqlite(pool) => {
                sqlx::query_as(AssertSqlSafe(sql)).bind(new.email).bind(new.name).fetch_one(pool).await
            }
            Self::Postgres(pool) => {
                sqlx::query_as(AssertSqlSafe(sql)).bind(new.email).bind(new.name).fetch_one(pool).await
            }
        }
    }

    /// Inserts a post; what the client did not send gets its default.
    pub async fn create_post<T: Row>(&self, new: NewPost) -> sqlx::Result<T> {
        let sql = format!("INSERT INTO posts (user_id, title) VALUES ($1, $2) RETURNING {}", columns::<T>());
        match self {
            Self::Sqlite(pool) => {
                sqlx::query_as(AssertSqlSafe(sql)).bind(new.user_id).bind(new.title).fetch_one(pool).await
            }
            Self::Postgres(pool) => {
                sqlx::query_as(AssertSqlSafe(sql)).bind(new.user_id).bind(new.title).fetch_one(pool).await
            }
        }
    }
}

/// The columns that this release knows, never `*`: a newer release may add some at any time. They come from the struct, as the table does.
fn columns<T: DbTable>() -> String {
    let names = T::table().fields.iter().filter_map(|field| match field {
        FieldDef::Column(column) => Some(column.name),
        FieldDef::Embed { .. } => None,
    });
    names.collect::<Vec<_>>().join(", ")
}
