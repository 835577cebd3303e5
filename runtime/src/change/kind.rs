//! [`Change`]: typed and neutral, no SQL in it. One variant per kind of change; the compiler names the places that must know it.

use super::Rebuild;
use crate::catalog::{Check, Column, EnumType, ForeignKey, Index, Name, PrimaryKey, Table, View};
use serde::{Deserialize, Serialize};

/// One change of the database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
#[allow(clippy::large_enum_variant, reason = "a plan has few changes, and each is read by its fields")]
#[non_exhaustive]
pub enum Change {
    /// Columns, primary key, checks, and the foreign keys and unique constraints that are in `table`. Its `indexes` that are not
    /// constraints are not made: each has a `CreateIndex` of its own.
    CreateTable {
        table: Table,
    },
    DropTable {
        table: Name,
    },
    RenameTable {
        from: Name,
        to: Name,
    },
    /// With the single-column foreign keys that are defined inline.
    AddColumn {
        table: Name,
        column: Column,
        foreign_keys: Vec<ForeignKey>,
    },
    RenameColumn {
        table: Name,
        from: String,
        to: String,
    },
    /// Where the server alters in place; `from` has the live properties under the new name.
    AlterColumn {
        table: Name,
        from: Column,
        to: Column,
        /// `.allow_lossy(true)`: values that do not convert become the default or NULL instead of stopping the change.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        lossy: bool,
    },
    DropColumn {
        table: Name,
        column: String,
    },
    /// Several changes of one table in one statement, where the server takes them together ([`crate::dialect`]'s `joins`). In the order in
    /// which they were planned.
    AlterTable {
        table: Name,
        changes: Vec<Change>,
    },
    AlterPrimaryKey {
        table: Name,
        from: Option<PrimaryKey>,
        to: Option<PrimaryKey>,
    },
    CreateIndex {
        table: Name,
        index: Index,
    },
    DropIndex {
        table: Name,
        index: Index,
    },
    /// Where the server renames indexes (`Capabilities::rename_index`).
    RenameIndex {
        table: Name,
        from: String,
        to: String,
    },
    /// A foreign key or a check, where the server renames constraints (`Capabilities::rename_constraint`).
    RenameConstraint {
        table: Name,
        from: String,
        to: String,
    },
    /// The primary key, where the server has named it after its table ([`crate::dialect::Dialect::server_generated_name`]). It keeps its name
    /// where something else has the new one.
    RenamePrimaryKey {
        table: Name,
        from: String,
        to: String,
    },
    /// The sequence of an identity column; as `RenamePrimaryKey`.
    RenameSequence {
        table: Name,
        from: String,
        to: String,
    },
    AddForeignKey {
        table: Name,
        foreign_key: ForeignKey,
    },
    DropForeignKey {
        table: Name,
        foreign_key: ForeignKey,
    },
    /// An unmanaged foreign key goes while its columns change their type on both sides; a `RestoreForeignKey` of the same entry
    /// follows, once all have.
    SuspendForeignKey {
        table: Name,
        foreign_key: ForeignKey,
    },
    /// Makes it again as it was.
    RestoreForeignKey {
        table: Name,
        foreign_key: ForeignKey,
    },
    AddCheck {
        table: Name,
        check: Check,
    },
    DropCheck {
        table: Name,
        check: Check,
    },
    SetOption {
        table: Name,
        key: String,
        from: Option<String>,
        to: Option<String>,
    },
    SetTableComment {
        table: Name,
        comment: Option<String>,
    },
    /// New table, copy, swap; or drop and create empty.
    RebuildTable(Box<Rebuild>),
    CreateView {
        view: View,
    },
    /// Another query under a view that stays: its columns are kept, new ones come at the end.
    ReplaceView {
        view: View,
    },
    DropView {
        name: Name,
        materialized: bool,
    },
    /// A view that holds on to what is about to change (`Capabilities::views_block_changes`), or would make it fail, goes; a `RestoreView` of the
    /// same entry follows.
    SuspendView {
        view: View,
    },
    /// Makes it again as it was, with all that hung on it.
    RestoreView {
        view: View,
    },
    CreateType {
        ty: EnumType,
    },
    /// Its columns follow. Also to a temporary name, where the type is recreated under its own: the columns are then of the old one until
    /// each of them is altered.
    RenameType {
        from: Name,
        to: Name,
    },
    DropType {
        name: Name,
    },
    AddLabel {
        name: Name,
        label: String,
        place: LabelPlace,
    },
    /// The rows follow.
    RenameLabel {
        name: Name,
        from: String,
        to: String,
    },
}

/// Where a new label stands among those that are there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelPlace {
    /// Right before that label.
    Before(String),
    /// Right after that label.
    After(String),
    /// There is no other.
    Only,
}
