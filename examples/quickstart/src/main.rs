//! A small shop that syncs its structs into a SQLite file at boot, changes them, and syncs again with the rows kept.
//!
//! `cargo run -p quickstart` writes the file into the system's temporary folder; give another path as the argument.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "most fields are only columns here; models are `pub`, as in a bigger program"
)]

use schemasync::SchemaSync;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{Row, SqlitePool};

/// The models as they were at the first release.
mod v1 {
    use schemasync::DbTable;

    #[derive(DbTable)]
    #[db(table = "customers")]
    pub struct Customer {
        #[db(id)]
        pub id: i64,
        pub email_address: String,
        pub nickname: Option<String>,
    }

    #[derive(DbTable)]
    #[db(table = "orders")]
    pub struct Order {
        #[db(id)]
        pub id: i64,
        #[db(fk = Customer::id, on_delete = cascade, index)]
        pub customer_id: i64,
        pub amount: String,
    }
}

/// The models of today: a renamed column that is now unique, a new one with a default, and amounts that are numbers.
mod v2 {
    use schemasync::DbTable;

    #[derive(DbTable, sqlx::FromRow, Debug)]
    #[db(table = "customers")]
    pub struct Customer {
        #[db(id)]
        pub id: i64,
        #[db(renamed = "email_address", unique)]
        pub email: String,
        pub nickname: Option<String>,
        #[db(default = "free")]
        pub plan: String,
    }

    #[derive(DbTable, sqlx::FromRow, Debug)]
    #[db(table = "orders", sync_method = recreate)]
    pub struct Order {
        #[db(id)]
        pub id: i64,
        #[db(fk = Customer::id, on_delete = cascade, index)]
        pub customer_id: i64,
        pub amount: i64,
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args()
        .nth(1)
        .map_or_else(|| std::env::temp_dir().join("schemasync-quickstart.db"), std::path::PathBuf::from);
    if path.exists() {
        std::fs::remove_file(&path)?;
    }
    let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let pool = SqlitePoolOptions::new().connect_with(options).await?;
    println!("database: {}\n", path.display());

    heading("1. The first boot creates the tables");
    let report = schemasync::sync(&pool, schemasync::schema![v1::Customer, v1::Order]).await?;
    print!("{report}");

    heading("2. The application works");
    insert(&pool).await?;
    println!("3 customers and 3 orders inserted");

    heading("3. The structs have changed: what the next boot would do");
    let model = || schemasync::schema![v2::Customer, v2::Order];
    let plan = SchemaSync::new(&pool).schema(model()).plan().await?;
    print!("{plan}");
    println!("\nas SQL:\n{}", plan.to_sql());

    heading("4. The next boot does it");
    let report = schemasync::sync(&pool, model()).await?;
    print!("{report}");

    heading("5. All rows are still there");
    for customer in sqlx::query_as::<_, v2::Customer>("SELECT * FROM customers ORDER BY id").fetch_all(&pool).await? {
        println!("{customer:?}");
    }
    for order in sqlx::query_as::<_, v2::Order>("SELECT * FROM orders ORDER BY id").fetch_all(&pool).await? {
        println!("{order:?}");
    }

    heading("6. Every later boot asks one question and goes on");
    print!("{}", schemasync::sync(&pool, model()).await?);

    let total: i64 = sqlx::query("SELECT sum(amount) FROM orders").fetch_one(&pool).await?.get(0);
    println!("\nsum of the amounts, now numbers: {total}");
    Ok(())
}

async fn insert(pool: &SqlitePool) -> sqlx::Result<()> {
    for (id, email, nickname) in
        [(1, "ada@example.com", Some("ada")), (2, "bob@example.com", None), (3, "eve@example.com", None)]
    {
        sqlx::query("INSERT INTO customers (id, email_address, nickname) VALUES (?, ?, ?)")
            .bind(id)
            .bind(email)
            .bind(nickname)
            .execute(pool)
            .await?;
    }
    for (id, customer, amount) in [(10, 1, "1200"), (11, 1, "350"), (12, 3, "99")] {
        sqlx::query("INSERT INTO orders (id, customer_id, amount) VALUES (?, ?, ?)")
            .bind(id)
            .bind(customer)
            .bind(amount)
            .execute(pool)
            .await?;
    }
    Ok(())
}

fn heading(text: &str) {
    println!("\n── {text}");
}
