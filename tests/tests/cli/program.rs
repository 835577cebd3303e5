//! The program `shop` in a folder of its own.

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Row};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a command has said.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = command.stdin(Stdio::null()).output().expect("running");
        Self {
            code: output.status.code().expect("no signal"),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// The output; the command ends with that code.
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> String {
        assert_eq!(self.code, code, "\n{}\n{}", self.out, self.err);
        self.out
    }

    /// Output and errors as they are kept in snapshots: without what changes from run to run.
    pub(crate) fn shown(&self) -> String {
        let err = if self.err.is_empty() { String::new() } else { format!("--- errors\n{}", self.err) };
        steady(&format!("{}{err}--- exit {}\n", self.out, self.code))
    }
}

/// Times, versions, hosts and dates become words.
pub(crate) fn steady(text: &str) -> String {
    let mut steady = String::new();
    for line in text.lines() {
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        if line.starts_with("  models  ") || line.starts_with("  last synced  ") {
            words.pop();
            words.push("FINGERPRINT".to_owned());
        }
        for at in 0..words.len() {
            let word = words[at].clone();
            if word.len() >= 20 && word.ends_with('Z') && word.contains('T') {
                words[at] = "DATE".to_owned();
            } else if word.starts_with("ms") && at > 0 {
                words[at - 1] = "N".to_owned();
            } else if at > 0 && words[at - 1] == "(sqlite" {
                words[at] = "VERSION)".to_owned();
            } else if at > 1 && words[at - 1] == "on" && words[at - 2] == "DATE" {
                words[at] = "HOST:".to_owned();
            }
        }
        steady.push_str(words.join(" ").trim_end());
        steady.push('\n');
    }
    steady
}

/// A folder with the database `app.db` that the program works on.
pub(crate) struct Shop {
    folder: tempfile::TempDir,
}

impl Shop {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    /// The first release, synced, with rows: three customers, two of them with a nickname, two orders, two coupons.
    pub(crate) fn open() -> Self {
        let shop = Self::new();
        shop.run("v1", &["sync", "-q"]).ends(0);
        shop.sql("INSERT INTO customers VALUES (1, 'ada@x', 'ada'), (2, 'bob@x', NULL), (3, 'eve@x', 'eve')");
        shop.sql("INSERT INTO orders VALUES (1, 1, '100'), (2, 3, '250')");
        shop.sql("INSERT INTO coupons VALUES (1, 'A'), (2, 'B')");
        shop
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("writing");
    }

    /// The program with the models of a release, without a database named.
    pub(crate) fn bare(&self, release: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shop"));
        for name in ["DATABASE_URL", "NO_COLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command.current_dir(self.folder()).env("SHOP", release).env("HOSTNAME", "host").args(arguments);
        command
    }

    /// The program on `app.db`.
    pub(crate) fn run(&self, release: &str, arguments: &[&str]) -> Ran {
        Ran::of(self.bare(release, arguments).env("DATABASE_URL", "sqlite:app.db"))
    }

    /// The bytes of the database.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        std::fs::read(self.path("app.db")).expect("reading")
    }

    /// Runs SQL on the database; the first column of each row.
    pub(crate) fn sql(&self, sql: &str) -> Vec<String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let options = SqliteConnectOptions::new().filename(self.path("app.db"));
        runtime.block_on(async {
            let mut connection = options.connect().await.expect("connecting");
            let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await;
            let rows = rows.unwrap_or_else(|error| panic!("{error}\nin: {sql}"));
            rows.iter().map(|row| row.get_unchecked::<Option<String>, _>(0).unwrap_or_default()).collect()
        })
    }

    pub(crate) fn tables(&self) -> Vec<String> {
        self.sql("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE '\\_\\_%' ESCAPE '\\' ORDER BY name")
    }
}
