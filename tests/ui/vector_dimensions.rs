//! A vector has one of the usual numbers of dimensions.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(vector(1500))]
    a: Vec<f32>,
    #[db(vector)]
    b: [f32; 300],
}

fn main() {}
