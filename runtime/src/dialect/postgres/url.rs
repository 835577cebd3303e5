//! A URL becomes a connection: the options that it says, and the place that may be shown of it.

use crate::dialect::url::{Opened, OwnedConnection, PATIENCE, no_connection, why};
use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;
use std::path::Path;

/// Query parameters that the driver reads.
const PARAMETERS: [&str; 18] = [
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
    "ssl-mode",
    "ssl-root-cert",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "statement-cache-capacity",
    "user",
];

/// Those that name a file.
const FILES: [&str; 7] = ["ssl-ca", "ssl-cert", "ssl-key", "ssl-root-cert", "sslcert", "sslkey", "sslrootcert"];

/// Connects.
pub(crate) async fn open(url: &str) -> Result<Opened, String> {
    let (options, place) = options(url)?;
    match tokio::time::timeout(PATIENCE, options.connect()).await {
        Ok(Ok(connection)) => {
            Ok(Opened { connection: OwnedConnection::Postgres(Box::new(connection)), place, created: false })
        }
        Ok(Err(error)) => Err(format!("{place}: no connection: {}", no_connection(&error))),
        Err(_) => Err(format!("{place}: no answer within {} s", PATIENCE.as_secs())),
    }
}

/// A PostgreSQL URL, read, and the place that it names.
fn options(url: &str) -> Result<(PgConnectOptions, String), String> {
    let scheme = if url.starts_with("postgresql") { "postgresql" } else { "postgres" };
    let wrong = |why: &str| {
        format!(
            "the URL ({scheme}://…) cannot be read: {why}; expected {scheme}://USER:PASSWORD@HOST:PORT/DATABASE, with what is special in a \
             part percent-encoded (`@` is %40, `/` is %2F)"
        )
    };
    let Some((_, rest)) = url.split_once("://") else { return Err(wrong("there is no `//` behind the scheme")) };
    let (rest, query) = match rest.split_once('?') {
        Some((rest, query)) => (rest, Some(query)),
        None => (rest, None),
    };
    if url.contains('#') {
        return Err(wrong("it has a `#`"));
    }
    if rest.split_once('/').is_some_and(|(_, path)| path.contains(['@', '/'])) {
        return Err(wrong("there is an `@` or a second `/` behind the host"));
    }
    for pair in query.into_iter().flat_map(|query| query.split('&')).filter(|pair| !pair.is_empty()) {
        let Some((key, value)) = pair.split_once('=') else { return Err(wrong("a parameter has no value")) };
        let (key, value) = (decode(key), decode(value));
        // The certificate itself may stand there.
        if FILES.contains(&key.as_str()) && !value.starts_with("-----BEGIN") && !Path::new(&value).exists() {
            return Err(wrong(&format!("the file that `{key}` names does not exist")));
        }
        if PARAMETERS.contains(&key.as_str()) || key.starts_with("options[") && key.ends_with(']') {
            continue;
        }
        let is_name = !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '_' | '-'));
        if !is_name || query.is_some_and(|query| query.contains('@')) {
            return Err(wrong("a parameter is not known"));
        }
        return Err(format!(
            "the URL has the parameter `{key}`, which is not known: expected one of {}",
            PARAMETERS.join(", ")
        ));
    }
    let options: PgConnectOptions = url.parse().map_err(|error| wrong(why(&error)))?;
    let host = options.get_host();
    let host = match options.get_socket() {
        Some(socket) => encode(&socket.to_string_lossy()),
        None if host.contains(':') && !host.starts_with('[') => format!("[{host}]"),
        None => host.to_owned(),
    };
    let database = options.get_database().map_or_else(String::new, |name| format!("/{}", encode(name)));
    let place = format!("{scheme}://{host}:{}{database}", options.get_port());
    Ok((options, place))
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let number = bytes.get(at + 1..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        match number.filter(|_| byte == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(number) => {
                decoded.push(number);
                at += 3;
            }
            None => {
                decoded.push(if byte == b'+' { b' ' } else { byte });
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn encode(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    let encoded =
        text.bytes().map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") });
    encoded.collect()
}

#[cfg(test)]
mod tests {
    use super::options;

    fn shown(url: &str) -> String {
        match options(url) {
            Ok((_, place)) => place,
            Err(why) => why,
        }
    }

    #[test]
    fn a_place_is_host_port_and_database() {
        assert_eq!(shown("postgres://app@db/shop"), "postgres://db:5432/shop");
        assert_eq!(shown("postgresql://u:p@[::1]:5433/shop?sslmode=prefer"), "postgresql://[::1]:5433/shop");
        assert_eq!(shown("postgres:///shop%20two?host=/run/pg&user=u"), "postgres://%2Frun%2Fpg:5432/shop%20two");
    }

    #[test]
    fn a_password_is_nowhere() {
        for url in [
            "postgres://u:k\"S3CRET@h/db",
            "postgres:u:S3CRET@h",
            "postgres://h/db?user=u&%70assword=S3CRET",
            "postgres://h/db?password=a@S3CRET",
            "postgres://u:12/S3CRET@h/db",
            "postgres://u:12?S3CRET@h/db",
            "postgres://u:12#S3CRET@h/db",
            "postgres://u:12?x=S3CRET@h/db",
            "postgres://u:pa/S3CRET@h/db",
            "postgres://u:pa ss S3CRET@h/db",
        ] {
            let shown = shown(url);
            assert!(!shown.contains("S3CRET"), "{url}: {shown}");
        }
    }

    #[test]
    fn a_parameter_that_is_not_known_is_named() {
        let said = shown("postgres://u:p@h/db?sslmod=require");
        assert!(said.contains("parameter `sslmod`, which is not known: expected one of application_name"), "{said}");
        assert!(shown("postgres://u:p@h/db?sslmode=S3CRET").ends_with("`/` is %2F)"));
        let said = shown("postgres://u:p@h/db?sslmode=verify-full&sslrootcert=%2Fnowhere%2FS3CRET.crt");
        assert!(
            said.contains("the file that `sslrootcert` names does not exist") && !said.contains("S3CRET"),
            "{said}"
        );
    }
}
