//! O2 on SQLite: the FTS5 tables of a model's full-text indexes come, change and go with their tables.

use schemasync::schema;
use schemasync_tests::{Sqlite, TestDatabase, assert_says, found, scenario};

/// The ids that a search finds, best first, by the way that a program takes: from the index to the table.
async fn search(db: &Sqlite, index: &str, table: &str, words: &str) -> Vec<String> {
    let sql = format!(
        "SELECT t.id FROM \"{index}\" AS f JOIN {table} AS t ON t.id = f.rowid WHERE f.\"{index}\" MATCH '{words}' ORDER BY f.rank, t.id"
    );
    db.rows(&sql).await.into_iter().map(|row| row[0].clone()).collect()
}

const ARTICLES: &str = "schemasync__fulltext__articles__text";

mod articles {
    #[derive(schemasync::DbTable)]
    #[db(table = "articles")]
    pub struct Article {
        #[db(id)]
        pub id: i64,
        #[db(index(fulltext, name = "text", weight = 10))]
        pub title: String,
        #[db(index(fulltext, name = "text"))]
        pub body: Option<String>,
        #[db(unique)]
        pub slug: String,
    }
}

mod without_search {
    #[derive(schemasync::DbTable)]
    #[db(table = "articles")]
    pub struct Article {
        #[db(id)]
        pub id: i64,
        pub title: String,
        pub body: Option<String>,
        #[db(unique)]
        pub slug: String,
    }
}

async fn fill(db: &Sqlite) {
    db.exec(
        "INSERT INTO articles (id, title, body, slug) VALUES
         (1, 'Rivers of Europe', 'The Danube flows through ten countries', 'rivers'),
         (2, 'Mountains', 'Rivers begin in the mountains', 'mountains'),
         (3, 'Deserts', NULL, 'deserts')",
    )
    .await;
}

scenario!(sqlite: o2_a_fulltext_index_comes_over_rows_follows_them_and_goes, |db| {
    db.sync(schema![without_search::Article]).await;
    fill(db).await;
    let report = db.sync(schema![articles::Article]).await;
    assert_eq!(found(&report.entries, "articles").indexes_created, [ARTICLES]);
    // The title weighs ten times as much as the body.
    assert_eq!(search(db, ARTICLES, "articles", "rivers").await, ["1", "2"]);
    db.exec("UPDATE articles SET title = 'Hills' WHERE id = 1").await;
    db.exec("DELETE FROM articles WHERE id = 2").await;
    db.exec("INSERT INTO articles (id, title, slug) VALUES (4, 'River boats', 'boats')").await;
    assert_eq!(search(db, ARTICLES, "articles", "rivers").await, Vec::<String>::new());
    assert_eq!(search(db, ARTICLES, "articles", "river* OR danube").await, ["4", "1"]);
    assert_eq!(db.damage().await, Vec::<String>::new());

    let report = db.sync_with(schema![without_search::Article], |sync| sync.allow_revert(true)).await;
    assert_eq!(found(&report.entries, "articles").indexes_dropped, [ARTICLES]);
    assert_eq!(db.value("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%fulltext%'").await, "0");
    db.assert_like_new(schema![without_search::Article]).await;
});

scenario!(sqlite: o2_a_fulltext_index_is_created_and_dropped_with_its_table, |db| {
    db.sync(schema![articles::Article]).await;
    fill(db).await;
    assert_eq!(search(db, ARTICLES, "articles", "danube").await, ["1"]);
    mod other {
        #[derive(schemasync::DbTable)]
        #[db(table = "notes")]
        pub struct Note {
            #[db(id)]
            pub id: i64,
        }
    }
    db.sync(schema![other::Note]).await;
    assert_eq!(db.value("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%articles%'").await, "0");
    db.assert_like_new(schema![other::Note]).await;
});

scenario!(sqlite: o2_a_fulltext_index_follows_the_renames_of_its_table_and_columns, |db| {
    db.sync(schema![articles::Article]).await;
    fill(db).await;
    mod renamed {
        #[derive(schemasync::DbTable)]
        #[db(table = "posts", renamed = "articles")]
        pub struct Post {
            #[db(id)]
            pub id: i64,
            #[db(renamed = "title", index(fulltext, name = "text", weight = 10))]
            pub headline: String,
            #[db(index(fulltext, name = "text"))]
            pub body: Option<String>,
            #[db(renamed = "slug", unique)]
            pub path: String,
        }
    }
    db.sync(schema![renamed::Post]).await;
    let index = "schemasync__fulltext__posts__text";
    assert_eq!(search(db, index, "posts", "headline : rivers").await, ["1"]);
    assert_eq!(search(db, index, "posts", "rivers").await, ["1", "2"]);
    db.exec("INSERT OR REPLACE INTO posts (id, headline, path) VALUES (9, 'Lakes', 'rivers')").await;
    assert_eq!(search(db, index, "posts", "danube").await, Vec::<String>::new());
    assert_eq!(db.value("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%articles%'").await, "0");
    db.assert_like_new(schema![renamed::Post]).await;
});

scenario!(sqlite: o2_a_fulltext_index_is_there_again_after_its_table_is_rebuilt, |db| {
    db.sync(schema![articles::Article]).await;
    fill(db).await;
    mod rebuilt {
        #[derive(schemasync::DbTable)]
        #[db(table = "articles", sync_method = recreate)]
        pub struct Article {
            #[db(id)]
            pub id: i64,
            #[db(index(fulltext, name = "text", weight = 10))]
            pub title: String,
            #[db(index(fulltext, name = "text"), default = "")]
            pub body: String,
            #[db(unique)]
            pub slug: String,
        }
    }
    db.sync(schema![rebuilt::Article]).await;
    assert_eq!(search(db, ARTICLES, "articles", "danube").await, ["1"]);
    db.exec("UPDATE articles SET body = 'sand' WHERE id = 3").await;
    assert_eq!(search(db, ARTICLES, "articles", "sand").await, ["3"]);
    db.assert_like_new(schema![rebuilt::Article]).await;
});

scenario!(sqlite: o2_changed_weights_and_columns_change_the_index, |db| {
    db.sync(schema![articles::Article]).await;
    fill(db).await;
    mod weighted {
        #[derive(schemasync::DbTable)]
        #[db(table = "articles")]
        pub struct Article {
            #[db(id)]
            pub id: i64,
            #[db(index(fulltext, name = "text"))]
            pub title: String,
            #[db(index(fulltext, name = "text", weight = 100))]
            pub body: Option<String>,
            #[db(unique)]
            pub slug: String,
        }
    }
    db.sync(schema![weighted::Article]).await;
    assert_eq!(search(db, ARTICLES, "articles", "rivers").await, ["2", "1"]);
    mod one_column {
        #[derive(schemasync::DbTable)]
        #[db(table = "articles")]
        pub struct Article {
            #[db(id)]
            pub id: i64,
            #[db(index(fulltext, name = "text"))]
            pub title: String,
            #[db(unique)]
            pub slug: String,
        }
    }
    db.sync(schema![one_column::Article]).await;
    assert_eq!(search(db, ARTICLES, "articles", "rivers").await, ["1"]);
    assert_eq!(search(db, ARTICLES, "articles", "danube").await, Vec::<String>::new());
    db.assert_like_new(schema![one_column::Article]).await;
});

scenario!(sqlite: o2_what_somebody_changed_of_a_fulltext_index_is_drift_and_restored, |db| {
    let model = || schema![articles::Article];
    db.sync(model()).await;
    fill(db).await;
    let fresh = db.dump().await;
    for (at, change) in [
        format!("DROP TRIGGER {ARTICLES}__after_insert"),
        format!("DROP TABLE {ARTICLES}"),
        format!("DROP TABLE {ARTICLES}__replaced"),
        format!("INSERT INTO {ARTICLES} ({ARTICLES}, rank) VALUES ('rank', 'bm25(1, 10)')"),
        format!("DROP TRIGGER {ARTICLES}__after_delete; CREATE TRIGGER {ARTICLES}__after_delete AFTER DELETE ON articles BEGIN SELECT 1; END"),
    ]
    .into_iter()
    .enumerate()
    {
        db.exec(&change).await;
        let drift = db.syncing(&model()).drift().await.expect("drift");
        assert!(!drift.is_empty(), "{change} is not seen");
        // What came while the trigger was not there is found afterwards.
        db.try_exec(&format!("INSERT INTO articles (id, title, slug) VALUES (1{at}, 'Volcano {at}', 'v{at}')")).await.ok();
        db.sync_with(model(), |sync| sync.force(true)).await;
        assert_eq!(db.dump().await, fresh, "after {change}");
        let there = db.value(&format!("SELECT count(*) FROM articles WHERE id = 1{at}")).await;
        assert_eq!(search(db, ARTICLES, "articles", &format!("volcano AND {at}")).await.len().to_string(), there);
    }
});

scenario!(sqlite: m1_fulltext_tables_of_others_stay_untouched, |db| {
    db.exec("CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT NOT NULL, body TEXT, slug TEXT NOT NULL)").await;
    db.exec("CREATE VIRTUAL TABLE articles_search USING fts5(title, content='articles', content_rowid='id')").await;
    db.exec("CREATE TRIGGER own AFTER INSERT ON articles BEGIN INSERT INTO articles_search(rowid, title) VALUES (new.id, new.title); END").await;
    fill(db).await;
    let report = db.sync(schema![articles::Article]).await;
    assert_eq!(db.value("SELECT count(*) FROM articles_search('rivers')").await, "1");
    assert_eq!(search(db, ARTICLES, "articles", "rivers").await, ["1", "2"]);
    assert_says(report.to_string(), &["articles_search"]);
    db.exec("INSERT INTO articles (id, title, slug) VALUES (4, 'Seas', 'seas')").await;
    assert_eq!(db.value("SELECT count(*) FROM articles_search('seas')").await, "1");
    db.sync(schema![without_search::Article]).await;
    assert_eq!(db.value("SELECT count(*) FROM articles_search('seas')").await, "1");
});

scenario!(sqlite: m3_several_indexes_on_a_table_and_long_names, |db| {
    mod several {
        #[derive(schemasync::DbTable)]
        #[db(table = "a_table_with_a_rather_long_name_that_says_what_is_in_it_and_then_some_more")]
        #[db(index(columns(title, body), fulltext))]
        #[db(index(columns(title), fulltext, name = "only the \"title\""))]
        pub struct Article {
            #[db(id)]
            pub id: i64,
            #[db(index(fulltext))]
            pub body: String,
            pub title: String,
        }
    }
    db.sync(schema![several::Article]).await;
    let table = "a_table_with_a_rather_long_name_that_says_what_is_in_it_and_then_some_more";
    db.exec(&format!("INSERT INTO {table} (id, body, title) VALUES (1, 'in the body', 'as a title')")).await;
    for (index, words, found) in
        [("body", "body", 1), ("body", "title", 0), ("title_body", "title body", 1), ("only the \"\"title\"\"", "title", 1)]
    {
        let index = format!("schemasync__fulltext__{table}__{index}");
        let count = db.value(&format!("SELECT count(*) FROM \"{index}\" WHERE \"{index}\" MATCH '{words}'")).await;
        assert_eq!(count, found.to_string(), "{index} {words}");
    }
});

scenario!(sqlite: o2_two_tables_that_swap_their_names_keep_their_indexes_apart, |db| {
    mod before {
        #[derive(schemasync::DbTable)]
        #[db(table = "a")]
        pub struct A {
            #[db(id)]
            pub id: i64,
            #[db(index(fulltext))]
            pub text: String,
        }
        #[derive(schemasync::DbTable)]
        #[db(table = "b")]
        pub struct B {
            #[db(id)]
            pub id: String,
            #[db(index(fulltext))]
            pub text: String,
        }
    }
    mod after {
        #[derive(schemasync::DbTable)]
        #[db(table = "b", renamed = "a")]
        pub struct A {
            #[db(id)]
            pub id: i64,
            #[db(index(fulltext))]
            pub text: String,
        }
        #[derive(schemasync::DbTable)]
        #[db(table = "c", renamed = "b")]
        pub struct B {
            #[db(id)]
            pub id: String,
            #[db(index(fulltext))]
            pub text: String,
        }
    }
    db.sync(schema![before::A, before::B]).await;
    db.exec("INSERT INTO a VALUES (1, 'from a'); INSERT INTO b VALUES ('x', 'from b')").await;
    db.sync(schema![after::A, after::B]).await;
    assert_eq!(search(db, "schemasync__fulltext__b__text", "b", "a").await, ["1"]);
    let by_key = "SELECT t.id FROM schemasync__fulltext__c__text AS f JOIN schemasync__fulltext__c__text__keys AS k ON k.docid = f.rowid JOIN c AS t ON t.id = k.id WHERE f.schemasync__fulltext__c__text MATCH 'b'";
    assert_eq!(db.value(by_key).await, "'x'");
    db.assert_like_new(schema![after::A, after::B]).await;
});

scenario!(sqlite: o2_an_index_follows_another_primary_key_and_rows_that_are_dropped, |db| {
    mod by_number {
        #[derive(schemasync::DbTable)]
        #[db(table = "notes", sync_method = recreate)]
        pub struct Note {
            #[db(id)]
            pub id: i64,
            pub code: String,
            #[db(index(fulltext))]
            pub text: String,
        }
    }
    mod by_code {
        #[derive(schemasync::DbTable)]
        #[db(table = "notes", sync_method = recreate)]
        pub struct Note {
            pub id: i64,
            #[db(id)]
            pub code: String,
            #[db(index(fulltext))]
            pub text: String,
        }
    }
    mod emptied {
        #[derive(schemasync::DbTable)]
        #[db(table = "notes", sync_method = drop)]
        pub struct Note {
            pub id: String,
            #[db(id)]
            pub code: String,
            #[db(index(fulltext))]
            pub text: String,
        }
    }
    db.sync(schema![by_number::Note]).await;
    db.exec("INSERT INTO notes VALUES (1, 'one', 'first words'), (2, 'two', 'second words')").await;
    db.sync(schema![by_code::Note]).await;
    let found = "SELECT k.code FROM schemasync__fulltext__notes__text AS f JOIN schemasync__fulltext__notes__text__keys AS k ON k.docid = f.rowid WHERE f.schemasync__fulltext__notes__text MATCH 'second'";
    assert_eq!(db.value(found).await, "'two'");
    db.exec("UPDATE notes SET code = 'zwei' WHERE code = 'two'").await;
    assert_eq!(db.value(found).await, "'zwei'");
    db.sync(schema![emptied::Note]).await;
    assert_eq!(db.value("SELECT count(*) FROM schemasync__fulltext__notes__text('words')").await, "0");
    db.assert_like_new(schema![emptied::Note]).await;
});

scenario!(sqlite: p1_safe_mode_keeps_the_index_of_a_table_that_it_keeps, |db| {
    db.sync(schema![articles::Article]).await;
    fill(db).await;
    mod other {
        #[derive(schemasync::DbTable)]
        #[db(table = "notes")]
        pub struct Note {
            #[db(id)]
            pub id: i64,
        }
    }
    let report = db.syncing(&schema![other::Note]).safe(true).run_report().await.expect("a run");
    assert!(!report.has_errors(), "{report}");
    db.exec("INSERT INTO articles (id, title, slug) VALUES (4, 'Seas', 'seas')").await;
    assert_eq!(search(db, ARTICLES, "articles", "seas").await, ["4"]);
    db.sync(schema![other::Note]).await;
    db.assert_like_new(schema![other::Note]).await;
});

scenario!(sqlite: p4_the_script_of_a_plan_makes_a_fulltext_index_and_takes_it_along, |db| {
    db.sync(schema![without_search::Article]).await;
    fill(db).await;
    let script = db.plan(schema![articles::Article]).await.to_sql();
    match db.run_script(&script).await {
        Some(done) => done.unwrap_or_else(|error| panic!("{error}\n{script}")),
        None => return,
    }
    assert_eq!(search(db, ARTICLES, "articles", "rivers").await, ["1", "2"]);
    let report = db.run(schema![articles::Article]).await;
    assert_eq!(report.statements, Vec::<String>::new());
});

scenario!(sqlite: s4_another_namespace_leaves_a_fulltext_index_alone, |db| {
    mod other {
        #[derive(schemasync::DbTable)]
        #[db(table = "notes")]
        pub struct Note {
            #[db(id)]
            pub id: i64,
            #[db(index(fulltext, name = "text"))]
            pub title: String,
        }
    }
    db.sync(schema![articles::Article]).await;
    fill(db).await;
    db.sync_with(schema![other::Note], |sync| sync.namespace("other")).await;
    assert_eq!(search(db, ARTICLES, "articles", "rivers").await, ["1", "2"]);
    db.assert_settled(&schema![articles::Article]).await;
});

scenario!(sqlite: o2_a_table_without_a_key_and_a_reserved_name_have_no_fulltext_index, |db| {
    mod keyless {
        #[derive(schemasync::DbTable)]
        #[db(table = "lines")]
        pub struct Line {
            #[db(index(fulltext))]
            pub text: String,
        }
        #[derive(schemasync::DbTable)]
        #[db(table = "ranks")]
        pub struct Rank {
            #[db(id)]
            pub id: i64,
            #[db(index(fulltext))]
            pub rank: String,
        }
    }
    let report = db.sync(schema![keyless::Line, keyless::Rank]).await;
    assert_says(report.to_string(), &["primary key", "\"rank\""]);
    assert_eq!(db.value("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%fulltext%'").await, "0");
});
