//! What is pulled is as rustfmt writes it, in its own style.

use std::process::Command;

#[test]
fn rustfmt_has_nothing_to_change() {
    if Command::new("rustfmt").arg("--version").output().is_err() {
        println!("NOT TESTED: there is no rustfmt");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("rustfmt.toml"), "").expect("writing");
    for name in ["chinook", "northwind", "sakila", "odd", "pagila"] {
        let there = format!("{}/tests/pull/models/{name}.rs", env!("CARGO_MANIFEST_DIR"));
        let here = folder.path().join(format!("{name}.rs"));
        std::fs::copy(&there, &here).expect("copying");
        let done = Command::new("rustfmt").args(["--edition", "2024", "--check"]).arg(&here).output().expect("rustfmt");
        assert!(done.status.success(), "{name}:\n{}", String::from_utf8_lossy(&done.stdout));
    }
}
