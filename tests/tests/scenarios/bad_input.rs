//! Bad input: a clear error, and the file as it was.

use schemasync::model::{Column, DataType, Table};
use schemasync::{Error, Schema, SchemaSync, schema};
use schemasync_tests::{Sqlite, TestDatabase, assert_says, scenario};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

mod v1 {
    #[derive(schemasync::DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
    }
}

mod v2 {
    #[derive(schemasync::DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        pub email: Option<String>,
    }
}

/// Neither `run` nor `plan` gets past that, and the file is as it was. The text of the error.
async fn refused(db: &Sqlite, schema: Schema) -> String {
    let bytes = db.bytes();
    let run = db.syncing(&schema).force(true).run_report().await.unwrap_err();
    let plan = db.syncing(&schema).plan().await.unwrap_err();
    assert_eq!(run.to_string(), plan.to_string());
    assert_eq!(db.bytes(), bytes);
    run.to_string()
}

scenario!(sqlite: empty_schema, |db| {
    assert_says(refused(db, schema![]).await, &["the schema is empty", "schema![User]"]);
});

scenario!(sqlite: two_models_with_one_name, |db| {
    mod twins {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "users")]
        pub struct Person {
            #[db(id)]
            pub id: i64,
        }
    }
    let text = refused(db, schema![v1::User, twins::Person]).await;
    assert_says(text, &["v1::User", "twins::Person", "users", "another name"]);
});

scenario!(sqlite: a_table_and_a_view_with_one_name, |db| {
    mod view {
        #[derive(schemasync::DbView)]
        #[db(view = "users", sql = "SELECT 1 AS id")]
        pub struct User {
            pub id: i64,
        }
    }
    assert_says(refused(db, schema![v1::User, view::User]).await, &["v1::User", "view::User", "users"]);
});

scenario!(sqlite: a_key_to_a_table_that_is_not_in_the_schema, |db| {
    mod child {
        #[derive(schemasync::DbTable)]
        #[db(table = "posts")]
        pub struct Post {
            #[db(id)]
            pub id: i64,
            #[db(fk = super::v1::User::id)]
            pub user_id: i64,
        }
    }
    assert_says(refused(db, schema![child::Post]).await, &["posts", "users", "schema![..]"]);
});

fn id() -> Column {
    Column::new("id", DataType::Int64)
}

fn table(name: &str, columns: Vec<Column>) -> Table {
    Table { name: name.to_owned(), columns, ..Table::default() }
}

scenario!(sqlite: names_that_are_none, |db| {
    let names = [("", "empty name"), ("a\0b", "NUL"), ("__schemasync_state", "schemasync's own"), ("SchemaSync__x", "own")];
    for (name, says) in names {
        assert_says(refused(db, Schema::new(vec![table(name, vec![id()])], vec![])).await, &[says]);
    }
    for (name, says) in [("", "empty name"), ("a\0b", "NUL")] {
        let columns = vec![id(), Column::new(name, DataType::Text)];
        assert_says(refused(db, Schema::new(vec![table("t", columns)], vec![])).await, &["t", says]);
    }
});

scenario!(sqlite: a_table_without_columns, |db| {
    assert_says(refused(db, Schema::new(vec![table("empty", vec![])], vec![])).await, &["empty has no columns"]);
});

scenario!(sqlite: every_problem_is_told_at_once, |db| {
    let tables = vec![table("a", vec![]), table("", vec![id()]), table("b", vec![id(), id()])];
    assert_says(refused(db, Schema::new(tables, vec![])).await, &["a has no columns", "empty name", "b"]);
});

scenario!(sqlite: a_corrupt_state_row, |db| {
    db.sync(schema![v1::User]).await;
    for (column, value) in [("base", "'{'"), ("base", "'[1]'"), ("base", "x'ff00'"), ("pending", "'?'"), ("format", "0"), ("format", "-1"), ("format", "'one'")] {
        db.exec("CREATE TABLE keep AS SELECT * FROM __schemasync_state").await;
        db.exec(&format!("UPDATE __schemasync_state SET {column} = {value}")).await;
        let text = refused(db, schema![v2::User]).await;
        assert_says(text, &["state row of namespace \"default\"", "__schemasync_state", "Nothing was changed"]);
        db.exec("DELETE FROM __schemasync_state; INSERT INTO __schemasync_state SELECT * FROM keep; DROP TABLE keep").await;
    }
    db.sync(schema![v2::User]).await;
});

scenario!(sqlite: a_state_table_of_another_shape, |db| {
    db.exec("CREATE TABLE __schemasync_state (x TEXT); INSERT INTO __schemasync_state VALUES ('mine')").await;
    db.exec("CREATE TABLE __schemasync_history (x TEXT)").await;
    assert_says(refused(db, schema![v1::User]).await, &["__schemasync_state"]);
});

scenario!(sqlite: a_state_row_of_a_newer_version, |db| {
    db.sync(schema![v1::User]).await;
    db.exec("UPDATE __schemasync_state SET format = 99, base = 'of another kind'").await;
    assert_says(refused(db, schema![v2::User]).await, &["format 99", "upgrade schemasync", "Nothing was changed"]);
});

scenario!(sqlite: the_claims_of_another_namespace_are_corrupt, |db| {
    db.sync_with(schema![v1::User], |sync| sync.namespace("billing")).await;
    db.exec("UPDATE __schemasync_state SET claims = '{'").await;
    assert_says(refused(db, schema![v2::User]).await, &["billing", "claims"]);
});

scenario!(sqlite: a_read_only_database, |db| {
    db.sync(schema![v1::User]).await;
    let bytes = db.bytes();
    let pool = SqlitePoolOptions::new().connect_with(db.options().read_only(true)).await.unwrap();
    let same = SchemaSync::new(&pool).schema(schema![v1::User]).run_report().await.unwrap();
    assert_eq!(same.status, schemasync::RunStatus::UpToDate, "nothing to write, nothing to complain about");
    let plan = SchemaSync::new(&pool).schema(schema![v2::User]).plan().await.unwrap();
    assert!(!plan.is_empty());
    let error = SchemaSync::new(&pool).schema(schema![v2::User]).run_report().await.unwrap_err();
    assert_says(error.to_string(), &["readonly"]);
    assert_eq!(db.bytes(), bytes);
});

scenario!(sqlite: a_missing_directory, |db| {
    let path = db.path().parent().unwrap().join("nowhere").join("test.db");
    let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let pool = SqlitePoolOptions::new().connect_lazy_with(options);
    let error = SchemaSync::new(&pool).schema(schema![v1::User]).run_report().await.unwrap_err();
    assert!(matches!(error, Error::Database { .. }), "{error}");
    assert_says(error.to_string(), &["connecting to the database", "unable to open"]);
    assert!(!path.parent().unwrap().exists());
});

scenario!(sqlite: a_file_that_is_no_database, |db| {
    let path = db.path().with_file_name("letter.txt");
    std::fs::write(&path, "Dear reader, this is not a database. ".repeat(100)).unwrap();
    let before = std::fs::read(&path).unwrap();
    let pool = SqlitePoolOptions::new().connect_lazy_with(SqliteConnectOptions::new().filename(&path));
    let error = SchemaSync::new(&pool).schema(schema![v1::User]).run_report().await.unwrap_err();
    assert_says(error.to_string(), &["not a database"]);
    assert_eq!(std::fs::read(&path).unwrap(), before);
});

scenario!(sqlite: a_closed_pool, |db| {
    let pool = SqlitePoolOptions::new().connect_with(db.options()).await.unwrap();
    pool.close().await;
    let error = SchemaSync::new(&pool).schema(schema![v1::User]).run_report().await.unwrap_err();
    assert_says(error.to_string(), &["connecting to the database"]);
});
