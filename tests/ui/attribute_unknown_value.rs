//! A word that is not one of the allowed ones.

use schemasync::DbTable;

#[derive(DbTable)]
#[db(sync_method = rebuild)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(fk = Post::id, on_delete = casade)]
    a: i64,
    #[db(collate = utf8)]
    b: String,
    #[db(index(order = descending))]
    c: i64,
}

fn main() {}
