//! The builder form of views is not available yet: one error.

use schemasync::DbView;

#[derive(DbView)]
#[db(view = "x", from = User, filter(User::tier == "premium"))]
struct PremiumUser {
    #[db(from = User::id)]
    id: i64,
    #[db(count = User::id)]
    number: i64,
}

fn main() {}
