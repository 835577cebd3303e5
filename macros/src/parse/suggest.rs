//! What to say about a name that is not known here.

use proc_macro2::Ident;

use crate::context::Context;

/// Sets up to this size are listed in full.
const SMALL: usize = 12;

/// Names that are right in another place, and which place that is: `("table", "the struct")`.
pub(super) type Elsewhere<'a> = &'a [(&'a [&'a str], &'a str)];

/// What these names are called here: words of SQL and of other libraries.
const CALLED: &[(&[&str], &str)] = &[
    (&["primary", "primary_key", "pk", "key"], "`id`"),
    (&["references", "foreign_key", "belongs_to"], "`fk = User::id`"),
    (&["ignore", "transient"], "`skip`"),
    (&["rename", "name", "column_name"], "`column = \"…\"`"),
    (&["table_name"], "`table = \"…\"`"),
    (&["auto_increment", "autoincrement", "identity", "serial"], "`default(increment)`"),
    (&["nullable", "optional", "null"], "the type `Option<T>`"),
    (&["type", "column_type"], "`sqlite(type = \"…\")`, `postgres(type = \"…\")` or `mysql(type = \"…\")`"),
    (&["size", "length", "max_len"], "`max_length = 255`"),
    (&["comment", "description"], "a doc comment"),
    (&["flatten", "embedded", "nested"], "`embed`"),
    (&["previously", "renamed_from", "old_name"], "`renamed = \"…\"`"),
];

/// The candidate that is closest to the name, when one is close.
pub(crate) fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| {
            let shorter = candidate.len().min(name.len());
            *distance <= 1 + shorter / 4 && *distance < shorter
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `` `a`, `b` or `c` ``
pub(super) fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [init @ .., last] => {
            let init: Vec<String> = init.iter().map(|name| format!("`{name}`")).collect();
            format!("{} or `{last}`", init.join(", "))
        }
    }
}

/// Adds the error for a name that is not in `allowed`. `what` says what the names are: "attribute of a field".
pub(super) fn unknown(cx: &Context, name: &Ident, what: &str, allowed: &[&str], elsewhere: Elsewhere<'_>) {
    let text = name.to_string();
    for (names, place) in elsewhere {
        if names.contains(&text.as_str()) {
            return cx.error(name.span(), format!("`{text}` belongs on {place}"));
        }
    }
    let mut message = format!("unknown {what} `{text}`");
    if let Some(near) = closest(&text, allowed.iter().copied()) {
        message += &format!("; did you mean `{near}`?");
        if allowed.len() <= SMALL {
            message += &format!(" (expected {})", list(allowed));
        }
    } else if let Some((_, here)) = CALLED.iter().find(|(names, _)| names.contains(&text.as_str())) {
        message += &format!("; here that is {here}");
    } else if allowed.len() <= SMALL {
        message += &format!(" (expected {})", list(allowed));
    }
    cx.error(name.span(), message);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_name_is_close() {
        assert_eq!(closest("uniqe", ["unique", "index"]), Some("unique"));
        assert_eq!(closest("colum", ["column", "collate"]), Some("column"));
        assert_eq!(closest("banana", ["unique", "index"]), None);
        assert_eq!(closest("x", ["id"]), None);
    }

    #[test]
    fn lists_read_well() {
        assert_eq!(list(&["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
