//! The catalog queries: a fixed number of them, whatever is there. Joins over whole catalogs instead of a subquery for each row, and
//! columns of keys as their numbers: of many tables the difference is a factor.

use super::dependents;
use super::text::quote_text;
use crate::catalog::MANAGED_PREFIX;

/// Relations of extensions and ours are nobody's business.
const HIDDEN: &str = "(c.relname IN ('__schemasync_state', '__schemasync_history') OR c.oid IN (SELECT e.objid FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.deptype = 'e'))";

/// The name of the collation `l`, with its schema where the search path does not find it.
const COLLATION: &str = "CASE WHEN pg_catalog.pg_collation_is_visible(l.oid) THEN l.collname ELSE (SELECT '\"' || replace(s.nspname, '\"', '\"\"') || '\".\"' || replace(l.collname, '\"', '\"\"') || '\"' FROM pg_catalog.pg_namespace s WHERE s.oid = l.collnamespace) END";

/// Whether the relation of that number is still there: a query sees the catalog as it was when it began, while the functions that word
/// what it finds see it as it is, and fail over what has gone meanwhile.
fn is_there(oid: &str) -> String {
    format!("pg_catalog.pg_table_is_visible({oid}) IS NOT NULL")
}

fn in_list(schemas: &[String]) -> String {
    let names: Vec<String> = schemas.iter().map(|name| quote_text(name)).collect();
    format!("IN ({})", names.join(", "))
}

/// Rows of [`TableRow`](super::rows::TableRow).
pub(crate) fn tables(schemas: &[String], types: &[String]) -> String {
    let named = if types.is_empty() { String::new() } else { format!(" OR t.typname {}", in_list(types)) };
    let schemas = in_list(schemas);
    let dependents = dependents::of("'r', 'p', 'f'", &schemas);
    format!(
        "SELECT c.oid, n.nspname, c.relname, c.relkind, c.relpersistence = 'u', c.relispartition, c.relhassubclass OR c.oid IN (SELECT i.inhrelid FROM pg_catalog.pg_inherits i),
  {HIDDEN}, to_json(c.reloptions), c.reltuples::bigint, y.description, g.triggers, h.dependents,
  (SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_class v JOIN pg_catalog.pg_namespace n ON n.oid = v.relnamespace WHERE v.relkind IN ('v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema'))
    OR EXISTS (SELECT 1 FROM pg_catalog.pg_type t WHERE t.typtype = 'e'{named}))
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_description y ON y.objoid = c.oid AND y.classoid = 'pg_catalog.pg_class'::regclass AND y.objsubid = 0
LEFT JOIN (SELECT r.rel, json_agg(json_build_object('name', r.tgname, 'sql', r.sql) ORDER BY r.tgname) AS triggers
    FROM (SELECT r.tgrelid AS rel, r.tgname, pg_catalog.pg_get_triggerdef(r.oid) AS sql
      FROM pg_catalog.pg_trigger r JOIN pg_catalog.pg_class c ON c.oid = r.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT r.tgisinternal AND n.nspname {schemas} OFFSET 0) r WHERE r.sql IS NOT NULL GROUP BY r.rel) g ON g.rel = c.oid
LEFT JOIN ({dependents}) h ON h.rel = c.oid
WHERE c.relkind IN ('r', 'p', 'f') AND n.nspname {schemas}"
    )
}

/// Rows of [`ColumnRow`](super::rows::ColumnRow).
pub(crate) fn columns(schemas: &[String]) -> String {
    format!(
        "SELECT a.attrelid, a.attnum, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), en.nspname, et.typname, a.attnotnull, a.attidentity, s.sequence, a.attgenerated,
  pg_catalog.pg_get_expr(f.adbin, f.adrelid),
  CASE WHEN a.attcollation <> t.typcollation THEN (SELECT {COLLATION} FROM pg_catalog.pg_collation l WHERE l.oid = a.attcollation) END, a.attcollation,
  a.attacl IS NOT NULL, y.description,
  CASE WHEN a.attgenerated <> '' THEN (SELECT json_agg(DISTINCT d.refobjsubid) FROM pg_catalog.pg_depend d
    WHERE (d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.objid = f.oid OR d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.objsubid = a.attnum)
      AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid NOT IN (0, a.attnum)) END
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_type et ON et.typtype = 'e' AND et.oid = CASE WHEN t.typtype = 'e' THEN t.oid WHEN t.typcategory = 'A' THEN t.typelem END
LEFT JOIN pg_catalog.pg_namespace en ON en.oid = et.typnamespace
LEFT JOIN pg_catalog.pg_attrdef f ON f.adrelid = c.oid AND f.adnum = a.attnum
LEFT JOIN pg_catalog.pg_description y ON y.objoid = c.oid AND y.classoid = 'pg_catalog.pg_class'::regclass AND y.objsubid = a.attnum
LEFT JOIN (SELECT DISTINCT ON (d.refobjid, d.refobjsubid) d.refobjid AS rel, d.refobjsubid AS number,
      json_build_object('name', r.relname, 'start', q.seqstart, 'step', q.seqincrement, 'min', q.seqmin, 'max', q.seqmax, 'cache', q.seqcache, 'cycle', q.seqcycle)::text AS sequence
    FROM pg_catalog.pg_sequence q JOIN pg_catalog.pg_class r ON r.oid = q.seqrelid
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass
    LEFT JOIN (SELECT e.refobjid AS sequence, min(g.adrelid) AS rel, min(g.adnum) AS number FROM pg_catalog.pg_depend e JOIN pg_catalog.pg_attrdef g ON g.oid = e.objid
      WHERE e.classid = 'pg_catalog.pg_attrdef'::regclass AND e.refclassid = 'pg_catalog.pg_class'::regclass AND e.refobjsubid = 0
      GROUP BY e.refobjid HAVING count(DISTINCT e.objid) = 1) o ON o.sequence = r.oid
    WHERE d.deptype = 'i' OR d.deptype = 'a' AND o.rel = d.refobjid AND o.number = d.refobjsubid ORDER BY d.refobjid, d.refobjsubid, d.deptype DESC) s
  ON s.rel = c.oid AND s.number = a.attnum
WHERE c.relkind IN ('r', 'p', 'f') AND n.nspname {} ORDER BY a.attrelid, a.attnum",
        in_list(schemas)
    )
}

/// The statements that make the foreign key `k` of the table `c` in the schema `n` again, with its comment.
const FOREIGN_KEY: &str = "format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_catalog.pg_get_constraintdef(k.oid))
    || coalesce((SELECT format('; COMMENT ON CONSTRAINT %I ON %I.%I IS %L', k.conname, n.nspname, c.relname, y.description) FROM pg_catalog.pg_description y
      WHERE y.objoid = k.oid AND y.classoid = 'pg_catalog.pg_constraint'::regclass AND y.objsubid = 0), '')";

/// What makes the foreign keys of a table again, by name.
pub(crate) fn foreign_keys(table: &str) -> String {
    format!(
        "SELECT k.conname, {FOREIGN_KEY} FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE k.contype = 'f' AND k.conrelid = {table}"
    )
}

/// The statement that makes a view, `regclass`: an expression that gives the view.
pub(crate) fn view_definition(regclass: &str) -> String {
    format!(
        "SELECT pg_catalog.format('CREATE %s %I.%I AS %s', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END, n.nspname, c.relname, ltrim(pg_catalog.pg_get_viewdef(c.oid))) \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = {regclass} AND c.relkind IN ('v', 'm')"
    )
}

/// Rows of [`ConstraintRow`](super::rows::ConstraintRow), with the foreign keys of tables elsewhere that point here. From 18, NOT NULL is
/// a constraint: one that has not been checked is told.
pub(crate) fn constraints(schemas: &[String], version: u32) -> String {
    let enforced = if version >= 180_000 { "k.conenforced" } else { "true" };
    let schemas = in_list(schemas);
    let away = |schema: &str, table: &str, keys: &str| {
        format!(
            "CASE WHEN k.contype = 'f' AND {schema}.nspname NOT {schemas} THEN json_build_object('schema', {schema}.nspname, 'name', {table}.relname, 'columns',
    (SELECT json_agg(a.attname ORDER BY u.at) FROM unnest({keys}) WITH ORDINALITY u (number, at) JOIN pg_catalog.pg_attribute a ON a.attrelid = {table}.oid AND a.attnum = u.number))::text END"
        )
    };
    format!(
        "SELECT k.conrelid, k.conname, k.contype, k.conkey, k.convalidated, {enforced}, k.connoinherit, pg_catalog.pg_get_expr(k.conbin, k.conrelid),
  CASE WHEN k.contype NOT IN ('x', 'f') OR starts_with(lower(k.conname), '{MANAGED_PREFIX}') AND k.contype = 'f' THEN NULL
    WHEN NOT ({} AND (k.confrelid = 0 OR {})) THEN NULL WHEN k.contype = 'x' THEN pg_catalog.pg_get_constraintdef(k.oid) ELSE {FOREIGN_KEY} END,
  k.confrelid, k.confkey, k.confdeltype, k.confupdtype, k.confmatchtype = 'f', k.condeferrable, k.condeferred, {}, {}
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_class t ON t.oid = k.confrelid LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
WHERE (k.contype IN ('p', 'u', 'f', 'c', 'x') OR k.contype = 'n' AND NOT k.convalidated) AND (n.nspname {schemas} OR tn.nspname {schemas}) ORDER BY k.conrelid, k.conname",
        is_there("k.conrelid"),
        is_there("k.confrelid"),
        away("n", "c", "k.conkey"),
        away("tn", "t", "k.confkey"),
    )
}

/// Rows of [`IndexRow`](super::rows::IndexRow).
pub(crate) fn indexes(schemas: &[String], version: u32) -> String {
    let nulls = if version >= 150_000 { "i.indnullsnotdistinct" } else { "false" };
    let each =
        |value: &str| format!("(SELECT json_agg({value} ORDER BY s) FROM generate_series(0, i.indnkeyatts - 1) s)");
    format!(
        "SELECT i.indrelid, x.relname, i.indisunique, i.indisvalid AND i.indisready, m.amname, k.oid IS NOT NULL, {nulls}, to_json(x.reloptions),
  pg_catalog.pg_get_expr(i.indpred, i.indrelid), i.indnkeyatts, i.indkey, i.indoption, i.indcollation,
  CASE WHEN i.indexprs IS NOT NULL THEN {} END, CASE WHEN NOT i.indcollation::oid[] <@ ARRAY[0, 100]::oid[] THEN {} END, CASE WHEN i.indclass::oid[] && (SELECT array_agg(o.oid) FROM pg_catalog.pg_opclass o WHERE NOT o.opcdefault) THEN {} END,
  CASE WHEN NOT starts_with(lower(x.relname), '{MANAGED_PREFIX}') THEN pg_catalog.pg_get_indexdef(i.indexrelid) END,
  CASE WHEN i.indexprs IS NOT NULL OR i.indpred IS NOT NULL THEN (SELECT json_agg(DISTINCT d.refobjsubid) FROM pg_catalog.pg_depend d
    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = i.indexrelid AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = i.indrelid AND d.refobjsubid > 0) END
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN pg_catalog.pg_am m ON m.oid = x.relam
JOIN pg_catalog.pg_class c ON c.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
WHERE c.relkind IN ('r', 'p') AND NOT i.indisprimary AND n.nspname {} ORDER BY i.indexrelid",
        each("CASE WHEN i.indkey[s] = 0 THEN pg_catalog.pg_get_indexdef(i.indexrelid, s + 1, false) END"),
        each(&format!("(SELECT {COLLATION} FROM pg_catalog.pg_collation l WHERE l.oid = i.indcollation[s])")),
        each("(SELECT o.opcname FROM pg_catalog.pg_opclass o WHERE o.oid = i.indclass[s] AND NOT o.opcdefault)"),
        in_list(schemas)
    )
}

/// Rows of [`OtherRow`](super::rows::OtherRow): the views of these schemas, and those elsewhere that read them, directly or not; their enum
/// types, and whatever else has one of these names there.
pub(crate) fn others(schemas: &[String], types: &[String]) -> String {
    let types = self::types(schemas, types);
    let schemas = in_list(schemas);
    let dependents = dependents::of("'v', 'm'", &schemas);
    format!(
        "WITH RECURSIVE edges (view, reads) AS MATERIALIZED (
  SELECT DISTINCT w.ev_class, d.refobjid FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_class v ON v.oid = w.ev_class
  JOIN pg_catalog.pg_namespace vn ON vn.oid = v.relnamespace AND vn.nspname NOT IN ('pg_catalog', 'information_schema')
  JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass),
seen (oid) AS (
  SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname {schemas} AND (c.relkind IN ('v', 'm') OR c.oid IN (SELECT e.reads FROM edges e))
  UNION
  SELECT e.view FROM seen s JOIN edges e ON e.reads = s.oid)
SELECT CASE WHEN {} AND NOT EXISTS (SELECT FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass
    WHERE w.ev_class = c.oid AND NOT {}) THEN json_build_object('view', json_build_object('schema', n.nspname, 'name', c.relname, 'materialized', c.relkind = 'm', 'sql', pg_catalog.pg_get_viewdef(c.oid),
  'columns', (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
  'types', (SELECT json_agg(pg_catalog.format_type(a.atttypid, a.atttypmod) || ' ' || a.attcollation::text ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
  'reads', (SELECT json_agg(DISTINCT jsonb_build_object('schema', rn.nspname, 'name', r.relname, 'column', a.attname))
    FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid
      AND d.refclassid IN ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_type'::regclass)
    LEFT JOIN pg_catalog.pg_type t ON d.refclassid = 'pg_catalog.pg_type'::regclass AND t.oid = d.refobjid
    LEFT JOIN pg_catalog.pg_type e ON t.typcategory = 'A' AND e.oid = t.typelem
    JOIN pg_catalog.pg_class r ON r.oid = coalesce(nullif(e.typrelid, 0), nullif(t.typrelid, 0), CASE WHEN t.oid IS NULL THEN d.refobjid END) AND r.oid <> c.oid AND r.relkind IN ('r', 'p', 'f', 'v', 'm')
    JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
    LEFT JOIN pg_catalog.pg_attribute a ON t.oid IS NULL AND a.attrelid = r.oid AND a.attnum = d.refobjsubid AND d.refobjsubid > 0
    WHERE w.ev_class = c.oid AND w.rulename = '_RETURN'),
  'dependents', h.dependents,
  'triggers', CASE WHEN c.relhastriggers THEN (SELECT json_agg(json_build_object('name', g.tgname, 'sql', g.sql) ORDER BY g.tgname)
    FROM (SELECT g.tgname, pg_catalog.pg_get_triggerdef(g.oid) AS sql FROM pg_catalog.pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal OFFSET 0) g WHERE g.sql IS NOT NULL) END,
  'restore', (SELECT json_agg(q.sql ORDER BY q.rank, q.sql) FROM (
    SELECT 0 AS rank, format('ALTER %s %I.%I OWNER TO %I', k.word, n.nspname, c.relname, pg_catalog.pg_get_userbyid(c.relowner)) AS sql WHERE c.relowner <> (SELECT u.oid FROM pg_catalog.pg_roles u WHERE u.rolname = current_user)
    UNION ALL SELECT 1, format('ALTER %s %I.%I SET (%s)', k.word, n.nspname, c.relname, array_to_string(c.reloptions, ', ')) WHERE c.reloptions IS NOT NULL
    UNION ALL SELECT 2, format('ALTER VIEW %I.%I ALTER COLUMN %I SET DEFAULT %s', n.nspname, c.relname, a.attname, pg_catalog.pg_get_expr(f.adbin, f.adrelid))
      FROM pg_catalog.pg_attrdef f JOIN pg_catalog.pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum WHERE f.adrelid = c.oid
    UNION ALL SELECT 2, format('ALTER MATERIALIZED VIEW %I.%I ALTER COLUMN %I SET STATISTICS %s', n.nspname, c.relname, a.attname, a.attstattarget)
      FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND c.relkind = 'm' AND a.attnum > 0 AND a.attstattarget >= 0 AND NOT a.attisdropped
    UNION ALL SELECT 2, pg_catalog.pg_get_statisticsobjdef(s.oid) FROM pg_catalog.pg_statistic_ext s WHERE s.stxrelid = c.oid
    UNION ALL SELECT 2, pg_catalog.pg_get_indexdef(i.indexrelid) FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid
    UNION ALL SELECT 3, format('COMMENT ON INDEX %I.%I IS %L', n.nspname, x.relname, pg_catalog.obj_description(x.oid, 'pg_class'))
      FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid AND pg_catalog.obj_description(x.oid, 'pg_class') IS NOT NULL
    UNION ALL SELECT 3, format('ALTER MATERIALIZED VIEW %I.%I CLUSTER ON %I', n.nspname, c.relname, x.relname)
      FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid AND i.indisclustered
    UNION ALL SELECT 3, pg_catalog.pg_get_ruledef(w.oid) FROM pg_catalog.pg_rewrite w WHERE w.ev_class = c.oid AND w.rulename <> '_RETURN'
    UNION ALL SELECT 4, format('COMMENT ON %s %I.%I IS %L', k.word, n.nspname, c.relname, pg_catalog.obj_description(c.oid, 'pg_class')) WHERE pg_catalog.obj_description(c.oid, 'pg_class') IS NOT NULL
    UNION ALL SELECT 5, format('COMMENT ON COLUMN %I.%I.%I IS %L', n.nspname, c.relname, a.attname, pg_catalog.col_description(c.oid, a.attnum))
      FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND pg_catalog.col_description(c.oid, a.attnum) IS NOT NULL
    UNION ALL SELECT 6, format('REVOKE ALL ON %I.%I FROM %I', n.nspname, c.relname, pg_catalog.pg_get_userbyid(c.relowner)) WHERE c.relacl IS NOT NULL
    UNION ALL SELECT 7, format('GRANT %s ON %I.%I TO %s%s', l.privilege_type, n.nspname, c.relname, CASE WHEN l.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_catalog.pg_get_userbyid(l.grantee)) END,
        CASE WHEN l.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) FROM pg_catalog.aclexplode(c.relacl) l
    UNION ALL SELECT 8, format('GRANT %s (%I) ON %I.%I TO %s%s', l.privilege_type, a.attname, n.nspname, c.relname, CASE WHEN l.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_catalog.pg_get_userbyid(l.grantee)) END,
        CASE WHEN l.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) FROM pg_catalog.pg_attribute a, pg_catalog.aclexplode(a.attacl) l WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL
    UNION ALL SELECT 9, format('REFRESH MATERIALIZED VIEW %I.%I WITH NO DATA', n.nspname, c.relname) WHERE c.relkind = 'm' AND NOT c.relispopulated
    ) q WHERE q.sql IS NOT NULL))) END::text
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (SELECT CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END AS word) k
LEFT JOIN ({dependents}) h ON h.rel = c.oid
WHERE c.relkind IN ('v', 'm') AND c.oid IN (SELECT oid FROM seen) AND NOT {HIDDEN}
UNION ALL {types}",
        is_there("c.oid"),
        is_there("d.refobjid")
    )
}

/// The enum types of these schemas, and whatever else has one of these names there.
fn types(schemas: &[String], names: &[String]) -> String {
    let named = if names.is_empty() { String::new() } else { format!(" OR t.typname {}", in_list(names)) };
    format!(
        "SELECT json_build_object('type', json_build_object('schema', n.nspname, 'name', t.typname, 'text', pg_catalog.format_type(t.oid, NULL),
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
    ) q) END))::text
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
WHERE n.nspname {} AND (t.typtype = 'e'{named}) AND t.typcategory <> 'A'
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e')",
        in_list(schemas)
    )
}
