// The models of a database, as `schemasync pull` found it.
//
// needs: chrono (feature `chrono` of schemasync), serde_json (feature `json` of schemasync)
//
// not in the models, left alone:
// - indexed: the trigger on indexed is not part of a schema
// - indexed.f: not_null_conflict = IGNORE is not part of a schema
// - left out: child, foreign key (gone): child references nowhere, which is not in the schema: add it to `schema![..]`
// - broken: the view is left out: it cannot be read: no such table: main.nowhere
// - child, foreign key (wrong): left out: its columns and those of parent are not of one type in Rust

use schemasync::{DbTable, DbView};

#[derive(Debug, Clone, DbTable)]
#[db(table = "123")]
pub struct T123 {
    #[db(column = "4")]
    pub _4: Option<i64>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "Option")]
pub struct OptionTable {
    #[db(id)]
    pub id: i64,
    #[db(column = "Some")]
    pub some: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "child", fk(columns(twice) => Child(me)))]
#[db(fk(columns(y, x) => Parent(y, x), on_delete = set_null, on_update = cascade))]
pub struct Child {
    pub x: Option<i64>,
    pub y: Option<String>,
    #[db(default = 1, fk = Parent::z, on_delete = set_default)]
    pub z: Option<i64>,
    #[db(id)]
    pub me: i64,
    #[db(fk = Child::me)]
    pub boss: Option<i64>,
    pub gone: Option<i64>,
    pub wrong: Option<String>,
    #[db(fk = Parent::z, on_delete = cascade)]
    pub twice: Option<i64>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "circle_a")]
pub struct CircleA {
    #[db(id)]
    pub id: i64,
    #[db(fk = CircleB::id)]
    pub b: Option<i64>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "circle_b")]
pub struct CircleB {
    #[db(id)]
    pub id: i64,
    #[db(fk = CircleA::id)]
    pub a: Option<i64>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "generated")]
pub struct Generated {
    #[db(id)]
    pub id: i64,
    #[db(default = 0)]
    pub price: f64,
    #[db(default = 0)]
    pub amount: i64,
    #[db(generated(sql = "price * amount", stored))]
    pub total: Option<f64>,
    #[db(generated(sql = "price * 2"))]
    pub twice: Option<Vec<u8>>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "indexed")]
#[db(index(columns("lower(a || '-' || b)"), unique, name = "expression_only"))]
#[db(index(columns(a, b desc, c, "length(a) + length(b)" desc), name = "long_one", where = "a is not null and b is not null and c > 10"))]
#[db(index(columns("\"a\" COLLATE NOCASE" desc), name = "nocase_a"))]
pub struct Indexed {
    #[db(index(name = "plain_a"), index(name = "plain_a_too"))]
    pub a: Option<String>,
    #[db(index(name = "with \"quotes\""))]
    pub b: Option<String>,
    pub c: Option<i64>,
    #[db(sqlite(collate = "RTRIM"), index(name = "rtrim_d"))]
    pub d: Option<String>,
    #[db(collate = nocase, unique)]
    pub e: Option<String>,
    pub f: i64,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "nokey")]
pub struct Nokey {
    pub a: Option<Vec<u8>>,
    #[db(sqlite(type = "ANYTHING"))]
    pub b: Option<String>,
    #[db(sqlite(type = "QUOTED TYPE"))]
    pub c: Option<String>,
    #[db(sqlite(type = "JSON"))]
    pub d: Option<serde_json::Value>,
    #[db(default(sql = "0.50"), sqlite(type = "DECIMAL(10,2)"))]
    pub e: Option<f64>,
    #[db(default(sql = "'longer'"), max_length = 3)]
    pub f: Option<String>,
    #[db(default(sql = "0"))]
    pub g: Option<String>,
    #[db(default(sql = "'text'"))]
    pub h: Option<i64>,
    #[db(default = true)]
    pub i: Option<bool>,
    #[db(default(now))]
    pub j: Option<chrono::NaiveDate>,
    #[db(default(now))]
    pub k: Option<chrono::NaiveTime>,
    #[db(default(sql = "datetime('now', '+1 day')"))]
    pub l: Option<chrono::NaiveDateTime>,
    #[db(default = -5)]
    pub m: Option<i64>,
    #[db(default = -1.5)]
    pub n: Option<f64>,
    #[db(default = 9223372036854775807)]
    pub o: Option<i64>,
    #[db(default(sql = "x'00ff'"))]
    pub p: Option<Vec<u8>>,
    pub q: Option<i64>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "option_")]
pub struct OptionTable2 {
    #[db(id)]
    pub id: i64,
    #[db(fk = OptionTable::id)]
    pub up: Option<i64>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "parent", index(columns(y, x), unique))]
pub struct Parent {
    #[db(id)]
    pub x: i64,
    #[db(id)]
    pub y: String,
    #[db(unique)]
    pub z: Option<i64>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "strict_one", sqlite(strict))]
pub struct StrictOne {
    #[db(id)]
    pub id: i64,
    pub name: String,
    #[db(sqlite(type = "ANY"))]
    pub any_thing: Option<String>,
    #[db(default = 7)]
    pub n: Option<i64>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "type")]
pub struct Type {
    #[db(id)]
    pub r#fn: i64,
    pub r#struct: Option<String>,
    #[db(column = "self")]
    pub self_: Option<String>,
    #[db(column = "1st")]
    pub _1st: Option<String>,
    #[db(column = "a b")]
    pub a_b: Option<String>,
    #[db(column = "a-b")]
    pub a_b_2: Option<String>,
    #[db(column = "Größe")]
    pub größe: Option<f64>,
    #[db(column = "数")]
    pub 数: Option<i64>,
    #[db(column = "x\"y")]
    pub x_y: Option<String>,
    #[db(column = "back\\slash", default(sql = "'it''s \"here\" \\n'"))]
    pub back_slash: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "without_rowid", sqlite(strict, without_rowid))]
pub struct WithoutRowid {
    pub b: Option<String>,
    #[db(id)]
    pub c: String,
    #[db(id)]
    pub a: String,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "on_view")]
#[db(sql = "SELECT \"fn\" FROM \"view of \\things\" WHERE \"fn\" <> 'a''b'")]
pub struct OnView {
    pub r#fn: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "twice_named", sql = "SELECT a, b AS a FROM indexed")]
pub struct TwiceNamed {
    pub a: Option<String>,
    #[db(column = "a:1")]
    pub a_1: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "view of \\things")]
#[db(sql = "SELECT a AS \"fn\", b, count(*) AS \"how many\" FROM indexed GROUP BY a, b")]
pub struct ViewOfThings {
    pub r#fn: Option<String>,
    pub b: Option<String>,
    /// The database does not tell its type.
    #[db(column = "how many")]
    pub how_many: Option<String>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        T123,
        OptionTable,
        Child,
        CircleA,
        CircleB,
        Generated,
        Indexed,
        Nokey,
        OptionTable2,
        Parent,
        StrictOne,
        Type,
        WithoutRowid,
        OnView,
        TwiceNamed,
        ViewOfThings,
    }
}
