//! A `Vec` does not say how many dimensions it has.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(vector(similarity = cosine))]
    a: Vec<f32>,
}

fn main() {}
