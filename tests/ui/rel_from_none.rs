//! `rel(from)` needs a foreign key on the other side.

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
    #[db(rel(from))]
    users: Vec<User>,
}

fn main() {}
