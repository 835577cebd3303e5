//! Changes of a table in use, in parts that keep nobody waiting for long (online mode).
//!
//! What a crash leaves behind carries our prefix and is not what the model asks for, so that the next run takes it away or makes it
//! again: an index that is not valid, a constraint that is not validated, the check that stands for NOT NULL, a new index that has not
//! taken the old one's place yet.

use super::Postgres;
use super::effects::{ACCESS_EXCLUSIVE, SHARE_ROW_EXCLUSIVE, SHARE_UPDATE_EXCLUSIVE, effect};
use super::render::{self, Render};
use super::text::{quote, quote_text};
use crate::catalog::{Index, MANAGED_PREFIX, Name, ONLINE_PREFIX, check_name, fit_identifier};
use crate::change::{Change, Hazard, Impact, OnlinePart, Statement, StepIsolation};

/// How many rows are filled with their default in one transaction, where they are looked for.
const BATCH: u32 = 2000;

/// How many pages of a table are filled in one transaction.
const PAGES: u64 = 32;

/// The bytes of a page that a row takes at least, its place in the list of rows included.
const LINE: u32 = 28;

pub(crate) fn render(dialect: &Postgres, change: &Change, replaces: bool) -> Option<Vec<OnlinePart>> {
    let alter = |table: &Name| format!("ALTER TABLE {}", dialect.qualified(table));
    Some(match change {
        Change::CreateIndex { table, index } if index.sql.is_none() => create_index(dialect, table, index, replaces),
        Change::DropIndex { table, index } if !index.constraint => {
            let name = dialect.qualified(&Name { schema: table.schema.clone(), name: index.name.clone() });
            let drop = format!("DROP INDEX CONCURRENTLY IF EXISTS {name}");
            vec![part(StepIsolation::Autocommit, [drop], effect(SHARE_UPDATE_EXCLUSIVE, &[]), [])]
        }
        Change::AddForeignKey { table, foreign_key } => {
            let name = foreign_key.name.as_deref()?;
            let key = Render(dialect).foreign_key(foreign_key);
            let add = format!("{} ADD {key} NOT VALID", alter(table));
            vec![own([add], effect(SHARE_ROW_EXCLUSIVE, &[]), []), validate(&alter(table), name)]
        }
        Change::AddCheck { table, check } => {
            let name = check.name.as_deref()?;
            let add = format!("{} ADD CONSTRAINT {} CHECK ({}) NOT VALID", alter(table), quote(name), check.sql);
            vec![own([add], effect(ACCESS_EXCLUSIVE, &[]), []), validate(&alter(table), name)]
        }
        Change::AlterColumn { table, to, .. } if !to.nullable => {
            let (column, alter) = (quote(&to.name), alter(table));
            let name = check_name(&table.name, &format!("not_null_{}", to.name), super::IDENTIFIER_LIMIT);
            let drop = format!("{alter} DROP CONSTRAINT IF EXISTS {}", quote(&name));
            let add = format!("{alter} ADD CONSTRAINT {} CHECK ({column} IS NOT NULL) NOT VALID", quote(&name));
            let mut parts = Vec::new();
            if to.default.is_some() {
                let (name, table) = (table, dialect.qualified(table));
                let fill = format!(
                    "UPDATE {table} SET {column} = DEFAULT WHERE ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE {column} IS NULL LIMIT {BATCH}))"
                );
                let effect = effect("ROW EXCLUSIVE", &[Hazard::ScansTable]);
                let mut fill = part(StepIsolation::Batched, [fill], effect, []);
                fill.statements.insert(0, fill_pages(dialect, name, &table, &column));
                parts.push(fill);
            }
            parts.push(own([add], effect(ACCESS_EXCLUSIVE, &[]), []));
            parts.push(validate(&alter, &name));
            // The check has been proved: the server need not look at the rows.
            let set = format!("{alter} ALTER COLUMN {column} SET NOT NULL");
            parts.push(own([set, drop], effect(ACCESS_EXCLUSIVE, &[]), []));
            parts
        }
        _ => return None,
    })
}

/// Page by page: looking for the next rows without a value would begin with the first row each time.
fn fill_pages(dialect: &Postgres, name: &Name, table: &str, column: &str) -> Statement {
    let rows = if dialect.version >= 140_000 {
        let page = |place: &str| format!("pg_catalog.format('(%s,0)', {place})::pg_catalog.tid");
        format!("ctid >= {} AND ctid < {}", page("{after}"), page("{last}"))
    } else {
        // The server has no scans of ranges of pages: it looks for each row that there can be in one of them.
        format!(
            "ctid = ANY (ARRAY(SELECT pg_catalog.format('(%s,%s)', page, line)::pg_catalog.tid FROM pg_catalog.generate_series({{after}}::pg_catalog.int8, {{last}}::pg_catalog.int8 - 1) AS page, pg_catalog.generate_series(1, (pg_catalog.current_setting('block_size')::pg_catalog.int8 - 24) / {LINE}) AS line))"
        )
    };
    Statement::Fill {
        update: format!("UPDATE {table} SET {column} = DEFAULT WHERE {column} IS NULL AND {rows}"),
        end: format!(
            "SELECT pg_catalog.pg_relation_size({}::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::pg_catalog.int8",
            quote_text(table)
        ),
        length: PAGES,
        table: name.to_string(),
    }
}

fn create_index(dialect: &Postgres, table: &Name, index: &Index, replaces: bool) -> Vec<OnlinePart> {
    let of = |name: &str| dialect.qualified(&Name { schema: table.schema.clone(), name: name.to_owned() });
    let build = |index: &Index| {
        let create = render::create_index(&dialect.qualified(table), index, true);
        let compensation = format!("DROP INDEX IF EXISTS {}", of(&index.name));
        let effect = effect(SHARE_UPDATE_EXCLUSIVE, &[Hazard::ScansTable]);
        part(StepIsolation::Autocommit, [create], effect, [compensation])
    };
    if !replaces {
        return vec![build(index)];
    }
    let rest = index.name.strip_prefix(MANAGED_PREFIX).unwrap_or(&index.name);
    let new = fit_identifier(&format!("{ONLINE_PREFIX}{rest}"), super::IDENTIFIER_LIMIT);
    let drop = format!("DROP INDEX IF EXISTS {}", of(&index.name));
    let rename = format!("ALTER INDEX {} RENAME TO {}", of(&new), quote(&index.name));
    let swap = own([drop, rename], effect(ACCESS_EXCLUSIVE, &[]), []);
    vec![build(&Index { name: new, ..index.clone() }), swap]
}

fn validate(alter: &str, name: &str) -> OnlinePart {
    let effect = effect(SHARE_UPDATE_EXCLUSIVE, &[Hazard::ScansTable]);
    let name = quote(name);
    let compensation = format!("{alter} DROP CONSTRAINT IF EXISTS {name}");
    own([format!("{alter} VALIDATE CONSTRAINT {name}")], effect, [compensation])
}

fn own<const N: usize, const M: usize>(
    statements: [String; N],
    effect: Impact,
    compensation: [String; M],
) -> OnlinePart {
    part(StepIsolation::OwnTransaction, statements, effect, compensation)
}

fn part<const N: usize, const M: usize>(
    isolation: StepIsolation,
    statements: [String; N],
    effect: Impact,
    compensation: [String; M],
) -> OnlinePart {
    let statements = statements.into_iter().map(Statement::Execute).collect();
    OnlinePart { isolation, statements, effect, compensation: compensation.into() }
}
