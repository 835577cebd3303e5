//! What somebody changed by hand between two runs: indexes, columns and tables that went or came, constraints, the state itself.

use crate::Story;
use crate::checks::Mode;
use crate::enums::Enums;
use schemasync::Schema;
use schemasync_tests::Postgres;
use schemasync_tests::random::{Model, edit, qualified, quote};

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
    // After errors the next run may have done more than this one said.
    if !done.report.has_errors() {
        story.back(db, &first, &done.report, forced)?;
    }
    Ok(())
}

fn by_hand(story: &mut Story<'_>, db: &Postgres, first: &Schema, second: &Schema) -> Vec<String> {
    let mut statements = Vec::new();
    for (n, table) in first.tables.iter().enumerate() {
        let name = qualified(table);
        let schema = table.schema.as_deref().unwrap_or("public");
        let column = quote(&table.columns[story.choices.below(table.columns.len())].name);
        let of_table = |sql: &str| {
            let whole = format!("{}.{}", quote(schema), quote(&table.name));
            let regclass = format!("to_regclass('{}')", whole.replace('\'', "''"));
            story.runtime.block_on(db.texts(&sql.replace("{}", &regclass)))
        };
        let indexes = of_table(
            "SELECT x.oid::regclass::text FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = {} AND x.relname LIKE 'schemasync%' ORDER BY 1",
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
                let bare = index.rsplit_once("\".").map_or(index.as_str(), |(_, name)| name);
                format!("DROP INDEX {index}; CREATE {unique}INDEX {bare} ON {name} ({column})")
            }
            (2, ..) => format!("ALTER TABLE {name} DROP COLUMN {column}"),
            (3, ..) => format!("ALTER TABLE {name} RENAME COLUMN {column} TO hand_{n}"),
            (4, ..) => format!("ALTER TABLE {name} RENAME COLUMN {column} TO {other}"),
            (5, ..) => format!("ALTER TABLE {name} RENAME TO hand_t{n}"),
            (6, ..) => format!("DROP TABLE {name} CASCADE"),
            (7, ..) => format!("ALTER TABLE {name} ADD COLUMN {other} VARCHAR(9) DEFAULT 'hand'"),
            (8, ..) => format!(
                "CREATE TABLE {0} ({other} TEXT, hand_x INTEGER); INSERT INTO {0} VALUES ('a', 1), (NULL, 2)",
                qualified(wanted)
            ),
            (9, ..) => format!("CREATE VIEW {} AS SELECT {column} FROM {name}", qualified(wanted)),
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
    for (n, view) in first.views.iter().enumerate() {
        let kind = if view.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
        let name = quote(&view.name);
        statements.extend(match story.choices.below(8) {
            0 => Some(format!("DROP {kind} {name} CASCADE")),
            1 => Some(format!("ALTER {kind} {name} RENAME TO hand_v{n}")),
            2 => Some(format!("DROP {kind} {name} CASCADE; CREATE VIEW {name} AS SELECT 1 AS hand")),
            3 => Some(format!("CREATE VIEW hand_r{n} AS SELECT * FROM {name}")),
            4 => Some(format!("GRANT SELECT ON {name} TO PUBLIC; COMMENT ON {kind} {name} IS 'by hand'")),
            _ => None,
        });
    }
    types(story, &Enums::of(first), &mut statements);
    statements
}

/// What hands do to enum types.
fn types(story: &mut Story<'_>, types: &[(String, Vec<String>)], statements: &mut Vec<String>) {
    for (n, (name, labels)) in types.iter().enumerate() {
        // Without its schema it may be a type of the server's own.
        let name = format!("public.{}", quote(name));
        let label = format!("'{}'", labels[story.choices.below(labels.len())].replace('\'', "''"));
        statements.extend(match story.choices.below(12) {
            0 => Some(format!("ALTER TYPE {name} ADD VALUE 'hand' BEFORE {label}")),
            1 => Some(format!("ALTER TYPE {name} RENAME VALUE {label} TO 'hand'")),
            2 => Some(format!("ALTER TYPE {name} RENAME TO hand_e{n}")),
            3 => Some(format!("DROP TYPE {name} CASCADE")),
            4 => Some(format!("CREATE TABLE hand_of{n} (x {name}); INSERT INTO hand_of{n} VALUES ({label})")),
            5 => Some(format!("CREATE DOMAIN hand_d{n} AS {name}")),
            6 => Some(format!("COMMENT ON TYPE {name} IS 'by hand'")),
            7 => Some(format!("ALTER TYPE {name} RENAME TO hand_e{n}; CREATE TYPE {name} AS ENUM ({label}, 'hand')")),
            _ => None,
        });
    }
}
