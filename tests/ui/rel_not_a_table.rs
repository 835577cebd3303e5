//! A navigation field leads to a table.

use schemasync::DbTable;

struct Session;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(rel(from))]
    sessions: Vec<Session>,
}

fn main() {}
