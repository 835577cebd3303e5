//! How `vector` is written.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(vector = 1536)]
    a: Vec<f32>,
    #[db(vector("1536"))]
    b: Vec<f32>,
    #[db(vector(1536, threshold = 1.5))]
    c: Vec<f32>,
    #[db(vector(1536, similarity = manhattan))]
    d: Vec<f32>,
    #[db(vector(1536, threshold))]
    e: Vec<f32>,
}

fn main() {}
