//! An integer column has no fractions.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(default = 1.5)]
    age: i64,
}

fn main() {}
