//! What we read of a table is what SQLite itself says about it, however the table was written.

use super::{all, live, memory, rows, same};
use crate::catalog::IndexKind;
use crate::catalog::{Index, IndexOn, Table};
use crate::change::Change;
use crate::descriptor::{ReferentialAction, SortOrder};
use crate::dialect::sqlite::{SqliteSession, defaults, normalise, render};
use crate::dialect::{Dialect, Session};
use std::time::Duration;

/// Of Django, Rails, Prisma, SeaORM, Diesel, Hibernate, DB Browser and of hand. Each makes a table `t`.
const CORPUS: &[&str] = &[
    // Django
    r#"CREATE TABLE "t" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "password" varchar(128) NOT NULL, "last_login" datetime NULL, "is_superuser" bool NOT NULL, "username" varchar(150) NOT NULL UNIQUE)"#,
    r#"CREATE TABLE "t" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "action_flag" smallint unsigned NOT NULL CHECK ("action_flag" >= 0), "p_id" integer NULL REFERENCES "p" ("id") DEFERRABLE INITIALLY DEFERRED, "price" decimal NOT NULL)"#,
    r#"CREATE TABLE "t" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "data" text NOT NULL CHECK ((JSON_VALID("data") OR "data" IS NULL)), CONSTRAINT "uq" UNIQUE ("data", "id"))"#,
    r#"CREATE TABLE "t" ("user_id" char(32) NOT NULL PRIMARY KEY, "g" bigint NOT NULL CONSTRAINT "fk_g" REFERENCES "p" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED)"#,
    // Rails
    r#"CREATE TABLE IF NOT EXISTS "t" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "title" varchar DEFAULT 'x' NOT NULL, "active" boolean DEFAULT 1, "created_at" datetime(6) NOT NULL, CONSTRAINT "fk_rails_1" FOREIGN KEY ("id") REFERENCES "p" ("id"))"#,
    r#"CREATE TABLE "t" ("version" varchar NOT NULL PRIMARY KEY)"#,
    r#"CREATE TABLE "t" ("d" decimal(10,2) DEFAULT 0.0 NOT NULL, "f" float DEFAULT NULL, "b" blob, "s" varchar(255) COLLATE "NOCASE")"#,
    // Prisma
    "CREATE TABLE \"t\" (\n    \"id\" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,\n    \"email\" TEXT NOT NULL,\n    \"at\" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,\n    \"p\" INTEGER,\n    CONSTRAINT \"t_p_fkey\" FOREIGN KEY (\"p\") REFERENCES \"p\" (\"id\") ON DELETE SET NULL ON UPDATE CASCADE\n)",
    "CREATE TABLE \"t\" (\n    \"a\" INTEGER NOT NULL,\n    \"b\" INTEGER NOT NULL,\n\n    PRIMARY KEY (\"a\", \"b\")\n)",
    // SeaORM, Diesel
    r#"CREATE TABLE "t" ( "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar NOT NULL, "u" uuid_text(36), "j" jsonb_text, "ts" timestamp_with_timezone_text DEFAULT CURRENT_TIMESTAMP, "e" enum_text )"#,
    "CREATE TABLE t (\n  id INTEGER NOT NULL PRIMARY KEY,\n  name VARCHAR NOT NULL,\n  hair_color VARCHAR,\n  UNIQUE (name) ON CONFLICT REPLACE\n)",
    // Hibernate, EF, DB Browser, SQLAlchemy
    "create table t (id integer, version integer not null, name varchar(255), primary key (id))",
    "CREATE TABLE \"t\" (\n\t\"Field1\"\tINTEGER NOT NULL UNIQUE,\n\t\"Field2\"\tTEXT DEFAULT 'a,b)',\n\tPRIMARY KEY(\"Field1\" AUTOINCREMENT)\n)",
    "CREATE TABLE \"t\" (\"Id\" TEXT NOT NULL CONSTRAINT \"PK_t\" PRIMARY KEY, \"N\" INTEGER NOT NULL DEFAULT 0, CONSTRAINT \"FK\" FOREIGN KEY (\"N\") REFERENCES \"p\" (\"id\") ON DELETE RESTRICT)",
    "CREATE TABLE t (\n\tid INTEGER NOT NULL, \n\tx FLOAT, \n\tb BOOLEAN, \n\tPRIMARY KEY (id), \n\tCHECK (b IN (0, 1))\n)",
    // By hand
    "CREATE TABLE t(a)",
    "CREATE TABLE t(a,b,c)",
    "CREATE TABLE t(a INT, b INT, PRIMARY KEY(a)UNIQUE(b)CHECK(a>b)FOREIGN KEY(b)REFERENCES p)",
    "CREATE TABLE t(a INTEGER PRIMARY KEY DESC, b)",
    "CREATE TABLE t(a INTEGER, PRIMARY KEY(a DESC))",
    "CREATE TABLE t(a INT PRIMARY KEY, b)",
    "CREATE TABLE t(a INTEGER PRIMARY KEY ASC ON CONFLICT IGNORE, b UNIQUE ON CONFLICT FAIL)",
    "CREATE TABLE t([a b] [my type] , `c``d` \"other type\"(3), 'e' 'f')",
    "CREATE TABLE t(a UNSIGNED BIG INT, b DOUBLE PRECISION, c NATIVE CHARACTER(70), d VARYING CHARACTER ( 255 ), e DECIMAL ( 10 , 5 ), f NUMERIC(+10,-5))",
    "CREATE TABLE t(a TEXT DEFAULT \"dq\", b DEFAULT word, c DEFAULT -1, d DEFAULT + 1.5e-3, e DEFAULT x'AB', f DEFAULT NULL, g DEFAULT (1 + (2)), h DEFAULT CURRENT_DATE, i DEFAULT TRUE, j DEFAULT 0x1F)",
    "CREATE TABLE t(a DEFAULT 'it''s', b DEFAULT '', c DEFAULT ('x' || ')'), d DEFAULT -9223372036854775808, e DEFAULT .5, f DEFAULT [br], g DEFAULT `bt`)",
    "CREATE TABLE t(a DEFAULT 1 NOT NULL, b NOT NULL DEFAULT 1 COLLATE RTRIM, c COLLATE nocase NOT NULL ON CONFLICT ROLLBACK UNIQUE)",
    "CREATE TABLE t(a NULL, b INT NULL ON CONFLICT FAIL, c CONSTRAINT nn NOT NULL CONSTRAINT u UNIQUE CONSTRAINT d DEFAULT 3)",
    "CREATE TABLE t(a, b GENERATED ALWAYS AS (a || ')') STORED, c AS (a), d INT AS (b) VIRTUAL NOT NULL UNIQUE, e GENERATED ALWAYS AS (1) VIRTUAL)",
    "CREATE TABLE t(a INT GENERATED ALWAYS AS (1+1), b)",
    "CREATE TABLE t(a CHECK (a IN ('x)', \"y(\", 'z')) CHECK (a <> b), b, CHECK (a > b) CHECK (b LIKE 'x%'), CONSTRAINT c CHECK (a IS NOT NULL) ON CONFLICT ABORT)",
    "CREATE TABLE t(a REFERENCES p, b REFERENCES p(id) ON UPDATE SET NULL, c REFERENCES p ON DELETE SET DEFAULT ON UPDATE NO ACTION MATCH SIMPLE DEFERRABLE INITIALLY IMMEDIATE, d REFERENCES \"gone\"(x))",
    "CREATE TABLE t(a, b, FOREIGN KEY (a,b) REFERENCES q(y,x) ON DELETE CASCADE NOT DEFERRABLE, FOREIGN KEY (b, a) REFERENCES q MATCH PARTIAL DEFERRABLE, FOREIGN KEY (A) REFERENCES T(a))",
    "CREATE TABLE t(a PRIMARY KEY, b REFERENCES t ON DELETE CASCADE REFERENCES p(id))",
    "CREATE TABLE t(a TEXT, b INT, PRIMARY KEY (b COLLATE NOCASE DESC, a)) WITHOUT ROWID",
    "CREATE TABLE t(a INTEGER PRIMARY KEY, b) WITHOUT ROWID",
    "CREATE TABLE t(a INT, b TEXT, c ANY, d BLOB, e REAL, f INTEGER PRIMARY KEY) STRICT",
    "CREATE TABLE t(a TEXT PRIMARY KEY, b INT) STRICT",
    "CREATE TABLE t(a TEXT PRIMARY KEY, b INT) strict , without rowid",
    "CREATE TABLE t(a TEXT PRIMARY KEY, b INT, UNIQUE(a), UNIQUE(b,a), UNIQUE(b, a), UNIQUE(b COLLATE BINARY, a)) WITHOUT ROWID, STRICT",
    "CREATE TABLE t(a UNIQUE UNIQUE, b, UNIQUE(a), UNIQUE(a COLLATE NOCASE), UNIQUE(a DESC), UNIQUE(b, a))",
    "CREATE TABLE t(a INTEGER PRIMARY KEY UNIQUE, b UNIQUE)",
    "CREATE TABLE t(a, b, UNIQUE(a, b), PRIMARY KEY(a, b), UNIQUE(b))",
    "CREATE TABLE t(a COLLATE NOCASE UNIQUE, UNIQUE(a COLLATE BINARY), UNIQUE(a COLLATE NOCASE))",
    "CREATE TABLE main.t(a)",
    "CREATE TABLE t AS SELECT 1 AS \"a b\", 'x' AS y, NULL AS z, id FROM p",
    "CREATE TABLE t(a /* c ) */ INT -- , b\n , b TEXT /* unclosed? no */ )",
    "CREATE TABLE t(\"a\"INT,\"b\"TEXT,[c]INT,`d`TEXT)",
    "CREATE TABLE t(key, action, desc, asc, year, date, first, last, row, temp, view, generated, always, strict, rowid)",
    "CREATE TABLE t(\"select\" TEXT, \"check\" INT CHECK (\"check\" > 0), \"unique\" UNIQUE, \"primary\", \"constraint\", \"foreign\", CHECK (\"select\" <> \"from\"))",
    "CREATE TABLE t(é TEXT, \"日本\" INT, _x1$ INT, \"a.b\", \"a\"\"b\", \"\")",
    "CREATE TABLE t(A INT, b INT REFERENCES T(a), PRIMARY KEY(a), UNIQUE(B))",
    "CREATE TABLE t(a TEXT DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')), b DEFAULT (CAST(1 AS TEXT)), c DEFAULT (CASE WHEN 1 THEN 2 END))",
    "CREATE TABLE t(a INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT CHECK(a > 0) DEFAULT 5)",
    "CREATE TABLE t(a INTEGER CONSTRAINT x PRIMARY KEY CONSTRAINT y CHECK (a) CONSTRAINT z REFERENCES p)",
    "CREATE TABLE t(a, CONSTRAINT only_a_name)",
    "CREATE TABLE t(a CONSTRAINT dangling, b)",
    "CREATE TABLE t(a \"INTEGER\" PRIMARY KEY, b)",
    "CREATE TABLE t(a integer primary key, b) ",
    "CREATE TABLE t(a LONGVARCHAR(4294967295), b TINYINT(1), c INT(11), d ENUM, e SET_x, f STRING)",
    "CREATE TABLE t(a DATETIME DEFAULT (datetime('now','localtime')), b TIME DEFAULT CURRENT_TIME, c TIMESTAMP DEFAULT current_timestamp)",
    "CREATE TABLE t(a TEXT CHECK(a GLOB '[a-z]*' OR a NOT LIKE 'z' ESCAPE '\\'), b)",
    "CREATE TABLE t(\"end\" INT, b INT CHECK (case when \"end\" then 1 else 2 end > 0))",
    "CREATE TABLE t(a, b AS (a->>'$.x') STORED, c AS (json_extract(a, '$[0]')))",
    "CREATE TABLE t(x INTEGER HIDDEN, y TEXT MASKED WITH FOO)",
    "CREATE TABLE t(a INT, b INT, CHECK (a>0), CHECK ((a) < (b)), CHECK (((a+b)>0)))",
];

const BEFORE: &str =
    "PRAGMA foreign_keys = OFF; CREATE TABLE p (id INTEGER PRIMARY KEY, n); CREATE TABLE q (x, y, PRIMARY KEY (x, y));";

/// What SQLite says, one line a fact.
async fn told(session: &mut SqliteSession<'_>) -> Vec<String> {
    let mut facts = Vec::new();
    for row in session
        .query("SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo('t')")
        .await
        .unwrap()
    {
        let at = |n: usize| row[n].clone().unwrap_or_default();
        let default = row[3].as_deref().and_then(defaults::default);
        facts.push(format!("column {} {} {:?} hidden {}", at(0), normalise::column_type(&at(1)), default, at(5)));
        facts.push(format!("null {} {}", at(0), at(2)));
        if at(4) != "0" {
            facts.push(format!("key {} {}", at(4), at(0)));
        }
    }
    for row in rows(session, "SELECT id, seq, lower(\"table\"), lower(\"from\"), lower(\"to\"), on_update, on_delete FROM pragma_foreign_key_list('t')").await {
        facts.push(format!("foreign key {row}"));
    }
    for row in rows(session, "SELECT l.name, l.\"unique\", l.origin, l.partial, x.seqno, x.name, x.\"desc\", x.coll FROM pragma_index_list('t') l, pragma_index_xinfo(l.name) x WHERE x.key = 1 AND l.origin <> 'pk'").await {
        facts.push(format!("index {row}"));
    }
    facts.extend(rows(session, "SELECT 'options', wr, strict FROM pragma_table_list('t') WHERE schema = 'main'").await);
    facts.sort();
    facts
}

/// The same, as we read it.
fn read(table: &Table) -> Vec<String> {
    let mut facts = Vec::new();
    for column in &table.columns {
        let hidden = column.generated.as_ref().map_or(0, |generated| if generated.stored { 3 } else { 2 });
        facts.push(format!("column {} {} {:?} hidden {hidden}", column.name, column.ty, column.default));
        facts.push(format!("null {} {}", column.name, u8::from(!column.nullable)));
    }
    let key = table.primary_key.iter().flat_map(|key| &key.columns);
    facts.extend(key.enumerate().map(|(at, name)| format!("key {} {name}", at + 1)));
    let action = |action| match action {
        ReferentialAction::NoAction => "NO ACTION",
        ReferentialAction::Restrict => "RESTRICT",
        ReferentialAction::Cascade => "CASCADE",
        ReferentialAction::SetNull => "SET NULL",
        ReferentialAction::SetDefault => "SET DEFAULT",
    };
    for (id, key) in table.foreign_keys.iter().rev().enumerate() {
        for (at, name) in key.columns.iter().enumerate() {
            let target = key.target_columns.get(at).map_or_else(|| "NULL".to_owned(), |name| name.to_lowercase());
            facts.push(format!(
                "foreign key {id}|{at}|{}|{}|{target}|{}|{}",
                key.target.name.to_lowercase(),
                name.to_lowercase(),
                action(key.on_update),
                action(key.on_delete)
            ));
        }
    }
    facts.extend(table.indexes.iter().flat_map(|index| index_facts(table, index)));
    let on = |key: &str| u8::from(table.options.contains_key(key));
    facts.push(format!("options|{}|{}", on("without_rowid"), on("strict")));
    facts.sort();
    facts
}

fn index_facts(table: &Table, index: &Index) -> Vec<String> {
    let origin = if index.constraint { "u" } else { "c" };
    let fact = |(at, part): (usize, &crate::catalog::IndexPart)| {
        let (name, own) = match &part.on {
            IndexOn::Column(name) => (name.as_str(), table.column(name).and_then(|column| column.collate.clone())),
            IndexOn::Expression(_) => ("NULL", None),
        };
        let collate = part.collate.clone().or(own).unwrap_or_else(|| "BINARY".into());
        format!(
            "index {}|{}|{origin}|{}|{at}|{name}|{}|{}",
            index.name,
            u8::from(index.kind == IndexKind::Unique),
            u8::from(index.predicate.is_some()),
            u8::from(part.order == SortOrder::Desc),
            collate
        )
    };
    index.parts.iter().enumerate().map(fact).collect()
}

/// SQLite's own words, made comparable: the rowid is never NULL, keys without columns point to the primary key, collations in upper case.
fn comparable(facts: Vec<String>, table: &Table) -> Vec<String> {
    let rowid = render::rowid_column(table).map(|name| format!("null {name} 0"));
    let strict_key = |fact: &String| {
        table.options.contains_key("strict")
            && table.primary_key.iter().flat_map(|key| &key.columns).any(|name| *fact == format!("null {name} 0"))
    };
    let mut facts: Vec<String> = facts
        .into_iter()
        .map(|fact| if Some(&fact) == rowid.as_ref() || strict_key(&fact) { fact.replace(" 0", " 1") } else { fact })
        .map(|fact| {
            let mut parts: Vec<String> = fact.split('|').map(str::to_owned).collect();
            if fact.starts_with("foreign key") && parts[4] == "NULL" {
                let at: usize = parts[1].parse().unwrap();
                let keys: &[&str] = match parts[2].as_str() {
                    "p" => &["id"],
                    "q" => &["x", "y"],
                    "t" => &["a"],
                    _ => &[],
                };
                parts[4] = keys.get(at).map_or("NULL".into(), |name| (*name).to_owned());
            }
            if fact.starts_with("index") && parts.len() == 8 {
                parts[7] = parts[7].to_uppercase();
            }
            parts.join("|")
        })
        .collect();
    facts.sort();
    facts
}

#[tokio::test]
async fn every_table_of_the_corpus_reads_as_sqlite_says() {
    assert!(CORPUS.len() > 60);
    for sql in CORPUS {
        let mut session = memory().await;
        all(&mut session, BEFORE).await;
        all(&mut session, sql).await;
        let table = live(&mut session, "t").await;
        assert_eq!(table.opaque, None, "{sql}");
        assert_eq!(read(&table), comparable(told(&mut session).await, &table), "{sql}");
    }
}

#[tokio::test]
async fn every_table_of_the_corpus_is_the_same_after_a_rebuild() {
    for sql in CORPUS {
        let mut session = memory().await;
        all(&mut session, BEFORE).await;
        all(&mut session, sql).await;
        let before = session.inspect().await.unwrap();
        session.begin(Duration::from_secs(1)).await.unwrap();
        let table = live(&mut session, "t").await;
        let statements = super::dialect().render(&Change::RebuildTable(Box::new(same(&table)))).unwrap();
        super::run(&mut session, &statements).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        session.finish(true).await.unwrap();
        assert_eq!(session.inspect().await.unwrap(), before, "{sql}");
    }
}

#[tokio::test]
async fn added_and_renamed_columns_read_as_sqlite_says() {
    let mut session = memory().await;
    all(&mut session, BEFORE).await;
    all(&mut session, "CREATE TABLE t(a INT CHECK (a > 0), b, CHECK (a <> b)) ; CREATE INDEX i ON t(a COLLATE NOCASE, lower(b) DESC) WHERE a > 1").await;
    for sql in [
        "ALTER TABLE t ADD COLUMN c TEXT NOT NULL DEFAULT 'x' COLLATE NOCASE",
        "ALTER TABLE t ADD d INT CONSTRAINT k REFERENCES p(id) ON DELETE CASCADE",
        "ALTER TABLE t ADD COLUMN \"e f\" AS (a + 1) VIRTUAL CHECK (\"e f\" <> 0)",
        "ALTER TABLE t RENAME COLUMN a TO \"order\"",
        "ALTER TABLE t DROP COLUMN d",
    ] {
        all(&mut session, sql).await;
        let table = live(&mut session, "t").await;
        assert_eq!(read(&table), comparable(told(&mut session).await, &table), "{sql}");
    }
    let table = live(&mut session, "t").await;
    assert_eq!(table.checks[0].sql, "\"order\" > 0");
    assert_eq!(table.indexes[0].predicate.as_deref(), Some("\"order\" > 1"));
}

#[tokio::test]
async fn virtual_tables_are_opaque_and_their_shadows_hidden() {
    let mut session = memory().await;
    all(&mut session, "CREATE VIRTUAL TABLE fts USING fts5(a, b); CREATE TABLE fts_data_of_mine (a); CREATE TABLE xfts_data (a); CREATE VIRTUAL TABLE IF NOT EXISTS \"my box\" USING rtree(id, x0, x1)").await;
    all(&mut session, "CREATE TABLE auto (id INTEGER PRIMARY KEY AUTOINCREMENT); ANALYZE; CREATE TEMP TABLE temporary (a); CREATE TABLE __schemasync_tmp_x (a); CREATE TABLE __schemasync_mine (a)").await;
    let catalog = session.inspect().await.unwrap();
    let names: Vec<String> = catalog.tables.keys().map(ToString::to_string).collect();
    assert_eq!(names, ["__schemasync_mine", "auto", "fts", "fts_data_of_mine", "my box", "xfts_data"]);
    let opaque = |name: &str| catalog.tables[&crate::catalog::Name::new(name)].opaque.clone();
    assert_eq!(opaque("fts").as_deref(), Some("a virtual table of the module \"fts5\""));
    assert!(opaque("my box").is_some() && opaque("auto").is_none());
}

#[test]
fn no_text_makes_the_reader_panic() {
    use crate::dialect::sqlite::parse;
    let mut texts: Vec<String> = Vec::new();
    for sql in CORPUS {
        let cuts = sql.char_indices().map(|(at, _)| at);
        texts.extend(cuts.clone().map(|at| sql[..at].to_owned()));
        texts.extend(cuts.map(|at| sql[at..].to_owned()));
    }
    for text in texts {
        let _ = parse::parse_table(&text);
        let _ = parse::parse_index(&text);
        let _ = parse::virtual_table_module(&text);
        let _ = parse::parse_unique(&text);
        let _ = normalise::expression(&text, &normalise::ColumnNames::default());
        let _ = defaults::default(&text);
    }
}
