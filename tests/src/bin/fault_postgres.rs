//! Another process that syncs a PostgreSQL database, and dies without a word after so many statements:
//! `fault_postgres URL MODEL.json normal|online [NUMBER]`. Where it lives it says how the run ended and how many statements were sent.

use schemasync::{Schema, SchemaSync};
use sqlx::{Connection, PgConnection};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Listens to sqlx's log, one event after each statement, and dies at one.
struct Statements {
    count: Arc<AtomicU64>,
    last: u64,
}

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
        if self.count.fetch_add(1, Ordering::SeqCst) + 1 == self.last {
            // As `kill -9` does: nothing is cleaned up, the system closes the connection.
            std::process::abort();
        }
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, model, mode, rest @ ..] = arguments.as_slice() else {
        return Err("fault_postgres URL MODEL.json normal|online [NUMBER]".into());
    };
    let schema = Schema::from_json(&std::fs::read_to_string(model)?)?;
    let last = rest.first().map_or(Ok(0), |number| number.parse())?;
    let count = Arc::new(AtomicU64::new(0));
    let connection = PgConnection::connect(url).await?;
    tracing::subscriber::set_global_default(Statements { count: count.clone(), last })?;
    let report = SchemaSync::new(connection).schema(schema).online(mode == "online").run().await?;
    println!("{:?} {}", report.status, count.load(Ordering::SeqCst));
    Ok(())
}
