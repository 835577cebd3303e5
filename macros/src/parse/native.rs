//! Options of single databases: `sqlite(…)`, `postgres(…)`, `mysql(…)`, `mongodb(…)`.

use syn::LitStr;

use super::entry::{Entry, Slot, parse_list, put};
use super::suggest::unknown;
use crate::context::Context;

/// Options of a column.
#[derive(Debug, Clone, Default)]
pub(crate) struct ColumnNative {
    pub(crate) sqlite_type: Slot<LitStr>,
    pub(crate) sqlite_collate: Slot<LitStr>,
    pub(crate) postgres_type: Slot<LitStr>,
    pub(crate) postgres_collate: Slot<LitStr>,
    pub(crate) mysql_type: Slot<LitStr>,
    pub(crate) mysql_unsigned: Slot<()>,
    pub(crate) mysql_on_update: Slot<LitStr>,
    pub(crate) mysql_collate: Slot<LitStr>,
}

/// Options of a table.
#[derive(Debug, Clone, Default)]
pub(crate) struct TableNative {
    pub(crate) sqlite_strict: Slot<()>,
    pub(crate) sqlite_without_rowid: Slot<()>,
    pub(crate) postgres_unlogged: Slot<()>,
    pub(crate) postgres_fillfactor: Slot<u64>,
    pub(crate) postgres_collate: Slot<LitStr>,
    pub(crate) postgres_schema: Slot<LitStr>,
    pub(crate) mysql_engine: Slot<LitStr>,
    pub(crate) mysql_charset: Slot<LitStr>,
    pub(crate) mysql_collate: Slot<LitStr>,
    pub(crate) mongodb_capped: Slot<(u64, Option<u64>)>,
}

/// Reads `sqlite`, `postgres` or `mysql` on a field.
pub(super) fn column_native(cx: &Context, entry: &Entry, native: &mut ColumnNative) {
    let database = entry.name.to_string();
    let Some(tokens) = entry.list(cx, &format!("{database}(type = \"…\")")) else {
        return;
    };
    for inner in parse_list(cx, tokens) {
        let name = &inner.name;
        match (database.as_str(), name.to_string().as_str()) {
            ("sqlite", "type") => put(cx, &mut native.sqlite_type, name, native_type(cx, &inner)),
            ("sqlite", "collate") => put(cx, &mut native.sqlite_collate, name, word(cx, &inner, "RTRIM")),
            ("postgres", "type") => put(cx, &mut native.postgres_type, name, native_type(cx, &inner)),
            ("mysql", "type") => put(cx, &mut native.mysql_type, name, native_type(cx, &inner)),
            ("postgres", "collate") => put(cx, &mut native.postgres_collate, name, inner.string(cx, "collate = \"C\"")),
            ("mysql", "collate") => put(cx, &mut native.mysql_collate, name, word(cx, &inner, "utf8mb4_bin")),
            ("mysql", "unsigned") => put(cx, &mut native.mysql_unsigned, name, inner.word(cx)),
            ("mysql", "on_update") => {
                put(cx, &mut native.mysql_on_update, name, inner.string(cx, "on_update = \"CURRENT_TIMESTAMP\""));
            }
            ("sqlite", _) => {
                unknown(
                    cx,
                    name,
                    "column option of SQLite",
                    &["type", "collate"],
                    &[(&["strict", "without_rowid"], "the struct")],
                );
            }
            ("postgres", _) => unknown(
                cx,
                name,
                "column option of PostgreSQL",
                &["type", "collate"],
                &[(&["unlogged", "fillfactor", "schema"], "the struct")],
            ),
            _ => unknown(
                cx,
                name,
                "column option of MySQL",
                &["type", "unsigned", "on_update", "collate"],
                &[(&["engine", "charset"], "the struct")],
            ),
        }
    }
}

/// Reads `sqlite`, `postgres`, `mysql` or `mongodb` on a struct.
pub(super) fn table_native(cx: &Context, entry: &Entry, native: &mut TableNative) {
    const A_FIELD: &str = "a field";
    let database = entry.name.to_string();
    let Some(tokens) = entry.list(cx, &format!("{database}(…)")) else {
        return;
    };
    for inner in parse_list(cx, tokens) {
        let name = &inner.name;
        match (database.as_str(), name.to_string().as_str()) {
            ("sqlite", "strict") => put(cx, &mut native.sqlite_strict, name, inner.word(cx)),
            ("sqlite", "without_rowid") => put(cx, &mut native.sqlite_without_rowid, name, inner.word(cx)),
            ("sqlite", _) => {
                unknown(cx, name, "table option of SQLite", &["strict", "without_rowid"], &[(&["type"], A_FIELD)]);
            }
            ("postgres", "unlogged") => put(cx, &mut native.postgres_unlogged, name, inner.word(cx)),
            ("postgres", "fillfactor") => {
                put(cx, &mut native.postgres_fillfactor, name, inner.number(cx, 10, 100, "fillfactor = 80"));
            }
            ("postgres", "collate") => put(cx, &mut native.postgres_collate, name, inner.string(cx, "collate = \"C\"")),
            ("postgres", "schema") => put(cx, &mut native.postgres_schema, name, inner.string(cx, "schema = \"auth\"")),
            ("postgres", _) => unknown(
                cx,
                name,
                "table option of PostgreSQL",
                &["schema", "collate", "unlogged", "fillfactor"],
                &[(&["type"], A_FIELD)],
            ),
            ("mysql", "engine") => put(cx, &mut native.mysql_engine, name, word(cx, &inner, "InnoDB")),
            ("mysql", "charset") => put(cx, &mut native.mysql_charset, name, word(cx, &inner, "utf8mb4")),
            ("mysql", "collate") => put(cx, &mut native.mysql_collate, name, word(cx, &inner, "utf8mb4_bin")),
            ("mysql", _) => unknown(
                cx,
                name,
                "table option of MySQL",
                &["engine", "charset", "collate"],
                &[(&["type", "unsigned", "on_update"], A_FIELD)],
            ),
            ("mongodb", "capped") => put(cx, &mut native.mongodb_capped, name, capped(cx, &inner)),
            _ => unknown(cx, name, "table option of MongoDB", &["capped"], &[]),
        }
    }
}

fn capped(cx: &Context, entry: &Entry) -> Option<(u64, Option<u64>)> {
    let tokens = entry.list(cx, "capped(size = 10485760, max = 10000)")?;
    let (mut size, mut max): (Slot<u64>, Slot<u64>) = (None, None);
    let mut given = false;
    for inner in parse_list(cx, tokens) {
        given |= inner.name == "size";
        match inner.name.to_string().as_str() {
            "size" => put(cx, &mut size, &inner.name, inner.number(cx, 1, u64::MAX, "size = 10485760")),
            "max" => put(cx, &mut max, &inner.name, inner.number(cx, 1, u64::MAX, "max = 10000")),
            _ => unknown(cx, &inner.name, "part of `capped`", &["size", "max"], &[]),
        }
    }
    if !given {
        cx.error(entry.name.span(), "a capped collection needs its size in bytes: `capped(size = 10485760)`");
    }
    Some((size?.value, max.map(|max| max.value)))
}

/// A name that stands in SQL without quotes.
fn word(cx: &Context, entry: &Entry, example: &str) -> Option<LitStr> {
    let text = entry.string(cx, &format!("{} = \"{example}\"", entry.name))?;
    if text.value().chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Some(text);
    }
    cx.error_at(&text, format!("`{}` is one word, such as \"{example}\"", entry.name));
    None
}

fn native_type(cx: &Context, entry: &Entry) -> Option<LitStr> {
    let text = entry.string(cx, "type = \"VARCHAR(40)\"")?;
    match check_type(&text.value()) {
        Ok(()) => Some(text),
        Err(reason) => {
            cx.error_at(&text, reason);
            None
        }
    }
}

/// Words that begin another clause of a column definition.
const CLAUSES: &[&str] = &[
    "not",
    "null",
    "default",
    "primary",
    "references",
    "unique",
    "check",
    "collate",
    "constraint",
    "generated",
    "as",
    "comment",
];

/// One type expression: words, names in double quotes, `(n[,n])`, `[]`. Nothing that could end it and begin something else.
fn check_type(text: &str) -> Result<(), String> {
    const FORM: &str = "a native type is one type expression, such as `VARCHAR(40)`, `double precision` or `text[]`";
    // A quoted name is a word like any other: two double quotes inside it stand for one.
    let mut words = String::new();
    for (at, part) in text.split('"').enumerate() {
        match at % 2 {
            0 => words.push_str(part),
            _ if part.is_empty() && !words.ends_with('q') => return Err(FORM.to_owned()),
            _ if part.contains(char::is_control) => return Err(FORM.to_owned()),
            _ => words.push('q'),
        }
    }
    if text.matches('"').count() % 2 == 1 {
        return Err(FORM.to_owned());
    }
    let text = words.as_str();
    let mut depth = 0_u32;
    for (i, c) in text.char_indices() {
        match c {
            'a'..='z' | 'A'..='Z' | '_' => {}
            '0'..='9' | ' ' | '.' if i > 0 => {}
            '(' if depth == 0 && i > 0 => depth = 1,
            ')' if depth == 1 => depth = 0,
            ',' | '-' if depth == 1 => {}
            '[' if depth == 0 && i > 0 => depth = 2,
            ']' if depth == 2 => depth = 0,
            _ => {
                return Err(format!("{FORM}: `{}` cannot stand here", if c.is_control() { ' ' } else { c }));
            }
        }
    }
    if depth != 0 || text.contains("--") || text.contains("()") {
        return Err(FORM.to_owned());
    }
    let clause = text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .find(|word| CLAUSES.contains(&word.to_ascii_lowercase().as_str()));
    match clause {
        Some(word) => Err(format!("{FORM}: `{word}` is not a part of it")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::check_type;

    #[test]
    fn types_of_every_database_pass() {
        for text in [
            "INET",
            "VARCHAR(40)",
            "double precision",
            "numeric(10, 2)",
            "timestamp(3) with time zone",
            "text[]",
            "geography(Point,4326)",
            "int[3]",
            "character varying(20)[]",
            "public.citext",
            "numeric(3,-2)",
            "\"char\"",
            "\"Mood of \"\"the\"\" day; x\"",
            "app.\"Mood\"[]",
        ] {
            assert_eq!(check_type(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn what_could_end_the_type_does_not() {
        for text in [
            "TEXT; DROP TABLE x",
            "TEXT --",
            "TEXT /* */",
            "TEXT, y INT",
            "TEXT)",
            "TEXT(",
            "enum('a')",
            "\"t",
            "\"\"",
            "\"a\"b\"",
            "\"t\"; DROP TABLE x",
            "TEXT NOT NULL",
            "INT DEFAULT 0",
            "TEXT\nX",
            "(3)",
            "a(1(2))",
            "TEXT()",
            "INT[",
            "x(--1)",
            "TEXT COLLATE c",
        ] {
            assert!(check_type(text).is_err(), "{text}");
        }
    }
}
