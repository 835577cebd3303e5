//! How `check` is written.

use schemasync::DbTable;

#[derive(DbTable)]
#[db(check(name = "a"), check = "x > 0", check(sql = "1", name = "b"), check(sql = "2", name = "b"))]
struct Post {
    #[db(id)]
    id: i64,
}

fn main() {}
