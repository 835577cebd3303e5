//! What belongs on a table, on a view.

use schemasync::DbView;

#[derive(DbView)]
#[db(table = "x", sql = "SELECT 1", vieww = "y")]
struct Report {
    #[db(id)]
    id: i64,
    #[db(skip, column = "x")]
    a: i64,
    #[db(column = "id")]
    b: i64,
}

fn main() {}
