//! Columns of which only the rows tell what their values are: adopted ones whose values could be of several kinds, where the conversion
//! depends on which; and those whose native type stays while their kind changes, where the values may be as they shall be already.

use crate::catalog::Column;
use crate::change::{ColumnProperty, DataCheck};
use crate::diff::column::AlteredColumn;
use crate::diff::table::TableDiff;
use crate::plan::build::Planner;

/// The differences with what their old values are; what stays open is an error among them. `None`: nothing is open.
pub(super) fn decide<'t>(planner: &Planner<'_>, diff: &TableDiff<'t>) -> Option<TableDiff<'t>> {
    let readings = |altered: &AlteredColumn| {
        let is_retyped = altered.changes(ColumnProperty::Type);
        if is_retyped { planner.dialect.readings(&altered.from, &altered.to) } else { Vec::new() }
    };
    let keeps_type =
        |altered: &AlteredColumn| altered.changes(ColumnProperty::Type) && altered.from.ty == altered.to.ty;
    if diff.altered.iter().all(|altered| readings(altered).is_empty() && !keeps_type(altered)) {
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
    Some(read)
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
