//! Views built from `from`, joins, conditions and aggregates: V1 to V5.

use schemasync::{EntryStatus, schema};
use schemasync_tests::{found, scenario};

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
}

const ROWS: &str = "INSERT INTO users VALUES (1, 'a', 'premium', 20), (2, 'b', 'free', NULL), (3, 'c', 'premium', NULL)";

scenario!(v1_a_view_of_a_table_shows_its_rows, |db| {
    let report = db.sync(schema![shop::Premium, shop::User]).await;
    assert_eq!(found(&report.entries, "premium").status, EntryStatus::Create);
    db.exec(ROWS).await;
    assert_eq!(db.rows("SELECT * FROM premium ORDER BY id").await, [["1", "'a'"], ["3", "'c'"]]);
});
