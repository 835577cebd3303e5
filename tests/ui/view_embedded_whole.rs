//! A view shows columns, not embedded structs.

use schemasync::{DbEmbed, DbTable, DbView};

#[derive(DbEmbed)]
struct Address {
    city: String,
}

#[derive(DbTable)]
struct User {
    #[db(id)]
    id: i64,
    #[db(embed)]
    home: Address,
}

#[derive(DbView)]
#[db(from = User, filter(User::id.city == 5))]
struct Report {
    id: i64,
    #[db(from = User::home)]
    home: String,
}

fn main() {}
