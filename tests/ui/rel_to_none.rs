//! `rel(to)` needs a foreign key.

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
    #[db(rel(to))]
    author: Option<Box<User>>,
}

fn main() {}
