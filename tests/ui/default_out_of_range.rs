//! An integer default is in the range of the type.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(default = 300)]
    a: u8,
    #[db(default = -1)]
    b: u32,
    #[db(default = 40_000)]
    c: Option<i16>,
}

fn main() {}
