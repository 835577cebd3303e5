//! Where things are in the work tree.

use std::path::{Path, PathBuf};

/// The root of the workspace. Cargo says where it is at run time, so a moved work tree needs no new build.
pub(crate) fn workspace() -> PathBuf {
    let package =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// The git-ignored folder of the test servers: roots, records of what runs, logs.
pub(crate) fn services() -> PathBuf {
    workspace().join(".services")
}

/// The log file of one piece of work.
pub(crate) fn log(name: &str) -> PathBuf {
    services().join("logs").join(format!("{name}.log"))
}
