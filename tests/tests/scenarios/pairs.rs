//! Changes that meet in one run.

use schemasync::{EntryStatus, RunStatus, schema};
use schemasync_tests::{Feature, assert_says, errors, found, scenario};

mod v1 {
    use schemasync::{DbTable, DbView};

    #[derive(DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        #[db(unique)]
        pub email: String,
        pub age: String,
        #[db(index(name = "place"))]
        pub country: Option<String>,
        #[db(index(name = "place"))]
        pub city: Option<String>,
    }

    #[derive(DbTable)]
    #[db(table = "posts")]
    pub struct Post {
        #[db(id)]
        pub id: i64,
        #[db(fk = User::id, on_delete = cascade, index)]
        pub user_id: i64,
        pub stars: String,
    }

    #[derive(DbTable)]
    #[db(table = "comments")]
    pub struct Comment {
        #[db(id)]
        pub id: i64,
        #[db(fk = Post::id, on_delete = cascade)]
        pub post_id: i64,
    }

    #[derive(DbView)]
    #[db(view = "names", sql = "SELECT id, email, city FROM users")]
    pub struct Names {
        pub id: i64,
        pub email: String,
        pub city: Option<String>,
    }
}

const ROWS: &str = "INSERT INTO users VALUES (1, 'a', '30', 'fr', 'nice'), (2, 'b', '31', NULL, NULL);
INSERT INTO posts VALUES (10, 1, '5'), (11, 2, '4'), (12, 2, '3')";

scenario!(sqlite: renames_and_a_rebuild_with_triggers_indexes_and_views_of_theirs, |db| {
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "people", renamed = "users", sync_method = recreate)]
        pub struct Person {
            #[db(id)]
            pub id: i64,
            #[db(unique, renamed = "email")]
            pub mail: String,
            pub age: i64,
            #[db(index(name = "place"))]
            pub country: Option<String>,
            #[db(index(name = "place"))]
            pub city: Option<String>,
        }
    }
    db.sync(schema![v1::User]).await;
    db.exec("CREATE TABLE log (what TEXT)").await;
    db.exec("CREATE TRIGGER added AFTER INSERT ON users WHEN new.email <> '' BEGIN INSERT INTO log VALUES (new.email); END").await;
    db.exec("CREATE TRIGGER logged AFTER INSERT ON log BEGIN UPDATE users SET city = 'logged' WHERE email = new.what; END").await;
    db.exec("CREATE INDEX theirs ON users (lower(email), age DESC) WHERE email IS NOT NULL").await;
    db.exec("CREATE VIEW their_view AS SELECT u.email AS e FROM users AS u WHERE u.age > '0'").await;
    db.exec("INSERT INTO users VALUES (1, 'a', '30', NULL, NULL)").await;
    db.sync(schema![v2::Person]).await;
    db.exec("INSERT INTO people VALUES (2, 'b', 31, NULL, NULL)").await;
    assert_eq!(
        db.rows("SELECT id, mail, age, city FROM people ORDER BY id").await,
        [["1", "'a'", "30", "'logged'"], ["2", "'b'", "31", "'logged'"]]
    );
    assert_eq!(db.rows("SELECT what FROM log").await, [["'a'"], ["'b'"]]);
    assert_says(db.dump().await, &["trigger added on people", "index theirs: (expression, age desc)", "lower ( mail )"]);
    assert_eq!(db.rows("SELECT count(*) FROM their_view").await, [["2"]]);
});

scenario!(a_dropped_column_and_the_view_that_read_it, |db| {
    mod v2 {
        use schemasync::{DbTable, DbView};

        #[derive(DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(unique)]
            pub email: String,
            pub age: String,
        }
        #[derive(DbView)]
        #[db(view = "names", sql = "SELECT id, email FROM users")]
        pub struct Names {
            pub id: i64,
            pub email: String,
        }
    }
    db.sync(schema![v1::User, v1::Names]).await;
    db.exec("INSERT INTO users VALUES (1, 'a', '30', 'fr', 'nice')").await;
    db.sync(schema![v2::User, v2::Names]).await;
    assert_eq!(db.rows("SELECT * FROM names").await, [["1", "'a'"]]);
    assert_eq!(db.columns("users").await, ["id", "email", "age"]);
    db.assert_like_new(schema![v2::User, v2::Names]).await;
});

scenario!(a_new_column_and_the_view_that_reads_it, |db| {
    mod v2 {
        use schemasync::{DbTable, DbView};

        #[derive(DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(unique)]
            pub email: String,
            pub age: String,
            #[db(index(name = "place"))]
            pub country: Option<String>,
            #[db(index(name = "place"), renamed = "city")]
            pub town: Option<String>,
            #[db(default = "free")]
            pub plan: String,
        }
        #[derive(DbView)]
        #[db(view = "names", sql = "SELECT id, town, plan FROM users")]
        pub struct Names {
            pub id: i64,
            pub town: Option<String>,
            pub plan: String,
        }
    }
    db.sync(schema![v1::User, v1::Names]).await;
    db.exec("INSERT INTO users VALUES (1, 'a', '30', 'fr', 'nice')").await;
    db.sync(schema![v2::User, v2::Names]).await;
    assert_eq!(db.rows("SELECT * FROM names").await, [["1", "'nice'", "'free'"]]);
    db.assert_like_new(schema![v2::User, v2::Names]).await;
});

scenario!(a_renamed_column_under_a_view_that_is_not_changed, |db| {
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(unique)]
            pub email: String,
            pub age: String,
            #[db(index(name = "place"))]
            pub country: Option<String>,
            #[db(index(name = "place"), renamed = "city")]
            pub town: Option<String>,
        }
    }
    db.sync(schema![v1::User, v1::Names]).await;
    db.exec("INSERT INTO users VALUES (1, 'a', '30', 'fr', 'nice')").await;
    // The model's text of the view names a column that is gone: that is an error of the view, and nothing else breaks.
    let report = db.run(schema![v2::User, v1::Names]).await;
    assert!(report.has_errors(), "{report}");
    assert_eq!(db.rows("SELECT id, email FROM users").await, [["1", "'a'"]]);
    db.rows("SELECT id FROM names").await;
});

mod rebuilt {
    use schemasync::DbTable;

    #[derive(DbTable)]
    #[db(table = "users", sync_method = recreate)]
    pub struct User {
        #[db(id)]
        pub id: i64,
        #[db(unique)]
        pub email: String,
        pub age: i64,
        #[db(index(name = "place"))]
        pub country: Option<String>,
        #[db(index(name = "place"))]
        pub city: Option<String>,
    }

    #[derive(DbTable)]
    #[db(table = "posts", sync_method = recreate)]
    pub struct Post {
        #[db(id)]
        pub id: i64,
        #[db(fk = User::id, on_delete = cascade, index)]
        pub user_id: i64,
        pub stars: i64,
    }

    #[derive(DbTable)]
    #[db(table = "comments")]
    pub struct Comment {
        #[db(id)]
        pub id: i64,
        #[db(fk = Post::id, on_delete = cascade)]
        pub post_id: i64,
    }
}

scenario!(parents_and_children_rebuilt_under_cascade_lose_nothing, |db| {
    db.sync(schema![v1::User, v1::Post, v1::Comment]).await;
    db.exec(ROWS).await;
    db.exec("INSERT INTO comments VALUES (100, 10), (101, 12)").await;
    db.sync(schema![rebuilt::User, rebuilt::Post, rebuilt::Comment]).await;
    assert_eq!(
        db.rows("SELECT * FROM posts ORDER BY id").await,
        [["10", "1", "5"], ["11", "2", "4"], ["12", "2", "3"]]
    );
    assert_eq!(db.rows("SELECT * FROM comments ORDER BY id").await, [["100", "10"], ["101", "12"]]);
    db.exec("DELETE FROM users WHERE id = 2").await;
    assert_eq!(db.rows("SELECT id FROM comments").await, [["100"]]);
    db.assert_like_new(schema![rebuilt::User, rebuilt::Post, rebuilt::Comment]).await;
});

scenario!(a_parent_that_cannot_be_rebuilt_keeps_its_children, |db| {
    db.sync(schema![v1::User, v1::Post, v1::Comment]).await;
    db.exec(ROWS).await;
    db.exec("UPDATE users SET age = 'old' WHERE id = 2").await;
    let report = db.run(schema![rebuilt::User, rebuilt::Post, rebuilt::Comment]).await;
    assert_says(errors(&report, "users"), &["old"]);
    assert_eq!(db.value("SELECT count(*) FROM posts").await, "3");
    assert_eq!(db.foreign_keys("posts").await, ["(user_id) -> users(id) on delete cascade"]);
    db.exec("UPDATE users SET age = '31' WHERE id = 2").await;
    db.sync(schema![rebuilt::User, rebuilt::Post, rebuilt::Comment]).await;
    assert_eq!(db.rows("SELECT stars FROM posts ORDER BY id").await, [["5"], ["4"], ["3"]]);
});

scenario!(two_tables_with_an_index_of_one_name_both_rebuilt, |db| {
    mod before {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "a")]
        pub struct A {
            #[db(id)]
            pub id: i64,
            #[db(index(name = "same"))]
            pub n: String,
        }
        #[derive(DbTable)]
        #[db(table = "b")]
        pub struct B {
            #[db(id)]
            pub id: i64,
            #[db(index(name = "same"))]
            pub n: String,
        }
    }
    mod after {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "b", renamed = "a", sync_method = recreate)]
        pub struct B {
            #[db(id)]
            pub id: i64,
            #[db(index(name = "same"))]
            pub n: i64,
        }
        #[derive(DbTable)]
        #[db(table = "c", renamed = "b", sync_method = recreate)]
        pub struct C {
            #[db(id)]
            pub id: i64,
            #[db(index(name = "same"))]
            pub n: i64,
        }
    }
    db.sync(schema![before::A, before::B]).await;
    db.exec("INSERT INTO a VALUES (1, '10'); INSERT INTO b VALUES (2, '20')").await;
    db.sync(schema![after::B, after::C]).await;
    assert_eq!(db.rows("SELECT * FROM b").await, [["1", "10"]], "a → b, after b → c");
    assert_eq!(db.rows("SELECT * FROM c").await, [["2", "20"]]);
    assert_eq!(db.tables().await, ["b", "c"]);
    assert_eq!(db.indexes("b").await, ["schemasync__b__same: (n)"]);
    assert_eq!(db.indexes("c").await, ["schemasync__c__same: (n)"]);
});

scenario!(a_renamed_table_a_renamed_column_a_type_and_a_new_key, |db| {
    mod v2 {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "accounts", renamed = "users", sync_method = recreate)]
        pub struct Account {
            #[db(id, renamed = "id")]
            pub account_id: i64,
            #[db(unique)]
            pub email: String,
            #[db(renamed = "age")]
            pub years: i64,
        }
        #[derive(DbTable)]
        #[db(table = "articles", renamed = "posts", sync_method = recreate)]
        pub struct Article {
            #[db(id)]
            pub id: i64,
            #[db(renamed = "user_id", fk = Account::account_id, on_delete = restrict)]
            pub author: i64,
            #[db(fk = Account::account_id)]
            pub editor: Option<i64>,
            pub stars: i64,
        }
    }
    db.sync(schema![v1::User, v1::Post]).await;
    db.exec(ROWS).await;
    db.sync(schema![v2::Account, v2::Article]).await;
    assert_eq!(db.rows("SELECT * FROM accounts ORDER BY 1").await, [["1", "'a'", "30"], ["2", "'b'", "31"]]);
    assert_eq!(
        db.rows("SELECT id, author, editor, stars FROM articles WHERE id = 11").await,
        [["11", "2", "NULL", "4"]]
    );
    assert_eq!(
        db.foreign_keys("articles").await,
        ["(author) -> accounts(account_id) on delete restrict", "(editor) -> accounts(account_id)"]
    );
    db.assert_like_new(schema![v2::Account, v2::Article]).await;
});

scenario!(two_tables_in_a_circle_both_rebuilt, |db| {
    mod before {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "teams")]
        pub struct Team {
            #[db(id)]
            pub id: i64,
            #[db(fk = Player::id, on_delete = set_null)]
            pub captain: Option<i64>,
            pub n: String,
        }
        #[derive(DbTable)]
        #[db(table = "players")]
        pub struct Player {
            #[db(id)]
            pub id: i64,
            #[db(fk = Team::id, on_delete = cascade)]
            pub team: i64,
            pub n: String,
        }
    }
    mod after {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "teams", sync_method = recreate)]
        pub struct Team {
            #[db(id)]
            pub id: i64,
            #[db(fk = Player::id, on_delete = set_null)]
            pub captain: Option<i64>,
            pub n: i64,
        }
        #[derive(DbTable)]
        #[db(table = "players", sync_method = recreate)]
        pub struct Player {
            #[db(id)]
            pub id: i64,
            #[db(fk = Team::id, on_delete = cascade)]
            pub team: i64,
            pub n: i64,
        }
    }
    db.sync(schema![before::Team, before::Player]).await;
    db.exec(
        "INSERT INTO teams VALUES (1, NULL, '1'); INSERT INTO players VALUES (7, 1, '2'); UPDATE teams SET captain = 7",
    )
    .await;
    db.sync(schema![after::Team, after::Player]).await;
    assert_eq!(db.rows("SELECT * FROM teams").await, [["1", "7", "1"]]);
    assert_eq!(db.rows("SELECT * FROM players").await, [["7", "1", "2"]]);
    db.assert_like_new(schema![after::Team, after::Player]).await;
});

scenario!(a_tree_is_rebuilt_and_renamed, |db| {
    mod before {
        #[derive(schemasync::DbTable)]
        #[db(table = "nodes")]
        pub struct Node {
            #[db(id)]
            pub id: i64,
            #[db(fk = Node::id, on_delete = cascade)]
            pub parent: Option<i64>,
            pub n: String,
        }
    }
    mod after {
        #[derive(schemasync::DbTable)]
        #[db(table = "leaves", renamed = "nodes", sync_method = recreate)]
        pub struct Leaf {
            #[db(id)]
            pub id: i64,
            #[db(fk = Leaf::id, on_delete = cascade, renamed = "parent")]
            pub above: Option<i64>,
            pub n: i64,
        }
    }
    db.sync(schema![before::Node]).await;
    db.exec("INSERT INTO nodes VALUES (1, NULL, '1'), (2, 1, '2'), (3, 2, '3')").await;
    db.sync(schema![after::Leaf]).await;
    assert_eq!(
        db.rows("SELECT * FROM leaves ORDER BY id").await,
        [["1", "NULL", "1"], ["2", "1", "2"], ["3", "2", "3"]]
    );
    assert_eq!(db.foreign_keys("leaves").await, ["(above) -> leaves(id) on delete cascade"]);
    db.exec("DELETE FROM leaves WHERE id = 2").await;
    assert_eq!(db.value("SELECT count(*) FROM leaves").await, "1");
});

mod tools {
    use schemasync::DbTable;

    #[derive(DbTable)]
    #[db(table = "authors", sync_method = recreate)]
    pub struct Author {
        #[db(id, default(increment))]
        pub id: i64,
        pub name: String,
        #[db(renamed = "mail")]
        pub email: Option<String>,
    }
    #[derive(DbTable)]
    #[db(table = "books", sync_method = recreate)]
    pub struct Book {
        #[db(id)]
        pub id: i64,
        #[db(fk = Author::id, on_delete = cascade)]
        pub author_id: i64,
        pub pages: i64,
        #[db(default = "draft")]
        pub state: String,
    }
}

scenario!(sqlite: tables_of_another_tool_are_adopted_and_changed, |db| {
    db.exec("CREATE TABLE authors (id integer not null primary key autoincrement, name varchar(40) NOT NULL UNIQUE, mail text, UNIQUE (name, mail) ON CONFLICT REPLACE)").await;
    db.exec("CREATE TABLE [books] (\"id\" INTEGER PRIMARY KEY, author_id INT NOT NULL REFERENCES authors ON DELETE CASCADE, pages VARCHAR(10) NOT NULL CHECK (length(pages) > 0), `state` TEXT DEFAULT ('draft') NOT NULL, extra TEXT -- theirs\n)").await;
    db.exec("CREATE UNIQUE INDEX their_partial ON books (pages) WHERE state <> 'draft'; CREATE TABLE log (n)").await;
    db.exec("CREATE TRIGGER their_trigger BEFORE DELETE ON books BEGIN INSERT INTO log VALUES (old.pages); END").await;
    db.exec("INSERT INTO authors VALUES (4, 'ada', NULL), (9, 'bob', 'b'); DELETE FROM authors WHERE id = 9").await;
    db.exec("INSERT INTO books VALUES (1, 4, '100', 'draft', 'x'), (2, 4, '200', 'done', 'y')").await;
    db.sync(schema![tools::Author, tools::Book]).await;
    assert_eq!(db.rows("SELECT id, name, email FROM authors").await, [["4", "'ada'", "NULL"]]);
    assert_eq!(
        db.rows("SELECT id, author_id, pages, state, extra FROM books ORDER BY id").await,
        [["1", "4", "100", "'draft'", "'x'"], ["2", "4", "200", "'done'", "'y'"]]
    );
    assert_says(db.sql_of("authors").await, &["autoincrement", "varchar ( 40 )", "unique", "on conflict replace"]);
    assert_says(db.sql_of("books").await, &["check", "length ( pages ) > 0", "extra text"]);
    assert_says(db.dump().await, &["their_partial: unique (pages) where state < > 'draft'", "trigger their_trigger on books"]);
    assert_eq!(db.foreign_keys("books").await, ["(author_id) -> authors(id) on delete cascade"]);
    db.exec("DELETE FROM books WHERE id = 1; INSERT INTO authors (name) VALUES ('eve')").await;
    assert_eq!(db.rows("SELECT n FROM log").await, [["100"]]);
    assert_eq!(db.value("SELECT id FROM authors WHERE name = 'eve'").await, "10", "no id is given twice");
});

scenario!(a_column_that_waits_for_its_backfill_is_renamed, |db| {
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "comments")]
        pub struct Comment {
            #[db(id)]
            pub id: i64,
            pub text: String,
        }
    }
    mod v3 {
        #[derive(schemasync::DbTable)]
        #[db(table = "remarks", renamed = "comments")]
        pub struct Remark {
            #[db(id)]
            pub id: i64,
            #[db(renamed = "text")]
            pub body: String,
        }
    }
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "comments")]
        pub struct Comment {
            #[db(id)]
            pub id: i64,
        }
    }
    db.sync(schema![v1::Comment]).await;
    db.exec("INSERT INTO comments VALUES (1), (2)").await;
    assert!(!db.run(schema![v2::Comment]).await.has_errors());
    db.exec("UPDATE comments SET text = 'one' WHERE id = 1").await;
    let report = db.run(schema![v3::Remark]).await;
    assert!(!report.has_errors(), "{report}");
    assert_says(found(&report.entries, "remarks").warnings.join("\n"), &["`body` is required but 1 row has no value"]);
    assert_eq!(db.rows("SELECT * FROM remarks ORDER BY id").await, [["1", "'one'"], ["2", "NULL"]]);
    assert_eq!(db.run(schema![v3::Remark]).await.status, RunStatus::UpToDate);
    db.exec("UPDATE remarks SET body = 'two' WHERE id = 2").await;
    db.sync(schema![v3::Remark]).await;
    assert_eq!(db.columns("remarks").await, ["id", "body"]);
});

scenario!(a_unique_column_is_added_to_rows, |db| {
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "comments")]
        pub struct Comment {
            #[db(id)]
            pub id: i64,
            #[db(unique, default = "same")]
            pub slug: String,
            pub note: Option<String>,
        }
    }
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "comments")]
        pub struct Comment {
            #[db(id)]
            pub id: i64,
        }
    }
    db.sync(schema![v1::Comment]).await;
    db.exec("INSERT INTO comments VALUES (1), (2)").await;
    let report = db.run(schema![v2::Comment]).await;
    assert_says(errors(&report, "comments"), &["schemasync__unique__comments__slug", "2 rows"]);
    assert_eq!(db.columns("comments").await, ["id", "slug = 'same'", "note?"]);
    db.exec("UPDATE comments SET slug = 's' || id").await;
    db.sync(schema![v2::Comment]).await;
    db.assert_like_new(schema![v2::Comment]).await;
});

scenario!(names_that_differ_in_case_and_a_rebuild, |db| {
    mod v2 {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "USERS", sync_method = recreate)]
        pub struct User {
            #[db(id, column = "Id")]
            pub id: i64,
            #[db(unique, column = "EMAIL")]
            pub email: String,
            #[db(column = "Age")]
            pub age: i64,
        }
        #[derive(DbTable)]
        #[db(table = "posts")]
        pub struct Post {
            #[db(id)]
            pub id: i64,
            #[db(fk = User::id, on_delete = cascade, index)]
            pub user_id: i64,
            pub stars: String,
        }
    }
    if !db.supports(Feature::IgnoresCase) {
        return;
    }
    db.sync(schema![v1::User, v1::Post]).await;
    db.exec(ROWS).await;
    db.sync(schema![v2::User, v2::Post]).await;
    assert_eq!(db.tables().await, ["USERS", "posts"]);
    assert_eq!(db.columns("USERS").await, ["Id", "EMAIL", "Age"]);
    assert_eq!(db.rows("SELECT * FROM users ORDER BY id").await, [["1", "'a'", "30"], ["2", "'b'", "31"]]);
    assert_eq!(db.value("SELECT count(*) FROM posts").await, "3");
});

scenario!(a_dropped_column_in_an_index_a_check_and_a_key, |db| {
    mod before {
        #[derive(schemasync::DbTable)]
        #[db(
            table = "items",
            index(columns(kind, price), name = "by_kind"),
            index(columns(kind, owner), name = "owned", unique, where = "price > 0"),
            check(name = "sane", sql = "price >= 0 AND kind <> ''")
        )]
        pub struct Item {
            #[db(id)]
            pub id: i64,
            pub kind: String,
            pub price: i64,
            #[db(fk = super::v1::User::id)]
            pub owner: Option<i64>,
        }
    }
    mod after {
        #[derive(schemasync::DbTable)]
        #[db(table = "items", index(columns(kind), name = "by_kind"), check(name = "sane", sql = "kind <> ''"))]
        pub struct Item {
            #[db(id)]
            pub id: i64,
            pub kind: String,
        }
    }
    db.sync(schema![v1::User, before::Item]).await;
    db.exec("INSERT INTO users (id, email, age) VALUES (1, 'a', '3'); INSERT INTO items VALUES (1, 'k', 5, 1), (2, 'k', 0, NULL)").await;
    db.sync(schema![v1::User, after::Item]).await;
    assert_eq!(db.rows("SELECT * FROM items ORDER BY id").await, [["1", "'k'"], ["2", "'k'"]]);
    assert!(db.foreign_keys("items").await.is_empty());
    assert!(db.try_exec("INSERT INTO items VALUES (3, '')").await.is_err(), "the check that is left");
    db.assert_like_new(schema![v1::User, after::Item]).await;
});

scenario!(sqlite: a_renamed_and_rebuilt_table_keeps_its_high_water, |db| {
    mod before {
        #[derive(schemasync::DbTable)]
        #[db(table = "items")]
        pub struct Item {
            #[db(id, default(increment = 100))]
            pub id: i64,
            pub n: String,
        }
    }
    mod after {
        #[derive(schemasync::DbTable)]
        #[db(table = "things", renamed = "items", sync_method = recreate)]
        pub struct Thing {
            #[db(id, default(increment = 100))]
            pub id: i64,
            pub n: i64,
        }
    }
    db.sync(schema![before::Item]).await;
    db.exec("INSERT INTO items (n) VALUES ('1'), ('2'); DELETE FROM items WHERE id = 101").await;
    db.sync(schema![after::Thing]).await;
    db.exec("INSERT INTO things (n) VALUES (3)").await;
    assert_eq!(db.rows("SELECT * FROM things ORDER BY id").await, [["100", "1"], ["102", "3"]]);
});

scenario!(a_swap_of_two_tables_is_no_rename_that_loses_rows, |db| {
    mod before {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "a")]
        pub struct A {
            #[db(id)]
            pub id: i64,
        }
        #[derive(DbTable)]
        #[db(table = "b")]
        pub struct B {
            #[db(id)]
            pub id: i64,
        }
    }
    mod swapped {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "a", renamed = "b")]
        pub struct A {
            #[db(id)]
            pub id: i64,
        }
        #[derive(DbTable)]
        #[db(table = "b", renamed = "a")]
        pub struct B {
            #[db(id)]
            pub id: i64,
        }
    }
    db.sync(schema![before::A, before::B]).await;
    db.exec("INSERT INTO a VALUES (1); INSERT INTO b VALUES (2)").await;
    // Renames in a circle cannot be told from hints that are still there: whatever is said, no row goes.
    let _ = db.syncing(&schema![swapped::A, swapped::B]).run_report().await;
    assert_eq!(db.value("SELECT (SELECT count(*) FROM a) + (SELECT count(*) FROM b)").await, "2");
});

/// The ugliest names in every position.
mod ugly {
    use schemasync::{DbTable, DbView};

    #[derive(DbTable)]
    #[db(table = "it's \"a\" table; DROP TABLE x --")]
    pub struct Parent {
        #[db(id, column = "select")]
        pub id: i64,
        #[db(column = "naïve \"ключ\" 表 🦀", unique, index(name = "an 'index' \"of\" [mine]"))]
        pub key: String,
        #[db(column = "a`b]c[d", default = "it's \"x\"; --")]
        pub text: String,
    }

    #[derive(DbTable)]
    #[db(table = "order", check(name = "sp ace", sql = "\"group by\" <> ''"))]
    pub struct Child {
        #[db(id, column = "from")]
        pub id: i64,
        #[db(column = "references", fk = Parent::id, on_delete = cascade)]
        pub parent: i64,
        #[db(column = "group by")]
        pub group: String,
    }

    #[derive(DbView)]
    #[db(view = "a view 'of' \"all\"", sql = "SELECT \"from\" AS \"where\" FROM \"order\"")]
    pub struct View {
        #[db(column = "where")]
        pub id: i64,
    }
}

/// The same, with everything renamed, retyped and rebuilt.
mod uglier {
    use schemasync::{DbTable, DbView};

    #[derive(DbTable)]
    #[db(table = "table", renamed = "it's \"a\" table; DROP TABLE x --", sync_method = recreate)]
    pub struct Parent {
        #[db(id, column = "{after}", renamed = "select")]
        pub id: i64,
        #[db(column = "'", renamed = "naïve \"ключ\" 表 🦀", unique)]
        pub key: String,
        #[db(column = "\"", renamed = "a`b]c[d", default = "?1 :x $y @z {last}")]
        pub text: Option<String>,
    }

    #[derive(DbTable)]
    #[db(table = "%s{}", renamed = "order", sync_method = recreate)]
    pub struct Child {
        #[db(id, column = "from")]
        pub id: i64,
        #[db(column = "values", renamed = "references", fk = Parent::id, on_delete = cascade)]
        pub parent: i64,
        #[db(column = "{last}", renamed = "group by")]
        pub group: Option<String>,
    }

    #[derive(DbView)]
    #[db(view = "a view 'of' \"all\"", sql = "SELECT \"from\" AS \"where\" FROM \"%s{}\"")]
    pub struct View {
        #[db(column = "where")]
        pub id: i64,
    }
}

scenario!(sqlite: ugly_names_everywhere, |db| {
    db.sync(schema![ugly::Parent, ugly::Child, ugly::View]).await;
    db.exec("INSERT INTO \"it's \"\"a\"\" table; DROP TABLE x --\" (\"select\", \"naïve \"\"ключ\"\" 表 🦀\") VALUES (1, 'k')").await;
    db.exec("INSERT INTO \"order\" VALUES (7, 1, 'g')").await;
    assert_eq!(db.rows("SELECT * FROM \"it's \"\"a\"\" table; DROP TABLE x --\"").await, [["1", "'k'", "'it''s \"x\"; --'"]]);
    assert_eq!(db.rows("SELECT \"where\" FROM \"a view 'of' \"\"all\"\"\"").await, [["7"]]);
    assert!(db.try_exec("INSERT INTO \"order\" VALUES (8, 1, '')").await.is_err());

    db.sync(schema![uglier::Parent, uglier::Child, uglier::View]).await;
    assert_eq!(db.rows("SELECT \"{after}\", \"'\", \"\"\"\" FROM \"table\"").await, [["1", "'k'", "'it''s \"x\"; --'"]]);
    assert_eq!(db.rows("SELECT * FROM \"%s{}\"").await, [["7", "1", "'g'"]]);
    assert_eq!(db.foreign_keys("%s{}").await, ["(values) -> table({after}) on delete cascade"]);
    assert_eq!(db.rows("SELECT \"where\" FROM \"a view 'of' \"\"all\"\"\"").await, [["7"]]);
    db.exec("INSERT INTO \"table\" (\"{after}\", \"'\") VALUES (2, 'z')").await;
    assert_eq!(db.value("SELECT \"\"\"\" FROM \"table\" WHERE \"{after}\" = 2").await, "'?1 :x $y @z {last}'");
    db.assert_like_new(schema![uglier::Parent, uglier::Child, uglier::View]).await;
});

/// Two hundred characters.
mod long {
    use schemasync::DbTable;

    #[derive(DbTable)]
    #[db(
        table = "t0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678é"
    )]
    pub struct Long {
        #[db(id)]
        pub id: i64,
        #[db(
            index,
            unique,
            column = "c0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678a"
        )]
        pub a: String,
        #[db(
            index,
            column = "c0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678b"
        )]
        pub b: String,
    }
}

scenario!(sqlite: names_of_two_hundred_characters, |db| {
    let report = db.sync(schema![long::Long]).await;
    let table = &db.tables().await[0];
    assert_eq!(found(&report.entries, table).status, EntryStatus::Create);
    assert!(db.columns(table).await[1].ends_with("678a"));
    let indexes = db.indexes(table).await;
    assert_eq!(indexes.len(), 3, "{indexes:#?}");
    db.exec(&format!("INSERT INTO \"{table}\" VALUES (1, 'x', 'y')")).await;
});

scenario!(a_table_of_theirs_is_adopted_under_another_name, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "app_users", renamed = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(renamed = "mail", unique)]
            pub email: Option<String>,
        }
    }
    db.exec("CREATE TABLE users (id INTEGER PRIMARY KEY, mail TEXT UNIQUE, extra TEXT)").await;
    db.exec("INSERT INTO users VALUES (1, 'a', 'x')").await;
    let report = db.sync(schema![v1::User]).await;
    assert!(db.indexes("app_users").await.is_empty(), "their UNIQUE is enough: {report}");
    assert_eq!(db.rows("SELECT id, email, extra FROM app_users").await, [["1", "'a'", "'x'"]]);
});

scenario!(two_earlier_names_that_both_exist_are_a_conflict, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "users", renamed("people", "persons"))]
        pub struct User {
            #[db(id)]
            pub id: i64,
        }
    }
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "people")]
        pub struct Person {
            #[db(id)]
            pub id: i64,
            #[db(renamed("a", "b"))]
            pub c: Option<String>,
        }
    }
    db.exec(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, a TEXT, b TEXT); CREATE TABLE persons (id INTEGER PRIMARY KEY)",
    )
    .await;
    db.exec("INSERT INTO people VALUES (1, 'a', 'b')").await;
    let before = db.dump().await;
    assert_says(errors(&db.run(schema![v1::User]).await, "users"), &["people", "persons", "users"]);
    assert_says(errors(&db.run(schema![v2::Person]).await, "people"), &["\"a\"", "\"b\"", "\"c\""]);
    assert_eq!(db.dump().await, before);
});

scenario!(sqlite: a_plan_with_ugly_names_is_saved_and_applied, |db| {
    db.sync(schema![ugly::Parent, ugly::Child, ugly::View]).await;
    db.exec("INSERT INTO \"it's \"\"a\"\" table; DROP TABLE x --\" (\"select\", \"naïve \"\"ключ\"\" 表 🦀\") VALUES (1, 'k')").await;
    db.exec("INSERT INTO \"order\" VALUES (7, 1, 'g')").await;
    let model = schema![uglier::Parent, uglier::Child, uglier::View];
    let saved = db.plan(model.clone()).await.to_json().unwrap();
    let plan = schemasync::Plan::from_json(&saved).unwrap();
    let report = db.syncing(&model).apply(&plan).await.unwrap();
    assert!(!report.has_errors(), "{report}");
    assert_eq!(db.rows("SELECT * FROM \"%s{}\"").await, [["7", "1", "'g'"]]);
    db.assert_settled(&model).await;
});

scenario!(a_long_way_in_one_step_is_the_way_in_steps, |db| {
    mod step {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "people", renamed = "users", sync_method = recreate)]
        pub struct Person {
            #[db(id)]
            pub id: i64,
            #[db(unique, renamed = "email")]
            pub mail: String,
            pub age: Option<i64>,
            #[db(index(name = "place"))]
            pub city: Option<String>,
        }
    }
    mod last {
        use schemasync::DbTable;

        #[derive(DbTable)]
        #[db(table = "humans", renamed("people", "users"), sync_method = recreate)]
        pub struct Human {
            #[db(id)]
            pub id: i64,
            #[db(unique, renamed("mail", "email"))]
            pub address: String,
            #[db(default = 0)]
            pub age: i64,
            #[db(index(name = "place"))]
            pub city: Option<String>,
        }
    }
    const SEVEN: &str = "INSERT INTO users VALUES (1, 'a', '7', 'fr', 'nice')";
    db.sync(schema![v1::User]).await;
    db.exec(SEVEN).await;
    db.sync(schema![step::Person]).await;
    db.sync(schema![last::Human]).await;
    let slow = (db.dump().await, db.rows("SELECT id, address, age, city FROM humans").await);
    db.exec("DROP TABLE humans; DROP TABLE __schemasync_state; DROP TABLE __schemasync_history").await;
    db.sync(schema![v1::User]).await;
    db.exec(SEVEN).await;
    db.sync(schema![last::Human]).await;
    assert_eq!((db.dump().await, db.rows("SELECT id, address, age, city FROM humans").await), slow);
    assert_eq!(slow.1, [["1", "'a'", "7", "'nice'"]]);
});

scenario!(an_error_in_each_of_three_entries_and_two_that_go_on, |db| {
    mod v2 {
        use schemasync::{DbTable, DbView};

        #[derive(DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(unique)]
            pub email: String,
            #[db(unique)]
            pub age: String,
            #[db(index(name = "place"))]
            pub country: Option<String>,
            #[db(index(name = "place"))]
            pub city: Option<String>,
        }
        #[derive(DbTable)]
        #[db(table = "posts")]
        pub struct Post {
            #[db(id)]
            pub id: i64,
            #[db(fk = User::id, on_delete = cascade, index)]
            pub user_id: i64,
            pub stars: i64,
        }
        #[derive(DbTable)]
        #[db(table = "tags")]
        pub struct Tag {
            #[db(id)]
            pub id: i64,
            #[db(fk = Post::id)]
            pub post: Option<i64>,
        }
        #[derive(DbView)]
        #[db(view = "broken", sql = "SELECT stars FROM nowhere")]
        pub struct Broken {
            pub stars: i64,
        }
        #[derive(DbView)]
        #[db(view = "fine", sql = "SELECT id FROM tags")]
        pub struct Fine {
            pub id: i64,
        }
    }
    if db.supports(Feature::AlterColumn) {
        return;
    }
    db.sync(schema![v1::User, v1::Post]).await;
    db.exec(ROWS).await;
    db.exec("UPDATE users SET age = 'same'").await;
    let model = schema![v2::User, v2::Post, v2::Tag, v2::Broken, v2::Fine];
    let report = db.run(model.clone()).await;
    for entry in ["users", "posts", "broken"] {
        assert_eq!(found(&report.entries, entry).status, EntryStatus::Error, "{report}");
    }
    for entry in ["tags", "fine"] {
        assert_eq!(found(&report.entries, entry).status, EntryStatus::Create, "{report}");
    }
    assert_eq!(db.tables().await, ["posts", "tags", "users"]);
    assert_eq!(db.views().await, ["fine"]);
    let again = db.run(model).await;
    assert_eq!(again.statements, Vec::<String>::new(), "what is done is not done again");
});

scenario!(sqlite: a_name_is_taken_over_while_a_trigger_of_theirs_stays_with_its_table, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "orders")]
        pub struct Order {
            #[db(id)]
            pub id: i64,
            pub note: Option<String>,
        }

        #[derive(schemasync::DbTable)]
        #[db(table = "drafts")]
        pub struct Draft {
            #[db(id)]
            pub id: i64,
            pub note: Option<String>,
            pub text: String,
        }
    }
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "old_orders", renamed = "orders")]
        pub struct OldOrder {
            #[db(id)]
            pub id: i64,
            pub note: Option<String>,
        }

        #[derive(schemasync::DbTable)]
        #[db(table = "orders", renamed = "drafts")]
        pub struct Order {
            #[db(id)]
            pub id: i64,
            pub text: String,
        }
    }
    db.sync(schema![v1::Order, v1::Draft]).await;
    db.exec("INSERT INTO orders VALUES (1, 'kept'); INSERT INTO drafts VALUES (7, NULL, 'a draft')").await;
    db.exec("CREATE TABLE log (n); CREATE TRIGGER theirs AFTER UPDATE ON orders BEGIN INSERT INTO log VALUES (new.note); END").await;
    db.sync(schema![v2::OldOrder, v2::Order]).await;
    db.exec("UPDATE old_orders SET note = 'changed'").await;
    assert_eq!(db.rows("SELECT n FROM log").await, [["'changed'"]]);
    assert_eq!(db.rows("SELECT * FROM orders").await, [["7", "'a draft'"]]);
});

scenario!(a_table_renamed_by_hand_is_theirs_and_ours_is_made_again, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "comments")]
        pub struct Comment {
            #[db(id)]
            pub id: i64,
            #[db(index)]
            pub text: String,
            #[db(unique)]
            pub slug: String,
        }
    }
    db.sync(schema![v1::Comment]).await;
    db.exec("INSERT INTO comments VALUES (1, 'one', 'a')").await;
    db.exec("ALTER TABLE comments RENAME TO comments_backup").await;
    let report = db.syncing(&schema![v1::Comment]).force(true).run_report().await.unwrap();
    assert!(!report.has_errors(), "{report}");
    assert_says(
        found(&report.entries, "comments").warnings.join("\n"),
        &["there it becomes \"comments_backup__unique__comments__slug\""],
    );
    assert_eq!(db.rows("SELECT * FROM comments_backup").await, [["1", "'one'", "'a'"]]);
    assert_eq!(db.value("SELECT count(*) FROM comments").await, "0");
    db.sync(schema![v1::Comment]).await;
    assert!(db.syncing(&schema![v1::Comment]).force(true).plan().await.unwrap().is_empty());
    assert_says(db.dump().await, &["schemasync__comments__text", "schemasync__unique__comments__slug"]);
    for table in ["comments", "comments_backup"] {
        assert!(db.try_exec(&format!("INSERT INTO {table} VALUES (8, 'x', 'same'), (9, 'y', 'same')")).await.is_err());
    }
});

mod drafts {
    #[derive(schemasync::DbTable)]
    #[db(table = "drafts")]
    pub struct Draft {
        #[db(id)]
        pub id: i64,
        pub old: Option<String>,
        pub new: Option<String>,
    }

    #[derive(schemasync::DbTable)]
    #[db(table = "posts")]
    pub struct Post {
        #[db(id)]
        pub id: i64,
    }
}

mod drafts_as_posts {
    #[derive(schemasync::DbTable)]
    #[db(table = "posts", renamed = "drafts")]
    pub struct Post {
        #[db(id)]
        pub id: i64,
        #[db(renamed = "old")]
        pub new: Option<String>,
    }
}

scenario!(t2_a_rename_keeps_the_rows_though_its_new_name_was_taken_away_by_hand, |db| {
    db.sync(schema![drafts::Draft, drafts::Post]).await;
    db.exec("INSERT INTO drafts VALUES (1, 'kept', NULL)").await;
    db.exec("ALTER TABLE posts RENAME TO posts_backup; ALTER TABLE drafts DROP COLUMN new").await;
    db.sync(schema![drafts_as_posts::Post]).await;
    assert_eq!(db.rows("SELECT * FROM posts").await, [["1", "'kept'"]]);
});

scenario!(t2_a_rename_onto_the_name_of_a_view_of_theirs_changes_nothing, |db| {
    db.sync(schema![drafts::Draft, drafts::Post]).await;
    db.exec("INSERT INTO drafts VALUES (1, 'kept', NULL); ALTER TABLE posts RENAME TO posts_backup").await;
    db.exec("ALTER TABLE drafts DROP COLUMN new; CREATE VIEW posts AS SELECT id FROM posts_backup").await;
    let report = db.run(schema![drafts_as_posts::Post]).await;
    assert_says(errors(&report, "posts"), &["the name is taken by view \"posts\", which is unmanaged"]);
    assert_eq!(db.rows("SELECT * FROM drafts").await, [["1", "'kept'"]]);
    db.exec("DROP VIEW posts").await;
    db.sync(schema![drafts_as_posts::Post]).await;
    assert_eq!(db.rows("SELECT * FROM posts").await, [["1", "'kept'"]]);
});

scenario!(sqlite: a_view_names_a_column_dropped_by_hand_while_another_is_renamed, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "posts")]
        pub struct Post {
            #[db(id)]
            pub id: i64,
            pub title: Option<String>,
            pub note: Option<String>,
        }

        #[derive(schemasync::DbView)]
        #[db(view = "notes", sql = "SELECT \"title\", \"note\" FROM \"posts\"")]
        pub struct Note {
            pub title: Option<String>,
            pub note: Option<String>,
        }
    }
    mod v2 {
        #[derive(schemasync::DbTable)]
        #[db(table = "posts")]
        pub struct Post {
            #[db(id)]
            pub id: i64,
            #[db(column = "TITLE", renamed = "title")]
            pub title: Option<String>,
            pub note: Option<String>,
        }

        #[derive(schemasync::DbView)]
        #[db(view = "notes", sql = "SELECT \"TITLE\", \"note\" FROM \"posts\"")]
        pub struct Note {
            #[db(column = "TITLE")]
            pub title: Option<String>,
            pub note: Option<String>,
        }
    }
    db.sync(schema![v1::Post, v1::Note]).await;
    db.exec("INSERT INTO posts VALUES (1, 'kept', 'gone')").await;
    db.exec("PRAGMA legacy_alter_table = ON; ALTER TABLE posts DROP COLUMN note; PRAGMA legacy_alter_table = OFF").await;
    db.sync(schema![v2::Post, v2::Note]).await;
    assert_eq!(db.rows("SELECT * FROM notes").await, [["'kept'", "NULL"]]);
});

scenario!(sqlite: x2_a_parent_that_lost_the_key_by_hand_has_no_rows_that_are_referenced, |db| {
    mod v1 {
        #[derive(schemasync::DbTable)]
        #[db(table = "teams", sync_method = drop)]
        pub struct Team {
            #[db(id)]
            pub id: i64,
            pub name: Option<String>,
        }

        #[derive(schemasync::DbTable)]
        #[db(table = "members")]
        pub struct Member {
            #[db(id)]
            pub id: i64,
            #[db(fk = Team::id)]
            pub team_id: Option<i64>,
        }
    }
    db.sync(schema![v1::Team, v1::Member]).await;
    db.exec("INSERT INTO members VALUES (1, NULL)").await;
    db.exec("PRAGMA foreign_keys = OFF; DROP TABLE teams; CREATE TABLE teams (name TEXT)").await;
    let report = db.syncing(&schema![v1::Team, v1::Member]).force(true).run_report().await.unwrap();
    assert!(!report.has_errors(), "{report}");
    assert_eq!(db.columns("teams").await, ["id", "name?"]);
    assert_eq!(db.rows("SELECT * FROM members").await, [["1", "NULL"]]);
});
