//! What expressions, queries and triggers read: SQLite keeps texts, and their tokens tell.

use super::fold;
use super::normalise::{Role, ends_operand, role};
use super::parse::{Kind, Token, tokenize};
use crate::catalog::{Catalog, Expression, Name, Reads, Table};
use crate::dialect::sql::sources::{Piece, Source, sources};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What the expression over the columns of that table reads; without a table: the query of a view, with its sources as they are
/// written.
pub(crate) fn read(table: Option<&Table>, sql: &str) -> Reads {
    let tokens = tokenize(sql);
    let columns = table.map(|table| table.columns.iter().map(|column| column.name.as_str())).into_iter().flatten();
    let columns = by_key(columns);
    let mut reads = common(&tokens);
    match table {
        Some(_) => {
            reads.columns = named(&tokens, 0).filter_map(|at| columns.get(&*key(&tokens[at])).cloned()).collect();
        }
        None => {
            let found = sources(&pieces(&tokens));
            reads.relations = found.into_iter().map(|source| Name::new(source.name)).collect();
        }
    }
    let strings =
        named(&tokens, 0).filter(|&at| tokens[at].kind == Kind::Double && !columns.contains_key(&*key(&tokens[at])));
    reads.literals.extend(strings.map(|at| tokens[at].unquoted().into_owned()));
    sorted(reads)
}

/// Fills in what the queries of views, triggers and virtual tables of a catalog read.
pub(crate) fn link(catalog: &mut Catalog) {
    let is_there = !catalog.views.is_empty()
        || catalog.tables.values().any(|table| !table.triggers.is_empty() || table.reads.is_some());
    if !is_there {
        return;
    }
    let relations = Relations::of(catalog);
    for view in catalog.views.values_mut() {
        *view.sql.reads = relations.query(&view.name, &view.sql);
        for trigger in &mut view.triggers {
            *trigger.sql.reads = relations.trigger(&view.name, &trigger.sql);
        }
    }
    for table in catalog.tables.values_mut() {
        for trigger in &mut table.triggers {
            *trigger.sql.reads = relations.trigger(&table.name, &trigger.sql);
        }
        if let Some(Expression { text, reads }) = &mut table.reads {
            **reads = relations.virtual_table(text);
        }
    }
}

/// Tables and views with their columns, by folded names.
struct Relations {
    all: BTreeMap<String, Relation>,
}

struct Relation {
    name: Name,
    columns: BTreeMap<String, String>,
}

impl Relations {
    fn of(catalog: &Catalog) -> Self {
        let tables = catalog.tables.values().map(|table| {
            let columns = by_key(table.columns.iter().map(|column| column.name.as_str()));
            (fold(&table.name.name).into_owned(), Relation { name: table.name.clone(), columns })
        });
        let views = catalog.views.values().map(|view| {
            let columns = by_key(view.columns.iter().map(String::as_str));
            (fold(&view.name.name).into_owned(), Relation { name: view.name.clone(), columns })
        });
        Self { all: tables.chain(views).collect() }
    }

    fn get(&self, name: &str) -> Option<&Relation> {
        self.all.get(&*fold(name))
    }

    /// The name of a source as it is declared, or as it is written where nothing has it.
    fn name_of(&self, source: &Source) -> Name {
        self.get(&source.name).map_or_else(|| Name::new(&source.name), |relation| relation.name.clone())
    }

    /// Whether anything has the name.
    fn knows(&self, name: &str) -> bool {
        let folded = fold(name);
        self.all.contains_key(&*folded) || self.all.values().any(|relation| relation.columns.contains_key(&*folded))
    }

    fn query(&self, own: &Name, sql: &str) -> Reads {
        let tokens = tokenize(sql);
        let found = sources(&pieces(&tokens));
        let mut reads = common(&tokens);
        // `CREATE VIEW v (a, b) AS …`
        let whole = tokens.first().is_some_and(|token| token.is("CREATE"));
        let start = if whole { tokens.iter().position(|token| token.is("AS")).map_or(0, |at| at + 1) } else { 0 };
        let unread = self.columns(&tokens, start, &found, &mut reads);
        reads.relations.retain(|name| name != own);
        let complete = !tokens.iter().any(|token| token.is("WITH"))
            && found.iter().all(|source| self.get(&source.name).is_some_and(|relation| !relation.columns.is_empty()));
        for at in unread {
            let name = tokens[at].unquoted();
            let qualified = at.checked_sub(1).is_some_and(|before| tokens[before].is_operator("."));
            if is_other_name(&tokens, &found, &name) {
                continue;
            }
            if tokens[at].kind == Kind::Double && !qualified && (complete || !self.knows(&name)) {
                reads.texts.push(name.clone().into_owned());
            }
            reads.unknown.push(name.into_owned());
        }
        sorted(reads)
    }

    fn trigger(&self, owner: &Name, sql: &str) -> Reads {
        let tokens = tokenize(sql);
        let mut reads = common(&tokens);
        // Before these stands what it is called, and on what it is.
        let begins = ["BEGIN", "OF", "WHEN"];
        let start = tokens.iter().position(|token| begins.iter().any(|word| token.is(word))).unwrap_or(0);
        if let Some(owner) = self.get(&owner.name) {
            reads.columns =
                named(&tokens, start).filter_map(|at| owner.columns.get(&*key(&tokens[at])).cloned()).collect();
        }
        let found = sources(&pieces(&tokens));
        self.columns(&tokens, start, &found, &mut reads);
        sorted(reads)
    }

    fn virtual_table(&self, sql: &str) -> Reads {
        let tokens = tokenize(sql);
        let mut reads = common(&tokens);
        let content =
            tokens.windows(3).filter(|three| three[0].is("CONTENT") && three[1].is_operator("=") && three[2].is_name());
        let content = content.map(|three| three[2].unquoted().into_owned());
        let found = sources(&pieces(&tokens)).into_iter().map(|source| source.name).chain(content);
        for relation in found.filter_map(|name| self.get(&name)) {
            let columns =
                tokens.iter().filter(|token| token.is_name()).filter_map(|token| relation.columns.get(&*key(token)));
            reads.relation_columns.extend(columns.map(|column| (relation.name.clone(), column.clone())));
            reads.relations.push(relation.name.clone());
        }
        sorted(reads)
    }

    /// Adds the sources and their columns that are named; the places of those names that none of them has.
    fn columns(&self, tokens: &[Token<'_>], start: usize, found: &[Source], reads: &mut Reads) -> Vec<usize> {
        reads.relations = found.iter().map(|source| self.name_of(source)).collect();
        let is_source = |at: &usize| found.iter().any(|source| source.at.contains(at));
        let mut unread = Vec::new();
        for at in named(tokens, start).filter(|at| !is_source(at)) {
            let before = |back: usize| at.checked_sub(back).map(|at| &tokens[at]);
            if before(1).is_some_and(|word| word.is("AS")) {
                continue;
            }
            let dot = before(1).is_some_and(|dot| dot.is_operator("."));
            let qualifier = before(2).filter(|of| dot && of.is_name()).map(Token::unquoted);
            let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
            let called =
                |source: &&Source| qualifier.as_ref().is_none_or(|qualifier| source.is_called(qualifier, same));
            let of_them = found.iter().any(|source| called(&source));
            let column = key(&tokens[at]);
            let before = reads.relation_columns.len();
            for source in found.iter().filter(|source| !of_them || called(source)) {
                let Some(relation) = self.get(&source.name) else { continue };
                if let Some(column) = relation.columns.get(&*column) {
                    reads.relation_columns.push((relation.name.clone(), column.clone()));
                }
            }
            if reads.relation_columns.len() == before {
                unread.push(at);
            }
        }
        unread
    }
}

/// Whether the query gives that name itself, or it is one that rows have anyway.
fn is_other_name(tokens: &[Token<'_>], found: &[Source], name: &str) -> bool {
    let mut pairs = tokens.windows(2);
    pairs.any(|pair| pair[0].is("AS") && pair[1].is_name() && pair[1].unquoted().eq_ignore_ascii_case(name))
        || found.iter().any(|source| {
            source.name.eq_ignore_ascii_case(name)
                || source.alias.as_ref().is_some_and(|alias| alias.eq_ignore_ascii_case(name))
        })
        || ["rowid", "oid", "_rowid_"].iter().any(|rowid| name.eq_ignore_ascii_case(rowid))
}

/// What tokens tell of any text.
fn common(tokens: &[Token<'_>]) -> Reads {
    let calls = |at: &usize| tokens[*at].is_name() && role(tokens, *at) == Role::Function;
    let functions: Vec<String> = (0..tokens.len()).filter(calls).map(|at| key(&tokens[at])).collect();
    Reads {
        volatile: functions.iter().any(|name| !NOT_VOLATILE.contains(&name.as_str())),
        functions,
        literals: tokens
            .iter()
            .filter(|token| token.kind == Kind::Text)
            .map(|token| token.unquoted().into_owned())
            .collect(),
        all_columns: takes_all(tokens),
        ..Reads::default()
    }
}

/// Whether the text selects `*`.
fn takes_all(tokens: &[Token<'_>]) -> bool {
    tokens.windows(2).any(|pair| {
        let selects = ["SELECT", "DISTINCT", "ALL"].iter().any(|word| pair[0].is(word));
        pair[1].is_operator("*") && (selects || pair[0].is_operator(".") || pair[0].is_operator(","))
    })
}

/// The places of the tokens from `start` on that can be columns.
fn named<'t>(tokens: &'t [Token<'t>], start: usize) -> impl Iterator<Item = usize> + 't {
    (start..tokens.len()).filter(move |&at| {
        let token = &tokens[at];
        let qualifies = tokens.get(at + 1).is_some_and(|next| next.is_operator("."));
        matches!(token.kind, Kind::Word | Kind::Double | Kind::Quoted)
            && !qualifies
            && role(tokens, at) == Role::Name
            && !is_keyword_here(tokens, at)
            && !at.checked_sub(1).is_some_and(|before| tokens[before].is("COLLATE"))
    })
}

/// Whether a word that could be a name is a keyword at its place: `LEFT JOIN`, `GROUP BY`, `x DESC`.
fn is_keyword_here(tokens: &[Token<'_>], at: usize) -> bool {
    const JOINS: [&str; 8] = ["LEFT", "RIGHT", "FULL", "INNER", "OUTER", "CROSS", "NATURAL", "JOIN"];
    let is = |at: Option<usize>, words: &[&str]| {
        at.and_then(|at| tokens.get(at)).is_some_and(|token| words.iter().any(|word| token.is(word)))
    };
    let (own, before, next) = (Some(at), at.checked_sub(1), Some(at + 1));
    let after_operand = before.is_some_and(|before| ends_operand(&tokens[before]));
    is(own, &JOINS) && is(next, &JOINS)
        || is(own, &["BY"]) && is(before, &["GROUP", "ORDER", "PARTITION"])
        || is(own, &["ASC", "DESC", "OFFSET", "NULLS"]) && after_operand
        || is(own, &["FIRST", "LAST"]) && is(before, &["NULLS"])
        || is(own, &["EACH"]) && is(before, &["FOR"])
        || is(own, &["FOR"]) && is(next, &["EACH"])
        || is(own, &["ROW"]) && is(before, &["EACH"])
        || is(own, &["ABORT", "FAIL", "IGNORE", "REPLACE", "ROLLBACK"]) && is(before, &["OR"])
        || is(own, &["BEGIN"]) && (after_operand || is(before, &["ROW"]))
        || is(own, &["TRUE", "FALSE"])
}

fn by_key<'n>(names: impl Iterator<Item = &'n str>) -> BTreeMap<String, String> {
    names.map(|name| (fold(name).into_owned(), name.to_owned())).collect()
}

fn key(token: &Token<'_>) -> String {
    fold(&token.unquoted()).into_owned()
}

fn sorted(mut reads: Reads) -> Reads {
    fn once<T: Ord>(list: &mut Vec<T>) {
        list.sort();
        list.dedup();
    }
    once(&mut reads.columns);
    once(&mut reads.relations);
    once(&mut reads.relation_columns);
    once(&mut reads.literals);
    once(&mut reads.functions);
    once(&mut reads.unknown);
    once(&mut reads.texts);
    reads
}

fn pieces<'a>(tokens: &[Token<'a>]) -> Vec<Piece<'a>> {
    let piece = |token: &Token<'a>| match (token.kind, token.text) {
        (Kind::Word, text) => Piece::Word(Cow::Borrowed(text)),
        (Kind::Double | Kind::Quoted | Kind::Text, _) => Piece::Name(Cow::Owned(token.unquoted().into_owned())),
        (Kind::Operator, "(") => Piece::Open,
        (Kind::Operator, ")") => Piece::Close,
        (Kind::Operator, ",") => Piece::Comma,
        (Kind::Operator, ".") => Piece::Dot,
        (Kind::Operator, ";") => Piece::End,
        _ => Piece::Other,
    };
    tokens.iter().map(piece).collect()
}

/// Functions that give all rows of a statement the same for the same.
const NOT_VOLATILE: [&str; 44] = [
    "abs",
    "cast",
    "char",
    "coalesce",
    "concat",
    "concat_ws",
    "date",
    "datetime",
    "format",
    "glob",
    "hex",
    "ifnull",
    "iif",
    "instr",
    "json",
    "json_array",
    "json_extract",
    "json_object",
    "json_quote",
    "json_type",
    "json_valid",
    "julianday",
    "length",
    "like",
    "likely",
    "lower",
    "ltrim",
    "max",
    "min",
    "nullif",
    "octet_length",
    "printf",
    "quote",
    "replace",
    "round",
    "rtrim",
    "sign",
    "strftime",
    "substr",
    "substring",
    "time",
    "trim",
    "unixepoch",
    "upper",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Column, View};

    fn table(name: &str, columns: &[&str]) -> Table {
        let column = |name: &&str| Column { name: (*name).to_owned(), ..Column::default() };
        Table { name: Name::new(name), columns: columns.iter().map(column).collect(), ..Table::default() }
    }

    #[test]
    fn a_column_is_read_only_where_its_name_is_one() {
        for (columns, sql, read) in [
            (&["text", "name"][..], "lower(cast(name as text))", &["name"][..]),
            (&["lower", "Name"], "lower(name)", &["Name"]),
            (&["kind", "x"], "kind = 'x'", &["kind"]),
            (&["date", "a"], "date(a) > 0", &["a"]),
            (&["nocase", "a"], "a collate nocase = 'b'", &["a"]),
            (&["end", "a"], "case when a then 1 end", &["a"]),
            (&["end", "a"], "case when a then \"end\" end", &["a", "end"]),
            (&["like", "a"], "a like 'b'", &["a"]),
            (&["t", "a"], "t.a > 0", &["a"]),
        ] {
            assert_eq!(read_columns(columns, sql), read, "{sql}");
        }
        assert_eq!(read(Some(&table("t", &["a"])), "a = \"open\" or a = 'x'").literals, ["open", "x"]);
    }

    fn read_columns(columns: &[&str], sql: &str) -> Vec<String> {
        read(Some(&table("t", columns)), sql).columns
    }

    fn linked(sql: &str) -> Reads {
        let mut catalog = Catalog::default();
        for table in [table("t", &["id", "a", "users", "left"]), table("users", &["id", "Name"]), table("u", &["b"])] {
            catalog.tables.insert(table.name.clone(), table);
        }
        let view = View { name: Name::new("v"), sql: sql.into(), columns: vec!["a".to_owned()], ..View::default() };
        catalog.views.insert(view.name.clone(), view);
        link(&mut catalog);
        catalog.views.pop_first().map(|(_, view)| *view.sql.reads).unwrap_or_default()
    }

    #[test]
    fn m4_a_text_uses_the_tables_that_stand_where_tables_stand() {
        let tables = ["t", "u", "a", "b"].map(|name| (Name::new(name), table(name, &["x"])));
        let relations = Relations::of(&Catalog { tables: tables.into(), ..Catalog::default() });
        let uses = |sql: &str| {
            let reads = match sql.get(..11) {
                Some("CREATE TRIG") => relations.trigger(&Name::new("u"), sql),
                Some("CREATE VIRT") => relations.virtual_table(sql),
                _ => relations.query(&Name::new("v"), sql),
            };
            reads.relations.contains(&Name::new("t"))
        };
        for sql in [
            "SELECT 1 FROM t",
            "SELECT 1 FROM a, t",
            "SELECT 1 FROM a JOIN b ON a.x = f(b.x, 1), T",
            "SELECT 1 FROM (a JOIN \"t\" USING (x, y))",
            "SELECT 1 FROM (SELECT 2 FROM main.t) AS q",
            "WITH q AS (SELECT 1 FROM a) SELECT 1 FROM q LEFT JOIN [t] ON q.x",
            "CREATE TRIGGER x AFTER UPDATE OF t ON u BEGIN INSERT OR REPLACE INTO t VALUES (1); END",
            "CREATE TRIGGER x AFTER DELETE ON u BEGIN UPDATE OR IGNORE t SET a = 1; END",
            "CREATE TRIGGER x AFTER DELETE ON u BEGIN UPDATE u SET a = 1 FROM t WHERE t.a = u.a; END",
            "CREATE TRIGGER x AFTER DELETE ON u WHEN old.a NOT IN t BEGIN SELECT 1; END",
            "CREATE VIRTUAL TABLE f USING fts5(a, content='t')",
        ] {
            assert!(uses(sql), "{sql}");
        }
        for sql in [
            "SELECT t FROM a",
            "SELECT a.t, t AS x FROM a ORDER BY a, t",
            "SELECT 1 FROM a JOIN b ON a.x IN (a.y, t) WHERE f(1, t) GROUP BY x, t",
            "SELECT 1 FROM a JOIN b USING (x, t)",
            "SELECT 1 FROM a AS q WHERE q.x IS NOT DISTINCT FROM t",
            "CREATE TRIGGER t AFTER UPDATE OF t ON u BEGIN UPDATE u SET t = 't', x = t WHERE t = new.t; END",
            "INSERT INTO a (x, t) VALUES (1, t)",
        ] {
            assert!(!uses(sql), "{sql}");
        }
    }

    #[test]
    fn a_query_reads_sources_and_their_columns_and_nothing_else() {
        let names = |reads: &Reads| -> Vec<String> { reads.relations.iter().map(ToString::to_string).collect() };
        let columns = |reads: &Reads| -> Vec<String> {
            reads.relation_columns.iter().map(|(name, column)| format!("{name}.{column}")).collect()
        };
        let reads =
            linked("SELECT users, x.name AS a FROM t LEFT JOIN 'users' AS x ON x.ID = t.id ORDER BY x.name DESC");
        assert_eq!(names(&reads), ["t", "users"]);
        assert_eq!(columns(&reads), ["t.id", "t.users", "users.Name", "users.id"]);
        assert!(reads.unknown.is_empty() && !reads.all_columns);
        // A column that only looks like a table.
        let reads = linked("SELECT users FROM t");
        assert_eq!(names(&reads), ["t"]);
        // No column of what it reads has the name: a text, whatever else has it.
        let reads = linked("SELECT \"b\" AS x, \"a\", c FROM t");
        assert_eq!((reads.texts, reads.unknown), (vec!["b".to_owned()], vec!["b".to_owned(), "c".to_owned()]));
        assert!(linked("SELECT * FROM t").all_columns);
        // What a common table expression has is not known here.
        assert!(linked("WITH c AS (SELECT b AS z FROM u) SELECT \"b\", \"z\" FROM c").texts.is_empty());
    }
}
