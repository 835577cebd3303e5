//! A geographic index is over points.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(index(geo))]
    place: String,
}

fn main() {}
