//! `sync`: shows the plan, asks before destructive steps, does it, shows the result.

use super::{Done, json, shown};
use crate::change::Risk;
use crate::cli::connect::Link;
use crate::cli::exit::{Exit, Failure};
use crate::cli::io::Io;
use crate::cli::output::{one_line, style, summary};
use crate::cli::progress::Meter;
use crate::cli::settings::{Allowed, Settings};
use crate::plan::Plan;
use crate::sync::{Report, RunStatus, Standing, superseded};
use crate::{Error, Schema};

/// How often a plan is recreated because another process was faster.
const ATTEMPTS: usize = 5;

pub(super) async fn run(settings: &Settings, allowed: &Allowed, yes: bool, io: &mut Io<'_>) -> Done {
    let models = settings.models()?;
    settings.namespace()?;
    let mut link = settings.connect_within(allowed, true).await?;
    if link.created {
        io.note(&format!("{} is made\n", link.shown));
    }
    for attempt in 0..ATTEMPTS {
        // The gate: nothing has changed since the last run.
        let status = allowed.set(settings.reader(link.database())?.schema(models.clone())).status().await?;
        if status.standing == Standing::UpToDate && !allowed.forces() {
            let run = if attempt == 0 { RunStatus::UpToDate } else { RunStatus::SyncedByPeer };
            let report = Report {
                status: run,
                namespace: status.namespace,
                fingerprint: status.fingerprint,
                ..Report::default()
            };
            return up_to_date(settings, &report, io);
        }
        let plan = allowed.set(settings.reader(link.database())?.schema(models.clone())).plan().await?;
        if !plan.lacks.is_empty() {
            return Err(Error::LeftBehind { lacks: plan.lacks }.into());
        }
        shown::plan_to_do(&plan, &link.shown, io);
        if plan.superseded {
            let Plan { namespace, fingerprint, .. } = plan;
            let report = superseded(Report { namespace, fingerprint, ..Report::default() });
            if settings.json {
                io.data(&json(&report)?);
            }
            return Ok(Exit::Done);
        }
        agree(&plan, &link.shown, yes, io)?;
        match apply(settings, allowed, &models, &plan, &mut link, io).await {
            Err(Error::StalePlan) => io.note("another process has changed the database meanwhile: looking again\n"),
            done => return finish(settings, &done?, &plan, io),
        }
    }
    Err(Failure::refused("the database changes faster than it can be looked at: stop the others, or try again later"))
}

fn up_to_date(settings: &Settings, report: &Report, io: &mut Io<'_>) -> Done {
    if settings.json {
        io.data(&json(report)?);
        return Ok(Exit::Done);
    }
    let (word, hint) = match report.status {
        RunStatus::SyncedByPeer => ("Synced by another process", ""),
        _ => (
            "Up to date",
            ": the models have not changed since the last run (--force looks at the database all the same)",
        ),
    };
    io.say(&format!("{} {word}{hint}\n", style::good("✓")));
    Ok(Exit::Done)
}

/// Destructive steps are done when somebody has agreed to them.
pub(super) fn agree(plan: &Plan, place: &str, yes: bool, io: &mut Io<'_>) -> Result<(), Failure> {
    if plan.risk() != Risk::Destructive || yes {
        return Ok(());
    }
    let losses = summary::losses(&plan.entries);
    if !io.is_interactive() {
        return Err(Failure::refused(format!(
            "the plan drops {losses}, and nobody can be asked: nothing was changed; give --yes to agree, or --safe to leave such steps out"
        )));
    }
    let suspected = plan.entries.iter().flat_map(|entry| &entry.suspected_renames);
    let suspected: String =
        suspected.map(|it| format!("\n{} {}", style::warn("?"), one_line(&it.to_string()))).collect();
    let question = format!(
        "{suspected}\n{} This drops {} from {place}.\n  Type {} to go on: ",
        style::warn("!"),
        style::bad(&one_line(&losses)),
        style::strong("yes")
    );
    if io.agrees(&question) { Ok(()) } else { Err(Failure::refused("not agreed to: nothing was changed")) }
}

/// Does exactly what was shown.
pub(super) async fn apply(
    settings: &Settings,
    allowed: &Allowed,
    models: &Schema,
    plan: &Plan,
    link: &mut Link,
    io: &Io<'_>,
) -> Result<Report, Error> {
    let meter = Meter::start(io, plan.steps.len());
    let shown = meter.clone();
    let sync = crate::SchemaSync::new(link.database())
        .namespace(settings.namespace().unwrap_or(&plan.namespace))
        .schema(models.clone());
    let done = allowed.set(sync).on_progress(move |progress| shown.show(progress)).apply_report(plan).await;
    meter.finish();
    done
}

/// Shows the report.
pub(super) fn finish(settings: &Settings, report: &Report, plan: &Plan, io: &mut Io<'_>) -> Done {
    if settings.json {
        io.data(&json(report)?);
        return Ok(if report.has_errors() { Exit::Errors } else { Exit::Done });
    }
    Ok(shown::report(report, plan, io))
}
