//! A database that another program has made is adopted: pulled as Rust models, synced without a change, then changed.
//!
//! `cargo run -p adopt` works in a folder of its own under the system's temporary folder. `cargo run -p adopt -- pull` writes
//! `src/models.rs` anew.

#![allow(dead_code, unreachable_pub, reason = "most fields are only columns here; what is pulled is `pub`")]

/// What `pull` made of the database, as it made it.
#[rustfmt::skip]
mod models;

use schemasync::cli::pull::rust_source;
use schemasync::{Schema, SchemaSync, schema};
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

/// What becomes of the models later: a track gets a composer.
mod later {
    use super::models::Album;
    use schemasync::DbTable;

    #[derive(DbTable)]
    #[db(table = "Track")]
    #[db(index(columns("\"Name\" COLLATE NOCASE"), name = "TrackByName"))]
    #[db(check(name = "cd44b483", sql = "milliseconds > 0"))]
    pub struct Track {
        #[db(id, column = "TrackId")]
        pub track_id: i64,
        #[db(column = "Name", max_length = 200)]
        pub name: String,
        #[db(column = "AlbumId", fk = Album::album_id, on_delete = set_null)]
        pub album_id: Option<i64>,
        #[db(column = "Milliseconds")]
        pub milliseconds: i64,
        #[db(column = "UnitPrice", default = 0.99, sqlite(type = "NUMERIC(10,2)"))]
        pub unit_price: f64,
        #[db(column = "AddedAt", default(now))]
        pub added_at: chrono::NaiveDateTime,
        #[db(column = "Composer", max_length = 220, index)]
        pub composer: Option<String>,
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::temp_dir().join(format!("schemasync-adopt-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let options = SqliteConnectOptions::new().filename(folder.join("shop.db")).create_if_missing(true);
    let pool = SqlitePoolOptions::new().connect_with(options).await?;
    sqlx::raw_sql(include_str!("shop.sql")).execute(&pool).await?;

    println!("# What is pulled\n");
    let (pulled, unsupported) = Schema::from_database(&pool).await?;
    let source = rust_source(&pulled, &unsupported);
    if std::env::args().nth(1).as_deref() == Some("pull") {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/models.rs"), &source)?;
        return Ok(());
    }
    println!("{source}");
    assert!(source == include_str!("models.rs"), "src/models.rs is old: cargo run -p adopt -- pull");

    println!("# The models against the database\n");
    let plan = SchemaSync::new(&pool).schema(models::schema()).plan().await?;
    println!("{plan}\n");
    assert!(plan.is_empty());

    println!("# The first sync adopts\n");
    let report = SchemaSync::new(&pool).schema(models::schema()).run().await?;
    println!("{report}\n");

    println!("# A field more\n");
    let changed = schema![models::Artist, models::Album, later::Track, models::Discography];
    let report = SchemaSync::new(&pool).schema(changed).run().await?;
    println!("{report}\n");
    println!("{} tracks are there as before", tracks(&pool).await?);

    pool.close().await;
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

async fn tracks(pool: &SqlitePool) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT count(*) FROM Track WHERE Composer IS NULL AND UnitPrice = 0.99").fetch_one(pool).await
}
