use super::*;
use crate::catalog::Column;

fn reads(columns: &[&str], sql: &str) -> Reads {
    let column = |name: &&str| Column { name: (*name).to_owned(), ..Column::default() };
    let table = Table { columns: columns.iter().map(column).collect(), ..Table::default() };
    read(&Postgres::new(170_000, "public"), Some(&table), sql)
}

#[test]
fn a_column_is_read_only_where_its_name_is_one() {
    for (columns, sql, read) in [
        (&["text", "name"][..], "lower((name)::text)", &["name"][..]),
        (&["kind", "text"], "(kind = 'x'::text)", &["kind"]),
        (&["lower", "name"], "lower(name)", &["name"]),
        (&["date", "at"], "(at > date '2020-01-01')", &["at"]),
        (&["point", "p"], "(p)::point IS NOT NULL", &["p"]),
        (&["year", "born"], "EXTRACT(year FROM born) > 1900", &["born"]),
        (&["year", "born"], "EXTRACT(year FROM born) > year", &["born", "year"]),
        (&["zone", "at"], "(at AT TIME ZONE 'UTC'::text)", &["at"]),
        (&["precision", "a"], "(a)::double precision", &["a"]),
        (&["varying", "a"], "(a)::character varying(40)", &["a"]),
        (&["app", "a"], "app.f(a)", &["a"]),
        (&["time"], "time > 5", &["time"]),
        (&["end", "a"], "CASE WHEN (a > 0) THEN 1 END", &["a"]),
        (&["end"], "(\"end\" > 0)", &["end"]),
        (&["city", "addr"], "((addr).city IS NOT NULL)", &["addr"]),
        (&["c", "a"], "(a COLLATE c)", &["a"]),
        (&["sad", "m"], "(m = 'sad'::mood)", &["m"]),
        (&["mood", "m"], "CAST(m AS mood) IS NULL", &["m"]),
        (&["e", "a"], "(a = E'it\\\\s')", &["a"]),
    ] {
        assert_eq!(reads(columns, sql).columns, read, "{sql}");
    }
}

#[test]
fn types_are_named_where_the_grammar_has_them() {
    let types = |sql: &str| -> Vec<String> { reads(&[], sql).types.iter().map(ToString::to_string).collect() };
    assert_eq!(types("(m = ANY ('{sad}'::mood[]))"), ["mood"]);
    assert_eq!(types("CAST(m AS app.\"Mood\")"), ["app.Mood"]);
    assert_eq!(types("(mood = 'x'::text)"), Vec::<String>::new());
    assert_eq!(types("mood 'sad'"), ["mood"]);
    assert_eq!(types("(a)::timestamp(3) without time zone"), Vec::<String>::new());
}

#[test]
fn strings_are_literals_whatever_quotes_them() {
    let literals = |sql: &str| reads(&[], sql).literals;
    assert_eq!(literals("'it''s'::mood"), ["it's"]);
    assert_eq!(literals("$$a(b$$"), ["a(b"]);
    assert_eq!(literals("$q$it's$q$ || E'a\\\\b'"), ["a\\b", "it's"]);
    assert_eq!(literals("(sad > 0)"), Vec::<String>::new());
}

#[test]
fn what_may_differ_by_row_is_volatile() {
    for (sql, volatile) in [
        ("'a(b'::text", false),
        ("now()", false),
        ("md5(now()::text)", false),
        ("md5(random()::text || now()::text)", true),
        ("app.whatever()", true),
        ("(5)::numeric(10,2)", false),
        ("'x'::character varying(3)", false),
    ] {
        assert_eq!(reads(&[], sql).volatile, volatile, "{sql}");
    }
}

#[test]
fn a_query_reads_its_sources() {
    let dialect = Postgres::new(170_000, "public");
    let relations =
        read(&dialect, None, "SELECT users FROM public.t, app.u x WHERE x.a IN (SELECT 1 FROM \"V\")").relations;
    let names: Vec<String> = relations.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["V", "t", "app.u"]);
}
