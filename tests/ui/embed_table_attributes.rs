//! What belongs on the table, on an embedded struct.

use schemasync::DbEmbed;

#[derive(DbEmbed)]
#[db(table = "x", sync_method = drop)]
struct Address {
    #[db(id)]
    id: i64,
    #[db(version)]
    version: i64,
    #[db(default(increment))]
    number: i64,
    #[db(rel(to))]
    user: Option<Box<User>>,
}

fn main() {}
