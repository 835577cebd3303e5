//! What a view reads is a type that is there.

use schemasync::{DbTable, DbView};

#[derive(DbTable)]
struct User {
    #[db(id)]
    id: i64,
}

#[derive(DbView)]
#[db(from = Usr, filter(Usr::id > 5))]
struct Report {
    id: i64,
    #[db(from = Usr::id)]
    other: i64,
}

fn main() {}
