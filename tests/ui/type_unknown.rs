//! A field whose type no column can hold.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    address: std::net::IpAddr,
}

fn main() {}
