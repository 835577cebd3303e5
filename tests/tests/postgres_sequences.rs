//! Columns that count up on PostgreSQL: identity of both kinds and `serial`, with all that their sequences say.

#![allow(dead_code, missing_docs, unreachable_pub, reason = "the models are read by the derives, not by the tests")]

use schemasync::{Schema, schema};
use schemasync_tests::{Postgres, TestDatabase, assert_says, scenario};

fn document(tables: &str) -> Schema {
    let json = format!("{{\"schemasync\": 1, \"tables\": [{tables}]}}");
    Schema::from_json(&json).unwrap_or_else(|error| panic!("{error}\n{json}"))
}

/// A table with an `id` that counts so: the JSON of `increment`.
fn counting(increment: &str) -> Schema {
    document(&format!(
        r#"{{"name": "t", "columns": [{{"name": "id", "type": "int32", "default": {{"increment": {increment}}}}}, {{"name": "a", "type": "text", "nullable": true}}], "primary_key": "id"}}"#
    ))
}

/// Name and options of each sequence, and whose it is.
async fn sequences(db: &Postgres) -> Vec<String> {
    let rows = db
        .rows("SELECT c.relname, q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle, coalesce(d.deptype::text, '-')
            FROM pg_sequence q JOIN pg_class c ON c.oid = q.seqrelid LEFT JOIN pg_depend d ON d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
            WHERE c.relname NOT LIKE '\\_\\_schemasync%' ORDER BY 1")
        .await;
    rows.iter().map(|row| row.join(" ")).collect()
}

async fn next(db: &Postgres) -> String {
    db.exec("INSERT INTO t (a) VALUES ('n')").await;
    db.value("SELECT id FROM t ORDER BY ctid DESC LIMIT 1").await
}

const FORMS: [&str; 9] = [
    "1",
    "1000",
    r#"{"form": "always"}"#,
    r#"{"form": "serial"}"#,
    r#"{"form": "always", "start": -100, "step": 5, "min": -100}"#,
    r#"{"form": "serial", "start": 5, "step": 10, "max": 100000, "cache": 20}"#,
    r#"{"start": -1, "step": -1}"#,
    r#"{"form": "serial", "start": 50, "step": -2, "min": 0, "max": 60, "cycle": true}"#,
    r#"{"min": 3, "start": 4, "cycle": true}"#,
];

scenario!(postgres: i_each_form_is_made_and_read_back, |db| {
    for form in FORMS {
        let model = counting(form);
        db.sync(model.clone()).await;
        let (pulled, notes) = Schema::from_database(&db.pool).await.expect("pulling");
        assert!(notes.is_empty(), "{form}: {notes:?}");
        assert_eq!(pulled.tables[0].columns[0].default, model.tables[0].columns[0].default, "{form}");
        let rust = schemasync::cli::pull::rust_source(&pulled, &notes);
        assert_says(&rust, &["default(increment"]);
        let serial = form.contains("serial");
        assert_eq!(db.value("SELECT pg_get_serial_sequence('t', 'id')").await, "'public.t_id_seq'", "{form}");
        assert!(sequences(db).await[0].ends_with(if serial { "'a'" } else { "'i'" }), "{form}");
        db.exec("DROP TABLE t; DROP TABLE __schemasync_state, __schemasync_history").await;
    }
});

scenario!(postgres: i_every_form_becomes_every_other_and_goes_on_counting, |db| {
    for from in FORMS {
        for to in FORMS {
            db.sync(counting(from)).await;
            let number = async || next(db).await.parse::<i64>().expect("a number");
            let given = [number().await, number().await];
            let last = given[1];
            db.exec("DELETE FROM t").await;
            let report = db.run(counting(to)).await;
            assert!(!report.has_errors(), "{from} to {to}: {report}");
            db.assert_settled(&counting(to)).await;
            let (pulled, _) = Schema::from_database(&db.pool).await.expect("pulling");
            assert_eq!(pulled.tables[0].columns[0].default, counting(to).tables[0].columns[0].default, "{from} to {to}");
            assert_eq!(sequences(db).await.len(), 1, "{from} to {to}: the old one is gone");
            assert_eq!(db.value("SELECT pg_get_serial_sequence('t', 'id')").await, "'public.t_id_seq'", "{from} to {to}");
            let down = |form: &str| form.contains("\"step\": -");
            if down(from) == down(to) && !to.contains("cycle") && !from.contains("cycle") {
                let next = number().await;
                // A session goes on with the numbers that it has cached, where nothing has changed.
                let cached = from == to && from.contains("cache");
                let is_new = if down(to) { next < last } else { next > last };
                assert!(is_new || cached && !given.contains(&next), "{from} to {to}: {given:?} were given already, then {next}");
            }
            db.exec("DROP TABLE t; DROP TABLE __schemasync_state, __schemasync_history").await;
        }
    }
});

mod plain {
    #[derive(schemasync::DbTable)]
    #[db(table = "t")]
    pub struct T {
        #[db(id, default(increment))]
        pub id: i32,
        pub a: Option<String>,
    }
}

mod serial {
    #[derive(schemasync::DbTable)]
    #[db(table = "t")]
    pub struct T {
        #[db(id, default(increment(serial)))]
        pub id: i32,
        pub a: Option<String>,
    }
}

mod bare {
    #[derive(schemasync::DbTable)]
    #[db(table = "t")]
    pub struct T {
        #[db(id)]
        pub id: i32,
        pub a: Option<String>,
    }
}

mod wide {
    #[derive(schemasync::DbTable)]
    #[db(table = "people", renamed = "t")]
    pub struct T {
        #[db(id, default(increment(serial)))]
        pub id: i64,
        pub a: Option<String>,
    }
}

scenario!(postgres: i_an_adopted_serial_becomes_an_identity_and_no_number_is_given_twice, |db| {
    db.exec("CREATE TABLE t (id serial PRIMARY KEY, a text)").await;
    for _ in 0..5 {
        next(db).await;
    }
    db.exec("DELETE FROM t WHERE id > 3").await;
    db.sync(schema![plain::T]).await;
    assert_eq!(next(db).await, "6");
    assert_eq!(sequences(db).await, ["'t_id_seq' 1 1 1 2147483647 1 0 'i'"]);
    assert_eq!(db.value("SELECT pg_get_serial_sequence('t', 'id')").await, "'public.t_id_seq'");
});

scenario!(postgres: i_a_serial_that_is_said_is_adopted_as_it_is, |db| {
    db.exec("CREATE TABLE t (id serial PRIMARY KEY, a text)").await;
    let before = db.dump().await;
    db.sync(schema![serial::T]).await;
    assert_eq!(db.dump().await, before);
    next(db).await;
    db.sync(schema![wide::T]).await;
    db.exec("INSERT INTO people (a) VALUES ('x')").await;
    assert_eq!(db.rows("SELECT id FROM people ORDER BY id").await, [["1"], ["2"]]);
    assert_eq!(db.value("SELECT format_type(seqtypid, NULL) FROM pg_sequence WHERE seqrelid = pg_get_serial_sequence('people', 'id')::regclass").await, "'bigint'");
    assert_eq!(db.value("SELECT pg_get_serial_sequence('people', 'id')").await, "'public.t_id_seq'", "it stays the one that it was");
});

scenario!(postgres: i_a_serial_that_counts_no_more_takes_its_sequence_along, |db| {
    db.sync(schema![serial::T]).await;
    db.sync(schema![bare::T]).await;
    assert!(sequences(db).await.is_empty());
    db.sync_with(schema![serial::T], |sync| sync.allow_revert(true)).await;
    assert_eq!(next(db).await, "1");
});

scenario!(postgres: i_a_dump_of_serials_makes_an_empty_database_alike, |db| {
    db.exec("CREATE TABLE small (id smallserial PRIMARY KEY, n serial NOT NULL, note text);
        CREATE TABLE big (id bigserial PRIMARY KEY, other int GENERATED ALWAYS AS IDENTITY (START WITH -5 MINVALUE -5), last bigint GENERATED BY DEFAULT AS IDENTITY (INCREMENT BY -3));
        CREATE SEQUENCE odd INCREMENT BY 7; CREATE TABLE named (id bigint NOT NULL DEFAULT nextval('odd') PRIMARY KEY); ALTER SEQUENCE odd OWNED BY named.id").await;
    let (pulled, notes) = Schema::from_database(&db.pool).await.expect("pulling");
    assert!(notes.is_empty(), "{notes:?}");
    let plan = db.plan(pulled.clone()).await;
    assert!(plan.is_empty(), "{plan}");
    let json = pulled.to_json();
    assert!(!json.contains("nextval"), "{json}");
    let fresh = Postgres::create().await;
    fresh.sync(Schema::from_json(&json).expect("its own document")).await;
    let (again, _) = Schema::from_database(&fresh.pool).await.expect("pulling");
    assert_eq!(again, pulled);
    fresh.exec("INSERT INTO named DEFAULT VALUES; INSERT INTO named DEFAULT VALUES").await;
    assert_eq!(fresh.rows("SELECT id FROM named ORDER BY id").await, [["1"], ["8"]]);
    fresh.remove().await;
});

scenario!(postgres: i_a_document_of_an_older_version_means_the_serial_that_is_there, |db| {
    db.exec("CREATE TABLE t (id serial PRIMARY KEY, a text)").await;
    let old = document(r#"{"name": "t", "columns": [{"name": "id", "type": "int32", "default": {"sql": "nextval('t_id_seq'::regclass)"}}, {"name": "a", "type": "text", "nullable": true}], "primary_key": "id"}"#);
    let before = db.dump().await;
    db.sync(old.clone()).await;
    assert_eq!(db.dump().await, before);
    let fresh = Postgres::create().await;
    fresh.sync(old).await;
    assert_eq!(fresh.dump().await, before);
    fresh.remove().await;
});

scenario!(postgres: i_a_column_that_counts_is_added_to_rows, |db| {
    db.sync(schema![bare::T]).await;
    db.exec("INSERT INTO t VALUES (1, 'x'), (2, 'y')").await;
    let added = |increment: &str| document(&format!(
        r#"{{"name": "t", "columns": [{{"name": "id", "type": "int32"}}, {{"name": "a", "type": "text", "nullable": true}}, {{"name": "n", "type": "int64", "default": {{"increment": {increment}}}}}], "primary_key": "id"}}"#
    ));
    db.sync(added(r#"{"form": "serial", "start": 10, "step": 5}"#)).await;
    assert_eq!(db.rows("SELECT n FROM t ORDER BY id").await, [["10"], ["15"]]);
    db.sync(schema![plain::T]).await;
    assert_eq!(sequences(db).await.len(), 1, "the sequence went with its column");
});
