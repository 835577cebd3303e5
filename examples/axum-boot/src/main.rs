//! An axum server that brings its database in line at boot, before it listens.
//!
//! ```sh
//! cargo run -p axum-boot                       # the first release, on the file axum-boot.db
//! cargo run -p axum-boot -- --release v2       # a newer binary: upgrades the tables, older ones keep running
//! cargo run -p axum-boot -- --url postgres://localhost/app
//! ```
//!
//! - `--url` or `DATABASE_URL`: `sqlite:…` or `postgres://…`; `sqlite:axum-boot.db` when neither is set.
//! - `LISTEN`: `127.0.0.1:0` when not set, a free port; the address is printed.
//! - `RUST_LOG`: what is logged to standard error, `info,schemasync=debug` when not set: then a sync tells each step that it does.

#![allow(unreachable_pub, reason = "models and modules are `pub`, as in a bigger program")]

mod models;
mod routes;
mod store;

use models::{v1, v2};
use schemasync::schema;
use std::process::ExitCode;
use store::Store;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

type Error = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,schemasync=debug"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match boot().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Connects, syncs, listens: in this order, so that no request ever meets a table that is not there yet.
async fn boot() -> Result<(), Error> {
    let (mut newer, mut url) = (false, variable("DATABASE_URL", "sqlite:axum-boot.db"));
    let mut arguments = std::env::args().skip(1);
    while let Some(option) = arguments.next() {
        match (option.as_str(), arguments.next()) {
            ("--release", Some(release)) if release == "v1" || release == "v2" => newer = release == "v2",
            ("--url", Some(value)) => url = value,
            _ => return Err("usage: axum-boot [--release v1|v2] [--url URL]".into()),
        }
    }
    let store = Store::connect(&url).await?;
    let model = if newer { schema![v2::User, v2::Post] } else { schema![v1::User, v1::Post] };
    let report = store.sync(model).await?;
    print!("{report}");
    let router =
        if newer { routes::router::<v2::User, v2::Post>(store) } else { routes::router::<v1::User, v1::Post>(store) };
    let listener = TcpListener::bind(variable("LISTEN", "127.0.0.1:0")).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, router).with_graceful_shutdown(stop()).await?;
    Ok(())
}

/// Resolves at Ctrl-C: requests that have begun are answered first.
async fn stop() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::warn!(%error, "cannot wait for Ctrl-C");
        std::future::pending::<()>().await;
    }
}

fn variable(name: &str, default: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| default.to_owned())
}
