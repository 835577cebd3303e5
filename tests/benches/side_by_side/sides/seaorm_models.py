"""Writes the package of the SeaORM side: its models are Rust types, so each number of tables is a program of its own."""

from __future__ import annotations

from pathlib import Path

from description import Column, Table, describe

MANIFEST = """[package]
name = "{name}"
version = "0.0.0"
edition = "2024"
publish = false

[workspace]

[dependencies]
sea-orm = {{ version = "=2.0.4", default-features = false, features = ["macros", "schema-sync", "sqlx-sqlite", "sqlx-postgres", "runtime-tokio"] }}
tokio = {{ version = "1", features = ["rt", "macros"] }}

[profile.release]
opt-level = 1
[profile.release.package.sea-orm]
opt-level = 3
[profile.release.package.sea-query]
opt-level = 3
[profile.release.package.sea-schema]
opt-level = 3
[profile.release.package.sqlx-core]
opt-level = 3
[profile.release.package.sqlx-postgres]
opt-level = 3
[profile.release.package.sqlx-sqlite]
opt-level = 3
"""

MAIN = """//! One step of SeaORM, timed inside the process: `URL before|after` prints the seconds and the number of statements.
mod after;
mod before;

use sea_orm::{ConnectOptions, ConnectionTrait, Database};
use std::time::Instant;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut options = ConnectOptions::new(&arguments[0]);
    options.max_connections(1).sqlx_logging(false);
    let db = Database::connect(options).await?;
    db.execute_unprepared("SELECT 1").await?;
    let builder = db.get_schema_builder();
    let builder = if arguments[1] == "before" { before::register(builder) } else { after::register(builder) };
    let started = Instant::now();
    builder.sync(&db).await?;
    println!("{{\\"seconds\\": {}, \\"statements\\": 0}}", started.elapsed().as_secs_f64());
    Ok(())
}
"""


def field(column: Column, table: Table) -> str:
    """A field with its attributes."""
    said = []
    if column["kind"] == "id":
        said.append("primary_key")
    if column["kind"] == "text":
        said.append('column_type = "Text"')
    if column["default"] is not None:
        said.append(f'default_value = "{column["default"]}"')
    if column["name"] in table["unique"]:
        said.append("unique")
    if column["name"] in table["index"]:
        said.append("indexed")
    if column["nullable"]:
        said.append("nullable")
    rust = "String" if column["kind"] == "text" else "i64"
    rust = f"Option<{rust}>" if column["nullable"] else rust
    attribute = f"        #[sea_orm({', '.join(said)})]\n" if said else ""
    return f"{attribute}        pub {column['name']}: {rust},\n"


def module(table: Table) -> str:
    """An entity."""
    fields = "".join(field(column, table) for column in table["columns"])
    # A column that ends in a number: text_1 is Column::Text1.
    return f"""pub mod {table["name"]} {{
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "{table["name"]}")]
    pub struct Model {{
{fields}    }}
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {{
        #[sea_orm(belongs_to = "super::{table["parent"]}::Entity", from = "Column::ParentId", to = "super::{table["parent"]}::Column::Id")]
        Parent,
    }}
    impl ActiveModelBehavior for ActiveModel {{}}
}}
"""


def models(tables: list[Table]) -> str:
    """All entities, and the function that registers them."""
    calls = "".join(f"\n        .register({table['name']}::Entity)" for table in tables)
    register = f"pub fn register(builder: sea_orm::SchemaBuilder) -> sea_orm::SchemaBuilder {{\n    builder{calls}\n}}\n"
    return "".join(module(table) for table in tables) + register


def write(folder: Path, size: int) -> None:
    """The package, in that folder."""
    (folder / "src").mkdir(parents=True, exist_ok=True)
    (folder / "Cargo.toml").write_text(MANIFEST.format(name=f"side-by-side-seaorm-{size}"))
    (folder / "src" / "main.rs").write_text(MAIN)
    (folder / "src" / "before.rs").write_text(models(describe(size, added=False)))
    (folder / "src" / "after.rs").write_text(models(describe(size, added=True)))
