//! What must hold after every run.

use crate::mapping::sources;
use schemasync::change::ColumnProperty;
use schemasync::change::Statement;
use schemasync::model::Table as Model;
use schemasync::plan::EntryKind;
use schemasync::{Entry, EntryStatus, Plan, Report, Risk, RunStatus, Schema};
use schemasync_tests::oracle::{Content, Scratch};
use std::collections::BTreeMap;

/// What one run did.
pub(crate) struct Step {
    pub(crate) plan: Plan,
    pub(crate) report: Report,
    pub(crate) before: Content,
    pub(crate) after: Content,
}

macro_rules! ensure {
    ($condition:expr, $($message:tt)+) => {
        if !$condition {
            return Err(format!($($message)+));
        }
    };
}
pub(crate) use ensure;

type Checked = Result<(), String>;

/// Plans, runs, and checks all that can be said about one run. `meant`: the model with the earlier names that count.
pub(crate) async fn step(scratch: &Scratch, schema: &Schema, meant: &Schema, safe: bool) -> Result<Step, String> {
    let before = scratch.content().await;
    let bytes = scratch.bytes();
    let plan = scratch.plan(schema, safe).await.map_err(|error| format!("plan() failed: {error}"))?;
    ensure!(scratch.bytes() == bytes, "plan() has written to the file");
    let json = serde_json::to_string(&plan).map_err(|error| error.to_string())?;
    let read: Plan = serde_json::from_str(&json).map_err(|error| format!("the plan's JSON cannot be read: {error}"))?;
    ensure!(read == plan, "the plan is another one after JSON");
    let report = scratch.run(schema, safe).await.map_err(|error| format!("run() failed: {error}"))?;
    let after = scratch.content().await;
    let step = Step { plan, report, before, after };
    step.check(meant, safe).map_err(|error| format!("{error}\n\n{}\n\n{}", step.plan, step.report))?;
    converges(scratch, schema, safe, &step).await?;
    Ok(step)
}

/// Rules R2 to R4, invariant 1.
async fn converges(scratch: &Scratch, schema: &Schema, safe: bool, step: &Step) -> Checked {
    let again = scratch.plan(schema, safe).await.map_err(|error| format!("the second plan() failed: {error}"))?;
    if !step.report.has_errors() {
        ensure!(again.is_empty(), "the second plan is not empty:\n{again}\nafter\n{}", step.report);
        let bytes = scratch.bytes();
        let second = scratch.run(schema, safe).await.map_err(|error| format!("the second run() failed: {error}"))?;
        ensure!(second.status == RunStatus::UpToDate, "the second run is {:?}", second.status);
        ensure!(scratch.bytes() == bytes, "the second run has written to the file");
        return Ok(());
    }
    // What could not be done stays undone, and nothing else moves.
    let second = scratch.run(schema, safe).await.map_err(|error| format!("the second run() failed: {error}"))?;
    // What somebody changed by hand can be as the model wants it once the rest is done: then the next run says so.
    if scratch.force && second.statements.is_empty() {
        return Ok(());
    }
    ensure!(second.has_errors(), "the errors are gone by themselves: {}\nthen\n{second}", step.report);
    let content = scratch.content().await;
    ensure!(
        content.schema == step.after.schema,
        "the second run changed what the first one left\nthe first:\n{}\nthe second:\n{second}",
        step.report
    );
    Ok(())
}

impl Step {
    pub(crate) fn entry(&self, name: &str, kind: EntryKind) -> Option<&Entry> {
        self.report.entries.iter().find(|e| e.object.kind == kind && e.name().eq_ignore_ascii_case(name))
    }

    fn check(&self, schema: &Schema, safe: bool) -> Checked {
        ensure!(self.after.integrity == "ok", "integrity_check: {}", self.after.integrity);
        // A view that somebody broke by hand may be broken still.
        let what = |oddity: &String| oddity.split(": error").next().map(str::to_owned);
        let before: Vec<_> = self.before.oddities.iter().map(what).collect();
        let new: Vec<&String> = self.after.oddities.iter().filter(|oddity| !before.contains(&what(oddity))).collect();
        ensure!(new.is_empty(), "{new:?}");
        if self.report.status == RunStatus::UpToDate && self.report.entries.is_empty() {
            ensure!(self.plan.is_empty(), "up to date, but the plan says otherwise");
            ensure!(self.before.schema == self.after.schema, "up to date, but the schema has changed");
            ensure!(self.before.rows == self.after.rows, "up to date, but the rows have changed");
            return Ok(());
        }
        self.check_entries(schema)?;
        self.check_plan()?;
        self.check_rows(schema, safe)
    }

    /// Invariant 6.
    fn check_entries(&self, schema: &Schema) -> Checked {
        for table in &schema.tables {
            ensure!(self.entry(&table.name, EntryKind::Table).is_some(), "table {:?} has no entry", table.name);
        }
        for view in &schema.views {
            ensure!(self.entry(&view.name, EntryKind::View).is_some(), "view {:?} has no entry", view.name);
        }
        for entry in &self.report.entries {
            let errors = !entry.errors.is_empty();
            ensure!(errors == (entry.status == EntryStatus::Error), "{:?}: status and errors disagree", entry.name());
            for error in &entry.errors {
                ensure!(!error.contains("please report"), "rule S9: {error}");
            }
        }
        Ok(())
    }

    /// Rule P2.
    fn check_plan(&self) -> Checked {
        let failed: Vec<&Entry> = self
            .report
            .entries
            .iter()
            .filter(|entry| !self.plan.entries.iter().any(|planned| planned == *entry))
            .collect();
        if !failed.is_empty() {
            for entry in failed {
                ensure!(!entry.errors.is_empty(), "the plan says otherwise of {:?}", entry.name());
            }
            return Ok(());
        }
        let mut planned = Vec::new();
        for statement in self.plan.statements() {
            match statement {
                Statement::Execute(sql) => planned.push(Some(sql)),
                Statement::Copy { insert, .. } => planned.push(Some(insert)),
                Statement::Restore { .. } => planned.push(None),
                Statement::AssertEmpty { .. } => {}
                other => panic!("a kind of statement that this test does not know: {other:?}"),
            }
        }
        let done = &self.report.statements;
        let same = done.len() == planned.len()
            && planned.iter().zip(done).all(|(planned, done)| planned.is_none_or(|planned| planned == done));
        ensure!(same, "the plan's statements are not those of the run:\n{planned:#?}\n{done:#?}");
        Ok(())
    }

    fn planned(&self, name: &str) -> (Option<&Entry>, Risk) {
        let at =
            self.plan.entries.iter().position(|entry| entry.object.kind == EntryKind::Table && entry.name() == name);
        let risk = self.plan.steps.iter().filter(|step| Some(step.entry) == at).map(|step| step.risk).max();
        (at.map(|at| &self.plan.entries[at]), risk.unwrap_or_default())
    }

    /// Invariant 3.
    fn check_rows(&self, schema: &Schema, safe: bool) -> Checked {
        let wanted: Vec<(&str, &[String])> =
            schema.tables.iter().map(|table| (table.name.as_str(), table.renamed.as_slice())).collect();
        let live: Vec<&str> = self.before.schema.tables.keys().map(String::as_str).collect();
        let sources = sources(&wanted, &live, fold);
        for old in &live {
            let new = sources.iter().position(|source| source.as_deref() == Some(*old)).map(|at| &schema.tables[at]);
            match new {
                Some(model) => self.check_kept(old, model, safe)?,
                None => self.check_dropped(old, safe)?,
            }
        }
        for (name, found) in &self.after.violations {
            let source = wanted.iter().position(|(new, _)| new.eq_ignore_ascii_case(name));
            // What has failed is what it was.
            let failed = self.entry(name, EntryKind::Table).is_some_and(|entry| !entry.errors.is_empty());
            let source = source.filter(|_| !failed).and_then(|at| sources[at].as_deref()).unwrap_or(name);
            let before = self.before.violations.get(source).copied().unwrap_or(Some(0));
            match (before, found) {
                (_, None) => ensure!(self.report.has_errors() || before.is_none(), "{name:?}: foreign key mismatch"),
                (None, Some(_)) => {}
                (Some(before), Some(after)) => ensure!(
                    *after <= before || before > 0,
                    "{name:?} had {before} violations of foreign keys and has {after}"
                ),
            }
        }
        Ok(())
    }

    fn check_dropped(&self, old: &str, safe: bool) -> Checked {
        let rows = self.before.rows[old].len();
        let entry = self.entry(old, EntryKind::Table).or_else(|| self.entry(old, EntryKind::View));
        let dropped = self.report.entries.iter().any(|entry| entry.name() == old && entry.status == EntryStatus::Drop);
        if dropped {
            ensure!(!safe, "safe mode dropped {old:?}");
            let (planned, risk) = self.planned(old);
            let said = planned.and_then(|entry| entry.rows_lost);
            ensure!(risk == Risk::Destructive, "the drop of {old:?} is {risk:?}");
            ensure!(said == Some(rows as u64), "the drop of {old:?} says {said:?} rows, there were {rows}");
            return Ok(());
        }
        ensure!(self.after.rows.contains_key(old), "table {old:?} is gone and nobody said so: {entry:?}");
        self.same_rows(old, old, &everything(&self.before, old))
    }

    /// A table that the model has, under this name or another.
    fn check_kept(&self, old: &str, model: &Model, safe: bool) -> Checked {
        let Some(entry) = self.entry(&model.name, EntryKind::Table) else { return Ok(()) };
        let optional = |error: &String| error.contains("ther changes are kept");
        if !entry.errors.is_empty() && !entry.errors.iter().all(optional) {
            return self.check_untouched(old);
        }
        let new = &model.name;
        ensure!(self.after.rows.contains_key(new), "table {old:?} is gone, {new:?} is not there");
        let (planned, risk) = self.planned(new);
        let Some(planned) = planned else { return Err(format!("{new:?} is not in the plan")) };
        if let Some(lost) = planned.rows_lost {
            ensure!(!safe && risk == Risk::Destructive && planned.destructive, "{new:?} loses its rows as {risk:?}");
            ensure!(lost as usize == self.before.rows[old].len(), "{new:?} says {lost} rows lost");
            ensure!(self.after.rows[new].is_empty(), "{new:?} should be empty");
            return Ok(());
        }
        self.check_columns(old, model, planned, risk, safe)
    }

    fn check_columns(&self, old: &str, model: &Model, planned: &Entry, risk: Risk, safe: bool) -> Checked {
        let new = &model.name;
        let (was, is) = (&self.before.schema.tables[old], &self.after.schema.tables[new]);
        let wanted: Vec<(&str, &[String])> =
            model.columns.iter().map(|column| (column.name.as_str(), column.renamed.as_slice())).collect();
        let live: Vec<&str> = was.columns.keys().map(String::as_str).collect();
        let sources = sources(&wanted, &live, fold);
        let mut same = Vec::new();
        for name in live {
            let values = || self.before.rows[old].iter().filter(|row| row[name] != "NULL").count() as u64;
            let at = sources.iter().position(|source| source.as_deref() == Some(name));
            let Some(to) = at.map(|at| model.columns[at].name.as_str()) else {
                if is.columns.contains_key(name) {
                    same.push((name.to_owned(), name.to_owned()));
                    continue;
                }
                ensure!(!safe, "safe mode dropped {new:?}.{name:?}");
                let lost = planned.values_lost.iter().find(|lost| lost.column == name).map(|lost| lost.rows);
                ensure!(planned.columns_dropped.iter().any(|c| c == name), "{new:?}.{name:?} is gone, unsaid");
                ensure!(lost == Some(values()), "{new:?}.{name:?}: {lost:?} values said lost, it had {}", values());
                ensure!(risk == Risk::Destructive, "the drop of {new:?}.{name:?} is {risk:?}");
                continue;
            };
            ensure!(is.columns.contains_key(to), "{new:?} has no column {to:?}");
            let (from_column, to_column) = (&was.columns[name], &is.columns[to]);
            let altered = |property| planned.columns_altered.iter().any(|a| a.column == to && a.property == property);
            if to_column.hidden != 0 {
                if from_column.hidden == 0 && values() > 0 {
                    ensure!(
                        risk != Risk::Safe,
                        "{new:?}.{to:?} becomes generated: {} values are lost as {risk:?}",
                        values()
                    );
                }
                continue;
            }
            if from_column.ty != to_column.ty {
                ensure!(altered(ColumnProperty::Type), "{new:?}.{to:?}: the type changed, unsaid");
                continue;
            }
            if altered(ColumnProperty::Nullable) && to_column.required && to_column.default.is_some() {
                continue;
            }
            same.push((name.to_owned(), to.to_owned()));
        }
        let hidden = |rows: &[BTreeMap<String, String>]| rows.iter().all(|row| row.contains_key(""));
        if was.options == is.options && hidden(&self.before.rows[old]) && hidden(&self.after.rows[new]) {
            same.push((String::new(), String::new()));
        }
        self.same_rows(old, new, &same)
    }

    /// An entry with errors leaves its table as it was; renames of other tables may show in its keys.
    fn check_untouched(&self, old: &str) -> Checked {
        let Some(is) = self.after.schema.tables.get(old) else {
            return Err(format!("table {old:?} is gone although its entry failed"));
        };
        let mut was = self.before.schema.tables[old].clone();
        was.foreign_keys.clone_from(&is.foreign_keys);
        ensure!(was == *is, "table {old:?} was changed although its entry failed:\n{was:#?}\n{is:#?}");
        self.same_rows(old, old, &everything(&self.before, old))
    }

    fn same_rows(&self, old: &str, new: &str, columns: &[(String, String)]) -> Checked {
        let project = |rows: &[BTreeMap<String, String>], names: &[&String]| {
            let mut rows: Vec<Vec<String>> = rows
                .iter()
                .map(|row| names.iter().map(|name| row.get(*name).cloned().unwrap_or_default()).collect())
                .collect();
            rows.sort();
            rows
        };
        let was = project(&self.before.rows[old], &columns.iter().map(|(from, _)| from).collect::<Vec<_>>());
        let is = project(&self.after.rows[new], &columns.iter().map(|(_, to)| to).collect::<Vec<_>>());
        ensure!(was == is, "the rows of {old:?} → {new:?} changed in {columns:?}:\n{was:#?}\n{is:#?}");
        Ok(())
    }
}

fn everything(content: &Content, table: &str) -> Vec<(String, String)> {
    content.schema.tables[table].columns.keys().map(|name| (name.clone(), name.clone())).collect()
}

/// Invariant 2, table by table: what has no error and waits for nothing is as in a fresh database.
pub(crate) fn as_fresh(step: &Step, fresh: &Step) -> Checked {
    // What SQLite does not have, it will never have.
    let waits = |entry: &Entry| entry.withheld.iter().any(|held| held.why != "not supported by this database");
    let is_done = |step: &Step, name: &str| {
        let entry = step.report.entries.iter().find(|e| e.name() == name && e.status != EntryStatus::Drop);
        entry.is_some_and(|entry| {
            entry.errors.is_empty()
                && !waits(entry)
                && !entry.warnings.iter().any(|warning| warning.contains("backfill"))
        })
    };
    for (name, want) in &fresh.after.schema.tables {
        // A key to a table whose rename has failed names it as it is.
        let open = step.report.entries.iter().filter(|entry| !entry.errors.is_empty());
        let mut open = open.map(|entry| format!("→ {} on update", entry.name()));
        if open.any(|target| want.foreign_keys.iter().any(|key| key.contains(&target))) {
            continue;
        }
        if is_done(step, name) && is_done(fresh, name) {
            let found = find(&step.after.schema.tables, name);
            let same = found.is_some_and(|(found, table)| found == name && table == want);
            ensure!(same, "{name:?} is not as in a fresh database:\n{want:#?}\n{found:#?}\n\n{}", step.report);
        }
    }
    for (name, want) in &fresh.after.schema.views {
        if is_done(step, name) && is_done(fresh, name) {
            let found = step.after.schema.views.get(name);
            ensure!(found == Some(want), "view {name:?} is not as in a fresh database:\n{want}\n{found:?}");
        }
    }
    if !step.report.has_errors() && !fresh.report.has_errors() && !step.report.entries.iter().any(waits) {
        let names = |content: &Content| -> Vec<String> {
            content.schema.tables.keys().chain(content.schema.views.keys()).cloned().collect()
        };
        let (is, want) = (names(&step.after), names(&fresh.after));
        ensure!(is == want, "the database holds {is:?}, a fresh one {want:?}\n{}", step.report);
    }
    Ok(())
}

/// The entry of a map whose key is that name, whatever the case.
fn find<'m, T>(map: &'m BTreeMap<String, T>, name: &str) -> Option<(&'m String, &'m T)> {
    map.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))
}

/// As SQLite compares names.
pub(crate) fn fold(name: &str) -> String {
    name.to_ascii_lowercase()
}
