//! One step of schemasync, timed inside the process: `side-by-side-ours URL DOCUMENT [--force]` prints the seconds and the number of
//! statements. What is done before the clock: the connection, and the reading of the models.

use schemasync::{RunStatus, Schema, SchemaSync};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection, Executor, PgConnection};
use std::error::Error;
use std::time::Instant;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, document, flags @ ..] = arguments.as_slice() else { return Err("URL DOCUMENT [--force]".into()) };
    let force = flags.iter().any(|flag| flag == "--force");
    let schema = Schema::from_json(&std::fs::read_to_string(document)?)?;
    let (seconds, report) = if let Some(file) = url.strip_prefix("sqlite:") {
        let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
        let mut connection = SqliteConnection::connect_with(&options).await?;
        connection.execute("SELECT 1").await?;
        let started = Instant::now();
        let report = SchemaSync::new(&mut connection).schema(schema).force(force).run_report().await?;
        (started.elapsed(), report)
    } else {
        let mut connection = PgConnection::connect_with(&url.parse::<PgConnectOptions>()?).await?;
        connection.execute("SELECT 1").await?;
        let started = Instant::now();
        let report = SchemaSync::new(&mut connection).schema(schema).force(force).run_report().await?;
        (started.elapsed(), report)
    };
    if report.has_errors() {
        return Err(report.to_string().into());
    }
    println!(
        "{{\"seconds\": {}, \"statements\": {}, \"up_to_date\": {}}}",
        seconds.as_secs_f64(),
        report.statements.len(),
        report.status == RunStatus::UpToDate
    );
    Ok(())
}
