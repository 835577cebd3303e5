//! `rename_all` takes one of the known cases.

use schemasync::DbValue;

#[derive(DbValue)]
#[db(rename_all = "snakecase")]
enum A {
    One,
}

#[derive(DbValue)]
#[db(rename_all = snake_case)]
enum B {
    One,
}

#[derive(DbValue)]
#[db(rename_all = "lowercase")]
struct C(i64);

#[derive(DbValue)]
#[db(rename_all = "lowercase")]
#[repr(i32)]
enum D {
    One = 1,
}

fn main() {}
