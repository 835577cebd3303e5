//! The generated code does not depend on what the user's names mean.
#![allow(dead_code)]

use schemasync::DbTable as Table;

struct Option;
struct Some;
struct None;
struct String;

mod core {}
mod std {}

#[derive(Table)]
#[db(index(columns(id), unique, name = "x", where = "id > 0"))]
struct Vec {
    #[db(id, default = 1)]
    id: i64,
    #[db(fk(Self::id, alias = "up"))]
    up: i64,
}

fn main() {
    assert_eq!(<Vec as Table>::table().name, "vec");
}
