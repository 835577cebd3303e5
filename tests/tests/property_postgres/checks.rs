//! What must hold after every run on PostgreSQL.

use crate::enums::{Enums, Followed};
use crate::mapping::sources;
use schemasync::change::ColumnProperty;
use schemasync::change::Statement;
use schemasync::model::Table as Model;
use schemasync::{Entry, EntryKind, EntryStatus, Plan, Report, Risk, RunStatus, Schema, SchemaSync};
use schemasync_tests::random::{ELSEWHERE, quote};
use schemasync_tests::{Postgres, TestDatabase};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How the runs of a case are done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Mode {
    pub(crate) safe: bool,
    pub(crate) online: bool,
    pub(crate) force: bool,
}

/// What a database holds, read without schemasync.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Content {
    pub(crate) facts: BTreeMap<String, Vec<String>>,
    pub(crate) rows: BTreeMap<String, Vec<Map<String, Value>>>,
    /// Types of the columns that are not generated, by table.
    types: BTreeMap<String, BTreeMap<String, String>>,
    /// The labels of the enum types.
    enums: Enums,
}

/// What one run did.
pub(crate) struct Step {
    pub(crate) plan: Plan,
    pub(crate) report: Report,
    pub(crate) before: Content,
    pub(crate) after: Content,
    /// What becomes of the enum types and their labels.
    enums: Followed,
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

/// The name of a relation as reports give it: with its schema where that is not the connection's own.
fn full(schema: Option<&str>, name: &str) -> String {
    schema.filter(|schema| *schema != "public").map_or_else(|| name.to_owned(), |schema| format!("{schema}.{name}"))
}

pub(crate) async fn content(db: &Postgres) -> Content {
    let mut content =
        Content { facts: BTreeMap::new(), rows: BTreeMap::new(), types: BTreeMap::new(), enums: Enums::read(db).await };
    let elsewhere = format!("{ELSEWHERE}.");
    for (name, facts) in db.facts().await {
        for fact in facts {
            let schema = fact.starts_with(&elsewhere).then_some(ELSEWHERE);
            content.facts.entry(full(schema, &name)).or_default().push(fact);
        }
    }
    let tables = db
        .texts("SELECT json_build_array(n.nspname, c.relname)::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND (n.nspname = 'public' OR n.nspname = 'Other schema') AND c.relname NOT IN ('__schemasync_state', '__schemasync_history')")
        .await;
    for table in tables {
        let (schema, table): (String, String) = serde_json::from_str(&table).expect("a pair");
        let (name, whole) = (full(Some(&schema), &table), format!("{}.{}", quote(&schema), quote(&table)));
        let rows = db.texts(&format!("SELECT to_jsonb(t)::text FROM {whole} AS t")).await;
        let rows = rows.iter().map(|row| serde_json::from_str(row).expect("a row")).collect();
        let regclass = format!("'{}'::regclass", whole.replace('\'', "''"));
        let types = db
            .texts(&format!(
                "SELECT json_build_array(attname, format_type(atttypid, atttypmod))::text FROM pg_attribute WHERE attrelid = {regclass} AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
            ))
            .await;
        let types = types.iter().map(|row| serde_json::from_str::<(String, String)>(row).expect("a pair")).collect();
        content.rows.insert(name.clone(), rows);
        content.types.insert(name, types);
    }
    content
}

fn name_of(table: &Model) -> String {
    full(table.schema.as_deref(), &table.name)
}

/// For each table of the model the live one that it is: by its names in its schema; only then one that comes from another schema.
fn tables(schema: &Schema, live: &[&str]) -> Vec<Option<String>> {
    let names: Vec<(String, Vec<String>)> = schema
        .tables
        .iter()
        .map(|table| {
            let earlier = table.renamed.iter().map(|old| full(table.schema.as_deref(), old));
            (name_of(table), earlier.collect())
        })
        .collect();
    let wanted: Vec<(&str, &[String])> = names.iter().map(|(name, old)| (name.as_str(), old.as_slice())).collect();
    let mut found = sources(&wanted, live, str::to_owned);
    for (at, table) in schema.tables.iter().enumerate() {
        let other = if table.schema.is_some() { None } else { Some(ELSEWHERE) };
        let mut others: Vec<String> =
            std::iter::once(&table.name).chain(&table.renamed).map(|old| full(other, old)).collect();
        others.retain(|old| live.contains(&old.as_str()) && !found.contains(&Some(old.clone())));
        others.dedup();
        if let ([only], None) = (others.as_slice(), &found[at]) {
            found[at] = Some(only.clone());
        }
    }
    found
}

fn syncing(db: &Postgres, schema: &Schema, mode: Mode) -> SchemaSync<'static> {
    db.syncing(schema).safe(mode.safe).online(mode.online).force(mode.force).allow_revert(true)
}

/// Plans, runs, and checks all that can be said about one run. `meant`: the model with the earlier names that count.
pub(crate) async fn step(db: &Postgres, schema: &Schema, meant: &Schema, mode: Mode) -> Result<Step, String> {
    let before = content(db).await;
    let plan = syncing(db, schema, mode).plan().await.map_err(|error| format!("plan() failed: {error}"))?;
    ensure!(content(db).await == before, "plan() has changed something");
    let json = serde_json::to_string(&plan).map_err(|error| error.to_string())?;
    let read: Plan = serde_json::from_str(&json).map_err(|error| format!("the plan's JSON cannot be read: {error}"))?;
    ensure!(read == plan, "the plan is another one after JSON");
    let report = syncing(db, schema, mode).run_report().await.map_err(|error| format!("run() failed: {error}"))?;
    let after = content(db).await;
    let enums = Followed::new(schema, &before.enums, &after.enums, &report);
    let step = Step { plan, report, before, after, enums };
    step.check(meant, mode).map_err(|error| format!("{error}\n\n{}\n\n{}", step.plan, step.report))?;
    let damage = db.damage().await;
    ensure!(damage.is_empty(), "{damage:?}\n{}", step.report);
    converges(db, schema, mode, &step).await?;
    Ok(step)
}

/// Rules R2 to R4, invariant 1.
async fn converges(db: &Postgres, schema: &Schema, mode: Mode, step: &Step) -> Checked {
    let again = syncing(db, schema, mode).plan().await.map_err(|error| format!("the second plan() failed: {error}"))?;
    let second = syncing(db, schema, mode).force(true).run_report().await;
    let second = second.map_err(|error| format!("the second run() failed: {error}"))?;
    if !step.report.has_errors() {
        ensure!(again.is_empty(), "the second plan is not empty:\n{again}\n{}\nafter\n{}", again.to_sql(), step.report);
        // Once something is held back, the words of what waits may be noted by the next look.
        let held = second.entries.iter().any(|entry| !entry.withheld.is_empty());
        ensure!(held || second.status == RunStatus::UpToDate, "the second run is {:?}\n{second}", second.status);
        ensure!(second.statements.is_empty(), "{:?}", second.statements);
        return Ok(());
    }
    // An unmanaged view over one of ours stands in the way of a change that the server makes by itself with a rename.
    if mode.force && second.statements.is_empty() {
        return Ok(());
    }
    ensure!(second.has_errors(), "the errors are gone by themselves: {}\nthen\n{second}", step.report);
    let content = content(db).await;
    ensure!(
        content.facts == step.after.facts,
        "the second run changed what the first one left\nthe first:\n{}\nthe second:\n{second}\n{:#?}",
        step.report,
        second.statements
    );
    Ok(())
}

impl Step {
    fn entry(&self, name: &str) -> Option<&Entry> {
        self.report.entries.iter().find(|e| e.object.kind == EntryKind::Table && e.name() == name)
    }

    fn check(&self, schema: &Schema, mode: Mode) -> Checked {
        if self.report.status == RunStatus::UpToDate && self.report.entries.is_empty() {
            ensure!(self.plan.is_empty(), "up to date, but the plan says otherwise");
            ensure!(self.before == self.after, "up to date, but something has changed");
            return Ok(());
        }
        for table in &schema.tables {
            ensure!(self.entry(&name_of(table)).is_some(), "table {:?} has no entry", table.name);
        }
        for entry in &self.report.entries {
            let errors = !entry.errors.is_empty();
            ensure!(errors == (entry.status == EntryStatus::Error), "{:?}: status and errors disagree", entry.name());
            for error in &entry.errors {
                ensure!(!error.contains("please report"), "rule S9: {error}");
                ensure!(!error.contains("syntax error"), "{error}");
            }
        }
        self.check_plan(mode)?;
        self.check_rows(schema, mode)
    }

    /// Rule P2.
    fn check_plan(&self, mode: Mode) -> Checked {
        for entry in &self.report.entries {
            let same = self.plan.entries.iter().any(|planned| planned == entry);
            ensure!(same || !entry.errors.is_empty(), "the plan says otherwise of {:?}", entry.name());
        }
        if self.plan.entries != self.report.entries || mode.online {
            return Ok(());
        }
        let planned = self.plan.statements().filter_map(|statement| match statement {
            Statement::Execute(sql) => Some(Some(sql)),
            Statement::Restore { .. } => Some(None),
            _ => None,
        });
        let planned: Vec<_> = planned.collect();
        let done = &self.report.statements;
        let same = done.len() == planned.len()
            && planned.iter().zip(done).all(|(planned, done)| planned.is_none_or(|planned| planned == done));
        ensure!(same, "the plan's statements are not those of the run:\n{planned:#?}\n{done:#?}");
        Ok(())
    }

    fn risk(&self, name: &str) -> Risk {
        let at =
            self.plan.entries.iter().position(|entry| entry.object.kind == EntryKind::Table && entry.name() == name);
        let steps = self.plan.steps.iter().filter(|step| Some(step.entry) == at);
        steps.map(|step| step.risk).max().unwrap_or_default()
    }

    /// Invariant 3.
    fn check_rows(&self, schema: &Schema, mode: Mode) -> Checked {
        let live: Vec<&str> = self.before.rows.keys().map(String::as_str).collect();
        let sources = tables(schema, &live);
        for old in &live {
            match sources.iter().position(|source| source.as_deref() == Some(*old)) {
                Some(at) => self.check_kept(old, &schema.tables[at], mode)?,
                None => self.check_dropped(old, mode)?,
            }
        }
        Ok(())
    }

    fn check_dropped(&self, old: &str, mode: Mode) -> Checked {
        let rows = self.before.rows[old].len() as u64;
        if self.report.entries.iter().any(|entry| entry.name() == old && entry.status == EntryStatus::Drop) {
            ensure!(!mode.safe, "safe mode dropped {old:?}");
            let said = self.plan.entries.iter().filter(|entry| entry.name() == old).find_map(|entry| entry.rows_lost);
            ensure!(self.risk(old) == Risk::Destructive, "the drop of {old:?} is {:?}", self.risk(old));
            ensure!(said == Some(rows), "the drop of {old:?} says {said:?} rows, there were {rows}");
            return Ok(());
        }
        ensure!(self.after.rows.contains_key(old), "table {old:?} is gone and nobody said so");
        self.same_rows(old, old, &self.everything(old))
    }

    fn check_kept(&self, old: &str, model: &Model, mode: Mode) -> Checked {
        let new = &name_of(model);
        let Some(entry) = self.entry(new) else { return Ok(()) };
        let optional = |error: &String| error.contains("ther changes are kept");
        if !entry.errors.is_empty() && !entry.errors.iter().all(optional) {
            let is = self.after.facts.get(old);
            let foreign = |facts: &[String]| -> Vec<String> {
                facts.iter().filter(|fact| !fact.contains("FOREIGN KEY")).cloned().collect()
            };
            let same = is.is_some_and(|is| foreign(is) == foreign(&self.before.facts[old]));
            // The types are entries of their own.
            let types = self.before.types[old].values().any(|ty| self.enums.changes(ty));
            ensure!(
                same || types && is.is_some(),
                "table {old:?} was changed although its entry failed:\n{:#?}\n{is:#?}",
                self.before.facts[old]
            );
            return self.same_rows(old, old, &self.everything(old));
        }
        ensure!(self.after.rows.contains_key(new), "table {old:?} is gone, {new:?} is not there");
        let Some(planned) = self.plan.entries.iter().find(|e| e.object.kind == EntryKind::Table && e.name() == *new)
        else {
            return Err(format!("{new:?} is not in the plan"));
        };
        ensure!(planned.rows_lost.is_none(), "{new:?} loses rows");
        let (was, is) = (&self.before.types[old], &self.after.types[new]);
        let wanted: Vec<(&str, &[String])> =
            model.columns.iter().map(|column| (column.name.as_str(), column.renamed.as_slice())).collect();
        let every: Vec<&str> = self.before.rows[old]
            .first()
            .map_or_else(|| was.keys().map(String::as_str).collect(), |row| row.keys().map(String::as_str).collect());
        let sources = sources(&wanted, &every, str::to_owned);
        let mut same = Vec::new();
        for (name, ty) in was {
            let at = sources.iter().position(|source| source.as_deref() == Some(name.as_str()));
            let Some(to) = at.map(|at| model.columns[at].name.as_str()) else {
                if is.contains_key(name) {
                    same.push((name.clone(), name.clone()));
                    continue;
                }
                let values = self.before.rows[old].iter().filter(|row| row[name] != Value::Null).count() as u64;
                ensure!(!mode.safe, "safe mode dropped {new:?}.{name:?}");
                let lost = planned.values_lost.iter().find(|lost| lost.column == *name).map(|lost| lost.rows);
                ensure!(planned.columns_dropped.contains(name), "{new:?}.{name:?} is gone, unsaid");
                ensure!(lost == Some(values), "{new:?}.{name:?}: {lost:?} values said lost, it had {values}");
                ensure!(self.risk(new) == Risk::Destructive, "the drop of {new:?}.{name:?} is {:?}", self.risk(new));
                continue;
            };
            let altered = |property| planned.columns_altered.iter().any(|a| a.column == to && a.property == property);
            let Some(new_type) = is.get(to) else {
                let values = self.before.rows[old].iter().filter(|row| row[name] != Value::Null).count();
                ensure!(
                    values == 0 || self.risk(new) != Risk::Safe,
                    "{new:?}.{to:?} becomes generated, {values} values lost"
                );
                continue;
            };
            if self.enums.name(ty) != *new_type {
                ensure!(altered(ColumnProperty::Type), "{new:?}.{to:?}: the type changed, unsaid");
                if self.enums.is_text(ty) && self.enums.is_text(new_type) && !altered(ColumnProperty::Nullable) {
                    same.push((name.clone(), to.to_owned()));
                }
                continue;
            }
            if !altered(ColumnProperty::Nullable) {
                same.push((name.clone(), to.to_owned()));
            }
        }
        self.same_rows(old, new, &same)
    }

    fn everything(&self, table: &str) -> Vec<(String, String)> {
        self.before.types[table].keys().map(|name| (name.clone(), name.clone())).collect()
    }

    fn same_rows(&self, old: &str, new: &str, columns: &[(String, String)]) -> Checked {
        let get = |row: &Map<String, Value>, name: &String| row.get(name).cloned().unwrap_or_default();
        let types = &self.before.types[old];
        let sorted = |mut rows: Vec<Vec<String>>| {
            rows.sort();
            rows
        };
        let was = |row: &Map<String, Value>| {
            let values = columns.iter().map(|(from, _)| self.enums.value(&types[from], get(row, from)).to_string());
            values.collect()
        };
        let is = |row: &Map<String, Value>| columns.iter().map(|(_, to)| get(row, to).to_string()).collect();
        let was = sorted(self.before.rows[old].iter().map(was).collect());
        let is = sorted(self.after.rows[new].iter().map(is).collect());
        ensure!(was == is, "the rows of {old:?} → {new:?} changed in {columns:?}:\n{was:#?}\n{is:#?}");
        Ok(())
    }
}

/// Done, and waits for nothing.
fn is_done(step: &Step, name: &str) -> bool {
    let entry = step.report.entries.iter().find(|e| e.name() == name && e.status != EntryStatus::Drop);
    entry.is_some_and(|entry| {
        entry.errors.is_empty()
            && entry.withheld.is_empty()
            && !entry.warnings.iter().any(|warning| {
                // Of an enum type, what was found and is none of ours, or is as good as the model's.
                ["backfill", "unmanaged label", "in another order"].iter().any(|words| warning.contains(words))
            })
    })
}

/// All of it is done, and waits for nothing.
pub(crate) fn is_settled(step: &Step) -> bool {
    let entries = step.report.entries.iter().filter(|entry| entry.status != EntryStatus::Drop);
    entries.map(Entry::name).all(|name| is_done(step, &name)) && !step.report.has_errors()
}

/// Invariant 2, relation by relation: what has no error and waits for nothing is as in a fresh database.
pub(crate) fn as_fresh(step: &Step, fresh: &Step) -> Checked {
    // A key to a table whose rename has failed names it as it is.
    let failed = step.report.has_errors();
    let bare = |facts: &[String]| -> Vec<String> {
        facts.iter().filter(|fact| !failed || !fact.contains("FOREIGN KEY")).cloned().collect()
    };
    for (name, want) in &fresh.after.facts {
        // A view shows the types of a table that has failed.
        let is_view = !fresh.after.rows.contains_key(name);
        if is_done(step, name) && is_done(fresh, name) && !(failed && is_view) {
            let found = step.after.facts.get(name);
            let same = found.is_some_and(|found| bare(found) == bare(want));
            ensure!(same, "{name:?} is not as in a fresh database:\n{want:#?}\n{found:#?}\n\n{}", step.report);
        }
    }
    if !failed && !fresh.report.has_errors() && step.report.entries.iter().all(|e| e.withheld.is_empty()) {
        let (is, want): (Vec<_>, Vec<_>) = (step.after.facts.keys().collect(), fresh.after.facts.keys().collect());
        ensure!(is == want, "the database holds {is:?}, a fresh one {want:?}\n{}", step.report);
    }
    Ok(())
}
