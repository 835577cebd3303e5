//! The two search paths of a run.
//!
//! Whoever may create functions in a schema of the path can overload one of the server's own, and the overload that fits the arguments
//! better is called, with the rights of whoever asks. So the path is [`CATALOG`] wherever a statement is ours alone. What the model
//! wrote, and the server's wording of it, needs the model's schemas: those statements are put between [`SearchPath::around`].
//! Statements that run with the model's path use nothing that could be overloaded: qualified functions, `OPERATOR(pg_catalog.…)`, or
//! operators that the server has for exactly these types.

use super::text::quote;

/// The path that finds the server's own objects alone. Setting it calls nothing.
pub(super) const CATALOG: &str = "SET LOCAL search_path = pg_catalog, pg_temp";

/// The path by which the model's own words are read.
#[derive(Debug, Default)]
pub(super) struct SearchPath {
    /// Quoted, with commas.
    schemas: String,
}

impl SearchPath {
    /// Of these schemas, temporary objects last.
    pub(super) fn of(schemas: &[String]) -> Self {
        let quoted = schemas.iter().map(|schema| quote(schema)).chain(["pg_temp".to_owned()]);
        Self { schemas: quoted.collect::<Vec<_>>().join(", ") }
    }

    /// The schemas, quoted, with commas.
    pub(super) fn schemas(&self) -> &str {
        &self.schemas
    }

    /// Sets it, until the transaction ends.
    pub(super) fn set(&self) -> String {
        format!("SET LOCAL search_path = {}", self.schemas)
    }

    /// Sets it, with temporary objects first.
    pub(super) fn set_temporary_first(&self) -> String {
        format!("SET LOCAL search_path = pg_temp, {}", self.schemas)
    }

    /// Sets it for the session: for statements that stand alone in their message.
    pub(super) fn set_for_session(&self) -> String {
        format!("SET search_path = {}", self.schemas)
    }

    /// The statements with this path, in one message. A line comment at their end ends with the line.
    pub(super) fn around(&self, sql: &str) -> String {
        format!("{}; {sql}\n; {CATALOG}", self.set())
    }

    /// Queries that are read with the path of the catalog and answer with this one, in one message: names are looked up where a cursor
    /// is declared, and worded where its rows are fetched.
    pub(super) fn worded(&self, queries: &[String]) -> String {
        let declared = queries
            .iter()
            .enumerate()
            .map(|(at, query)| format!("DECLARE schemasync_{at} NO SCROLL CURSOR FOR {query}\n; "));
        let fetched = (0..queries.len()).map(|at| format!("FETCH ALL FROM schemasync_{at}; "));
        let closed = (0..queries.len()).map(|at| format!("CLOSE schemasync_{at}; "));
        let parts = [declared.collect::<String>(), format!("{}; ", self.set()), fetched.collect(), closed.collect()];
        format!("{CATALOG}; {}{CATALOG}", parts.concat())
    }

    /// How many statements of [`SearchPath::worded`] come before the first answer.
    pub(super) fn before_answers(queries: &[String]) -> usize {
        queries.len() + 2
    }
}

#[cfg(test)]
mod tests {
    use super::SearchPath;

    #[test]
    fn a_query_is_read_with_one_path_and_worded_with_the_other() {
        let path = SearchPath::of(&["a\"b".to_owned()]);
        let queries = ["SELECT 1".to_owned(), "SELECT 2 -- two".to_owned()];
        let catalog = "SET LOCAL search_path = pg_catalog, pg_temp";
        assert_eq!(
            path.worded(&queries),
            format!(
                "{catalog}; DECLARE schemasync_0 NO SCROLL CURSOR FOR SELECT 1\n; DECLARE schemasync_1 NO SCROLL CURSOR FOR SELECT 2 -- two\n; \
                 SET LOCAL search_path = \"a\"\"b\", pg_temp; FETCH ALL FROM schemasync_0; FETCH ALL FROM schemasync_1; \
                 CLOSE schemasync_0; CLOSE schemasync_1; {catalog}"
            )
        );
        assert_eq!(SearchPath::before_answers(&queries), 4);
    }
}
