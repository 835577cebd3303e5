//! `pg_dump --schema-only` as a witness: what the server's own tool makes of two databases must be the same to the letter, but for what
//! is no difference by rule.
//!
//! [`COMMAND`] holds the command line, words between blanks, that dumps the database whose name is put at its end.

use crate::Postgres;
use crate::postgres::{in_ci, is_bare};
use crate::random::{ELSEWHERE, quote};
use std::process::Command;
use std::sync::OnceLock;

/// The variable that holds the command line.
pub const COMMAND: &str = "SCHEMASYNC_TEST_PG_DUMP";

/// Whether there is a `pg_dump` for the server. In CI it must be there.
pub fn is_there() -> bool {
    static TOLD: OnceLock<bool> = OnceLock::new();
    *TOLD.get_or_init(|| {
        let there = std::env::var(COMMAND).is_ok_and(|words| !words.trim().is_empty());
        assert!(there || !in_ci() || is_bare(), "{COMMAND} is not set: CI does not skip what pg_dump says");
        if !there {
            println!("NOT TESTED: what pg_dump says, because {COMMAND} is not set (see docs/testing.md)");
        }
        there
    })
}

/// The schema of the database in the words of `pg_dump`, normalised.
///
/// # Panics
/// Where `pg_dump` cannot be run, or fails.
pub fn of(db: &Postgres) -> String {
    let words = std::env::var(COMMAND).unwrap_or_default();
    let mut words = words.split_whitespace();
    let mut command = Command::new(words.next().expect("a command"));
    let elsewhere = format!("--schema={}", quote(ELSEWHERE));
    command.args(words).args(["--schema-only", "--schema=public", &elsewhere, &db.name]);
    let output = command.output().unwrap_or_else(|error| panic!("{COMMAND}: {error}"));
    assert!(output.status.success(), "{COMMAND}: {}", String::from_utf8_lossy(&output.stderr));
    normal(&String::from_utf8_lossy(&output.stdout))
}

/// Objects sorted, without the state tables; the columns and constraints of a table sorted (rule C12); the first value of an identity
/// left out, which is no difference once the table exists.
fn normal(dump: &str) -> String {
    let mut objects: Vec<String> = Vec::new();
    for object in dump.split("\n--\n-- Name: ").skip(1) {
        let (title, body) = object.split_once("\n--\n").unwrap_or((object, ""));
        // One that is empty stays.
        if title.contains("; Type: SCHEMA;") {
            continue;
        }
        if ["__schemasync_state", "__schemasync_history"]
            .iter()
            .any(|ours| title.starts_with(ours) || title.contains(&format!(" {ours};")))
        {
            continue;
        }
        let body = body.split("\n--\n-- PostgreSQL database dump complete").next().unwrap_or_default();
        let lines = body.lines().filter(|line| !line.is_empty() && !is_setting(line));
        objects.push(format!(
            "-- {title}\n{}\n",
            if title.contains("; Type: TABLE;") { table(lines) } else { others(lines) }
        ));
    }
    objects.sort();
    objects.join("\n")
}

/// What holds for the session of a restore; `\restrict` bears a random word.
fn is_setting(line: &str) -> bool {
    line.starts_with("\\restrict") || line.starts_with("\\unrestrict") || line.starts_with("SET default_")
}

fn others<'l>(lines: impl Iterator<Item = &'l str>) -> String {
    let lines = lines.filter(|line| !line.trim_start().starts_with("START WITH "));
    lines.collect::<Vec<_>>().join("\n")
}

fn table<'l>(lines: impl Iterator<Item = &'l str>) -> String {
    let (mut head, mut members, mut rest) = (Vec::new(), Vec::new(), Vec::new());
    // A member whose expression goes on over several lines.
    let mut open = String::new();
    for line in lines {
        if !open.is_empty() {
            open = format!("{open}\n{line}");
        } else if line.starts_with("CREATE ") {
            head.push(line);
            continue;
        } else if rest.is_empty() && line.starts_with("    ") {
            line.clone_into(&mut open);
        } else {
            rest.push(line);
            continue;
        }
        if is_closed(&open) {
            members.push(std::mem::take(&mut open).trim_end_matches(',').to_owned());
        }
    }
    members.sort_unstable();
    rest.sort_unstable();
    let head = head.into_iter().map(str::to_owned);
    head.chain(members).chain(rest.into_iter().map(str::to_owned)).collect::<Vec<_>>().join("\n")
}

/// Whether all parentheses and quotes are closed.
fn is_closed(text: &str) -> bool {
    let (mut depth, mut quote) = (0_i32, None);
    for c in text.chars() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            _ => {}
        }
    }
    depth == 0 && quote.is_none()
}

#[cfg(test)]
mod tests {
    use super::normal;

    fn dump(columns: &str, word: &str, start: u32) -> String {
        format!(
            "--\n-- PostgreSQL database dump\n--\n\n\\restrict {word}\n\nSET statement_timeout = 0;\n\n--\n-- Name: __schemasync_state; Type: TABLE; Schema: public; Owner: x\n--\n\nCREATE TABLE public.__schemasync_state (\n    a text\n);\n\n--\n-- Name: t; Type: TABLE; Schema: public; Owner: x\n--\n\nCREATE TABLE public.t (\n{columns}\n);\n\n--\n-- Name: t_id_seq; Type: SEQUENCE; Schema: public; Owner: x\n--\n\nALTER TABLE public.t ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (\n    SEQUENCE NAME public.t_id_seq\n    START WITH {start}\n);\n\n--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict {word}\n"
        )
    }

    #[test]
    fn the_place_of_a_column_and_what_is_random_make_no_difference() {
        let one = normal(&dump("    id bigint NOT NULL,\n    v text,\n    CONSTRAINT c CHECK ((id > 0))", "abc", 1));
        let other = normal(&dump("    v text,\n    id bigint NOT NULL,\n    CONSTRAINT c CHECK ((id > 0))", "xyz", 7));
        assert_eq!(one, other);
        let long = "    x text GENERATED ALWAYS AS (\nCASE\n    WHEN (v = ')'::text) THEN 1\n    ELSE 2\nEND) STORED";
        let one = normal(&dump(&format!("{long},\n    id bigint NOT NULL"), "abc", 1));
        assert_eq!(one, normal(&dump(&format!("    id bigint NOT NULL,\n{long}"), "abc", 1)));
        assert!(one.contains("SEQUENCE NAME public.t_id_seq") && !one.contains("__schemasync"), "{one}");
    }

    #[test]
    fn everything_else_does() {
        let one = normal(&dump("    id bigint NOT NULL,\n    v text", "abc", 1));
        for other in [
            "    id bigint,\n    v text",
            "    id bigint NOT NULL,\n    v text DEFAULT 'a'::text",
            "    id bigint NOT NULL",
        ] {
            assert_ne!(one, normal(&dump(other, "abc", 1)), "{other}");
        }
    }
}
