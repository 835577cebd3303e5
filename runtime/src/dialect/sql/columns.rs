//! The names of the columns that a query gives, as far as its text says them: for where the database cannot be asked, because what the
//! query reads is not there yet.

/// A token of a query: its text, and the name that it can be, as the database knows it.
pub(crate) struct QueryToken<'a> {
    pub(crate) text: &'a str,
    pub(crate) name: Option<String>,
}

impl QueryToken<'_> {
    fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }
}

/// What ends the list of a SELECT.
const ENDS: [&str; 12] =
    ["FROM", "WHERE", "GROUP", "HAVING", "WINDOW", "UNION", "EXCEPT", "INTERSECT", "ORDER", "LIMIT", "OFFSET", "INTO"];

/// The names, in order; `None`: the text does not say them all (`*`, an expression without a name).
pub(crate) fn output_columns(tokens: &[QueryToken<'_>]) -> Option<Vec<String>> {
    let mut depth = 0_usize;
    let mut items: Option<Vec<Vec<&QueryToken<'_>>>> = None;
    for token in tokens {
        match token.text {
            "(" => depth += 1,
            ")" => depth = depth.checked_sub(1)?,
            _ => {}
        }
        let Some(items) = &mut items else {
            let begins = depth == 0 && token.is("SELECT");
            if begins {
                items = Some(vec![Vec::new()]);
            } else if depth == 0 && token.is("VALUES") {
                return None;
            }
            continue;
        };
        if depth == 0 && token.text == "," {
            items.push(Vec::new());
        } else if depth == 0 && ENDS.iter().any(|word| token.is(word)) {
            break;
        } else if let Some(item) = items.last_mut() {
            item.push(token);
        }
    }
    let mut items = items?;
    let first = items.first_mut()?;
    if first.first().is_some_and(|token| token.is("DISTINCT")) && first.get(1).is_some_and(|token| token.is("ON")) {
        return None;
    }
    if first.first().is_some_and(|token| token.is("DISTINCT") || token.is("ALL")) {
        first.remove(0);
    }
    items.iter().map(|item| name_of(item)).collect()
}

/// `a`, `t.a`, `… AS a`.
fn name_of(item: &[&QueryToken<'_>]) -> Option<String> {
    let (last, before) = item.split_last()?;
    let plain = before.chunks(2).all(|pair| matches!(pair, [name, dot] if name.name.is_some() && dot.text == "."));
    let named = before.last().is_some_and(|word| word.is("AS"));
    last.name.clone().filter(|_| plain || named)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(sql: &str) -> Option<Vec<String>> {
        let words = sql.replace(',', " , ").replace('(', " ( ").replace(')', " ) ").replace('.', " . ");
        let name = |word: &str| word.chars().all(char::is_alphanumeric).then(|| word.to_owned());
        let tokens: Vec<QueryToken<'_>> =
            words.split_whitespace().map(|text| QueryToken { text, name: name(text) }).collect();
        output_columns(&tokens)
    }

    #[test]
    fn v2_the_columns_of_a_query_are_those_that_its_text_names() {
        let named = |names: &str| Some(names.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(columns("SELECT a, t.b, x + 1 AS c FROM t"), named("a b c"));
        assert_eq!(columns("select distinct a from t order by b, c"), named("a"));
        assert_eq!(columns("WITH q AS (SELECT x, y FROM t) SELECT y FROM q"), named("y"));
        assert_eq!(columns("SELECT f(a, b) AS z UNION SELECT y"), named("z"));
        assert_eq!(columns("SELECT (SELECT a, b FROM t) AS z, d"), named("z d"));
        for unknown in
            ["SELECT * FROM t", "SELECT a, t.* FROM t", "SELECT count(a) FROM t", "SELECT a + b", "VALUES (1)", "", ")"]
        {
            assert_eq!(columns(unknown), None, "{unknown}");
        }
    }
}
