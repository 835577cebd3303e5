//! The number and the type agree.

use schemasync::{DbTable, Vector};

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(vector(1536))]
    a: Vector<768>,
    #[db(vector(1536))]
    b: Option<[f32; 384]>,
}

fn main() {}
