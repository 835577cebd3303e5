//! Attributes of a column on an embedded struct.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(embed, index)]
    a: i64,
    #[db(embed, id)]
    b: i64,
}

fn main() {}
