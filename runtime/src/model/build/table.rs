//! One table: descriptor → model.

use super::column::column;
use super::owned;
use crate::descriptor::{
    EmbedDef, FieldDef, ForeignKeyDef, IndexDef, IndexKindDef, IndexOnDef, TableDef, TableOptionsDef, VectorDef,
};
use crate::model::fingerprint::short_hash;
use crate::model::{
    Check, DataType, ForeignKey, Index, IndexKind, IndexOn, IndexPart, MongoOptions, MysqlOptions, PostgresOptions,
    SqliteOptions, Table, TableOptions, VectorParameters,
};

/// The table of a descriptor. What cannot be built is left out and told in `problems`.
pub(super) fn table(def: &'static TableDef, problems: &mut Vec<String>) -> Table {
    let mut table = Table {
        name: def.name.into(),
        schema: def.schema.map(Into::into),
        renamed: owned(def.renamed),
        sync_method: def.sync_method,
        comment: def.comment.map(Into::into),
        columns: Vec::with_capacity(def.fields.len()),
        checks: def
            .checks
            .iter()
            .map(|check| Check {
                name: check.name.map_or_else(|| short_hash(check.sql), Into::into),
                sql: check.sql.into(),
            })
            .collect(),
        options: options(&def.options),
        ..Table::default()
    };
    let mut flattener = Flattener { def, table: &mut table, problems, embeds: Vec::new(), dimensions: Vec::new() };
    let level = Level { prefix: String::new(), earlier: vec![], nullable: false };
    flattener.level(&level, def.fields, def.indexes, def.foreign_keys);
    flattener.index_dimensions();
    table
}

/// Where in the tree of embedded structs we are.
struct Level {
    /// What the columns' names begin with: `address__`
    prefix: String,
    /// What they began with before.
    earlier: Vec<String>,
    /// An `Option` on the way.
    nullable: bool,
}

impl Level {
    /// The names that a column or prefix here had before: earlier prefixes × its name and its earlier names, the current one
    /// left out. The likeliest come first: one thing was renamed, not two.
    fn earlier_names<S: AsRef<str>>(&self, name: &str, renamed: &[S]) -> Vec<String> {
        let current = format!("{}{name}", self.prefix);
        let mut names = Vec::new();
        for prefix in std::iter::once(&self.prefix).chain(&self.earlier) {
            for child in std::iter::once(name).chain(renamed.iter().map(AsRef::as_ref)) {
                let earlier = format!("{prefix}{child}");
                if earlier != current && !names.contains(&earlier) {
                    names.push(earlier);
                }
            }
        }
        names
    }
}

struct Flattener<'a> {
    def: &'static TableDef,
    table: &'a mut Table,
    problems: &'a mut Vec<String>,
    /// The embedded structs on the way here: one that embeds itself has no end.
    embeds: Vec<*const EmbedDef>,
    /// Columns marked `dimension`.
    dimensions: Vec<String>,
}

impl Flattener<'_> {
    fn level(
        &mut self,
        level: &Level,
        fields: &'static [FieldDef],
        indexes: &'static [IndexDef],
        foreign_keys: &'static [ForeignKeyDef],
    ) {
        for field in fields {
            self.field(level, field);
        }
        for index in indexes {
            let index = self.index(level, fields, index);
            self.table.indexes.push(index);
        }
        for key in foreign_keys {
            let key = self.foreign_key(level, fields, key);
            self.table.foreign_keys.push(key);
        }
    }

    fn field(&mut self, level: &Level, field: &'static FieldDef) {
        match field {
            FieldDef::Column(def) => {
                let name = level.prefix.clone() + def.name;
                let mut column = column(def, name, level.nullable, self.def.name, self.problems);
                column.renamed = if level.prefix.is_empty() {
                    owned(def.renamed)
                } else {
                    level.earlier_names(def.name, def.renamed)
                };
                if def.primary_key {
                    self.table.primary_key.push(column.name.clone());
                }
                if def.dimension {
                    self.dimensions.push(column.name.clone());
                }
                self.table.columns.push(column);
            }
            FieldDef::Embed { column, prefix, renamed, nullable, def, .. } => {
                let def = def();
                if self.embeds.contains(&std::ptr::from_ref(def)) {
                    self.problems.push(format!(
                        "{}: {} embeds itself, so it has no end of columns: mark the field `json` or `skip`",
                        self.def.rust_path, def.rust_name
                    ));
                    return;
                }
                let own = prefix_of(column, *prefix);
                let earlier: Vec<String> = renamed.iter().map(|name| format!("{name}__")).collect();
                let inner = Level {
                    prefix: format!("{}{own}", level.prefix),
                    earlier: level.earlier_names(&own, &earlier),
                    nullable: level.nullable || *nullable,
                };
                self.embeds.push(def);
                self.level(&inner, def.fields, def.indexes, def.foreign_keys);
                self.embeds.pop();
            }
        }
    }

    fn index(&mut self, level: &Level, fields: &'static [FieldDef], def: &IndexDef) -> Index {
        let mut names = Vec::with_capacity(def.parts.len());
        let mut parts = Vec::with_capacity(def.parts.len());
        for part in def.parts {
            let on = match part.on {
                IndexOnDef::Column(path) => {
                    let column = self.physical(level, fields, path, "an index");
                    names.push(column.clone());
                    IndexOn::Column(column)
                }
                IndexOnDef::Expression(sql) => {
                    names.push(format!("expr{}", short_hash(sql)));
                    IndexOn::Expression(sql.into())
                }
            };
            parts.push(IndexPart { on, order: part.order, weight: part.weight });
        }
        let kind = match def.kind {
            IndexKindDef::Plain => IndexKind::Plain,
            IndexKindDef::Unique => IndexKind::Unique,
            IndexKindDef::Fulltext => IndexKind::Fulltext,
            IndexKindDef::Geo => IndexKind::Geo,
            IndexKindDef::Vector(vector) => IndexKind::Vector(self.vector(&parts, vector)),
        };
        Index {
            // A struct embedded twice brings its indexes twice: a name given there needs the prefix, too.
            name: def.name.map_or_else(|| names.join("_"), |name| format!("{}{name}", level.prefix)),
            kind,
            nulls_not_distinct: def.nulls_not_distinct,
            predicate: def.predicate.map(Into::into),
            include: self.physical_all(level, fields, def.include, "an index"),
            language: def.language.map(Into::into),
            filters: self.physical_all(level, fields, def.filters, "a vector filter"),
            parts,
        }
    }

    /// The number of dimensions is the column's where the index does not say it.
    fn vector(&self, parts: &[IndexPart], def: VectorDef) -> VectorParameters {
        let of_column = parts.iter().find_map(|part| match &part.on {
            IndexOn::Column(name) => self.table.columns.iter().find(|column| column.name == *name),
            IndexOn::Expression(_) => None,
        });
        let dimensions = match of_column.map(|column| &column.ty) {
            Some(DataType::Vector(dimensions)) if def.dimensions == 0 => *dimensions,
            _ => def.dimensions,
        };
        VectorParameters { dimensions, similarity: def.similarity, threshold: def.threshold }
    }

    fn foreign_key(&mut self, level: &Level, fields: &'static [FieldDef], def: &ForeignKeyDef) -> ForeignKey {
        let target = (def.target)();
        let root = Level { prefix: String::new(), earlier: vec![], nullable: false };
        let target_columns = def
            .target_columns
            .iter()
            .map(|path| self.physical(&root, target.fields, path, &format!("a foreign key to {}", target.rust_path)))
            .collect();
        ForeignKey {
            columns: self.physical_all(level, fields, def.columns, "a foreign key"),
            target_schema: target.schema.map(Into::into),
            target: target.name.into(),
            target_columns,
            on_delete: def.on_delete,
            on_update: def.on_update,
        }
    }

    fn physical_all(&mut self, level: &Level, fields: &'static [FieldDef], paths: &[&str], user: &str) -> Vec<String> {
        paths.iter().map(|path| self.physical(level, fields, path, user)).collect()
    }

    /// The physical name of a field path; a path that leads nowhere is a problem and stands for itself.
    fn physical(&mut self, level: &Level, fields: &'static [FieldDef], path: &str, user: &str) -> String {
        if let Some(name) = resolve(fields, path) {
            return format!("{}{name}", level.prefix);
        }
        self.problems.push(format!(
            "{}: {user} names the field `{path}`, which is not a column: name a field that has one, as in `email` or `address.city`",
            self.def.rust_path
        ));
        path.to_owned()
    }

    /// `dimension` without an index gets a plain one.
    fn index_dimensions(&mut self) {
        for column in std::mem::take(&mut self.dimensions) {
            let covered = self.table.primary_key == [column.as_str()]
                || self.table.indexes.iter().any(|index| {
                    index.parts.iter().any(|part| matches!(&part.on, IndexOn::Column(name) if *name == column))
                });
            if !covered {
                self.table.indexes.push(Index {
                    name: column.clone(),
                    kind: IndexKind::Plain,
                    nulls_not_distinct: false,
                    parts: vec![IndexPart::column(column)],
                    predicate: None,
                    include: vec![],
                    language: None,
                    filters: vec![],
                });
            }
        }
    }
}

/// What the columns of an embedded struct begin with.
fn prefix_of(column: &str, prefix: Option<&str>) -> String {
    prefix.map_or_else(|| format!("{column}__"), str::to_owned)
}

/// The physical name of a field path, without the prefix of where `fields` stand: `address.city` → `address__city`.
pub(super) fn resolve(fields: &[FieldDef], path: &str) -> Option<String> {
    let (head, rest) = path.split_once('.').map_or((path, None), |(head, rest)| (head, Some(rest)));
    fields.iter().find_map(|field| match (field, rest) {
        (FieldDef::Column(def), None) if def.field == head => Some(def.name.to_owned()),
        (FieldDef::Embed { field, column, prefix, def, .. }, Some(rest)) if *field == head => {
            resolve(def().fields, rest).map(|name| prefix_of(column, *prefix) + &name)
        }
        _ => None,
    })
}

fn options(def: &TableOptionsDef) -> TableOptions {
    TableOptions {
        sqlite: SqliteOptions { strict: def.sqlite_strict, without_rowid: def.sqlite_without_rowid },
        postgres: PostgresOptions {
            unlogged: def.postgres_unlogged,
            fillfactor: def.postgres_fillfactor,
            collate: def.postgres_collate.map(Into::into),
            schema: def.postgres_schema.map(Into::into),
        },
        mysql: MysqlOptions {
            engine: def.mysql_engine.map(Into::into),
            charset: def.mysql_charset.map(Into::into),
            collate: def.mysql_collate.map(Into::into),
        },
        mongodb: MongoOptions { capped: def.mongodb_capped },
    }
}
