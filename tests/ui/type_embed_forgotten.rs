//! A nested struct without `embed`.

use schemasync::DbTable;

struct Address {
    city: String,
}

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    address: Address,
}

fn main() {}
