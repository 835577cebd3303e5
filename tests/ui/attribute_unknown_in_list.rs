//! An unknown name inside a list: the allowed ones are listed.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(index(uniq))]
    a: i64,
    #[db(default(autoincrement))]
    b: i64,
    #[db(vector(1536, metric = cosine))]
    c: Vec<f32>,
    #[db(fk(Post::id, name = "x"))]
    d: i64,
    #[db(rel(with))]
    e: i64,
    #[db(generated(sql = "1", virtual))]
    f: i64,
}

fn main() {}
