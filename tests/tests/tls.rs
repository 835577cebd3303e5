//! TLS, in a build that has it, against a PostgreSQL with a certificate of its own (`cargo xtask services` makes both): the certificate is for
//! `localhost`, so the server's address is a wrong host.

#![allow(missing_docs, reason = "tests")]

use schemasync::{Schema, SchemaSync};
use schemasync_tests::{Postgres, TestDatabase, assert_says, scenario};
use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use std::path::PathBuf;
use std::process::Command;
use std::str::FromStr;

/// The folder of the certificates.
fn certificates() -> Option<PathBuf> {
    let folder = std::env::var_os("SCHEMASYNC_TEST_POSTGRES_TLS").map(PathBuf::from);
    assert!(
        folder.is_some() || std::env::var("CI").as_deref() != Ok("true"),
        "CI does not skip TLS: set SCHEMASYNC_TEST_POSTGRES_TLS"
    );
    if folder.is_none() {
        println!("NOT TESTED: TLS, for SCHEMASYNC_TEST_POSTGRES_TLS names no folder of certificates");
    }
    folder
}

/// The database by that host; the parameters begin with `?`.
fn url(db: &Postgres, host: &str, parameters: &str) -> String {
    let options = db.options();
    format!("postgres://{}:s3cret@{host}:{}/{}{parameters}", options.get_username(), options.get_port(), db.name)
}

fn model() -> Schema {
    let json = r#"{"schemasync": 1, "tables": [{"name": "users", "columns": [{"name": "id", "type": "int64"}], "primary_key": "id"}]}"#;
    Schema::from_json(json).unwrap()
}

/// What a command line says that is given that URL.
fn plan(url: &str) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_shop")).arg("plan").env("DATABASE_URL", url).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    assert!(!said.contains("s3cret"), "{said}");
    (output.status.code().is_some_and(|code| code == 0 || code == 2), said)
}

scenario!(postgres: tls_is_what_the_url_asks_for, |db| {
    let Some(folder) = certificates() else { return };
    let root = |name: &str| format!("&sslrootcert={}", folder.join(name).display());
    for (host, mode, root) in [
        ("localhost", "require", String::new()),
        ("127.0.0.1", "require", String::new()),
        ("localhost", "prefer", String::new()),
        ("localhost", "verify-ca", root("ca.crt")),
        ("127.0.0.1", "verify-ca", root("ca.crt")),
        ("localhost", "verify-full", root("ca.crt")),
    ] {
        let url = url(db, host, &format!("?sslmode={mode}{root}"));
        let mut connection = PgConnection::connect_with(&PgConnectOptions::from_str(&url).unwrap()).await.unwrap();
        let encrypted: bool = sqlx::query_scalar("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetch_one(&mut connection).await.unwrap();
        assert!(encrypted, "{url}");
        let report = SchemaSync::new(&mut connection).schema(model()).run().await.unwrap();
        assert!(!report.has_errors(), "{url}: {report}");
        connection.close().await.unwrap();
        let (done, said) = plan(&url);
        assert!(done, "{url}: {said}");
    }
    db.assert_settled(&model()).await;
});

scenario!(postgres: tls_with_the_wrong_server_is_no_connection, |db| {
    let Some(folder) = certificates() else { return };
    let root = |name: &str| format!("&sslrootcert={}", folder.join(name).display());
    for (host, mode, root, why) in [
        // Another host than the certificate is for.
        ("127.0.0.1", "verify-full", root("ca.crt"), "not valid for name"),
        // Of an authority that is not ours, or that nobody knows.
        ("localhost", "verify-ca", root("other.crt"), "UnknownIssuer"),
        ("localhost", "verify-full", root("other.crt"), "UnknownIssuer"),
        ("localhost", "verify-full", String::new(), "UnknownIssuer"),
    ] {
        let url = url(db, host, &format!("?sslmode={mode}{root}"));
        let (done, said) = plan(&url);
        assert!(!done, "{url}: {said}");
        assert_says(&said, &[&format!("postgres://{host}:"), "no connection", why]);
    }
    let (done, said) = plan(&url(db, "localhost", &format!("?sslmode=verify-full{}", root("nowhere.crt"))));
    assert!(!done, "{said}");
    assert_says(&said, &["the file that `sslrootcert` names does not exist"]);
    assert!(db.tables().await.is_empty());
});

#[test]
fn tls_that_the_server_does_not_have_is_no_connection() {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut request = [0; 8];
        client.read_exact(&mut request).unwrap();
        client.write_all(b"N").unwrap();
        // Nothing follows in clear.
        let mut rest = Vec::new();
        let _ = client.read_to_end(&mut rest);
        (request, rest)
    });
    let (done, said) = plan(&format!("postgres://u:s3cret@127.0.0.1:{port}/db?sslmode=require"));
    assert!(!done, "{said}");
    assert_says(&said, &["no connection", "does not support TLS"]);
    assert_eq!(server.join().unwrap(), ([0, 0, 0, 8, 4, 210, 22, 47], Vec::new()));
}

#[test]
fn a_parameter_that_is_not_known_is_named() {
    let (done, said) = plan("postgres://u:s3cret@127.0.0.1:1/db?sslmod=verify-full");
    assert!(!done, "{said}");
    assert_says(&said, &["`sslmod`, which is not known", "sslmode", "sslrootcert"]);
}
