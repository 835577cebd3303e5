//! Both columns of a foreign key have the same type.

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
    #[db(fk = User::id)]
    user_id: Option<i32>,
}

fn main() {}
