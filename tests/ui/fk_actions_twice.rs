//! An action is given once.

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
    #[db(fk(User::id, on_delete = cascade), on_delete = restrict)]
    a: i64,
}

fn main() {}
