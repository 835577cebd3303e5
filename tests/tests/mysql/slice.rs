//! From structs to tables and back to nothing to do, with all that a run stands on: state, history, gate, lock.

use crate::both;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use schemasync::{Error, RunStatus, SchemaSync, schema};
use std::time::Duration;
use uuid::Uuid;

#[derive(schemasync::DbTable, sqlx::FromRow, Debug, Clone, PartialEq)]
#[db(table = "things")]
pub struct Thing {
    #[db(id)]
    pub id: i64,
    pub flag: bool,
    pub tiny: i8,
    pub small: i16,
    pub int: i32,
    pub utiny: u8,
    pub usmall: u16,
    pub uint: u32,
    pub ubig: u64,
    pub single: f32,
    pub double: f64,
    pub name: String,
    #[db(max_length = 40, default = "it's \\ \"free\"")]
    pub plan: String,
    pub bytes: Vec<u8>,
    #[db(unique)]
    pub uuid: Uuid,
    pub day: NaiveDate,
    pub time: NaiveTime,
    pub moment: NaiveDateTime,
    pub instant: DateTime<Utc>,
    pub maybe: Option<String>,
    #[db(index)]
    pub indexed: String,
}

fn thing() -> Thing {
    let moment = NaiveDate::from_ymd_opt(2024, 2, 29).and_then(|day| day.and_hms_micro_opt(23, 59, 58, 123_456));
    let moment = moment.expect("a moment");
    Thing {
        id: i64::MIN,
        flag: true,
        tiny: i8::MIN,
        small: i16::MIN,
        int: i32::MIN,
        utiny: u8::MAX,
        usmall: u16::MAX,
        uint: u32::MAX,
        ubig: u64::MAX,
        single: 0.1,
        double: 0.1,
        name: "größe 😀 ".to_owned(),
        plan: "x".to_owned(),
        bytes: vec![0, 255, 39],
        uuid: Uuid::from_u128(0xc0ffee),
        day: moment.date(),
        time: moment.time(),
        moment,
        instant: Utc.from_utc_datetime(&moment),
        maybe: None,
        indexed: "a".repeat(1000),
    }
}

async fn things(db: &schemasync_tests::Mysql) -> Vec<Thing> {
    sqlx::query_as("SELECT * FROM things").fetch_all(&db.pool).await.expect("reading")
}

both!(every_type_goes_there_and_back, |db| {
    let report = db.sync(schema![Thing]).await;
    assert_eq!(report.status, RunStatus::Synced);
    let thing = thing();
    let insert = "INSERT INTO things (id, flag, tiny, small, \"int\", utiny, usmall, uint, ubig, single, \"double\", name, plan, bytes, uuid, day, time, moment, instant, maybe, indexed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let t = thing.clone();
    let query = sqlx::query(insert).bind(t.id).bind(t.flag).bind(t.tiny).bind(t.small).bind(t.int).bind(t.utiny);
    let query = query.bind(t.usmall).bind(t.uint).bind(t.ubig).bind(t.single).bind(t.double).bind(t.name).bind(t.plan);
    let query = query.bind(t.bytes).bind(t.uuid).bind(t.day).bind(t.time).bind(t.moment).bind(t.instant).bind(t.maybe);
    query.bind(t.indexed).execute(&db.pool).await.expect("inserting");
    assert_eq!(things(db).await, std::slice::from_ref(&thing));
    db.sync(schema![Thing]).await;
    assert_eq!(things(db).await, [thing]);
    assert_eq!(db.value("SELECT count(*) FROM __schemasync_history").await, "1");
});

both!(s2_nothing_changed_is_one_query, |db| {
    db.sync(schema![Thing]).await;
    let mut connection = db.connect().await;
    let questions = "SHOW SESSION STATUS LIKE 'Questions'";
    let before: (String, String) = sqlx::query_as(questions).fetch_one(&mut connection).await.expect("a row");
    let report = SchemaSync::new(&mut connection).schema(schema![Thing]).run_report().await.expect("a run");
    let after: (String, String) = sqlx::query_as(questions).fetch_one(&mut connection).await.expect("a row");
    let number = |pair: (String, String)| pair.1.parse::<i64>().expect("a number");
    assert_eq!(report.status, RunStatus::UpToDate);
    // The question about the questions is one of them.
    assert!(number(after) - number(before) <= 3);
});

both!(s5_the_lock_is_waited_for_and_its_holder_named, |db| {
    let mut other = db.connect().await;
    let lock = format!("SELECT GET_LOCK('schemasync.{}', 0)", db.name);
    sqlx::raw_sql(sqlx::AssertSqlSafe(lock)).execute(&mut other).await.expect("the lock");
    let sync = db.syncing(&schema![Thing]).lock_timeout(Duration::from_millis(300));
    match sync.run_report().await {
        Err(Error::LockTimeout { holder: Some(holder), .. }) => assert!(holder.contains("user root"), "{holder}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(db.tables().await, Vec::<String>::new());
    drop(other);
    db.sync(schema![Thing]).await;
});

both!(s7_a_transaction_of_the_callers_is_refused_and_settings_are_restored, |db| {
    let mut connection = db.connect().await;
    let settings = "SELECT concat(@@sql_mode, @@time_zone, @@autocommit, @@foreign_key_checks, @@lock_wait_timeout, @@character_set_client)";
    for begin in ["BEGIN", "START TRANSACTION READ ONLY"] {
        sqlx::raw_sql(begin).execute(&mut connection).await.expect("begin");
        sqlx::raw_sql("SELECT 1 FROM DUAL").execute(&mut connection).await.expect("a query");
        let refused = SchemaSync::new(&mut connection).schema(schema![Thing]).run_report().await;
        assert!(matches!(refused, Err(Error::InTransaction)), "{refused:?}");
        sqlx::raw_sql("ROLLBACK").execute(&mut connection).await.expect("rollback");
    }
    sqlx::raw_sql("SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', time_zone = '+05:00', foreign_key_checks = 0")
        .execute(&mut connection)
        .await
        .expect("settings");
    let before: String = sqlx::query_scalar(settings).fetch_one(&mut connection).await.expect("the settings");
    let report = SchemaSync::new(&mut connection).schema(schema![Thing]).run_report().await.expect("a run");
    assert!(!report.has_errors(), "{report}");
    let after: String = sqlx::query_scalar(settings).fetch_one(&mut connection).await.expect("the settings");
    assert_eq!(before, after);
    db.assert_settled(&schema![Thing]).await;
});
