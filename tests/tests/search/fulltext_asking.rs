//! O2: how full-text indexes are asked, and in which language, on both databases from the same structs.

use schemasync::dialect::Dialect as _;
use schemasync::search::{Fulltext, Search, SearchError};
use schemasync::{Schema, schema};
use schemasync_tests::{TestDatabase, assert_says, errors, scenario};

mod articles {
    #[derive(schemasync::DbTable)]
    #[db(table = "articles")]
    pub struct Article {
        #[db(id)]
        pub id: i64,
        #[db(index(fulltext, name = "text", language = "english", weight = 10))]
        pub title: String,
        #[db(index(fulltext, name = "text"))]
        pub body: Option<String>,
        #[db(max_length = 40, index(fulltext))]
        pub tag: String,
    }
}

mod by_code {
    #[derive(schemasync::DbTable)]
    #[db(table = "articles")]
    pub struct Article {
        #[db(id)]
        pub code: String,
        pub id: i64,
        #[db(index(fulltext, name = "text", language = "english", weight = 10))]
        pub title: String,
        #[db(index(fulltext, name = "text"))]
        pub body: Option<String>,
    }
}

const ROWS: &str = "(1, 'Running a river', 'The Danube flows'), (2, 'Mountains', 'Rivers run from them, and a \"NOT\" runs'), (3, 'It''s sand', NULL)";

/// Binds the words as a text of the database's own: what a driver sends apart is quoted here.
fn ask(search: &Fulltext, words: &str) -> String {
    let words = format!("'{}'", search.words(words).replace('\'', "''"));
    let sql = format!(
        "SELECT articles.id FROM {} WHERE {} ORDER BY {}, articles.id",
        search.from(),
        search.condition(),
        search.order()
    );
    sql.replace("?7", &words).replace("$7", &words)
}

async fn found<D: TestDatabase>(db: &D, search: &Fulltext, words: &str) -> Vec<String> {
    db.rows(&ask(search, words)).await.into_iter().map(|row| row[0].clone()).collect()
}

async fn asks<D: TestDatabase>(db: &D, search: &Fulltext) {
    // The stem of a word is found, and the title weighs more.
    assert_eq!(found(db, search, "river").await, ["1", "2"]);
    assert_eq!(found(db, search, "runs").await, ["1", "2"]);
    assert_eq!(found(db, search, "river danube").await, ["1"]);
    assert_eq!(found(db, search, "river sand").await, Vec::<String>::new());
    assert_eq!(found(db, search, "it's sand").await, ["3"]);
    // What looks like an operator is a word, or nothing.
    for words in [
        "",
        " ",
        "\"",
        "river\"",
        "river AND",
        "NOT",
        "(",
        "river*",
        "title:",
        "a'b",
        "-",
        "^x",
        "river | & !",
        "\0",
        "NEAR(",
        "%_\\",
        "{x}:",
        "river OR danube",
        "日本",
    ] {
        found(db, search, words).await;
    }
    assert_eq!(found(db, search, "river OR sand").await, Vec::<String>::new());
}

scenario!(sqlite: o2_asking_finds_words_and_cannot_be_broken, |db| {
    let model = schema![articles::Article];
    db.sync(model.clone()).await;
    db.exec("INSERT INTO articles (id, title, body, tag) SELECT *, 'x' FROM (VALUES (1, 'Running a river', 'The Danube flows'), (2, 'Mountains', 'Rivers run from them, and a \"NOT\" runs'), (3, 'It''s sand', NULL))").await;
    asks(db, &Search::sqlite(&model).fulltext("articles", "text", 7).expect("the index is there")).await;
});

scenario!(sqlite: o2_asking_finds_the_rows_of_a_table_with_a_text_key, |db| {
    let model = schema![by_code::Article];
    db.sync(model.clone()).await;
    db.exec(&format!("INSERT INTO articles (code, id, title, body) SELECT 'k' || column1, * FROM (VALUES {ROWS})")).await;
    asks(db, &Search::sqlite(&model).fulltext("articles", "text", 7).expect("the index is there")).await;
});

scenario!(postgres: o2_asking_finds_words_and_uses_the_index, |db| {
    let model = schema![articles::Article];
    db.sync(model.clone()).await;
    db.exec(&format!("INSERT INTO articles (id, title, body, tag) SELECT id, title, body, 'x' FROM (VALUES {ROWS}) AS v(id, title, body)")).await;
    let search = Search::postgres(&model).fulltext("articles", "text", 7).expect("the index is there");
    asks(db, &search).await;
    for (index, tag) in [("text", "river"), ("tag", "x")] {
        let search = Search::postgres(&model).fulltext("articles", index, 7).expect("the index is there");
        let plan = db.rows(&format!("EXPLAIN {}", ask(&search, tag))).await;
        db.exec(&format!("INSERT INTO articles (id, title, body, tag) SELECT 100 + n, 'noise ' || n, NULL, 'y' FROM generate_series(1, 5000) AS n WHERE '{index}' = 'text'; ANALYZE articles")).await;
        let plan_again = db.rows(&format!("EXPLAIN {}", ask(&search, tag))).await;
        assert_says(format!("{plan:?}{plan_again:?}"), &[&format!("schemasync__fulltext__articles__{index}")]);
    }
});

mod other_language {
    #[derive(schemasync::DbTable)]
    #[db(table = "articles")]
    pub struct Article {
        #[db(id)]
        pub id: i64,
        #[db(index(fulltext, name = "text", language = "simple", weight = 10))]
        pub title: String,
        #[db(index(fulltext, name = "text"))]
        pub body: Option<String>,
        #[db(max_length = 40, index(fulltext))]
        pub tag: String,
    }
}

scenario!(sqlite: o2_another_language_changes_the_index, |db| {
    db.sync(schema![articles::Article]).await;
    db.sync(schema![other_language::Article]).await;
    assert_says(db.sql_of("schemasync__fulltext__articles__text").await, &["unicode61"]);
    assert!(!db.sql_of("schemasync__fulltext__articles__text").await.contains("porter"));
    db.assert_like_new(schema![other_language::Article]).await;
});

scenario!(postgres: o2_another_language_changes_the_index_once, |db| {
    db.sync(schema![articles::Article]).await;
    let report = db.sync(schema![other_language::Article]).await;
    assert_eq!(schemasync_tests::found(&report.entries, "articles").indexes_created, ["schemasync__fulltext__articles__text"]);
    assert_says(db.indexes("articles").await.join("\n"), &["'simple'"]);
    db.assert_like_new(schema![other_language::Article]).await;
});

mod unknown_language {
    #[derive(schemasync::DbTable)]
    #[db(table = "articles")]
    pub struct Article {
        #[db(id)]
        pub id: i64,
        #[db(index(fulltext, name = "text", language = "klingon"))]
        pub title: String,
    }
}

scenario!(postgres: o2_a_language_that_the_server_does_not_have_is_an_error_before_anything_is_done, |db| {
    let plan = db.plan(schema![unknown_language::Article]).await;
    assert_says(schemasync_tests::found(&plan.entries, "articles").errors.join("\n"), &["klingon"]);
    let report = db.run(schema![unknown_language::Article]).await;
    assert_says(errors(&report, "articles"), &["klingon"]);
    assert_eq!(db.tables().await, Vec::<String>::new());
});

scenario!(sqlite: o2_a_language_without_stems_is_told_and_its_words_are_found_as_they_are, |db| {
    let report = db.sync(schema![unknown_language::Article]).await;
    assert_says(report.to_string(), &["klingon", "as they are written"]);
    db.exec("INSERT INTO articles VALUES (1, 'Qapla batlh')").await;
    let model = schema![unknown_language::Article];
    let search = Search::sqlite(&model).fulltext("articles", "text", 7).expect("the index is there");
    assert_eq!(found(db, &search, "qapla").await, ["1"]);
});

/// What `pull` and `dump` begin with: the model of the live database plans to nothing against it, and has the index as the structs say it.
async fn raised<D: TestDatabase>(db: &D) -> Schema {
    db.sync(schema![articles::Article]).await;
    let (raised, notes) = Schema::from_database(db.handle()).await.expect("reading the database");
    assert_eq!(notes, Vec::<String>::new());
    let plan = db.plan(raised.clone()).await;
    assert!(plan.is_empty(), "{plan}");
    raised
}

fn says_the_index(raised: &Schema) {
    let table = raised.tables.iter().find(|table| table.name == "articles").expect("the table");
    let index = table.indexes.iter().find(|index| index.name == "text").expect("the index");
    assert_eq!(index.language.as_deref(), Some("english"));
    assert!(index.parts[0].weight > index.parts[1].weight, "{index:?}");
}

scenario!(sqlite: o2_a_dump_says_a_fulltext_index, |db| {
    says_the_index(&raised(db).await);
});

scenario!(postgres: o2_a_dump_says_a_fulltext_index_of_postgres, |db| {
    says_the_index(&raised(db).await);
});

#[test]
fn o2_what_is_not_there_cannot_be_asked() {
    let model = schema![articles::Article];
    let search = Search::sqlite(&model);
    assert!(matches!(search.fulltext("nothing", "text", 1), Err(SearchError::NoTable { .. })));
    let Err(error) = search.fulltext("articles", "title", 1) else { panic!("there is no such index") };
    assert_says(error.to_string(), &["articles", "title", "tag"]);
    assert_eq!(schemasync::dialect::sqlite::Sqlite::new("").search_words("a\"b c"), "\"a\"\"b\" \"c\"");
}
