//! What PostgreSQL has and a schema cannot say is told, by name: every kind of object of its documentation.

#![allow(missing_docs, reason = "tests")]

use schemasync::Schema;
use schemasync_tests::scenario;

/// What is made, and what the notes have to say of it; nothing: it is expressed.
const OBJECTS: &[(&str, &[&str])] = &[
    ("CREATE TABLE t (id int PRIMARY KEY, a text, b int, r int4range)", &[]),
    ("CREATE TABLE parent (id int PRIMARY KEY)", &[]),
    // Security first.
    (
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY",
        &["t: row-level security is on and forced"],
    ),
    ("CREATE POLICY only_mine ON t USING (b = 1)", &["t: the policy only_mine"]),
    ("GRANT SELECT ON t TO PUBLIC", &["t: grants to PUBLIC"]),
    ("GRANT UPDATE (a) ON t TO PUBLIC", &["t.a: grants to PUBLIC"]),
    (
        "CREATE SCHEMA shared; CREATE TABLE shared.s (id int PRIMARY KEY); GRANT USAGE ON SCHEMA shared TO PUBLIC",
        &["the schema shared: grants to PUBLIC"],
    ),
    ("ALTER DEFAULT PRIVILEGES IN SCHEMA shared GRANT SELECT ON TABLES TO PUBLIC", &["default privileges"]),
    (
        "CREATE VIEW v WITH (security_barrier, check_option = local) AS SELECT id, a FROM t WHERE b > 0",
        &["v: the option security_barrier=true", "v: the option check_option=local"],
    ),
    (
        "CREATE FUNCTION secret() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION secret() TO pg_monitor",
        &["function secret(): grants to", "the function secret()"],
    ),
    // Relations.
    ("CREATE RULE quiet AS ON DELETE TO parent DO INSTEAD NOTHING", &["parent: the rule quiet"]),
    (
        "CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf(); ALTER TABLE t DISABLE TRIGGER tr",
        &["t: the trigger tr is not", "t: the trigger tr is disabled"],
    ),
    ("CREATE TRIGGER vt INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION tf()", &["v: the trigger vt"]),
    ("ALTER TABLE t REPLICA IDENTITY FULL", &["t: its replica identity, all columns"]),
    ("CREATE MATERIALIZED VIEW mv AS SELECT id FROM t; CREATE UNIQUE INDEX mv_id ON mv (id)", &["mv: the index mv_id"]),
    ("CREATE INDEX loose ON t (b) WITH (fillfactor = 50)", &["t, index loose: left out"]),
    ("ALTER TABLE parent CLUSTER ON parent_pkey", &["parent: that it is clustered by the index parent_pkey"]),
    ("ALTER TABLE t ALTER a SET STORAGE EXTERNAL", &["t.a: its storage, EXTERNAL"]),
    ("ALTER TABLE t ALTER b SET STATISTICS 500", &["t.b: its statistics target"]),
    ("ALTER TABLE t ALTER b SET (n_distinct = 5)", &["t.b: the option n_distinct=5"]),
    ("CREATE INDEX by_pattern ON t (a text_pattern_ops)", &["by_pattern"]),
    ("CREATE INDEX nulls_first ON t (b NULLS FIRST)", &["nulls_first"]),
    ("CREATE INDEX by_gist ON t USING gist (r)", &["by_gist"]),
    (
        "CREATE TABLE keys (id int, a int, b int, p int, CONSTRAINT late UNIQUE (a) DEFERRABLE, CONSTRAINT wide PRIMARY KEY (id) INCLUDE (b), CONSTRAINT up FOREIGN KEY (p) REFERENCES parent ON DELETE SET NULL (p), CONSTRAINT apart EXCLUDE USING btree (b WITH =))",
        &[
            "keys, key late: that it is deferrable",
            "keys, key wide: its INCLUDE",
            "keys, foreign key up: that its action is for some",
            "EXCLUDE USING btree",
        ],
    ),
    ("ALTER TABLE t ADD CONSTRAINT later CHECK (b > 1) NOT VALID", &["NOT VALID of the check"]),
    (
        "CREATE TABLE parted (id int) PARTITION BY HASH (id); CREATE TABLE parted_0 PARTITION OF parted FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
        &["parted: left out", "parted_0: left out"],
    ),
    ("CREATE TABLE heir (c int) INHERITS (parent)", &["heir"]),
    ("CREATE TABLE typed_of AS SELECT 1 AS x", &[]),
    // Sequences, schemas, settings.
    ("CREATE SEQUENCE free_one", &["the sequence free_one"]),
    ("CREATE SCHEMA bare", &["the schema bare is empty"]),
    // Types and functions.
    ("CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%')", &["the type email"]),
    ("CREATE TYPE pair AS (x int, y int)", &["the composite type pair"]),
    ("CREATE TYPE span AS RANGE (subtype = float8)", &["the type span"]),
    ("CREATE TYPE lonely AS ENUM ('a')", &["lonely"]),
    ("CREATE PROCEDURE doing() LANGUAGE sql AS 'SELECT 1'", &["doing()"]),
    ("CREATE AGGREGATE product(int) (sfunc = int4mul, stype = int)", &["product(integer)"]),
    ("CREATE STATISTICS both_of ON a, b FROM t", &["statistics object both_of"]),
    ("CREATE PUBLICATION news FOR TABLE t", &["the publication news"]),
    ("CREATE COLLATION loud (provider = libc, locale = 'C')", &["the collation loud"]),
    ("CREATE OPERATOR === (leftarg = int, rightarg = int, function = int4eq)", &["the operator ===(integer,integer)"]),
    ("CREATE CAST (pair AS text) WITH INOUT", &["the cast from pair to text"]),
    (
        "CREATE TEXT SEARCH DICTIONARY simplest (template = simple); CREATE TEXT SEARCH CONFIGURATION own_words (copy = simple)",
        &["text search dictionary simplest", "text search configuration own_words"],
    ),
    (
        "CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER there FOREIGN DATA WRAPPER nowhere; CREATE USER MAPPING FOR PUBLIC SERVER there",
        &["foreign-data wrapper nowhere", "server there", "user mapping of public for the server there"],
    ),
    ("CREATE FOREIGN TABLE far (id int) SERVER there", &["far: left out"]),
    (
        "CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER watcher ON ddl_command_start EXECUTE FUNCTION et()",
        &["event trigger watcher"],
    ),
    // Comments.
    (
        "COMMENT ON VIEW v IS 'c'; COMMENT ON INDEX loose IS 'c'; COMMENT ON CONSTRAINT later ON t IS 'c'; COMMENT ON TYPE pair IS 'c'; COMMENT ON SCHEMA shared IS 'c'; COMMENT ON FUNCTION secret() IS 'c'",
        &[
            "the comment on view v",
            "the comment on index loose",
            "the comment on constraint later on table t",
            "the comment on type pair",
            "the comment on schema shared",
            "the comment on function secret()",
        ],
    ),
    ("COMMENT ON TABLE t IS 'said'; COMMENT ON COLUMN t.a IS 'said'", &[]),
];

scenario!(postgres: m1_what_a_schema_cannot_say_is_told_by_name, |db| {
    for (sql, _) in OBJECTS {
        db.exec(sql).await;
    }
    let (schema, notes) = Schema::from_database(&db.pool).await.expect("pulling");
    let missing: Vec<&str> = OBJECTS
        .iter()
        .flat_map(|(_, said)| said.iter())
        .filter(|said| !notes.iter().any(|note| note.to_lowercase().contains(&said.to_lowercase())))
        .copied()
        .collect();
    assert!(missing.is_empty(), "not told: {missing:#?}\nof {notes:#?}");
    let plan = db.plan(schema).await;
    assert!(plan.is_empty(), "{plan}");
    db.exec("DROP EVENT TRIGGER watcher").await;
});

scenario!(postgres: m1_what_a_schema_says_whole_leaves_nothing_to_tell, |db| {
    db.exec("CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE t (id serial PRIMARY KEY, m mood, a text UNIQUE, p int REFERENCES t ON DELETE CASCADE); CREATE INDEX i ON t (m, a DESC) WHERE a <> ''; CREATE VIEW v AS SELECT id FROM t; COMMENT ON TABLE t IS 'x'").await;
    let (_, notes) = Schema::from_database(&db.pool).await.expect("pulling");
    assert_eq!(notes, Vec::<String>::new());
});
