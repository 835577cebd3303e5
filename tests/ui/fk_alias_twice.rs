//! An alias stands for one foreign key.

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
    #[db(fk(User::id, alias = "author"))]
    a: i64,
    #[db(fk(User::id, alias = "author"))]
    b: i64,
}

fn main() {}
