//! P4: what the model gives as SQL is one statement or one expression, else it is refused: whatever else it holds is never executed.

use schemasync::Schema;
use schemasync::model::{
    Check, Column, DataType, DefaultValue, Generated, Index, IndexKind, IndexOn, IndexPart, Table, View,
};
use schemasync_tests::{TestDatabase, assert_says, errors, scenario};

/// `t (id, x)`, whatever is made of it.
fn table(change: impl FnOnce(&mut Table)) -> Schema {
    let mut x = Column::new("x", DataType::Int64);
    x.nullable = true;
    let mut table = Table {
        name: "t".to_owned(),
        columns: vec![Column::new("id", DataType::Int64), x],
        primary_key: vec!["id".to_owned()],
        ..Table::default()
    };
    change(&mut table);
    Schema::new(vec![table], vec![])
}

fn view(sql: &str) -> Schema {
    let mut schema = table(|_| ());
    schema.views.push(View { name: "v".to_owned(), sql: Some(sql.to_owned()), ..View::default() });
    schema
}

fn index(on: IndexOn, predicate: Option<&str>) -> Schema {
    let part = IndexPart { on, ..IndexPart::column("x") };
    let predicate = predicate.map(str::to_owned);
    let (include, filters) = (vec![], vec![]);
    let index = Index {
        name: "i".to_owned(),
        kind: IndexKind::Plain,
        nulls_not_distinct: false,
        parts: vec![part],
        predicate,
        include,
        language: None,
        filters,
    };
    table(|table| table.indexes.push(index))
}

fn where_(sql: &str) -> Schema {
    index(IndexOn::Column("x".to_owned()), Some(sql))
}

fn check(sql: &str) -> Schema {
    table(|table| table.checks.push(Check { name: "c".to_owned(), sql: sql.to_owned() }))
}

fn default(sql: &str) -> Schema {
    table(|table| table.columns[1].default = Some(DefaultValue::Sql(sql.to_owned())))
}

fn generated(sql: &str) -> Schema {
    let mut column = Column::new("g", DataType::Int64);
    column.nullable = true;
    column.generated = Some(Generated { sql: sql.to_owned(), stored: true });
    table(|table| table.columns.push(column))
}

fn native(ty: &str) -> Schema {
    let mut column = Column::new("n", DataType::Int64);
    column.nullable = true;
    column.native.sqlite.ty = Some(ty.to_owned());
    column.native.postgres.ty = Some(ty.to_owned());
    table(|table| table.columns.push(column))
}

const THEIRS: &str = "CREATE TABLE theirs (a INTEGER); INSERT INTO theirs VALUES (1), (2)";

/// No way to run the model gets past it: what it says of it, and nothing is changed.
async fn refused<D: TestDatabase>(db: &D, schema: &Schema) -> String {
    let before = db.dump().await;
    let mut said = Vec::new();
    for safe in [false, true] {
        match db.syncing(schema).safe(safe).plan().await {
            Err(error) => said.push(error.to_string()),
            Ok(plan) => {
                assert!(plan.has_errors(), "{plan}");
                assert!(!plan.to_sql().contains("theirs"), "{}", plan.to_sql());
                said.push(plan.entries.iter().flat_map(|entry| entry.errors.clone()).collect());
            }
        }
        match db.syncing(schema).safe(safe).run_report().await {
            Err(error) => said.push(error.to_string()),
            Ok(report) => said.push(report.entries.iter().flat_map(|entry| entry.errors.clone()).collect()),
        }
        assert_eq!(db.rows("SELECT a FROM theirs ORDER BY a").await, [["1"], ["2"]], "safe {safe}: {said:?}");
        assert_eq!(db.dump().await, before, "safe {safe}: {said:?}");
    }
    let first = said[0].clone();
    assert!(!first.is_empty() && said.iter().all(|text| *text == first), "the plan and the run differ: {said:#?}");
    first
}

scenario!(p4_more_than_one_statement_is_refused_whatever_the_place, |db| {
    let attacks = [
        (view("SELECT 1 AS a; DROP TABLE theirs"), "v: the query is not one SQL query"),
        (view("DROP TABLE theirs"), "does not begin with SELECT"),
        (view("DELETE FROM theirs RETURNING a"), "does not begin with SELECT"),
        (view("SELECT 1 AS a) ; DROP TABLE theirs; --"), "v: the query"),
        (view("SELECT 1 AS a /* ; DROP TABLE theirs"), "a comment that is never closed"),
        (where_("1=1; DROP TABLE theirs"), "t, index i: `where` is not one SQL expression"),
        (where_("1=1 --"), "ends in a comment"),
        (index(IndexOn::Expression("x)); DROP TABLE theirs; --".to_owned()), None), "t, index i: an expression"),
        (check("x > 0); DROP TABLE theirs; --"), "the condition of the check c"),
        (check("x > 0) /* ; */ OR (1=1"), "closes a parenthesis"),
        (check("x > 0; DROP TABLE theirs"), "a `;` outside of quotes"),
        (check("x > 0 --"), "ends in a comment"),
        (check("x <> '; DROP TABLE theirs"), "a quote that is never closed"),
        (default("0; DROP TABLE theirs"), "t.x: the default expression"),
        (default("0); DROP TABLE theirs; --"), "t.x: the default expression"),
        (default("0, \"extra\" integer"), "a comma outside of parentheses"),
        (generated("x); DROP TABLE theirs; --"), "t.g: the generating expression"),
        (native("integer; DROP TABLE theirs"), "t.n: `sqlite(type)`"),
        (native("integer, extra integer"), "t.n: `sqlite(type)`"),
    ];
    db.exec(THEIRS).await;
    for (schema, says) in &attacks {
        assert_says(refused(db, schema).await, &[says]);
    }
    // The same where the objects are there and change.
    let mut first = check("x > 1");
    first.tables[0].indexes = where_("x > 1").tables[0].indexes.clone();
    first.tables[0].columns[1].default = Some(DefaultValue::Sql("1".to_owned()));
    first.views = view("SELECT 2 AS a").views;
    db.sync(first).await;
    db.exec("INSERT INTO t VALUES (1, 5)").await;
    for (schema, says) in &attacks {
        assert_says(refused(db, schema).await, &[says]);
        assert_eq!(db.rows("SELECT * FROM t").await, [["1", "5"]]);
    }
});

scenario!(p4_a_default_brings_no_clause_with_it, |db| {
    db.exec(THEIRS).await;
    for sql in ["0 REFERENCES theirs (a)", "0 CHECK (x > 0)", "0 UNIQUE", "0 PRIMARY KEY", "0 CONSTRAINT c NOT NULL"] {
        let report = db.run(default(sql)).await;
        assert!(report.has_errors(), "{sql}: {report}");
        assert_eq!(db.tables().await, ["theirs"], "{sql}");
    }
});

scenario!(sqlite: p4_each_database_reads_by_its_own_rules_sqlite, |db| {
    db.exec(THEIRS).await;
    db.sync(table(|_| ())).await;
    // PostgreSQL takes these for texts.
    for schema in [view("SELECT 1 AS a, $a$; DROP TABLE theirs; $a$"), check("x <> $$1; DROP TABLE theirs$$"), default("E'\\'; DROP TABLE theirs; --\\''")] {
        refused(db, &schema).await;
    }
});

scenario!(postgres: p4_each_database_reads_by_its_own_rules_postgres, |db| {
    db.exec(THEIRS).await;
    db.sync(table(|_| ())).await;
    for schema in [
        // To SQLite the comment goes on, and brackets and backticks are quotes.
        view("SELECT 1 AS a -- \r; DROP TABLE theirs\n"),
        check("x > 0 OR [1=1); DROP TABLE theirs; --] IS NULL"),
        default("`0; DROP TABLE theirs`"),
        // To MySQL the backslash takes the meaning from the quote.
        view("SELECT '\\' AS a; DROP TABLE theirs; SELECT '' AS b -- '"),
    ] {
        refused(db, &schema).await;
    }
});

scenario!(p4_quotes_and_comments_go_on_working, |db| {
    for sql in [
        "SELECT id FROM t -- all of them",
        "-- all\nSELECT id, ';' AS semicolon FROM t;\n-- done",
        "SELECT id /* ; */ FROM t WHERE ';--' <> '/*';",
    ] {
        db.sync(view(sql)).await;
        assert_eq!(db.rows("SELECT * FROM v").await, Vec::<Vec<String>>::new());
    }
    let mut schema = check("x <> 7 /* ; ) */ OR ';)' = '('");
    schema.tables[0].indexes = where_("x > 0 -- the living\n AND ';' <> ''").tables[0].indexes.clone();
    schema.tables[0].columns.push({
        let mut column = Column::new("name", DataType::Text);
        column.default = Some(DefaultValue::Sql("'it''s; --'".to_owned()));
        column
    });
    db.sync(schema).await;
    db.exec("INSERT INTO t (id, x) VALUES (1, 1)").await;
    assert_eq!(db.rows("SELECT x, name FROM t").await, [["1", "'it''s; --'"]]);
    assert!(db.try_exec("INSERT INTO t (id, x) VALUES (2, 7)").await.is_err());
});

scenario!(postgres: p4_texts_of_postgres_go_on_working, |db| {
    let mut schema = view("SELECT id, $tag$ ; $$ $tag$ AS a, E'\\'; DROP TABLE t; --' AS b FROM t -- the end");
    schema.tables[0].columns.push({
        let mut column = Column::new("name", DataType::Text);
        column.default = Some(DefaultValue::Sql("E'\\';' || $$;)$$".to_owned()));
        column
    });
    db.sync(schema).await;
    db.exec("INSERT INTO t (id) VALUES (1)").await;
    assert_eq!(db.rows("SELECT name FROM t").await, [["''';;)'"]]);
    assert_eq!(db.rows("SELECT a, b FROM v").await, [["' ; $$ '", "'''; DROP TABLE t; --'"]]);
});

scenario!(p4_what_cannot_be_read_of_one_table_leaves_the_others, |db| {
    // What one database alone refuses is an error of the entry, not of the run.
    let mut schema = check("x <> 1");
    schema.views = view("SELECT '\\' AS a; DROP TABLE theirs; SELECT '' AS b -- '").views;
    let report = db.run(schema).await;
    assert_says(errors(&report, "v"), &["the query is not one SQL query", "a `;` outside of quotes"]);
    assert_eq!(db.tables().await, ["t"]);
});
