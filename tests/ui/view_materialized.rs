//! A materialized view has a definition.

use schemasync::DbView;

#[derive(DbView)]
#[db(materialized)]
struct Report {
    id: i64,
}

#[derive(DbView)]
#[db(sql = "SELECT 1")]
struct Empty {}

#[derive(DbView)]
enum NotAView {
    A,
}

fn main() {}
