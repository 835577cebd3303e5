//! A value is a newtype or an enum without fields.

use schemasync::DbValue;

#[derive(DbValue)]
struct Named {
    value: String,
}

#[derive(DbValue)]
struct Pair(i64, i64);

#[derive(DbValue)]
enum Shape {
    Circle(f64),
    Square { side: f64 },
}

#[derive(DbValue)]
enum Never {}

#[derive(DbValue)]
union Either {
    a: i64,
}

fn main() {}
