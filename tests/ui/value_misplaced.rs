//! Attributes of the enum and of its variants.

use schemasync::DbValue;

#[derive(DbValue)]
#[db(rename = "x", table = "y")]
enum A {
    #[db(rename_all = "lowercase")]
    One,
    #[db(rename = two)]
    Two,
    #[db(renam = "three")]
    Three,
}

fn main() {}
