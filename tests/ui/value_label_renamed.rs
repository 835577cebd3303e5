//! Labels of an enum type have earlier names; texts have not.

use schemasync::DbValue;

#[derive(DbValue)]
enum Text {
    #[db(renamed = "old")]
    A,
}

#[derive(DbValue)]
#[db(renamed = "old", postgres(enum = "mood"))]
enum Misplaced {
    #[db(renamed("A", "old"))]
    A,
    #[db(renamed = "x", renamed = "y")]
    B,
    #[db(renamed = old)]
    C,
}

fn main() {}
