//! With several foreign keys an alias says which.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(rel(from))]
    comments: Vec<Comment>,
}

#[derive(DbTable)]
struct Comment {
    #[db(id)]
    id: i64,
    #[db(fk = Post::id)]
    post_id: i64,
    #[db(fk = Post::id)]
    other_id: i64,
}

fn main() {}
