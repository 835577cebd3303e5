//! Names that the server gives: those of primary keys and of the sequences of identity columns.

use super::text::quote_text;
use super::{IDENTIFIER_BYTES, Postgres};
use crate::catalog::Name;

/// `{table}_pkey` or `{table}_{column}_seq`, cut as the server cuts it where nothing else has that name: of the two parts always the
/// longer one, byte by byte, then each at a character.
pub(crate) fn choose(table: &str, column: Option<&str>) -> String {
    let (column, label) = column.map_or(("", "_pkey"), |column| (column, "_seq"));
    let separator = usize::from(!column.is_empty());
    let room = IDENTIFIER_BYTES - separator - label.len();
    let (mut of_table, mut of_column) = (table.len(), column.len());
    while of_table + of_column > room {
        if of_table > of_column {
            of_table -= 1;
        } else {
            of_column -= 1;
        }
    }
    let separator = if column.is_empty() { "" } else { "_" };
    format!("{}{separator}{}{label}", clip(table, of_table), clip(column, of_column))
}

fn clip(name: &str, mut length: usize) -> &str {
    while !name.is_char_boundary(length) {
        length -= 1;
    }
    &name[..length]
}

/// The statement where no relation (and no other constraint) has the new name: else the server would have chosen another one, too.
pub(crate) fn where_free(dialect: &Postgres, to: &Name, constraint: bool, rename: &str) -> String {
    let mut free = format!("pg_catalog.to_regclass({}) IS NULL", quote_text(&dialect.qualified(to)));
    if constraint {
        let (name, schema) = (quote_text(&to.name), quote_text(dialect.schema_of(to)));
        free.push_str(&format!(
            " AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace WHERE k.conname = {name} AND n.nspname = {schema})"
        ));
    }
    let body = format!("BEGIN IF {free} THEN {rename}; END IF; END");
    let body = if body.contains('$') { quote_text(&body) } else { format!("$${body}$$") };
    format!("DO {body}")
}

#[cfg(test)]
mod tests {
    use super::choose;

    #[test]
    fn names_are_cut_as_the_server_cuts_them() {
        assert_eq!(choose("users", None), "users_pkey");
        assert_eq!(choose("users", Some("id")), "users_id_seq");
        assert_eq!(choose(&"t".repeat(63), None), format!("{}_pkey", "t".repeat(58)));
        assert_eq!(choose(&"t".repeat(63), Some("id")), format!("{}_id_seq", "t".repeat(56)));
        assert_eq!(
            choose(&"t".repeat(50), Some(&"c".repeat(50))),
            format!("{}_{}_seq", "t".repeat(29), "c".repeat(29))
        );
        assert_eq!(choose(&"ü".repeat(31), None), format!("{}_pkey", "ü".repeat(29)));
    }
}
