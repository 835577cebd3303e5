//! What sqlx reads and what the table has must be one.

use schemasync::{DbEmbed, DbTable};

#[derive(DbTable, sqlx::FromRow)]
#[db(table = "a")]
#[sqlx(rename_all = "camelCase")]
struct Cased {
    #[db(id)]
    id: i64,
    display_name: String,
}

#[derive(DbTable, sqlx::FromRow)]
#[db(table = "b")]
struct Renamed {
    #[db(id)]
    id: i64,
    #[sqlx(rename = "mail")]
    email: String,
    #[sqlx(rename = "nick")]
    #[db(column = "nick")]
    nickname: String,
}

#[derive(DbEmbed, sqlx::FromRow)]
struct Address {
    city: String,
}

#[derive(DbTable, sqlx::FromRow)]
#[db(table = "c")]
struct Flattened {
    #[db(id)]
    id: i64,
    #[sqlx(flatten)]
    #[db(embed)]
    home: Address,
}

#[derive(DbTable, sqlx::FromRow)]
#[db(table = "d")]
struct Plain {
    #[db(id)]
    id: i64,
    #[sqlx(flatten)]
    #[db(embed(prefix = ""))]
    home: Address,
}

fn main() {}
