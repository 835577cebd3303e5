//! What refers to a struct with mistakes has no errors of its own.

use schemasync::DbTable;

#[derive(DbTable)]
struct User {
    #[db(id, uniqe)]
    id: i64,
    #[db(rel(from))]
    posts: Vec<Post>,
}

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(fk = User::id)]
    user_id: i64,
    #[db(rel(to))]
    user: Option<Box<User>>,
}

fn table() -> &'static str {
    User::table().name
}

fn main() {}
