//! The target of a foreign key is a column.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(skip)]
    cache: i64,
    #[db(fk = Post::cache)]
    a: i64,
}

fn main() {}
