//! The Rust project of this folder, as `cargo metadata` tells it.

use crate::selection::{Selection, cargo};
use serde::Deserialize;
use std::path::PathBuf;
use std::process::Command;

/// What `cargo metadata` tells of a workspace.
#[derive(Debug, Deserialize)]
pub(crate) struct Project {
    packages: Vec<Package>,
}

/// A package.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) manifest_path: PathBuf,
    pub(crate) default_run: Option<String>,
    pub(crate) targets: Vec<Target>,
    pub(crate) dependencies: Vec<Dependency>,
    #[serde(default)]
    metadata: serde_json::Value,
}

/// A binary, a library, a test.
#[derive(Debug, Deserialize)]
pub(crate) struct Target {
    pub(crate) name: String,
    kind: Vec<String>,
    #[serde(default, rename = "required-features")]
    required_features: Vec<String>,
}

/// A dependency.
#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) features: Vec<String>,
}

/// Whether there is a binary that has the models.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// That one, with the features that it asks for.
    Binary { package: String, binary: String, features: Vec<String> },
    /// None.
    Nothing,
}

impl Target {
    pub(crate) fn is(&self, kind: &str) -> bool {
        self.kind.iter().any(|own| own == kind)
    }
}

impl Package {
    /// The binary that has the models.
    fn binary(&self, selection: &Selection) -> Result<Option<&Target>, String> {
        let find = |name: &str| self.targets.iter().find(|target| target.is("bin") && target.name == name);
        let named = self.metadata.pointer("/schemasync/bin").and_then(serde_json::Value::as_str);
        if let Some(name) = selection.binary.as_deref().or(named) {
            return match find(name) {
                Some(target) => Ok(Some(target)),
                None => Err(format!("the package {} has no binary {name:?}", self.name)),
            };
        }
        Ok(find("schemasync").or_else(|| find("db")))
    }
}

impl Project {
    /// Of this folder, or of the manifest that is named; `None`: there is none.
    pub(crate) fn read(selection: &Selection) -> Result<Option<Self>, String> {
        let mut command = Command::new(cargo());
        command.args(["metadata", "--format-version", "1", "--no-deps"]);
        if let Some(manifest) = &selection.manifest {
            command.arg("--manifest-path").arg(manifest);
        }
        let output = match command.output() {
            Ok(output) => output,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(format!("cargo cannot be run: {error}")),
        };
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            let asked = selection.manifest.is_some() || selection.package.is_some() || selection.binary.is_some();
            if said.contains("could not find `Cargo.toml`") && !asked {
                return Ok(None);
            }
            return Err(said.trim().trim_start_matches("error: ").to_owned());
        }
        let project = serde_json::from_slice(&output.stdout);
        project.map(Some).map_err(|error| format!("what `cargo metadata` says cannot be read: {error}"))
    }

    /// The package that is named, or that of this folder.
    pub(crate) fn package(&self, selection: &Selection) -> Result<Option<&Package>, String> {
        if let Some(name) = &selection.package {
            let found = self.packages.iter().find(|package| package.name == *name);
            return found.map(Some).ok_or_else(|| format!("there is no package {name:?} in this workspace"));
        }
        if let Some(manifest) = &selection.manifest {
            let path = std::fs::canonicalize(manifest).unwrap_or_else(|_| manifest.into());
            return Ok(self.packages.iter().find(|package| package.manifest_path == path));
        }
        let here = std::env::current_dir().map_err(|error| format!("this folder cannot be read: {error}"))?;
        let around = self
            .packages
            .iter()
            .filter(|package| package.manifest_path.parent().is_some_and(|folder| here.starts_with(folder)));
        Ok(around.max_by_key(|package| package.manifest_path.as_os_str().len()))
    }

    /// The binary that has the models: of the package of this folder, else the only one of the workspace.
    pub(crate) fn binary(&self, selection: &Selection) -> Result<Found, String> {
        let found = |package: &Package, target: &Target| Found::Binary {
            package: package.name.clone(),
            binary: target.name.clone(),
            features: target.required_features.clone(),
        };
        if let Some(package) = self.package(selection)? {
            if let Some(target) = package.binary(selection)? {
                return Ok(found(package, target));
            }
            if selection.package.is_some() {
                return Err(format!(
                    "the package {} has no binary `schemasync` or `db`: `cargo schemasync -p {} init` writes one",
                    package.name, package.name
                ));
            }
        }
        let all = self.packages.iter().filter_map(|package| Some((package, package.binary(selection).ok()??)));
        let all: Vec<_> = all.collect();
        match all.as_slice() {
            [] if selection.binary.is_some() => {
                Err(format!("no package here has a binary {:?}", selection.binary.as_deref().unwrap_or_default()))
            }
            [] => Ok(Found::Nothing),
            [(package, target)] => Ok(found(package, target)),
            several => {
                let names: Vec<&str> = several.iter().map(|(package, _)| package.name.as_str()).collect();
                Err(format!("several packages have such a binary: choose with -p: {}", names.join(", ")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, Project};
    use crate::selection::Selection;

    fn project(packages: &[(&str, &[&str], &str)]) -> Project {
        let packages: Vec<serde_json::Value> = packages
            .iter()
            .map(|(name, binaries, metadata)| {
                let targets: Vec<serde_json::Value> = binaries
                    .iter()
                    .map(|name| serde_json::json!({"name": name, "kind": ["bin"], "required-features": ["cli"]}))
                    .collect();
                serde_json::json!({
                    "name": name, "manifest_path": format!("/nowhere/{name}/Cargo.toml"), "default_run": null,
                    "targets": targets, "dependencies": [], "metadata": serde_json::from_str::<serde_json::Value>(metadata).unwrap(),
                })
            })
            .collect();
        serde_json::from_value(serde_json::json!({ "packages": packages })).unwrap()
    }

    fn binary(project: &Project, package: Option<&str>) -> Result<String, String> {
        let selection = Selection { package: package.map(str::to_owned), ..Selection::default() };
        project.binary(&selection).map(|found| match found {
            Found::Binary { package, binary, features } => format!("{package}/{binary}/{}", features.join(",")),
            Found::Nothing => "nothing".to_owned(),
        })
    }

    #[test]
    fn the_binary_is_the_one_that_is_named_then_schemasync_then_db() {
        let all = project(&[
            ("a", &["a", "db", "schemasync"], "null"),
            ("b", &["db"], "null"),
            ("c", &["db", "tool"], r#"{"schemasync": {"bin": "tool"}}"#),
            ("d", &["d"], "null"),
        ]);
        assert_eq!(binary(&all, Some("a")).unwrap(), "a/schemasync/cli");
        assert_eq!(binary(&all, Some("b")).unwrap(), "b/db/cli");
        assert_eq!(binary(&all, Some("c")).unwrap(), "c/tool/cli");
        assert!(binary(&all, Some("d")).unwrap_err().contains("cargo schemasync -p d init"));
        assert!(binary(&all, Some("e")).unwrap_err().contains("no package \"e\""));
        assert!(binary(&all, None).unwrap_err().ends_with("choose with -p: a, b, c"));
    }

    #[test]
    fn the_only_one_of_a_workspace_is_taken() {
        assert_eq!(binary(&project(&[("a", &["a"], "null"), ("b", &["db"], "null")]), None).unwrap(), "b/db/cli");
        assert_eq!(binary(&project(&[("a", &["a"], "null")]), None).unwrap(), "nothing");
    }
}
