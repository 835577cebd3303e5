//! `pull`: database → Rust source → compiled models → nothing to do, on databases that schemasync has not made.
//!
//! The source that is pulled from each of `fixtures/adopt/*.sql` is checked in under `models/` and compiled into this test.
//! `SCHEMASYNC_UPDATE=1 cargo test -p schemasync-tests --test pull` writes it anew; the run after that compiles it.

mod adopted;
mod formatted;
mod postgres;
mod random;

/// What `pull` made. Not formatted: it is compared to the letter.
#[rustfmt::skip]
#[allow(missing_docs, dead_code, unreachable_pub, clippy::upper_case_acronyms)]
mod models {
    pub mod chinook;
    pub mod northwind;
    pub mod odd;
    pub mod pagila;
    pub mod random;
    pub mod sakila;
}

/// The file under `models/`, which is `source`, or is made so.
fn checked_in(name: &str, source: &str) {
    let path = format!("{}/tests/pull/models/{name}.rs", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("SCHEMASYNC_UPDATE").is_some() {
        std::fs::write(&path, source).expect("writing the models");
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == source,
        "{path} is not what is pulled now: run with SCHEMASYNC_UPDATE=1 and look at the difference"
    );
}
