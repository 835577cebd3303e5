//! A database name that is not a string.

use schemasync::DbTable;

#[derive(DbTable)]
#[db(table = posts, renamed(old), check(sql = a > 0))]
struct Post {
    #[db(id, column = identifier)]
    id: i64,
    #[db(renamed = old)]
    a: i64,
    #[db(index(name = by_b))]
    b: i64,
}

fn main() {}
