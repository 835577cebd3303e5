//! How defaults are written.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id, default = increment)]
    id: i64,
    #[db(default = now)]
    a: i64,
    #[db(default("free"))]
    b: String,
    #[db(default = Plan::Free)]
    c: String,
    #[db(default)]
    d: i64,
    #[db(default())]
    e: i64,
    #[db(default(now, uuid))]
    f: i64,
    #[db(default = b"x")]
    g: Vec<u8>,
    #[db(default = 999999999999999999999999999999999999999999)]
    h: i64,
    #[db(default(increment = 1.5))]
    i: i64,
}

fn main() {}
