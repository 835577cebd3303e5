//! A URL becomes a connection: the options that it says, and the place that may be shown of it.

use crate::dialect::url::{Opened, OwnedConnection, PATIENCE, no_connection, why};
use sqlx::ConnectOptions;
use sqlx::mysql::MySqlConnectOptions;

/// Connects.
pub(crate) async fn open(url: &str) -> Result<Opened, String> {
    let (options, place) = options(url)?;
    match tokio::time::timeout(PATIENCE, options.connect()).await {
        Ok(Ok(connection)) => {
            Ok(Opened { connection: OwnedConnection::Mysql(Box::new(connection)), place, created: false })
        }
        Ok(Err(error)) => Err(format!("{place}: no connection: {}", no_connection(&error))),
        Err(_) => Err(format!("{place}: no answer within {} s", PATIENCE.as_secs())),
    }
}

/// A URL, read, and the place that it names: made of what was parsed, never of the text.
fn options(url: &str) -> Result<(MySqlConnectOptions, String), String> {
    let scheme = if url.to_ascii_lowercase().starts_with("mariadb") { "mariadb" } else { "mysql" };
    let wrong = |why: &str| {
        format!(
            "the URL ({scheme}://…) cannot be read: {why}; expected {scheme}://USER:PASSWORD@HOST:PORT/DATABASE, with what is special in a \
             part percent-encoded (`@` is %40, `/` is %2F)"
        )
    };
    let Some((_, rest)) = url.split_once("://") else { return Err(wrong("there is no `//` behind the scheme")) };
    if url.contains('#') {
        return Err(wrong("it has a `#`"));
    }
    let before_query = rest.split_once('?').map_or(rest, |(before, _)| before);
    let path = before_query.split_once('/').map(|(_, path)| path);
    match path {
        Some(path) if path.contains(['@', '/']) => {
            return Err(wrong("there is an `@` or a second `/` behind the host"));
        }
        Some(path) if !path.is_empty() => {}
        _ => return Err(wrong("it names no database")),
    }
    let options: MySqlConnectOptions = format!("mysql://{rest}").parse().map_err(|error| wrong(why(&error)))?;
    let parsed = options.to_url_lossy();
    let host = parsed.host_str().unwrap_or("localhost");
    let port = parsed.port().unwrap_or(3306);
    let place = format!("{scheme}://{host}:{port}{}", parsed.path());
    Ok((options, place))
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
        assert_eq!(shown("mysql://app@db/shop"), "mysql://db:3306/shop");
        assert_eq!(shown("mariadb://u:p@127.0.0.1:3307/shop"), "mariadb://127.0.0.1:3307/shop");
    }

    #[test]
    fn a_password_is_nowhere() {
        for url in [
            "mysql://u:S3CRET@h/db",
            "mysql://u:12/S3CRET@h/db",
            "mysql://u:12?S3CRET@h/db",
            "mysql://u:12#S3CRET@h/db",
            "mysql:u:S3CRET@h",
            "mysql://u:S3CRET@h",
            "mariadb://u:pa/S3CRET@h/db",
        ] {
            let shown = shown(url);
            assert!(!shown.contains("S3CRET"), "{url}: {shown}");
        }
    }
}
