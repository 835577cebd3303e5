//! Two variants are not stored as the same text.

use schemasync::DbValue;

#[derive(DbValue)]
#[db(rename_all = "lowercase")]
enum A {
    One,
    #[db(rename = "one")]
    Two,
}

fn main() {}
