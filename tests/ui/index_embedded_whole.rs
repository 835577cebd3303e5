//! An embedded struct is several columns.

use schemasync::{DbEmbed, DbTable};

#[derive(DbEmbed)]
struct Address {
    city: String,
}

#[derive(DbTable)]
#[db(index(columns(home)))]
struct Post {
    #[db(id)]
    id: i64,
    #[db(embed)]
    home: Address,
}

fn main() {}
