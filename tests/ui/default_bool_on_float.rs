//! A default fits the type of its column, also behind an alias and an `Option`.

use schemasync::DbTable;

type Rate = Option<f64>;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(default = true)]
    rate: Rate,
}

fn main() {}
