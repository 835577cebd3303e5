//! Materialized views are filled again (rule V4).

use super::{Options, SchemaSync, Work};
use crate::catalog::Name;
use crate::change::Statement;
use crate::dialect::{Session, known, with_session};
use crate::error::{Error, Result};
use crate::model::{Schema, View};

impl SchemaSync<'_> {
    /// Fills a materialized view again: `totals`, or `reporting.totals` where it is in a schema of its own. The model is not needed.
    ///
    /// # Errors
    /// [`CannotRefresh`](Error::CannotRefresh): there is no such view, it is a plain one, or the database has no materialized views.
    pub async fn refresh(self, view: &str) -> Result<()> {
        fill(self, view.to_owned()).await
    }
}

fn fill(sync: SchemaSync<'_>, view: String) -> Work<'_, ()> {
    Box::pin(async move {
        let SchemaSync { database, options, .. } = sync;
        with_session!(database, session => {
            session.begin(options.lock_timeout).await?;
            let done = refresh(&mut session, &view, &options).await;
            let finished = session.finish(done.is_ok()).await;
            done.and(finished.map_err(Into::into))
        })
    })
}

async fn refresh<S: Session>(session: &mut S, wanted: &str, options: &Options) -> Result<()> {
    session.gate(&options.namespace, &known("")).await?;
    let dialect = session.dialect();
    let cannot = |reason: String| Error::CannotRefresh { view: wanted.to_owned(), reason };
    let name = match wanted.split_once('.') {
        Some((schema, name)) => Name { schema: Some(schema.to_owned()), name: name.to_owned() },
        None => Name::new(wanted),
    };
    dialect.refresh_view(&name).map_err(cannot)?;
    let view = View { name: name.name.clone(), schema: name.schema.clone(), ..View::default() };
    session.scope(&Schema::new(Vec::new(), vec![view]), &crate::catalog::Catalog::default()).await?;
    let catalog = session.inspect().await?;
    let dialect = session.dialect();
    let name = dialect.name_of(name.schema.as_deref(), &name.name);
    let Some(live) = catalog.views.get(&name) else {
        let views = catalog.views.values().filter(|view| view.materialized).map(|view| format!("\"{}\"", view.name));
        let views: Vec<String> = views.collect();
        let there = if views.is_empty() { "none".to_owned() } else { views.join(", ") };
        return Err(cannot(format!("there is no such view; materialized views here: {there}")));
    };
    if !live.materialized {
        return Err(cannot("it is a plain view, which is always up to date".to_owned()));
    }
    let statement = dialect.refresh_view(&live.name).map_err(cannot)?;
    if let Statement::Execute(sql) = statement {
        session.execute(&sql).await.map_err(Error::database(format!("refreshing view \"{}\"", live.name)))?;
    }
    Ok(())
}
