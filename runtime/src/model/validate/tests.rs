use crate::descriptor::{Increment, ReferentialAction};
use crate::model::*;

fn table(name: &str, columns: &[&str]) -> Table {
    Table {
        name: name.into(),
        columns: columns.iter().map(|name| Column::new(*name, DataType::Int64)).collect(),
        ..Table::default()
    }
}

fn index(name: &str, columns: &[&str]) -> Index {
    Index {
        name: name.into(),
        kind: IndexKind::Plain,
        parts: columns.iter().map(|name| IndexPart::column(*name)).collect(),
        predicate: None,
        include: vec![],
        language: None,
        filters: vec![],
        nulls_not_distinct: false,
    }
}

fn key(columns: &[&str], target: &str, target_columns: &[&str]) -> ForeignKey {
    ForeignKey {
        columns: columns.iter().map(|&name| name.into()).collect(),
        target_schema: None,
        target: target.into(),
        target_columns: target_columns.iter().map(|&name| name.into()).collect(),
        on_delete: ReferentialAction::NoAction,
        on_update: ReferentialAction::NoAction,
    }
}

/// The problems of a schema with this one table, `t`, after the change.
fn problems_of(change: impl FnOnce(&mut Table)) -> Vec<String> {
    let mut table = table("t", &["id", "a", "b"]);
    table.primary_key = vec!["id".into()];
    change(&mut table);
    problems(vec![table])
}

fn problems(tables: Vec<Table>) -> Vec<String> {
    match Schema::new(tables, vec![]).validate() {
        Ok(()) => vec![],
        Err(InvalidSchema::Problems(problems)) => problems,
        Err(other) => panic!("{other}"),
    }
}

/// Exactly one problem, which begins with `t` and has this in it.
#[track_caller]
fn one(problems: &[String], has: &str) {
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert!(problems[0].contains(has), "{problems:#?}");
}

#[test]
fn an_empty_schema_is_an_error_of_its_own() {
    assert!(matches!(Schema::default().validate(), Err(InvalidSchema::Empty)));
    assert_eq!(problems_of(|_| ()), Vec::<String>::new());
}

#[test]
fn names_are_not_empty_and_have_no_nul_and_are_not_ours() {
    one(&problems_of(|t| t.name = String::new()), "the table has an empty name");
    one(&problems_of(|t| t.columns[1].name = "x\0".into()), "NUL");
    one(&problems_of(|t| t.name = "__schemasync_state".into()), "`__schemasync_`");
    one(&problems_of(|t| t.indexes.push(index("Schemasync__x", &["a"]))), "`schemasync__`");
    one(&problems_of(|t| t.checks.push(Check { name: String::new(), sql: "a > 0".into() })), "check has an empty name");
    let view = View { sql: Some("SELECT 1".into()), ..View::default() };
    let error = Schema::new(vec![], vec![view]).validate();
    assert!(
        matches!(error, Err(InvalidSchema::Problems(problems)) if problems[0].contains("the view has an empty name"))
    );
}

#[test]
fn names_are_taken_once() {
    one(&problems_of(|t| t.columns[1].name = "b".into()), "two columns are named b");
    assert!(problems_of(|t| t.columns[1].name = "B".into()).is_empty(), "whether that is one name, the database says");
    one(&problems(vec![table("t", &["id"]), table("t", &["id"])]), "another table of this name");
    assert!(problems(vec![table("T", &["id"]), table("t", &["id"])]).is_empty());
    one(&problems_of(|t| t.indexes = vec![index("x", &["a"]), index("x", &["b"])]), "two indexes are named x");
    let mut unique = index("x", &["b"]);
    unique.kind = IndexKind::Unique;
    assert!(problems_of(|t| t.indexes = vec![index("x", &["a"]), unique]).is_empty());
    let mut a = table("a", &["id"]);
    a.indexes = vec![index("b__c", &["id"])];
    let mut b = table("a__b", &["id"]);
    b.indexes = vec![index("c", &["id"])];
    one(&problems(vec![a, b]), "same name in the database as the index b__c of a");
}

#[test]
fn a_table_has_columns_and_its_parts_name_them() {
    one(&problems(vec![table("t", &[])]), "has no columns");
    one(&problems_of(|t| t.primary_key = vec!["no".into()]), "primary key is over no, which");
    one(&problems_of(|t| t.columns[0].nullable = true), "t.id: a primary key column is never NULL");
    one(&problems_of(|t| t.indexes = vec![index("x", &["no"])]), "t, index x: it is over no, which");
    one(&problems_of(|t| t.indexes = vec![index("x", &[])]), "over no column");
    one(&problems_of(|t| t.indexes = vec![Index { include: vec!["no".into()], ..index("x", &["a"]) }]), "includes no,");
    one(
        &problems_of(|t| t.indexes = vec![Index { predicate: Some(" ".into()), ..index("x", &["a"]) }]),
        "`where` is empty",
    );
}

#[test]
fn foreign_keys_point_to_unique_columns_of_tables_in_the_schema() {
    one(
        &problems_of(|t| t.foreign_keys = vec![key(&["a"], "users", &["id"])]),
        "t references users, which is not in the schema: add it",
    );
    assert!(problems_of(|t| t.foreign_keys = vec![key(&["a"], "t", &["id"])]).is_empty());
    one(&problems_of(|t| t.foreign_keys = vec![key(&["a"], "t", &["no"])]), "no is not a column of t");
    one(&problems_of(|t| t.foreign_keys = vec![key(&["no"], "t", &["id"])]), "no is not a column of t");
    one(&problems_of(|t| t.foreign_keys = vec![key(&["a"], "t", &["b"])]), "neither the primary key nor unique");
    one(&problems_of(|t| t.foreign_keys = vec![key(&["a"], "t", &["id"]), key(&["a"], "t", &["id"])]), "there twice");
    assert!(problems_of(|t| t.foreign_keys = vec![key(&["a", "b"], "t", &["id"])])[0].contains("in pairs"));
    assert!(
        problems_of(|t| {
            t.indexes = vec![Index { kind: IndexKind::Unique, ..index("x", &["b", "a"]) }];
            t.foreign_keys = vec![key(&["id", "b"], "t", &["a", "b"])];
        })
        .is_empty()
    );
    let set = |action| {
        move |t: &mut Table| t.foreign_keys = vec![ForeignKey { on_delete: action, ..key(&["a"], "t", &["id"]) }]
    };
    one(&problems_of(set(ReferentialAction::SetNull)), "`on_delete = set_null`, but a cannot be NULL");
    one(&problems_of(set(ReferentialAction::SetDefault)), "has no default");
}

#[test]
fn columns_say_what_can_be() {
    let with = |change: fn(&mut Column)| problems_of(|t| change(&mut t.columns[1]));
    one(&with(|c| c.ty = DataType::Decimal(Some((2, 3)))), "t.a: a decimal of 2 digits cannot have 3");
    one(&with(|c| c.ty = DataType::Vector(0)), "dimensions");
    one(&with(|c| c.default = Some(DefaultValue::Float(f64::NAN))), "not a finite number");
    one(&with(|c| c.default = Some(DefaultValue::Int(1 << 64))), "out of range");
    one(
        &with(|c| {
            c.ty = DataType::Enum { name: "tier".into(), variants: vec!["free".into(), "paid".into()], postgres: None };
            c.default = Some(DefaultValue::Text("gold".into()));
        }),
        "\"gold\" is not a variant of tier: it has \"free\", \"paid\"",
    );
    one(
        &with(|c| {
            c.generated = Some(Generated { sql: "b + 1".into(), stored: false });
            c.default = Some(DefaultValue::Int(1));
        }),
        "no default",
    );
    let default = |ty: &DataType, default: DefaultValue| {
        problems_of(|t| (t.columns[1].ty, t.columns[1].default) = (ty.clone(), Some(default)))
    };
    one(
        &default(&DataType::Int64, DefaultValue::Text("abc".into())),
        "t.a: the default \"abc\" is no value of the type int64",
    );
    one(&default(&DataType::Int64, DefaultValue::Float(1.5)), "the default 1.5 is no value of the type int64");
    one(
        &default(&DataType::Int64, DefaultValue::Int(u64::MAX.into())),
        "out of range: the column takes -9223372036854775808 to",
    );
    one(&default(&DataType::Uint8, DefaultValue::Int(-1)), "takes 0 to 255");
    one(&default(&DataType::Uuid, DefaultValue::Text("abc".into())), "no value of the type uuid");
    one(&default(&DataType::Char, DefaultValue::Text("ab".into())), "no value of the type char");
    one(&default(&DataType::Varchar(2), DefaultValue::Text("abc".into())), "longer than the 2 characters");
    one(&default(&DataType::Text, DefaultValue::Now), "the default `now` is no value of the type text");
    one(&default(&DataType::Date, DefaultValue::Uuid), "the default `uuid` is no value of the type date");
    assert!(default(&DataType::Decimal(None), DefaultValue::Text("1.5".into())).is_empty());
    one(
        &with(|c| {
            c.encrypted = true;
            c.default = Some(DefaultValue::Text("secret".into()));
        }),
        "t.a: an encrypted column has no default",
    );
    let increment =
        |increment: Increment| problems_of(|t| t.columns[1].default = Some(DefaultValue::Increment(increment)));
    one(&increment(Increment::default().step(0)), "a step of 0");
    one(&increment(Increment::default().min(5)), "begins at 1, which is outside");
    one(&increment(Increment::default().cache(0)), "a cache of at least 1");
    one(&increment(Increment::starting_at(4).min(5).max(3)), "not below its `max`");
}

#[test]
fn earlier_names_are_claimed_once_and_not_in_a_circle() {
    let renamed = |a: &'static [&'static str], b: &'static [&'static str]| {
        problems_of(|t| {
            t.columns[1].renamed = a.iter().map(|&name| name.into()).collect();
            t.columns[2].renamed = b.iter().map(|&name| name.into()).collect();
        })
    };
    one(&renamed(&["a"], &[]), "t.a: `renamed` says its name of now");
    one(&renamed(&["old"], &["old"]), "t.b: `renamed` says \"old\", and so does a");
    one(&renamed(&["old", "old"], &[]), "twice");
    one(&renamed(&["b"], &["a"]), "t.a and t.b take each other's names: do it in two deploys");
    assert!(renamed(&["old"], &["older"]).is_empty());
    let tables = |b: &str| {
        let (mut one, mut other) = (table("a", &["id"]), table("b", &["id"]));
        one.renamed = vec!["b".into()];
        other.renamed = vec![b.into()];
        problems(vec![one, other])
    };
    one(&tables("a"), "a and b take each other's names");
    one(&tables("b"), "b: `renamed` says its name of now");
}

#[test]
fn all_problems_are_told_at_once() {
    let mut bad = table("t", &["a", "a"]);
    bad.primary_key = vec!["no".into()];
    bad.checks = vec![Check { name: "c".into(), sql: String::new() }];
    let mut schema = Schema::new(vec![bad], vec![]);
    schema.problems.push("from building".into());
    let Err(InvalidSchema::Problems(problems)) = schema.validate() else { panic!() };
    assert_eq!(problems.len(), 4);
    assert_eq!(problems[0], "from building");
}
