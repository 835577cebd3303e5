//! Another process that syncs a SQLite file: `peer FILE v1|v2 [abort]`. Prints how the run ended, then every statement that sqlx
//! sent meanwhile. With `abort` it dies in the middle of a copy.

use schemasync::SchemaSync;
use schemasync_tests::{Recorder, peer::models};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, model, rest @ ..] = arguments.as_slice() else { return Err("peer FILE v1|v2 [abort]".into()) };
    let recorder = Recorder::default();
    tracing::subscriber::set_global_default(recorder.clone())?;
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let before = recorder.events("sqlx::query").len();
    let sync = SchemaSync::new(&mut connection).schema(models(model));
    let sync = if rest.is_empty() { sync } else { sync.on_progress(|_| std::process::abort()) };
    let report = sync.run().await?;
    println!("{:?}", report.status);
    for statement in &recorder.events("sqlx::query")[before..] {
        println!("{}", statement.replace('\n', " "));
    }
    Ok(())
}
