//! A password is never shown, wherever it stands and whatever it is made of.

use proptest::prelude::*;
use schemasync::Schema;
use schemasync::cli::{Cli, Io};
use std::fmt::Write as _;

const COMMANDS: [&[&str]; 12] = [
    &["sync"],
    &["sync", "--yes", "--json"],
    &["plan"],
    &["plan", "--json"],
    &["plan", "--sql"],
    &["check"],
    &["status"],
    &["drift"],
    &["history"],
    &["dump", "--sql"],
    &["pull"],
    &["graph", "--live"],
];

/// Everything that the program says.
fn said(arguments: &[&str]) -> String {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut input: &[u8] = b"";
    let models = Schema::from_json(
        r#"{"schemasync": 1, "tables": [{"name": "t", "columns": [{"name": "id", "type": "int64"}], "primary_key": "id"}]}"#,
    );
    let all = std::iter::once("db").chain(arguments.iter().copied());
    Cli::new(Some(models.expect("a schema"))).run(all, &mut Io::new(&mut out, &mut err, &mut input));
    format!("{}{}", String::from_utf8_lossy(&out), String::from_utf8_lossy(&err))
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, byte| {
        let _ = write!(all, "%{byte:02X}");
        all
    })
}

/// URLs, and what people take for URLs, with that password in them. Nobody listens at port 1.
fn places(password: &str) -> Vec<String> {
    let escaped = encoded(password);
    vec![
        format!("postgres://u:{password}@127.0.0.1:1/d"),
        format!("postgresql://u:{escaped}@127.0.0.1:1/d?sslmode=prefer"),
        format!("postgres://u:{escaped}@127.0.0.1:1/d?sslmod=prefer"),
        format!("postgres://127.0.0.1:1/d?user=u&password={password}"),
        format!("postgres://127.0.0.1:1/d?user=u&%70assword={escaped}"),
        format!("postgres://127.0.0.1:1/d?user=u&password=a@{password}"),
        format!("postgres://127.0.0.1:1/d?user=u&pasword={password}"),
        format!("postgres://127.0.0.1:1/d?sslmode={password}"),
        format!("postgres:u:{password}@127.0.0.1:1/d"),
        format!("postgres://u:{password}@[127.0.0.1/d"),
        format!("u:{password}@127.0.0.1:1/d"),
        format!("host=127.0.0.1 port=1 user=u password={password}"),
        format!("oracle://u:{password}@h/d"),
        format!("mysql://u:{password}@h/d"),
        format!("sqlite://u:{password}@h/none.db?mode={password}"),
    ]
}

fn is_shown(text: &str, password: &str) -> bool {
    text.contains(password) || text.contains(&encoded(password))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_password_is_nowhere(start in "[!-~ ]{0,6}", end in "[\"'`@:/?#&=%\\\\. a-z]{0,6}", command in 0..COMMANDS.len(), place in 0..15_usize) {
        // Long enough to be in no other text by chance.
        let password = format!("{start}S3CRET{end}");
        let url = &places(&password)[place];
        // A path of SQLite is a name that is shown.
        prop_assume!(place != 14 || !url.contains("none.db"));
        let arguments: Vec<&str> = COMMANDS[command].iter().copied().chain(["--url", url]).collect();
        let text = said(&arguments);
        prop_assert!(!is_shown(&text, &password), "{arguments:?}: {text}");
        prop_assert!(!text.contains("S3CRET"), "{arguments:?}: {text}");
        // In the wrong place, too.
        let text = said(&[COMMANDS[command][0], url]);
        prop_assert!(!text.contains("S3CRET"), "{url}: {text}");
    }
}
