//! What a database has and a schema cannot say, by name, beside what is told of tables, columns, indexes and views themselves: the
//! security of tables first, since a copy made from the schema has none of it.

/// The first number of what is not the server's own.
const FIRST: u32 = 16_384;

/// Not a part of an extension, and not made by the server for something else.
fn is_own(class: &str, oid: &str) -> String {
    format!(
        "{oid} >= {FIRST} AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend own WHERE own.classid = 'pg_catalog.{class}'::regclass AND own.objid = {oid} AND own.deptype IN ('e', 'i'))"
    )
}

/// The relation `c` in the schema `n`, one that users see.
fn relations(kinds: &str) -> String {
    format!(
        "pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ({kinds}) AND c.relname !~ '^__schemasync_'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend own WHERE own.classid = 'pg_catalog.pg_class'::regclass AND own.objid = c.oid AND own.deptype = 'e')"
    )
}

const TABLES: &str = "'r', 'p', 'f'";
const VIEWS: &str = "'v', 'm'";

/// `public.users`: nothing is in the path when it is asked.
const RELATION: &str = "c.oid::regclass::text";

/// A query of sentences, in their order.
pub(crate) fn query() -> String {
    let mut parts = security();
    parts.extend(relation_details());
    parts.extend(key_details());
    parts.extend(sequences_and_schemas());
    parts.extend(objects());
    parts.push(comments());
    let numbered =
        parts.iter().enumerate().map(|(at, part)| format!("SELECT {at} AS part, r.remark FROM ({part}) r (remark)"));
    format!(
        "SELECT remark FROM ({}) remarks WHERE remark IS NOT NULL GROUP BY part, remark ORDER BY part, remark",
        numbered.collect::<Vec<_>>().join("\nUNION ALL ")
    )
}

/// Row-level security, policies, grants and what is like them.
fn security() -> Vec<String> {
    let grants = |acl: &str, owner: &str| {
        format!(
            "(SELECT string_agg(DISTINCT CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(g.grantee) END, ', ') FROM pg_catalog.aclexplode({acl}) g WHERE g.grantee <> {owner})"
        )
    };
    vec![
        format!(
            "SELECT {RELATION} || ': row-level security is ' || CASE WHEN c.relforcerowsecurity THEN 'on and forced' ELSE 'on' END || ', which is not part of a schema' FROM {} WHERE c.relrowsecurity OR c.relforcerowsecurity",
            relations(TABLES)
        ),
        format!(
            "SELECT {RELATION} || ': the policy ' || p.polname || ' is not part of a schema' FROM {} JOIN pg_catalog.pg_policy p ON p.polrelid = c.oid",
            relations(TABLES)
        ),
        format!(
            "SELECT {RELATION} || ': the option ' || option || ' is not part of a schema' FROM {} CROSS JOIN unnest(c.reloptions) option",
            relations(VIEWS)
        ),
        format!(
            "SELECT {RELATION} || ': grants to ' || {} || ' are not part of a schema' FROM {}",
            grants("c.relacl", "c.relowner"),
            relations("'r', 'p', 'f', 'v', 'm', 'S'")
        ),
        format!(
            "SELECT {RELATION} || '.' || a.attname || ': grants to ' || {} || ' are not part of a schema' FROM {} JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped",
            grants("a.attacl", "c.relowner"),
            relations("'r', 'p', 'f', 'v', 'm'")
        ),
        format!(
            "SELECT 'the schema ' || n.nspname || ': grants to ' || {} || ' are not part of a schema' FROM pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_init_privs i WHERE i.objoid = n.oid AND i.classoid = 'pg_catalog.pg_namespace'::regclass AND i.initprivs = n.nspacl)",
            grants("n.nspacl", "n.nspowner")
        ),
        format!(
            "SELECT pg_catalog.pg_describe_object('pg_catalog.pg_proc'::regclass, f.oid, 0) || ': grants to ' || {} || ' are not part of a schema' FROM pg_catalog.pg_proc f WHERE f.proacl IS NOT NULL AND {}",
            grants("f.proacl", "f.proowner"),
            is_own("pg_proc", "f.oid")
        ),
        format!(
            "SELECT pg_catalog.pg_describe_object('pg_catalog.pg_type'::regclass, t.oid, 0) || ': grants to ' || {} || ' are not part of a schema' FROM pg_catalog.pg_type t WHERE t.typacl IS NOT NULL AND {}",
            grants("t.typacl", "t.typowner"),
            is_own("pg_type", "t.oid")
        ),
        "SELECT 'the ' || pg_catalog.pg_describe_object('pg_catalog.pg_default_acl'::regclass, d.oid, 0) || ' are not part of a schema' FROM pg_catalog.pg_default_acl d".to_owned(),
        "SELECT 'the security label of ' || l.objtype || ' ' || l.objname || ' is not part of a schema' FROM pg_catalog.pg_seclabels l WHERE l.objtype NOT IN ('role', 'database', 'tablespace')".to_owned(),
    ]
}

/// What relations and their columns say beside what a schema says of them.
fn relation_details() -> Vec<String> {
    vec![
        format!(
            "SELECT {RELATION} || ': the rule ' || w.rulename || ' is not part of a schema' FROM {} JOIN pg_catalog.pg_rewrite w ON w.ev_class = c.oid AND w.rulename <> '_RETURN'",
            relations("'r', 'p', 'f', 'v', 'm'")
        ),
        format!(
            "SELECT {RELATION} || ': the trigger ' || t.tgname || CASE t.tgenabled WHEN 'D' THEN ' is disabled' WHEN 'A' THEN ' fires always' ELSE ' fires on replicas' END || ', which is not part of a schema' FROM {} JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled <> 'O'",
            relations("'r', 'p', 'f', 'v'")
        ),
        format!(
            "SELECT {RELATION} || ': its replica identity, ' || CASE c.relreplident WHEN 'f' THEN 'all columns' WHEN 'n' THEN 'nothing' ELSE 'an index' END || ', is not part of a schema' FROM {} WHERE c.relreplident <> 'd'",
            relations("'r', 'p'")
        ),
        format!(
            "SELECT {RELATION} || ': its tablespace ' || s.spcname || ' is not part of a schema' FROM {} JOIN pg_catalog.pg_tablespace s ON s.oid = c.reltablespace",
            relations("'r', 'p', 'm', 'i', 'I'")
        ),
        format!(
            "SELECT {RELATION} || ': the access method ' || m.amname || ' is not part of a schema' FROM {} JOIN pg_catalog.pg_am m ON m.oid = c.relam WHERE m.amname <> 'heap'",
            relations("'r', 'm'")
        ),
        format!(
            "SELECT {RELATION} || ': it has no rows until it is refreshed, which is not part of a schema' FROM {} WHERE NOT c.relispopulated",
            relations("'m'")
        ),
        format!(
            "SELECT c.oid::regclass::text || ': the index ' || x.relname || ' of a materialized view is not part of a schema' FROM {} JOIN pg_catalog.pg_index i ON i.indrelid = c.oid JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid",
            relations("'m'")
        ),
        format!(
            "SELECT i.indrelid::regclass::text || ': that it is clustered by the index ' || c.relname || ' is not part of a schema' FROM {} JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid AND i.indisclustered",
            relations("'i'")
        ),
        format!(
            "SELECT {RELATION} || '.' || a.attname || ': its storage, ' || CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'x' THEN 'EXTENDED' ELSE 'MAIN' END || ', is not part of a schema' FROM {} JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped JOIN pg_catalog.pg_type t ON t.oid = a.atttypid WHERE a.attstorage <> t.typstorage",
            relations("'r', 'p', 'm'")
        ),
        // These are not on every version.
        format!(
            "SELECT {RELATION} || '.' || a.attname || ': its compression is not part of a schema' FROM {} JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE coalesce(to_jsonb(a) ->> 'attcompression', '') <> ''",
            relations("'r', 'p', 'm'")
        ),
        format!(
            "SELECT {RELATION} || '.' || a.attname || ': its statistics target is not part of a schema' FROM {} JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE coalesce((to_jsonb(a) ->> 'attstattarget')::int, -1) >= 0",
            relations("'r', 'p', 'f', 'm'")
        ),
        format!(
            "SELECT {RELATION} || '.' || a.attname || ': the option ' || option || ' is not part of a schema' FROM {} JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped CROSS JOIN unnest(a.attoptions) option WHERE option ~ '^n_distinct'",
            relations("'r', 'p', 'f', 'm'")
        ),
    ]
}

/// What primary, unique and foreign keys say beside their columns.
fn key_details() -> Vec<String> {
    let keys = |kinds: &str| {
        format!(
            "{} JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype IN ({kinds})",
            relations(TABLES)
        )
    };
    vec![
        format!(
            "SELECT {RELATION} || ', key ' || k.conname || ': that it is deferrable is not part of a schema' FROM {} WHERE k.condeferrable",
            keys("'p', 'u'")
        ),
        format!(
            "SELECT {RELATION} || ', key ' || k.conname || ': its INCLUDE is not part of a schema' FROM {} JOIN pg_catalog.pg_index i ON i.indexrelid = k.conindid WHERE i.indnatts > i.indnkeyatts",
            keys("'p', 'u'")
        ),
        format!(
            "SELECT {RELATION} || ', foreign key ' || k.conname || ': that its action is for some of its columns is not part of a schema' FROM {} WHERE to_jsonb(k) ->> 'confdelsetcols' IS NOT NULL",
            keys("'f'")
        ),
    ]
}

/// Sequences that no column is made of, and schemas in which nothing is.
fn sequences_and_schemas() -> Vec<String> {
    let classes = "d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass";
    vec![
        format!(
            "SELECT 'the sequence ' || {RELATION} || ' is not part of a schema' FROM {} WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE {classes} AND d.objid = c.oid AND d.deptype = 'i')
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attrdef f ON f.adrelid = d.refobjid AND f.adnum = d.refobjsubid
      WHERE {classes} AND d.objid = c.oid AND d.deptype = 'a' AND pg_catalog.pg_get_expr(f.adbin, f.adrelid) ~ '^nextval\\(''.*''::regclass\\)$'
        AND 1 = (SELECT count(DISTINCT e.objid) FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_attrdef'::regclass AND e.refobjid = c.oid))",
            relations("'S'")
        ),
        "SELECT 'the schema ' || n.nspname || ' is empty, and not part of a schema' FROM pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'public')
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.refclassid = 'pg_catalog.pg_namespace'::regclass AND d.refobjid = n.oid)".to_owned(),
        "SELECT 'the setting ' || setting || ' of the database is not part of a schema' FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database b ON b.oid = s.setdatabase AND b.datname = pg_catalog.current_database() CROSS JOIN unnest(s.setconfig) setting".to_owned(),
    ]
}

/// Objects of which a schema has no kind, as the server calls them.
fn objects() -> Vec<String> {
    let described = |class: &str, condition: &str| {
        format!(
            "SELECT 'the ' || pg_catalog.pg_describe_object('pg_catalog.{class}'::regclass, o.oid, 0) || ' is not part of a schema' FROM pg_catalog.{class} o WHERE {}{condition}",
            is_own(class, "o.oid")
        )
    };
    let in_schema = |column: &str| {
        format!(" AND EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.oid = o.{column} AND n.nspname !~ '^pg_')")
    };
    vec![
        described("pg_proc", &in_schema("pronamespace")),
        described("pg_type", &format!("{} AND (o.typtype IN ('d', 'r') OR o.typtype = 'b' AND o.typcategory <> 'A')", in_schema("typnamespace"))),
        format!(
            "SELECT 'the composite type ' || {RELATION} || ' is not part of a schema' FROM {}",
            relations("'c'")
        ),
        described("pg_event_trigger", ""),
        described("pg_statistic_ext", ""),
        described("pg_publication", ""),
        "SELECT 'the subscription ' || s.subname || ' is not part of a schema' FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database b ON b.oid = s.subdbid AND b.datname = pg_catalog.current_database()".to_owned(),
        described("pg_collation", ""),
        described("pg_conversion", ""),
        described("pg_operator", ""),
        described("pg_opclass", ""),
        described("pg_opfamily", ""),
        described("pg_cast", ""),
        described("pg_ts_config", ""),
        described("pg_ts_dict", ""),
        described("pg_ts_parser", ""),
        described("pg_ts_template", ""),
        described("pg_foreign_data_wrapper", ""),
        described("pg_foreign_server", ""),
        "SELECT 'the user mapping of ' || coalesce(u.usename, 'PUBLIC') || ' for the server ' || u.srvname || ' is not part of a schema' FROM pg_catalog.pg_user_mappings u".to_owned(),
        described("pg_language", ""),
        described("pg_transform", ""),
        described("pg_am", ""),
        // A sync makes the others where a model needs them.
        "SELECT 'the extension ' || x.extname || ' is not part of a schema' FROM pg_catalog.pg_extension x WHERE x.extname NOT IN ('plpgsql', 'citext', 'vector', 'postgis')".to_owned(),
    ]
}

/// Comments on all but tables and their columns.
fn comments() -> String {
    format!(
        "SELECT 'the comment on ' || pg_catalog.pg_describe_object(d.classoid, d.objoid, d.objsubid) || ' is not part of a schema' FROM pg_catalog.pg_description d
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend own WHERE own.classid = d.classoid AND own.objid = d.objoid AND own.deptype IN ('e', 'i') AND d.classoid <> 'pg_catalog.pg_rewrite'::regclass)
      AND (d.objoid >= {FIRST} OR d.classoid = 'pg_catalog.pg_namespace'::regclass AND d.objoid IN (SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = 'public') AND d.description <> 'standard public schema')
      AND NOT (d.classoid = 'pg_catalog.pg_class'::regclass AND EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = d.objoid AND (c.relkind = 'r' OR c.relname ~ '^__schemasync_')))"
    )
}

/// The sentence without the schema that every name is in where nothing is said.
pub(crate) fn without_home(remark: &str, home: &str) -> String {
    let prefix = format!("{home}.");
    let mut out = String::with_capacity(remark.len());
    let mut rest = remark;
    while let Some(at) = rest.find(&prefix) {
        out.push_str(&rest[..at]);
        let begins = out.chars().next_back().is_none_or(|before| matches!(before, ' ' | '(' | ','));
        if !begins {
            out.push_str(&prefix);
        }
        rest = &rest[at + prefix.len()..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::without_home;

    #[test]
    fn the_schema_that_is_meant_anyway_is_left_out() {
        assert_eq!(without_home("the cast from public.a to republic.b", "public"), "the cast from a to republic.b");
        assert_eq!(without_home("public.t.a: its storage", "public"), "t.a: its storage");
    }
}
