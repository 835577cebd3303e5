//! Another process that syncs a SQLite file and stops for good at one point, for its parent to kill it there:
//! `fault FILE MODEL.json [statement|work NUMBER]`. It says `reached` when it is there; else how the run ended, how many statements
//! sqlx has sent, and how often SQLite's virtual machine has been looked at.

use schemasync::{Schema, SchemaSync};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Stops when it has been counted so often.
#[derive(Debug, Default)]
struct Point {
    count: AtomicU64,
    at: u64,
}

impl Point {
    fn pass(&self) {
        if self.count.fetch_add(1, Ordering::SeqCst) + 1 == self.at {
            println!("reached");
            let _ = std::io::stdout().flush();
            loop {
                std::thread::park();
            }
        }
    }
}

/// Listens to sqlx's log: one event after each statement.
struct Statements(Arc<Point>);

impl Subscriber for Statements {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {
        self.0.pass();
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, model, rest @ ..] = arguments.as_slice() else { return Err("fault FILE MODEL.json [WHAT N]".into()) };
    let schema = Schema::from_json(&std::fs::read_to_string(model)?)?;
    let at = |what: &str| -> u64 {
        match rest {
            [point, number] if point == what => number.parse().unwrap_or(0),
            _ => 0,
        }
    };
    let statements = Arc::new(Point { at: at("statement"), ..Point::default() });
    let work = Arc::new(Point { at: at("work"), ..Point::default() });
    // A small cache: pages of the transaction reach the file before it ends.
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(true).pragma("cache_size", "8");
    let mut connection = SqliteConnection::connect_with(&options).await?;
    if !rest.is_empty() {
        tracing::subscriber::set_global_default(Statements(statements.clone()))?;
        let work = work.clone();
        connection.lock_handle().await?.set_progress_handler(500, move || {
            work.pass();
            true
        });
    }
    let report = match SchemaSync::new(&mut connection).schema(schema).run_report().await {
        // An older model that cannot work with what the database is by now.
        Err(schemasync::Error::LeftBehind { .. }) => {
            println!("LeftBehind 0 0");
            return Ok(());
        }
        ran => ran?,
    };
    let count = |point: &Point| point.count.load(Ordering::SeqCst);
    println!("{:?} {} {}", report.status, count(&statements), count(&work));
    if report.has_errors() {
        println!("{report}");
    }
    Ok(())
}
