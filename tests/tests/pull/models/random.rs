pub mod model_0 {
// The models of a database, as `schemasync pull` found it.

use schemasync::DbTable;

#[allow(clippy::duplicated_attributes)]
#[derive(Debug, Clone, DbTable)]
#[db(table = "group", sqlite(without_rowid))]
#[db(index(columns(apos_trophe, column desc)))]
#[db(index(columns(column, apos_trophe), unique))]
pub struct Group {
    #[db(id, column = "/*", fk = Group::column)]
    pub column: String,
    #[db(column = "apos'trophe")]
    pub apos_trophe: i64,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        Group,
    }
}
}

pub mod model_1 {
// The models of a database, as `schemasync pull` found it.
//
// needs: chrono (feature `chrono` of schemasync)
//
// not in the models, left alone:
// - group, foreign key (quo"te, /*): left out: its columns and those of [boxed] are not of one type in Rust

use schemasync::{DbTable, DbView};

#[derive(Debug, Clone, DbTable)]
#[db(table = "Tags")]
pub struct Tag {
    #[db(id, sqlite(collate = "NOCASE"))]
    pub email: i64,
    pub like: Option<i64>,
    #[db(default = "1", collate = nocase)]
    pub rowid: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "Tags2")]
#[db(index(columns(end desc, "lower(n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789)" desc), unique, name = "end_n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789"))]
pub struct Tags2 {
    #[db(id, column = "first name", index(unique, name = "x y z"))]
    pub first_name: i64,
    #[db(column = "dot.ted")]
    pub dot_ted: Vec<u8>,
    #[db(id)]
    pub end: bool,
    #[db(default = "1")]
    pub n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "[boxed]")]
#[db(index(columns(d, generated desc), unique))]
#[db(check(name = "c2_key", sql = "coalesce(\"key\", 0) <> 'zz; \"top\"'"))]
pub struct Boxed {
    #[db(id, default(increment), sqlite(collate = "NOCASE"))]
    pub generated: i64,
    pub d: String,
    #[db(generated(sql = "coalesce(\"generated\", 'no''ne')", stored))]
    #[db(index(unique, order = desc))]
    pub key: Option<f64>,
    #[db(column = "ID")]
    pub id: Option<Vec<u8>>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "group")]
#[db(index(
    columns("\"end\" || '-x'"),
    name = "first name",
    where = "length(\"end\") < 1000"
))]
#[db(index(columns(end desc, "\"key\" || '-x'"), unique, name = "end_key", where = "coalesce(\"end\", 0) <> 'zz; \"top\"'"))]
#[db(check(name = "c3_semi;colon", sql = "not (\"semi;colon\" = -1)"))]
pub struct Group {
    pub d: String,
    #[db(default(sql = "abs(-3)"))]
    pub n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789: Option<String>,
    pub end: Option<Vec<u8>>,
    pub key: Option<String>,
    #[db(column = "semi;colon")]
    pub semi_colon: Option<Vec<u8>>,
    #[db(column = "quo\"te", sqlite(collate = "NOCASE"))]
    pub quo_te: Option<chrono::NaiveDateTime>,
    #[db(column = "/*", sqlite(collate = "NOCASE"))]
    pub column: Option<i64>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v group")]
#[db(sql = r#"SELECT "v größe"."dot.ted" AS "dot.ted"
FROM "v größe""#)]
pub struct VGroup {
    #[db(column = "dot.ted")]
    pub dot_ted: Option<Vec<u8>>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v größe")]
#[db(sql = r#"SELECT "Tags2"."dot.ted" AS "dot.ted"
FROM "Tags2""#)]
pub struct VGröße {
    #[db(column = "dot.ted")]
    pub dot_ted: Option<Vec<u8>>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        Tag,
        Tags2,
        Boxed,
        Group,
        VGroup,
        VGröße,
    }
}
}

pub mod model_2 {
// The models of a database, as `schemasync pull` found it.

use schemasync::{DbTable, DbView};

#[derive(Debug, Clone, DbTable)]
#[db(table = "größe")]
pub struct Größe {
    #[db(id, default(increment))]
    #[db(index(name = "-- c", order = desc))]
    #[db(fk = Größe::end, on_delete = cascade, on_update = restrict)]
    pub end: i64,
    #[db(column = "dot.ted", fk = Größe::end, on_update = restrict)]
    pub dot_ted: Option<i64>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v dot.ted", sql = "SELECT \"end\", \"dot.ted\" FROM \"größe\"")]
pub struct VDotTed {
    pub end: Option<i64>,
    #[db(column = "dot.ted")]
    pub dot_ted: Option<i64>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = r#"v new
line"#)]
#[db(
    sql = r#"SELECT "größe"."dot.ted" AS "NAME", "größe"."end" AS "end", CAST(SUM("größe"."end") AS REAL) AS "agg"
FROM "größe"
WHERE NOT ("größe"."end" > 0)
GROUP BY "größe"."dot.ted", "größe"."end""#
)]
pub struct VNewLine {
    #[db(column = "NAME")]
    pub name: Option<i64>,
    pub end: Option<i64>,
    pub agg: Option<f64>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v posts", sql = r#"SELECT "end" FROM "v new
line""#)]
pub struct VPosts {
    pub end: Option<i64>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        Größe,
        VDotTed,
        VNewLine,
        VPosts,
    }
}
}

pub mod model_3 {
// The models of a database, as `schemasync pull` found it.

use schemasync::{DbTable, DbView};

#[derive(Debug, Clone, DbTable)]
#[db(table = "back\\slash")]
pub struct BackSlash {
    #[db(column = "`y`")]
    pub y: Option<i64>,
    pub replace: String,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "t")]
#[db(check(name = "c0_current", sql = "\"current\" is not null"))]
pub struct T {
    #[db(id, column = "Value")]
    pub value: i64,
    #[db(default(
        sql = "cast(randomblob(6) || substr(x'404142434445464748494a4b4c4d4e4f', 1 + (random() & 15), 1) || randomblob(1) || substr(x'808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf', 1 + (random() & 63), 1) || randomblob(7) as blob)"
    ))]
    #[db(sqlite(collate = "NOCASE"))]
    pub end: Vec<u8>,
    #[db(default(sql = "1 + 2"), sqlite(collate = "NOCASE"))]
    pub order: Option<i64>,
    #[db(default = 0)]
    pub current: Option<i64>,
    #[db(fk = T::value, on_delete = set_null, on_update = restrict)]
    pub c: Option<i64>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v ITEMS")]
#[db(
    sql = r#"SELECT "v tags"."rowid" AS "Value", "back\slash"."`y`" AS "`y`", AVG("v tags"."`y`") AS "agg"
FROM "v tags"
LEFT JOIN "back\slash" ON "v tags"."`y`" = "back\slash"."`y`"
WHERE "v tags"."`y`" > 0
GROUP BY "v tags"."rowid", "back\slash"."`y`""#
)]
pub struct VItems {
    #[db(column = "Value")]
    pub value: Option<String>,
    #[db(column = "`y`")]
    pub y: Option<i64>,
    /// The database does not tell its type.
    pub agg: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v t")]
#[db(sql = r#"SELECT "back\slash"."`y`" AS "`y`", "back\slash"."replace" AS "replace"
FROM "back\slash"
JOIN "back\slash" AS "j" ON "back\slash"."`y`" = "j"."`y`"
WHERE "back\slash"."`y`" BETWEEN 0 AND 100"#)]
pub struct VT {
    #[db(column = "`y`")]
    pub y: Option<i64>,
    pub replace: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v tags")]
#[db(sql = r#"SELECT "back\slash"."replace" AS "rowid", "back\slash"."`y`" AS "`y`"
FROM "back\slash""#)]
pub struct VTags {
    pub rowid: Option<String>,
    #[db(column = "`y`")]
    pub y: Option<i64>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        BackSlash,
        T,
        VItems,
        VT,
        VTags,
    }
}
}

pub mod model_4 {
// The models of a database, as `schemasync pull` found it.

use schemasync::{DbTable, DbView};

#[derive(Debug, Clone, DbTable)]
#[db(table = "größe")]
#[db(check(name = "c2_Value", sql = "coalesce(value, 0) <> 'zz; \"top\"'"))]
pub struct Größe {
    #[db(id, default(increment))]
    pub key: i64,
    #[db(column = "Value")]
    pub value: Option<String>,
    #[db(default = "quo\"te")]
    pub end: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "posts", sqlite(strict))]
#[db(check(name = "c3_email", sql = "not (email = -1)"))]
pub struct Post {
    #[db(id)]
    pub note: i64,
    #[db(default = 7)]
    pub email: i64,
    #[db(column = "ünïcode")]
    pub ünïcode: Option<String>,
    pub current: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v _")]
#[db(sql = r#"SELECT "größe"."end" AS "age", "größe"."key" AS "key", "größe"."Value" AS "Value"
FROM "größe"
WHERE NOT ("größe"."key" BETWEEN 0 AND 100)"#)]
pub struct V {
    pub age: Option<String>,
    pub key: Option<i64>,
    #[db(column = "Value")]
    pub value: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v items")]
#[db(sql = r#"SELECT "größe"."key" AS "name", "größe"."key" AS "key"
FROM "größe""#)]
pub struct VItems {
    pub name: Option<i64>,
    pub key: Option<i64>,
}

#[derive(Debug, Clone, DbView)]
#[db(
    view = "v n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789"
)]
#[db(sql = r#"SELECT "größe"."end" AS "end", MIN("größe"."key") AS "agg"
FROM "größe"
GROUP BY "größe"."end""#)]
pub struct VN123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789 {
    pub end: Option<String>,
    /// The database does not tell its type.
    pub agg: Option<String>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        Größe,
        Post,
        V,
        VItems,
        VN123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789,
    }
}
}

pub mod model_5 {
// The models of a database, as `schemasync pull` found it.

use schemasync::{DbTable, DbView};

#[derive(Debug, Clone, DbTable)]
#[db(table = "/* star")]
pub struct Star {
    #[db(id, column = "apos'trophe")]
    pub apos_trophe: i64,
    #[db(sqlite(collate = "NOCASE"))]
    pub n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789: i64,
    #[db(sqlite(collate = "NOCASE"))]
    pub r#match: Option<bool>,
    #[db(column = "[x]", default = 1e300, sqlite(type = "NUMERIC"))]
    pub x: Option<f64>,
    pub replace: Option<f64>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "`ticked`", sqlite(without_rowid))]
#[db(check(name = "c0_note", sql = "note is not null"))]
pub struct Ticked {
    #[db(id)]
    pub current: Vec<u8>,
    #[db(generated(sql = "length(\"current\")"), unique)]
    pub note: Option<String>,
    #[db(fk = Größe::name, on_delete = cascade, on_update = set_null)]
    pub generated: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "größe", index(columns(end, name), name = "like"))]
pub struct Größe {
    #[db(id)]
    #[db(default(
        sql = "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89AB', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))"
    ))]
    #[db(fk = Größe::name, on_delete = cascade)]
    pub name: String,
    #[db(default = "")]
    pub end: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "t", sqlite(strict))]
pub struct T {
    #[db(id, column = "-- c")]
    pub c: i64,
    #[db(collate = nocase)]
    pub d: Option<String>,
    #[db(column = "dot.ted")]
    pub dot_ted: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v dot.ted")]
#[db(sql = r#"SELECT "`ticked`"."note" AS "note", "`ticked`"."generated" AS "generated"
FROM "`ticked`""#)]
pub struct VDotTed {
    pub note: Option<String>,
    pub generated: Option<String>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        Star,
        Ticked,
        Größe,
        T,
        VDotTed,
    }
}
}

pub mod model_6 {
// The models of a database, as `schemasync pull` found it.
//
// needs: chrono (feature `chrono` of schemasync)

use schemasync::{DbTable, DbView};

#[derive(Debug, Clone, DbTable)]
#[db(table = "group")]
#[db(index(columns(y, key desc, d)))]
pub struct Group {
    #[db(column = "`y`", default(now))]
    pub y: Option<chrono::NaiveDate>,
    #[db(generated(sql = "lower(\"`y`\")"))]
    pub order: Option<chrono::NaiveDateTime>,
    #[db(default(sql = "lower('A;B')"))]
    pub key: Option<String>,
    #[db(index(name = "order"))]
    pub d: Option<String>,
    #[db(sqlite(collate = "NOCASE"))]
    pub replace: Option<chrono::NaiveDateTime>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "größe")]
pub struct Größe {
    pub c: String,
    #[db(default = "it's")]
    pub r#match: Option<String>,
    #[db(column = "1st", default = "1")]
    pub _1st: Option<String>,
    #[db(column = "ünïcode")]
    pub ünïcode: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "it's", sqlite(strict))]
pub struct It {
    #[db(id)]
    pub id: i64,
    pub current: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = r#"new
line"#)]
pub struct NewLine {
    #[db(id, column = "ID", default(increment))]
    pub id: i64,
    pub r#match: f64,
    #[db(default = "ünï")]
    pub note: String,
    #[db(column = "/*")]
    pub column: String,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v it's")]
#[db(sql = r#"SELECT "it's"."current" AS "match"
FROM "it's""#)]
pub struct VItS {
    pub r#match: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(
    view = "v n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789"
)]
#[db(sql = r#"SELECT "v it's"."match" AS "match"
FROM "v it's""#)]
pub struct VN123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789 {
    pub r#match: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = r#"v new
line"#)]
#[db(sql = "SELECT \"match\", \"match\" AS \"select\" FROM \"v it's\" WHERE \"match\" IS NOT NULL")]
pub struct VNewLine {
    pub r#match: Option<String>,
    pub select: Option<String>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        Group,
        Größe,
        It,
        NewLine,
        VItS,
        VN123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789,
        VNewLine,
    }
}
}

pub mod model_7 {
// The models of a database, as `schemasync pull` found it.

use schemasync::{DbTable, DbView};

#[derive(Debug, Clone, DbTable)]
#[db(table = "orders")]
pub struct Order {
    #[db(column = "-- c", index(name = "`y`"))]
    pub c: Option<bool>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "select", sqlite(strict))]
pub struct Select {
    pub id: Option<String>,
    #[db(column = "`y`")]
    pub y: i64,
    #[db(column = "ID2", default = "it's \"quoted\"; -- so")]
    pub id2: Option<String>,
    #[db(column = "/*")]
    pub column: Option<String>,
    pub name: Option<i64>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v back\\slash")]
#[db(sql = r#"SELECT "select"."id" AS "id", "v posts"."ID2" AS "select"
FROM "select"
JOIN "v posts" ON "select"."name" = "v posts"."-- c"
WHERE "select"."name""#)]
pub struct VBackSlash {
    pub id: Option<String>,
    pub select: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = r#"v new
line"#)]
#[db(sql = r#"SELECT "orders"."-- c" AS "-- c", "orders"."-- c" AS "id"
FROM "orders""#)]
pub struct VNewLine {
    #[db(column = "-- c")]
    pub c: Option<bool>,
    pub id: Option<bool>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v posts")]
#[db(
    sql = r#"SELECT "orders"."-- c" AS "-- c", "orders"."-- c" AS "b", "select"."`y`" AS "`y`", "select"."ID2" AS "ID2"
FROM "orders"
JOIN "select" ON "orders"."-- c" = "select"."name""#
)]
pub struct VPosts {
    #[db(column = "-- c")]
    pub c: Option<bool>,
    pub b: Option<bool>,
    #[db(column = "`y`")]
    pub y: Option<i64>,
    #[db(column = "ID2")]
    pub id2: Option<String>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        Order,
        Select,
        VBackSlash,
        VNewLine,
        VPosts,
    }
}
}

pub mod model_8 {
// The models of a database, as `schemasync pull` found it.

use schemasync::{DbTable, DbView};

#[derive(Debug, Clone, DbTable)]
#[db(table = "_", check(name = "c1_email", sql = "length(email) < 1000"))]
pub struct Table {
    #[db(id, sqlite(collate = "NOCASE"))]
    #[db(index(order = desc))]
    #[db(fk = Table::c, on_delete = restrict)]
    pub c: i64,
    pub references: i64,
    #[db(generated(sql = "length(c)"), sqlite(type = "INT"))]
    pub email: i64,
    #[db(column = "[x]")]
    pub x: Option<String>,
    #[db(default = 7)]
    pub r#match: Option<i64>,
    #[db(column = "/*", sqlite(collate = "NOCASE"))]
    #[db(fk = Table::c, on_update = cascade)]
    pub column: Option<i64>,
    #[db(fk = Table::c)]
    pub n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789: Option<i64>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v group")]
#[db(
    sql = "SELECT \"n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789\" FROM \"_\" WHERE \"email\" IS NOT NULL"
)]
pub struct VGroup {
    pub n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789: Option<i64>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        Table,
        VGroup,
    }
}
}

pub mod model_9 {
// The models of a database, as `schemasync pull` found it.
//
// needs: chrono (feature `chrono` of schemasync)

use schemasync::{DbTable, DbView};

#[derive(Debug, Clone, DbTable)]
#[db(table = "`ticked`")]
pub struct Ticked {
    #[db(id, collate = nocase)]
    pub note: String,
    #[db(fk = N123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789::first_name)]
    pub b: Option<f64>,
    #[db(fk = Ticked::note, on_delete = set_null, on_update = restrict)]
    pub end: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "a__b", sqlite(strict))]
#[db(index(columns(dot_ted, id desc), unique, name = "semi;colon"))]
#[db(check(name = "c3_NAME", sql = "not (name = -1)"))]
pub struct AB {
    #[db(default = "(now())")]
    pub id: String,
    #[db(id, column = "NAME")]
    pub name: String,
    #[db(column = "dot.ted", collate = nocase)]
    pub dot_ted: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(
    table = "n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789"
)]
pub struct N123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789 {
    pub check: String,
    #[db(id, column = "first name")]
    pub first_name: f64,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "tags", index(columns(end, references)))]
pub struct Tag {
    #[db(id, column = "x y z")]
    pub x_y_z: i64,
    pub end: Option<chrono::NaiveDateTime>,
    #[db(column = "1st")]
    pub _1st: Option<String>,
    pub references: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v ITEMS")]
#[db(sql = "SELECT \"note\", \"b\" AS \"rowid\" FROM \"`ticked`\" WHERE \"note\" IS NOT NULL")]
pub struct VItems {
    pub note: Option<String>,
    pub rowid: Option<f64>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v größe")]
#[db(sql = r#"SELECT "v ITEMS"."rowid" AS "rowid"
FROM "v ITEMS""#)]
pub struct VGröße {
    pub rowid: Option<f64>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v posts")]
#[db(
    sql = r#"SELECT "n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789"."check" AS "check", "`ticked`"."b" AS "b", COUNT("n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789"."check") AS "agg"
FROM "n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789"
JOIN "`ticked`" ON "n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789"."first name" = "`ticked`"."b"
WHERE "n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789"."check" > 'ok'
GROUP BY "n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789"."check", "`ticked`"."b""#
)]
pub struct VPosts {
    pub check: Option<String>,
    pub b: Option<f64>,
    /// The database does not tell its type.
    pub agg: Option<String>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        Ticked,
        AB,
        N123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789,
        Tag,
        VItems,
        VGröße,
        VPosts,
    }
}
}

pub mod model_10 {
// The models of a database, as `schemasync pull` found it.

use schemasync::{DbTable, DbView};

#[derive(Debug, Clone, DbTable)]
#[db(table = "_", sqlite(without_rowid))]
#[db(index(
    columns("coalesce(name, 'no''ne')"),
    unique,
    name = "NAME",
    where = "coalesce(name, 0) <> 'zz; \"top\"'"
))]
#[db(index(columns(semi_colon, name desc), unique))]
pub struct Table {
    #[db(id, column = "semi;colon")]
    #[db(fk = Table::semi_colon, on_update = restrict)]
    pub semi_colon: i64,
    #[db(column = "NAME")]
    pub name: String,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v -- dashes")]
#[db(sql = "SELECT \"NAME\" AS \"1st\" FROM \"_\" WHERE \"semi;colon\" IS NOT NULL")]
pub struct VDashes {
    #[db(column = "1st")]
    pub _1st: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v tags")]
#[db(sql = r#"SELECT "_"."semi;colon" AS "semi;colon", "_"."NAME" AS "1st"
FROM "_"
WHERE "_"."NAME" IS NOT NULL"#)]
pub struct VTags {
    #[db(column = "semi;colon")]
    pub semi_colon: Option<i64>,
    #[db(column = "1st")]
    pub _1st: Option<String>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        Table,
        VDashes,
        VTags,
    }
}
}

pub mod model_11 {
// The models of a database, as `schemasync pull` found it.
//
// needs: chrono (feature `chrono` of schemasync)
//
// not in the models, left alone:
// - group, foreign key (b): left out: its columns and those of _ are not of one type in Rust

use schemasync::{DbTable, DbView};

#[derive(Debug, Clone, DbTable)]
#[db(table = "_")]
#[db(index(columns(value, semi_colon desc), unique))]
pub struct Table {
    #[db(column = "semi;colon")]
    pub semi_colon: String,
    pub value: Option<i64>,
    #[db(default(sql = "abs(-3)"), unique)]
    pub n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789: Option<i64>,
    #[db(id, column = "apos'trophe", collate = nocase)]
    pub apos_trophe: String,
    #[db(fk = Group::a, on_update = cascade)]
    pub a: Option<i64>,
}

#[allow(clippy::duplicated_attributes)]
#[derive(Debug, Clone, DbTable)]
#[db(table = "group", index(columns(a, email), unique))]
#[db(index(columns(a, email), unique, name = "note"))]
#[db(fk(columns(a, email) => Group(a, email)))]
pub struct Group {
    #[db(id)]
    pub a: i64,
    #[db(sqlite(collate = "NOCASE"))]
    pub email: Option<chrono::NaiveDateTime>,
    pub b: Option<Vec<u8>>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = r#"new
line"#)]
#[db(index(columns(x, apos_trophe), unique, name = "key"))]
pub struct NewLine {
    #[db(id, default(increment))]
    pub name: i64,
    pub b: Option<i64>,
    #[db(default(sql = "'a' || 'b'"))]
    pub note: Option<Vec<u8>>,
    #[db(column = "[x]", generated(sql = "length(b)", stored))]
    pub x: Option<String>,
    #[db(column = "apos'trophe", generated(sql = "b || '-x'", stored))]
    #[db(collate = nocase)]
    pub apos_trophe: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v -- dashes")]
#[db(sql = "SELECT \"`y`\" FROM \"v ITEMS\" WHERE \"`y`\" IS NOT NULL")]
pub struct VDashes {
    #[db(column = "`y`")]
    pub y: Option<i64>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v ITEMS")]
#[db(sql = "SELECT \"a\" AS \"`y`\" FROM \"group\" WHERE \"b\" IS NOT NULL")]
pub struct VItems {
    #[db(column = "`y`")]
    pub y: Option<i64>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v _")]
#[db(sql = r#"SELECT "_"."value" AS "order", "v ITEMS"."`y`" AS "`y`"
FROM "_"
LEFT JOIN "v ITEMS" ON "_"."a" = "v ITEMS"."`y`"
WHERE "_"."n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789" IS NOT NULL"#)]
pub struct V {
    pub order: Option<i64>,
    #[db(column = "`y`")]
    pub y: Option<i64>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        Table,
        Group,
        NewLine,
        VDashes,
        VItems,
        V,
    }
}
}

pub mod model_12 {
// The models of a database, as `schemasync pull` found it.

use schemasync::{DbTable, DbView};

#[derive(Debug, Clone, DbTable)]
#[db(table = "/* star")]
#[db(check(name = "c0_current", sql = "\"current\" is not null"))]
pub struct Star {
    #[db(sqlite(collate = "NOCASE"))]
    pub note: Option<f64>,
    #[db(index, index(name = "current_"))]
    pub current: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = r#"new
line"#)]
#[db(index(columns(b, current desc)))]
#[db(check(name = "c0_generated", sql = "\"generated\" is not null"))]
pub struct NewLine {
    #[db(id, default(increment), sqlite(collate = "NOCASE"))]
    pub generated: i64,
    #[db(collate = nocase)]
    pub b: Option<String>,
    #[db(column = "first name")]
    pub first_name: Option<String>,
    pub current: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v Users")]
#[db(sql = r#"SELECT "/* star"."current" AS "current", MIN("/* star"."note") AS "agg"
FROM "/* star"
WHERE "/* star"."note" <= 1.5
GROUP BY "/* star"."current"
HAVING MIN("/* star"."note") IS NOT NULL"#)]
pub struct VUsers {
    pub current: Option<String>,
    /// The database does not tell its type.
    pub agg: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v [boxed]")]
#[db(sql = r#"SELECT "generated" AS "order" FROM "new
line""#)]
pub struct VBoxed {
    pub order: Option<i64>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        Star,
        NewLine,
        VUsers,
        VBoxed,
    }
}
}

pub mod model_13 {
// The models of a database, as `schemasync pull` found it.
//
// needs: chrono (feature `chrono` of schemasync)

use schemasync::{DbTable, DbView};

#[derive(Debug, Clone, DbTable)]
#[db(table = "Tags")]
pub struct Tag {
    #[db(id)]
    pub c: i64,
    #[db(index)]
    pub d: Option<f64>,
    #[db(column = "ID")]
    #[db(default(
        sql = "cast(randomblob(6) || substr(x'404142434445464748494a4b4c4d4e4f', 1 + (random() & 15), 1) || randomblob(1) || substr(x'808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf', 1 + (random() & 63), 1) || randomblob(7) as blob)"
    ))]
    pub id: Vec<u8>,
    #[db(column = "1st")]
    pub _1st: i64,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "[boxed]")]
pub struct Boxed {
    #[db(id)]
    #[db(index(unique, order = desc))]
    pub current: i64,
    #[db(fk = Boxed::current, on_update = set_null)]
    pub key: Option<i64>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "a__b")]
#[db(check(name = "c2_c", sql = "coalesce(c, 0) <> 'zz; \"top\"'"))]
pub struct AB {
    #[db(id, default(increment), sqlite(collate = "NOCASE"))]
    pub d: i64,
    #[db(unique)]
    pub c: String,
    #[db(default(sql = "strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')"))]
    #[db(max_length = 20, sqlite(type = "VARCHAR(20)"))]
    pub references: Option<String>,
    #[db(column = "first name", sqlite(collate = "NOCASE"), fk = Tag::c)]
    pub first_name: Option<i64>,
}

#[derive(Debug, Clone, DbTable)]
#[db(
    table = "n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789"
)]
#[db(index(
    columns(first_name),
    where = "coalesce(\"first name\", 0) <> 'zz; \"top\"'"
))]
pub struct N123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789 {
    pub d: String,
    #[db(sqlite(collate = "NOCASE"))]
    pub replace: chrono::NaiveTime,
    #[db(column = "日")]
    pub 日: Option<i64>,
    #[db(id, column = "first name")]
    pub first_name: i64,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v `ticked`")]
#[db(sql = "SELECT \"ID\", \"c\", \"d\" AS \"end\" FROM \"Tags\" WHERE \"ID\" IS NOT NULL")]
pub struct VTicked {
    #[db(column = "ID")]
    pub id: Option<Vec<u8>>,
    pub c: Option<i64>,
    pub end: Option<f64>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        Tag,
        Boxed,
        AB,
        N123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789,
        VTicked,
    }
}
}

pub mod model_14 {
// The models of a database, as `schemasync pull` found it.
//
// needs: chrono (feature `chrono` of schemasync)

use schemasync::{DbTable, DbView};

#[derive(Debug, Clone, DbTable)]
#[db(table = "-- dashes")]
#[db(check(name = "c1_ünïcode", sql = "length(\"ünïcode\") < 1000"))]
pub struct Dash {
    #[db(default(now), sqlite(collate = "NOCASE"))]
    pub rowid: Option<chrono::NaiveDateTime>,
    pub age: Option<chrono::NaiveDateTime>,
    #[db(column = "日", default = "007")]
    pub 日: Option<String>,
    pub age2: Option<String>,
    #[db(column = "ünïcode")]
    pub ünïcode: Option<chrono::NaiveTime>,
    #[db(fk = AB::id, on_delete = set_null, on_update = restrict)]
    pub generated: Option<i64>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "_")]
#[db(index(columns("coalesce(\"x y z\", 'no''ne')" desc, "\"apos'trophe\" || '-x'"), name = "dot.ted"))]
#[db(index(columns("lower(\"apos'trophe\")"), unique, name = "apos'trophe"))]
pub struct Table {
    #[db(id, column = "x y z")]
    pub x_y_z: i64,
    #[db(column = "apos'trophe", default = 7)]
    pub apos_trophe: Option<i64>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "a b")]
#[db(index(columns(id desc), unique, name = "d", where = "coalesce(id, 0) <> 'zz; \"top\"'"))]
pub struct AB {
    #[db(id, column = "ID", index(unique, name = "b"))]
    pub id: i64,
}

#[derive(Debug, Clone, DbView)]
#[db(view = r#"v new
line"#)]
#[db(sql = r#"SELECT "v semi;colon"."age2" AS "replace"
FROM "v semi;colon""#)]
pub struct VNewLine {
    pub replace: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v semi;colon")]
#[db(sql = "SELECT \"日\", \"日\" AS \"ID\", \"age2\" FROM \"-- dashes\" WHERE \"日\" IS NOT NULL")]
pub struct VSemiColon {
    #[db(column = "日")]
    pub 日: Option<String>,
    #[db(column = "ID")]
    pub id: Option<String>,
    pub age2: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v tags", sql = "SELECT \"ID\" AS \"c\" FROM \"a b\"")]
pub struct VTags {
    pub c: Option<i64>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        Dash,
        Table,
        AB,
        VNewLine,
        VSemiColon,
        VTags,
    }
}
}

pub mod model_15 {
// The models of a database, as `schemasync pull` found it.
//
// needs: chrono (feature `chrono` of schemasync)

use schemasync::DbTable;

#[derive(Debug, Clone, DbTable)]
#[db(table = "_")]
#[db(fk(columns(r#match, end) => AB2(value, b), on_delete = set_null, on_update = cascade))]
pub struct Table {
    #[db(id, default(increment))]
    pub check: i64,
    pub rowid: Option<chrono::NaiveDateTime>,
    pub r#match: Option<i64>,
    pub end: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "a b")]
pub struct AB {
    #[db(id, column = "`y`", sqlite(type = "ANY"))]
    pub y: String,
    #[db(generated(sql = "lower(\"`y`\")"))]
    pub rowid: chrono::NaiveTime,
    #[db(index(unique, name = "dot.ted", order = desc))]
    pub b: Option<Vec<u8>>,
    #[db(column = "Email")]
    pub email: Option<String>,
    #[db(default = 0.1)]
    pub c: f64,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "a__b")]
pub struct AB2 {
    #[db(id)]
    pub value: i64,
    pub end: Option<i64>,
    pub end2: String,
    #[db(id)]
    pub b: String,
    pub r#match: i64,
    #[db(fk = It::id, on_delete = restrict, on_update = restrict)]
    pub references: Option<i64>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "it's")]
#[db(index(columns(_1st, references desc, a), name = "dot.ted"))]
#[db(check(name = "c2_1st", sql = "coalesce(\"1st\", 0) <> 'zz; \"top\"'"))]
pub struct It {
    #[db(id, default = 7)]
    pub id: i64,
    pub a: String,
    #[db(generated(sql = "coalesce(a, 'no''ne')"))]
    pub references: chrono::NaiveTime,
    #[db(column = "1st", default(sql = "abs(-3)"))]
    pub _1st: String,
    #[db(column = "ünïcode", sqlite(type = "ANY"))]
    #[db(fk = AB::y, on_update = set_null)]
    pub ünïcode: Option<String>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        Table,
        AB,
        AB2,
        It,
    }
}
}

pub mod model_16 {
// The models of a database, as `schemasync pull` found it.
//
// needs: chrono (feature `chrono` of schemasync)

use schemasync::{DbTable, DbView};

#[derive(Debug, Clone, DbTable)]
#[db(table = "-- dashes")]
#[db(check(name = "c1_note", sql = "length(note) < 1000"))]
pub struct Dash {
    pub note: Option<i64>,
    #[db(column = "semi;colon")]
    pub semi_colon: String,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "orders", sqlite(without_rowid))]
pub struct Order {
    #[db(id)]
    pub c: i64,
    #[db(column = "ID", default = -7, index(name = "NAME"))]
    pub id: Option<i64>,
    pub references: Option<String>,
    #[db(column = "ID2", default = 0)]
    pub id2: Option<i64>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "orders2")]
pub struct Orders2 {
    #[db(sqlite(type = "INT", collate = "NOCASE"))]
    pub replace: Option<i64>,
    #[db(column = "dot.ted")]
    pub dot_ted: chrono::NaiveDateTime,
    #[db(id, default = 7)]
    pub end: i64,
    #[db(default = "a,b")]
    pub c: String,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v [boxed]")]
#[db(sql = "SELECT \"semi;colon\" FROM \"-- dashes\" WHERE \"semi;colon\" IS NOT NULL")]
pub struct VBoxed {
    #[db(column = "semi;colon")]
    pub semi_colon: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v a b")]
#[db(sql = r#"SELECT "-- dashes"."note" AS "note"
FROM "-- dashes"
WHERE NOT ("-- dashes"."note" BETWEEN 0 AND 100)"#)]
pub struct VAB {
    pub note: Option<i64>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v posts")]
#[db(sql = r#"SELECT "-- dashes"."semi;colon" AS "ID", "-- dashes"."note" AS "note"
FROM "-- dashes""#)]
pub struct VPosts {
    #[db(column = "ID")]
    pub id: Option<String>,
    pub note: Option<i64>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        Dash,
        Order,
        Orders2,
        VBoxed,
        VAB,
        VPosts,
    }
}
}

pub mod model_17 {
// The models of a database, as `schemasync pull` found it.

use schemasync::DbTable;

#[derive(Debug, Clone, DbTable)]
#[db(table = "Users")]
#[db(index(columns(current, apos_trophe desc)))]
#[db(fk(columns(rowid) => 日本(日), on_delete = restrict))]
pub struct User {
    #[db(id, fk = User::rowid, on_delete = cascade)]
    pub rowid: i64,
    #[db(column = "apos'trophe")]
    pub apos_trophe: Option<i64>,
    #[db(generated(sql = "lower(rowid)", stored), collate = nocase)]
    pub current: String,
    #[db(default = 1e300)]
    pub current2: Option<f64>,
    #[db(collate = nocase)]
    pub end: String,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "日本", sqlite(strict))]
#[db(index(
    columns(ünïcode, "length(\"日\")", "id || '-x'"),
    unique,
    name = "ünïcode_日_ID"
))]
#[db(index(columns("coalesce(\"日\", 'no''ne')" desc, "coalesce(\"ünïcode\", 'no''ne')"), unique, name = "日_ünïcode"))]
pub struct 日本 {
    #[db(id, column = "日")]
    pub 日: i64,
    #[db(column = "ID")]
    pub id: i64,
    #[db(column = "日2")]
    pub 日2: Vec<u8>,
    #[db(default(sql = "strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')"))]
    #[db(collate = nocase)]
    pub email: Option<String>,
    #[db(column = "ünïcode")]
    pub ünïcode: f64,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        User,
        日本,
    }
}
}

pub mod model_18 {
// The models of a database, as `schemasync pull` found it.
//
// needs: chrono (feature `chrono` of schemasync)

use schemasync::{DbTable, DbView};

#[derive(Debug, Clone, DbTable)]
#[db(table = "%like_")]
pub struct Like {
    #[db(id, column = "`y`")]
    pub y: i64,
    #[db(column = "1st", sqlite(collate = "NOCASE"))]
    pub _1st: Option<chrono::NaiveTime>,
    pub rowid: String,
    #[db(column = "日", default = 7)]
    pub 日: Option<i64>,
    #[db(column = "1st2")]
    #[db(fk = Like::y, on_delete = set_null, on_update = cascade)]
    pub _1st2: Option<i64>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "dot.ted")]
#[db(index(columns(generated desc, note), unique, name = "c"))]
pub struct DotTed {
    #[db(id, default(increment))]
    pub generated: i64,
    pub age: Option<chrono::NaiveTime>,
    #[db(column = "apos'trophe")]
    pub apos_trophe: Option<String>,
    pub b: Option<String>,
    pub note: i64,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "semi;colon")]
#[db(index(columns(x, value desc, "\"日\" || '-x'"), name = "`y`"))]
pub struct SemiColon {
    #[db(id, column = "日", sqlite(collate = "NOCASE"), unique)]
    pub 日: i64,
    #[db(column = "[x]")]
    pub x: Option<i64>,
    pub name: String,
    #[db(default = "it's")]
    pub value: String,
    pub name2: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "tags")]
#[db(index(columns(semi_colon, like desc)))]
#[db(check(name = "c2_like", sql = "coalesce(\"like\", 0) <> 'zz; \"top\"'"))]
pub struct Tag {
    pub note: Option<String>,
    pub note2: Option<String>,
    #[db(index)]
    pub like: Option<Vec<u8>>,
    #[db(column = "semi;colon")]
    pub semi_colon: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v tags")]
#[db(
    sql = r#"SELECT "dot.ted"."b" AS "b", "dot.ted"."note" AS "a", COUNT("dot.ted"."generated") AS "agg"
FROM "dot.ted"
WHERE NOT ("dot.ted"."apos'trophe" > 'ünï')
GROUP BY "dot.ted"."b", "dot.ted"."note""#
)]
pub struct VTags {
    pub b: Option<String>,
    pub a: Option<i64>,
    /// The database does not tell its type.
    pub agg: Option<String>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        Like,
        DotTed,
        SemiColon,
        Tag,
        VTags,
    }
}
}

pub mod model_19 {
// The models of a database, as `schemasync pull` found it.
//
// needs: chrono (feature `chrono` of schemasync)

use schemasync::DbTable;

#[derive(Debug, Clone, DbTable)]
#[db(table = "1st", sqlite(strict, without_rowid))]
#[db(check(name = "c3_quo\"te", sql = "not (\"quo\"\"te\" = -1)"))]
pub struct T1st {
    #[db(id, column = "ID")]
    pub id: i64,
    #[db(column = "quo\"te", default = "free")]
    pub quo_te: Option<String>,
    #[db(collate = nocase)]
    pub b: Option<String>,
    pub d: String,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "_")]
pub struct Table {
    #[db(column = "apos'trophe", default(sql = "x'00ff'"))]
    pub apos_trophe: Option<String>,
    pub check: Option<String>,
    pub note: chrono::NaiveDateTime,
    #[db(id, default = "NULL")]
    pub select: String,
}

#[allow(clippy::duplicated_attributes)]
#[derive(Debug, Clone, DbTable)]
#[db(table = "a b")]
#[db(index(columns("a2 || '-x'", name, r#match desc), unique, name = "a2_NAME_match", where = "length(a2) < 1000"))]
#[db(index(columns(name, a2, a), unique, name = "match"))]
#[db(fk(columns(name, a2, a) => AB(name, a2, a), on_update = restrict))]
pub struct AB {
    #[db(column = "NAME", collate = nocase)]
    pub name: String,
    pub r#match: Option<String>,
    pub match2: f64,
    #[db(default = "free")]
    pub a: String,
    #[db(default = -9223372036854775808)]
    pub a2: Option<i64>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "t")]
pub struct T {
    #[db(id)]
    pub current: String,
    #[db(id)]
    pub like: String,
    pub select: Option<String>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        T1st,
        Table,
        AB,
        T,
    }
}
}

pub mod model_20 {
// The models of a database, as `schemasync pull` found it.

use schemasync::{DbTable, DbView};

#[derive(Debug, Clone, DbTable)]
#[db(table = "posts")]
pub struct Post {
    #[db(id)]
    pub b: String,
    #[db(column = "x y z")]
    pub x_y_z: Option<String>,
    #[db(unique)]
    pub note: f64,
    #[db(column = "Email")]
    pub email: bool,
    #[db(column = "日", default = "mood")]
    pub 日: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v a b")]
#[db(
    sql = r#"SELECT "posts"."x y z" AS "x y z", "posts"."Email" AS "age", "posts"."note" AS "note", COUNT(*) AS "agg"
FROM "posts"
LEFT JOIN "posts" AS "j" ON "posts"."b" = "j"."日"
GROUP BY "posts"."x y z", "posts"."Email", "posts"."note"
HAVING COUNT(*) >= 1"#
)]
pub struct VAB {
    #[db(column = "x y z")]
    pub x_y_z: Option<String>,
    pub age: Option<bool>,
    pub note: Option<f64>,
    /// The database does not tell its type.
    pub agg: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v it's")]
#[db(sql = r#"SELECT "v a b"."x y z" AS "key", "v a b"."age" AS "age"
FROM "v a b"
WHERE NOT ("v a b"."note" <= 1.5)"#)]
pub struct VItS {
    pub key: Option<String>,
    pub age: Option<bool>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        Post,
        VAB,
        VItS,
    }
}
}

pub mod model_21 {
// The models of a database, as `schemasync pull` found it.

use schemasync::{DbTable, DbView};

#[derive(Debug, Clone, DbTable)]
#[db(table = "back\\slash")]
pub struct BackSlash {
    #[db(id, column = "ID", default(increment))]
    pub id: i64,
    #[db(column = "dot.ted")]
    pub dot_ted: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "select")]
#[db(check(name = "c2_/*", sql = "coalesce(\"/*\", 0) <> 'zz; \"top\"'"))]
pub struct Select {
    #[db(id, column = "ID", default(increment))]
    pub id: i64,
    #[db(column = "/*", default = "1")]
    pub column: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v größe")]
#[db(
    sql = "SELECT \"dot.ted\" AS \"d\", \"dot.ted\" FROM \"back\\slash\" WHERE \"dot.ted\" IS NOT NULL"
)]
pub struct VGröße {
    pub d: Option<String>,
    #[db(column = "dot.ted")]
    pub dot_ted: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v items")]
#[db(sql = r#"SELECT "select"."ID" AS "ID", "select"."/*" AS "/*", "j"."/*" AS "NAME"
FROM "select"
JOIN "select" AS "j" ON "select"."/*" = "j"."/*"
WHERE "select"."/*" IS NOT NULL"#)]
pub struct VItems {
    #[db(column = "ID")]
    pub id: Option<i64>,
    #[db(column = "/*")]
    pub column: Option<String>,
    #[db(column = "NAME")]
    pub name: Option<String>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v semi;colon")]
#[db(
    sql = "SELECT \"dot.ted\" AS \"c\", \"dot.ted\" AS \"first name\", \"ID\" AS \"check\" FROM \"back\\slash\" WHERE \"ID\" IS NOT NULL"
)]
pub struct VSemiColon {
    pub c: Option<String>,
    #[db(column = "first name")]
    pub first_name: Option<String>,
    pub check: Option<i64>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        BackSlash,
        Select,
        VGröße,
        VItems,
        VSemiColon,
    }
}
}

pub mod model_22 {
// The models of a database, as `schemasync pull` found it.

use schemasync::DbTable;

#[allow(clippy::duplicated_attributes)]
#[derive(Debug, Clone, DbTable)]
#[db(table = "[boxed]")]
#[db(index(columns(end, x), where = "coalesce(\"end\", 0) <> 'zz; \"top\"'"))]
#[db(index(columns(end), unique, name = "quo\"te", where = "\"end\" is not null"))]
pub struct Boxed {
    #[db(default = 7, sqlite(type = "NUMERIC"))]
    pub end: Option<f64>,
    #[db(column = "[x]")]
    pub x: Option<i64>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "posts")]
#[db(check(name = "c1_1st", sql = "length(\"1st\") < 1000"))]
pub struct Post {
    #[db(id, column = "1st")]
    pub _1st: i64,
    #[db(column = "[x]", default(sql = "'back\\slash'"))]
    pub x: Option<String>,
    #[db(generated(sql = "lower(\"1st\")", stored), sqlite(collate = "NOCASE"))]
    pub r#match: Option<i64>,
    #[db(default = "1")]
    pub match2: Option<String>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        Boxed,
        Post,
    }
}
}

pub mod model_23 {
// The models of a database, as `schemasync pull` found it.

use schemasync::{DbTable, DbView};

#[derive(Debug, Clone, DbTable)]
#[db(table = "a b")]
#[db(index(columns(r#match), name = "match_", where = "\"match\" >= 'a b'"))]
pub struct AB {
    #[db(id)]
    pub rowid: i64,
    #[db(index)]
    pub r#match: Option<String>,
}

#[allow(clippy::duplicated_attributes)]
#[derive(Debug, Clone, DbTable)]
#[db(table = "back\\slash")]
#[db(index(columns(b desc, name)))]
#[db(index(columns(name, b desc), name = "email"))]
pub struct BackSlash {
    pub name: Option<f64>,
    #[db(id)]
    #[db(default(
        sql = "cast(randomblob(6) || substr(x'404142434445464748494a4b4c4d4e4f', 1 + (random() & 15), 1) || randomblob(1) || substr(x'808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf', 1 + (random() & 63), 1) || randomblob(7) as blob)"
    ))]
    #[db(sqlite(collate = "NOCASE"))]
    pub b: Vec<u8>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "items", check(name = "c0_1st", sql = "\"1st\" is not null"))]
pub struct Item {
    #[db(id, column = "1st", default(increment))]
    pub _1st: i64,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "semi;colon")]
pub struct SemiColon {
    #[db(id, column = "[x]")]
    pub x: i64,
    pub value: String,
    #[db(column = "x y z", collate = nocase, sqlite(type = "ANY"))]
    pub x_y_z: String,
    #[db(column = "日")]
    pub 日: String,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "v [boxed]")]
#[db(sql = "SELECT \"1st\", \"1st\" AS \"-- c\" FROM \"items\"")]
pub struct VBoxed {
    #[db(column = "1st")]
    pub _1st: Option<i64>,
    #[db(column = "-- c")]
    pub c: Option<i64>,
}

#[derive(Debug, Clone, DbView)]
#[db(
    view = "v n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789"
)]
#[db(sql = r#"SELECT "v [boxed]"."-- c" AS "semi;colon", "semi;colon"."[x]" AS "[x]"
FROM "v [boxed]"
LEFT JOIN "semi;colon" ON "v [boxed]"."-- c" = "semi;colon"."[x]"
WHERE "v [boxed]"."-- c" IS NOT NULL"#)]
pub struct VN123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789 {
    #[db(column = "semi;colon")]
    pub semi_colon: Option<i64>,
    #[db(column = "[x]")]
    pub x: Option<i64>,
}

#[derive(Debug, Clone, DbView)]
#[db(view = r#"v new
line"#)]
#[db(sql = r#"SELECT "a b"."match" AS "id", "a b"."match" AS "references", "a b"."match" AS "note"
FROM "a b""#)]
pub struct VNewLine {
    pub id: Option<String>,
    pub references: Option<String>,
    pub note: Option<String>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        AB,
        BackSlash,
        Item,
        SemiColon,
        VBoxed,
        VN123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789n123456789,
        VNewLine,
    }
}
}

pub fn all() -> Vec<(u32, schemasync::Schema)> {
    vec![
        (0, model_0::schema()),
        (1, model_1::schema()),
        (2, model_2::schema()),
        (3, model_3::schema()),
        (4, model_4::schema()),
        (5, model_5::schema()),
        (6, model_6::schema()),
        (7, model_7::schema()),
        (8, model_8::schema()),
        (9, model_9::schema()),
        (10, model_10::schema()),
        (11, model_11::schema()),
        (12, model_12::schema()),
        (13, model_13::schema()),
        (14, model_14::schema()),
        (15, model_15::schema()),
        (16, model_16::schema()),
        (17, model_17::schema()),
        (18, model_18::schema()),
        (19, model_19::schema()),
        (20, model_20::schema()),
        (21, model_21::schema()),
        (22, model_22::schema()),
        (23, model_23::schema()),
    ]
}
