//! An embedded struct derives `DbEmbed`.

use schemasync::DbTable;

struct Address {
    city: String,
}

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(embed)]
    home: Option<Address>,
}

fn main() {}
