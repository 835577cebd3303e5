//! The target of a foreign key is a type in scope.

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
    #[db(fk = Usr::id)]
    user_id: i64,
}

fn main() {}
