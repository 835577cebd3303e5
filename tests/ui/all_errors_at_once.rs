//! One struct with several mistakes: all are told.

use schemasync::DbTable;

#[derive(DbTable)]
#[db(tabel = "x")]
struct Post {
    #[db(idd)]
    id: i64,
    #[db(skip, id)]
    a: i64,
    #[db(fk = "User.id")]
    b: i64,
}

fn main() {}
