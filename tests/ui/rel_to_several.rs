//! With several foreign keys an alias says which.

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
    author_id: i64,
    #[db(fk(User::id, alias = "editor"))]
    editor_id: i64,
    #[db(rel(to))]
    author: Option<Box<User>>,
    #[db(rel(to = "owner"))]
    owner: Option<Box<User>>,
}

fn main() {}
