//! An index names fields that are columns.

use schemasync::DbTable;

#[derive(DbTable)]
#[db(index(columns(titel)), index(columns(cache)), index(columns(parent)), index(columns(title.text)), index(columns(title, title)))]
#[db(index(columns(title), include(bodi)), index(columns(id), include("title")))]
struct Post {
    #[db(id)]
    id: i64,
    #[db(skip)]
    cache: i64,
    #[db(rel(to))]
    parent: Option<Box<Post>>,
    title: String,
}

fn main() {}
