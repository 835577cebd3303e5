//! Lifetimes, raw identifiers, aliases, and foreign keys through embedded structs.
#![allow(dead_code)]

use std::borrow::Cow;

use schemasync::{DbEmbed, DbTable, DbValue, Vector};

type Key = i64;
type Maybe = Option<Key>;

#[derive(DbValue)]
struct Name<'a>(Cow<'a, str>);

#[derive(DbValue)]
#[allow(non_camel_case_types)]
enum r#match {
    r#type,
}

#[derive(DbTable)]
struct Kind<'a, 'b: 'a>
where
    'b: 'a,
{
    #[db(id)]
    r#type: Key,
    name: Name<'a>,
    text: &'b str,
    set: r#match,
    #[db(rel(from = "main"))]
    places: Vec<Place<'a>>,
}

#[derive(DbEmbed)]
#[db(fk(columns(kind, country) => Country(kind, code)))]
struct Address<'a> {
    #[db(fk = Kind::r#type)]
    kind: Key,
    country: &'a str,
    #[db(vector)]
    place: Vector<256>,
}

#[derive(DbTable)]
#[db(index(columns(code, kind), unique, name = "both"))]
struct Country {
    #[db(id)]
    id: Key,
    kind: Key,
    code: String,
}

#[derive(DbTable)]
#[db(index(columns(home.country desc), unique), index(columns(work.kind)))]
#[db(fk(columns(work.country, home.kind) => Country(code, kind), on_delete = set_default))]
struct Place<'a> {
    #[db(id)]
    id: Key,
    #[db(embed)]
    home: Address<'a>,
    #[db(embed)]
    work: Option<Address<'a>>,
    #[db(fk(self::Kind::r#type, alias = "main", on_delete = set_null))]
    kind: Maybe,
    #[db(rel(to = "main"))]
    to: Option<Box<Kind<'a, 'a>>>,
    #[db(json)]
    extra: Option<(i32, String)>,
}

fn main() {
    assert_eq!(Place::table().foreign_keys[1].target_columns, ["code", "kind"]);
    assert!(matches!(r#match::TYPE, schemasync::descriptor::LogicalType::Enum(def) if def.variants == ["type"]));
}
