//! A vector is not compared like other columns.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(vector(256), unique, index)]
    a: Vec<f32>,
}

fn main() {}
