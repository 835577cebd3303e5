//! `cargo schemasync`: from a folder without a project, for this workspace, and `init`.

use crate::program::{Ran, Shop};
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// The binary, built once: it is of another package than these tests.
fn cargo_schemasync() -> Command {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let path = BUILT.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_BIN_EXE_shop"));
        let folder = folder.parent().expect("a folder");
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--package", "cargo-schemasync"]).current_dir(env!("CARGO_MANIFEST_DIR"));
        if folder.ends_with("release") {
            build.arg("--release");
        }
        assert!(build.status().expect("cargo").success());
        folder.join(format!("cargo-schemasync{}", std::env::consts::EXE_SUFFIX))
    });
    let mut command = Command::new(path);
    command.env("CARGO", env!("CARGO")).env_remove("DATABASE_URL");
    command
}

#[test]
fn a_document_needs_no_project() {
    let shop = Shop::open();
    shop.run("v1", &["dump", "--out", "shop.json"]).ends(0);
    let run = |arguments: &[&str]| {
        let mut command = cargo_schemasync();
        // As cargo calls it.
        command.current_dir(shop.folder()).env("DATABASE_URL", "sqlite:app.db").arg("schemasync").args(arguments);
        Ran::of(&mut command)
    };
    assert!(run(&["drift"]).ends(0).starts_with("✓ No drift"));
    shop.sql("DROP TABLE coupons; DELETE FROM __schemasync_state");
    assert!(run(&["sync", "--schema", "shop.json"]).ends(0).contains("+ coupons"));
    assert_eq!(shop.tables(), ["coupons", "customers", "orders"]);
    run(&["check", "--schema", "shop.json"]).ends(0);

    let none = run(&["plan"]);
    assert_eq!(none.code, 1);
    assert!(none.err.starts_with("error: no models: give a schema document with --schema"), "{}", none.err);
    let wrong = run(&["paln"]);
    assert!(wrong.err.contains("'plan' (see `cargo schemasync --help`)"), "{}", wrong.err);
    assert!(run(&["--help"]).ends(0).contains("cargo schemasync init"));
    assert!(run(&["--bin"]).err.contains("error: --bin needs a value"));
    assert!(run(&["-p", "shop", "plan"]).err.contains("could not find `Cargo.toml`"));
}

#[test]
fn the_binary_of_a_package_is_run_and_its_exit_code_passed_on() {
    let shop = Shop::open();
    let url = format!("sqlite:{}", shop.path("app.db").display());
    let run = |before: &[&str], arguments: &[&str]| {
        let mut command = cargo_schemasync();
        command.current_dir(env!("CARGO_MANIFEST_DIR")).env("SHOP", "v2").env("DATABASE_URL", &url);
        Ran::of(command.arg("schemasync").args(before).args(arguments))
    };
    let named = ["-p", "schemasync-tests", "--bin", "shop"];
    run(&named, &["check", "--quiet"]).ends(2);
    run(&named, &["sync", "--quiet"]).ends(4);
    run(&named, &["sync", "--quiet", "--yes"]).ends(0);
    assert_eq!(shop.tables(), ["customers", "orders", "totals"]);
    let none = run(&["--bin", "nothing"], &["check"]);
    assert!(none.err.contains("the package schemasync-tests has no binary \"nothing\""), "{}", none.err);
    let none = run(&["-p", "nothing"], &["check"]);
    assert!(none.err.contains("there is no package \"nothing\" in this workspace"), "{}", none.err);
}

#[test]
fn init_writes_the_binary_and_never_over_another() {
    let shop = Shop::new();
    let init = |arguments: &[&str]| Ran::of(cargo_schemasync().current_dir(shop.folder()).args(arguments).arg("init"));
    assert!(init(&[]).err.contains("there is no Cargo.toml here or above"));
    shop.write("Cargo.toml", "[package]\nname = \"my-shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    std::fs::create_dir(shop.path("src")).unwrap();
    shop.write("src/main.rs", "fn main() {}\n");
    shop.write("src/lib.rs", "");
    let said = init(&[]).ends(0);
    for part in ["features = [\"cli\"]", "default-run = \"my-shop\"", "cargo schemasync plan"] {
        assert!(said.contains(part), "{said}");
    }
    let source = std::fs::read_to_string(shop.path("src/bin/db.rs")).unwrap();
    assert_eq!(
        source,
        "//! The command line of this package's models: `cargo schemasync --help`.\n\nuse my_shop as _; // its models are linked in\n\nfn main() -> std::process::ExitCode {\n    schemasync::cli!()\n}\n"
    );
    shop.write("src/bin/db.rs", "fn main() {}\n");
    let again = init(&[]);
    assert_eq!(again.code, 1);
    assert!(
        again.err.contains("src/bin/db.rs of the package my-shop exists already: nothing was written"),
        "{}",
        again.err
    );
    assert_eq!(std::fs::read_to_string(shop.path("src/bin/db.rs")).unwrap(), "fn main() {}\n");
}
