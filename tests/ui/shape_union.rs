//! A table is no union.

use schemasync::DbTable;

#[derive(DbTable)]
union Either {
    a: i64,
    b: f64,
}

fn main() {}
