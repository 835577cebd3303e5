//! The junction has one foreign key to each side.

use schemasync::DbTable;

#[derive(DbTable)]
struct User {
    #[db(id)]
    id: i64,
    name: String,
}

#[derive(DbTable)]
struct Membership {
    #[db(id, fk = User::id)]
    user_id: i64,
}

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(rel(via = Membership))]
    users: Vec<User>,
}

fn main() {}
