//! A PostgreSQL database of a test's own.

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use std::str::FromStr;
use std::sync::atomic::{AtomicUsize, Ordering};

const URL: &str = "SCHEMASYNC_TEST_POSTGRES_URL";

/// It goes with the value: declare it before the replicas that use it.
pub struct Postgres {
    server: PgConnectOptions,
    name: String,
    pub url: String,
}

impl Postgres {
    /// `None`, told in a line, where no server is named. In CI one must be.
    pub fn create() -> Option<Self> {
        let Some(url) = std::env::var(URL).ok().filter(|url| !url.is_empty()) else {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "{URL} is not set: CI does not skip PostgreSQL");
            println!("NOT TESTED: PostgreSQL, because {URL} is not set (see docs/testing.md)");
            return None;
        };
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let server = PgConnectOptions::from_str(&url).expect(URL);
        let name = format!("axum_boot_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        on_server(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        on_server(&server, &format!("CREATE DATABASE {name}"));
        let url = server.clone().database(&name).to_url_lossy().to_string();
        Some(Self { server, name, url })
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        on_server(&self.server, &format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

fn on_server(server: &PgConnectOptions, sql: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut connection = PgConnection::connect_with(server).await.expect("connecting to the server");
        connection.execute(AssertSqlSafe(sql)).await.expect(sql);
    });
}
