//! The target of a foreign key is a table.

use schemasync::DbTable;

struct Session {
    id: i64,
}

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(fk = Session::id)]
    session_id: i64,
}

fn main() {}
