//! The catalog queries, and what their rows hold. Each row is one JSON text, so that the queries are readable and their number fixed.

use super::text::quote_text;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct TableRow {
    pub(crate) schema: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) unlogged: bool,
    pub(crate) partition: bool,
    pub(crate) inherits: bool,
    pub(crate) options: Option<Vec<String>>,
    /// `reltuples`; below nought: not known.
    pub(crate) estimate: Option<i64>,
    pub(crate) comment: Option<String>,
    pub(crate) columns: Option<Vec<ColumnRow>>,
    pub(crate) triggers: Option<Vec<NamedSql>>,
    pub(crate) holders: Option<Vec<HolderRow>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct HolderRow {
    pub(crate) column: String,
    pub(crate) what: String,
    /// `f`: firm, `a`: goes along, `g`: a grant.
    pub(crate) hold: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ColumnRow {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) ty: String,
    /// Schema and name of its enum type, or of its elements'.
    #[serde(rename = "enum")]
    pub(crate) enum_type: Option<(String, String)>,
    pub(crate) required: bool,
    pub(crate) identity: String,
    /// First value and name of what makes its values.
    pub(crate) sequence: Option<(i64, String)>,
    pub(crate) generated: String,
    pub(crate) expression: Option<String>,
    pub(crate) collation: Option<String>,
    pub(crate) comment: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct NamedSql {
    pub(crate) name: String,
    pub(crate) sql: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ConstraintRow {
    pub(crate) schema: String,
    pub(crate) table: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) columns: Option<Vec<String>>,
    pub(crate) target_schema: Option<String>,
    pub(crate) target: Option<String>,
    pub(crate) target_columns: Option<Vec<String>>,
    pub(crate) on_delete: String,
    pub(crate) on_update: String,
    pub(crate) match_full: bool,
    pub(crate) deferrable: bool,
    pub(crate) deferred: bool,
    pub(crate) validated: bool,
    pub(crate) enforced: bool,
    pub(crate) no_inherit: bool,
    pub(crate) expression: Option<String>,
    pub(crate) definition: String,
    /// The statements that make it again: of a foreign key.
    pub(crate) sql: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct IndexRow {
    pub(crate) schema: String,
    pub(crate) table: String,
    pub(crate) name: String,
    pub(crate) unique: bool,
    pub(crate) valid: bool,
    pub(crate) method: String,
    pub(crate) constraint: Option<String>,
    pub(crate) nulls_not_distinct: bool,
    pub(crate) options: Option<Vec<String>>,
    pub(crate) predicate: Option<String>,
    pub(crate) include: Option<Vec<String>>,
    pub(crate) parts: Vec<PartRow>,
    pub(crate) definition: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct PartRow {
    pub(crate) column: Option<String>,
    pub(crate) expression: Option<String>,
    pub(crate) option: i64,
    pub(crate) collation: Option<String>,
    pub(crate) operators: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ViewRow {
    pub(crate) schema: String,
    pub(crate) name: String,
    pub(crate) materialized: bool,
    pub(crate) sql: String,
    pub(crate) columns: Option<Vec<String>>,
    pub(crate) reads: Option<Vec<ReadRow>>,
    pub(crate) triggers: Option<Vec<NamedSql>>,
    pub(crate) restore: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ReadRow {
    pub(crate) schema: String,
    pub(crate) name: String,
    pub(crate) column: Option<String>,
}

/// Relations of extensions and ours are nobody's business.
const HIDDEN: &str = "c.relname NOT IN ('__schemasync_state', '__schemasync_history') AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')";

/// What hangs on the columns of the table `c` and is no constraint, index or view.
const HOLDERS: &str = "(SELECT json_agg(json_build_object('column', a.attname, 'what', h.what, 'hold', h.hold) ORDER BY a.attnum, h.what)
    FROM (SELECT d.refobjsubid AS number, CASE d.classid WHEN 'pg_catalog.pg_statistic_ext'::regclass THEN 'a' ELSE 'f' END AS hold, CASE d.classid
        WHEN 'pg_catalog.pg_trigger'::regclass THEN (SELECT format('trigger \"%s\"', g.tgname) FROM pg_catalog.pg_trigger g WHERE g.oid = d.objid AND NOT g.tgisinternal)
        WHEN 'pg_catalog.pg_policy'::regclass THEN (SELECT format('policy \"%s\" of %s', p.polname, p.polrelid::regclass) FROM pg_catalog.pg_policy p WHERE p.oid = d.objid)
        WHEN 'pg_catalog.pg_rewrite'::regclass THEN (SELECT format('rule \"%s\" of %s', w.rulename, w.ev_class::regclass) FROM pg_catalog.pg_rewrite w
          WHERE w.oid = d.objid AND EXISTS (SELECT 1 FROM pg_catalog.pg_class r WHERE r.oid = w.ev_class AND r.relkind IN ('r', 'p')))
        WHEN 'pg_catalog.pg_publication_rel'::regclass THEN (SELECT format('publication \"%s\"', p.pubname) FROM pg_catalog.pg_publication_rel l JOIN pg_catalog.pg_publication p ON p.oid = l.prpubid WHERE l.oid = d.objid)
        WHEN 'pg_catalog.pg_statistic_ext'::regclass THEN (SELECT format('statistics object \"%s\"', s.stxname) FROM pg_catalog.pg_statistic_ext s WHERE s.oid = d.objid)
        WHEN 'pg_catalog.pg_proc'::regclass THEN format('function %s', d.objid::regprocedure) END AS what
      FROM pg_catalog.pg_depend d WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid > 0
        AND d.classid IN ('pg_catalog.pg_trigger'::regclass, 'pg_catalog.pg_policy'::regclass, 'pg_catalog.pg_rewrite'::regclass,
          'pg_catalog.pg_publication_rel'::regclass, 'pg_catalog.pg_statistic_ext'::regclass, 'pg_catalog.pg_proc'::regclass)
      UNION SELECT g.attnum, 'g', 'a grant on it' FROM pg_catalog.pg_attribute g WHERE g.attrelid = c.oid AND g.attnum > 0 AND g.attacl IS NOT NULL) h
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = h.number WHERE h.what IS NOT NULL)";

fn in_list(schemas: &[String]) -> String {
    let names: Vec<String> = schemas.iter().map(|name| quote_text(name)).collect();
    format!("IN ({})", names.join(", "))
}

pub(crate) fn tables(schemas: &[String], version: u32) -> String {
    // From 18, NOT NULL is a constraint, which may not have been checked: that one is told with the constraints.
    let proved = if version >= 180_000 {
        " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'n' AND NOT k.convalidated AND k.conkey = ARRAY[a.attnum])"
    } else {
        ""
    };
    format!(
        "SELECT json_build_object('schema', n.nspname, 'name', c.relname, 'kind', c.relkind, 'unlogged', c.relpersistence = 'u',
  'partition', c.relispartition, 'inherits', c.relhassubclass OR EXISTS (SELECT 1 FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid),
  'options', c.reloptions, 'estimate', c.reltuples::bigint,
  'comment', (SELECT y.description FROM pg_catalog.pg_description y WHERE y.objoid = c.oid AND y.classoid = 'pg_catalog.pg_class'::regclass AND y.objsubid = 0),
  'columns', (SELECT json_agg(json_build_object('name', a.attname, 'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
      'enum', CASE WHEN t.typtype = 'e' OR t.typcategory = 'A' THEN (SELECT json_build_array(en.nspname, et.typname) FROM pg_catalog.pg_type et JOIN pg_catalog.pg_namespace en ON en.oid = et.typnamespace
        WHERE et.typtype = 'e' AND et.oid = CASE WHEN t.typtype = 'e' THEN t.oid ELSE t.typelem END) END,
      'required', a.attnotnull{proved}, 'identity', a.attidentity, 'generated', a.attgenerated,
      'sequence', CASE WHEN a.attidentity <> '' THEN (SELECT json_build_array(s.seqstart, q.relname)
        FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_sequence s ON s.seqrelid = d.objid JOIN pg_catalog.pg_class q ON q.oid = d.objid
        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid = a.attnum AND d.deptype = 'i' LIMIT 1) END,
      'expression', CASE WHEN a.atthasdef THEN (SELECT pg_catalog.pg_get_expr(f.adbin, f.adrelid) FROM pg_catalog.pg_attrdef f WHERE f.adrelid = c.oid AND f.adnum = a.attnum) END,
      'collation', CASE WHEN a.attcollation <> t.typcollation THEN (SELECT l.collname FROM pg_catalog.pg_collation l WHERE l.oid = a.attcollation) END,
      'comment', (SELECT y.description FROM pg_catalog.pg_description y WHERE y.objoid = c.oid AND y.classoid = 'pg_catalog.pg_class'::regclass AND y.objsubid = a.attnum)) ORDER BY a.attnum)
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
  'triggers', CASE WHEN c.relhastriggers THEN (SELECT json_agg(json_build_object('name', g.tgname, 'sql', pg_catalog.pg_get_triggerdef(g.oid)) ORDER BY g.tgname)
    FROM pg_catalog.pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal) END,
  'holders', {HOLDERS})::text
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND n.nspname {} AND {HIDDEN} ORDER BY n.nspname, c.relname",
        in_list(schemas)
    )
}

/// The statements that make the foreign key `k` of the table `c` in the schema `n` again, with its comment.
const FOREIGN_KEY: &str = "format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_catalog.pg_get_constraintdef(k.oid))
    || coalesce(format('; COMMENT ON CONSTRAINT %I ON %I.%I IS %L', k.conname, n.nspname, c.relname, pg_catalog.obj_description(k.oid, 'pg_constraint')), '')";

/// What makes the foreign keys of a table again, by name.
pub(crate) fn foreign_keys(table: &str) -> String {
    format!(
        "SELECT k.conname, {FOREIGN_KEY} FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE k.contype = 'f' AND k.conrelid = to_regclass({})",
        quote_text(table)
    )
}

/// With the foreign keys of tables elsewhere that point here.
pub(crate) fn constraints(schemas: &[String], version: u32) -> String {
    let enforced = if version >= 180_000 { "k.conenforced" } else { "true" };
    let schemas = in_list(schemas);
    let names = |keys: &str, table: &str| {
        format!(
            "(SELECT json_agg(a.attname ORDER BY u.at) FROM unnest({keys}) WITH ORDINALITY u (number, at) JOIN pg_catalog.pg_attribute a ON a.attrelid = {table} AND a.attnum = u.number)"
        )
    };
    format!(
        "SELECT json_build_object('schema', n.nspname, 'table', c.relname, 'name', k.conname, 'kind', k.contype, 'columns', {},
  'target_schema', tn.nspname, 'target', t.relname, 'target_columns', {}, 'on_delete', k.confdeltype, 'on_update', k.confupdtype,
  'match_full', k.confmatchtype = 'f', 'deferrable', k.condeferrable, 'deferred', k.condeferred, 'validated', k.convalidated, 'enforced', {enforced}, 'no_inherit', k.connoinherit,
  'expression', pg_catalog.pg_get_expr(k.conbin, k.conrelid), 'definition', pg_catalog.pg_get_constraintdef(k.oid), 'sql', CASE k.contype WHEN 'f' THEN {FOREIGN_KEY} END)::text
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_class t ON t.oid = k.confrelid LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
WHERE (k.contype IN ('p', 'u', 'f', 'c', 'x') OR k.contype = 'n' AND NOT k.convalidated) AND (n.nspname {schemas} OR tn.nspname {schemas}) ORDER BY n.nspname, c.relname, k.conname",
        names("k.conkey", "k.conrelid"),
        names("k.confkey", "k.confrelid"),
    )
}

pub(crate) fn indexes(schemas: &[String], version: u32) -> String {
    let nulls = if version >= 150_000 { "i.indnullsnotdistinct" } else { "false" };
    format!(
        "SELECT json_build_object('schema', n.nspname, 'table', c.relname, 'name', x.relname, 'unique', i.indisunique, 'valid', i.indisvalid AND i.indisready,
  'method', m.amname, 'constraint', k.contype, 'nulls_not_distinct', {nulls}, 'options', x.reloptions,
  'predicate', pg_catalog.pg_get_expr(i.indpred, i.indrelid),
  'include', (SELECT json_agg(a.attname ORDER BY s) FROM generate_series(i.indnkeyatts, i.indnatts - 1) s
    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[s]),
  'parts', (SELECT json_agg(json_build_object('column', a.attname,
      'expression', CASE WHEN i.indkey[s] = 0 THEN pg_catalog.pg_get_indexdef(i.indexrelid, s + 1, false) END, 'option', i.indoption[s],
      'collation', CASE WHEN i.indcollation[s] <> 0 AND i.indcollation[s] <> coalesce(a.attcollation, 100) THEN (SELECT l.collname FROM pg_catalog.pg_collation l WHERE l.oid = i.indcollation[s]) END,
      'operators', CASE WHEN NOT o.opcdefault THEN o.opcname END) ORDER BY s)
    FROM generate_series(0, i.indnkeyatts - 1) s JOIN pg_catalog.pg_opclass o ON o.oid = i.indclass[s]
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[s] AND i.indkey[s] <> 0),
  'definition', pg_catalog.pg_get_indexdef(i.indexrelid))::text
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN pg_catalog.pg_am m ON m.oid = x.relam
JOIN pg_catalog.pg_class c ON c.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
WHERE c.relkind IN ('r', 'p') AND NOT i.indisprimary AND n.nspname {} ORDER BY n.nspname, c.relname, x.relname",
        in_list(schemas)
    )
}

/// The views of these schemas, and those elsewhere that read them, directly or not.
pub(crate) fn views(schemas: &[String]) -> String {
    let schemas = in_list(schemas);
    format!(
        "WITH RECURSIVE edges (view, reads) AS MATERIALIZED (
  SELECT DISTINCT w.ev_class, d.refobjid FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_class v ON v.oid = w.ev_class
  JOIN pg_catalog.pg_namespace vn ON vn.oid = v.relnamespace AND vn.nspname NOT IN ('pg_catalog', 'information_schema')
  JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass),
seen (oid) AS (
  SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname {schemas} AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
  UNION
  SELECT e.view FROM seen s JOIN edges e ON e.reads = s.oid)
SELECT json_build_object('schema', n.nspname, 'name', c.relname, 'materialized', c.relkind = 'm', 'sql', pg_catalog.pg_get_viewdef(c.oid),
  'columns', (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
  'reads', (SELECT json_agg(DISTINCT jsonb_build_object('schema', rn.nspname, 'name', r.relname, 'column', a.attname))
    FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid
      AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid <> c.oid
    JOIN pg_catalog.pg_class r ON r.oid = d.refobjid AND r.relkind IN ('r', 'p', 'f', 'v', 'm') JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum = d.refobjsubid AND d.refobjsubid > 0
    WHERE w.ev_class = c.oid AND w.rulename = '_RETURN'),
  'triggers', CASE WHEN c.relhastriggers THEN (SELECT json_agg(json_build_object('name', g.tgname, 'sql', pg_catalog.pg_get_triggerdef(g.oid)) ORDER BY g.tgname)
    FROM pg_catalog.pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal) END,
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
    ) q))::text
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (SELECT CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END AS word) k
WHERE c.relkind IN ('v', 'm') AND c.oid IN (SELECT oid FROM seen) AND {HIDDEN} ORDER BY n.nspname, c.relname"
    )
}
