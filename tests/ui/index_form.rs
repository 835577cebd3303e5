//! How indexes are written.

use schemasync::DbTable;

#[derive(DbTable)]
#[db(index, index(unique), index(columns()), index(columns(a descending)), index(columns(a), order = desc))]
struct Post {
    #[db(id)]
    id: i64,
    #[db(index = "a")]
    a: i64,
    #[db(index(columns(a)))]
    b: i64,
    #[db(index(weight = 3))]
    c: i64,
    #[db(index(fulltext, order = desc))]
    d: String,
    #[db(index(fulltext, weight = 0))]
    e: String,
}

fn main() {}
