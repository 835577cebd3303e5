//! The life of views built from other models: V1 to V5, C9, T4.

use schemasync::model::{Query, View};
use schemasync::{EntryStatus, RunStatus, Schema, schema};
use schemasync_tests::{Feature, assert_says, errors, found, scenario};

mod shop {
    use schemasync::{DbTable, DbView};

    #[derive(DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        #[db(column = "e mail")]
        pub email: String,
        pub tier: String,
        pub age: Option<i32>,
    }

    #[derive(DbView)]
    #[db(view = "premium", from = User, filter(User::tier == "premium"))]
    pub struct Premium {
        pub id: i64,
        pub email: String,
    }

    #[derive(DbView)]
    #[db(view = "by_tier", from = User)]
    pub struct ByTier {
        pub tier: String,
        #[db(count)]
        pub users: i64,
        #[db(sum = User::age)]
        pub years: Option<i64>,
    }
}

const ROWS: &str = "INSERT INTO users VALUES (1, 'a', 'premium', 20), (2, 'b', 'free', NULL), (3, 'c', 'premium', 5)";

scenario!(v1_a_view_of_a_table_shows_its_rows, |db| {
    let report = db.sync(schema![shop::Premium, shop::User]).await;
    assert_eq!(found(&report.entries, "premium").status, EntryStatus::Create);
    db.exec(ROWS).await;
    assert_eq!(db.rows("SELECT * FROM premium ORDER BY id").await, [["1", "'a'"], ["3", "'c'"]]);
});

scenario!(v1_views_over_views_come_after_what_they_read_and_go_before_it, |db| {
    mod views {
        use super::shop;
        use schemasync::DbView;

        #[derive(DbView)]
        #[db(view = "a_top", from = Middle, join(shop::User, on(shop::User::id == Middle::id)))]
        pub struct Top {
            pub id: i64,
            #[db(from = shop::User::tier)]
            pub tier: String,
        }
        #[derive(DbView)]
        #[db(view = "m_middle", from = Bottom, filter(Bottom::id > 1))]
        pub struct Middle {
            pub id: i64,
        }
        #[derive(DbView)]
        #[db(view = "z_bottom", from = shop::User)]
        pub struct Bottom {
            pub id: i64,
        }
    }
    db.sync(schema![views::Top, views::Middle, views::Bottom, shop::User]).await;
    db.exec(ROWS).await;
    assert_eq!(db.rows("SELECT * FROM a_top ORDER BY 1").await, [["2", "'free'"], ["3", "'premium'"]]);
    db.sync(schema![shop::User]).await;
    assert!(db.views().await.is_empty());
});

scenario!(v1_a_source_that_is_not_in_the_model_is_named, |db| {
    let error = db.syncing(&schema![shop::Premium]).plan().await.unwrap_err().to_string();
    assert_says(error, &["premium", "it reads users, which is not in the schema", "schema![..]"]);
});

scenario!(v2_a_changed_definition_is_made_again, |db| {
    mod v2 {
        #[derive(schemasync::DbView)]
        #[db(view = "premium", from = super::shop::User, filter(super::shop::User::tier != "premium"))]
        pub struct Premium {
            pub id: i64,
            pub tier: String,
        }
    }
    db.sync(schema![shop::User, shop::Premium]).await;
    db.exec(ROWS).await;
    let report = db.sync(schema![shop::User, v2::Premium]).await;
    assert_eq!(found(&report.entries, "premium").status, EntryStatus::Alter);
    assert!(!found(&report.entries, "premium").destructive);
    assert_eq!(db.rows("SELECT * FROM premium").await, [["2", "'free'"]]);
    db.assert_like_new(schema![shop::User, v2::Premium]).await;
});

scenario!(v2_sql_that_says_the_same_is_no_change_of_rows, |db| {
    mod v2 {
        #[derive(schemasync::DbView)]
        #[db(view = "premium", sql = "SELECT id, \"e mail\" AS email FROM users WHERE tier = 'premium'")]
        pub struct Premium {
            pub id: i64,
            pub email: String,
        }
    }
    db.sync(schema![shop::User, v2::Premium]).await;
    db.exec(ROWS).await;
    db.sync(schema![shop::User, shop::Premium]).await;
    assert_eq!(db.rows("SELECT email FROM premium ORDER BY id").await, [["'a'"], ["'c'"]]);
    db.sync_with(schema![shop::User, v2::Premium], |sync| sync.allow_revert(true)).await;
    assert_eq!(db.rows("SELECT email FROM premium ORDER BY id").await, [["'a'"], ["'c'"]]);
});

scenario!(v2_a_view_edited_by_hand_is_put_back, |db| {
    let model = schema![shop::User, shop::Premium, shop::ByTier];
    db.sync(model.clone()).await;
    db.exec(ROWS).await;
    db.exec("DROP VIEW premium").await;
    db.exec("CREATE VIEW premium AS SELECT id, \"e mail\" AS email FROM users").await;
    db.exec("DROP VIEW by_tier").await;
    let report = db.syncing(&model).force(true).run_report().await.unwrap();
    assert_eq!(report.status, RunStatus::Synced, "{report}");
    assert_eq!(db.rows("SELECT id FROM premium ORDER BY id").await, [["1"], ["3"]]);
    assert_eq!(
        db.rows("SELECT * FROM by_tier ORDER BY tier").await,
        [["'free'", "1", "NULL"], ["'premium'", "2", "25"]]
    );
    db.assert_settled(&model).await;
});

scenario!(v3_views_over_a_rebuilt_or_retyped_table_still_work, |db| {
    mod v2 {
        use schemasync::{DbTable, DbView};

        #[derive(DbTable)]
        #[db(table = "users", sync_method = recreate)]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(column = "e mail")]
            pub email: String,
            pub tier: Option<String>,
            pub age: Option<i64>,
        }
        #[derive(DbView)]
        #[db(view = "premium", from = User, filter(User::tier == "premium"))]
        pub struct Premium {
            pub id: i64,
            pub email: String,
        }
        #[derive(DbView)]
        #[db(view = "by_tier", from = User)]
        pub struct ByTier {
            pub tier: Option<String>,
            #[db(count)]
            pub users: i64,
            #[db(sum = User::age)]
            pub years: Option<i64>,
        }
    }
    #[derive(sqlx::FromRow)]
    struct Years {
        years: Option<i64>,
    }
    db.sync(schema![shop::User, shop::Premium, shop::ByTier]).await;
    db.exec(ROWS).await;
    db.exec("CREATE VIEW theirs AS SELECT tier FROM users WHERE tier = 'free'").await;
    db.sync(schema![v2::User, v2::Premium, v2::ByTier]).await;
    assert_eq!(db.rows("SELECT id FROM premium ORDER BY id").await, [["1"], ["3"]]);
    let years: Vec<Years> = db.read("SELECT years FROM by_tier WHERE tier = 'premium'").await;
    assert_eq!(years[0].years, Some(25));
    assert_eq!(db.rows("SELECT * FROM theirs").await, [["'free'"]]);
    db.exec("DROP VIEW theirs").await;
    db.assert_like_new(schema![v2::User, v2::Premium, v2::ByTier]).await;
});

mod renamed {
    use schemasync::{DbTable, DbView};

    #[derive(DbTable)]
    #[db(table = "app users", renamed = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        #[db(column = "mail", renamed = "e mail")]
        pub email: String,
        #[db(renamed = "tier")]
        pub level: String,
        pub age: Option<i32>,
    }
    #[derive(DbView)]
    #[db(view = "premium", from = User, filter(User::level == "premium"))]
    pub struct Premium {
        pub id: i64,
        pub email: String,
    }
    #[derive(DbView)]
    #[db(view = "by_tier", from = User)]
    pub struct ByTier {
        #[db(from = User::level)]
        pub tier: String,
        #[db(count)]
        pub users: i64,
        #[db(sum = User::age)]
        pub years: Option<i64>,
    }
    #[derive(DbView)]
    #[db(view = "above", from = ByTier)]
    pub struct Over {
        pub users: i64,
    }
}

scenario!(v3_renamed_columns_and_tables_are_followed, |db| {
    mod v1 {
        #[derive(schemasync::DbView)]
        #[db(view = "above", from = super::shop::ByTier)]
        pub struct Over {
            pub users: i64,
        }
    }
    db.sync(schema![shop::User, shop::Premium, shop::ByTier, v1::Over]).await;
    db.exec(ROWS).await;
    let model = schema![renamed::User, renamed::Premium, renamed::ByTier, renamed::Over];
    let report = db.sync(model.clone()).await;
    assert!(!report.entries.iter().any(|entry| entry.destructive), "{report}");
    assert_eq!(db.rows("SELECT * FROM premium ORDER BY id").await, [["1", "'a'"], ["3", "'c'"]]);
    assert_eq!(db.rows("SELECT * FROM above ORDER BY 1").await, [["1"], ["2"]]);
    db.assert_like_new(model).await;
});

scenario!(v4_materialized_is_a_plain_view_where_the_server_has_none, |db| {
    mod v1 {
        use super::shop::User;
        #[derive(schemasync::DbView)]
        #[db(view = "totals", materialized, from = User)]
        pub struct Totals {
            pub tier: String,
            #[db(count)]
            pub users: i64,
        }
    }
    let model = schema![shop::User, v1::Totals];
    let report = db.sync(model.clone()).await;
    db.exec(ROWS).await;
    if db.supports(Feature::MaterializedViews) {
        assert_eq!(db.rows("SELECT * FROM totals").await, Vec::<Vec<String>>::new());
        db.exec("REFRESH MATERIALIZED VIEW totals").await;
    } else {
        assert_says(&found(&report.entries, "totals").withheld[0].what, &["materialized", "plain"]);
    }
    assert_eq!(db.rows("SELECT users FROM totals ORDER BY tier").await, [["1"], ["2"]]);
    db.assert_settled(&model).await;
});

scenario!(v5_a_renamed_view_is_dropped_and_made, |db| {
    mod v2 {
        use super::shop::User;
        #[derive(schemasync::DbView)]
        #[db(view = "vips", renamed = "premium", from = User, filter(User::tier == "premium"))]
        pub struct Vip {
            pub id: i64,
        }
        #[derive(schemasync::DbView)]
        #[db(view = "above", from = Vip)]
        pub struct Over {
            pub id: i64,
        }
    }
    mod v1 {
        #[derive(schemasync::DbView)]
        #[db(view = "above", from = super::shop::Premium)]
        pub struct Over {
            pub id: i64,
        }
    }
    db.sync(schema![shop::User, shop::Premium, v1::Over]).await;
    db.exec(ROWS).await;
    let report = db.sync(schema![shop::User, v2::Vip, v2::Over]).await;
    assert_eq!(found(&report.entries, "vips").renamed_from.as_deref(), Some("premium"));
    assert_eq!(db.views().await, ["above", "vips"]);
    assert_eq!(db.rows("SELECT * FROM above ORDER BY id").await, [["1"], ["3"]]);
});

mod table_of_the_name {
    #[derive(schemasync::DbTable)]
    #[db(table = "premium")]
    pub struct Premium {
        #[db(id)]
        pub id: i64,
    }
}

scenario!(t4_a_view_becomes_a_table_and_a_table_a_view, |db| {
    db.sync(schema![shop::User, shop::Premium]).await;
    db.exec(ROWS).await;
    db.sync(schema![shop::User, table_of_the_name::Premium]).await;
    db.exec("INSERT INTO premium VALUES (7)").await;
    assert_eq!(db.tables().await, ["premium", "users"]);
    let model = schema![shop::User, shop::Premium];
    let plan = db.syncing(&model).allow_revert(true).plan().await.unwrap();
    assert!(plan.entries.iter().any(|entry| entry.destructive), "{plan}");
    db.sync_with(model, |sync| sync.allow_revert(true)).await;
    assert_eq!(db.rows("SELECT id FROM premium ORDER BY id").await, [["1"], ["3"]]);
});

scenario!(c9_a_column_that_goes_goes_from_its_view_in_the_same_run, |db| {
    mod v2 {
        use schemasync::{DbTable, DbView};
        #[derive(DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub tier: String,
        }
        #[derive(DbView)]
        #[db(view = "premium", from = User, filter(User::tier == "premium"))]
        pub struct Premium {
            pub id: i64,
        }
    }
    db.sync(schema![shop::User, shop::Premium]).await;
    db.exec(ROWS).await;
    db.sync(schema![v2::User, v2::Premium]).await;
    assert_eq!(db.rows("SELECT * FROM premium ORDER BY id").await, [["1"], ["3"]]);
});

// What a compiler would have found: a document, or views of another crate.
scenario!(c9_a_view_of_a_column_that_is_gone_is_named_before_anything_happens, |db| {
    db.sync(schema![shop::User, shop::Premium]).await;
    let before = db.dump().await;
    let mut model = schema![shop::User, shop::Premium];
    model.tables[0].columns.retain(|column| column.name != "tier");
    let error = db.syncing(&model).run_report().await.unwrap_err().to_string();
    assert_says(error, &["premium: tier is not a column of users"]);
    assert_eq!(db.dump().await, before);
});

scenario!(v1_a_broken_source_is_told_by_the_views_that_read_it, |db| {
    mod v2 {
        use schemasync::{DbTable, DbView};
        #[derive(DbTable)]
        #[db(table = "users")]
        pub struct User {
            #[db(id)]
            pub id: i64,
            #[db(column = "e mail")]
            pub email: i64,
            pub tier: String,
            pub age: Option<i32>,
            pub new: Option<String>,
        }
        #[derive(DbView)]
        #[db(view = "premium", from = User, filter(User::new.is_null()))]
        pub struct Premium {
            pub id: i64,
        }
    }
    db.sync(schema![shop::User, shop::Premium]).await;
    db.exec(ROWS).await;
    let report = db.run(schema![v2::User, v2::Premium]).await;
    assert_says(errors(&report, "premium"), &["users", "errors"]);
    assert_eq!(db.rows("SELECT * FROM premium ORDER BY id").await, [["1", "'a'"], ["3", "'c'"]]);
});

// The names of everything, with quotes, reserved words and the names of others in them.
scenario!(v_names_are_quoted_whatever_they_are, |db| {
    mod ugly {
        use schemasync::{DbTable, DbView};
        #[derive(DbTable)]
        #[db(table = "select \"from\" where")]
        pub struct Order {
            #[db(id, column = "order")]
            pub id: i64,
            #[db(column = "group by; --")]
            pub a: String,
            #[db(column = "it's `b` [c]")]
            pub b: i32,
            #[db(column = "users")]
            pub users: i64,
        }
        #[derive(DbView)]
        #[db(view = "create view \"x\" as", from = Order, left_join(super::shop::User, on(super::shop::User::id == Order::users)))]
        #[db(filter(Order::a != "'; DROP TABLE users; --" && (Order::b.in_([-1, 1]) || Order::a.like("%'%\\_"))), having(n > 0))]
        pub struct View {
            #[db(column = "end")]
            pub a: String,
            #[db(from = super::shop::User::email, column = "\"")]
            pub email: Option<String>,
            #[db(count, column = "count(*)")]
            pub n: i64,
        }
    }
    let model = schema![ugly::Order, ugly::View, shop::User];
    db.sync(model.clone()).await;
    db.exec(ROWS).await;
    db.exec("INSERT INTO \"select \"\"from\"\" where\" VALUES (1, 'x', 1, 1), (2, 'x', -1, 1), (3, 'it''s_', 9, 8), (4, 'it''s', 9, 8), (5, '''; DROP TABLE users; --', 1, 1)").await;
    assert_eq!(
        db.rows("SELECT * FROM \"create view \"\"x\"\" as\" ORDER BY 1").await,
        [["'it''s_'", "NULL", "1"], ["'x'", "'a'", "2"]]
    );
    assert_eq!(Schema::from_json(&model.to_json()), Ok(model));
});

// Two tables of one name, which only a document can say on every database: the second has another name in the query.
scenario!(v_a_document_may_join_a_table_to_itself, |db| {
    let document = r#"{"schemasync": 1,
        "tables": [{"name": "people", "primary_key": "id", "columns": [
            {"name": "id", "type": "int64"}, {"name": "boss", "type": "int64", "nullable": true}, {"name": "name", "type": "text"}]}],
        "views": [{"name": "bosses", "query": {
            "from": {"name": "people"},
            "joins": [{"kind": "left", "source": {"name": "people", "as": "the boss"},
                "on": {"compare": {"left": {"column": {"source": "the boss", "column": "id"}}, "op": "=", "right": {"column": {"source": "people", "column": "boss"}}}}}],
            "columns": [
                {"name": "name", "column": {"source": "people", "column": "name"}},
                {"name": "boss", "column": {"source": "the boss", "column": "name"}}],
            "filter": {"not": {"compare": {"left": {"column": {"source": "people", "column": "name"}}, "op": "=", "right": {"text": "x"}}}}
        }}]}"#;
    let model = Schema::from_json(document).unwrap();
    db.sync(model.clone()).await;
    db.exec("INSERT INTO people VALUES (1, NULL, 'Ann'), (2, 1, 'Bob'), (3, 1, 'x')").await;
    assert_eq!(db.rows("SELECT * FROM bosses ORDER BY 1").await, [["'Ann'", "NULL"], ["'Bob'", "'Ann'"]]);
});

scenario!(v1_views_that_read_each_other_are_an_error_before_anything_happens, |db| {
    let mut model = schema![shop::User, shop::Premium];
    let reads = |name: &str, other: &str| {
        let mut view: View = model.views[0].clone();
        view.name = name.to_owned();
        let query: &mut Query = view.query.as_mut().unwrap();
        query.filter = None;
        query.from.name = other.to_owned();
        query.columns.truncate(1);
        query.columns[0].column.as_mut().unwrap().source = other.to_owned();
        view
    };
    let circle = vec![reads("a", "b"), reads("b", "c"), reads("c", "a"), reads("above", "a")];
    model.views.extend(circle);
    let error = db.syncing(&model).plan().await.unwrap_err().to_string();
    assert_says(&error, &["a: it reads itself, directly or through other views"]);
    assert_eq!(error.matches("reads itself").count(), 1, "{error}");
});
