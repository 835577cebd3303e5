//! The part of the catalog queries that finds what holds on to tables and views and is no view, index or foreign key.

/// What depends on something of a user's (the least number of an object that is not the server's own is 16384): not the keys and checks of
/// tables, which the catalog has, unless they depend on a type; not the queries of views. Filtered before anything is looked up: of many
/// tables hardly a row is left.
const EDGES: &str = "SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid FROM pg_catalog.pg_depend d
    WHERE d.refobjid >= 16384 AND d.refclassid IN ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_type'::regclass, 'pg_catalog.pg_constraint'::regclass)
      AND (d.deptype = 'n' OR d.classid = 'pg_catalog.pg_statistic_ext'::regclass AND d.refobjsubid > 0)
      AND (d.classid NOT IN ('pg_catalog.pg_constraint'::regclass, 'pg_catalog.pg_attrdef'::regclass) OR d.refclassid = 'pg_catalog.pg_type'::regclass)
      AND (d.classid <> 'pg_catalog.pg_rewrite'::regclass OR d.objid NOT IN (SELECT w.oid FROM pg_catalog.pg_rewrite w WHERE w.rulename = '_RETURN'))";

/// The relations that those edges end at, by themselves, by the type of their rows or of arrays of them, by a constraint; the sequences of
/// their columns, where a default of another table uses one; and what depends on a type that is made of the type of their rows.
const DIRECT: &str = "SELECT r.oid AS rel, o.number, false AS sequence, e.classid, e.objid, e.objsubid FROM edges e
    CROSS JOIN LATERAL (SELECT e.refobjid AS oid, e.refobjsubid AS number WHERE e.refclassid = 'pg_catalog.pg_class'::regclass
      UNION ALL SELECT coalesce(nullif(l.typrelid, 0), t.typrelid), 0 FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_type l ON t.typcategory = 'A' AND l.oid = t.typelem
        WHERE e.refclassid = 'pg_catalog.pg_type'::regclass AND t.oid = e.refobjid
      UNION ALL SELECT k.conrelid, 0 FROM pg_catalog.pg_constraint k WHERE e.refclassid = 'pg_catalog.pg_constraint'::regclass AND k.oid = e.refobjid) o
    JOIN relations r ON r.oid = o.oid
    UNION ALL
    SELECT r.oid, q.refobjsubid, true, d.classid, d.objid, d.objsubid FROM pg_catalog.pg_attrdef f
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.objid = f.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype = 'n'
    JOIN pg_catalog.pg_depend q ON q.classid = 'pg_catalog.pg_class'::regclass AND q.objid = d.refobjid AND q.refclassid = 'pg_catalog.pg_class'::regclass AND q.refobjsubid > 0 AND q.deptype = 'a' AND q.refobjid <> f.adrelid
    JOIN relations r ON r.oid = q.refobjid";

/// What depends on a type that depends on one of those.
const THROUGH_TYPES: &str = "SELECT f.rel, 0, false, d.classid, d.objid, d.objsubid FROM found f
    CROSS JOIN LATERAL (SELECT t.oid, t.typarray FROM pg_catalog.pg_type t WHERE f.classid = 'pg_catalog.pg_type'::regclass AND t.oid = f.objid
      UNION ALL SELECT t.oid, t.typarray FROM pg_catalog.pg_class c JOIN pg_catalog.pg_type t ON t.oid = c.reltype WHERE f.classid = 'pg_catalog.pg_class'::regclass AND c.oid = f.objid AND c.relkind = 'c') t
    JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_type'::regclass AND d.refobjid IN (t.oid, nullif(t.typarray, 0)) AND d.deptype = 'n'";

/// In words, and the relation that it is part of. What is part of the table that it depends on goes along with the table: it matters to
/// single columns alone.
const TOLD: &str = "SELECT f.rel, f.number, f.sequence OR f.classid = 'pg_catalog.pg_statistic_ext'::regclass AS along, coalesce(p.rel, 0) = f.rel AS own, p.rel AS part_of,
      f.classid = 'pg_catalog.pg_class'::regclass AND f.objsubid > 0 AND EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = f.objid AND c.relkind IN ('r', 'p', 'm')) AS stores,
      CASE f.classid
        WHEN 'pg_catalog.pg_trigger'::regclass THEN (SELECT format('trigger \"%s\"', g.tgname) FROM pg_catalog.pg_trigger g WHERE g.oid = f.objid AND NOT g.tgisinternal)
        WHEN 'pg_catalog.pg_policy'::regclass THEN (SELECT format('policy \"%s\" of %s', y.polname, y.polrelid::regclass) FROM pg_catalog.pg_policy y WHERE y.oid = f.objid)
        WHEN 'pg_catalog.pg_rewrite'::regclass THEN (SELECT format('rule \"%s\" of %s', w.rulename, w.ev_class::regclass) FROM pg_catalog.pg_rewrite w WHERE w.oid = f.objid)
        WHEN 'pg_catalog.pg_publication_rel'::regclass THEN (SELECT format('publication \"%s\"', b.pubname) FROM pg_catalog.pg_publication_rel l JOIN pg_catalog.pg_publication b ON b.oid = l.prpubid WHERE l.oid = f.objid)
        WHEN 'pg_catalog.pg_statistic_ext'::regclass THEN (SELECT format('statistics object \"%s\"', s.stxname) FROM pg_catalog.pg_statistic_ext s WHERE s.oid = f.objid)
        WHEN 'pg_catalog.pg_proc'::regclass THEN format('function %s', f.objid::regprocedure)
        ELSE pg_catalog.pg_describe_object(f.classid, f.objid, f.objsubid) END AS what
    FROM found f
    LEFT JOIN LATERAL (SELECT CASE f.classid
        WHEN 'pg_catalog.pg_trigger'::regclass THEN (SELECT g.tgrelid FROM pg_catalog.pg_trigger g WHERE g.oid = f.objid)
        WHEN 'pg_catalog.pg_policy'::regclass THEN (SELECT y.polrelid FROM pg_catalog.pg_policy y WHERE y.oid = f.objid)
        WHEN 'pg_catalog.pg_rewrite'::regclass THEN (SELECT w.ev_class FROM pg_catalog.pg_rewrite w WHERE w.oid = f.objid)
        WHEN 'pg_catalog.pg_publication_rel'::regclass THEN (SELECT l.prrelid FROM pg_catalog.pg_publication_rel l WHERE l.oid = f.objid)
        WHEN 'pg_catalog.pg_statistic_ext'::regclass THEN (SELECT s.stxrelid FROM pg_catalog.pg_statistic_ext s WHERE s.oid = f.objid)
        WHEN 'pg_catalog.pg_constraint'::regclass THEN (SELECT nullif(k.conrelid, 0) FROM pg_catalog.pg_constraint k WHERE k.oid = f.objid)
        WHEN 'pg_catalog.pg_attrdef'::regclass THEN (SELECT e.adrelid FROM pg_catalog.pg_attrdef e WHERE e.oid = f.objid)
        WHEN 'pg_catalog.pg_class'::regclass THEN coalesce((SELECT i.indrelid FROM pg_catalog.pg_index i WHERE i.indexrelid = f.objid), f.objid)
        END AS rel) p ON true
    WHERE p.rel IS DISTINCT FROM f.rel OR f.number > 0 AND f.classid IN ('pg_catalog.pg_trigger'::regclass, 'pg_catalog.pg_policy'::regclass, 'pg_catalog.pg_rewrite'::regclass,
      'pg_catalog.pg_publication_rel'::regclass, 'pg_catalog.pg_statistic_ext'::regclass)";

/// A query for them by relation (`rel`, `dependents`), of the relations of these kinds in these schemas (`IN (…)`).
pub(super) fn of(kinds: &str, schemas: &str) -> String {
    format!(
        "WITH RECURSIVE relations AS MATERIALIZED (SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ({kinds}) AND n.nspname {schemas}),
  edges AS MATERIALIZED ({EDGES}),
  direct AS MATERIALIZED ({DIRECT}),
  found AS (SELECT * FROM direct UNION {THROUGH_TYPES})
  SELECT h.rel, json_agg(json_build_object('column', h.number, 'what', h.what, 'along', h.along, 'own', h.own, 'stores', h.stores, 'schema', pn.nspname, 'relation', pc.relname, 'view', pc.relkind IN ('v', 'm')) ORDER BY h.number, h.what COLLATE \"C\") AS dependents
  FROM (SELECT DISTINCT * FROM ({TOLD}) t) h LEFT JOIN pg_catalog.pg_class pc ON pc.oid = h.part_of LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = pc.relnamespace
  WHERE h.what IS NOT NULL
  GROUP BY h.rel"
    )
}
