//! Columns of which only the rows tell what their values are: adopted ones whose values could be of several kinds, where the conversion
//! depends on which; and those whose native type stays while their kind changes, where the values may be as they shall be already, or where
//! some are none of that kind and give way to others on request.

use crate::catalog::Column;
use crate::change::{CastSafety, ColumnAlteration, ColumnProperty, DataCheck};
use crate::diff::column::AlteredColumn;
use crate::diff::table::TableDiff;
use crate::plan::build::Planner;
use crate::plan::checks::unconvertible;

/// The differences with what their old values are; what stays open is an error among them. `None`: nothing is open.
pub(super) fn decide<'t>(planner: &Planner<'_>, diff: &TableDiff<'t>) -> Option<TableDiff<'t>> {
    let readings = |altered: &AlteredColumn| {
        let is_retyped = altered.changes(ColumnProperty::Type);
        if is_retyped { planner.dialect.readings(&altered.from, &altered.to) } else { Vec::new() }
    };
    let keeps_type =
        |altered: &AlteredColumn| altered.changes(ColumnProperty::Type) && altered.from.ty == altered.to.ty;
    let replaced = replaced(planner, diff);
    if replaced.is_empty() && diff.altered.iter().all(|altered| readings(altered).is_empty() && !keeps_type(altered)) {
        return None;
    }
    let mut read = diff.clone();
    for altered in read.altered.iter_mut().filter(|altered| keeps_type(altered)) {
        let from = Column { name: planner.live_column(&diff.name, &altered.from.name), ..altered.from.clone() };
        let table = planner.live_table(&diff.name);
        if planner.data_checks.result(DataCheck::Rewritten { table, from, to: altered.to.clone() }).count == 0 {
            altered.properties.retain(|alteration| alteration.property != ColumnProperty::Type);
        }
    }
    for (at, altered) in diff.altered.iter().enumerate() {
        let readings = readings(altered);
        let fitting: Vec<&Column> = readings.iter().filter(|from| fits(planner, diff, from, &altered.to)).collect();
        if fitting.len() > 1 && !planner.is_empty(&diff.name) {
            let kinds: Vec<String> =
                fitting.iter().filter_map(|from| from.values.as_ref()).map(ToString::to_string).collect();
            read.errors.push(format!(
                "Type change on {}.{} ({} → {}): its values could be {}, and nobody has said which. Sync once with the \
                 type that the field had, then change it",
                diff.name,
                altered.to.name,
                altered.from.ty,
                altered.to.ty,
                kinds.join(" or ")
            ));
        }
        if let Some(from) = fitting.first().copied().or(readings.first()) {
            read.altered[at].from = from.clone();
        }
    }
    read.altered.retain(|altered| !altered.properties.is_empty());
    replaced.into_iter().for_each(|(from, to)| replace(&mut read, from, to));
    Some(read)
}

/// Columns in which the model reads another kind of values, with values that are none of it although the loss is allowed: they are not in
/// the stored type, which stays, so the table has to be rebuilt for them.
fn replaced(planner: &Planner<'_>, diff: &TableDiff<'_>) -> Vec<(Column, Column)> {
    if !planner.planning.allow_lossy || planner.planning.safe || planner.dialect.capabilities().alter_column_in_place {
        return Vec::new();
    }
    let lost = |(from, to): &&(Column, Column)| {
        from.values.is_some()
            && planner.dialect.cast(from, to) == CastSafety::Checked
            && unconvertible(planner, diff, from, to, true).count > 0
    };
    diff.reinterpreted.iter().filter(lost).cloned().collect()
}

/// The column changes its type, in the words of the model.
fn replace(diff: &mut TableDiff<'_>, from: Column, to: Column) {
    let words = |column: &Column| column.values.as_ref().map_or_else(|| column.ty.clone(), ToString::to_string);
    let alteration = ColumnAlteration {
        column: to.name.clone(),
        property: ColumnProperty::Type,
        from: words(&from),
        to: words(&to),
    };
    diff.reinterpreted.retain(|(_, column)| column.name != to.name);
    match diff.altered.iter_mut().find(|altered| altered.to.name == to.name) {
        Some(altered) => altered.properties.insert(0, alteration),
        None => diff.altered.push(AlteredColumn {
            from: Column { name: to.name.clone(), ..from },
            to,
            properties: vec![alteration],
        }),
    }
}

/// Whether all values convert when they are read so.
fn fits(planner: &Planner<'_>, diff: &TableDiff<'_>, from: &Column, to: &Column) -> bool {
    let from = Column { name: planner.live_column(&diff.name, &from.name), ..from.clone() };
    let table = planner.live_table(&diff.name);
    planner
        .data_checks
        .result(DataCheck::Unconvertible { table, from, to: to.clone(), key: Vec::new(), lossy: false })
        .count
        == 0
}
