//! A live database as the SQL that makes it again, empty.

use super::prepare::{PlanRequest, SyncContext, make_plan};
use super::read_again::read_only;
use super::{Options, SchemaSync, Work};
use crate::catalog::Catalog;
use crate::change::Statement;
use crate::dialect::{Lowered, Session, known, with_session};
use crate::error::Result;
use crate::model::Schema;

impl SchemaSync<'_> {
    /// The live database as an SQL script that makes it again, without rows, and a sentence for each thing that is not in the script.
    /// The model is not needed, but says which schemas are read; writes nothing.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn dump_sql(self) -> Result<(String, Vec<String>)> {
        script(self).await
    }
}

fn script(sync: SchemaSync<'_>) -> Work<'_, (String, Vec<String>)> {
    Box::pin(async move {
        let SchemaSync { database, schema, options } = sync;
        with_session!(database, session => {
            let session = &mut session;
            read_only!(session, options.lock_timeout, dump(session, &schema, &options))
        })
    })
}

async fn dump<S: Session>(session: &mut S, scope: &Schema, options: &Options) -> Result<(String, Vec<String>)> {
    session.gate(&options.namespace, &known("")).await?;
    session.scope(scope, &Catalog::default()).await?;
    let catalog = session.inspect().await?;
    // The model only names the objects; what they are is what is there.
    let schema = session.dialect().raise(&catalog).schema;
    let mut notes = Vec::new();
    for table in catalog.tables.values() {
        if let Some(reason) = &table.opaque {
            notes.push(format!("table {} is left out: {reason}", table.name));
        }
    }
    let triggers: Vec<String> = (catalog.tables.values())
        .flat_map(|table| &table.triggers)
        .chain(catalog.views.values().flat_map(|view| &view.triggers))
        .map(|trigger| format!("{};\n", trigger.sql.trim_end_matches(';')))
        .collect();
    let context = SyncContext::fresh(Lowered { catalog, ..Lowered::default() });
    let empty = Catalog::default();
    let request =
        PlanRequest { schema: &schema, options, context: &context, base: &empty, pending: &Default::default() };
    let planned = make_plan(session, request, empty.clone()).await?;
    for entry in &planned.plan.entries {
        notes.extend(entry.errors.iter().map(|error| format!("{} is left out: {error}", entry.name())));
    }
    let mut plan = planned.plan;
    for step in &mut plan.steps {
        // What a run looks at on its way has no place in a dump, nor has what it copies: there are no rows.
        let shown =
            |statement: &Statement| !matches!(statement, Statement::AssertEmpty { .. } | Statement::Copy { .. });
        step.statements.retain(shown);
    }
    let mut script = plan.listing();
    if !triggers.is_empty() {
        script.push_str("-- triggers\n");
        script.extend(triggers);
    }
    Ok((script, notes))
}
