//! `nulls_not_distinct` is said once, of a unique index, and of the whole of it.

use schemasync::DbTable;

#[derive(DbTable)]
#[db(index(columns(a, b), nulls_not_distinct), index(columns(b, a), unique, nulls_not_distinct, nulls_not_distinct))]
struct Post {
    #[db(id)]
    id: i64,
    #[db(index(fulltext, nulls_not_distinct))]
    a: String,
    #[db(index(unique, nulls_not_distinct = true), index(unique, name = "x", nulls_not_distinct))]
    b: Option<String>,
    #[db(index(unique, name = "x"), index(unique, nulls_distinct))]
    c: Option<i64>,
}

fn main() {}
