//! O2 on SQLite: a full-text index holds what its table holds, whatever statements write to it.

use schemasync::{Schema, schema};
use schemasync_tests::{Sqlite, TestDatabase, scenario};
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection};

mod by_number {
    #[derive(schemasync::DbTable)]
    #[db(table = "notes", index(columns(kind, place), unique, name = "where it is", where = "kind <> 'k0'"))]
    #[db(index(columns("lower(tag)"), unique, name = "tags"))]
    pub struct Note {
        #[db(id)]
        pub id: i64,
        #[db(index(fulltext, name = "text"))]
        pub title: String,
        #[db(index(fulltext, name = "text"))]
        pub body: Option<String>,
        pub kind: String,
        pub place: i64,
        pub tag: Option<String>,
    }
}

mod by_text {
    #[derive(schemasync::DbTable)]
    #[db(table = "notes", index(columns(kind, place), unique))]
    pub struct Note {
        #[db(id, collate = nocase)]
        pub id: String,
        #[db(index(fulltext, name = "text"))]
        pub title: String,
        #[db(index(fulltext, name = "text"))]
        pub body: Option<String>,
        pub kind: String,
        pub place: i64,
        pub tag: Option<String>,
    }
}

mod by_two {
    #[derive(schemasync::DbTable)]
    #[db(table = "notes", sqlite(without_rowid))]
    pub struct Note {
        #[db(id)]
        pub kind: String,
        #[db(id)]
        pub place: i64,
        #[db(index(fulltext, name = "text"))]
        pub title: String,
        #[db(index(fulltext, name = "text"))]
        pub body: Option<String>,
        #[db(unique)]
        pub id: i64,
        pub tag: Option<String>,
    }
}

const INDEX: &str = "schemasync__fulltext__notes__text";

/// Random numbers that are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn words(&mut self) -> String {
        const WORDS: [&str; 8] = ["alpha", "beta", "gamma", "delta", "red", "blue", "green", "x"];
        let words: Vec<&str> =
            (0..=self.below(3)).map(|_| WORDS[usize::try_from(self.below(8)).unwrap_or(0)]).collect();
        words.join(" ")
    }

    fn statement(&mut self, id: impl Fn(u64) -> String) -> String {
        let (a, b, kind, place, tag) = (self.below(12), self.below(12), self.below(3), self.below(6), self.below(6));
        let row = format!(
            "(id, title, body, kind, place, tag) VALUES ({}, '{}', {}, 'k{kind}', {place}, {})",
            id(a),
            self.words(),
            if self.below(4) == 0 { "NULL".to_owned() } else { format!("'{}'", self.words()) },
            if tag == 0 {
                "NULL".to_owned()
            } else {
                format!("'{}'", ["A", "a", "B", "c", "D"][usize::try_from(tag - 1).unwrap_or(0)])
            },
        );
        let or = ["", "OR REPLACE ", "OR IGNORE ", "OR FAIL "][usize::try_from(self.below(4)).unwrap_or(0)];
        match self.below(9) {
            0..=2 => format!("INSERT {or}INTO notes {row}"),
            3 => format!(
                "INSERT INTO notes {row} ON CONFLICT (id) DO UPDATE SET title = excluded.title, place = excluded.place"
            ),
            4 => format!("INSERT INTO notes {row} ON CONFLICT DO NOTHING"),
            5 => format!("UPDATE {or}notes SET id = {}, body = '{}' WHERE id = {}", id(b), self.words(), id(a)),
            6 => format!(
                "UPDATE {or}notes SET kind = 'k{kind}', place = {place}, tag = tag || 'x' WHERE id >= {}",
                id(a)
            ),
            7 => format!("UPDATE {or}notes SET title = '{}' WHERE place = {place}", self.words()),
            _ => format!("DELETE FROM notes WHERE id = {}", id(a)),
        }
    }
}

async fn execute(connection: &mut SqliteConnection, sql: &str) -> Result<(), String> {
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await;
    done.map(drop).map_err(|error| error.to_string())
}

async fn writes(db: &Sqlite, model: Schema, id: impl Fn(u64) -> String) {
    db.sync(model.clone()).await;
    // One connection: after a statement that fails half-way over an FTS5 table, SQLite lets nobody else write before that connection's
    // next statement, whatever the triggers are.
    let mut connection = db.connect().await;
    let mut random = Random(20);
    let (mut done, mut refused) = (0, 0);
    for at in 0..600 {
        let recursive = if random.below(2) == 0 { "ON" } else { "OFF" };
        let statement = random.statement(&id);
        match execute(&mut connection, &format!("PRAGMA recursive_triggers = {recursive}; {statement}")).await {
            Ok(()) => done += 1,
            Err(error) => {
                assert!(error.contains("UNIQUE constraint failed"), "{error}\nin: {statement}");
                refused += 1;
            }
        }
        let check = format!("INSERT INTO {INDEX} ({INDEX}, rank) VALUES ('integrity-check', 1)");
        execute(&mut connection, &check).await.unwrap_or_else(|error| panic!("{error}\nafter {at}: {statement}"));
        if at % 100 == 99 {
            execute(&mut connection, "VACUUM").await.expect("vacuuming");
        }
        for word in ["alpha", "red"] {
            let found = db.value(&format!("SELECT count(*) FROM {INDEX}('{word}')")).await;
            let there = format!(
                "SELECT count(*) FROM notes WHERE ' ' || title || ' ' || coalesce(body, '') || ' ' LIKE '% {word} %'"
            );
            assert_eq!(found, db.value(&there).await, "after {at}: {statement}");
        }
    }
    assert!(done > 200 && refused > 10, "{done} done, {refused} refused");
    connection.close().await.expect("closing");
    db.assert_settled(&model).await;
    assert_eq!(db.damage().await, Vec::<String>::new());
}

scenario!(sqlite: o2_any_write_to_a_table_with_a_number, |db| {
    writes(db, schema![by_number::Note], |id| id.to_string()).await;
});

scenario!(sqlite: o2_any_write_to_a_table_with_a_text_key, |db| {
    writes(db, schema![by_text::Note], |id| format!("'{}{}'", if id % 2 == 0 { 'n' } else { 'N' }, id / 2)).await;
});

scenario!(sqlite: o2_any_write_to_a_table_without_rowids, |db| {
    writes(db, schema![by_two::Note], |id| id.to_string()).await;
});

scenario!(sqlite: o2_any_write_to_a_table_with_a_unique_constraint_of_others, |db| {
    db.exec("CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT NOT NULL, body TEXT, kind TEXT NOT NULL, place INTEGER NOT NULL, tag TEXT UNIQUE)").await;
    mod adopted {
        #[derive(schemasync::DbTable)]
        #[db(table = "notes")]
        pub struct Note {
            #[db(id)]
            pub id: i64,
            #[db(index(fulltext, name = "text"))]
            pub title: String,
            #[db(index(fulltext, name = "text"))]
            pub body: Option<String>,
            pub kind: String,
            pub place: i64,
            pub tag: Option<String>,
        }
    }
    writes(db, schema![adopted::Note], |id| id.to_string()).await;
});

scenario!(sqlite: o2_the_id_of_a_new_row_is_that_of_the_row, |db| {
    mod counted {
        #[derive(schemasync::DbTable)]
        #[db(table = "notes")]
        pub struct Note {
            #[db(id, default(increment))]
            pub id: i64,
            #[db(index(fulltext, name = "text"))]
            pub title: String,
        }
    }
    db.sync(schema![counted::Note]).await;
    let mut connection = db.connect().await;
    for expected in 1..4_i64 {
        let done = sqlx::query("INSERT INTO notes (title) VALUES ('one'), ('two')").execute(&mut connection).await;
        let done = done.expect("inserting");
        assert_eq!((done.last_insert_rowid(), done.rows_affected()), (expected * 2, 2));
    }
});
