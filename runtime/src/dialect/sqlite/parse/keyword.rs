//! The words of SQLite's grammar.

use std::borrow::Cow;

/// Whether SQLite takes the word for nothing but a keyword, so that as a name it needs quotes.
pub(crate) fn is_reserved(word: &str) -> bool {
    #[rustfmt::skip]
    const RESERVED: [&str; 63] = [
        "add", "all", "alter", "and", "as", "autoincrement", "between", "case", "check", "collate", "commit",
        "constraint", "create", "current_date", "current_time", "current_timestamp", "default", "deferrable",
        "delete", "distinct", "drop", "else", "escape", "exists", "foreign", "from", "group", "having", "in",
        "index", "insert", "intersect", "into", "is", "isnull", "join", "limit", "not", "nothing", "notnull",
        "null", "on", "or", "order", "primary", "references", "returning", "select", "set", "table", "then", "to",
        "transaction", "true", "false", "union", "unique", "update", "using", "values", "when", "where", "except",
    ];
    let word: Cow<'_, str> = if word.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(word.to_ascii_lowercase())
    } else {
        Cow::Borrowed(word)
    };
    RESERVED.contains(&word.as_ref())
}

/// Whether the word has a meaning in SQLite's grammar, so that as a name it is safer with quotes.
pub(crate) fn is_keyword(word: &str) -> bool {
    #[rustfmt::skip]
    const OTHERS: [&str; 85] = [
        "abort", "action", "after", "always", "analyze", "asc", "attach", "before", "begin", "by", "cascade",
        "cast", "column", "conflict", "cross", "current", "database", "deferred", "desc", "detach", "do", "each",
        "end", "exclude", "exclusive", "explain", "fail", "filter", "first", "following", "for", "full",
        "generated", "glob", "groups", "if", "ignore", "immediate", "indexed", "initially", "inner", "instead",
        "key", "last", "left", "like", "match", "materialized", "natural", "no", "nulls", "of", "offset", "others",
        "outer", "over", "partition", "plan", "pragma", "preceding", "query", "raise", "range", "recursive",
        "regexp", "reindex", "release", "rename", "replace", "restrict", "right", "rollback", "row", "rows",
        "savepoint", "temp", "temporary", "ties", "trigger", "unbounded", "vacuum", "view", "virtual", "window",
        "with",
    ];
    is_reserved(word)
        || OTHERS.iter().any(|other| word.eq_ignore_ascii_case(other))
        || word.eq_ignore_ascii_case("without")
}
