//! What full-text indexes on SQLite cost: filling one over a million rows beside FTS5's own `rebuild` typed by hand, writes beside the three
//! triggers of FTS5's documentation, and a second sync.
//!
//! `cargo bench -p schemasync-tests --bench search`. Medians of three, all of one run. An argument: the number of rows.

use schemasync::model::{Column, DataType, Index, IndexKind, IndexPart, Table};
use schemasync::{RunStatus, Schema, SchemaSync};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use std::path::Path;
use std::time::{Duration, Instant};

const ROUNDS: usize = 3;
/// Rows that are written one by one.
const WRITES: u32 = 20_000;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    let rows: u32 = arguments.next().and_then(|rows| rows.parse().ok()).unwrap_or(1_000_000);
    let mut times: [Vec<Duration>; 5] = Default::default();
    for _ in 0..ROUNDS {
        round(rows, &mut times).await;
    }
    let [fill, rebuild, ours, textbook, second] = times.map(median);
    println!("| full-text, {rows} rows | ours | floor | ratio |");
    println!("|---|---|---|---|");
    row("filling the index / `rebuild` by hand, ms", milliseconds(fill), milliseconds(rebuild));
    row(
        &format!("{WRITES} inserts / with the triggers of FTS5's documentation, ms"),
        milliseconds(ours),
        milliseconds(textbook),
    );
    println!("| a second sync, ms | {:.2} | | |", milliseconds(second));
}

async fn round(rows: u32, times: &mut [Vec<Duration>; 5]) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (ours, hand) = (folder.path().join("ours.db"), folder.path().join("hand.db"));
    let mut connection = open(&ours).await;
    let first = SchemaSync::new(&mut connection).schema(model(false)).run_report().await.expect("a sync");
    assert!(!first.has_errors(), "{first}");
    execute(
        &mut connection,
        &format!(
            "INSERT INTO notes WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) SELECT i, 'note ' || i || ' of ' || (i % 97), 'some words about ' || (i % 1013) || ' and ' || (i % 7919) FROM n"
        ),
    )
    .await;
    connection.close().await.expect("closed");
    std::fs::copy(&ours, &hand).expect("a copy");

    let mut by_hand = open(&hand).await;
    let started = Instant::now();
    execute(
        &mut by_hand,
        "BEGIN IMMEDIATE;
         CREATE VIRTUAL TABLE search USING fts5(title, body, content='notes', content_rowid='id');
         CREATE TRIGGER ai AFTER INSERT ON notes BEGIN INSERT INTO search(rowid, title, body) VALUES (new.id, new.title, new.body); END;
         CREATE TRIGGER ad AFTER DELETE ON notes BEGIN INSERT INTO search(search, rowid, title, body) VALUES ('delete', old.id, old.title, old.body); END;
         CREATE TRIGGER au AFTER UPDATE ON notes BEGIN INSERT INTO search(search, rowid, title, body) VALUES ('delete', old.id, old.title, old.body); INSERT INTO search(rowid, title, body) VALUES (new.id, new.title, new.body); END;
         INSERT INTO search(search) VALUES ('rebuild');
         COMMIT",
    )
    .await;
    times[1].push(started.elapsed());

    let mut connection = open(&ours).await;
    let started = Instant::now();
    let report = SchemaSync::new(&mut connection).schema(model(true)).run_report().await.expect("a sync");
    times[0].push(started.elapsed());
    assert!(!report.has_errors(), "{report}");

    for (at, connection) in [(2, &mut connection), (3, &mut by_hand)] {
        let started = Instant::now();
        execute(connection, "BEGIN").await;
        for n in 0..WRITES {
            let id = rows + 1 + n;
            let sql = format!("INSERT INTO notes VALUES ({id}, 'new note {id}', 'words about {}')", n % 89);
            execute(connection, &sql).await;
        }
        execute(connection, "COMMIT").await;
        times[at].push(started.elapsed());
    }

    let started = Instant::now();
    let report = SchemaSync::new(&mut connection).schema(model(true)).run_report().await.expect("a sync");
    times[4].push(started.elapsed());
    assert_eq!(report.status, RunStatus::UpToDate);
}

fn model(search: bool) -> Schema {
    let index = Index {
        name: "text".to_owned(),
        kind: IndexKind::Fulltext,
        nulls_not_distinct: false,
        parts: vec![IndexPart::column("title"), IndexPart::column("body")],
        predicate: None,
        include: Vec::new(),
        language: None,
        filters: Vec::new(),
    };
    let table = Table {
        name: "notes".to_owned(),
        columns: vec![
            Column::new("id", DataType::Int64),
            Column::new("title", DataType::Text),
            Column::new("body", DataType::Text),
        ],
        primary_key: vec!["id".to_owned()],
        indexes: if search { vec![index] } else { Vec::new() },
        ..Table::default()
    };
    Schema { tables: vec![table], ..Schema::default() }
}

async fn execute(connection: &mut SqliteConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await.unwrap_or_else(|e| panic!("{e}\n{sql}"));
}

async fn open(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    options.disable_statement_logging().connect().await.expect("a connection")
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn row(what: &str, ours: f64, floor: f64) {
    println!("| {what} | {ours:.0} | {floor:.0} | {:.2} |", ours / floor);
}
