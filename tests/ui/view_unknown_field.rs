//! Every column that a view names is there.

use schemasync::{DbEmbed, DbTable, DbView};

#[derive(DbEmbed)]
struct Address {
    city: String,
}

#[derive(DbTable)]
struct User {
    #[db(id)]
    id: i64,
    email: String,
    tier: String,
    #[db(embed)]
    home: Address,
}

#[derive(DbView)]
#[db(from = User)]
struct SameName {
    id: i64,
    emial: String,
}

#[derive(DbView)]
#[db(from = User)]
struct Mapped {
    #[db(from = User::emial)]
    email: String,
    #[db(count = User::idd)]
    users: i64,
}

#[derive(DbView)]
#[db(from = User, filter(User::teir == "premium" && User::home.citty == "Rome"))]
struct Filtered {
    id: i64,
}

#[derive(DbView)]
#[db(from = SameName)]
struct OfView {
    #[db(from = SameName::idd)]
    id: i64,
}

fn main() {}
