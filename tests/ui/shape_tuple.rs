//! A table has named fields.

use schemasync::DbTable;

#[derive(DbTable)]
struct Email(String);

#[derive(DbTable)]
struct Pair(i64, i64);

#[derive(DbTable)]
struct Nothing;

fn main() {}
