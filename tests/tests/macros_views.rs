//! What `DbView` makes of a view that is built from other models, and what the model makes of that.
#![allow(dead_code)]

use schemasync::descriptor::*;
use schemasync::model::{ColumnRef, Condition, DataType, Operand};
use schemasync::{DbEmbed, DbTable, DbView, Schema, schema};

#[derive(DbEmbed)]
struct Address {
    #[db(column = "town")]
    city: String,
}

#[derive(DbTable)]
#[db(table = "users", schema = "auth")]
struct User {
    #[db(id)]
    id: i64,
    #[db(column = "e mail")]
    email: String,
    active: bool,
    #[db(embed, column = "addr")]
    home: Option<Address>,
}

/// Of the same name, in another schema.
#[derive(DbTable)]
#[db(table = "users", schema = "old")]
struct OldUser {
    #[db(id)]
    id: i64,
    r#type: String,
}

#[derive(DbView)]
#[db(view = "sums", sql = "SELECT 1 AS user_id, 2.5 AS total")]
struct Sum {
    #[db(column = "user_id")]
    user: i64,
    total: f64,
}

#[derive(DbView)]
#[db(view = "report", renamed = "old_report", schema = "auth", space = "analytics", materialized, from = User)]
#[db(join(OldUser, on(OldUser::id == User::id)), left_join(Sum, on(Sum::user == User::id && Sum::total > 0.5)))]
#[db(filter(User::active && !(User::email.like("%@x") || -5 < User::id) && User::id.in_([1, 2])))]
#[db(having(number >= 10 && r#type.is_some()))]
struct Report {
    #[db(from = User::email)]
    mail: String,
    #[db(from = OldUser::r#type)]
    r#type: String,
    #[db(from = User::home.city, column = "living in")]
    city: Option<String>,
    #[db(count, column = "n")]
    number: i64,
    #[db(max = Sum::total)]
    most: Option<f64>,
    #[db(skip)]
    cache: (),
}

#[test]
fn the_descriptor_says_what_the_attributes_say() {
    let view = Report::view();
    assert_eq!(view.columns, ["mail", "type", "living in", "n", "most"]);
    assert_eq!(view.fields, ["mail", "type", "city", "number", "most"]);
    assert!(view.materialized && view.sql.is_none());
    assert_eq!((view.schema, view.space, view.renamed), (Some("auth"), Some("analytics"), &["old_report"][..]));
    let query = view.query.unwrap();
    let ModelDef::Table(from) = query.from else { panic!("a table") };
    assert!(std::ptr::eq(from(), User::table()));
    let [inner, left] = query.joins else { panic!("two joins") };
    assert_eq!((inner.kind, left.kind), (JoinKind::Inner, JoinKind::Left));
    assert!(matches!(left.source, ModelDef::View(view) if view().name == "sums"));
    assert!(matches!(inner.on, ConditionDef::Compare(OperandDef::Column(_), Comparison::Eq, OperandDef::Column(_))));
    let city = query.columns[2].column.unwrap();
    assert_eq!((city.field, city.ty), ("home.city", Some(LogicalType::Text)));
    assert_eq!((query.columns[3].aggregate, query.columns[3].ty), (Some(Aggregate::Count), Some(LogicalType::Int64)));
    assert!(query.columns[3].column.is_none());
    let Some(ConditionDef::All([holds, not, list])) = query.filter else { panic!("{:?}", query.filter) };
    assert!(matches!(holds, ConditionDef::Holds(OperandDef::Column(column)) if column.field == "active"));
    assert!(matches!(not, ConditionDef::Not(ConditionDef::Any([ConditionDef::Like(_, "%@x"), _]))));
    assert!(matches!(list, ConditionDef::In(_, [OperandDef::Int(1), OperandDef::Int(2)])));
    let Some(ConditionDef::All([number, some])) = query.having else { panic!("{:?}", query.having) };
    assert!(matches!(number, ConditionDef::Compare(OperandDef::Own("n"), Comparison::Ge, OperandDef::Int(10))));
    assert!(matches!(some, ConditionDef::IsSome(OperandDef::Own("type"))));
}

#[test]
fn the_model_names_what_is_in_the_database() {
    let model = schema![Report, User, OldUser, Sum];
    assert_eq!(model.problems, Vec::<String>::new());
    let report = model.views.iter().find(|view| view.name == "report").unwrap();
    assert!(report.columns.is_empty() && !report.is_external());
    assert_eq!(report.column_names(), ["mail", "type", "living in", "n", "most"]);
    let query = report.query.as_ref().unwrap();
    let sources: Vec<_> = query.sources().map(|source| (source.schema.as_deref(), source.name.as_str())).collect();
    assert_eq!(sources, [(Some("auth"), "users"), (Some("old"), "users"), (None, "sums")]);
    // One of two tables of a name has another one in the query.
    assert_eq!(
        query.sources().map(schemasync::model::Source::called).collect::<Vec<_>>(),
        ["users", "users_2", "sums"]
    );
    let columns: Vec<_> =
        query.columns.iter().map(|column| column.column.as_ref().map(|of| of.column.as_str())).collect();
    assert_eq!(columns, [Some("e mail"), Some("type"), Some("addr__town"), None, Some("total")]);
    assert_eq!(query.columns[1].column.as_ref().unwrap().source, "users_2");
    // A type is told where nobody else tells it: that of an aggregate, and those of a view given as SQL.
    assert_eq!((&query.columns[0].ty, &query.columns[3].ty), (&None, &Some(DataType::Int64)));
    let Condition::All(parts) = &query.joins[1].on else { panic!("{:?}", query.joins[1].on) };
    let of_view = ColumnRef { source: "sums".into(), column: "user_id".into(), ty: Some(DataType::Int64) };
    let of_table = ColumnRef { source: "users".into(), column: "id".into(), ty: None };
    let on =
        Condition::Compare { left: Operand::Column(of_view), op: Comparison::Eq, right: Operand::Column(of_table) };
    assert_eq!(parts[0], on);
    assert_eq!(Schema::from_json(&model.to_json()), Ok(model));
}

#[test]
fn s1_everything_in_a_query_is_in_the_fingerprint() {
    let model = schema![Report, User, OldUser, Sum];
    let print = |change: fn(&mut schemasync::model::Query)| {
        let mut model = model.clone();
        let view = model.views.iter_mut().find(|view| view.name == "report").unwrap();
        change(view.query.as_mut().unwrap());
        model.fingerprint("sqlite", 1)
    };
    let prints = [
        print(|_| {}),
        print(|query| query.filter = None),
        print(|query| query.having = None),
        print(|query| query.joins[0].kind = JoinKind::Left),
        print(|query| query.joins[0].on = query.joins[1].on.clone()),
        print(|query| query.columns[3].aggregate = Some(Aggregate::Max)),
        print(|query| query.columns[3].ty = Some(DataType::Int32)),
        print(|query| query.columns.swap(0, 1)),
    ];
    let different: std::collections::BTreeSet<_> = prints.iter().collect();
    assert_eq!(different.len(), prints.len());
}
