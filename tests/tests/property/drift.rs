//! What somebody changed by hand between two runs: indexes, columns and tables that went or came, the state itself.

use crate::Story;
use schemasync::Schema;
use schemasync_tests::oracle::Scratch;
use schemasync_tests::random::{Model, edit, quote};

/// A to B, where the database is no longer what A left: every run still converges, and takes nothing that it does not name.
pub(crate) fn drift(story: &mut Story<'_>) -> Result<bool, String> {
    let a = Model::random(&mut story.choices);
    let b = if story.choices.one_in(3) { a.clone() } else { edit(&a, &mut story.choices) };
    let (Some(first), Some(second)) = (story.model("A", &a), story.model("B", &b)) else { return Ok(false) };
    let mut scratch = Scratch::new();
    story.step(&scratch, &first, false)?;
    story.fill(&scratch, &a);
    // Without a change of the model only a forced run looks.
    scratch.force = true;
    let statements = by_hand(story, &scratch, &first, &second);
    story.told.push(format!("by hand:\n{}", statements.join(";\n")));
    story.runtime.block_on(scratch.try_all(&statements));
    let done = story.step(&scratch, &second, false)?;
    // After errors the next run may have done more than this one said.
    if !done.report.has_errors() {
        story.back(&scratch, &first, &[&done.report])?;
    }
    Ok(true)
}

fn by_hand(story: &mut Story<'_>, scratch: &Scratch, first: &Schema, second: &Schema) -> Vec<String> {
    let content = story.runtime.block_on(scratch.content());
    let mut statements = Vec::new();
    for (n, table) in first.tables.iter().enumerate() {
        let name = quote(&table.name);
        let column = quote(&table.columns[story.choices.below(table.columns.len())].name);
        let indexes: Vec<&String> =
            content.schema.tables.get(&table.name).into_iter().flat_map(|table| table.indexes.keys()).collect();
        let wanted = second.tables.get(story.choices.below(second.tables.len().max(1))).unwrap_or(table);
        let other = quote(&wanted.columns[story.choices.below(wanted.columns.len())].name);
        match (story.choices.below(14), indexes.first()) {
            (0, Some(index)) => statements.push(format!("DROP INDEX {}", quote(index))),
            (1, Some(index)) => {
                let unique = if story.choices.one_in(2) { "UNIQUE " } else { "" };
                statements.push(format!("DROP INDEX {}", quote(index)));
                statements.push(format!("CREATE {unique}INDEX {} ON {name} ({column})", quote(index)));
            }
            (2, _) => statements.push(format!("ALTER TABLE {name} DROP COLUMN {column}")),
            (3, _) => statements.push(format!("ALTER TABLE {name} RENAME COLUMN {column} TO hand_{n}")),
            (4, _) => statements.push(format!("ALTER TABLE {name} RENAME COLUMN {column} TO {other}")),
            (5, _) => statements.push(format!("ALTER TABLE {name} RENAME TO hand_t{n}")),
            (6, _) => statements.push(format!("DROP TABLE {name}")),
            (7, _) => statements.push(format!("ALTER TABLE {name} ADD COLUMN {other} VARCHAR(9) DEFAULT 'hand'")),
            (8, _) => {
                statements.push(format!("CREATE TABLE {} ({other} TEXT, hand_x INTEGER)", quote(&wanted.name)));
                statements.push(format!("INSERT INTO {} VALUES ('a', 1), (NULL, 2)", quote(&wanted.name)));
            }
            (9, _) => statements.push(format!("CREATE VIEW {} AS SELECT {column} FROM {name}", quote(&wanted.name))),
            (10, _) => statements.push("DELETE FROM __schemasync_state".to_owned()),
            (11, _) => statements.push("DROP TABLE __schemasync_history".to_owned()),
            (12, _) => statements.push(format!("UPDATE OR IGNORE {name} SET {column} = NULL")),
            _ => statements.push(format!("CREATE UNIQUE INDEX hand_u{n} ON {name} ({column}, {column} DESC)")),
        }
    }
    for (n, view) in first.views.iter().enumerate() {
        let name = quote(&view.name);
        match story.choices.below(6) {
            0 => statements.push(format!("DROP VIEW {name}")),
            1 => {
                statements.push(format!("DROP VIEW {name}"));
                statements.push(format!("CREATE VIEW {name} AS SELECT 1 AS hand"));
            }
            2 => statements.push(format!("CREATE VIEW hand_r{n} AS SELECT * FROM {name}")),
            _ => {}
        }
    }
    statements
}
