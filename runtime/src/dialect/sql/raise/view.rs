//! Views.

use super::RaiseNative;
use crate::catalog;
use crate::model::View;

/// The view as a query; what says more than a query (column names of its own, options) is left out and told.
pub(super) fn view(database: &dyn RaiseNative, live: &catalog::View, notes: &mut Vec<String>) -> Option<View> {
    let at = live.name.to_string();
    notes.extend(
        live.triggers.iter().map(|trigger| format!("{at}: the trigger {} is not part of a schema", trigger.name)),
    );
    let Some(sql) = database.view_query(&live.sql) else {
        notes.push(format!("{at}: left out: its definition is more than a query"));
        return None;
    };
    Some(View {
        name: live.name.name.clone(),
        schema: live.name.schema.clone(),
        renamed: Vec::new(),
        sql: Some(sql.to_owned()),
        query: None,
        materialized: live.materialized,
        columns: live.columns.clone(),
        types: Vec::new(),
    })
}
