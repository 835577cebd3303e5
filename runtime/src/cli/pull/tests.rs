use super::*;
use crate::model::*;

fn one(table: Table) -> String {
    rust_source(&Schema::new(vec![table], Vec::new()), &[])
}

#[test]
fn odd_names_become_rust_names() {
    let names = ["type", "1st", "order by", "Straße", "a-b", "a b", "self", "", "🦀", "日本", "CamelCase", "x"];
    let columns = names.iter().map(|name| Column::new(*name, DataType::Int64)).collect();
    let source = one(Table { name: "odd".into(), columns, ..Table::default() });
    let fields: Vec<&str> = source
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub ")?.split_once(": "))
        .map(|pair| pair.0)
        .collect();
    assert_eq!(
        fields,
        ["r#type", "_1st", "order_by", "straße", "a_b", "a_b_2", "self_", "column", "日本", "camel_case", "x"]
    );
    assert!(source.contains("#[db(column = \"CamelCase\")]\n    pub camel_case: i64,"), "{source}");
    assert!(source.contains("// - odd.: left out: its name cannot be said in Rust"), "{source}");
}

#[test]
fn struct_names_are_singular_and_never_collide() {
    let tables = ["users", "user", "categories", "address", "option", "Order Details", "boxes", "status", "123", "é"];
    let table = |name: &&str| Table {
        name: (*name).into(),
        columns: vec![Column::new("id", DataType::Int64)],
        ..Table::default()
    };
    let source = rust_source(&Schema::new(tables.iter().map(table).collect(), Vec::new()), &[]);
    let structs: Vec<&str> =
        source.lines().filter_map(|line| line.strip_prefix("pub struct ")?.strip_suffix(" {")).collect();
    assert_eq!(
        structs,
        ["T123", "OrderDetail", "Address", "BoxTable", "Category", "OptionTable", "Status", "User", "User2", "É"]
    );
}

#[test]
fn what_is_unsupported_stands_in_the_head() {
    let schema = Schema::new(Vec::new(), Vec::new());
    let source = rust_source(&schema, &["t: the trigger\nx".into(), "t: the trigger\nx".into()]);
    assert!(source.contains("// not in the models, left alone:\n// - t: the trigger x\n\n"), "{source}");
    assert_eq!(source.matches("the trigger").count(), 1);
}

#[test]
fn texts_are_literals_whatever_is_in_them() {
    assert_eq!(literal::text("a\"b\\"), r#""a\"b\\""#);
    assert_eq!(literal::text("a\n\"#b"), "r##\"a\n\"#b\"##");
    assert_eq!(literal::text("a\r\nb"), "\"a\\r\\nb\"");
    assert_eq!(literal::doc(Some("a\n\n b\u{b}c\u{202e}"), ""), "/// a\n///\n#[doc = \" b\\u{b}c\\u{202e}\"]\n");
    assert_eq!(literal::text("a\n\u{202e}"), "\"a\\n\\u{202e}\"");
}
