//! Tables, embedded structs, their fields, checks and options.

use super::{ColumnDef, ForeignKeyDef, IndexDef, RelationDef, SyncMethod};

/// A struct that is a table.
#[derive(Debug)]
pub struct TableDef {
    /// `User`
    pub rust_name: &'static str,
    /// `my_app::models::User`, for messages.
    pub rust_path: &'static str,
    /// Physical name.
    pub name: &'static str,
    /// Earlier physical names.
    pub renamed: &'static [&'static str],
    /// Namespace: a PostgreSQL schema, another database on MySQL.
    pub schema: Option<&'static str>,
    /// Group of models, for several databases.
    pub space: Option<&'static str>,
    /// How structural changes may be done.
    pub sync_method: Option<SyncMethod>,
    /// From the doc comment.
    pub comment: Option<&'static str>,
    /// Columns and embedded structs, in the order of the fields. Skipped and navigation fields are not here.
    pub fields: &'static [FieldDef],
    /// Table-level and field-level indexes; fields sharing a name are already one composite index.
    pub indexes: &'static [IndexDef],
    /// Table-level and field-level foreign keys.
    pub foreign_keys: &'static [ForeignKeyDef],
    /// CHECK constraints.
    pub checks: &'static [CheckDef],
    /// Navigation fields: no column, carried for other tools.
    pub relations: &'static [RelationDef],
    /// Options of single databases.
    pub options: TableOptionsDef,
}

/// A struct spread over several columns of its owner.
#[derive(Debug)]
pub struct EmbedDef {
    /// `Address`
    pub rust_name: &'static str,
    /// Columns and embedded structs.
    pub fields: &'static [FieldDef],
    /// Indexes over these fields.
    pub indexes: &'static [IndexDef],
    /// Foreign keys of these fields.
    pub foreign_keys: &'static [ForeignKeyDef],
}

/// One field of a table or an embedded struct.
#[derive(Debug)]
#[allow(clippy::large_enum_variant)]
pub enum FieldDef {
    /// One column.
    Column(ColumnDef),
    /// Several columns, named `{column}__{child}` or `{prefix}{child}`.
    Embed {
        /// The Rust field.
        field: &'static str,
        /// The name of the field as a column: with `__` the prefix of the columns.
        column: &'static str,
        /// The prefix of the columns, where it is given: `embed(prefix = "home_")`.
        prefix: Option<&'static str>,
        /// Earlier prefixes.
        renamed: &'static [&'static str],
        /// `Option<T>`: all columns are nullable.
        nullable: bool,
        /// The embedded struct.
        def: fn() -> &'static EmbedDef,
    },
}

/// A CHECK constraint.
#[derive(Debug, Clone, Copy)]
pub struct CheckDef {
    /// The name as given, without prefix.
    pub name: Option<&'static str>,
    /// The condition, SQL.
    pub sql: &'static str,
}

/// Options of single databases.
#[derive(Debug, Clone, Copy)]
pub struct TableOptionsDef {
    /// `sqlite(strict)`
    pub sqlite_strict: bool,
    /// `sqlite(without_rowid)`
    pub sqlite_without_rowid: bool,
    /// `postgres(unlogged)`
    pub postgres_unlogged: bool,
    /// `postgres(fillfactor = 80)`
    pub postgres_fillfactor: Option<u32>,
    /// `postgres(collate = "…")`
    pub postgres_collate: Option<&'static str>,
    /// `postgres(schema = "…")`
    pub postgres_schema: Option<&'static str>,
    /// `mysql(engine = "…")`
    pub mysql_engine: Option<&'static str>,
    /// `mysql(charset = "…")`
    pub mysql_charset: Option<&'static str>,
    /// `mysql(collate = "…")`
    pub mysql_collate: Option<&'static str>,
    /// `mongodb(capped(size = …, max = …))`
    pub mongodb_capped: Option<(u64, Option<u64>)>,
}

impl TableOptionsDef {
    /// Nothing said.
    pub const NONE: Self = Self {
        sqlite_strict: false,
        sqlite_without_rowid: false,
        postgres_unlogged: false,
        postgres_fillfactor: None,
        postgres_collate: None,
        postgres_schema: None,
        mysql_engine: None,
        mysql_charset: None,
        mysql_collate: None,
        mongodb_capped: None,
    };
}
