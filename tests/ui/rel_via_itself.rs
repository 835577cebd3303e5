//! A junction of a table with itself has two foreign keys to it.

use schemasync::DbTable;

#[derive(DbTable)]
struct Link {
    #[db(id, fk = Post::id)]
    post_id: i64,
}

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(rel(via = Link))]
    links: Vec<Post>,
}

fn main() {}
