//! What stands before the command and is meant for cargo: which package, which binary.

use std::ffi::OsString;

/// Which package and binary are meant.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    pub(crate) package: Option<String>,
    pub(crate) binary: Option<String>,
    pub(crate) manifest: Option<OsString>,
    pub(crate) features: Option<String>,
    pub(crate) release: bool,
}

/// The cargo that called us, or the one of the path.
pub(crate) fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

impl Selection {
    /// Takes them from the front of the arguments.
    pub(crate) fn take(arguments: &mut Vec<OsString>) -> Result<Self, String> {
        let mut selection = Self::default();
        while let Some(first) = arguments.first().and_then(|first| first.to_str()).map(str::to_owned) {
            let (name, value) = match first.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name.to_owned(), Some(value.to_owned())),
                _ => (first, None),
            };
            match name.as_str() {
                "--release" if value.is_none() => {
                    selection.release = true;
                    arguments.remove(0);
                    continue;
                }
                "-p" | "--package" | "--bin" | "--manifest-path" | "--features" => {}
                _ => break,
            }
            arguments.remove(0);
            let value = match value {
                Some(value) => OsString::from(value),
                None if arguments.is_empty() => return Err(format!("{name} needs a value")),
                None => arguments.remove(0),
            };
            let text = |value: &OsString| value.to_str().map(str::to_owned).ok_or(format!("{name}: not valid UTF-8"));
            match name.as_str() {
                "-p" | "--package" => selection.package = Some(text(&value)?),
                "--bin" => selection.binary = Some(text(&value)?),
                "--features" => selection.features = Some(text(&value)?),
                _ => selection.manifest = Some(value),
            }
        }
        Ok(selection)
    }

    /// What `cargo run` has to be told beside package and binary.
    pub(crate) fn to_cargo(&self) -> Vec<OsString> {
        let mut arguments = Vec::new();
        if let Some(manifest) = &self.manifest {
            arguments.extend(["--manifest-path".into(), manifest.clone()]);
        }
        if let Some(features) = &self.features {
            arguments.extend(["--features".into(), features.into()]);
        }
        if self.release {
            arguments.push("--release".into());
        }
        arguments
    }
}

#[cfg(test)]
mod tests {
    use super::Selection;
    use std::ffi::OsString;

    fn take(words: &str) -> (Result<Selection, String>, String) {
        let mut arguments: Vec<OsString> = words.split(' ').map(OsString::from).collect();
        let selection = Selection::take(&mut arguments);
        let rest: Vec<_> = arguments.iter().map(|word| word.to_string_lossy().into_owned()).collect();
        (selection, rest.join(" "))
    }

    #[test]
    fn what_is_for_cargo_stands_first() {
        let (selection, rest) = take("-p shop --bin=tool --release plan --url sqlite:a -p x");
        let selection = selection.unwrap();
        assert_eq!((selection.package.as_deref(), selection.binary.as_deref()), (Some("shop"), Some("tool")));
        assert_eq!(selection.to_cargo(), ["--release"]);
        assert_eq!(rest, "plan --url sqlite:a -p x");
        assert_eq!(take("--bin").0.unwrap_err(), "--bin needs a value");
    }
}
