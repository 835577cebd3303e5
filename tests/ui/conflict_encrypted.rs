//! What the database cannot do with an encrypted column.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id, encrypted)]
    id: i64,
    #[db(encrypted, index)]
    a: String,
    #[db(encrypted, default = "x")]
    b: String,
    #[db(encrypted, default(now))]
    c: i64,
    #[db(encrypted, max_length = 3)]
    d: String,
}

fn main() {}
