//! A Rust thing or a word given as a string.

use schemasync::DbTable;

#[derive(DbTable)]
#[db(sync_method = "recreate", fk(columns("a") => Post("id")))]
struct Post {
    #[db(id)]
    id: i64,
    #[db(fk = "User.id")]
    a: i64,
    #[db(fk("User::id"))]
    b: i64,
    #[db(fk = Post::id, on_delete = "CASCADE")]
    c: i64,
    #[db(vector_filter = "content")]
    d: i64,
    #[db(rel(via = "PostTag"))]
    e: Vec<Post>,
}

fn main() {}
