//! `on_delete` needs a foreign key.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(on_delete = cascade, on_update = restrict)]
    a: i64,
}

fn main() {}
