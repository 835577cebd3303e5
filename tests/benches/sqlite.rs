//! How fast a sync of a SQLite file is, beside its floors: the same DDL typed by hand, and the bare catalog queries.
//!
//! `cargo bench -p schemasync-tests --bench sqlite`. Medians of five, every number of one row of one run. Arguments: the numbers of
//! tables (100 500 2000 when not said); `rebuild` alone measures the rebuild of a million rows; `linear` leaves out the added column,
//! whose time is SQLite's own and grows with the square.

use schemasync::change::Statement;
use schemasync::model::{Column, DataType, DefaultValue, ForeignKey, Index, IndexKind, IndexPart, Table};
use schemasync::{Plan, RunStatus, Schema, SchemaSync};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use std::path::Path;
use std::time::{Duration, Instant};

const ROUNDS: usize = 5;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let mut sizes: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    let linear = arguments.iter().any(|argument| argument == "linear");
    let only_rebuild = arguments.iter().any(|argument| argument == "rebuild");
    if sizes.is_empty() && !only_rebuild {
        sizes = vec![100, 500, 2000];
    }
    if !sizes.is_empty() {
        println!("| tables | what | ours, ms | floor, ms | ratio |");
        println!("|---|---|---|---|---|");
    }
    for size in sizes {
        tables(size, linear).await;
    }
    if only_rebuild || arguments.is_empty() {
        rebuild().await;
    }
}

/// N tables of ten columns, two indexes and one foreign key each.
fn model(size: usize, extra: bool) -> Schema {
    let tables = (0..size).map(|at| {
        let mut columns = vec![Column::new("id", DataType::Int64)];
        for column in 1..=4 {
            columns.push(Column::new(format!("text_{column}"), DataType::Text));
        }
        for column in 5..=7 {
            columns.push(Column { nullable: true, ..Column::new(format!("number_{column}"), DataType::Int64) });
        }
        columns.push(Column {
            default: Some(DefaultValue::Text("free".to_owned())),
            ..Column::new("plan", DataType::Text)
        });
        columns.push(Column { nullable: true, ..Column::new("parent_id", DataType::Int64) });
        if extra {
            columns.push(Column { nullable: true, ..Column::new("added", DataType::Text) });
        }
        let index = |name: &str, kind| Index {
            name: name.to_owned(),
            kind,
            parts: vec![IndexPart::column(name)],
            predicate: None,
            include: Vec::new(),
            nulls_not_distinct: false,
            language: None,
            filters: Vec::new(),
        };
        Table {
            name: format!("table_{at:05}"),
            columns,
            primary_key: vec!["id".to_owned()],
            indexes: vec![index("text_1", IndexKind::Unique), index("parent_id", IndexKind::Plain)],
            foreign_keys: vec![ForeignKey {
                columns: vec!["parent_id".to_owned()],
                target_schema: None,
                target: format!("table_{:05}", at.saturating_sub(1)),
                target_columns: vec!["id".to_owned()],
                on_delete: schemasync::descriptor::ReferentialAction::NoAction,
                on_update: schemasync::descriptor::ReferentialAction::NoAction,
            }],
            ..Table::default()
        }
    });
    Schema { tables: tables.collect(), ..Schema::default() }
}

async fn tables(size: usize, linear: bool) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (before, after) = (model(size, false), model(size, true));
    let mut times: [Vec<Duration>; 8] = Default::default();
    for round in 0..ROUNDS {
        let path = folder.path().join(format!("ours-{round}.db"));
        let mut connection = open(&path).await;
        let create = SchemaSync::new(&mut connection).schema(before.clone()).plan().await.expect("a plan");
        let schema = before.clone();
        let started = Instant::now();
        let report = SchemaSync::new(&mut connection).schema(schema).run_report().await.expect("a sync");
        times[0].push(started.elapsed());
        assert_eq!((report.status, report.has_errors()), (RunStatus::Synced, false));

        let schema = before.clone();
        let started = Instant::now();
        let report = SchemaSync::new(&mut connection).schema(schema).run_report().await.expect("a sync");
        times[1].push(started.elapsed());
        assert_eq!(report.status, RunStatus::UpToDate);

        let schema = before.clone();
        let started = Instant::now();
        let report = SchemaSync::new(&mut connection).schema(schema).force(true).run_report().await.expect("a sync");
        times[2].push(started.elapsed());
        assert_eq!(report.status, RunStatus::UpToDate);

        let started = Instant::now();
        let rows = connection.fetch_all("SELECT type, name, tbl_name, sql FROM sqlite_schema").await.expect("rows");
        times[3].push(started.elapsed());
        assert!(rows.len() > size);
        let started = Instant::now();
        for query in CATALOG {
            connection.fetch_all(*query).await.expect("rows");
        }
        times[4].push(started.elapsed());

        let mut by_hand = open(&folder.path().join(format!("hand-{round}.db"))).await;
        times[6].push(transaction(&mut by_hand, &create).await);
        if linear {
            continue;
        }
        let alter = SchemaSync::new(&mut connection).schema(after.clone()).plan().await.expect("a plan");
        let schema = after.clone();
        let started = Instant::now();
        let report = SchemaSync::new(&mut connection).schema(schema).run_report().await.expect("a sync");
        times[5].push(started.elapsed());
        assert_eq!((report.status, report.has_errors()), (RunStatus::Synced, false));

        times[7].push(transaction(&mut by_hand, &alter).await);
    }
    let [first, gate, forced, schema, catalog, add, create, alter] =
        times.map(|times| (!times.is_empty()).then(|| median(times)));
    row(size, "first sync / the same DDL in one transaction", first, create);
    row(size, "gate: nothing changed", gate, None);
    row(size, "forced no-op / reading sqlite_schema", forced, schema);
    row(size, "forced no-op / the pragma functions over all tables", forced, catalog);
    row(size, "a column added to every table / the same ALTERs in one transaction", add, alter);
}

/// What an introspection by pragma functions asks.
const CATALOG: &[&str] = &[
    "SELECT type, name, tbl_name, sql FROM sqlite_schema",
    "SELECT m.name, c.* FROM sqlite_schema m, pragma_table_xinfo(m.name) c WHERE m.type = 'table'",
    "SELECT m.name, k.* FROM sqlite_schema m, pragma_foreign_key_list(m.name) k WHERE m.type = 'table'",
    "SELECT m.name, i.*, x.* FROM sqlite_schema m, pragma_index_list(m.name) i, pragma_index_xinfo(i.name) x WHERE m.type = 'table'",
];

/// The statements of a plan, typed by hand: one transaction, one statement after another.
async fn transaction(connection: &mut SqliteConnection, plan: &Plan) -> Duration {
    let statements: Vec<String> = plan
        .statements()
        .filter_map(|statement| match statement {
            Statement::Execute(sql) => Some(sql.clone()),
            _ => None,
        })
        .collect();
    let started = Instant::now();
    connection.execute("BEGIN IMMEDIATE").await.expect("begin");
    for statement in statements {
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut *connection).await.expect("a statement");
    }
    connection.execute("COMMIT").await.expect("commit");
    started.elapsed()
}

/// One table of a million rows: a type change with `recreate`, beside the same `INSERT … SELECT` typed by hand.
async fn rebuild() {
    let table = |ty: DataType| Table {
        name: "events".to_owned(),
        sync_method: Some(schemasync::descriptor::SyncMethod::Recreate),
        columns: vec![
            Column::new("id", DataType::Int64),
            Column::new("name", DataType::Text),
            Column::new("amount", ty),
            Column { nullable: true, ..Column::new("note", DataType::Text) },
        ],
        primary_key: vec!["id".to_owned()],
        ..Table::default()
    };
    let schema = |ty| Schema { tables: vec![table(ty)], ..Schema::default() };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (mut ours, mut hand) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let path = folder.path().join(format!("rebuild-{round}.db"));
        let mut connection = open(&path).await;
        let first =
            SchemaSync::new(&mut connection).schema(schema(DataType::Int64)).run_report().await.expect("a sync");
        assert!(!first.has_errors(), "{first}");
        let fill = "INSERT INTO events WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) \
                    SELECT i, 'name of event ' || i, i * 7, CASE WHEN i % 3 = 0 THEN 'a note' END FROM n";
        connection.execute(fill).await.expect("rows");
        connection.close().await.expect("closed");
        let copy = folder.path().join("hand.db");
        std::fs::copy(&path, &copy).expect("a copy");

        let mut connection = open(&copy).await;
        let started = Instant::now();
        for statement in [
            "BEGIN IMMEDIATE",
            "CREATE TABLE new_events (id INTEGER PRIMARY KEY, name TEXT NOT NULL, amount TEXT NOT NULL, note TEXT)",
            "INSERT INTO new_events (id, name, amount, note) SELECT id, name, CAST(amount AS TEXT), note FROM events",
            "DROP TABLE events",
            "ALTER TABLE new_events RENAME TO events",
            "COMMIT",
        ] {
            connection.execute(statement).await.expect("a statement");
        }
        hand.push(started.elapsed());
        drop(connection);

        let mut connection = open(&path).await;
        let started = Instant::now();
        let report =
            SchemaSync::new(&mut connection).schema(schema(DataType::Text)).run_report().await.expect("a sync");
        ours.push(started.elapsed());
        assert!(!report.has_errors(), "{report}");
    }
    println!("\n| a table of 1,000,000 rows | ours, ms | floor, ms | ratio |");
    println!("|---|---|---|---|");
    let (ours, hand) = (median(ours), median(hand));
    println!(
        "| rebuild INTEGER → TEXT / the same copy by hand | {:.0} | {:.0} | {:.2} |",
        milliseconds(ours),
        milliseconds(hand),
        milliseconds(ours) / milliseconds(hand)
    );
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        for line in status.lines().filter(|line| line.starts_with("VmHWM")) {
            println!("\nmost memory ever in use: {}", line.trim_start_matches("VmHWM:").trim());
        }
    }
}

async fn open(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(path).create_if_missing(true).connect().await.expect("a connection")
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn row(size: usize, what: &str, ours: Option<Duration>, floor: Option<Duration>) {
    let Some(ours) = ours else { return };
    let ours = milliseconds(ours);
    match floor.map(milliseconds) {
        Some(floor) => println!("| {size} | {what} | {ours:.2} | {floor:.2} | {:.2} |", ours / floor),
        None => println!("| {size} | {what} | {ours:.2} | | |"),
    }
}
