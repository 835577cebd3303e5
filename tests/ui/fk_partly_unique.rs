//! A unique index with a condition is no target.

use schemasync::DbTable;

#[derive(DbTable)]
#[db(index(columns(name), unique, where = "id > 0"))]
struct Tag {
    #[db(id)]
    id: i64,
    name: String,
}

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(fk = Tag::name)]
    tag: String,
}

fn main() {}
