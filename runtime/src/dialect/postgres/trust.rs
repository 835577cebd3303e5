//! Whether the state tables are ours (rule S3): anybody who may create tables can make one of their names first.
//!
//! Reading such a table runs code of its owner (a policy, a view's functions, an index's expression, which the server computes while it
//! plans), writing it does (a trigger, a rule), and believing it makes a run drop what it says. So nothing is read before the owner is
//! known to be one that could do all of it anyway, and nothing goes on over a table that is not as we make it.

use super::text::quote_text;
use crate::dialect::{Error, Result};
use serde::Deserialize;

/// A table of ours, as the server describes it.
#[derive(Debug, Deserialize)]
pub(super) struct StateRelation {
    pub(super) schema: String,
    pub(super) name: String,
    kind: String,
    owner: String,
    trusted: bool,
    rules: Vec<String>,
    triggers: Vec<String>,
    policies: bool,
    inherits: bool,
    expressions: bool,
    columns: Vec<(String, String)>,
}

/// Whether the owner of the relation `c` could do anyway whatever a table of theirs can: the session's own role, a superuser, the
/// database's owner; for a session without a superuser's rights also a role that it is a member of, and the schema's owner. Safe under
/// every search path.
fn trusted() -> String {
    format!("({} OR {})", trusted_at_once(), trusted_else())
}

/// The half of [`trusted`] that reads nothing but caches of the server. (Role 10 is the first superuser, and only superusers are always
/// its members.)
fn trusted_at_once() -> &'static str {
    "(pg_catalog.pg_get_userbyid(c.relowner) OPERATOR(pg_catalog.=) CURRENT_USER
   OR pg_catalog.pg_has_role(c.relowner, 10::pg_catalog.oid, 'MEMBER'))"
}

/// The half of [`trusted`] that takes the server longer to plan than the rest of the gate.
fn trusted_else() -> &'static str {
    "(c.relowner OPERATOR(pg_catalog.=) (SELECT d.datdba FROM pg_catalog.pg_database d WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database())
   OR NOT pg_catalog.pg_has_role(10::pg_catalog.oid, 'MEMBER') AND (pg_catalog.pg_has_role(c.relowner, 'MEMBER')
     OR c.relowner OPERATOR(pg_catalog.=) (SELECT n.nspowner FROM pg_catalog.pg_namespace n WHERE n.oid OPERATOR(pg_catalog.=) c.relnamespace)))"
}

/// A query of one row: what is in `with` (each with a comma behind it), and the rows of `query`, which reads a state table, as XML, where
/// the table is there and ours; else NULL. The server looks neither at `query` nor at the table before it knows. `table`: as the search
/// path finds it, or with its (quoted) schema. Safe under every search path.
///
/// The server plans this at every start of a program, so it names one catalog, finds one row in it whether the table is there or not
/// (1259 is pg_class itself), and puts the questions that are seldom asked into a text.
pub(super) fn guarded(with: &str, table: &str, query: &str) -> String {
    let xml = |text: &str| format!("pg_catalog.query_to_xml({text}, false, false, '')");
    let found = format!("pg_catalog.to_regclass({})::pg_catalog.oid", quote_text(table));
    let query = quote_text(query);
    let asked_else = format!(
        "SELECT CASE WHEN {} THEN {} END AS guarded FROM pg_catalog.pg_class c WHERE c.oid OPERATOR(pg_catalog.=) {found}",
        trusted_else(),
        xml(&query)
    );
    let text = format!("CASE WHEN {} THEN {query} ELSE {} END", trusted_at_once(), quote_text(&asked_else));
    format!(
        "SELECT {with}CASE WHEN c.relkind OPERATOR(pg_catalog.=) 'r' AND c.relpersistence OPERATOR(pg_catalog.<>) 't' AND c.oid OPERATOR(pg_catalog.<>) 1259::pg_catalog.oid THEN {} END
 FROM pg_catalog.pg_class c WHERE c.oid OPERATOR(pg_catalog.=) COALESCE({found}, 1259::pg_catalog.oid)",
        xml(&text)
    )
}

/// The columns of the only row in the answer of [`guarded`]; none where it has no row.
pub(super) fn xml_row(xml: &str, columns: &[&str]) -> Vec<Option<String>> {
    let value = |name: &&str| {
        let (_, rest) = xml.split_once(&format!("<{name}>"))?;
        let (value, _) = rest.split_once(&format!("</{name}>"))?;
        Some(value.replace("&lt;", "<").replace("&gt;", ">").replace("&#x0d;", "\r").replace("&amp;", "&"))
    };
    let row: Vec<Option<String>> = columns.iter().map(value).collect();
    if row.iter().all(Option::is_none) { Vec::new() } else { row }
}

/// A query for the tables of these names in every schema, each as the JSON of a [`StateRelation`].
pub(super) fn relations(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| quote_text(name)).collect();
    format!(
        "SELECT json_build_object('schema', n.nspname, 'name', c.relname, 'kind', c.relkind, 'owner', pg_get_userbyid(c.relowner), 'trusted', {},
  'rules', (SELECT coalesce(json_agg(w.rulename ORDER BY w.rulename), '[]') FROM pg_rewrite w WHERE w.ev_class = c.oid AND w.rulename <> '_RETURN'),
  'triggers', (SELECT coalesce(json_agg(t.tgname ORDER BY t.tgname), '[]') FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal),
  'policies', c.relrowsecurity OR EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid),
  'inherits', c.relispartition OR EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid OR i.inhrelid = c.oid),
  'expressions', EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL))
    OR EXISTS (SELECT FROM pg_attrdef f WHERE f.adrelid = c.oid) OR EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c'),
  'columns', (SELECT coalesce(json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum), '[]') FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname IN ({}) AND c.relpersistence <> 't'",
        trusted(),
        names.join(", ")
    )
}

impl StateRelation {
    /// # Errors
    /// [`Error::Refused`]: it is unmanaged, with what to do.
    pub(super) fn refuse_unless_ours(&self, columns: &[(&str, &str)]) -> Result<()> {
        let Some(reason) = self.reason(columns) else { return Ok(()) };
        let name = format!("\"{}\".\"{}\"", self.schema, self.name);
        Err(Error::Refused(format!(
            "{name} {reason}; schemasync keeps there what it knows of this database. If a run of schemasync made it, let its role do this \
             run too (or give the table to the right one: ALTER TABLE … OWNER TO …) and take away what was added; else rename or drop it"
        )))
    }

    /// What is wrong with it.
    fn reason(&self, columns: &[(&str, &str)]) -> Option<String> {
        let kind = match self.kind.as_str() {
            "r" => None,
            "v" => Some("a view"),
            "m" => Some("a materialized view"),
            "f" => Some("a foreign table"),
            "p" => Some("a partitioned table"),
            "S" => Some("a sequence"),
            "c" => Some("a composite type"),
            "i" | "I" => Some("an index"),
            _ => Some("no table"),
        };
        let named = |what: &str, names: &[String]| {
            names.first().map(|name| format!("has a {what} (\"{name}\"), which would run with the rights of this run"))
        };
        let differs = || {
            let live = |(name, ty): &(&str, &str)| self.columns.iter().any(|(a, b)| a == name && b == ty);
            let missing = columns.iter().find(|column| !live(column));
            let extra = self.columns.iter().find(|(name, _)| !columns.iter().any(|(known, _)| known == name));
            missing.map(|(name, ty)| format!("has no column \"{name}\" of type {ty}")).or_else(|| {
                extra.map(|(name, _)| format!("has a column \"{name}\" that no version of schemasync knows"))
            })
        };
        kind.map(|kind| format!("is {kind} of the role \"{}\", not a table of ours", self.owner))
            .or_else(|| (!self.trusted).then(|| format!("belongs to the role \"{}\"", self.owner)))
            .or_else(|| named("rule", &self.rules))
            .or_else(|| named("trigger", &self.triggers))
            .or_else(|| self.policies.then(|| "has row-level security, which could hide rows from this run".to_owned()))
            .or_else(|| self.inherits.then(|| "is part of an inheritance".to_owned()))
            .or_else(|| self.expressions.then(|| "has a default, a check or an index with an expression".to_owned()))
            .or_else(differs)
    }
}

#[cfg(test)]
mod tests {
    use super::xml_row;

    #[test]
    fn a_row_of_xml_is_read() {
        let xml = "<table>\n<row>\n  <a>x &lt;y&gt; &amp;lt; z&#x0d;\n</a>\n  <b></b>\n</row>\n</table>\n";
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(xml_row(xml, &["a", "b", "c"]), [some("x <y> &lt; z\r\n"), some(""), None]);
        assert!(xml_row("<table>\n</table>\n", &["a"]).is_empty());
    }
}
