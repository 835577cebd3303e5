//! `set_default` needs a default.

use schemasync::DbTable;

#[derive(DbTable)]
struct User {
    #[db(id)]
    id: i64,
    name: String,
}

#[derive(DbTable)]
#[db(fk(columns(id) => User(id), on_delete = set_default))]
struct Post {
    #[db(id)]
    id: i64,
    #[db(fk = User::id, on_delete = set_default)]
    a: i64,
}

fn main() {}
