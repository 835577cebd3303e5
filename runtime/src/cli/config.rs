//! `schemasync.toml` and `.env`.

use super::args::{Color, duration};
use super::exit::{Failure, read_text};
use crate::plan::Rule;
use crate::sync::Level;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The name that is looked for.
const FILE: &str = "schemasync.toml";

/// What a configuration may say: the options of the command line, under the same names.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Config {
    pub(super) url: Option<String>,
    pub(super) schema: Option<PathBuf>,
    pub(super) namespace: Option<String>,
    pub(super) safe: bool,
    pub(super) policy: Option<String>,
    pub(super) rules: BTreeMap<Rule, Level>,
    pub(super) waiting_rows: Option<u64>,
    pub(super) yes: bool,
    pub(super) force: bool,
    pub(super) dry_run: bool,
    pub(super) online: bool,
    pub(super) allow_lossy: bool,
    pub(super) sqlite_rebuild: bool,
    pub(super) allow_revert: bool,
    #[serde(deserialize_with = "time")]
    pub(super) lock_timeout: Option<Duration>,
    pub(super) json: bool,
    pub(super) quiet: bool,
    pub(super) color: Option<Color>,
    pub(super) space: Option<String>,
    pub(super) spaces: BTreeMap<String, Space>,
}

/// The database of a space.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Space {
    pub(super) url: Option<String>,
    /// The environment variable that holds the URL.
    pub(super) url_env: Option<String>,
    pub(super) namespace: Option<String>,
}

fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    duration(&text).map(Some).map_err(serde::de::Error::custom)
}

impl Config {
    /// The file that is named, or the one of this folder or the nearest above; nothing where there is none.
    pub(super) fn find(named: Option<&Path>) -> Result<Self, Failure> {
        let path = match named {
            Some(path) => path.to_owned(),
            None => {
                let Ok(here) = std::env::current_dir() else { return Ok(Self::default()) };
                let Some(path) = here.ancestors().map(|folder| folder.join(FILE)).find(|path| path.is_file()) else {
                    return Ok(Self::default());
                };
                path
            }
        };
        let text = read_text("the configuration", &path)?;
        let mut config = Self::parse(&text)
            .map_err(|error| Failure::other(format!("the configuration {}: {error}", path.display())))?;
        // A path in the file is one beside the file.
        if let (Some(schema), Some(folder)) = (&config.schema, path.parent()) {
            config.schema = Some(folder.join(schema));
        }
        Ok(config)
    }

    fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            let at = line.map(|line| format!("line {line}: ")).unwrap_or_default();
            format!("{at}{}", error.message())
        })
    }
}

/// A variable of the environment, or of the `.env` of this folder or the nearest above.
pub(super) fn variable(wanted: &str) -> Result<Option<String>, Failure> {
    match std::env::var(wanted) {
        Ok(url) if !url.trim().is_empty() => return Ok(Some(url)),
        Err(std::env::VarError::NotUnicode(_)) => return Err(Failure::other(format!("{wanted} is not valid UTF-8"))),
        _ => {}
    }
    let values = match dotenvy::dotenv_iter() {
        Ok(values) => values,
        Err(dotenvy::Error::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::other(format!("the file .env cannot be read: {}", cause(&error)))),
    };
    for value in values {
        match value {
            Ok((name, url)) if name == wanted && !url.trim().is_empty() => return Ok(Some(url)),
            Ok(_) => {}
            Err(error) => return Err(Failure::other(format!("the file .env cannot be read: {}", cause(&error)))),
        }
    }
    Ok(None)
}

/// Without the line itself, which may hold a secret.
fn cause(error: &dotenvy::Error) -> String {
    match error {
        dotenvy::Error::LineParse(_, at) => format!("a line is not NAME=value (at its character {at})"),
        dotenvy::Error::Io(error) => error.to_string(),
        _ => "it is not a list of NAME=value".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Config;
    use std::time::Duration;

    #[test]
    fn the_options_are_read_under_their_names() {
        let config = Config::parse("allow-lossy = true\nlock-timeout = \"2m\"\ncolor = \"never\"").unwrap();
        assert!(config.allow_lossy && !config.safe);
        assert_eq!(config.lock_timeout, Some(Duration::from_secs(120)));
    }

    #[test]
    fn a_policy_and_its_rules_are_read() {
        let config = Config::parse("policy = \"production\"\n[rules]\nrewrites-table = \"allow\"").unwrap();
        assert_eq!(config.policy.as_deref(), Some("production"));
        assert_eq!(config.rules.get(&crate::Rule::RewritesTable), Some(&crate::Level::Allow));
        let wrong = Config::parse("[rules]\nrewrite = \"allow\"").unwrap_err();
        assert!(wrong.contains("unknown variant `rewrite`, expected one of `drops-table`"), "{wrong}");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let wrong = |text: &str| Config::parse(text).unwrap_err();
        assert!(wrong("safe = true\nsave = 1").starts_with("line 2: unknown field `save`, expected one of `url`"));
        assert!(wrong("lock-timeout = \"soon\"").contains("is not a time: write 30s"));
        assert!(wrong("safe = \"yes\"").contains("expected a boolean"));
        assert!(wrong("safe").starts_with("line 1: "));
    }
}
