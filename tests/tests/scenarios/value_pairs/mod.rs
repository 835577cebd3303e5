//! Every pair of the 26 logical types on SQLite (rule C5): a value that was written through sqlx as the old type is read through sqlx as
//! what Rust makes of it in the new one, or the run is refused and nothing has changed.

mod convert;
mod value;

use schemasync::descriptor::SyncMethod;
use schemasync::model::{Column, DataType, Table};
use schemasync::{EntryStatus, Schema};
use schemasync_tests::{TestDatabase, found, scenario};
use std::collections::BTreeSet;
use value::{LABELS, Random, Value};

/// Values of each pair and round; `SCHEMASYNC_VALUE_ROUNDS` sets the number of rounds.
const VALUES: usize = 4;

pub const DIMENSIONS: u32 = 4;

fn types() -> Vec<DataType> {
    let labels = LABELS.iter().map(|label| (*label).to_owned()).collect();
    let all = vec![
        DataType::Bool,
        DataType::Int8,
        DataType::Int16,
        DataType::Int32,
        DataType::Int64,
        DataType::Uint8,
        DataType::Uint16,
        DataType::Uint32,
        DataType::Uint64,
        DataType::Float32,
        DataType::Float64,
        DataType::Text,
        DataType::Varchar(200),
        DataType::Char,
        DataType::Bytes,
        DataType::Uuid,
        DataType::Date,
        DataType::Time,
        DataType::DateTime,
        DataType::Timestamp,
        DataType::Decimal(Some((20, 4))),
        DataType::Json,
        DataType::Array(Box::new(DataType::Text)),
        DataType::Enum { name: "mood".to_owned(), variants: labels, postgres: None },
        DataType::Vector(DIMENSIONS),
        DataType::GeoPoint,
    ];
    assert_eq!(all.len(), 26);
    all
}

fn name(to: usize, at: usize) -> String {
    format!("t{to}_{at}")
}

/// A table for each value of each pair: entries do not stand in each other's way.
fn schema(ty: impl Fn(usize) -> DataType, targets: usize, strict: bool) -> Schema {
    let table = |to: usize, at: usize| {
        let value = Column { nullable: true, ..Column::new("value", ty(to)) };
        let mut table = Table {
            name: name(to, at),
            columns: vec![Column::new("id", DataType::Int64), value],
            primary_key: vec!["id".to_owned()],
            sync_method: Some(SyncMethod::Recreate),
            ..Table::default()
        };
        table.options.sqlite.strict = strict;
        table
    };
    Schema::new(
        (0..targets).flat_map(|to| (0..VALUES).map(move |at| (to, at))).map(|(to, at)| table(to, at)).collect(),
        vec![],
    )
}

fn one(ty: &DataType) -> Schema {
    let mut schema = schema(|_| ty.clone(), 1, false);
    schema.tables.truncate(1);
    schema
}

/// From one type to all; returns the types of which at least one value came over.
async fn from(ty: &DataType, random: &mut Random, strict: bool) -> BTreeSet<usize> {
    let types = types();
    let db = schemasync_tests::Sqlite::create().await;
    assert!(!db.run(schema(|_| ty.clone(), types.len(), strict)).await.has_errors());
    let values: Vec<Value> = (0..types.len() * VALUES).map(|_| Value::random(ty, random)).collect();
    for (at, value) in values.iter().enumerate() {
        value.insert(&db.pool, &name(at / VALUES, at % VALUES)).await;
    }
    let report = db.run(schema(|to| types[to].clone(), types.len(), strict)).await;
    let (mut converted, mut wrong) = (BTreeSet::new(), Vec::new());
    for (at, value) in values.iter().enumerate() {
        let (to, table) = (at / VALUES, name(at / VALUES, at % VALUES));
        let entry = found(&report.entries, &table);
        let what = format!("{ty:?} → {:?}{}: {value:?}", types[to], if strict { " (STRICT)" } else { "" });
        if entry.status == EntryStatus::Error {
            let left = Value::read(&db.pool, &table, ty).await;
            assert_eq!(left.as_ref(), Ok(value), "{what}: refused, and changed\n{}", entry.errors.join("\n"));
            continue;
        }
        match Value::read(&db.pool, &table, &types[to]).await {
            Ok(read) if convert::is_what_rust_makes(value, &types[to], &read) => drop(converted.insert(to)),
            Ok(read) => wrong.push(format!("{what}: is read as {read:?}")),
            Err(error) => wrong.push(format!("{what}: cannot be read: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    db.remove().await;
    converted
}

scenario!(sqlite: c5_every_pair_of_types_is_what_rust_makes_of_it, |_db| {
    let rounds: u64 = std::env::var("SCHEMASYNC_VALUE_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2);
    let mut pairs = BTreeSet::new();
    for round in 0..rounds {
        for (from_at, ty) in types().iter().enumerate() {
            let mut random = Random::new(round * 100 + from_at as u64);
            pairs.extend(from(ty, &mut random, round % 2 == 1).await.into_iter().map(|to| (from_at, to)));
        }
    }
    // Of the 676 pairs, those of which a random value has its like in the other type.
    println!("{} pairs with values that convert", pairs.len());
    assert!(pairs.len() >= 250, "only {} pairs convert", pairs.len());
});

scenario!(sqlite: c5_a_text_that_is_no_uuid_is_refused, |db| {
    db.sync(one(&DataType::Text)).await;
    db.exec("INSERT INTO t0_0 VALUES (1, 'not-a-uuid'), (2, 'F47AC10B-58CC-4372-A567-0E02B2C3D479')").await;
    let report = db.run(one(&DataType::Uuid)).await;
    schemasync_tests::assert_says(found(&report.entries, "t0_0").errors.join("\n"), &["1 value", "'not-a-uuid' (id = 1)"]);
    db.exec("DELETE FROM t0_0 WHERE id = 1").await;
    db.sync(one(&DataType::Uuid)).await;
    assert_eq!(db.rows("SELECT value FROM t0_0").await, [["x'f47ac10b58cc4372a5670e02b2c3d479'"]]);
});

scenario!(sqlite: c5_a_uuid_whose_bytes_are_a_text_stays_a_uuid, |db| {
    db.sync(one(&DataType::Uuid)).await;
    db.exec("INSERT INTO t0_0 VALUES (1, CAST('sixteen letters!' AS BLOB))").await;
    db.sync(one(&DataType::Text)).await;
    assert_eq!(db.rows("SELECT value FROM t0_0").await, [["'73697874-6565-6e20-6c65-747465727321'"]]);
    db.sync(one(&DataType::Bytes)).await;
    assert_eq!(db.value("SELECT length(value) FROM t0_0").await, "36");
});

scenario!(sqlite: m2_an_adopted_blob_is_asked_what_it_is, |db| {
    let adopted = |values: &str| {
        format!("DROP TABLE IF EXISTS t0_0; CREATE TABLE t0_0 (id INTEGER NOT NULL PRIMARY KEY, value BLOB); INSERT INTO t0_0 VALUES {values}")
    };
    // Both readings are right: nobody guesses.
    db.exec(&adopted("(1, CAST('sixteen letters!' AS BLOB))")).await;
    let report = db.run(one(&DataType::Text)).await;
    schemasync_tests::assert_says(found(&report.entries, "t0_0").errors.join("\n"), &["t0_0.value", "bytes or uuid"]);
    db.exec("INSERT INTO t0_0 VALUES (2, x'f47ac10b58cc4372a5670e02b2c3d479')").await;
    db.sync(one(&DataType::Text)).await;
    assert_eq!(db.value("SELECT value FROM t0_0 WHERE id = 2").await, "'f47ac10b-58cc-4372-a567-0e02b2c3d479'");
});
