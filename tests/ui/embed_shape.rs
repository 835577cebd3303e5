//! An embedded struct has named fields.

use schemasync::DbEmbed;

#[derive(DbEmbed)]
struct Point(f64, f64);

#[derive(DbEmbed)]
enum Kind {
    A,
}

#[derive(DbEmbed)]
struct Page<T> {
    #[db(json)]
    items: Vec<T>,
}

fn main() {}
