//! `apply`: does what a saved plan says, unless the database has changed since (rule P3).

use super::{Done, json, shown, sync};
use crate::cli::exit::{Exit, Failure, read_text};
use crate::cli::io::Io;
use crate::cli::settings::{Allowed, Settings};
use crate::plan::Plan;
use std::path::PathBuf;

/// What is to be applied, and how.
pub(super) struct Order {
    pub(super) file: PathBuf,
    pub(super) yes: bool,
    pub(super) dry_run: bool,
}

pub(super) async fn run(settings: &Settings, allowed: &Allowed, order: &Order, io: &mut Io<'_>) -> Done {
    let file = order.file.display();
    let text = read_text("the plan", &order.file)?;
    let plan = Plan::from_json(&text).map_err(|error| {
        Failure::other(format!("{file} is not a plan: expected what `{} plan --out` writes ({error})", settings.name))
    })?;
    let namespace = settings.namespace()?;
    if plan.namespace != namespace {
        let remedy = if settings.names_namespace() { "make a new plan" } else { "give --namespace" };
        return Err(Failure::refused(format!(
            "the plan is for namespace {:?}, not {namespace:?}: {remedy}",
            plan.namespace
        )));
    }
    if plan.superseded {
        return Err(Failure::refused(
            "the plan says that nothing is to be done: the database had left these models behind",
        ));
    }
    let models = settings.models()?;
    let mut link = settings.connect_within(allowed, false).await?;
    let status = allowed.set(settings.reader(link.database())?.schema(models.clone())).status().await?;
    if plan.dialect != status.dialect {
        return Err(Failure::refused(format!(
            "the plan is for {}, and {} is {}: make a new plan",
            plan.dialect, link.shown, status.dialect
        )));
    }
    if plan.fingerprint != status.fingerprint {
        return Err(Failure::refused("the plan was made from other models than these: make a new plan"));
    }
    let now = allowed.set(settings.reader(link.database())?.schema(models.clone())).plan().await?;
    if now.live != plan.live {
        return Err(stale());
    }
    if now.steps != plan.steps {
        return Err(Failure::refused(
            "the plan has other steps than these options give: give those that it was made with (--safe, --allow-lossy), or make a new plan",
        ));
    }
    // The plan in the file is shown as it is now: nobody is to agree to a text that somebody has edited.
    shown::plan_to_do(&now, &link.shown, io);
    if order.dry_run {
        if settings.json {
            io.data(&json(&now)?);
        }
        return Ok(if now.has_errors() { Exit::Errors } else { Exit::Done });
    }
    sync::agree(&now, &link.shown, order.yes, io)?;
    match sync::apply(settings, allowed, &models, &plan, &mut link, io).await {
        Err(crate::Error::StalePlan) => Err(stale()),
        done => sync::finish(settings, &done?, &now, io),
    }
}

fn stale() -> Failure {
    Failure::refused(
        "the plan is stale: the database has changed since it was made; nothing was changed, make a new plan",
    )
}
