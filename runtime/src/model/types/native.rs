//! What columns and tables say about single databases.

use super::is_default;
use serde::{Deserialize, Serialize};

/// Native types and column options of single databases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NativeColumn {
    /// SQLite.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sqlite: SqliteColumn,
    /// PostgreSQL.
    #[serde(default, skip_serializing_if = "is_default")]
    pub postgres: PostgresColumn,
    /// MySQL and MariaDB.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mysql: MysqlColumn,
}

/// What a column says about SQLite alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SqliteColumn {
    /// Native type, as written.
    #[serde(default, rename = "type", skip_serializing_if = "is_default")]
    pub ty: Option<String>,
    /// Native collation: `RTRIM`, or one that the program registers.
    #[serde(default, skip_serializing_if = "is_default")]
    pub collate: Option<String>,
}

/// What a column says about PostgreSQL alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PostgresColumn {
    /// Native type, as written.
    #[serde(default, rename = "type", skip_serializing_if = "is_default")]
    pub ty: Option<String>,
    /// Native collation.
    #[serde(default, skip_serializing_if = "is_default")]
    pub collate: Option<String>,
}

/// What a column says about MySQL and MariaDB alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MysqlColumn {
    /// Native type, as written.
    #[serde(default, rename = "type", skip_serializing_if = "is_default")]
    pub ty: Option<String>,
    /// Native collation.
    #[serde(default, skip_serializing_if = "is_default")]
    pub collate: Option<String>,
    /// UNSIGNED.
    #[serde(default, skip_serializing_if = "is_default")]
    pub unsigned: bool,
    /// ON UPDATE expression.
    #[serde(default, skip_serializing_if = "is_default")]
    pub on_update: Option<String>,
}

/// What is said about one database, in the words of the derives: `postgres(fillfactor = 80)`.
#[derive(Debug)]
pub(crate) struct DatabaseOptions<'a> {
    pub(crate) database: &'static str,
    pub(crate) options: Vec<(&'static str, OptionValue<'a>)>,
}

/// The value of one option.
#[derive(Debug)]
pub(crate) enum OptionValue<'a> {
    /// The option has no value.
    Flag,
    /// A native type.
    Type(&'a str),
    /// An expression.
    Sql(&'a str),
    /// A name that is written without quotes: letters, digits, `_`.
    Word(&'a str),
    /// Any text.
    Text(&'a str),
    Number(u64),
    Numbers(Vec<(&'static str, u64)>),
}

impl<'a> DatabaseOptions<'a> {
    /// The options that are said; `None`: there are none.
    fn of(database: &'static str, options: Vec<(&'static str, Option<OptionValue<'a>>)>) -> Option<Self> {
        let options: Vec<_> =
            options.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))).collect();
        (!options.is_empty()).then_some(Self { database, options })
    }
}

fn flag(is_on: bool) -> Option<OptionValue<'static>> {
    is_on.then_some(OptionValue::Flag)
}

fn ty(text: &Option<String>) -> Option<OptionValue<'_>> {
    text.as_deref().map(OptionValue::Type)
}

fn word(text: &Option<String>) -> Option<OptionValue<'_>> {
    text.as_deref().map(OptionValue::Word)
}

fn text(text: &Option<String>) -> Option<OptionValue<'_>> {
    text.as_deref().map(OptionValue::Text)
}

impl NativeColumn {
    /// All that is said, by database.
    pub(crate) fn options(&self) -> impl Iterator<Item = DatabaseOptions<'_>> {
        let Self { sqlite, postgres, mysql } = self;
        let all = [
            DatabaseOptions::of("sqlite", vec![("type", ty(&sqlite.ty)), ("collate", word(&sqlite.collate))]),
            DatabaseOptions::of("postgres", vec![("type", ty(&postgres.ty)), ("collate", text(&postgres.collate))]),
            DatabaseOptions::of(
                "mysql",
                vec![
                    ("type", ty(&mysql.ty)),
                    ("collate", word(&mysql.collate)),
                    ("unsigned", flag(mysql.unsigned)),
                    ("on_update", mysql.on_update.as_deref().map(OptionValue::Sql)),
                ],
            ),
        ];
        all.into_iter().flatten()
    }

    /// One of the native types, to show to a reader.
    pub(crate) fn any_type(&self) -> Option<&str> {
        [&self.postgres.ty, &self.sqlite.ty, &self.mysql.ty].into_iter().flatten().map(String::as_str).next()
    }

    /// The native type of a server that takes no text for a value of it.
    pub(crate) fn type_that_is_no_text(&self) -> Option<&str> {
        self.postgres.ty.as_deref().filter(|ty| !ty.contains("char") && *ty != "name")
    }
}

impl TableOptions {
    /// All that is said, by database.
    pub(crate) fn options(&self) -> impl Iterator<Item = DatabaseOptions<'_>> {
        let Self { sqlite, postgres, mysql, mongodb } = self;
        let capped = mongodb.capped.map(|(size, max)| {
            OptionValue::Numbers(std::iter::once(("size", size)).chain(max.map(|max| ("max", max))).collect())
        });
        let all = [
            DatabaseOptions::of(
                "sqlite",
                vec![("strict", flag(sqlite.strict)), ("without_rowid", flag(sqlite.without_rowid))],
            ),
            DatabaseOptions::of(
                "postgres",
                vec![
                    ("schema", text(&postgres.schema)),
                    ("collate", text(&postgres.collate)),
                    ("unlogged", flag(postgres.unlogged)),
                    ("fillfactor", postgres.fillfactor.map(|factor| OptionValue::Number(factor.into()))),
                ],
            ),
            DatabaseOptions::of(
                "mysql",
                vec![
                    ("engine", word(&mysql.engine)),
                    ("charset", word(&mysql.charset)),
                    ("collate", word(&mysql.collate)),
                ],
            ),
            DatabaseOptions::of("mongodb", vec![("capped", capped)]),
        ];
        all.into_iter().flatten()
    }
}

/// Where a column says its type and collation for one database.
#[derive(Debug)]
pub struct NativeMut<'a> {
    /// Native type, as written.
    pub ty: &'a mut Option<String>,
    /// Native collation.
    pub collate: &'a mut Option<String>,
}

impl SqliteColumn {
    /// The type and the collation, to be set.
    pub fn native_mut(&mut self) -> NativeMut<'_> {
        NativeMut { ty: &mut self.ty, collate: &mut self.collate }
    }
}

impl PostgresColumn {
    /// The type and the collation, to be set.
    pub fn native_mut(&mut self) -> NativeMut<'_> {
        NativeMut { ty: &mut self.ty, collate: &mut self.collate }
    }
}

impl MysqlColumn {
    /// The type and the collation, to be set.
    pub fn native_mut(&mut self) -> NativeMut<'_> {
        NativeMut { ty: &mut self.ty, collate: &mut self.collate }
    }
}

/// Options of single databases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TableOptions {
    /// SQLite.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sqlite: SqliteOptions,
    /// PostgreSQL.
    #[serde(default, skip_serializing_if = "is_default")]
    pub postgres: PostgresOptions,
    /// MySQL and MariaDB.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mysql: MysqlOptions,
    /// MongoDB.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mongodb: MongoOptions,
}

/// Options of SQLite tables.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SqliteOptions {
    /// STRICT
    #[serde(default, skip_serializing_if = "is_default")]
    pub strict: bool,
    /// WITHOUT ROWID
    #[serde(default, skip_serializing_if = "is_default")]
    pub without_rowid: bool,
}

/// Options of PostgreSQL tables.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PostgresOptions {
    /// UNLOGGED
    #[serde(default, skip_serializing_if = "is_default")]
    pub unlogged: bool,
    /// Fill factor, 10 to 100.
    #[serde(default, skip_serializing_if = "is_default")]
    pub fillfactor: Option<u32>,
    /// Collation of the text columns.
    #[serde(default, skip_serializing_if = "is_default")]
    pub collate: Option<String>,
    /// Schema.
    #[serde(default, skip_serializing_if = "is_default")]
    pub schema: Option<String>,
}

/// Options of MySQL and MariaDB tables.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MysqlOptions {
    /// Storage engine.
    #[serde(default, skip_serializing_if = "is_default")]
    pub engine: Option<String>,
    /// Character set.
    #[serde(default, skip_serializing_if = "is_default")]
    pub charset: Option<String>,
    /// Collation.
    #[serde(default, skip_serializing_if = "is_default")]
    pub collate: Option<String>,
}

/// Options of MongoDB collections.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MongoOptions {
    /// Capped: bytes, and documents where given.
    #[serde(default, skip_serializing_if = "is_default")]
    pub capped: Option<(u64, Option<u64>)>,
}
