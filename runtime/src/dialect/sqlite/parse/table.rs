//! `CREATE TABLE`, as SQLite keeps it.

use super::constraint::{
    IndexedColumn, ParsedForeignKey, ParsedUnique, conflict, deferrable, indexed_columns, references,
};
use super::cursor::{Cursor, Unread, text_of};
use super::keyword::is_reserved;
use super::token::{Kind, tokenize};
use crate::descriptor::SortOrder;

/// A table as its SQL says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ParsedTable {
    pub(crate) name: String,
    pub(crate) columns: Vec<ParsedColumn>,
    pub(crate) primary_key: Option<ParsedPrimaryKey>,
    /// In the order in which SQLite makes their indexes; that of the primary key is `None`.
    pub(crate) uniques: Vec<Option<ParsedUnique>>,
    pub(crate) foreign_keys: Vec<ParsedForeignKey>,
    pub(crate) checks: Vec<ParsedCheck>,
    pub(crate) strict: bool,
    pub(crate) without_rowid: bool,
}

/// A column as its SQL says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ParsedColumn {
    pub(crate) name: String,
    /// As written; empty: none.
    pub(crate) ty: String,
    pub(crate) not_null: bool,
    pub(crate) not_null_conflict: Option<String>,
    /// As written.
    pub(crate) default: Option<String>,
    pub(crate) collate: Option<String>,
    /// The expression, and whether it is stored.
    pub(crate) generated: Option<(String, bool)>,
}

/// The primary key as the SQL says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ParsedPrimaryKey {
    pub(crate) name: Option<String>,
    pub(crate) columns: Vec<IndexedColumn>,
    pub(crate) autoincrement: bool,
    pub(crate) conflict: Option<String>,
    /// It stands at the column: there, `DESC` makes of an INTEGER an ordinary column.
    pub(crate) inline: bool,
}

/// A check as the SQL says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ParsedCheck {
    pub(crate) name: Option<String>,
    pub(crate) sql: String,
    pub(crate) conflict: Option<String>,
}

impl ParsedTable {
    /// The column that is another name of the rowid.
    pub(crate) fn rowid_column(&self) -> Option<&str> {
        let key = self.primary_key.as_ref()?;
        let [only] = key.columns.as_slice() else { return None };
        let column = self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(&only.on))?;
        let is_integer = column.ty.trim_matches(['"', '`', '[', ']']).eq_ignore_ascii_case("INTEGER");
        let is_apart = self.without_rowid || key.inline && only.order == SortOrder::Desc;
        (is_integer && !is_apart).then_some(column.name.as_str())
    }
}

/// Reads a `CREATE TABLE`.
///
/// # Errors
/// What it does not understand, in words.
pub(crate) fn parse_table(sql: &str) -> Result<ParsedTable, Unread> {
    let tokens = tokenize(sql);
    let mut cursor = Cursor::new(sql, &tokens);
    if !cursor.eat(&["CREATE"]) {
        return Err(cursor.unread("CREATE"));
    }
    let _ = cursor.eat(&["TEMP"]) || cursor.eat(&["TEMPORARY"]);
    if !cursor.eat(&["TABLE"]) {
        return Err(cursor.unread("TABLE"));
    }
    cursor.eat(&["IF", "NOT", "EXISTS"]);
    let mut table = ParsedTable { name: cursor.qualified_name()?, ..ParsedTable::default() };
    cursor.expect_operator("(")?;
    loop {
        if starts_table_constraint(&cursor) {
            table_constraints(&mut cursor, &mut table)?;
            break;
        }
        column(&mut cursor, &mut table)?;
        if !cursor.eat_operator(",") {
            break;
        }
    }
    cursor.expect_operator(")")?;
    options(&mut cursor, &mut table)?;
    Ok(table)
}

fn options(cursor: &mut Cursor<'_, '_>, table: &mut ParsedTable) -> Result<(), Unread> {
    loop {
        if cursor.eat(&["WITHOUT", "ROWID"]) {
            table.without_rowid = true;
        } else if cursor.eat(&["STRICT"]) {
            table.strict = true;
        }
        if !cursor.eat_operator(",") {
            break;
        }
    }
    cursor.eat_operator(";");
    if cursor.peek().is_some() { Err(cursor.unread("the end")) } else { Ok(()) }
}

fn starts_table_constraint(cursor: &Cursor<'_, '_>) -> bool {
    ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"].iter().any(|word| cursor.looks_at(&[word]))
}

fn column(cursor: &mut Cursor<'_, '_>, table: &mut ParsedTable) -> Result<(), Unread> {
    let mut column = ParsedColumn { name: cursor.name()?, ..ParsedColumn::default() };
    column.ty = column_type(cursor)?;
    let mut name = None;
    let mut own_key = None;
    loop {
        if cursor.eat(&["CONSTRAINT"]) {
            name = Some(cursor.name()?);
            continue;
        }
        if !column_constraint(cursor, table, &mut column, &mut own_key, name.take())? {
            break;
        }
    }
    table.columns.push(column);
    Ok(())
}

fn column_type(cursor: &mut Cursor<'_, '_>) -> Result<String, Unread> {
    let start = cursor.at;
    while let Some(token) = cursor.peek() {
        let ends = match token.kind {
            Kind::Word => is_reserved(token.text) && !is_value(token.text) || cursor.looks_at(&["GENERATED", "ALWAYS"]),
            Kind::Double | Kind::Quoted | Kind::Text => false,
            _ => true,
        };
        if ends {
            break;
        }
        cursor.at += 1;
    }
    if cursor.at > start && cursor.peek().is_some_and(|token| token.is_operator("(")) {
        cursor.parenthesized()?;
    }
    Ok(text_of(cursor.sql, &cursor.tokens[start..cursor.at]).to_owned())
}

/// Words that are reserved for us alone: SQLite takes them for names.
fn is_value(word: &str) -> bool {
    ["true", "false", "nothing", "returning"].iter().any(|value| word.eq_ignore_ascii_case(value))
}

/// One constraint of a column; `false`: there is none.
fn column_constraint(
    cursor: &mut Cursor<'_, '_>,
    table: &mut ParsedTable,
    column: &mut ParsedColumn,
    own_key: &mut Option<usize>,
    name: Option<String>,
) -> Result<bool, Unread> {
    let own = |order| IndexedColumn { on: column.name.clone(), expression: false, collate: None, order };
    if cursor.eat(&["PRIMARY", "KEY"]) {
        let order = if cursor.eat(&["DESC"]) { SortOrder::Desc } else { SortOrder::Asc };
        cursor.eat(&["ASC"]);
        let columns = vec![own(order)];
        let conflict = conflict(cursor)?;
        let autoincrement = cursor.eat(&["AUTOINCREMENT"]);
        table.primary_key = Some(ParsedPrimaryKey { name, columns, autoincrement, conflict, inline: true });
        table.uniques.push(None);
    } else if cursor.eat(&["UNIQUE"]) {
        let columns = vec![own(SortOrder::Asc)];
        table.uniques.push(Some(ParsedUnique { name, columns, conflict: conflict(cursor)? }));
    } else if cursor.eat(&["NOT", "NULL"]) {
        column.not_null = true;
        column.not_null_conflict = conflict(cursor)?;
    } else if cursor.eat(&["NULL"]) {
        conflict(cursor)?;
    } else if cursor.eat(&["CHECK"]) {
        table.checks.push(ParsedCheck { name, sql: cursor.parenthesized()?.to_owned(), conflict: conflict(cursor)? });
    } else if cursor.eat(&["DEFAULT"]) {
        column.default = Some(default(cursor)?);
    } else if cursor.eat(&["COLLATE"]) {
        column.collate = Some(cursor.name()?);
    } else if cursor.eat(&["REFERENCES"]) {
        let columns = vec![column.name.clone()];
        *own_key = Some(table.foreign_keys.len());
        table.foreign_keys.push(ParsedForeignKey { name, columns, ..references(cursor)? });
    } else if let Some(text) = deferrable(cursor) {
        if let Some(key) = own_key.and_then(|at| table.foreign_keys.get_mut(at)) {
            key.deferrable = Some(text);
        }
    } else if cursor.eat(&["GENERATED", "ALWAYS", "AS"]) || cursor.eat(&["AS"]) {
        let sql = cursor.parenthesized()?.to_owned();
        let stored = cursor.eat(&["STORED"]);
        cursor.eat(&["VIRTUAL"]);
        column.generated = Some((sql, stored));
    } else {
        return Ok(false);
    }
    Ok(true)
}

fn default(cursor: &mut Cursor<'_, '_>) -> Result<String, Unread> {
    let start = cursor.at;
    if cursor.peek().is_some_and(|token| token.is_operator("(")) {
        cursor.parenthesized()?;
    } else {
        while cursor.eat_operator("+") || cursor.eat_operator("-") {}
        if cursor.next().is_none() {
            return Err(cursor.unread("a default"));
        }
    }
    Ok(text_of(cursor.sql, &cursor.tokens[start..cursor.at]).to_owned())
}

fn table_constraints(cursor: &mut Cursor<'_, '_>, table: &mut ParsedTable) -> Result<(), Unread> {
    let mut name = None;
    loop {
        if cursor.eat(&["CONSTRAINT"]) {
            name = Some(cursor.name()?);
        } else if cursor.eat(&["PRIMARY", "KEY"]) {
            let mut inside = cursor.clone();
            let autoincrement = inside.parenthesized_tokens()?.last().is_some_and(|token| token.is("AUTOINCREMENT"));
            let columns = indexed_columns(cursor)?;
            let conflict = conflict(cursor)?;
            let name = name.take();
            table.primary_key = Some(ParsedPrimaryKey { name, columns, autoincrement, conflict, inline: false });
            table.uniques.push(None);
        } else if cursor.eat(&["UNIQUE"]) {
            let columns = indexed_columns(cursor)?;
            table.uniques.push(Some(ParsedUnique { name: name.take(), columns, conflict: conflict(cursor)? }));
        } else if cursor.eat(&["CHECK"]) {
            let sql = cursor.parenthesized()?.to_owned();
            table.checks.push(ParsedCheck { name: name.take(), sql, conflict: conflict(cursor)? });
        } else if cursor.eat(&["FOREIGN", "KEY"]) {
            let columns = cursor.names_in_parentheses()?;
            if !cursor.eat(&["REFERENCES"]) {
                return Err(cursor.unread("REFERENCES"));
            }
            let mut key = ParsedForeignKey { name: name.take(), columns, ..references(cursor)? };
            key.deferrable = deferrable(cursor);
            table.foreign_keys.push(key);
        } else if !cursor.eat_operator(",") {
            return Ok(());
        }
    }
}
