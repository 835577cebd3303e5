//! A mistake in a table is no mistake of the views that read it.

use schemasync::{DbEmbed, DbTable, DbView};

#[derive(DbEmbed)]
struct Address {
    city: Option<String>,
}

#[derive(DbTable)]
struct User {
    #[db(idd)]
    id: i64,
    email: String,
    #[db(embed)]
    home: Address,
}

#[derive(DbView)]
#[db(from = User, filter(User::email == 5 && User::id.like("a") && User::home.city.is_null()))]
struct Report {
    id: String,
    #[db(from = User::email)]
    email: i64,
}

fn main() {}
