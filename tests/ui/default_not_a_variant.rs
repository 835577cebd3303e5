//! A default of an enum is one of its stored texts.

use schemasync::{DbTable, DbValue};

#[derive(DbValue)]
enum Plan {
    Free,
    Pro,
}

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(default = "free")]
    plan: Plan,
}

fn main() {}
