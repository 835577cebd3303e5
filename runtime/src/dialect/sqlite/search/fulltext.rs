//! Full-text: an FTS5 table over the contents of the table itself.

use super::follow::{Entries, Follow, Store};
use super::guards::Guards;
use super::rows::Rows;
use crate::catalog::{Index, IndexOn, IndexTables, Table};
use crate::dialect::sqlite::normalise::{quote, quote_text};
use crate::dialect::sqlite::render;

/// Column names that FTS5 keeps for itself.
const RESERVED: [&str; 2] = ["rank", "rowid"];

/// What FTS5 appends to the name of a table for those in which it keeps it.
pub(crate) const SHADOWS: [&str; 5] = ["data", "idx", "content", "docsize", "config"];

/// The FTS5 table of an index.
pub(crate) struct Fts5<'a> {
    pub(crate) name: &'a str,
    pub(crate) columns: &'a [String],
}

impl Store for Fts5<'_> {
    fn remove(&self, entries: &Entries) -> String {
        let name = quote(self.name);
        let (columns, values, tail) = (render::list(self.columns), entries.values.join(", "), entries.tail(None));
        format!("INSERT INTO {name} ({name}, rowid, {columns}) SELECT 'delete', {}, {values}{tail}", entries.rowid)
    }

    fn add(&self, entries: &Entries) -> String {
        let (columns, values, tail) = (render::list(self.columns), entries.values.join(", "), entries.tail(None));
        format!("INSERT INTO {} (rowid, {columns}) SELECT {}, {values}{tail}", quote(self.name), entries.rowid)
    }

    fn needs_values(&self) -> bool {
        true
    }
}

/// The tables of a full-text index.
///
/// # Errors
/// What FTS5 does not take.
pub(crate) fn tables(table: &Table, index: &Index, rows: &Rows, unique: &[Index]) -> Result<IndexTables, String> {
    let column = |part: &crate::catalog::IndexPart| match &part.on {
        IndexOn::Column(name) => Ok(name.clone()),
        IndexOn::Expression(sql) => Err(format!("FTS5 is over columns, not over expressions: {sql}")),
    };
    let columns: Vec<String> = index.parts.iter().map(column).collect::<Result<_, _>>()?;
    if let Some(name) = columns.iter().find(|name| RESERVED.iter().any(|word| name.eq_ignore_ascii_case(word))) {
        return Err(format!("FTS5 takes no column of the name \"{name}\": give it another"));
    }
    let mut create = rows.create(table, &columns);
    create.push(definition(index, rows, &columns));
    create.extend(rank(index).map(|rank| set_rank(&index.name, &rank)));
    let guards = Guards::of(table, rows, unique);
    let store = Fts5 { name: &index.name, columns: &columns };
    create.extend(Follow { table, index: &index.name, columns: &columns, rows, guards, store: &store }.create());
    let keys = if rows.numbers.is_some() { rows.keys.clone() } else { Vec::new() };
    Ok(IndexTables { source: rows.source.clone(), keys, rowid: rows.rowid.clone(), columns, create })
}

fn definition(index: &Index, rows: &Rows, columns: &[String]) -> String {
    let tokenizer = index.method.as_deref().unwrap_or(DEFAULT_TOKENIZER);
    format!(
        "CREATE VIRTUAL TABLE {} USING fts5({}, content={}, content_rowid={}, tokenize={})",
        quote(&index.name),
        render::list(columns),
        quote(&rows.source),
        quote(&rows.rowid),
        quote(tokenizer)
    )
}

/// What splits texts into words where the model names no language.
pub(crate) const DEFAULT_TOKENIZER: &str = "unicode61";

/// How rows are ranked, where not all columns weigh the same.
fn rank(index: &Index) -> Option<String> {
    let weights: Vec<&str> = index.parts.iter().map(|part| part.extra.as_deref().unwrap_or("1")).collect();
    weights.iter().any(|weight| *weight != "1").then(|| format!("bm25({})", weights.join(", ")))
}

/// The statement that sets how rows are ranked. Where it is another one, it is found in the table's own settings.
pub(crate) fn set_rank(name: &str, rank: &str) -> String {
    let name = quote(name);
    format!("INSERT INTO {name} ({name}, rank) VALUES ('rank', {})", quote_text(rank))
}

/// The weight of each column, as a rank says it.
pub(crate) fn weights(rank: Option<&str>) -> Vec<Option<String>> {
    let list = rank.and_then(|rank| rank.strip_prefix("bm25(")).and_then(|rest| rest.strip_suffix(')'));
    let weight = |text: &str| Some(text.trim().to_owned()).filter(|weight| weight != "1");
    list.map(|list| list.split(',').map(weight).collect()).unwrap_or_default()
}

/// The languages that FTS5 knows, by their tokenizers; the default one has none.
const TOKENIZERS: [(&str, &str); 2] = [("english", "porter unicode61"), ("trigram", "trigram")];

/// The tokenizer for a language where it is not the default one, and what is missing for it.
pub(crate) fn tokenizer(language: &str) -> (Option<&'static str>, Option<String>) {
    let known = TOKENIZERS.iter().find(|(name, _)| language.eq_ignore_ascii_case(name));
    let missing = known.is_none() && !language.eq_ignore_ascii_case(SIMPLE);
    let note =
        format!("SQLite has no stems of words in the language \"{language}\": they are found as they are written");
    (known.map(|(_, tokenizer)| *tokenizer), missing.then_some(note))
}

/// The language for a tokenizer that is not the default one.
pub(crate) fn language(tokenizer: &str) -> Option<&'static str> {
    TOKENIZERS.iter().find(|(_, known)| *known == tokenizer).map(|(name, _)| *name)
}

/// Words as they are written.
const SIMPLE: &str = "simple";
