//! Views as structs: built from other structs, synced with them, and read through `sqlx::FromRow`.
//!
//! `cargo run -p views` needs nothing: the database is in memory.

#![allow(dead_code, unreachable_pub, reason = "the tables' fields are only columns here")]

mod models;

use models::{OpenTask, Project, ProjectTask, Task, Workload};
use schemasync::{SchemaSync, schema};
use sqlx::{Connection, SqliteConnection};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut db = SqliteConnection::connect("sqlite::memory:").await?;
    let model = schema![Workload, OpenTask, ProjectTask, Project, Task];

    println!("── What is made of the structs");
    println!("{}", SchemaSync::new(&mut db).schema(model.clone()).plan().await?.to_sql());
    print!("{}", schemasync::sync(&mut db, model).await?);
    sqlx::raw_sql(
        "INSERT INTO projects VALUES (1, 'Boat', false), (2, 'House', false), (3, 'Shed', true);
         INSERT INTO tasks VALUES
             (1, 1, 'hull', 12.5, false), (2, 1, 'sails', NULL, false), (3, 1, 'name', 0.5, true),
             (4, 2, 'roof', 40.0, false), (5, 3, 'door', 2.0, false);",
    )
    .execute(&mut db)
    .await?;

    println!("\n── Joined and filtered");
    for task in sqlx::query_as::<_, OpenTask>("SELECT * FROM open_tasks ORDER BY id").fetch_all(&mut db).await? {
        println!("{task:?}");
    }
    println!("\n── Grouped");
    for load in sqlx::query_as::<_, Workload>("SELECT * FROM workloads").fetch_all(&mut db).await? {
        println!("{load:?}");
    }
    println!("\n── With what is not there");
    let all = "SELECT * FROM project_tasks ORDER BY name";
    for task in sqlx::query_as::<_, ProjectTask>(all).fetch_all(&mut db).await? {
        println!("{task:?}");
    }
    Ok(())
}
