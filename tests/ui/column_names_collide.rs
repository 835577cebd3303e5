//! Two columns of one name, also when only the case differs.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(column = "ID")]
    a: i64,
    #[db(column = "b")]
    c: i64,
    b: i64,
}

fn main() {}
