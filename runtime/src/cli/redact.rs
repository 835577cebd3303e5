//! Passwords are taken out of whatever is shown.

/// The text with the password of every URL in it replaced by `***`.
///
/// ```
/// use schemasync::cli::redact;
///
/// assert_eq!(redact("no route to postgres://app:s3cret@db/shop"), "no route to postgres://app:***@db/shop");
/// assert_eq!(redact("postgres://db/shop?user=app&password=s3cret&x=1"), "postgres://db/shop?user=app&password=***&x=1");
/// ```
pub fn redact(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        shown.push_str(before);
        // A password that should have been percent-encoded may hold anything: the last `@` of the word ends it.
        let end = after.find(|c: char| c.is_whitespace() || matches!(c, '"' | '`')).unwrap_or(after.len());
        let (word, tail) = after.split_at(end);
        shown.push_str(&without_password(word));
        rest = tail;
    }
    shown.push_str(rest);
    shown
}

/// `app:***@db/shop` of `app:s3cret@db/shop`.
fn without_password(word: &str) -> String {
    let (user, host) = match word.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, word),
    };
    let mut shown = String::new();
    if let Some(user) = user {
        match user.split_once(':') {
            Some((name, _)) => shown.push_str(&format!("{name}:***@")),
            None => shown.push_str(&format!("{user}@")),
        }
    }
    let Some((place, query)) = host.split_once('?') else { return shown + host };
    let pairs: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((key, _)) if is_secret(key) => format!("{key}=***"),
            _ => pair.to_owned(),
        })
        .collect();
    format!("{shown}{place}?{}", pairs.join("&"))
}

fn is_secret(key: &str) -> bool {
    ["password", "passwd", "pwd", "secret", "key", "token"].iter().any(|word| key.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn what_holds_no_password_stays() {
        for text in ["", "a@b", "sqlite:app.db", "sqlite://app.db?mode=rwc", "postgres://app@db/shop", "x :// y"] {
            assert_eq!(redact(text), text);
        }
    }

    #[test]
    fn a_password_goes_whatever_is_in_it() {
        assert_eq!(redact("'mysql://u:p@ss/w:rd@h/d', or"), "'mysql://u:***@h/d', or");
        assert_eq!(redact("a://u:1@h b://v:2@i"), "a://u:***@h b://v:***@i");
        assert_eq!(redact("postgres://:x@h?sslkey=a&Password=b"), "postgres://:***@h?sslkey=a&Password=***");
    }
}
