//! `vector_filter` names a field with `vector`.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(vector(1536))]
    embedding: Vec<f32>,
    #[db(vector_filter = embeding)]
    a: i64,
    #[db(vector_filter = id)]
    b: i64,
    #[db(vector_filter = embedding, vector_filter = embedding)]
    c: i64,
}

#[derive(DbTable)]
struct Other {
    #[db(id)]
    id: i64,
    #[db(vector_filter = embedding)]
    a: i64,
}

fn main() {}
