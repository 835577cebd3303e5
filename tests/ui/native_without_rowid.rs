//! A table without rowid has a primary key, and does not count.

use schemasync::DbTable;

#[derive(DbTable)]
#[db(sqlite(without_rowid))]
struct Post {
    a: i64,
}

#[derive(DbTable)]
#[db(sqlite(without_rowid))]
struct Other {
    #[db(id, default(increment))]
    id: i64,
}

fn main() {}
