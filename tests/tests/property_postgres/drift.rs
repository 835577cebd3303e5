//! What somebody changed by hand between two runs: indexes, columns and tables that went or came, constraints, the state itself.

use crate::Story;
use crate::checks::Mode;
use schemasync::Schema;
use schemasync_tests::Postgres;
use schemasync_tests::random::{Model, edit, quote};

/// A to B, where the database is no longer what A left: every run still converges, and takes nothing that it does not name.
pub(crate) fn drift(story: &mut Story<'_>) -> Result<(), String> {
    let a = Model::random(&mut story.choices);
    let b = if story.choices.one_in(3) { a.clone() } else { edit(&a, &mut story.choices) };
    let (first, second) = (story.model("A", &a)?, story.model("B", &b)?);
    let db = story.db;
    story.step(db, &first, Mode::default())?;
    story.fill(db, &first);
    let statements = by_hand(story, db, &first, &second);
    story.told.push(format!("by hand:\n{}", statements.join(";\n")));
    story.try_all(db, &statements);
    // Without a change of the model only a forced run looks.
    let forced = Mode { force: true, ..Mode::default() };
    let done = story.step(db, &second, forced)?;
    story.back(db, &first, &done.report, forced)?;
    Ok(())
}

fn by_hand(story: &mut Story<'_>, db: &Postgres, first: &Schema, second: &Schema) -> Vec<String> {
    let mut statements = Vec::new();
    for (n, table) in first.tables.iter().enumerate() {
        let name = quote(&table.name);
        let column = quote(&table.columns[story.choices.below(table.columns.len())].name);
        let of_table = |sql: &str| {
            let regclass = format!("to_regclass('public.{}')", name.replace('\'', "''"));
            story.runtime.block_on(db.texts(&sql.replace("{}", &regclass)))
        };
        let indexes = of_table(
            "SELECT quote_ident(x.relname) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = {} AND x.relname LIKE 'schemasync%' ORDER BY 1",
        );
        let constraints = of_table(
            "SELECT quote_ident(conname) FROM pg_constraint WHERE conrelid = {} AND contype IN ('c', 'f') ORDER BY 1",
        );
        let wanted = second.tables.get(story.choices.below(second.tables.len().max(1))).unwrap_or(table);
        let other = quote(&wanted.columns[story.choices.below(wanted.columns.len())].name);
        statements.push(match (story.choices.below(18), indexes.first(), constraints.first()) {
            (0, Some(index), _) => format!("DROP INDEX {index}"),
            (1, Some(index), _) => {
                let unique = if story.choices.one_in(2) { "UNIQUE " } else { "" };
                format!("DROP INDEX {index}; CREATE {unique}INDEX {index} ON {name} ({column})")
            }
            (2, ..) => format!("ALTER TABLE {name} DROP COLUMN {column}"),
            (3, ..) => format!("ALTER TABLE {name} RENAME COLUMN {column} TO hand_{n}"),
            (4, ..) => format!("ALTER TABLE {name} RENAME COLUMN {column} TO {other}"),
            (5, ..) => format!("ALTER TABLE {name} RENAME TO hand_t{n}"),
            (6, ..) => format!("DROP TABLE {name} CASCADE"),
            (7, ..) => format!("ALTER TABLE {name} ADD COLUMN {other} VARCHAR(9) DEFAULT 'hand'"),
            (8, ..) => format!(
                "CREATE TABLE {0} ({other} TEXT, hand_x INTEGER); INSERT INTO {0} VALUES ('a', 1), (NULL, 2)",
                quote(&wanted.name)
            ),
            (9, ..) => format!("CREATE VIEW {} AS SELECT {column} FROM {name}", quote(&wanted.name)),
            (10, ..) => "DELETE FROM __schemasync_state".to_owned(),
            (11, ..) => "DROP TABLE __schemasync_history".to_owned(),
            (12, ..) => format!("UPDATE {name} SET {column} = NULL"),
            (13, _, Some(constraint)) => format!("ALTER TABLE {name} DROP CONSTRAINT {constraint}"),
            (14, _, Some(constraint)) => format!("ALTER TABLE {name} RENAME CONSTRAINT {constraint} TO hand_k{n}"),
            (15, ..) => format!("ALTER TABLE {name} ALTER COLUMN {column} DROP NOT NULL"),
            (16, ..) => format!("ALTER TABLE {name} ALTER COLUMN {column} SET DEFAULT NULL"),
            _ => format!("CREATE UNIQUE INDEX hand_u{n} ON {name} ({column}, ({column} IS NULL))"),
        });
    }
    statements
}
