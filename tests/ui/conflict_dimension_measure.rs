//! A column is a dimension or a measure.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(dimension, measure)]
    a: i64,
}

fn main() {}
