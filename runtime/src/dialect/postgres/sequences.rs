//! The sequences of columns that count up: those of identity columns, and those that a `serial` owns.
//!
//! A `serial` is a column that owns a sequence and whose default is the sequence's next value, and nothing else.

use super::IDENTIFIER_LIMIT;
use super::render::Render;
use super::rows::SequenceRow;
use super::server_generated_names::choose;
use super::text::{quote, quote_text};
use crate::catalog::{Column, Expression, Identity, Name, TEMPORARY_PREFIX, fit_identifier};
use crate::descriptor::IncrementForm;

/// What the server says when nothing is said: least and greatest number of a sequence of that type.
fn limits(ty: &str, step: i64) -> (i64, i64) {
    let (least, greatest) = match ty {
        "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    if step < 0 { (least, -1) } else { (1, greatest) }
}

/// How the column counts, where it does. `default`: that of the column; `identity`: `attidentity`.
pub(crate) fn identity(identity: &str, default: Option<&str>, ty: &str, row: SequenceRow) -> Option<Identity> {
    let form = match identity {
        "a" => IncrementForm::Always,
        "d" => IncrementForm::ByDefault,
        _ if default.is_some_and(|default| sequence_of(default).is_some()) && is_counted(ty) => IncrementForm::Serial,
        _ => return None,
    };
    let (least, greatest) = limits(ty, row.step);
    // The sequence of an old `serial` may be wider than its column, which it never tells.
    let wide = |limit: i64| form == IncrementForm::Serial && (limit == i64::MIN || limit == i64::MAX);
    let own = |limit: i64, servers: i64| (limit != servers && !wide(limit)).then_some(limit);
    Some(Identity {
        start: row.start,
        sequence: Some(row.name),
        form,
        step: (row.step != 1).then_some(row.step),
        min: own(row.min, least),
        max: own(row.max, greatest),
        cache: (row.cache != 1).then_some(row.cache),
        cycle: row.cycle,
    })
}

fn is_counted(ty: &str) -> bool {
    matches!(ty, "smallint" | "integer" | "bigint")
}

/// The sequence that a default reads, where it is `nextval('users_id_seq'::regclass)` and nothing else: as it is written.
pub(crate) fn sequence_of(default: &str) -> Option<String> {
    let rest = default.trim().strip_prefix("pg_catalog.").unwrap_or(default.trim());
    let inner = rest.strip_prefix("nextval(")?.strip_suffix(')')?.trim();
    let literal = inner.strip_suffix("::regclass").or(inner.strip_suffix("::text")).unwrap_or(inner).trim();
    let name = literal.strip_prefix('\'')?.strip_suffix('\'')?;
    let doubled = name.replace("''", "");
    (!name.is_empty() && !doubled.contains('\'')).then(|| name.replace("''", "'"))
}

/// The name alone of what may be written with its schema, and quoted.
pub(crate) fn bare_name(written: &str) -> String {
    let mut parts = Vec::new();
    let (mut part, mut quoted) = (String::new(), false);
    let mut letters = written.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => part.extend(letters.next()),
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(std::mem::take(&mut part)),
            letter if quoted => part.push(letter),
            letter => part.extend(letter.to_lowercase()),
        }
    }
    part
}

/// Where the model still says a `serial` as the expression that older versions wrote, it is the `serial` that is there.
pub(crate) fn recognise(column: &mut Column, live: &Column) {
    let Some(identity) = live.identity.as_ref().filter(|identity| identity.form == IncrementForm::Serial) else {
        return;
    };
    let read = column.default.as_deref().and_then(sequence_of);
    if read.is_some_and(|read| identity.sequence.as_deref() == Some(bare_name(&read).as_str())) {
        column.default = None;
        column.identity = Some(Identity { sequence: None, ..identity.clone() });
    }
}

/// As [`recognise`], of a column that is not there: the sequence is called as the server would call it.
pub(crate) fn recognise_new(column: &mut Column, table: &str) {
    let read = column.default.as_deref().and_then(sequence_of);
    if is_counted(&column.ty) && read.is_some_and(|read| bare_name(&read) == choose(table, Some(&column.name))) {
        column.default = None;
        column.identity = Some(Identity { start: 1, form: IncrementForm::Serial, ..Identity::default() });
    }
}

/// What is said of a sequence, as `CREATE SEQUENCE` takes it.
fn options(identity: &Identity) -> Vec<String> {
    let Identity { start, sequence: _, form: _, step, min, max, cache, cycle } = identity;
    let mut said = Vec::new();
    said.extend(step.map(|step| format!("INCREMENT BY {step}")));
    said.extend(min.map(|min| format!("MINVALUE {min}")));
    said.extend(max.map(|max| format!("MAXVALUE {max}")));
    // The server's own rule is the least number that there may be, or the greatest where it counts down.
    let own = if step.is_some_and(|step| step < 0) { max.unwrap_or(-1) } else { min.unwrap_or(1) };
    said.extend((*start != own).then(|| format!("START WITH {start}")));
    said.extend(cache.map(|cache| format!("CACHE {cache}")));
    said.extend(cycle.then(|| "CYCLE".to_owned()));
    said
}

/// What changes of a sequence, as `ALTER SEQUENCE` takes it.
fn changes(from: &Identity, to: &Identity) -> Vec<String> {
    let mut said = Vec::new();
    if from.step != to.step {
        said.push(format!("INCREMENT BY {}", to.step.unwrap_or(1)));
    }
    let down = |identity: &Identity| identity.step.is_some_and(|step| step < 0);
    let turned = down(from) != down(to);
    let limit = |word: &str, from: Option<i64>, to: Option<i64>| match to {
        Some(to) if from != Some(to) => Some(format!("{word} {to}")),
        None if from.is_some() || turned => Some(format!("NO {word}")),
        _ => None,
    };
    said.extend(limit("MINVALUE", from.min, to.min));
    said.extend(limit("MAXVALUE", from.max, to.max));
    if from.start != to.start {
        said.push(format!("START WITH {}", to.start));
    }
    if from.cache != to.cache {
        said.push(format!("CACHE {}", to.cache.unwrap_or(1)));
    }
    if from.cycle != to.cycle {
        said.push(if to.cycle { "CYCLE" } else { "NO CYCLE" }.to_owned());
    }
    said
}

/// Whether the numbers that come follow those that were given: they go the same way, within limits that those kept to.
fn continues(old: &Identity, ty: &str, new: &Identity) -> bool {
    let step = |identity: &Identity| identity.step.unwrap_or(1);
    let (least, greatest) = limits(ty, step(new));
    let (least, greatest) = (new.min.unwrap_or(least), new.max.unwrap_or(greatest));
    (step(old) < 0) == (step(new) < 0) && (least..=greatest).contains(&old.start)
}

/// `GENERATED ALWAYS AS IDENTITY (INCREMENT BY 5)`
pub(super) fn clause(identity: &Identity) -> String {
    let kind = if identity.form == IncrementForm::Always { "ALWAYS" } else { "BY DEFAULT" };
    let said = options(identity);
    let said = if said.is_empty() { String::new() } else { format!(" ({})", said.join(" ")) };
    format!("GENERATED {kind} AS IDENTITY{said}")
}

/// The word for a `serial` of that type.
pub(super) fn serial(ty: &str) -> &'static str {
    match ty {
        "smallint" => "smallserial",
        "bigint" => "bigserial",
        _ => "serial",
    }
}

/// What a new column needs before it and after it, and its definition: a `serial` that has options is a sequence made by hand.
pub(super) struct Definition {
    pub(super) before: Vec<String>,
    pub(super) column: Column,
    pub(super) after: Vec<String>,
}

/// What changes of how a column counts: steps before the one statement, in it, between it and a second one, in that, and after.
#[derive(Default)]
pub(super) struct Steps {
    pub(super) before: Vec<String>,
    pub(super) actions: Vec<String>,
    pub(super) between: Vec<String>,
    pub(super) second: Vec<String>,
    pub(super) after: Vec<String>,
}

impl Render<'_> {
    pub(super) fn definition(&self, table: &Name, column: &Column) -> Definition {
        let mut definition = Definition { before: Vec::new(), column: column.clone(), after: Vec::new() };
        let serial = column.identity.as_ref().filter(|identity| identity.form == IncrementForm::Serial);
        let Some(identity) = serial.filter(|identity| !options(identity).is_empty()) else { return definition };
        let sequence = self.sequence(table, &choose(&table.name, Some(&column.name)));
        definition.before.push(create(&sequence, &column.ty, identity));
        definition.column.identity = None;
        definition.column.default = Some(Expression::from(next_value(&sequence)));
        definition.after.push(self.own(&sequence, table, &column.name));
        definition
    }

    fn sequence(&self, table: &Name, name: &str) -> String {
        self.0.qualified(&Name { schema: table.schema.clone(), name: name.to_owned() })
    }

    fn own(&self, sequence: &str, table: &Name, column: &str) -> String {
        format!("ALTER SEQUENCE {sequence} OWNED BY {}.{}", self.0.qualified(table), quote(column))
    }

    /// From one way of counting to another, or to none. The next number stays the next one.
    pub(super) fn recount(&self, table: &Name, from: &Column, to: &Column) -> Steps {
        let mut steps = Steps::default();
        let column = format!("ALTER COLUMN {}", quote(&to.name));
        let is_serial = |identity: &Identity| identity.form == IncrementForm::Serial;
        let name = choose(&table.name, Some(&to.name));
        let of = |identity: &Identity| self.sequence(table, identity.sequence.as_ref().unwrap_or(&name));
        let aside_name = fit_identifier(&format!("{TEMPORARY_PREFIX}{name}"), IDENTIFIER_LIMIT);
        let aside = self.sequence(table, &aside_name);
        match (&from.identity, &to.identity) {
            (None, None) => {}
            (Some(old), None) if is_serial(old) => {
                steps.actions.push(format!("{column} DROP DEFAULT"));
                steps.between.push(format!("DROP SEQUENCE {}", of(old)));
            }
            (Some(_), None) => steps.actions.push(format!("{column} DROP IDENTITY")),
            (None, Some(new)) if is_serial(new) => {
                let sequence = self.sequence(table, &name);
                steps.before.push(create(&sequence, &to.ty, new));
                steps.second.push(format!("{column} SET DEFAULT {}", next_value(&sequence)));
                steps.after.push(self.own(&sequence, table, &to.name));
                steps.after.push(self.go_on(table, &to.name, new, &quote_text(&sequence), None));
            }
            (None, Some(new)) => {
                steps.second.push(format!("{column} ADD {}", clause(new)));
                steps.after.push(self.go_on(table, &to.name, new, &self.identity_sequence(table, &to.name), None));
            }
            (Some(old), Some(new)) if is_serial(old) && !is_serial(new) => {
                steps.actions.push(format!("{column} DROP DEFAULT"));
                steps.between.push(format!("ALTER SEQUENCE {} RENAME TO {}", of(old), quote(&aside_name)));
                steps.second.push(format!("{column} ADD {}", clause(new)));
                let sequence = self.identity_sequence(table, &to.name);
                let before = continues(old, &to.ty, new).then_some((aside.as_str(), old));
                steps.after.push(self.go_on(table, &to.name, new, &sequence, before));
                steps.after.push(format!("DROP SEQUENCE {aside}"));
            }
            (Some(old), Some(new)) if is_serial(new) && !is_serial(old) => {
                steps.before.push(create(&aside, &to.ty, new));
                let live = of(old);
                let before = continues(old, &to.ty, new).then_some((live.as_str(), old));
                steps.before.push(self.go_on(table, &to.name, new, &quote_text(&aside), before));
                steps.actions.push(format!("{column} DROP IDENTITY"));
                steps.second.push(format!("{column} SET DEFAULT {}", next_value(&aside)));
                steps.after.push(format!("ALTER SEQUENCE {aside} RENAME TO {}", quote(&name)));
                steps.after.push(self.own(&self.sequence(table, &name), table, &to.name));
            }
            (Some(old), Some(new)) => self.recount_alike(table, (from, old), (to, new), &mut steps),
        }
        steps
    }

    /// The form stays, or is the other of the two kinds of identity.
    fn recount_alike(
        &self,
        table: &Name,
        (from, old): (&Column, &Identity),
        (to, new): (&Column, &Identity),
        steps: &mut Steps,
    ) {
        let column = format!("ALTER COLUMN {}", quote(&to.name));
        let mut said = changes(old, new);
        let goes_on = continues(old, &to.ty, new);
        if new.form == IncrementForm::Serial {
            let name = old.sequence.clone().unwrap_or_else(|| choose(&table.name, Some(&to.name)));
            let sequence = self.sequence(table, &name);
            if from.ty != to.ty {
                steps.after.push(format!("ALTER SEQUENCE {sequence} AS {}", to.ty));
            }
            if !said.is_empty() {
                said.extend((!goes_on).then(|| format!("RESTART WITH {}", new.start)));
                steps.after.push(format!("ALTER SEQUENCE {sequence} {}", said.join(" ")));
            }
            if old.start != new.start || !goes_on {
                let before = goes_on.then_some((sequence.as_str(), old));
                steps.after.push(self.go_on(table, &to.name, new, &quote_text(&sequence), before));
            }
            return;
        }
        if old.form != new.form {
            let kind = if new.form == IncrementForm::Always { "ALWAYS" } else { "BY DEFAULT" };
            steps.actions.push(format!("{column} SET GENERATED {kind}"));
        }
        if !said.is_empty() {
            let restart = if goes_on { String::new() } else { format!(" RESTART WITH {}", new.start) };
            let set = said.iter().map(|said| format!("SET {said}")).collect::<Vec<_>>().join(" ");
            steps.actions.push(format!("{column} {set}{restart}"));
        }
        if old.start != new.start || !goes_on {
            let sequence = self.identity_sequence(table, &to.name);
            let live = old.sequence.as_ref().map(|name| self.sequence(table, name));
            let before = live.as_deref().filter(|_| goes_on).map(|live| (live, old));
            steps.after.push(self.go_on(table, &to.name, new, &sequence, before));
        }
    }

    /// The sequence of an identity column, as an expression. Not `pg_get_serial_sequence`: that may be the sequence of a `serial` which
    /// the column was.
    fn identity_sequence(&self, table: &Name, column: &str) -> String {
        format!(
            "(SELECT d.objid::regclass FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
  WHERE d.classid = 'pg_catalog.pg_class'::regclass::oid AND d.refclassid = 'pg_catalog.pg_class'::regclass::oid AND d.refobjid = {}::regclass::oid AND d.deptype = 'i' AND a.attname = {})",
            quote_text(&self.0.qualified(table)),
            quote_text(column),
        )
    }

    /// The next number is beyond all that are there, and never one that was given before. `sequence`: an expression; `before`: the sequence
    /// that gave numbers until now.
    fn go_on(
        &self,
        table: &Name,
        column: &str,
        new: &Identity,
        sequence: &str,
        before: Option<(&str, &Identity)>,
    ) -> String {
        let (farthest, most, step) = match new.step {
            Some(step) if step < 0 => ("least", "min", step),
            step => ("greatest", "max", step.unwrap_or(1)),
        };
        let mut numbers = vec![
            format!(
                "(SELECT pg_catalog.{most}({})::bigint + ({step}) FROM {})",
                quote(column),
                self.0.qualified(table)
            ),
            new.start.to_string(),
        ];
        if let Some((before, old)) = before {
            let step = old.step.unwrap_or(1);
            numbers.push(format!(
                "(SELECT CASE WHEN is_called THEN last_value + ({step}) ELSE last_value END FROM {before})"
            ));
        }
        format!("SELECT pg_catalog.setval({sequence}::regclass, {farthest}({}), false)", numbers.join(", "))
    }
}

fn create(sequence: &str, ty: &str, identity: &Identity) -> String {
    let said = options(identity);
    let said = if said.is_empty() { String::new() } else { format!(" {}", said.join(" ")) };
    format!("CREATE SEQUENCE {sequence} AS {ty}{said}")
}

fn next_value(sequence: &str) -> String {
    format!("nextval({}::regclass)", quote_text(sequence))
}

#[cfg(test)]
mod tests {
    use super::{bare_name, sequence_of};

    #[test]
    fn a_default_that_is_the_next_value_and_nothing_else_is_recognised() {
        assert_eq!(sequence_of("nextval('users_id_seq'::regclass)").as_deref(), Some("users_id_seq"));
        assert_eq!(sequence_of("nextval('\"It''s\"'::regclass)").as_deref(), Some("\"It's\""));
        assert_eq!(sequence_of("(nextval('a'::regclass) + nextval('b'::regclass))"), None);
        assert_eq!(sequence_of("nextval('a'::regclass) + nextval('b'::regclass)"), None);
    }

    #[test]
    fn the_name_of_a_sequence_stands_after_its_schema() {
        assert_eq!(bare_name("public.users_id_seq"), "users_id_seq");
        assert_eq!(bare_name("\"A.b\".\"C\"\"d\""), "C\"d");
        assert_eq!(bare_name("Users_Id_Seq"), "users_id_seq");
    }
}
