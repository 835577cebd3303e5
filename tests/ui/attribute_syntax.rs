//! Things that are not entries of a list; the others are still read.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id id)]
    id: i64,
    #[db("unique")]
    a: i64,
    #[db(column =)]
    b: i64,
    #[db(uniqe, column "c")]
    c: i64,
}

fn main() {}
