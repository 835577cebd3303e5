//! The type is what is stored, not what it is called.

use schemasync::{DbTable, DbValue};

#[derive(DbTable)]
struct User {
    #[db(id)]
    id: i64,
    name: String,
}

#[derive(DbValue)]
struct UserId(String);

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(fk = User::id)]
    user_id: UserId,
}

fn main() {}
