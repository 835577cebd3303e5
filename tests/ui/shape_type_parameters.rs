//! A table has no type parameters.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post<'a, T, const N: usize> {
    #[db(id)]
    id: i64,
    title: &'a str,
    #[db(skip)]
    extra: [T; N],
}

fn main() {}
