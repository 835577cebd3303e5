//! What the derives make of a rich model, field by field.
#![allow(dead_code)]

use std::borrow::Cow;

use schemasync::descriptor::*;
use schemasync::{DbEmbed, DbTable, DbValue, DbView, GeoPoint, Vector};

/// The pricing plan.
#[derive(DbValue)]
#[db(rename_all = "snake_case")]
enum Plan {
    Free,
    ProPlus,
    #[db(rename = "corp")]
    Enterprise,
}

#[derive(DbValue)]
struct UserId(i64);

#[derive(DbValue)]
struct Label<'a>(Option<&'a str>);

#[derive(DbEmbed)]
struct Geo {
    #[db(precision(9, 6), sqlite(type = "NUMERIC"))]
    altitude: Metres,
    #[db(index(geo, name = "place"))]
    point: GeoPoint,
}

/// A decimal, by hand.
struct Metres;

impl DbValue for Metres {
    const TYPE: LogicalType = LogicalType::Decimal;
}

#[derive(DbEmbed)]
#[db(index(columns(city, zip desc), name = "city_zip"))]
struct Address {
    #[db(index, collate = nocase)]
    city: String,
    #[db(column = "postal_code", renamed("zip", "plz"), max_length = 12)]
    zip: Option<String>,
    #[db(fk = Country::code)]
    country: String,
    #[db(embed)]
    geo: Option<Geo>,
}

#[derive(DbTable)]
struct Country {
    #[db(id)]
    code: String,
}

/// A user of the shop.
///
/// Second paragraph.
#[derive(DbTable)]
#[db(table = "users", renamed("old_users", "people"))]
#[db(schema = "auth", space = "analytics", sync_method = recreate)]
#[db(
    index(columns(plan, created_at desc), unique, name = "plan_time", where = "deleted = 0", include(name, home.city)),
    index(expression = "lower(email)", unique),
    index(columns("upper(name)" desc, home.zip)),
    check(name = "age", sql = "age >= 0"),
    check(sql = "length(email) > 3")
)]
#[db(
    mysql(engine = "InnoDB", charset = "utf8mb4", collate = "utf8mb4_bin"),
    mongodb(capped(size = 10485760, max = 10000)),
    postgres(schema = "pg_auth", collate = "C", unlogged, fillfactor = 80),
    sqlite(strict)
)]
struct User<'a> {
    /// The key.
    #[db(id, default(increment = 1000))]
    id: UserId,
    #[db(column = "email_address", renamed = "mail", unique, index(fulltext, name = "search", weight = 10))]
    email: Cow<'a, str>,
    #[db(index(fulltext, name = "search"), collate = unicode, default = "nobody", postgres(collate = "de-x-icu"), mysql(collate = "utf8mb4_bin"))]
    name: &'a str,
    #[db(default = "pro_plus")]
    plan: Plan,
    #[db(default = -1, mysql(type = "MEDIUMINT", unsigned))]
    age: i32,
    #[db(default = true)]
    active: bool,
    #[db(default = 0.5)]
    score: f64,
    #[db(default(now), mysql(on_update = "CURRENT_TIMESTAMP"))]
    created_at: i64,
    #[db(default(uuid))]
    token: String,
    #[db(default(sql = "random()"))]
    seed: i64,
    #[db(generated(sql = "age * 2", stored))]
    double_age: Option<i64>,
    label: Label<'a>,
    #[db(embed)]
    home: Address,
    #[db(embed, column = "second_home", renamed = "holiday")]
    other: Option<Address>,
    #[db(json)]
    settings: Option<std::collections::BTreeMap<String, String>>,
    #[db(encrypted)]
    secret: std::net::IpAddr,
    #[db(version)]
    version: u32,
    #[db(vector(1536, similarity = euclidean, threshold = 0.7, name = "content"))]
    embedding: Option<Vec<f32>>,
    #[db(vector)]
    small: Vector<384>,
    #[db(vector_filter = embedding, vector_filter = small, dimension)]
    tenant: i64,
    #[db(measure)]
    amount: u64,
    #[db(index(name = "pair", order = desc), dimension)]
    left: i16,
    #[db(index(name = "pair"))]
    right: u8,
    #[db(fk(Self::id, alias = "boss"), on_delete = set_null, on_update = cascade)]
    boss_id: Option<UserId>,
    #[db(rel(to = "boss"))]
    boss: Option<Box<Self>>,
    #[db(rel(from))]
    orders: Vec<Order>,
    #[db(rel(via = Membership))]
    groups: Vec<Group>,
    #[db(skip)]
    cache: std::sync::Mutex<&'a str>,
    tags: Vec<String>,
    photo: Vec<u8>,
    r#type: char,
}

#[derive(DbTable)]
struct Group {
    #[db(id)]
    id: i32,
    #[db(rel(via = Membership))]
    members: Vec<User<'static>>,
}

#[derive(DbTable)]
struct Membership {
    #[db(id, fk = User::id)]
    user_id: i64,
    #[db(id, fk = Group::id)]
    group_id: i32,
}

#[derive(DbTable)]
struct Order {
    #[db(id)]
    shop: i32,
    #[db(id)]
    number: i64,
    #[db(fk = User::id)]
    user_id: UserId,
    #[db(rel(to))]
    user: Option<Box<User<'static>>>,
}

#[derive(DbTable)]
#[db(fk(columns(shop, order_number) => Order(shop, number), alias = "order", on_delete = cascade, on_update = restrict))]
struct OrderLine {
    #[db(id)]
    id: i64,
    shop: i32,
    order_number: i64,
    #[db(fk(Country::code))]
    r#type: String,
    #[db(rel(to = "order"))]
    order: Box<Order>,
}

#[derive(DbTable)]
struct HTTPServer {
    #[db(id)]
    id: i64,
}

fn column(table: &'static TableDef, field: &str) -> ColumnDef {
    columns(table.fields, field)
}

fn columns(fields: &[FieldDef], field: &str) -> ColumnDef {
    let found = fields.iter().find_map(|def| match def {
        FieldDef::Column(column) if column.field == field => Some(*column),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no column {field}"))
}

fn index(table: &'static TableDef, i: usize) -> String {
    format!("{:?}", table.indexes[i])
}

#[test]
fn the_struct_attributes_are_the_table() {
    let user = User::table();
    assert_eq!(user.rust_name, "User");
    assert_eq!(user.rust_path, "macros_descriptor::User");
    assert_eq!(user.name, "users");
    assert_eq!(user.renamed, ["old_users", "people"]);
    assert_eq!(user.schema, Some("auth"));
    assert_eq!(user.space, Some("analytics"));
    assert_eq!(user.sync_method, Some(SyncMethod::Recreate));
    assert_eq!(user.comment, Some("A user of the shop.\n\nSecond paragraph."));
    assert_eq!(user.checks.len(), 2);
    assert_eq!((user.checks[0].name, user.checks[0].sql), (Some("age"), "age >= 0"));
    assert_eq!((user.checks[1].name, user.checks[1].sql), (None, "length(email) > 3"));
}

#[test]
fn the_options_of_single_databases_are_carried() {
    let options = User::table().options;
    assert!(options.sqlite_strict && !options.sqlite_without_rowid && options.postgres_unlogged);
    assert_eq!(options.postgres_fillfactor, Some(80));
    assert_eq!(options.postgres_schema, Some("pg_auth"));
    assert_eq!(options.postgres_collate, Some("C"));
    assert_eq!(options.mysql_engine, Some("InnoDB"));
    assert_eq!(options.mysql_charset, Some("utf8mb4"));
    assert_eq!(options.mysql_collate, Some("utf8mb4_bin"));
    assert_eq!(options.mongodb_capped, Some((10_485_760, Some(10_000))));
}

#[test]
fn skipped_and_navigation_fields_have_no_column() {
    let fields: Vec<&str> = User::table()
        .fields
        .iter()
        .map(|field| match field {
            FieldDef::Column(column) => column.field,
            FieldDef::Embed { field, .. } => field,
        })
        .collect();
    assert_eq!(
        fields,
        [
            "id",
            "email",
            "name",
            "plan",
            "age",
            "active",
            "score",
            "created_at",
            "token",
            "seed",
            "double_age",
            "label",
            "home",
            "other",
            "settings",
            "secret",
            "version",
            "embedding",
            "small",
            "tenant",
            "amount",
            "left",
            "right",
            "boss_id",
            "tags",
            "photo",
            "type"
        ]
    );
}

#[test]
fn names_and_comments() {
    let id = column(User::table(), "id");
    assert!(id.primary_key && !id.nullable);
    assert_eq!(id.comment, Some("The key."));
    let email = column(User::table(), "email");
    assert_eq!((email.name, email.renamed), ("email_address", &["mail"][..]));
    assert_eq!(column(User::table(), "type").name, "type");
    assert_eq!(HTTPServer::table().name, "http_server");
    assert_eq!(OrderLine::table().name, "order_line");
}

#[test]
fn types_come_from_the_type_system() {
    let ty = |field| (column(User::table(), field).ty, column(User::table(), field).nullable);
    assert_eq!(ty("id"), (LogicalType::Int64, false));
    assert_eq!(ty("email"), (LogicalType::Text, false));
    assert_eq!(ty("label"), (LogicalType::Text, true));
    assert_eq!(ty("boss_id"), (LogicalType::Int64, true));
    assert_eq!(ty("right"), (LogicalType::UInt8, false));
    assert_eq!(ty("tags"), (LogicalType::Array(&LogicalType::Text), false));
    assert_eq!(ty("photo"), (LogicalType::Bytes, false));
    assert_eq!(ty("type"), (LogicalType::Char, false));
    assert_eq!(ty("settings"), (LogicalType::Json, true));
    assert_eq!(ty("secret"), (LogicalType::Text, false));
    assert_eq!(ty("embedding"), (LogicalType::Vector(1536), true));
    assert_eq!(ty("small"), (LogicalType::Vector(384), false));
}

#[test]
fn enums_carry_their_stored_texts() {
    let LogicalType::Enum(plan) = column(User::table(), "plan").ty else { panic!("not an enum") };
    assert_eq!(plan, &EnumDef { name: "plan", variants: &["free", "pro_plus", "corp"], postgres: None });
}

#[test]
fn defaults() {
    let default = |field| column(User::table(), field).default;
    assert_eq!(default("id"), Some(DefaultDef::Increment(schemasync::descriptor::Increment::starting_at(1000))));
    assert_eq!(default("name"), Some(DefaultDef::Text("nobody")));
    assert_eq!(default("plan"), Some(DefaultDef::Text("pro_plus")));
    assert_eq!(default("age"), Some(DefaultDef::Int(-1)));
    assert_eq!(default("active"), Some(DefaultDef::Bool(true)));
    assert_eq!(default("score"), Some(DefaultDef::Float(0.5)));
    assert_eq!(default("created_at"), Some(DefaultDef::Now));
    assert_eq!(default("token"), Some(DefaultDef::Uuid));
    assert_eq!(default("seed"), Some(DefaultDef::Sql("random()")));
    assert_eq!(default("email"), None);
    let generated = column(User::table(), "double_age").generated;
    assert_eq!(generated, Some(GeneratedDef { sql: "age * 2", stored: true }));
}

#[test]
fn the_other_column_attributes() {
    let get = |field| column(User::table(), field);
    assert_eq!(get("name").collate, Some(Collation::Unicode));
    assert!(get("settings").json && get("secret").encrypted && get("version").version);
    assert!(get("tenant").dimension && get("amount").measure && !get("amount").dimension);
    let vector = VectorDef { dimensions: 1536, similarity: Similarity::Euclidean, threshold: Some(0.7) };
    assert_eq!(get("embedding").vector, Some(vector));
    let vector = VectorDef { dimensions: 384, similarity: Similarity::Cosine, threshold: None };
    assert_eq!(get("small").vector, Some(vector));
    assert_eq!(get("age").native.mysql, Some("MEDIUMINT"));
    assert!(get("age").native.mysql_unsigned);
    assert_eq!(get("created_at").native.mysql_on_update, Some("CURRENT_TIMESTAMP"));
    assert_eq!(get("name").native.postgres_collate, Some("de-x-icu"));
    assert_eq!(get("name").native.mysql_collate, Some("utf8mb4_bin"));
}

#[test]
fn embedded_structs() {
    let embeds: Vec<_> = User::table()
        .fields
        .iter()
        .filter_map(|field| match field {
            FieldDef::Embed { field, column, renamed, nullable, def, .. } => {
                Some((*field, *column, *renamed, *nullable, def()))
            }
            FieldDef::Column(_) => None,
        })
        .collect();
    let [home, other] = &embeds[..] else { panic!("two embedded structs") };
    assert_eq!((home.0, home.1, home.2, home.3), ("home", "home", &[][..], false));
    assert_eq!((other.0, other.1, other.2, other.3), ("other", "second_home", &["holiday"][..], true));
    let address = home.4;
    assert_eq!(address.rust_name, "Address");
    let zip = columns(address.fields, "zip");
    assert_eq!((zip.name, zip.renamed, zip.max_length), ("postal_code", &["zip", "plz"][..], Some(12)));
    assert_eq!(address.foreign_keys[0].columns, ["country"]);
    assert_eq!((address.foreign_keys[0].target)().rust_name, "Country");
    assert_eq!(address.indexes.len(), 2);
    assert_eq!(address.indexes[1].name, Some("city_zip"));
    let FieldDef::Embed { nullable: true, def, .. } = &address.fields[3] else { panic!("geo is embedded") };
    let altitude = columns(def().fields, "altitude");
    assert_eq!((altitude.precision, altitude.native.sqlite), (Some((9, 6)), Some("NUMERIC")));
    assert_eq!(def().indexes[0].kind, IndexKindDef::Geo);
}

#[test]
fn fields_that_share_an_index_name_are_one_index_in_field_order() {
    let user = User::table();
    assert_eq!(user.indexes.len(), 9);
    assert_eq!(index(user, 0), format!("{:?}", plain(None, IndexKindDef::Unique, &[part("email")])));
    let search = [IndexPartDef { weight: Some(10), ..part("email") }, part("name")];
    assert_eq!(index(user, 1), format!("{:?}", plain(Some("search"), IndexKindDef::Fulltext, search.to_vec().leak())));
    let pair = [IndexPartDef { order: SortOrder::Desc, ..part("left") }, part("right")];
    assert_eq!(index(user, 4), format!("{:?}", plain(Some("pair"), IndexKindDef::Plain, pair.to_vec().leak())));
}

#[test]
fn vectors_have_an_index_with_its_filters() {
    let content = User::table().indexes[2];
    assert_eq!(content.name, Some("content"));
    assert!(matches!(content.kind, IndexKindDef::Vector(VectorDef { dimensions: 1536, .. })));
    assert_eq!(content.filters, ["tenant"]);
    let small = User::table().indexes[3];
    assert_eq!((small.name, small.filters), (None, &["tenant"][..]));
}

#[test]
fn indexes_on_the_struct() {
    let plan_time = User::table().indexes[5];
    assert_eq!((plan_time.name, plan_time.kind), (Some("plan_time"), IndexKindDef::Unique));
    assert_eq!(plan_time.predicate, Some("deleted = 0"));
    assert_eq!(plan_time.include, ["name", "home.city"]);
    assert_eq!(plan_time.parts[1].order, SortOrder::Desc);
    let expression = User::table().indexes[6];
    assert!(matches!(expression.parts[0].on, IndexOnDef::Expression("lower(email)")));
    let mixed = User::table().indexes[7];
    assert!(matches!(mixed.parts[0].on, IndexOnDef::Expression("upper(name)")));
    assert_eq!(mixed.parts[0].order, SortOrder::Desc);
    assert!(matches!(mixed.parts[1].on, IndexOnDef::Column("home.zip")));
}

#[test]
fn a_dimension_without_an_index_gets_one() {
    let last = User::table().indexes[8];
    assert!(matches!(last.parts[0].on, IndexOnDef::Column("tenant")));
    assert_eq!(User::table().indexes.iter().filter(|i| matches!(i.parts[0].on, IndexOnDef::Column("left"))).count(), 1);
}

#[test]
fn foreign_keys() {
    let boss = User::table().foreign_keys[0];
    assert_eq!((boss.alias, boss.columns, boss.target_columns), (Some("boss"), &["boss_id"][..], &["id"][..]));
    assert_eq!((boss.target)().name, "users");
    assert_eq!((boss.on_delete, boss.on_update), (ReferentialAction::SetNull, ReferentialAction::Cascade));
    let [country, order] = OrderLine::table().foreign_keys else { panic!("two foreign keys") };
    assert_eq!((country.columns, country.on_delete), (&["type"][..], ReferentialAction::NoAction));
    assert_eq!(order.columns, ["shop", "order_number"]);
    assert_eq!(order.target_columns, ["shop", "number"]);
    assert_eq!((order.on_delete, order.on_update), (ReferentialAction::Cascade, ReferentialAction::Restrict));
}

#[test]
fn navigation_fields_are_carried() {
    let [boss, orders, groups] = User::table().relations else { panic!("three navigation fields") };
    assert_eq!((boss.field, boss.alias), ("boss", Some("boss")));
    assert!(matches!(boss.kind, RelationKindDef::To));
    assert!(matches!(orders.kind, RelationKindDef::From));
    assert_eq!((orders.target)().rust_name, "Order");
    let RelationKindDef::Via(junction) = groups.kind else { panic!("via") };
    assert_eq!((junction().rust_name, (groups.target)().rust_name), ("Membership", "Group"));
}

#[derive(DbView)]
#[db(view = "totals", renamed = "sums", schema = "auth", space = "analytics")]
#[db(sql = "SELECT id, total FROM x", materialized)]
struct Totals {
    id: i64,
    #[db(column = "total")]
    sum: Option<i64>,
    #[db(skip)]
    cache: (),
}

#[derive(DbView)]
struct ExternalReport {
    id: i64,
}

#[test]
fn views_given_as_sql_and_external_ones() {
    let totals = Totals::view();
    assert_eq!((totals.name, totals.renamed), ("totals", &["sums"][..]));
    assert_eq!((totals.schema, totals.space), (Some("auth"), Some("analytics")));
    assert_eq!(totals.sql, Some("SELECT id, total FROM x"));
    assert!(totals.materialized);
    assert_eq!((totals.columns, totals.fields), (&["id", "total"][..], &["id", "sum"][..]));
    assert!(totals.query.is_none());
    let external = ExternalReport::view();
    assert_eq!((external.name, external.sql, external.materialized), ("external_report", None, false));
    assert_eq!(external.rust_path, "macros_descriptor::ExternalReport");
}

#[derive(DbValue)]
enum AsWritten {
    OneTwo,
    #[allow(clippy::upper_case_acronyms)]
    HTTP,
}

#[derive(DbValue, sqlx::Type)]
#[sqlx(type_name = "like_sqlx", rename_all = "kebab-case")]
enum LikeSqlx {
    OneTwo,
    #[sqlx(rename = "3")]
    Three,
}

#[derive(DbValue, sqlx::Type)]
#[repr(i32)]
enum Number {
    One = 1,
}

#[derive(DbValue)]
struct Wrapper<T>(T);

#[test]
fn enums_are_stored_as_sqlx_binds_them() {
    let variants = |ty| match ty {
        LogicalType::Enum(def) => def.variants,
        _ => &[],
    };
    assert_eq!(variants(AsWritten::TYPE), ["OneTwo", "HTTP"]);
    assert_eq!(variants(LikeSqlx::TYPE), ["one-two", "3"]);
    assert_eq!(Number::TYPE, LogicalType::Int32);
    assert_eq!(Wrapper::<Option<u8>>::TYPE, LogicalType::UInt8);
    const { assert!(Wrapper::<Option<u8>>::NULLABLE) }
}

#[tokio::test]
async fn the_stored_texts_are_those_that_sqlx_binds() {
    use sqlx::Connection;
    let mut db = sqlx::SqliteConnection::connect("sqlite::memory:").await.unwrap();
    for (value, text) in [(LikeSqlx::OneTwo, "one-two"), (LikeSqlx::Three, "3")] {
        let bound: String = sqlx::query_scalar("SELECT ?").bind(value).fetch_one(&mut db).await.unwrap();
        assert_eq!(bound, text);
    }
}

#[tokio::test]
async fn vectors_and_points_are_bound_and_read_back() {
    use sqlx::Connection;
    let mut db = sqlx::SqliteConnection::connect("sqlite::memory:").await.unwrap();
    let row: (Vector<2>, String) =
        sqlx::query_as("SELECT ?1, typeof(?1)").bind(Vector::from([1.0, -2.5])).fetch_one(&mut db).await.unwrap();
    assert_eq!(row, (Vector::from([1.0, -2.5]), "blob".to_owned()));
    let point = GeoPoint { lon: 2.35, lat: 48.86 };
    let row: (GeoPoint, f64) =
        sqlx::query_as("SELECT ?1, json_extract(?1, '$.coordinates[1]')").bind(point).fetch_one(&mut db).await.unwrap();
    assert_eq!(row, (point, 48.86));
}

#[test]
fn structs_inside_functions_and_modules_work() {
    #[derive(DbTable)]
    struct User {
        #[db(id)]
        id: i64,
        #[db(fk = v1::Node::id)]
        node: Option<i64>,
    }
    mod v1 {
        #[derive(schemasync::DbTable)]
        pub(super) struct Node {
            #[db(id)]
            id: i64,
            #[db(fk = Self::id)]
            parent: Option<i64>,
        }
    }
    assert_eq!(User::table().name, "user");
    assert_eq!((User::table().foreign_keys[0].target)().rust_path, "macros_descriptor::v1::Node");
}

mod other_name {
    pub(super) mod facade {
        pub(in super::super) use ::schemasync as sync;
    }
}

#[derive(DbTable)]
#[db(crate = other_name::facade::sync)]
struct Elsewhere {
    #[db(id)]
    id: i64,
}

#[test]
fn the_runtime_crate_may_have_another_path() {
    assert_eq!(Elsewhere::table().name, "elsewhere");
}

fn part(field: &'static str) -> IndexPartDef {
    IndexPartDef { on: IndexOnDef::Column(field), order: SortOrder::Asc, weight: None }
}

fn plain(name: Option<&'static str>, kind: IndexKindDef, parts: &[IndexPartDef]) -> IndexDef {
    IndexDef {
        name,
        kind,
        nulls_not_distinct: false,
        parts: parts.to_vec().leak(),
        predicate: None,
        include: &[],
        language: None,
        filters: &[],
    }
}

#[test]
fn every_model_registers_itself_once() {
    use schemasync::__private::{Registered, inventory};
    let mut names: Vec<&str> = inventory::iter::<Registered>
        .into_iter()
        .map(|model| match model.0 {
            ModelDef::Table(table) => table().rust_path,
            ModelDef::View(view) => view().rust_path,
        })
        .collect();
    names.sort_unstable();
    assert_eq!(names.iter().filter(|name| **name == "macros_descriptor::Order").count(), 1);
    assert!(names.contains(&"macros_descriptor::v1::Node") && names.contains(&"macros_descriptor::Totals"));
}
