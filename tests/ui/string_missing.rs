//! A name without a value.

use schemasync::DbTable;

#[derive(DbTable)]
#[db(table, schema("x"))]
struct Post {
    #[db(id, column)]
    id: i64,
    #[db(renamed())]
    a: i64,
}

fn main() {}
