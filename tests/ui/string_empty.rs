//! Empty names and SQL, and a NUL character.

use schemasync::DbTable;

#[derive(DbTable)]
#[db(table = "", index(columns("")))]
struct Post {
    #[db(id, column = "")]
    id: i64,
    #[db(column = "a\0b")]
    a: i64,
    #[db(default(sql = " "))]
    b: i64,
}

fn main() {}
