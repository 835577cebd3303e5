//! Change → statements.

use super::normalise::{self, quote};
use super::statistics::Statistics;
use super::{defaults, parse, rebuild, search};
use crate::catalog::{Column, EnumType, ForeignKey, Index, IndexOn, IndexPart, Name, PrimaryKey, Table, View};
use crate::change::{Change, Statement};
use crate::descriptor::{ReferentialAction, SortOrder};
use crate::model::IndexKind;

/// The statements of a change.
///
/// # Errors
/// A sentence: what SQLite cannot do.
pub(crate) fn render(change: &Change, statistics: Statistics) -> Result<Vec<Statement>, String> {
    let one = |sql: String| Ok(vec![Statement::Execute(sql)]);
    match change {
        Change::CreateTable { table } => Ok(create(table)),
        Change::DropTable { table } => one(format!("DROP TABLE {}", quote(&table.name))),
        Change::RenameTable { from, to } => Ok(rename_table(from, to, statistics)),
        Change::AddColumn { table, column, foreign_keys } => one(add_column(table, column, foreign_keys)),
        Change::RenameColumn { table, from, to } => {
            one(format!("ALTER TABLE {} RENAME COLUMN {} TO {}", quote(&table.name), quote(from), quote(to)))
        }
        Change::DropColumn { table, column } => {
            one(format!("ALTER TABLE {} DROP COLUMN {}", quote(&table.name), quote(column)))
        }
        Change::CreateIndex { table, index } => match &index.tables {
            Some(tables) => Ok(search::create(&table.name, index, tables)),
            None => one(create_index(table, index)?),
        },
        Change::DropIndex { index, .. } if index.tables.is_some() => Ok(search::drop(index)),
        Change::DropIndex { index, .. } if index.constraint => {
            Err(format!("the unique constraint \"{}\" is part of its table: only a rebuild drops it", index.name))
        }
        Change::DropIndex { index, .. } => one(format!("DROP INDEX {}", quote(&index.name))),
        Change::RebuildTable(rebuild) => Ok(rebuild::render(rebuild, statistics)),
        Change::CreateView { view } => Ok(create_view(view)),
        Change::ReplaceView { view } => Err(in_rebuild(&format!("the query of view \"{}\"", view.name))),
        Change::DropView { name, .. } => one(format!("DROP VIEW {}", quote(&name.name))),
        // SQLite has no comments.
        Change::SetTableComment { .. } => Ok(Vec::new()),
        Change::AlterColumn { to, .. } => Err(in_rebuild(&format!("column \"{}\"", to.name))),
        Change::AlterTable { changes, .. } => {
            let statements: Result<Vec<Vec<Statement>>, String> =
                changes.iter().map(|change| render(change, statistics)).collect();
            Ok(statements?.concat())
        }
        Change::AlterPrimaryKey { .. } => Err(in_rebuild("the primary key")),
        Change::AddForeignKey { foreign_key, .. } | Change::DropForeignKey { foreign_key, .. } => {
            Err(in_rebuild(&format!("the foreign key ({})", foreign_key.columns.join(", "))))
        }
        Change::AddCheck { .. } | Change::DropCheck { .. } => Err(in_rebuild("a check")),
        Change::RenameIndex { from, .. } => Err(in_rebuild(&format!("the name of index \"{from}\""))),
        Change::RenameConstraint { from, .. } => Err(in_rebuild(&format!("the name of constraint \"{from}\""))),
        Change::RenamePrimaryKey { from, .. } | Change::RenameSequence { from, .. } => {
            Err(in_rebuild(&format!("the name \"{from}\"")))
        }
        Change::SuspendForeignKey { .. } | Change::RestoreForeignKey { .. } => Err(in_rebuild("foreign keys")),
        // Tables that change together each ask for it.
        Change::SuspendView { view } => one(format!("DROP VIEW IF EXISTS {}", quote(&view.name.name))),
        Change::RestoreView { view } => Ok(restore_view(view)),
        Change::SetOption { key, .. } => Err(in_rebuild(&format!("the option `{key}`"))),
        Change::CreateType { ty: EnumType { name, .. } }
        | Change::RenameType { from: name, .. }
        | Change::DropType { name }
        | Change::AddLabel { name, .. }
        | Change::RenameLabel { name, .. } => Err(format!("SQLite has no enum types: \"{name}\" is text there")),
    }
}

fn in_rebuild(what: &str) -> String {
    format!("SQLite changes {what} only by rebuilding the table")
}

fn create(table: &Table) -> Vec<Statement> {
    let mut statements = vec![Statement::Execute(create_table(&table.name.name, table))];
    statements.extend(seed(table).map(Statement::Execute));
    statements
}

/// Sets the first value of an AUTOINCREMENT column.
pub(crate) fn seed(table: &Table) -> Option<String> {
    let start = table.columns.iter().find_map(|column| column.identity.as_ref())?.start;
    (start > 1).then(|| {
        let name = normalise::quote_text(&table.name.name);
        format!("INSERT INTO sqlite_sequence (name, seq) VALUES ({name}, {})", start - 1)
    })
}

/// A rename that differs in case alone goes by another name: SQLite takes both for the same.
fn rename_table(from: &Name, to: &Name, statistics: Statistics) -> Vec<Statement> {
    let rename =
        |from: &str, to: &str| Statement::Execute(format!("ALTER TABLE {} RENAME TO {}", quote(from), quote(to)));
    let mut statements = if from.name.eq_ignore_ascii_case(&to.name) {
        let between = rebuild::temporary_name(&to.name);
        vec![rename(&from.name, &between), rename(&between, &to.name)]
    } else {
        vec![rename(&from.name, &to.name)]
    };
    statements.extend(statistics.rename(&from.name, &to.name, false).into_iter().map(Statement::Execute));
    statements
}

fn add_column(table: &Name, column: &Column, foreign_keys: &[ForeignKey]) -> String {
    let mut sql = format!("ALTER TABLE {} ADD COLUMN {}", quote(&table.name), define(column, None, false));
    for key in foreign_keys {
        sql.push_str(&constraint_name(key.name.as_deref()));
        sql.push_str(&references(key));
    }
    sql
}

/// `CREATE TABLE`, under that name.
pub(crate) fn create_table(name: &str, table: &Table) -> String {
    let rowid = rowid_column(table);
    let key = table.primary_key.as_ref();
    let inline = |column: &Column| {
        let key = key.filter(|key| key.columns == [column.name.as_str()])?;
        let is_inline = rowid == Some(column.name.as_str()) || key.extra.contains_key("inline");
        is_inline.then(|| inline_key(column, key))
    };
    let mut parts: Vec<String> = table
        .columns
        .iter()
        .map(|column| define(column, inline(column).as_deref(), rowid == Some(column.name.as_str())))
        .collect();
    if let Some(key) = key
        && !table.columns.iter().any(|column| inline(column).is_some())
    {
        let columns: Vec<String> = key
            .columns
            .iter()
            .enumerate()
            .map(|(at, name)| match key.extra.get(&at.to_string()) {
                Some(detail) => format!("{} {detail}", quote(name)),
                None => quote(name),
            })
            .collect();
        let conflict = on_conflict(key.extra.get("conflict").map(String::as_str));
        parts.push(format!("{}PRIMARY KEY ({}){conflict}", named(key.name.as_deref()), columns.join(", ")));
    }
    parts.extend(table.indexes.iter().filter(|index| index.constraint).map(unique));
    for check in &table.checks {
        let extra = check.extra.as_ref().map_or_else(String::new, |extra| format!(" {extra}"));
        parts.push(format!("{}CHECK ({}){extra}", named(check.name.as_deref()), check.sql));
    }
    for key in &table.foreign_keys {
        parts.push(format!("{}FOREIGN KEY ({}){}", named(key.name.as_deref()), list(&key.columns), references(key)));
    }
    let mut sql = format!("CREATE TABLE {} (\n  {}\n)", quote(name), parts.join(",\n  "));
    let options: Vec<&str> = [("strict", "STRICT"), ("without_rowid", "WITHOUT ROWID")]
        .into_iter()
        .filter(|(key, _)| table.options.contains_key(*key))
        .map(|(_, option)| option)
        .collect();
    if !options.is_empty() {
        sql.push(' ');
        sql.push_str(&options.join(", "));
    }
    sql
}

/// The column that is another name of the rowid. An AUTOINCREMENT column is always one, whatever INTEGER it was called.
pub(crate) fn rowid_column(table: &Table) -> Option<&str> {
    let key = table.primary_key.as_ref()?;
    let [only] = key.columns.as_slice() else { return None };
    let column = table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(only))?;
    let is_integer = column.ty == "INTEGER" || column.identity.is_some();
    let is_rowid = is_integer && !table.options.contains_key("without_rowid") && !key.extra.contains_key("inline");
    is_rowid.then_some(column.name.as_str())
}

fn inline_key(column: &Column, key: &PrimaryKey) -> String {
    let order = key.extra.get("inline").map_or_else(String::new, |order| format!(" {order}"));
    let conflict = on_conflict(key.extra.get("conflict").map(String::as_str));
    let auto = if column.identity.is_some() { " AUTOINCREMENT" } else { "" };
    format!("{} PRIMARY KEY{order}{conflict}{auto}", constraint_name(key.name.as_deref()))
}

fn on_conflict(conflict: Option<&str>) -> String {
    conflict.map_or_else(String::new, |conflict| format!(" ON CONFLICT {conflict}"))
}

/// The definition of a column; `key`: what makes it the primary key; the rowid is never NULL by itself.
fn define(column: &Column, key: Option<&str>, is_rowid: bool) -> String {
    let mut sql = quote(&column.name);
    if is_rowid {
        sql.push_str(" INTEGER");
    } else if !column.ty.is_empty() {
        sql.push(' ');
        let is_plain = normalise::column_type(&column.ty) == column.ty && !column.ty.contains(['"', '`', '[', '\'']);
        sql.push_str(&if is_plain { column.ty.clone() } else { quote(&column.ty) });
    }
    sql.push_str(key.unwrap_or_default());
    if !column.nullable && !is_rowid {
        sql.push_str(" NOT NULL");
        sql.push_str(&on_conflict(column.extra.get("not_null_conflict").map(String::as_str)));
    }
    if let Some(default) = &column.default {
        let default = default_expression(default);
        sql.push_str(&format!(" DEFAULT {default}"));
    }
    if let Some(collate) = &column.collate {
        sql.push_str(&format!(" COLLATE {}", collation(collate)));
    }
    if let Some(generated) = &column.generated {
        let kind = if generated.stored { "STORED" } else { "VIRTUAL" };
        sql.push_str(&format!(" GENERATED ALWAYS AS ({}) {kind}", generated.sql));
    }
    sql
}

/// A normalised default, as it can stand after `DEFAULT` and in expressions.
pub(crate) fn default_expression(default: &str) -> String {
    if defaults::is_plain_default(default) { default.to_owned() } else { format!("({default})") }
}

/// The built-in ones without quotes, as everybody writes them.
pub(crate) fn collation(name: &str) -> String {
    if matches!(name, "NOCASE" | "RTRIM" | "BINARY") { name.to_owned() } else { quote(name) }
}

fn named(name: Option<&str>) -> String {
    name.map_or_else(String::new, |name| format!("CONSTRAINT {} ", quote(name)))
}

fn constraint_name(name: Option<&str>) -> String {
    name.map_or_else(String::new, |name| format!(" CONSTRAINT {}", quote(name)))
}

pub(crate) fn list(columns: &[String]) -> String {
    columns.iter().map(|column| quote(column)).collect::<Vec<_>>().join(", ")
}

fn references(key: &ForeignKey) -> String {
    let mut sql = format!(" REFERENCES {}", quote(&key.target.name));
    if !key.target_columns.is_empty() {
        sql.push_str(&format!(" ({})", list(&key.target_columns)));
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
    if let Some(extra) = &key.extra {
        sql.push(' ');
        sql.push_str(extra);
    }
    sql
}

/// A unique constraint: its columns as the catalog says, its name and conflict clause from its text.
fn unique(index: &Index) -> String {
    let written = index.sql.as_deref().and_then(parse::parse_unique).unwrap_or_default();
    let conflict = on_conflict(written.conflict.as_deref());
    format!("{}UNIQUE ({}){conflict}", named(written.name.as_deref()), parts(&index.parts))
}

fn parts(parts: &[IndexPart]) -> String {
    let part = |part: &IndexPart| {
        let mut sql = match &part.on {
            IndexOn::Column(name) => quote(name),
            IndexOn::Expression(sql) => format!("({sql})"),
        };
        if let Some(collate) = &part.collate {
            sql.push_str(&format!(" COLLATE {}", collation(collate)));
        }
        if part.order == SortOrder::Desc {
            sql.push_str(" DESC");
        }
        sql
    };
    parts.iter().map(part).collect::<Vec<_>>().join(", ")
}

fn create_index(table: &Name, index: &Index) -> Result<String, String> {
    if index.constraint {
        return Err(format!("the unique constraint \"{}\" is part of its table: only a rebuild makes it", index.name));
    }
    if let Some(sql) = &index.sql {
        return Ok(sql.clone());
    }
    let unique = match index.kind {
        IndexKind::Plain => "",
        IndexKind::Unique => "UNIQUE ",
        _ => return Err(format!("the index \"{}\" is of a kind that SQLite does not have", index.name)),
    };
    let predicate = index.predicate.as_ref().map_or_else(String::new, |sql| format!(" WHERE {sql}"));
    Ok(format!(
        "CREATE {unique}INDEX {} ON {} ({}){predicate}",
        quote(&index.name),
        quote(&table.name),
        parts(&index.parts)
    ))
}

fn create_view(view: &View) -> Vec<Statement> {
    // SQLite takes any view and finds out when it is read: this is the time to find out.
    let works = Statement::AssertEmpty {
        query: format!("SELECT 1 FROM (SELECT * FROM {} LIMIT 0)", quote(&view.name.name)),
        message: format!("view \"{}\" cannot be read", view.name.name),
    };
    define_view(view).chain([works]).collect()
}

/// What it reads may still be on its way, or may never have been there; and several tables may have asked for it to go.
fn restore_view(view: &View) -> Vec<Statement> {
    let gone = Statement::Execute(format!("DROP VIEW IF EXISTS {}", quote(&view.name.name)));
    std::iter::once(gone).chain(define_view(view)).collect()
}

/// `sql` is the query, or the whole statement of a view that was not made by us.
fn define_view(view: &View) -> impl Iterator<Item = Statement> {
    let is_whole = parse::tokenize(&view.sql).first().is_some_and(|token| token.is("CREATE"));
    let sql = if is_whole {
        view.sql.text.clone()
    } else {
        format!("CREATE VIEW {} AS {}", quote(&view.name.name), view.sql)
    };
    let triggers = view.triggers.iter().map(|trigger| Statement::Restore {
        object: view.name.clone(),
        part: Some(trigger.name.clone()),
        sql: trigger.sql.text.clone(),
    });
    std::iter::once(Statement::Execute(sql)).chain(triggers)
}
