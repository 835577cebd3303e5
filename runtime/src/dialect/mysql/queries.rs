//! The queries of inspection: a fixed number, whatever the number of tables. The information schema is slow: it is asked for the columns that
//! are needed, by the name of the database.

use super::Flavor;
use super::text::quote_text;

/// The condition that a database is looked at.
fn of_schemas(column: &str, schemas: &[String]) -> String {
    match schemas {
        // The servers look into one database alone only where it is said so.
        [one] => format!("{column} = {}", quote_text(one)),
        all => {
            let all: Vec<String> = all.iter().map(|name| quote_text(name)).collect();
            format!("{column} IN ({})", all.join(", "))
        }
    }
}

pub(super) fn tables(schemas: &[String]) -> String {
    format!(
        "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION, CREATE_OPTIONS, TABLE_COMMENT, TABLE_ROWS \
         FROM information_schema.TABLES WHERE {} ORDER BY TABLE_SCHEMA, TABLE_NAME",
        of_schemas("TABLE_SCHEMA", schemas)
    )
}

pub(super) fn columns(flavor: Flavor, schemas: &[String]) -> String {
    let srs = if flavor == Flavor::Mysql { "SRS_ID" } else { "NULL" };
    format!(
        "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_DEFAULT, IS_NULLABLE, COLUMN_TYPE, COLLATION_NAME, EXTRA, COLUMN_COMMENT, \
         GENERATION_EXPRESSION, {srs} FROM information_schema.COLUMNS WHERE {} ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION",
        of_schemas("TABLE_SCHEMA", schemas)
    )
}

pub(super) fn indexes(flavor: Flavor, schemas: &[String]) -> String {
    let (expression, visible) = match flavor {
        Flavor::Mysql => ("EXPRESSION", "IS_VISIBLE"),
        Flavor::Mariadb => ("NULL", "IF(IGNORED = 'YES', 'NO', 'YES')"),
    };
    format!(
        "SELECT TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, NON_UNIQUE, COLUMN_NAME, COLLATION, SUB_PART, INDEX_TYPE, {expression}, {visible} \
         FROM information_schema.STATISTICS WHERE {} ORDER BY TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX",
        of_schemas("TABLE_SCHEMA", schemas)
    )
}

pub(super) fn foreign_keys(schemas: &[String]) -> String {
    format!(
        "SELECT k.TABLE_SCHEMA, k.TABLE_NAME, k.CONSTRAINT_NAME, k.COLUMN_NAME, k.REFERENCED_TABLE_SCHEMA, k.REFERENCED_TABLE_NAME, \
         k.REFERENCED_COLUMN_NAME, r.DELETE_RULE, r.UPDATE_RULE FROM information_schema.KEY_COLUMN_USAGE k \
         JOIN information_schema.REFERENTIAL_CONSTRAINTS r ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.TABLE_NAME = k.TABLE_NAME \
         AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME WHERE {} AND {} AND k.REFERENCED_TABLE_NAME IS NOT NULL \
         ORDER BY k.TABLE_SCHEMA, k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION",
        of_schemas("k.TABLE_SCHEMA", schemas),
        of_schemas("r.CONSTRAINT_SCHEMA", schemas)
    )
}

pub(super) fn checks(flavor: Flavor, schemas: &[String]) -> String {
    match flavor {
        Flavor::Mysql => format!(
            "SELECT t.TABLE_SCHEMA, t.TABLE_NAME, c.CONSTRAINT_NAME, c.CHECK_CLAUSE, t.ENFORCED, 'Table' \
             FROM information_schema.TABLE_CONSTRAINTS t JOIN information_schema.CHECK_CONSTRAINTS c \
             ON c.CONSTRAINT_SCHEMA = t.CONSTRAINT_SCHEMA AND c.CONSTRAINT_NAME = t.CONSTRAINT_NAME \
             WHERE {} AND t.CONSTRAINT_TYPE = 'CHECK' ORDER BY t.TABLE_SCHEMA, t.TABLE_NAME, c.CONSTRAINT_NAME",
            of_schemas("t.TABLE_SCHEMA", schemas)
        ),
        Flavor::Mariadb => format!(
            "SELECT CONSTRAINT_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE, 'YES', LEVEL FROM information_schema.CHECK_CONSTRAINTS \
             WHERE {} ORDER BY CONSTRAINT_SCHEMA, TABLE_NAME, CONSTRAINT_NAME",
            of_schemas("CONSTRAINT_SCHEMA", schemas)
        ),
    }
}

pub(super) fn views(schemas: &[String]) -> String {
    format!(
        "SELECT TABLE_SCHEMA, TABLE_NAME, VIEW_DEFINITION, CHECK_OPTION FROM information_schema.VIEWS WHERE {} ORDER BY TABLE_SCHEMA, TABLE_NAME",
        of_schemas("TABLE_SCHEMA", schemas)
    )
}

pub(super) fn triggers(schemas: &[String]) -> String {
    format!(
        "SELECT EVENT_OBJECT_SCHEMA, EVENT_OBJECT_TABLE, TRIGGER_NAME, ACTION_TIMING, EVENT_MANIPULATION, ACTION_STATEMENT \
         FROM information_schema.TRIGGERS WHERE {} ORDER BY EVENT_OBJECT_SCHEMA, EVENT_OBJECT_TABLE, TRIGGER_NAME",
        of_schemas("EVENT_OBJECT_SCHEMA", schemas)
    )
}
