//! A field of a view has the type of the column that it shows.

use schemasync::{DbEmbed, DbTable, DbView};

#[derive(DbEmbed)]
struct Address {
    city: String,
}

#[derive(DbTable)]
struct User {
    #[db(id)]
    id: i64,
    email: String,
    bio: Option<String>,
    #[db(embed)]
    office: Option<Address>,
}

#[derive(DbTable)]
struct Order {
    #[db(id)]
    id: i64,
    user_id: i64,
    note: String,
}

struct Unknown;

#[derive(DbView)]
#[db(from = User, left_join(Order, on(Order::user_id == User::id)))]
struct Report {
    id: i32,
    #[db(from = User::email)]
    mail: i64,
    bio: String,
    #[db(from = User::office.city)]
    city: String,
    #[db(from = Order::note)]
    note: String,
    #[db(from = User::email)]
    odd: Unknown,
}

fn main() {}
