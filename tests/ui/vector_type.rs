//! A vector is made of `f32`.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(vector(1536))]
    a: String,
    #[db(vector(1536))]
    b: Vec<f64>,
}

fn main() {}
