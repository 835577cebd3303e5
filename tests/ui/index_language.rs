//! A language is one of a full-text index, and the same on all of its fields.

use schemasync::DbTable;

#[derive(DbTable)]
struct Article {
    #[db(id)]
    id: i64,
    #[db(index(language = "english"))]
    plain: String,
    #[db(index(fulltext, name = "text", language = "english"))]
    title: String,
    #[db(index(fulltext, name = "text", language = "german"))]
    body: String,
}

fn main() {}
