//! A table has at least one column.

use schemasync::DbTable;

#[derive(DbTable)]
struct Empty {}

#[derive(DbTable)]
struct OnlySkipped {
    #[db(skip)]
    cache: i64,
}

fn main() {}
