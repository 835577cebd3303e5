//! A path through an embedded struct.

use schemasync::{DbEmbed, DbTable};

#[derive(DbEmbed)]
struct Address {
    city: String,
}

#[derive(DbTable)]
#[db(index(columns(home.citty)))]
struct Post {
    #[db(id)]
    id: i64,
    #[db(embed)]
    home: Address,
}

fn main() {}
