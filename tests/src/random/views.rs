//! The views of a random model: plain SQL, or built from tables and other views.

use super::enums::labels;
use super::model::{Model, Table, Uid, is_integer};
use super::render::{in_schema, schema_of};
use super::{Choices, names, quote};
use schemasync::descriptor::{Aggregate, Comparison, JoinKind};
use schemasync::model::{self, ColumnRef, Condition, DataType, Operand, Query, QueryColumn, Source};

/// A view.
#[derive(Debug, Clone)]
pub(super) struct View {
    pub(super) uid: Uid,
    pub(super) name: String,
    pub(super) renamed: Vec<String>,
    /// A table, or a view before this one.
    source: Uid,
    columns: Vec<Output>,
    filter: Option<Filter>,
    join: Option<Join>,
    group: Option<Group>,
    /// Given as SQL: without the join and the aggregate.
    sql: bool,
    materialized: bool,
}

#[derive(Debug, Clone)]
struct Output {
    uid: Uid,
    joined: bool,
    from: Uid,
    /// `None`: as the column that it comes from.
    name: Option<String>,
}

#[derive(Debug, Clone)]
struct Filter {
    form: usize,
    column: Uid,
}

#[derive(Debug, Clone)]
struct Join {
    target: Uid,
    own: Uid,
    other: Uid,
    left: bool,
}

#[derive(Debug, Clone)]
struct Group {
    uid: Uid,
    function: Aggregate,
    of: Option<Uid>,
    having: bool,
}

/// A table or a view, as who reads it sees it.
struct Relation {
    name: String,
    schema: Option<String>,
    /// A view whose columns the model does not know.
    is_sql: bool,
    columns: Vec<Seen>,
}

#[derive(Debug, Clone)]
struct Seen {
    uid: Uid,
    name: String,
    ty: DataType,
    /// The values are of the type that the model says.
    plain: bool,
}

impl Relation {
    fn of_table(table: &Table) -> Self {
        let columns = table.columns.iter().map(|column| Seen {
            uid: column.uid,
            name: column.name.clone(),
            ty: column.ty.clone(),
            plain: column.generated.is_none()
                && !column.encrypted
                && column.native.is_none()
                && column.ty != DataType::GeoPoint,
        });
        Self { name: table.name.clone(), schema: schema_of(table), is_sql: false, columns: columns.collect() }
    }

    fn find(&self, uid: Uid) -> Option<&Seen> {
        self.columns.iter().find(|column| column.uid == uid)
    }
}

/// The type of an aggregate's result; `None`: there is no such aggregate over that.
fn result(function: Aggregate, of: Option<&Seen>) -> Option<DataType> {
    let Some(of) = of else { return (function == Aggregate::Count).then_some(DataType::Int64) };
    let number = is_integer(&of.ty) || matches!(of.ty, DataType::Float32 | DataType::Float64);
    let ordered = number || matches!(of.ty, DataType::Text | DataType::Date | DataType::Enum { .. });
    match function {
        Aggregate::Count => Some(DataType::Int64),
        Aggregate::Sum | Aggregate::Avg => (number && of.plain).then_some(DataType::Float64),
        Aggregate::Min | Aggregate::Max => (ordered && of.plain).then(|| of.ty.clone()),
    }
}

impl View {
    /// What it is to its readers; `views`: those before it.
    fn relation(&self, tables: &[Table], views: &[View]) -> Option<Relation> {
        let source = relation(self.source, tables, views)?;
        let joined = self.join.as_ref().filter(|_| !self.sql).and_then(|join| relation(join.target, tables, views));
        let mut columns = Vec::new();
        for output in &self.columns {
            let from = if output.joined { joined.as_ref() } else { Some(&source) };
            let Some(from) = from.and_then(|from| from.find(output.from)) else { continue };
            let name = output.name.clone().unwrap_or_else(|| from.name.clone());
            columns.push(Seen { uid: output.uid, name, ..from.clone() });
        }
        if let Some(group) = self.group.as_ref().filter(|_| !self.sql) {
            let of = group.of.and_then(|uid| source.find(uid));
            let ty = result(group.function, of)?;
            columns.push(Seen { uid: group.uid, name: "agg".into(), ty, plain: true });
        }
        Some(Relation { name: self.name.clone(), schema: None, is_sql: self.sql, columns })
    }

    /// Takes out what is not there any more; false: nothing is left.
    fn tidy(&mut self, tables: &[Table], views: &[View]) -> bool {
        let Some(source) = relation(self.source, tables, views) else { return false };
        if let Some(join) = &self.join {
            let sound = relation(join.target, tables, views).is_some_and(|target| {
                let (own, other) = (source.find(join.own), target.find(join.other));
                own.zip(other).is_some_and(|(own, other)| own.ty == other.ty && own.plain && other.plain)
            });
            if !sound {
                self.join = None;
            }
        }
        let target = self.join.as_ref().and_then(|join| relation(join.target, tables, views));
        let mut seen: Vec<String> = vec!["agg".into()];
        self.columns.retain(|output| {
            let from = if output.joined { target.as_ref() } else { Some(&source) };
            let Some(from) = from.and_then(|from| from.find(output.from)) else { return false };
            let name = output.name.as_ref().unwrap_or(&from.name).to_ascii_lowercase();
            let is_new = !seen.contains(&name);
            seen.push(name);
            is_new
        });
        self.filter = self.filter.take().filter(|filter| source.find(filter.column).is_some());
        self.group = self.group.take().filter(|group| {
            let of = group.of.map(|uid| source.find(uid));
            let gone = of.as_ref().is_some_and(Option::is_none);
            !gone && result(group.function, of.flatten()).is_some()
        });
        self.columns.iter().any(|output| !output.joined)
    }

    /// As the schema document says it.
    fn render(&self, tables: &[Table], views: &[View]) -> Option<model::View> {
        let source = relation(self.source, tables, views)?;
        let mut view = model::View { name: self.name.clone(), renamed: self.renamed.clone(), ..model::View::default() };
        view.materialized = self.materialized;
        if self.sql {
            view.sql = Some(self.to_sql(&source));
            return Some(view);
        }
        let target = self.join.as_ref().and_then(|join| relation(join.target, tables, views));
        let alias = target.as_ref().filter(|target| target.name == source.name).map(|_| "j".to_owned());
        let called = |joined: bool| match (joined, &target, &alias) {
            (true, _, Some(alias)) => alias.clone(),
            (true, Some(target), None) => target.name.clone(),
            _ => source.name.clone(),
        };
        let reference = |joined: bool, seen: &Seen| {
            let is_sql = if joined { target.as_ref().is_some_and(|target| target.is_sql) } else { source.is_sql };
            ColumnRef { source: called(joined), column: seen.name.clone(), ty: is_sql.then(|| seen.ty.clone()) }
        };
        let mut columns = Vec::new();
        for output in &self.columns {
            let from = if output.joined { target.as_ref() } else { Some(&source) };
            let from = from?.find(output.from)?;
            let name = output.name.clone().unwrap_or_else(|| from.name.clone());
            let column = Some(reference(output.joined, from));
            columns.push(QueryColumn { name, aggregate: None, column, ty: None });
        }
        let mut having = None;
        if let Some(group) = &self.group {
            let of = group.of.and_then(|uid| source.find(uid));
            columns.push(QueryColumn {
                name: "agg".into(),
                aggregate: Some(group.function),
                column: of.map(|of| reference(false, of)),
                ty: result(group.function, of),
            });
            having = group.having.then(|| Condition::IsNotNull(Operand::Own("agg".into())));
            if group.having && group.function == Aggregate::Count {
                let (left, right) = (Operand::Own("agg".into()), Operand::Int(1));
                having = Some(Condition::Compare { left, op: Comparison::Ge, right });
            }
        }
        let mut joins = Vec::new();
        if let (Some(join), Some(target)) = (&self.join, &target) {
            let left = Operand::Column(reference(false, source.find(join.own)?));
            let right = Operand::Column(reference(true, target.find(join.other)?));
            joins.push(model::Join {
                kind: if join.left { JoinKind::Left } else { JoinKind::Inner },
                source: Source { name: target.name.clone(), schema: target.schema.clone(), alias: alias.clone() },
                on: Condition::Compare { left, op: Comparison::Eq, right },
            });
        }
        let filter = match &self.filter {
            Some(filter) => {
                let seen = source.find(filter.column)?;
                Some(condition(filter.form, seen, || Operand::Column(reference(false, seen))))
            }
            None => None,
        };
        let from = Source { name: source.name.clone(), schema: source.schema.clone(), alias: None };
        view.query = Some(Query { from, joins, columns, filter, having });
        Some(view)
    }

    fn to_sql(&self, source: &Relation) -> String {
        let columns: Vec<String> = self
            .columns
            .iter()
            .filter(|output| !output.joined)
            .filter_map(|output| {
                let from = quote(&source.find(output.from)?.name);
                Some(output.name.as_ref().map_or_else(|| from.clone(), |name| format!("{from} AS {}", quote(name))))
            })
            .collect();
        let filter = self.filter.as_ref().and_then(|filter| source.find(filter.column));
        let filter = filter.map_or_else(String::new, |seen| format!(" WHERE {} IS NOT NULL", quote(&seen.name)));
        format!("SELECT {} FROM {}{filter}", columns.join(", "), in_schema(source.schema.as_deref(), &source.name))
    }
}

/// A condition that fits the column.
fn condition(form: usize, seen: &Seen, value: impl Fn() -> Operand) -> Condition {
    let compare = |op, right| Condition::Compare { left: value(), op, right };
    let text = |text: &str| Operand::Text(text.to_owned());
    let any = Condition::IsNotNull(value());
    let one = match &seen.ty {
        _ if !seen.plain => return any,
        DataType::Bool => Condition::Holds(value()),
        ty if is_integer(ty) => match form % 3 {
            0 => compare(Comparison::Gt, Operand::Int(0)),
            1 => Condition::In { value: value(), list: vec![Operand::Int(1), Operand::Int(2)] },
            _ => Condition::Between { value: value(), low: Operand::Int(0), high: Operand::Int(100) },
        },
        DataType::Float32 | DataType::Float64 => compare(Comparison::Le, Operand::Float(1.5)),
        DataType::Text | DataType::Varchar(_) => match form % 3 {
            0 => compare(Comparison::Ne, text("it's")),
            1 => Condition::Like { value: value(), pattern: "t%\\_".into() },
            _ => Condition::In { value: value(), list: vec![text(""), text("\"é\\")] },
        },
        DataType::Date => compare(Comparison::Ge, text("2024-02-29")),
        ty => match labels(ty) {
            [] => return any,
            labels => {
                let label = Operand::Text(labels[form % labels.len()].clone());
                match form % 3 {
                    0 => compare(Comparison::Eq, label),
                    1 => compare(Comparison::Gt, label),
                    _ => Condition::In { value: value(), list: vec![label] },
                }
            }
        },
    };
    match form / 3 % 4 {
        0 => any,
        1 => one,
        2 => Condition::Not(Box::new(one)),
        _ => Condition::Any(vec![Condition::IsNull(value()), Condition::All(vec![any, one])]),
    }
}

/// A table, or one of these views.
fn relation(uid: Uid, tables: &[Table], views: &[View]) -> Option<Relation> {
    if let Some(table) = tables.iter().find(|table| table.uid == uid) {
        return Some(Relation::of_table(table));
    }
    let at = views.iter().position(|view| view.uid == uid)?;
    views[at].relation(tables, &views[..at])
}

impl Model {
    pub(super) fn tidy_views(&mut self) {
        let mut kept: Vec<View> = Vec::new();
        for mut view in std::mem::take(&mut self.views) {
            if view.tidy(&self.tables, &kept) {
                kept.push(view);
            }
        }
        self.views = kept;
    }

    pub(super) fn render_views(&self) -> Vec<model::View> {
        let views = self.views.iter().enumerate();
        views.filter_map(|(at, view)| view.render(&self.tables, &self.views[..at])).collect()
    }

    /// What the view at that place could read.
    fn readable(&self, before: usize) -> Vec<Uid> {
        let views = self.views[..before].iter().map(|view| view.uid);
        self.tables.iter().map(|table| table.uid).chain(views).collect()
    }

    pub(super) fn add_view(&mut self, choices: &mut Choices<'_>) {
        let sources = self.readable(self.views.len());
        let Some(at) = choices.place(sources.len()) else { return };
        let name = names::free(format!("v {}", names::table(choices)), &self.taken());
        let mut view = View {
            uid: self.uid(),
            name,
            renamed: Vec::new(),
            source: sources[at],
            columns: Vec::new(),
            filter: None,
            join: None,
            group: None,
            sql: choices.one_in(3),
            materialized: choices.one_in(4),
        };
        for _ in 0..=choices.below(3) {
            self.add_output(&mut view, false, choices);
        }
        self.filter_view(&mut view, choices);
        self.join_view(&mut view, self.views.len(), choices);
        self.group_view(&mut view, choices);
        self.views.push(view);
    }

    fn add_output(&mut self, view: &mut View, joined: bool, choices: &mut Choices<'_>) {
        let of = if joined { view.join.as_ref().map(|join| join.target) } else { Some(view.source) };
        let Some(of) = of.and_then(|of| relation(of, &self.tables, &self.views)) else { return };
        let Some(at) = choices.place(of.columns.len()) else { return };
        let name = choices.one_in(3).then(|| names::column(choices));
        view.columns.push(Output { uid: self.uid(), joined, from: of.columns[at].uid, name });
    }

    fn filter_view(&mut self, view: &mut View, choices: &mut Choices<'_>) {
        view.filter = None;
        let Some(of) = relation(view.source, &self.tables, &self.views) else { return };
        if let Some(at) = choices.place(of.columns.len())
            && choices.one_in(2)
        {
            view.filter = Some(Filter { form: choices.below(12), column: of.columns[at].uid });
        }
    }

    fn join_view(&mut self, view: &mut View, at: usize, choices: &mut Choices<'_>) {
        view.join = None;
        let Some(source) = relation(view.source, &self.tables, &self.views) else { return };
        let sources = self.readable(at);
        let Some(target) = choices.place(sources.len()) else { return };
        let Some(found) = relation(sources[target], &self.tables, &self.views) else { return };
        let pairs: Vec<(Uid, Uid)> = source
            .columns
            .iter()
            .flat_map(|own| found.columns.iter().map(move |other| (own, other)))
            .filter(|(own, other)| own.ty == other.ty && own.plain && other.plain)
            .map(|(own, other)| (own.uid, other.uid))
            .collect();
        let Some(pair) = choices.place(pairs.len()) else { return };
        if !choices.one_in(2) {
            return;
        }
        let (own, other) = pairs[pair];
        view.join = Some(Join { target: sources[target], own, other, left: choices.one_in(2) });
        for _ in 0..choices.below(3) {
            self.add_output(view, true, choices);
        }
    }

    fn group_view(&mut self, view: &mut View, choices: &mut Choices<'_>) {
        view.group = None;
        let Some(source) = relation(view.source, &self.tables, &self.views) else { return };
        let Some(at) = choices.place(source.columns.len()) else { return };
        if !choices.one_in(3) {
            return;
        }
        let function =
            *choices.pick(&[Aggregate::Count, Aggregate::Min, Aggregate::Max, Aggregate::Sum, Aggregate::Avg]);
        let of = (function != Aggregate::Count || choices.one_in(2)).then(|| source.columns[at].uid);
        view.group = Some(Group { uid: self.uid(), function, of, having: choices.one_in(3) });
    }

    /// An edit of the views.
    pub(super) fn edit_views(&mut self, choices: &mut Choices<'_>) {
        let what = choices.below(12);
        let Some(at) = choices.place(self.views.len()).filter(|_| what > 1) else { return self.add_view(choices) };
        let mut view = self.views[at].clone();
        match what {
            2 | 3 => {
                self.views.remove(at);
                return;
            }
            4 => view.sql = !view.sql,
            5 => view.materialized = !view.materialized,
            6 => self.filter_view(&mut view, choices),
            7 => self.join_view(&mut view, at, choices),
            8 => self.group_view(&mut view, choices),
            9 => self.add_output(&mut view, false, choices),
            10 => {
                if let Some(output) = choices.place(view.columns.len()) {
                    view.columns.remove(output);
                }
            }
            _ => {
                let taken: Vec<&str> = self.taken();
                let new = names::free(format!("w {}", names::table(choices)), &taken);
                let old = std::mem::replace(&mut view.name, new);
                view.renamed.push(old);
            }
        }
        self.views[at] = view;
    }
}
