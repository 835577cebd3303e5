//! A model whose parts refer to each other by number, so that renames and drops keep it consistent.

use super::enums::{Enum, EnumRef, labels};
use super::views::View;
use super::{Choices, names};
use schemasync::descriptor::{Collation, ReferentialAction, SyncMethod};
use schemasync::model::{DataType, DefaultValue};

/// The number of a table or a column: it stays when the name changes.
pub(super) type Uid = u32;

/// A random model.
#[derive(Debug, Clone, Default)]
pub struct Model {
    pub(super) tables: Vec<Table>,
    pub(super) views: Vec<View>,
    pub(super) enums: Vec<Enum>,
    next: Uid,
}

#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) uid: Uid,
    pub(super) name: String,
    pub(super) renamed: Vec<String>,
    pub(super) method: Option<SyncMethod>,
    pub(super) columns: Vec<Column>,
    pub(super) key: Vec<Uid>,
    pub(super) indexes: Vec<Index>,
    pub(super) foreign_keys: Vec<ForeignKey>,
    pub(super) checks: Vec<Expression>,
    pub(super) strict: bool,
    pub(super) without_rowid: bool,
    pub(super) comment: Option<String>,
    pub(super) unlogged: bool,
    pub(super) fillfactor: Option<u32>,
    /// Where there are schemas, it is in another one than the connection's own.
    pub(super) elsewhere: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) uid: Uid,
    pub(super) name: String,
    pub(super) renamed: Vec<String>,
    pub(super) ty: DataType,
    /// The enum that says the type.
    pub(super) of: Option<EnumRef>,
    pub(super) native: Option<&'static str>,
    pub(super) nullable: bool,
    pub(super) default: Option<DefaultValue>,
    pub(super) generated: Option<(Expression, bool)>,
    pub(super) collate: Option<Collation>,
    pub(super) encrypted: bool,
    pub(super) comment: Option<String>,
}

/// One of a few forms, over one column.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expression {
    pub(super) form: usize,
    pub(super) column: Uid,
    /// It is about this label of the column's enum.
    pub(super) label: Option<String>,
}

impl Expression {
    pub(super) fn random(forms: &[&str], column: &Column, choices: &mut Choices<'_>) -> Self {
        let form = choices.below(forms.len());
        let labels = labels(&column.ty);
        let label = (!labels.is_empty() && choices.one_in(2)).then(|| choices.pick(labels).clone());
        Self { form, column: column.uid, label }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Index {
    pub(super) name: Option<String>,
    pub(super) unique: bool,
    pub(super) parts: Vec<Part>,
    pub(super) predicate: Option<Expression>,
}

#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) column: Uid,
    /// Over an expression of that form, else over the column itself.
    pub(super) form: Option<usize>,
    pub(super) desc: bool,
}

#[derive(Debug, Clone)]
pub(super) struct ForeignKey {
    pub(super) columns: Vec<Uid>,
    pub(super) target: Uid,
    pub(super) target_columns: Vec<Uid>,
    pub(super) on_delete: ReferentialAction,
    pub(super) on_update: ReferentialAction,
}

/// Conditions, for checks and partial indexes.
pub(super) const CONDITIONS: &[&str] =
    &["{} IS NOT NULL", "length({}) < 1000", "coalesce({}, 0) <> 'zz; \"top\"'", "NOT ({} = -1)"];

/// Values, for generated columns and expression indexes.
pub(super) const VALUES: &[&str] = &["lower({})", "length({})", "{} || '-x'", "coalesce({}, 'no''ne')"];

/// Conditions over a column of an enum, about one of its labels.
pub(super) const LABEL_CONDITIONS: &[&str] = &["{} <> {label}", "{} IN ({label})", "{} >= {label}"];

/// Values over a column of an enum, about one of its labels.
pub(super) const LABEL_VALUES: &[&str] = &["CASE WHEN {} = {label} THEN 'yes' ELSE 'no' END"];

const ACTIONS: &[ReferentialAction] = &[
    ReferentialAction::NoAction,
    ReferentialAction::Cascade,
    ReferentialAction::Restrict,
    ReferentialAction::SetNull,
    ReferentialAction::SetDefault,
];

impl Model {
    /// A model of at most four tables.
    pub fn random(choices: &mut Choices<'_>) -> Self {
        let mut model = Self::default();
        for _ in 0..choices.below(3) {
            model.add_enum(choices);
        }
        for _ in 0..=choices.below(4) {
            model.add_table(choices);
        }
        for _ in 0..choices.below(4) {
            model.add_foreign_key(choices);
        }
        // Views read what is left.
        model.tidy();
        for _ in 0..choices.below(4) {
            model.add_view(choices);
            model.tidy_views();
        }
        model.tidy();
        model
    }

    pub(super) fn uid(&mut self) -> Uid {
        self.next += 1;
        self.next
    }

    pub(super) fn taken(&self) -> Vec<&str> {
        let views = self.views.iter().map(|view| view.name.as_str());
        let enums = self.enums.iter().map(|known| known.name.as_str());
        self.tables.iter().map(|table| table.name.as_str()).chain(views).chain(enums).collect()
    }

    pub(super) fn add_table(&mut self, choices: &mut Choices<'_>) {
        let name = names::free(names::table(choices), &self.taken());
        let mut table = Table {
            uid: self.uid(),
            name,
            renamed: Vec::new(),
            method: method(choices),
            columns: Vec::new(),
            key: Vec::new(),
            indexes: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            strict: choices.one_in(6),
            without_rowid: choices.one_in(7),
            comment: comment(choices),
            unlogged: choices.one_in(9),
            fillfactor: choices.one_in(9).then_some(70),
            elsewhere: choices.one_in(5),
        };
        for _ in 0..=choices.below(5) {
            self.add_column(&mut table, choices);
        }
        random_key(&mut table, choices);
        for _ in 0..choices.below(3) {
            add_index(&mut table, choices);
        }
        if choices.one_in(4) {
            add_check(&mut table, choices);
        }
        self.tables.push(table);
    }

    pub(super) fn add_column(&mut self, table: &mut Table, choices: &mut Choices<'_>) {
        let taken: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
        let name = names::free(names::column(choices), &taken);
        let (ty, native) = random_type(choices);
        let of = self.random_enum(choices);
        let mut column = Column {
            uid: self.uid(),
            name,
            renamed: Vec::new(),
            default: None,
            ty,
            of,
            native: native.filter(|_| of.is_none()),
            nullable: !choices.one_in(3),
            generated: None,
            collate: collation(choices),
            encrypted: choices.one_in(25),
            comment: comment(choices),
        };
        column.follow(&self.enums);
        if choices.one_in(3) {
            column.default = random_default(&column.ty, choices);
        }
        if choices.one_in(9)
            && let Some(at) = choices.place(table.columns.len())
        {
            let value = Expression::random(VALUES, &table.columns[at], choices);
            column.generated = Some((value, choices.one_in(2)));
        }
        table.columns.push(column);
    }

    /// A key to whatever is unique, over new or existing columns.
    pub(super) fn add_foreign_key(&mut self, choices: &mut Choices<'_>) {
        let Some(child) = choices.place(self.tables.len()) else { return };
        let Some(parent) = choices.place(self.tables.len()) else { return };
        let Some(target_columns) = unique_columns(&self.tables[parent], choices) else { return };
        let target = self.tables[parent].uid;
        let fresh = choices.one_in(2);
        let mut columns = Vec::new();
        for uid in &target_columns {
            let Some(to) = self.tables[parent].columns.iter().find(|c| c.uid == *uid).cloned() else { return };
            let existing: Vec<Uid> = self.tables[child]
                .columns
                .iter()
                .filter(|c| c.ty == to.ty && c.native == to.native && !columns.contains(&c.uid))
                .map(|c| c.uid)
                .collect();
            if let Some(at) = choices.place(existing.len()).filter(|_| !fresh) {
                columns.push(existing[at]);
                continue;
            }
            let mut table = self.tables[child].clone();
            self.add_column(&mut table, choices);
            if let Some(column) = table.columns.last_mut() {
                (column.ty, column.of, column.native, column.default) = (to.ty, to.of, to.native, None);
                (column.generated, column.encrypted, column.nullable) = (None, false, true);
                columns.push(column.uid);
            }
            self.tables[child] = table;
        }
        let (on_delete, on_update) = (*choices.pick(ACTIONS), *choices.pick(ACTIONS));
        self.tables[child].foreign_keys.push(ForeignKey { columns, target, target_columns, on_delete, on_update });
    }

    /// Takes out what points nowhere or contradicts something.
    pub(super) fn tidy(&mut self) {
        for table in &mut self.tables {
            table.columns.iter_mut().for_each(|column| column.follow(&self.enums));
            tidy_table(table);
        }
        self.tables.retain(|table| table.columns.iter().any(|column| column.generated.is_none()));
        let tables = self.tables.clone();
        for table in &mut self.tables {
            let own = table.clone();
            table.foreign_keys.retain(|key| is_sound(&own, key, &tables));
            let mut seen: Vec<(Uid, Vec<(Uid, Uid)>)> = Vec::new();
            table.foreign_keys.retain(|key| {
                let mut pairs: Vec<(Uid, Uid)> =
                    key.columns.iter().copied().zip(key.target_columns.iter().copied()).collect();
                pairs.sort_unstable();
                let is_new = !seen.contains(&(key.target, pairs.clone()));
                seen.push((key.target, pairs));
                is_new
            });
            for key in &mut table.foreign_keys {
                let members: Vec<&Column> = own.columns.iter().filter(|c| key.columns.contains(&c.uid)).collect();
                for action in [&mut key.on_delete, &mut key.on_update] {
                    let fits = match action {
                        ReferentialAction::SetNull => members.iter().all(|c| c.nullable),
                        ReferentialAction::SetDefault => members.iter().all(|c| c.default.is_some()),
                        _ => true,
                    };
                    if !fits {
                        *action = ReferentialAction::NoAction;
                    }
                }
            }
        }
        // What is logged references only what is.
        loop {
            let logged = self.tables.iter().filter(|table| !table.unlogged);
            let targets: Vec<Uid> = logged.flat_map(|table| table.foreign_keys.iter().map(|key| key.target)).collect();
            let mut lost = self.tables.iter_mut().filter(|table| table.unlogged && targets.contains(&table.uid));
            let Some(table) = lost.next() else { break };
            table.unlogged = false;
        }
        self.tidy_views();
    }
}

impl Table {
    /// All expressions over its columns.
    pub(super) fn expressions_mut(&mut self) -> impl Iterator<Item = &mut Expression> {
        let generated = self.columns.iter_mut().filter_map(|column| column.generated.as_mut()).map(|(value, _)| value);
        let predicates = self.indexes.iter_mut().filter_map(|index| index.predicate.as_mut());
        generated.chain(predicates).chain(&mut self.checks)
    }
}

fn tidy_table(table: &mut Table) {
    let known: Vec<Uid> = table.columns.iter().map(|column| column.uid).collect();
    let plain: Vec<Uid> = table.columns.iter().filter(|c| c.generated.is_none()).map(|c| c.uid).collect();
    table.columns.retain(|column| column.generated.as_ref().is_none_or(|(e, _)| plain.contains(&e.column)));
    let known: Vec<Uid> = known.into_iter().filter(|uid| table.columns.iter().any(|c| c.uid == *uid)).collect();
    table.key.retain(|uid| plain.contains(uid));
    table.without_rowid &= !table.key.is_empty();
    for column in &mut table.columns {
        column.nullable &= !table.key.contains(&column.uid);
        if column.generated.is_some() {
            column.default = None;
        }
        if table.strict {
            column.native = None;
        }
        let alone = table.key == [column.uid] && !table.without_rowid && is_integer(&column.ty);
        if column.encrypted {
            column.default = None;
        }
        let counts = matches!(column.default, Some(DefaultValue::Increment(_)));
        if counts && (!alone || column.encrypted || column.native.is_some()) {
            column.default = None;
        }
        let text = matches!(column.ty, DataType::Text | DataType::Uuid | DataType::Bytes);
        if column.default == Some(DefaultValue::Uuid) && !text {
            column.default = None;
        }
        if column.native.is_some() && column.default == Some(DefaultValue::Uuid) {
            column.default = None;
        }
    }
    table.indexes.retain(|index| {
        index.parts.iter().all(|part| known.contains(&part.column))
            && index.predicate.as_ref().is_none_or(|e| known.contains(&e.column))
    });
    table.checks.retain(|check| known.contains(&check.column));
    // What is generated, or encrypted, is of another type than it says.
    let types: Vec<(Uid, DataType)> = table
        .columns
        .iter()
        .filter(|column| column.generated.is_none() && !column.encrypted)
        .map(|column| (column.uid, column.ty.clone()))
        .collect();
    table.expressions_mut().for_each(|expression| expression.follow(&types));
}

/// Whether a foreign key may stand.
fn is_sound(table: &Table, key: &ForeignKey, tables: &[Table]) -> bool {
    let Some(target) = tables.iter().find(|target| target.uid == key.target) else { return false };
    let is_set = |columns: &[Uid]| {
        columns.len() == key.target_columns.len() && key.target_columns.iter().all(|uid| columns.contains(uid))
    };
    let unique = is_set(&target.key)
        || target.indexes.iter().any(|index| {
            index.unique
                && index.predicate.is_none()
                && index.parts.iter().all(|part| part.form.is_none())
                && is_set(&index.parts.iter().map(|part| part.column).collect::<Vec<_>>())
        });
    let own = |uid: &Uid| table.columns.iter().any(|column| column.uid == *uid && column.generated.is_none());
    unique && !key.columns.is_empty() && key.columns.iter().all(own)
}

/// The primary key or a unique index over plain columns.
fn unique_columns(table: &Table, choices: &mut Choices<'_>) -> Option<Vec<Uid>> {
    let mut sets: Vec<Vec<Uid>> = Vec::new();
    if !table.key.is_empty() {
        sets.push(table.key.clone());
    }
    for index in table.indexes.iter().filter(|i| i.unique && i.predicate.is_none()) {
        if index.parts.iter().all(|part| part.form.is_none()) {
            sets.push(index.parts.iter().map(|part| part.column).collect());
        }
    }
    choices.place(sets.len()).map(|at| sets.swap_remove(at))
}

pub(super) fn random_key(table: &mut Table, choices: &mut Choices<'_>) {
    match choices.below(6) {
        0..=2 => {
            if let Some(column) = table.columns.first_mut() {
                (column.ty, column.of) = (DataType::Int64, None);
                (column.native, column.encrypted, column.generated, column.default) = (None, false, None, None);
                if choices.one_in(3) {
                    column.default = Some(DefaultValue::Increment([1, 1000][choices.below(2)].into()));
                }
                table.key = vec![column.uid];
            }
        }
        3 => table.key = some_columns(table, 1, choices),
        4 => table.key = some_columns(table, 3, choices),
        _ => table.key.clear(),
    }
}

pub(super) fn some_columns(table: &Table, most: usize, choices: &mut Choices<'_>) -> Vec<Uid> {
    let mut columns = Vec::new();
    for _ in 0..=choices.below(most) {
        if let Some(at) = choices.place(table.columns.len()) {
            let uid = table.columns[at].uid;
            if !columns.contains(&uid) {
                columns.push(uid);
            }
        }
    }
    columns
}

pub(super) fn add_index(table: &mut Table, choices: &mut Choices<'_>) {
    let unique = choices.one_in(2);
    let plain = !choices.one_in(3);
    let parts: Vec<Part> = some_columns(table, 3, choices)
        .into_iter()
        .map(|column| Part {
            column,
            form: (!plain && choices.one_in(2)).then(|| choices.below(VALUES.len())),
            desc: choices.one_in(3),
        })
        .collect();
    if parts.is_empty() {
        return;
    }
    let predicate = (!plain && choices.one_in(2)).then(|| {
        let column = table.columns.iter().find(|column| column.uid == parts[0].column);
        column.map(|column| Expression::random(CONDITIONS, column, choices))
    });
    let predicate = predicate.flatten();
    let name = choices.one_in(3).then(|| names::column(choices));
    table.indexes.push(Index { name, unique, parts, predicate });
}

pub(super) fn add_check(table: &mut Table, choices: &mut Choices<'_>) {
    if let Some(at) = choices.place(table.columns.len()) {
        let check = Expression::random(CONDITIONS, &table.columns[at], choices);
        if !table.checks.contains(&check) {
            table.checks.push(check);
        }
    }
}

pub(super) fn method(choices: &mut Choices<'_>) -> Option<SyncMethod> {
    match choices.below(10) {
        0..=5 => Some(SyncMethod::Recreate),
        6..=8 => None,
        _ => Some(SyncMethod::Drop),
    }
}

pub(super) fn collation(choices: &mut Choices<'_>) -> Option<Collation> {
    match choices.below(8) {
        6 => Some(Collation::Nocase),
        7 => Some(Collation::Binary),
        _ => None,
    }
}

pub(super) fn comment(choices: &mut Choices<'_>) -> Option<String> {
    choices.one_in(8).then(|| (*choices.pick(&["Everybody's.", "two\nlines; -- \"so\"", "x"])).to_owned())
}

pub(super) fn is_integer(ty: &DataType) -> bool {
    use DataType::{Int8, Int16, Int32, Int64, Uint8, Uint16, Uint32, Uint64};
    matches!(ty, Int8 | Int16 | Int32 | Int64 | Uint8 | Uint16 | Uint32 | Uint64)
}

/// A type, and now and then a native one.
pub(super) fn random_type(choices: &mut Choices<'_>) -> (DataType, Option<&'static str>) {
    let ty = match choices.below(28) {
        0..=2 => DataType::Text,
        3..=4 => DataType::Int64,
        5 => DataType::Bool,
        6 => DataType::Int8,
        7 => DataType::Int16,
        8 => DataType::Int32,
        9 => DataType::Uint8,
        10 => DataType::Uint16,
        11 => DataType::Uint32,
        12 => DataType::Uint64,
        13 => DataType::Float32,
        14 => DataType::Float64,
        15 => DataType::Varchar(40),
        16 => DataType::Char,
        17 => DataType::Bytes,
        18 => DataType::Uuid,
        19 => DataType::Date,
        20 => DataType::Time,
        21 => DataType::DateTime,
        22 => DataType::Timestamp,
        23 => DataType::Decimal(Some((10, 2))),
        24 => DataType::Json,
        25 => DataType::Array(Box::new(DataType::Int32)),
        26 => DataType::Enum { name: "Tier".into(), variants: vec!["free".into(), "it's".into()], postgres: None },
        _ => DataType::GeoPoint,
    };
    let native = choices.one_in(16).then(|| *choices.pick(&["VARCHAR(20)", "NUMERIC", "DECIMAL(10,2)", "ANY", "INT"]));
    (ty, native)
}

fn is_signed(ty: &DataType) -> bool {
    matches!(ty, DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64)
}

/// A default that fits the type.
pub(super) fn random_default(ty: &DataType, choices: &mut Choices<'_>) -> Option<DefaultValue> {
    if choices.one_in(7) {
        let sql = *choices.pick(&["abs(-3)", "lower('A;B')", "1 + 2", "'a' || 'b'", "random()", "NULL", "x'00ff'"]);
        return Some(DefaultValue::Sql(sql.to_owned()));
    }
    Some(match ty {
        DataType::Bool => DefaultValue::Bool(choices.one_in(2)),
        ty if is_integer(ty) => match choices.below(4) {
            0 => DefaultValue::Int(0),
            1 if is_signed(ty) => DefaultValue::Int(-7),
            2 if *ty == DataType::Int64 => DefaultValue::Int(i128::from(i64::MIN)),
            3 if *ty == DataType::Int64 => DefaultValue::Now,
            _ => DefaultValue::Int(7),
        },
        DataType::Float32 | DataType::Float64 => DefaultValue::Float(*choices.pick(&[0.0, -1.5, 1e300, 0.1])),
        DataType::Uuid => DefaultValue::Uuid,
        DataType::Date | DataType::Time | DataType::DateTime | DataType::Timestamp => DefaultValue::Now,
        DataType::Enum { variants, .. } => DefaultValue::Text(choices.pick(variants).clone()),
        DataType::Text | DataType::Varchar(_) => match choices.below(7) {
            0 => DefaultValue::Text(String::new()),
            1 => DefaultValue::Text("it's \"quoted\"; -- so".into()),
            2 => DefaultValue::Text("NULL".into()),
            3 => DefaultValue::Text("ünï\n日".into()),
            4 => DefaultValue::Text("007".into()),
            5 if *ty == DataType::Text => DefaultValue::Uuid,
            _ => DefaultValue::Text("(now())".into()),
        },
        DataType::Bytes | DataType::Array(_) | DataType::GeoPoint => return None,
        _ => DefaultValue::Text("1".into()),
    })
}
