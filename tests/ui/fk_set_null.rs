//! `set_null` needs a column that can be null.

use schemasync::DbTable;

#[derive(DbTable)]
struct User {
    #[db(id)]
    id: i64,
    name: String,
}

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(fk = User::id, on_delete = set_null)]
    user_id: i64,
}

fn main() {}
