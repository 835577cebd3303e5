//! `unsigned` is for numbers.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(mysql(unsigned))]
    name: String,
}

fn main() {}
