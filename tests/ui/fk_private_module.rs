//! A target in another module is checked the same way.

use schemasync::DbTable;

mod users {
    #[derive(schemasync::DbTable)]
    pub struct User {
        #[db(id)]
        id: i64,
    }
}

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(fk = users::User::ident)]
    user_id: i64,
}

fn main() {}
