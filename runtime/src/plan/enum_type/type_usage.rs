//! What becomes, in this run, of something that is of an enum type or mentions it.

use crate::catalog::{Catalog, Column, EnumType, Index, Name, Table, TypeUse, UseKind, is_managed_name};
use crate::change::CastSafety;
use crate::diff::Input;
use std::collections::BTreeMap;

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TypeUsage {
    /// It is ours, and stays of the type.
    Kept,
    /// It is ours, and gets another type.
    ChangesType,
    /// It is ours, and is dropped.
    Dropped,
    /// A view: it is recreated.
    View,
    /// Not ours, or it has to stay as it is.
    Unmanaged,
}

/// The model's tables by the names that they have now.
pub(super) struct TypeUsages<'a> {
    input: &'a Input<'a>,
    safe: bool,
    tables: BTreeMap<Name, Name>,
}

impl<'a> TypeUsages<'a> {
    pub(super) fn new(input: &'a Input<'a>, safe: bool) -> Self {
        let mut tables = BTreeMap::new();
        for table in &input.schema.tables {
            let name = input.dialect.name_of(table.schema_name(), &table.name);
            tables.insert(input.renames.table_before(&name).clone(), name);
        }
        Self { input, safe, tables }
    }

    /// The desired table of a live one.
    pub(super) fn desired(&self, live: &Name) -> Option<&'a Table> {
        self.input.lowered.catalog.tables.get(self.tables.get(live)?)
    }

    /// The live table of a desired one, under its name or an earlier one.
    pub(super) fn live<'c>(&self, live_catalog: &'c Catalog, desired: &Name) -> Option<&'c Table> {
        self.input.renames.live_table(live_catalog, desired)
    }

    /// The live column of a desired one.
    pub(super) fn live_column<'c>(&self, live: &'c Table, desired: &Name, name: &str) -> Option<&'c Column> {
        self.input.renames.live_column(live, desired, name)
    }

    pub(super) fn of(
        &self,
        live_catalog: &Catalog,
        ty: &EnumType,
        desired: Option<&EnumType>,
        what: &TypeUse,
    ) -> TypeUsage {
        match what.kind {
            UseKind::View => return TypeUsage::View,
            UseKind::Other => return TypeUsage::Unmanaged,
            _ => {}
        }
        let base = self.input.base.tables.get(&what.table);
        let Some(live) = live_catalog.tables.get(&what.table).filter(|table| table.opaque.is_none()) else {
            return TypeUsage::Unmanaged;
        };
        let Some(table) = self.desired(&what.table) else {
            // An external table is in the model, and is nothing that is dropped.
            if self.tables.contains_key(&what.table) {
                return TypeUsage::Unmanaged;
            }
            return if base.is_some() && !self.safe { TypeUsage::Dropped } else { TypeUsage::Unmanaged };
        };
        if matches!(what.kind, UseKind::Index | UseKind::Constraint) {
            let adopted = live.indexes.iter().any(|index| index.name == what.name && index.is_managed())
                || live.checks.iter().any(|check| check.name.as_ref() == Some(&what.name) && check.is_managed());
            if !adopted && !is_managed_name(&what.name) {
                return TypeUsage::Unmanaged;
            }
            let indexes = table.indexes.iter().flat_map(Index::expressions);
            let mut all = table.checks.iter().map(|check| &check.sql).chain(indexes);
            let stays = desired.is_some() || all.any(|sql| sql.reads.types.contains(&ty.name));
            return if stays { TypeUsage::Kept } else { TypeUsage::Dropped };
        }
        let name = self.input.renames.column_after(&table.name, &what.name);
        let Some(column) = table.column(name) else {
            let base = base.or_else(|| self.input.base.tables.get(&table.name));
            let ours = base.is_some_and(|base| base.column(&what.name).is_some());
            return if ours && !self.safe { TypeUsage::Dropped } else { TypeUsage::Unmanaged };
        };
        let Some(live) = live.column(&what.name) else { return TypeUsage::Unmanaged };
        if desired.is_some_and(|desired| desired.is_of(column)) {
            return TypeUsage::Kept;
        }
        if what.kind == UseKind::Column && ty.is_of(column) {
            // By its native type's name, while the type itself is none of the model's.
            return TypeUsage::Unmanaged;
        }
        let held_back = self.safe && self.input.dialect.cast(live, column) == CastSafety::Checked;
        if held_back { TypeUsage::Unmanaged } else { TypeUsage::ChangesType }
    }
}

/// `column "mood" of users`
pub(super) fn words(what: &TypeUse) -> String {
    match what.kind {
        UseKind::Column => format!("column \"{}\" of {}", what.name, what.table),
        UseKind::Expression => format!("the expression of column \"{}\" of {}", what.name, what.table),
        UseKind::Index => format!("index \"{}\" of {}", what.name, what.table),
        UseKind::Constraint => format!("constraint \"{}\" of {}", what.name, what.table),
        UseKind::View => format!("view \"{}\"", what.table),
        UseKind::Other => what.name.clone(),
    }
}
