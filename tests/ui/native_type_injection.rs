//! A native type is one type expression.

use schemasync::DbTable;

#[derive(DbTable)]
struct Post {
    #[db(id)]
    id: i64,
    #[db(postgres(type = "INET; DROP TABLE users"))]
    a: String,
    #[db(sqlite(type = "TEXT NOT NULL"))]
    b: String,
    #[db(mysql(type = "ENUM('a','b')"))]
    c: String,
    #[db(sqlite(type = "TEXT --"))]
    d: String,
    #[db(postgres(type = "VARCHAR(10"))]
    e: String,
}

fn main() {}
