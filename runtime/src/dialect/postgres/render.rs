//! Change → statements.

use super::text::{self, list, quote, quote_text};
use super::{Extension, Postgres, enums, inspect, sequences, server_generated_names, types};
use crate::catalog::IndexKind;
use crate::catalog::{Column, ForeignKey, Index, IndexOn, Name, PrimaryKey, Table, View};
use crate::change::{Change, Statement};
use crate::descriptor::{IncrementForm, ReferentialAction, SortOrder};

/// The statements of a change.
///
/// # Errors
/// A sentence: what PostgreSQL cannot do.
pub(crate) fn render(dialect: &Postgres, change: &Change) -> Result<Vec<Statement>, String> {
    let render = Render(dialect);
    let statements = match change {
        Change::CreateTable { table } => render.create_table(table),
        Change::DropTable { table } => vec![format!("DROP TABLE {}", dialect.qualified(table))],
        Change::RenameTable { from, to } if from.schema == to.schema => {
            vec![format!("ALTER TABLE {} RENAME TO {}", dialect.qualified(from), quote(&to.name))]
        }
        Change::RenameTable { from, to } => {
            let mut statements = render.needs(to, []);
            if from.name != to.name {
                statements.push(format!("ALTER TABLE {} RENAME TO {}", dialect.qualified(from), quote(&to.name)));
            }
            let named = Name { schema: from.schema.clone(), name: to.name.clone() };
            let schema = quote(dialect.schema_of(to));
            statements.push(format!("ALTER TABLE {} SET SCHEMA {schema}", dialect.qualified(&named)));
            statements
        }
        Change::AddColumn { table, .. } | Change::AlterColumn { table, .. } | Change::DropColumn { table, .. } => {
            return Ok(render.alter_table(table, std::slice::from_ref(change)));
        }
        Change::AlterTable { table, changes } => return Ok(render.alter_table(table, changes)),
        Change::RenameColumn { table, from, to } => {
            vec![format!("{} RENAME COLUMN {} TO {}", render.alter(table), quote(from), quote(to))]
        }
        Change::AlterPrimaryKey { table, from, to } => render.primary_key(table, from.as_ref(), to.as_ref()),
        Change::CreateIndex { table, index } => vec![create_index(&dialect.qualified(table), index, false)],
        Change::DropIndex { table, index } if index.constraint => {
            vec![format!("{} DROP CONSTRAINT {}", render.alter(table), quote(&index.name))]
        }
        Change::DropIndex { table, index } => {
            vec![format!("DROP INDEX {}", dialect.qualified(&sibling(table, &index.name)))]
        }
        Change::RenameIndex { table, from, to } => {
            vec![format!("ALTER INDEX {} RENAME TO {}", dialect.qualified(&sibling(table, from)), quote(to))]
        }
        Change::RenameConstraint { table, from, to } => {
            vec![format!("{} RENAME CONSTRAINT {} TO {}", render.alter(table), quote(from), quote(to))]
        }
        Change::RenamePrimaryKey { table, from, to } => {
            let rename = format!("{} RENAME CONSTRAINT {} TO {}", render.alter(table), quote(from), quote(to));
            vec![server_generated_names::where_free(dialect, &sibling(table, to), true, &rename)]
        }
        Change::RenameSequence { table, from, to } => {
            let sequence = dialect.qualified(&sibling(table, from));
            let rename = format!("ALTER SEQUENCE {sequence} RENAME TO {}", quote(to));
            vec![server_generated_names::where_free(dialect, &sibling(table, to), false, &rename)]
        }
        Change::SetOption { table, key, to, .. } => vec![render.option(table, key, to.as_deref())?],
        Change::SetTableComment { table, comment } => vec![render.comment(table, comment.as_deref())],
        Change::RebuildTable(rebuild) => {
            return Err(format!("PostgreSQL changes tables in place: no rebuild of \"{}\"", rebuild.to.name));
        }
        Change::AddForeignKey { .. }
        | Change::DropForeignKey { .. }
        | Change::SuspendForeignKey { .. }
        | Change::RestoreForeignKey { .. }
        | Change::AddCheck { .. }
        | Change::DropCheck { .. } => return Ok(render_constraint(&render, change)),
        other => return render_view_or_type(&render, other),
    };
    Ok(statements.into_iter().map(Statement::Execute).collect())
}

/// The statements of a change of a foreign key or a check.
fn render_constraint(render: &Render<'_>, change: &Change) -> Vec<Statement> {
    let statements = match change {
        Change::AddForeignKey { table, foreign_key } => {
            vec![format!("{} ADD {}", render.alter(table), render.foreign_key(foreign_key))]
        }
        Change::DropForeignKey { table, foreign_key: ForeignKey { name, .. } } => {
            // In a circle of tables that go, or of keys that change their type, it may be gone already.
            let alter = format!("ALTER TABLE IF EXISTS {}", render.0.qualified(table));
            vec![drop_constraint(&alter, name.as_deref())]
        }
        Change::SuspendForeignKey { table, foreign_key: ForeignKey { name, .. } } => {
            vec![format!("{} DROP CONSTRAINT {}", render.alter(table), quote(name.as_deref().unwrap_or_default()))]
        }
        Change::RestoreForeignKey { table, foreign_key } => {
            let made = || format!("{} ADD {}", render.alter(table), render.foreign_key(foreign_key));
            return vec![Statement::Restore {
                object: table.clone(),
                part: foreign_key.name.clone(),
                sql: foreign_key.sql.clone().unwrap_or_else(made),
            }];
        }
        Change::AddCheck { table, check } => {
            vec![format!("{} ADD {}CHECK ({})", render.alter(table), constraint(check.name.as_deref()), check.sql)]
        }
        Change::DropCheck { table, check } => vec![drop_constraint(&render.alter(table), check.name.as_deref())],
        _ => Vec::new(),
    };
    statements.into_iter().map(Statement::Execute).collect()
}

/// The statements of a change of a view or an enum type.
fn render_view_or_type(render: &Render<'_>, change: &Change) -> Result<Vec<Statement>, String> {
    let statements = match change {
        Change::CreateView { view } => render.create_view(view),
        Change::ReplaceView { view } => render.replace_view(view),
        Change::DropView { name, materialized } => vec![render.drop_view(name, *materialized)],
        Change::SuspendView { view } => vec![render.drop_view(&view.name, view.materialized)],
        Change::CreateType { ty } => {
            let mut statements = render.needs(&ty.name, []);
            statements.extend(enums::create_all(render.0, ty));
            statements
        }
        Change::RenameType { from, to } => return enums::rename(render.0, from, to),
        Change::DropType { name } => vec![format!("DROP TYPE {}", render.0.qualified(name))],
        Change::AddLabel { name, label, place } => vec![enums::add_label(render.0, name, label, place)],
        Change::RenameLabel { name, from, to } => vec![enums::rename_label(render.0, name, from, to)],
        Change::RestoreView { view: view @ View { written: Some(sql), .. } } => {
            render.bare_view(&View { sql: sql.clone(), ..view.clone() })
        }
        Change::RestoreView { view } => {
            let mut sql = render.bare_view(view).into_iter();
            let create = sql.next().map(|sql| Statement::Restore { object: view.name.clone(), part: None, sql });
            return Ok(create.into_iter().chain(sql.map(Statement::Execute)).collect());
        }
        other => return Err(format!("PostgreSQL has no statement for {other:?}")),
    };
    Ok(statements.into_iter().map(Statement::Execute).collect())
}

/// An object of the same schema.
fn sibling(table: &Name, name: &str) -> Name {
    Name { schema: table.schema.clone(), name: name.to_owned() }
}

fn drop_constraint(alter: &str, name: Option<&str>) -> String {
    format!("{alter} DROP CONSTRAINT IF EXISTS {}", quote(name.unwrap_or_default()))
}

fn constraint(name: Option<&str>) -> String {
    name.map_or_else(String::new, |name| format!("CONSTRAINT {} ", quote(name)))
}

pub(super) struct Render<'a>(pub(super) &'a Postgres);

impl Render<'_> {
    pub(super) fn alter(&self, table: &Name) -> String {
        format!("ALTER TABLE {}", self.0.qualified(table))
    }

    /// The schema and the extensions that are not there yet.
    pub(super) fn needs<'a>(&self, name: &Name, columns: impl IntoIterator<Item = &'a Column>) -> Vec<String> {
        let mut statements = Vec::new();
        let schema = self.0.schema_of(name);
        if !self.0.schemas.contains(schema) {
            statements.push(format!("CREATE SCHEMA IF NOT EXISTS {}", quote(schema)));
        }
        for column in columns {
            let Some(extension) = types::extension_of(column) else { continue };
            let create = format!("CREATE EXTENSION IF NOT EXISTS {}", quote(extension));
            if self.0.extensions.get(extension) != Some(&Extension::Installed) && !statements.contains(&create) {
                statements.push(create);
            }
        }
        statements
    }

    fn create_table(&self, table: &Table) -> Vec<String> {
        let mut statements = self.needs(&table.name, &table.columns);
        let mut defined = table.clone();
        let mut owned = Vec::new();
        for column in &mut defined.columns {
            let definition = self.definition(&table.name, column);
            statements.extend(definition.before);
            *column = definition.column;
            owned.extend(definition.after);
        }
        statements.push(self.create_bare_table(&self.0.qualified(&table.name), &defined));
        statements.extend(owned);
        statements.extend(table.comment.as_deref().map(|comment| self.comment(&table.name, Some(comment))));
        let comments = table.columns.iter().filter(|column| column.comment.is_some());
        statements.extend(comments.map(|column| self.column_comment(&table.name, column)));
        statements
    }

    /// `CREATE TABLE` alone, under that name.
    fn create_bare_table(&self, name: &str, table: &Table) -> String {
        let mut parts: Vec<String> = table.columns.iter().map(define).collect();
        if let Some(key) = &table.primary_key {
            parts.push(format!("{}PRIMARY KEY ({})", constraint(key.name.as_deref()), list(&key.columns)));
        }
        for check in &table.checks {
            parts.push(format!("{}CHECK ({})", constraint(check.name.as_deref()), check.sql));
        }
        parts.extend(table.foreign_keys.iter().map(|key| self.foreign_key(key)));
        let unlogged = if table.options.contains_key("unlogged") { "UNLOGGED " } else { "" };
        let options: Vec<String> = table
            .options
            .iter()
            .filter(|(key, _)| *key != "unlogged")
            .map(|(key, value)| format!("{key} = {value}"))
            .collect();
        let with = if options.is_empty() { String::new() } else { format!(" WITH ({})", options.join(", ")) };
        let body = if parts.is_empty() { String::new() } else { format!("\n  {}\n", parts.join(",\n  ")) };
        format!("CREATE {unlogged}TABLE {name} ({body}){with}")
    }

    pub(super) fn column_comment(&self, table: &Name, column: &Column) -> String {
        let text = column.comment.as_deref().map_or_else(|| "NULL".to_owned(), quote_text);
        format!("COMMENT ON COLUMN {}.{} IS {text}", self.0.qualified(table), quote(&column.name))
    }

    fn comment(&self, table: &Name, comment: Option<&str>) -> String {
        let text = comment.map_or_else(|| "NULL".to_owned(), quote_text);
        format!("COMMENT ON TABLE {} IS {text}", self.0.qualified(table))
    }

    fn option(&self, table: &Name, key: &str, value: Option<&str>) -> Result<String, String> {
        let alter = self.alter(table);
        Ok(match (key, value) {
            ("unlogged", Some(_)) => format!("{alter} SET UNLOGGED"),
            ("unlogged", None) => format!("{alter} SET LOGGED"),
            (key, Some(value)) => format!("{alter} SET ({key} = {value})"),
            (key, None) => format!("{alter} RESET ({key})"),
        })
    }

    fn primary_key(&self, table: &Name, from: Option<&PrimaryKey>, to: Option<&PrimaryKey>) -> Vec<String> {
        let mut statements = Vec::new();
        if let Some(from) = from {
            let usual = format!("{}_pkey", table.name);
            statements.push(drop_constraint(&self.alter(table), Some(from.name.as_deref().unwrap_or(&usual))));
        }
        statements.extend(to.map(|to| format!("{} ADD PRIMARY KEY ({})", self.alter(table), list(&to.columns))));
        statements
    }

    pub(super) fn foreign_key(&self, key: &ForeignKey) -> String {
        let mut sql = format!(
            "{}FOREIGN KEY ({}) REFERENCES {} ({})",
            constraint(key.name.as_deref()),
            list(&key.columns),
            self.0.qualified(&key.target),
            list(&key.target_columns)
        );
        let extra = key.extra.as_deref().unwrap_or_default();
        if extra.contains("MATCH FULL") {
            sql.push_str(" MATCH FULL");
        }
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
        let rest = extra.replace("MATCH FULL", "");
        if !rest.trim().is_empty() {
            sql.push_str(&format!(" {}", rest.trim()));
        }
        sql
    }

    fn create_view(&self, view: &View) -> Vec<String> {
        let mut statements = self.needs(&view.name, []);
        statements.extend(self.bare_view(view));
        statements
    }

    /// Its statement, and then what hangs on it.
    fn bare_view(&self, view: &View) -> Vec<String> {
        let kind = if view.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
        let mut statements = vec![format!("CREATE {kind} {} AS {}", self.0.qualified(&view.name), view.sql)];
        statements.extend(view.restore.iter().cloned());
        statements.extend(view.triggers.iter().map(|trigger| trigger.sql.text.clone()));
        statements
    }

    /// What hangs on the view stays, but for its options, which the server takes from the statement.
    fn replace_view(&self, view: &View) -> Vec<String> {
        let mut statements = vec![format!("CREATE OR REPLACE VIEW {} AS {}", self.0.qualified(&view.name), view.sql)];
        let sets_options = |sql: &&String| sql.starts_with("ALTER VIEW ") && sql.contains(" SET (");
        statements.extend(view.restore.iter().filter(sets_options).cloned());
        statements
    }

    fn drop_view(&self, name: &Name, materialized: bool) -> String {
        let kind = if materialized { "MATERIALIZED VIEW" } else { "VIEW" };
        format!("DROP {kind} {}", self.0.qualified(name))
    }
}

/// A collation by its name; one in a schema is quoted already (`"schema"."name"`).
pub(super) fn collation(name: &str) -> String {
    let qualified = name.starts_with('"') && name.ends_with('"') && name.contains("\".\"");
    if qualified { name.to_owned() } else { quote(name) }
}

/// The definition of a column.
pub(super) fn define(column: &Column) -> String {
    let serial = column.identity.as_ref().is_some_and(|identity| identity.form == IncrementForm::Serial);
    let ty = if serial { sequences::serial(&column.ty) } else { &column.ty };
    let mut sql = format!("{} {ty}", quote(&column.name));
    if let Some(collate) = &column.collate {
        sql.push_str(&format!(" COLLATE {}", collation(collate)));
    }
    if let Some(default) = &column.default {
        let default = if text::is_only_enclosed(default) { format!("({default})") } else { default.text.clone() };
        sql.push_str(&format!(" DEFAULT {default}"));
    }
    if let Some(generated) = &column.generated {
        let kind = if generated.stored { "STORED" } else { "VIRTUAL" };
        sql.push_str(&format!(" GENERATED ALWAYS AS ({}) {kind}", generated.sql));
    }
    if let Some(identity) = column.identity.as_ref().filter(|_| !serial) {
        sql.push_str(&format!(" {}", sequences::clause(identity)));
    }
    if !column.nullable {
        sql.push_str(" NOT NULL");
    }
    sql
}

/// `CREATE INDEX` on the table of that (quoted) name.
pub(super) fn create_index(table: &str, index: &Index, concurrently: bool) -> String {
    if let Some(sql) = &index.sql {
        return sql.clone();
    }
    let unique = if index.kind == IndexKind::Unique { "UNIQUE " } else { "" };
    let method = index.method.as_deref().unwrap_or("btree");
    let parts: Vec<String> = index
        .parts
        .iter()
        .map(|part| {
            let mut sql = match &part.on {
                IndexOn::Column(name) => quote(name),
                IndexOn::Expression(sql) => format!("({})", inspect::without_parentheses(sql)),
            };
            if let Some(collate) = &part.collate {
                sql.push_str(&format!(" COLLATE {}", collation(collate)));
            }
            if let Some(extra) = &part.extra {
                sql.push_str(&format!(" {extra}"));
            }
            if part.order == SortOrder::Desc {
                sql.push_str(" DESC");
            }
            sql
        })
        .collect();
    let concurrently = if concurrently { "CONCURRENTLY " } else { "" };
    let include = if index.include.is_empty() { String::new() } else { format!(" INCLUDE ({})", list(&index.include)) };
    let nulls = if index.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
    let predicate = index.predicate.as_ref().map_or_else(String::new, |sql| format!(" WHERE {}", text::trim(sql)));
    format!(
        "CREATE {unique}INDEX {concurrently}{} ON {table} USING {method} ({}){include}{nulls}{predicate}",
        quote(&index.name),
        parts.join(", ")
    )
}

/// Statements that make a temporary table of these columns, checks and indexes: what [`super::normalise`] reads back.
pub(crate) fn temporary(dialect: &Postgres, name: &str, table: &Table) -> Vec<String> {
    let table_name = format!("pg_temp.{}", quote(name));
    let mut statements =
        vec![Render(dialect).create_bare_table(&table_name, table).replacen("CREATE TABLE", "CREATE TEMP TABLE", 1)];
    statements.extend(table.indexes.iter().map(|index| create_index(&table_name, index, false)));
    statements
}
