//! Change → statements.

use super::Mysql;
use super::text::{list, quote, quote_text};
use crate::catalog::{Check, Column, ForeignKey, Index, IndexKind, IndexOn, IndexPart, Name, Table, UNENFORCED, View};
use crate::change::{Change, Statement};
use crate::descriptor::{Collation, ReferentialAction, SortOrder};

/// The statements of a change.
///
/// # Errors
/// A sentence: what the server cannot do.
pub(crate) fn render(dialect: &Mysql, change: &Change) -> Result<Vec<Statement>, String> {
    let render = Render(dialect);
    let statements = match change {
        Change::CreateTable { table } => vec![render.create_table(table)],
        Change::DropTable { table } => vec![format!("DROP TABLE {}", dialect.qualified(table))],
        Change::RenameTable { from, to } => {
            vec![format!("RENAME TABLE {} TO {}", dialect.qualified(from), dialect.qualified(to))]
        }
        Change::AddColumn { table, .. }
        | Change::AlterColumn { table, .. }
        | Change::DropColumn { table, .. }
        | Change::RenameColumn { table, .. }
        | Change::CreateIndex { table, .. }
        | Change::DropIndex { table, .. }
        | Change::RenameIndex { table, .. }
        | Change::AddForeignKey { table, .. }
        | Change::DropForeignKey { table, .. }
        | Change::AddCheck { table, .. }
        | Change::DropCheck { table, .. }
        | Change::AlterPrimaryKey { table, .. } => {
            return Ok(render.alter_table(table, std::slice::from_ref(change)));
        }
        Change::AlterTable { table, changes } => return Ok(render.alter_table(table, changes)),
        Change::SetOption { table, key, to, .. } => {
            vec![format!("ALTER TABLE {} {}", dialect.qualified(table), render.option(key, to.as_deref())?)]
        }
        Change::SetTableComment { table, comment } => {
            let comment = quote_text(comment.as_deref().unwrap_or_default());
            vec![format!("ALTER TABLE {} COMMENT = {comment}", dialect.qualified(table))]
        }
        Change::CreateView { view } | Change::RestoreView { view } => vec![render.create_view(view)],
        Change::ReplaceView { view } => {
            vec![format!("CREATE OR REPLACE VIEW {} AS {}", dialect.qualified(&view.name), view.sql)]
        }
        Change::DropView { name, .. } => vec![format!("DROP VIEW {}", dialect.qualified(name))],
        Change::SuspendView { view } => vec![format!("DROP VIEW {}", dialect.qualified(&view.name))],
        Change::SuspendForeignKey { table, foreign_key } => {
            let name = quote(foreign_key.name.as_deref().unwrap_or_default());
            vec![format!("ALTER TABLE {} DROP FOREIGN KEY {name}", dialect.qualified(table))]
        }
        Change::RestoreForeignKey { table, foreign_key } => {
            vec![format!("ALTER TABLE {} ADD {}", dialect.qualified(table), render.foreign_key(foreign_key))]
        }
        Change::RebuildTable(rebuild) => {
            return Err(format!(
                "{} changes tables in place: no rebuild of \"{}\"",
                dialect.server_name(),
                rebuild.to.name
            ));
        }
        Change::RenameConstraint { .. } | Change::RenamePrimaryKey { .. } | Change::RenameSequence { .. } => {
            return Err(format!("{} does not rename constraints", dialect.server_name()));
        }
        Change::CreateType { .. }
        | Change::RenameType { .. }
        | Change::DropType { .. }
        | Change::AddLabel { .. }
        | Change::RenameLabel { .. } => {
            return Err(format!("{} has no enum types of their own", dialect.server_name()));
        }
    };
    Ok(statements.into_iter().map(Statement::Execute).collect())
}

pub(super) struct Render<'a>(pub(super) &'a Mysql);

impl Render<'_> {
    fn create_table(&self, table: &Table) -> String {
        let mut parts: Vec<String> = table.columns.iter().map(|column| define(self.0, column)).collect();
        if let Some(key) = &table.primary_key {
            parts.push(format!("PRIMARY KEY ({})", list(&key.columns)));
        }
        parts.extend(table.indexes.iter().filter(|index| index.constraint).map(index_clause));
        parts.extend(table.checks.iter().map(check_clause));
        parts.extend(table.foreign_keys.iter().map(|key| self.foreign_key(key)));
        let engine = table.options.get("engine").map_or("InnoDB", String::as_str);
        let charset = table.options.get("charset").map_or("utf8mb4", String::as_str);
        let collate = match (table.options.get("collate"), charset) {
            (Some(name), _) => format!(" COLLATE={name}"),
            (None, "utf8mb4") => format!(" COLLATE={}", self.0.collation(Collation::Binary)),
            (None, _) => String::new(),
        };
        let mut sql = format!(
            "CREATE TABLE {} (\n  {}\n) ENGINE={engine} DEFAULT CHARSET={charset}{collate}",
            self.0.qualified(&table.name),
            parts.join(",\n  ")
        );
        let starts = table.columns.iter().filter_map(|column| column.identity.as_ref()).map(|identity| identity.start);
        if let Some(start) = starts.into_iter().find(|start| *start > 1) {
            sql.push_str(&format!(" AUTO_INCREMENT={start}"));
        }
        if let Some(comment) = &table.comment {
            sql.push_str(&format!(" COMMENT={}", quote_text(comment)));
        }
        sql
    }

    fn option(&self, key: &str, value: Option<&str>) -> Result<String, String> {
        Ok(match (key, value) {
            ("engine", value) => format!("ENGINE = {}", word(value.unwrap_or("InnoDB"))?),
            ("charset", Some(name)) => format!("DEFAULT CHARACTER SET {}", word(name)?),
            ("charset", None) => {
                format!("DEFAULT CHARACTER SET utf8mb4 COLLATE {}", self.0.collation(Collation::Binary))
            }
            ("collate", value) => {
                format!("DEFAULT COLLATE {}", word(value.unwrap_or(self.0.collation(Collation::Binary)))?)
            }
            (key, Some(value)) => format!("{} = {}", word(key)?, word(value)?),
            (key, None) => return Err(format!("the option {key} cannot be taken from a table")),
        })
    }

    pub(super) fn foreign_key(&self, key: &ForeignKey) -> String {
        let mut sql = format!(
            "{}FOREIGN KEY ({}) REFERENCES {} ({})",
            constraint(key.name.as_deref()),
            list(&key.columns),
            self.0.qualified(&key.target),
            list(&key.target_columns)
        );
        for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
            let action = match action {
                ReferentialAction::NoAction => continue,
                ReferentialAction::Restrict => "RESTRICT",
                ReferentialAction::Cascade => "CASCADE",
                ReferentialAction::SetNull => "SET NULL",
                ReferentialAction::SetDefault => "SET DEFAULT",
            };
            sql.push_str(&format!(" ON {event} {action}"));
        }
        sql
    }

    fn create_view(&self, view: &View) -> String {
        let sql = view.written.as_ref().unwrap_or(&view.sql);
        format!("CREATE VIEW {} AS {sql}", self.0.qualified(&view.name))
    }
}

/// A word of an option, which is written without quotes.
fn word(text: &str) -> Result<&str, String> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if plain { Ok(text) } else { Err(format!("{text:?} is no value of a table option")) }
}

fn constraint(name: Option<&str>) -> String {
    name.map_or_else(String::new, |name| format!("CONSTRAINT {} ", quote(name)))
}

pub(super) fn check_clause(check: &Check) -> String {
    let enforced = if check.extra.as_deref() == Some(UNENFORCED) { " NOT ENFORCED" } else { "" };
    format!("{}CHECK ({}){enforced}", constraint(check.name.as_deref()), check.sql)
}

/// An index in the definition of a table, or behind `ADD`.
pub(super) fn index_clause(index: &Index) -> String {
    let kind = match index.kind {
        IndexKind::Unique => "UNIQUE KEY",
        IndexKind::Fulltext => "FULLTEXT KEY",
        IndexKind::Geo => "SPATIAL KEY",
        IndexKind::Plain | IndexKind::Vector(_) => "KEY",
    };
    let parts: Vec<String> = index.parts.iter().map(part).collect();
    let method = match index.method.as_deref() {
        Some("HASH") => " USING HASH",
        Some("invisible") => " INVISIBLE",
        _ => "",
    };
    format!("{kind} {} ({}){method}", quote(&index.name), parts.join(", "))
}

fn part(part: &IndexPart) -> String {
    let on = match &part.on {
        IndexOn::Column(name) => quote(name),
        IndexOn::Expression(sql) => format!("({sql})"),
    };
    let prefix = part.extra.as_deref().map_or_else(String::new, |length| format!("({length})"));
    let order = if part.order == SortOrder::Desc { " DESC" } else { "" };
    format!("{on}{prefix}{order}")
}

/// The definition of a column, with all that it has: what `MODIFY` does not say is gone.
pub(super) fn define(dialect: &Mysql, column: &Column) -> String {
    let mut sql = format!("{} {}", quote(&column.name), column.ty);
    if super::types::is_text(&column.ty) {
        let collate = column.collate.as_deref().unwrap_or(dialect.collation(Collation::Binary));
        sql.push_str(&format!(" CHARACTER SET {} COLLATE {collate}", charset(collate)));
    }
    let not_null = if column.nullable { " NULL" } else { " NOT NULL" };
    if let Some(generated) = &column.generated {
        let kind = if generated.stored { "STORED" } else { "VIRTUAL" };
        sql.push_str(&format!(" GENERATED ALWAYS AS ({}) {kind}", generated.sql));
        sql.push_str(if dialect.is_mariadb() { "" } else { not_null });
    } else {
        sql.push_str(not_null);
        if let Some(default) = &column.default {
            sql.push_str(&format!(" DEFAULT {default}"));
        }
    }
    if let Some(now) = column.extra.get("on_update") {
        sql.push_str(&format!(" ON UPDATE {now}"));
    }
    if column.identity.is_some() {
        sql.push_str(" AUTO_INCREMENT");
    }
    if column.extra.contains_key("invisible") {
        sql.push_str(" INVISIBLE");
    }
    if let Some(comment) = &column.comment {
        sql.push_str(&format!(" COMMENT {}", quote_text(comment)));
    }
    if let Some(srid) = column.extra.get("srid") {
        sql.push_str(&format!(" SRID {srid}"));
    }
    if let Some(check) = column.extra.get("check") {
        sql.push_str(&format!(" CHECK ({check})"));
    }
    sql
}

/// The character set that a collation is of: its first word. MariaDB has names without one, which are of `utf8mb4` here.
fn charset(collation: &str) -> &str {
    match collation.split('_').next() {
        Some("uca1400") | None => "utf8mb4",
        Some(charset) => charset,
    }
}

/// The statement that makes a temporary table of the expressions of one.
pub(super) fn temporary(dialect: &Mysql, name: &Name, table: &Table) -> String {
    let mut parts: Vec<String> = table.columns.iter().map(|column| define(dialect, column)).collect();
    parts.extend(table.indexes.iter().map(index_clause));
    parts.extend(table.checks.iter().map(check_clause));
    format!(
        "CREATE TEMPORARY TABLE {} ({}) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={}",
        dialect.qualified(name),
        parts.join(", "),
        dialect.collation(Collation::Binary)
    )
}
