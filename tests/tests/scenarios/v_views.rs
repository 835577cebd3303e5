//! Views given as SQL: V1 to V5.

use schemasync::{EntryStatus, RunStatus, schema};
use schemasync_tests::{Feature, assert_says, errors, found, scenario};

mod users {
    #[derive(schemasync::DbTable)]
    #[db(table = "users")]
    pub struct User {
        #[db(id)]
        pub id: i64,
        pub email: String,
        pub tier: String,
    }
}

mod premium {
    #[derive(schemasync::DbView)]
    #[db(view = "premium", sql = "SELECT id, email FROM users WHERE tier = 'premium'")]
    pub struct Premium {
        pub id: i64,
        pub email: String,
    }
}

const ROWS: &str = "INSERT INTO users VALUES (1, 'a', 'premium'), (2, 'b', 'free')";

scenario!(v1_views_come_after_what_they_read_and_go_before_it, |db| {
    mod views {
        use schemasync::DbView;

        #[derive(DbView)]
        #[db(view = "a_top", sql = "SELECT email FROM m_middle")]
        pub struct Top {
            pub email: String,
        }
        #[derive(DbView)]
        #[db(view = "m_middle", sql = "SELECT email FROM z_base WHERE email <> ''")]
        pub struct Middle {
            pub email: String,
        }
        #[derive(DbView)]
        #[db(view = "z_base", sql = "SELECT email FROM users")]
        pub struct Base {
            pub email: String,
        }
    }
    mod kept {
        #[derive(schemasync::DbTable)]
        #[db(table = "kept")]
        pub struct Kept {
            #[db(id)]
            pub id: i64,
        }
    }
    db.sync(schema![views::Top, views::Middle, views::Base, users::User, kept::Kept]).await;
    db.exec(ROWS).await;
    assert_eq!(db.rows("SELECT * FROM a_top ORDER BY 1").await, [["'a'"], ["'b'"]]);
    let report = db.sync(schema![kept::Kept]).await;
    assert_eq!(found(&report.entries, "m_middle").status, EntryStatus::Drop);
    assert!(db.views().await.is_empty());
    assert_eq!(db.tables().await, ["kept"]);
});

scenario!(v2_a_changed_definition_is_made_again, |db| {
    mod v2 {
        #[derive(schemasync::DbView)]
        #[db(view = "premium", sql = "SELECT id, email, upper(tier) AS tier FROM users")]
        pub struct Premium {
            pub id: i64,
            pub email: String,
            pub tier: String,
        }
    }
    db.sync(schema![users::User, premium::Premium]).await;
    db.exec(ROWS).await;
    let report = db.sync(schema![users::User, v2::Premium]).await;
    assert_eq!(found(&report.entries, "premium").status, EntryStatus::Alter);
    assert!(!found(&report.entries, "premium").destructive);
    assert_eq!(db.rows("SELECT tier FROM premium ORDER BY id").await, [["'PREMIUM'"], ["'FREE'"]]);
    db.assert_like_new(schema![users::User, v2::Premium]).await;
});

scenario!(v2_a_view_edited_by_hand_is_put_back, |db| {
    let model = schema![users::User, premium::Premium];
    db.sync(model.clone()).await;
    db.exec(ROWS).await;
    db.exec("DROP VIEW premium").await;
    db.exec("CREATE VIEW premium AS SELECT id, email FROM users").await;
    let report = db.syncing(&model).force(true).run_report().await.unwrap();
    assert_eq!(report.status, RunStatus::Synced, "{report}");
    assert_eq!(db.rows("SELECT id FROM premium").await, [["1"]]);
    db.assert_settled(&model).await;
});

scenario!(v2_a_dropped_view_is_made_again, |db| {
    let model = schema![users::User, premium::Premium];
    db.sync(model.clone()).await;
    db.exec("DROP VIEW premium").await;
    let report = db.syncing(&model).force(true).run_report().await.unwrap();
    assert!(!report.has_errors(), "{report}");
    assert_eq!(db.views().await, ["premium"]);
});

scenario!(v3_views_over_a_rebuilt_table_still_work, |db| {
    mod v2 {
        use schemasync::{DbTable, DbView};

        #[derive(DbTable)]
        #[db(table = "users", sync_method = recreate)]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub email: String,
            pub tier: Option<String>,
        }
        #[derive(DbView)]
        #[db(view = "above", sql = "SELECT count(*) AS n FROM premium")]
        pub struct Over {
            pub n: i64,
        }
    }
    db.sync(schema![users::User, premium::Premium, v2::Over]).await;
    db.exec(ROWS).await;
    db.exec("CREATE VIEW theirs AS SELECT email FROM users WHERE tier = 'free'").await;
    db.sync(schema![v2::User, premium::Premium, v2::Over]).await;
    assert_eq!(db.rows("SELECT * FROM premium").await, [["1", "'a'"]]);
    assert_eq!(db.rows("SELECT * FROM above").await, [["1"]]);
    assert_eq!(db.rows("SELECT * FROM theirs").await, [["'b'"]]);
});

scenario!(v4_materialized_is_a_plain_view_where_the_server_has_none, |db| {
    mod v1 {
        #[derive(schemasync::DbView)]
        #[db(view = "totals", materialized, sql = "SELECT count(*) AS n FROM users")]
        pub struct Totals {
            pub n: i64,
        }
    }
    let report = db.sync(schema![users::User, v1::Totals]).await;
    if !db.supports(Feature::MaterializedViews) {
        assert_says(&found(&report.entries, "totals").withheld[0].what, &["materialized", "plain"]);
    }
    assert_eq!(db.rows("SELECT n FROM totals").await, [["0"]]);
});

mod renamed {
    #[derive(schemasync::DbView)]
    #[db(view = "vips", renamed = "premium", sql = "SELECT id, email FROM users WHERE tier = 'premium'")]
    pub struct Vip {
        pub id: i64,
        pub email: String,
    }
}

scenario!(v5_an_earlier_name_that_another_view_has_now_is_that_ones, |db| {
    mod second {
        #[derive(schemasync::DbView)]
        #[db(view = "premium", sql = "SELECT id FROM users WHERE tier <> 'free'")]
        pub struct Premium {
            pub id: i64,
        }
    }
    db.sync(schema![users::User, premium::Premium]).await;
    let both = || schema![users::User, renamed::Vip, second::Premium];
    let report = db.sync(both()).await;
    assert_eq!(found(&report.entries, "vips").status, EntryStatus::Create, "{report}");
    assert_eq!(db.views().await, ["premium", "vips"]);
    db.exec("DROP VIEW vips").await;
    let report = db.sync_with(both(), |sync| sync.force(true)).await;
    assert_eq!(found(&report.entries, "premium").status, EntryStatus::InSync, "{report}");
    assert_eq!(db.views().await, ["premium", "vips"]);
});

scenario!(v5_a_renamed_view_is_dropped_and_made, |db| {
    db.sync(schema![users::User, premium::Premium]).await;
    db.exec(ROWS).await;
    let report = db.sync(schema![users::User, renamed::Vip]).await;
    assert_eq!(found(&report.entries, "vips").renamed_from.as_deref(), Some("premium"));
    assert_eq!(db.views().await, ["vips"]);
    assert_eq!(db.rows("SELECT * FROM vips").await, [["1", "'a'"]]);
});

scenario!(v5_a_view_of_theirs_with_the_old_name_stays, |db| {
    db.exec("CREATE VIEW premium AS SELECT 1 AS id").await;
    db.sync(schema![users::User, renamed::Vip]).await;
    assert_eq!(db.views().await, ["premium", "vips"]);
});

mod external {
    #[derive(schemasync::DbView)]
    #[db(view = "theirs")]
    pub struct Theirs {
        pub id: i64,
        pub zip: String,
    }
}

scenario!(v5_an_external_view_is_checked_and_never_touched, |db| {
    let model = schema![users::User, external::Theirs];
    db.exec("CREATE VIEW theirs AS SELECT 1 AS id, 2 AS city").await;
    let report = db.run(model.clone()).await;
    assert_eq!(errors(&report, "theirs"), "External view \"theirs\" is missing columns: zip");
    db.exec("DROP VIEW theirs").await;
    db.exec("CREATE VIEW theirs AS SELECT 1 AS id, 2 AS zip").await;
    let report = db.syncing(&model).force(true).run_report().await.unwrap();
    assert_eq!(errors(&report, "theirs"), "");
    db.sync(schema![users::User]).await;
    assert_eq!(db.views().await, ["theirs"]);
});

scenario!(sqlite: m4_triggers_of_theirs_on_a_view_of_ours_survive_its_change, |db| {
    mod v2 {
        use schemasync::{DbTable, DbView};

        #[derive(DbTable)]
        #[db(table = "users", sync_method = recreate)]
        pub struct User {
            #[db(id)]
            pub id: i64,
            pub email: String,
            pub tier: Option<String>,
        }
        #[derive(DbView)]
        #[db(view = "premium", sql = "SELECT id, email, 1 AS one FROM users WHERE tier = 'premium'")]
        pub struct Premium {
            pub id: i64,
            pub email: String,
            pub one: i64,
        }
    }
    db.sync(schema![users::User, premium::Premium]).await;
    db.exec("CREATE TRIGGER theirs INSTEAD OF INSERT ON premium BEGIN INSERT INTO users VALUES (new.id, new.email, 'premium'); END").await;
    db.sync(schema![v2::User, v2::Premium]).await;
    db.exec("INSERT INTO premium (id, email) VALUES (9, 'z')").await;
    assert_eq!(db.rows("SELECT * FROM premium").await, [["9", "'z'", "1"]]);
});

scenario!(v1_a_broken_view_is_an_error_of_its_own, |db| {
    mod broken {
        #[derive(schemasync::DbView)]
        #[db(view = "broken", sql = "SELECT naught FROM nowhere")]
        pub struct Broken {
            pub naught: i64,
        }
    }
    let report = db.run(schema![users::User, premium::Premium, broken::Broken]).await;
    assert_says(errors(&report, "broken"), &["nowhere"]);
    assert_eq!(db.views().await, ["premium"]);
});

scenario!(v2_a_change_that_breaks_the_view_leaves_the_old_one, |db| {
    mod broken {
        #[derive(schemasync::DbView)]
        #[db(view = "premium", sql = "SELECT naught FROM users")]
        pub struct Premium {
            pub naught: i64,
        }
    }
    db.sync(schema![users::User, premium::Premium]).await;
    db.exec(ROWS).await;
    let report = db.run(schema![users::User, broken::Premium]).await;
    assert_says(errors(&report, "premium"), &["naught"]);
    assert_eq!(db.rows("SELECT * FROM premium").await, [["1", "'a'"]]);
});

scenario!(sqlite: m4_a_trigger_of_theirs_on_a_renamed_view_is_named, |db| {
    db.sync(schema![users::User, premium::Premium]).await;
    db.exec("CREATE TRIGGER theirs INSTEAD OF INSERT ON premium BEGIN SELECT 1; END").await;
    let before = db.dump().await;
    let report = db.run(schema![users::User, renamed::Vip]).await;
    assert_says(errors(&report, "vips"), &["theirs"]);
    assert_eq!(db.dump().await, before);
});

mod over_a_view {
    use schemasync::{DbTable, DbView};

    #[derive(DbTable)]
    #[db(table = "people", renamed = "users")]
    pub struct Renamed {
        #[db(id)]
        pub id: i64,
        pub email: String,
        pub tier: String,
    }
    #[derive(DbTable)]
    #[db(table = "users")]
    pub struct WithoutTier {
        #[db(id)]
        pub id: i64,
        pub email: String,
    }
    #[derive(DbView)]
    #[db(view = "premium", sql = "SELECT id, email FROM people WHERE tier = 'premium'")]
    pub struct PremiumPeople {
        pub id: i64,
        pub email: String,
    }
    #[derive(DbView)]
    #[db(view = "premium", sql = "SELECT id, email FROM users")]
    pub struct All {
        pub id: i64,
        pub email: String,
    }
    #[derive(DbView)]
    #[db(view = "above", sql = "SELECT email FROM premium")]
    pub struct Over {
        pub email: String,
    }
    #[derive(DbView)]
    #[db(view = "above", sql = "SELECT p.email FROM premium AS p JOIN users AS u ON u.id = p.id WHERE u.tier <> 'x'")]
    pub struct OverBoth {
        pub email: String,
    }
}

scenario!(v1_a_view_over_one_that_changes_does_not_stand_in_the_way_of_a_rename, |db| {
    db.sync(schema![users::User, premium::Premium, over_a_view::Over]).await;
    db.exec(ROWS).await;
    db.sync(schema![over_a_view::Renamed, over_a_view::PremiumPeople, over_a_view::Over]).await;
    assert_eq!(db.rows("SELECT * FROM above").await, [["'a'"]]);
});

scenario!(v1_a_view_over_one_that_changes_does_not_stand_in_the_way_of_a_drop, |db| {
    db.sync(schema![users::User, premium::Premium, over_a_view::Over]).await;
    db.exec(ROWS).await;
    db.sync(schema![over_a_view::WithoutTier, over_a_view::All, over_a_view::Over]).await;
    assert_eq!(db.rows("SELECT * FROM above ORDER BY 1").await, [["'a'"], ["'b'"]]);
});

scenario!(c9_a_view_over_one_that_changes_keeps_the_column_that_it_uses, |db| {
    db.sync(schema![users::User, premium::Premium, over_a_view::OverBoth]).await;
    db.exec(ROWS).await;
    let report = db.run(schema![over_a_view::WithoutTier, over_a_view::All, over_a_view::OverBoth]).await;
    assert_says(errors(&report, "users"), &["above"]);
    assert_eq!(db.rows("SELECT * FROM above WHERE email = 'a'").await, [["'a'"]]);
    assert_eq!(db.columns("users").await, ["id", "email", "tier"]);
});

scenario!(v1_views_are_dropped_before_what_they_read_whatever_their_names_are, |db| {
    mod views {
        use schemasync::DbView;

        #[derive(DbView)]
        #[db(view = "a_base", sql = "SELECT email FROM users")]
        pub struct Base {
            pub email: String,
        }
        #[derive(DbView)]
        #[db(view = "b_over", sql = "SELECT email FROM a_base")]
        pub struct Over {
            pub email: String,
        }
        #[derive(DbView)]
        #[db(view = "a_base", sql = "SELECT lower(email) AS email FROM users")]
        pub struct Changed {
            pub email: String,
        }
    }
    db.sync(schema![users::User, views::Base, views::Over]).await;
    db.exec(ROWS).await;
    db.sync(schema![users::User, views::Changed, views::Over]).await;
    assert_eq!(db.rows("SELECT * FROM b_over ORDER BY 1").await, [["'a'"], ["'b'"]]);
    db.sync(schema![users::User]).await;
    assert!(db.views().await.is_empty());
});

scenario!(p4_a_plain_view_that_goes_destroys_nothing, |db| {
    db.sync(schema![users::User, premium::Premium]).await;
    db.exec(ROWS).await;
    let plan = db.plan(schema![users::User]).await;
    assert_eq!(plan.risk(), schemasync::Risk::Safe, "{plan}");
    let step =
        plan.steps.iter().find(|step| matches!(step.change, schemasync::change::Change::DropView { .. })).unwrap();
    assert!(!step.hazards.contains(&schemasync::change::Hazard::DeletesData), "{step:?}");
    assert!(!found(&plan.entries, "premium").destructive, "{plan}");
    // Safe mode drops no view all the same (P1).
    let safe = db.syncing(&schema![users::User]).safe(true).plan().await.unwrap();
    assert_eq!(found(&safe.entries, "premium").withheld.len(), 1, "{safe}");
    let report = db.sync(schema![users::User]).await;
    assert_eq!(found(&report.entries, "premium").status, EntryStatus::Drop);
    assert!(!found(&report.entries, "premium").destructive);
    assert_eq!(db.rows("SELECT * FROM users ORDER BY id").await.len(), 2);
    assert!(db.views().await.is_empty());
});

scenario!(p4_a_materialized_view_that_goes_is_destructive, |db| {
    mod stored {
        #[derive(schemasync::DbView)]
        #[db(view = "premium", materialized, sql = "SELECT id, email FROM users WHERE tier = 'premium'")]
        pub struct Premium {
            pub id: i64,
            pub email: String,
        }
    }
    db.sync(schema![users::User, stored::Premium]).await;
    let plan = db.plan(schema![users::User]).await;
    let stores = db.supports(Feature::MaterializedViews);
    assert_eq!(plan.risk() == schemasync::Risk::Destructive, stores, "{plan}");
    assert_eq!(found(&plan.entries, "premium").destructive, stores, "{plan}");
    db.sync(schema![users::User]).await;
});
