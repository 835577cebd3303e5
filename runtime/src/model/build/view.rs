//! One view: descriptor → model.

use super::column::plain_type;
use super::owned;
use super::table::resolve;
use crate::descriptor::{ColumnRefDef, ConditionDef, ModelDef, OperandDef, QueryDef, TableDef, ViewDef};
use crate::model::{ColumnRef, Condition, Join, Operand, Query, QueryColumn, Source, View};

/// The view of a descriptor. What cannot be built is told in `problems`.
pub(super) fn view(def: &'static ViewDef, problems: &mut Vec<String>) -> View {
    View {
        name: def.name.into(),
        schema: def.schema.map(Into::into),
        renamed: owned(def.renamed),
        sql: def.sql.map(Into::into),
        query: def.query.map(|query| Builder::new(def, query, problems).query(query)),
        materialized: def.materialized,
        columns: if def.query.is_some() { Vec::new() } else { owned(def.columns) },
        types: Vec::new(),
    }
}

/// What a source is in Rust: the address of its descriptor, as two models may have one name in two schemas.
#[derive(Clone, Copy)]
enum Model {
    Table(&'static TableDef),
    View(&'static ViewDef),
}

impl Model {
    fn of(def: ModelDef) -> Self {
        match def {
            ModelDef::Table(table) => Self::Table(table()),
            ModelDef::View(view) => Self::View(view()),
        }
    }

    fn address(self) -> usize {
        match self {
            Self::Table(def) => std::ptr::from_ref(def).addr(),
            Self::View(def) => std::ptr::from_ref(def).addr(),
        }
    }

    fn name(self) -> (Option<&'static str>, &'static str) {
        match self {
            Self::Table(def) => (def.schema, def.name),
            Self::View(def) => (def.schema, def.name),
        }
    }

    fn rust_path(self) -> &'static str {
        match self {
            Self::Table(def) => def.rust_path,
            Self::View(def) => def.rust_path,
        }
    }

    /// The physical name of a field path.
    fn column(self, path: &str) -> Option<String> {
        match self {
            Self::Table(def) => resolve(def.fields, path),
            Self::View(def) => {
                let position = def.fields.iter().position(|field| *field == path)?;
                def.columns.get(position).map(|name| (*name).to_owned())
            }
        }
    }

    /// Whether the model itself tells the types of its columns.
    fn tells_types(self) -> bool {
        match self {
            Self::Table(_) => true,
            Self::View(def) => def.query.is_some(),
        }
    }
}

struct Builder<'a> {
    def: &'static ViewDef,
    sources: Vec<(Model, Source)>,
    problems: &'a mut Vec<String>,
}

impl<'a> Builder<'a> {
    fn new(def: &'static ViewDef, query: &QueryDef, problems: &'a mut Vec<String>) -> Self {
        let mut sources: Vec<(Model, Source)> = Vec::new();
        for source in std::iter::once(query.from).chain(query.joins.iter().map(|join| join.source)) {
            let model = Model::of(source);
            let (schema, name) = model.name();
            let alias = alias(name, &sources);
            sources.push((model, Source { name: name.into(), schema: schema.map(Into::into), alias }));
        }
        Self { def, sources, problems }
    }

    fn query(&mut self, def: &QueryDef) -> Query {
        let columns = def.columns.iter().map(|column| QueryColumn {
            name: column.name.into(),
            aggregate: column.aggregate,
            column: column.column.map(|column| self.column(column)),
            ty: column.aggregate.and(column.ty).as_ref().map(plain_type),
        });
        let columns = columns.collect();
        let joins = def.joins.iter().enumerate().map(|(at, join)| Join {
            kind: join.kind,
            source: self.sources[at + 1].1.clone(),
            on: self.condition(&join.on),
        });
        let joins = joins.collect();
        Query {
            from: self.sources[0].1.clone(),
            joins,
            columns,
            filter: def.filter.as_ref().map(|filter| self.condition(filter)),
            having: def.having.as_ref().map(|having| self.condition(having)),
        }
    }

    fn column(&mut self, def: ColumnRefDef) -> ColumnRef {
        let model = Model::of(def.source);
        let source = match self.sources.iter().find(|(known, _)| known.address() == model.address()) {
            Some((_, source)) => source.called().to_owned(),
            None => {
                self.problem(&format!(
                    "names {}, which it does not read: add a `join` of it, or take the column out",
                    model.rust_path()
                ));
                model.name().1.to_owned()
            }
        };
        let column = model.column(def.field).unwrap_or_else(|| {
            self.problem(&format!(
                "names the field `{}` of {}, which is not a column: name a field that has one, as in `email` or `address.city`",
                def.field,
                model.rust_path()
            ));
            def.field.to_owned()
        });
        let ty = def.ty.filter(|_| !model.tells_types()).as_ref().map(plain_type);
        ColumnRef { source, column, ty }
    }

    fn problem(&mut self, text: &str) {
        self.problems.push(format!("{}: {text}", self.def.rust_path));
    }

    fn condition(&mut self, def: &ConditionDef) -> Condition {
        match def {
            ConditionDef::All(parts) => Condition::All(parts.iter().map(|part| self.condition(part)).collect()),
            ConditionDef::Any(parts) => Condition::Any(parts.iter().map(|part| self.condition(part)).collect()),
            ConditionDef::Not(part) => Condition::Not(Box::new(self.condition(part))),
            ConditionDef::Compare(left, op, right) => {
                Condition::Compare { left: self.operand(left), op: *op, right: self.operand(right) }
            }
            ConditionDef::IsNull(value) => Condition::IsNull(self.operand(value)),
            ConditionDef::IsSome(value) => Condition::IsNotNull(self.operand(value)),
            ConditionDef::In(value, list) => Condition::In {
                value: self.operand(value),
                list: list.iter().map(|value| self.operand(value)).collect(),
            },
            ConditionDef::Like(value, pattern) => {
                Condition::Like { value: self.operand(value), pattern: (*pattern).to_owned() }
            }
            ConditionDef::Between(value, low, high) => {
                Condition::Between { value: self.operand(value), low: self.operand(low), high: self.operand(high) }
            }
            ConditionDef::Holds(value) => Condition::Holds(self.operand(value)),
        }
    }

    fn operand(&mut self, def: &OperandDef) -> Operand {
        match *def {
            OperandDef::Column(column) => Operand::Column(self.column(column)),
            OperandDef::Own(name) => Operand::Own(name.into()),
            OperandDef::Bool(value) => Operand::Bool(value),
            OperandDef::Int(value) => Operand::Int(value),
            OperandDef::Float(value) => Operand::Float(value),
            OperandDef::Text(value) => Operand::Text(value.into()),
        }
    }
}

/// Another name for a source whose own is taken by one of another schema.
fn alias(name: &str, sources: &[(Model, Source)]) -> Option<String> {
    let taken = |name: &str| sources.iter().any(|(_, source)| source.called().eq_ignore_ascii_case(name));
    if !taken(name) {
        return None;
    }
    (2..).map(|number| format!("{name}_{number}")).find(|name| !taken(name))
}
