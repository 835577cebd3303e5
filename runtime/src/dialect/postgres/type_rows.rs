//! The query for enum types, and what its rows hold: each type with everything that is of it or mentions it.

use super::Postgres;
use super::cells::{Cells, FromCells};
use super::text::quote_text;
use crate::catalog::{EnumType, TypeUse, UseKind};
use crate::error::Result;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct TypeRow {
    schema: String,
    name: String,
    /// `format_type`
    text: String,
    kind: String,
    labels: Option<Vec<String>>,
    uses: Option<Vec<UseRow>>,
    restore: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
struct UseRow {
    kind: UseKind,
    schema: Option<String>,
    table: Option<String>,
    name: Option<String>,
    array: bool,
}

impl FromCells for TypeRow {
    fn read(cells: &mut Cells<'_>) -> Result<Self> {
        cells.only()
    }
}

/// Rows of [`TypeRow`]: the enum types of these schemas, and whatever else has one of these names there.
pub(crate) fn types(schemas: &[String], names: &[String]) -> String {
    let texts = |names: &[String]| names.iter().map(|name| quote_text(name)).collect::<Vec<_>>().join(", ");
    let named = if names.is_empty() { String::new() } else { format!(" OR t.typname IN ({})", texts(names)) };
    format!(
        "SELECT json_build_object('schema', n.nspname, 'name', t.typname, 'text', pg_catalog.format_type(t.oid, NULL),
  'kind', CASE WHEN t.typtype = 'c' AND c.relkind <> 'c' THEN 'relation ' || c.relkind::text ELSE t.typtype::text END,
  'labels', (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid),
  'uses', CASE WHEN t.typtype = 'e' THEN (SELECT json_agg(json_build_object('kind', u.kind, 'schema', u.schema, 'table', u.rel, 'name', u.name, 'array', u.is_array) ORDER BY u.kind, u.schema, u.rel, u.name, u.is_array) FROM (
    SELECT DISTINCT
      CASE WHEN d.classid = 'pg_catalog.pg_class'::regclass AND r.relkind IN ('r', 'p', 'f') AND d.objsubid > 0 THEN 'column'
        WHEN d.classid = 'pg_catalog.pg_class'::regclass AND r.relkind IN ('v', 'm') OR w.oid IS NOT NULL AND wr.relkind IN ('v', 'm') THEN 'view'
        WHEN f.oid IS NOT NULL THEN 'expression' WHEN k.oid IS NOT NULL AND k.conrelid <> 0 THEN 'constraint' WHEN ix.indexrelid IS NOT NULL THEN 'index' ELSE 'other' END AS kind,
      un.nspname AS schema, ur.relname AS rel,
      CASE WHEN k.oid IS NOT NULL AND k.conrelid <> 0 THEN k.conname::text WHEN ix.indexrelid IS NOT NULL THEN r.relname::text WHEN a.attname IS NOT NULL THEN a.attname::text
        ELSE pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) END AS name,
      d.refobjid = t.typarray AS is_array
    FROM pg_catalog.pg_depend d
    LEFT JOIN pg_catalog.pg_class r ON d.classid = 'pg_catalog.pg_class'::regclass AND r.oid = d.objid
    LEFT JOIN pg_catalog.pg_index ix ON r.relkind IN ('i', 'I') AND ix.indexrelid = r.oid
    LEFT JOIN pg_catalog.pg_rewrite w ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND w.oid = d.objid
    LEFT JOIN pg_catalog.pg_class wr ON wr.oid = w.ev_class
    LEFT JOIN pg_catalog.pg_attrdef f ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND f.oid = d.objid
    LEFT JOIN pg_catalog.pg_constraint k ON d.classid = 'pg_catalog.pg_constraint'::regclass AND k.oid = d.objid
    LEFT JOIN pg_catalog.pg_class ur ON ur.oid = coalesce(ix.indrelid, w.ev_class, f.adrelid, nullif(k.conrelid, 0), CASE WHEN r.relkind IN ('r', 'p', 'f', 'v', 'm') THEN r.oid END)
    LEFT JOIN pg_catalog.pg_namespace un ON un.oid = ur.relnamespace
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = ur.oid AND a.attnum = coalesce(f.adnum, CASE WHEN d.objsubid > 0 THEN d.objsubid END)
    WHERE d.refclassid = 'pg_catalog.pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray) AND d.deptype IN ('n', 'a')) u) END,
  'restore', CASE WHEN t.typtype = 'e' THEN (SELECT json_agg(q.sql ORDER BY q.rank, q.sql) FROM (
    SELECT 0 AS rank, format('ALTER TYPE %I.%I OWNER TO %I', n.nspname, t.typname, pg_catalog.pg_get_userbyid(t.typowner)) AS sql WHERE t.typowner <> (SELECT u.oid FROM pg_catalog.pg_roles u WHERE u.rolname = current_user)
    UNION ALL SELECT 1, format('COMMENT ON TYPE %I.%I IS %L', n.nspname, t.typname, pg_catalog.obj_description(t.oid, 'pg_type')) WHERE pg_catalog.obj_description(t.oid, 'pg_type') IS NOT NULL
    UNION ALL SELECT 2, format('REVOKE ALL ON TYPE %I.%I FROM PUBLIC, %I', n.nspname, t.typname, pg_catalog.pg_get_userbyid(t.typowner)) WHERE t.typacl IS NOT NULL
    UNION ALL SELECT 3, format('GRANT %s ON TYPE %I.%I TO %s%s', l.privilege_type, n.nspname, t.typname, CASE WHEN l.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_catalog.pg_get_userbyid(l.grantee)) END,
      CASE WHEN l.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) FROM pg_catalog.aclexplode(t.typacl) l
    ) q) END)::text
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
WHERE n.nspname IN ({}) AND (t.typtype = 'e'{named}) AND t.typcategory <> 'A'
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e')
ORDER BY n.nspname, t.typname",
        texts(schemas)
    )
}

/// The type that the row describes.
pub(crate) fn of(dialect: &Postgres, row: TypeRow) -> EnumType {
    let name = dialect.full_name(Some(&row.schema), &row.name);
    let other = match row.kind.as_str() {
        "e" => None,
        "c" => Some("a composite type"),
        "d" => Some("a domain"),
        "relation r" | "relation p" | "relation f" => Some("the row type of a table"),
        "relation v" | "relation m" => Some("the row type of a view"),
        _ => Some("another type"),
    };
    let uses = row.uses.unwrap_or_default().into_iter().map(|row| TypeUse {
        kind: row.kind,
        table: dialect.full_name(row.schema.as_deref(), &row.table.unwrap_or_default()),
        name: row.name.unwrap_or_default(),
        array: row.array,
    });
    EnumType {
        ty: dialect.live_enum_text(&name, &row.text),
        labels: row.labels.unwrap_or_default(),
        other: other.map(str::to_owned),
        uses: uses.collect(),
        restore: row.restore.unwrap_or_default(),
        name,
    }
}

impl Postgres {
    /// The native type of a live enum type's columns: as the model would say it, where it is one that we name; else as the server says it.
    pub(super) fn live_enum_text(&self, name: &crate::catalog::Name, said: &str) -> String {
        let named = self.enums.as_ref().is_none_or(|enums| enums.contains(name));
        if named { self.enum_text(name) } else { said.to_owned() }
    }
}
