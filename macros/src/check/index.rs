//! All indexes of a struct: those of its fields, grouped by name, those on the struct, and those of its vectors.

use std::collections::BTreeMap;

use proc_macro2::Span;

use super::{Field, FieldKind, Model};
use crate::context::Context;
use crate::parse::{At, ColumnPath, IndexKind, IndexOn, closest};

/// A validated index.
#[derive(Debug)]
pub(crate) struct Index {
    pub(crate) name: Option<String>,
    pub(crate) kind: Kind,
    pub(crate) nulls_not_distinct: bool,
    pub(crate) parts: Vec<Part>,
    pub(crate) predicate: Option<String>,
    pub(crate) include: Vec<ColumnPath>,
    /// Of a full-text index.
    pub(crate) language: Option<String>,
    /// The fields that filter a vector index.
    pub(crate) filters: Vec<String>,
    table_level: bool,
    span: Span,
}

impl Index {
    /// Whether it is given on the struct.
    pub(crate) fn is_table_level(&self) -> bool {
        self.table_level
    }
}

/// The kind of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    Unique,
    Fulltext,
    Geo,
    /// Of that field.
    Vector(String),
}

/// One part of an index.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) on: On,
    pub(crate) descending: bool,
    pub(crate) weight: Option<u32>,
}

/// A column or an expression.
#[derive(Debug)]
pub(crate) enum On {
    Column(ColumnPath),
    Expression(String),
}

impl From<IndexKind> for Kind {
    fn from(kind: IndexKind) -> Self {
        match kind {
            IndexKind::Plain => Self::Plain,
            IndexKind::Unique => Self::Unique,
            IndexKind::Fulltext => Self::Fulltext,
            IndexKind::Geo => Self::Geo,
        }
    }
}

impl Kind {
    fn word(&self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Unique => "unique",
            Self::Fulltext => "fulltext",
            Self::Geo => "geo",
            Self::Vector(_) => "vector",
        }
    }
}

/// Collects all indexes, in the order of the fields, then those on the struct.
pub(super) fn collect(cx: &Context, model: &Model) -> Vec<Index> {
    let mut indexes = Vec::new();
    for field in model.fields.iter().filter(|field| field.kind == FieldKind::Column) {
        of_column(cx, field, &mut indexes);
        indexes.extend(of_vector(model, field));
    }
    filters(cx, model);
    for index in &model.attrs.indexes {
        indexes.extend(of_table(cx, model, index));
    }
    distinct_names(cx, &indexes);
    dimensions(model, &mut indexes);
    indexes
}

fn of_column(cx: &Context, field: &Field, indexes: &mut Vec<Index>) {
    let mut unnamed: Vec<IndexKind> = Vec::new();
    for index in &field.attrs.indexes {
        let kind = Kind::from(index.kind);
        let path = ColumnPath(vec![field.ident.clone()]);
        let part = Part { on: On::Column(path), descending: index.descending, weight: index.weight };
        let name = index.name.as_ref().map(|name| name.value.value());
        if name.is_none() {
            if unnamed.contains(&index.kind) {
                let word = index.kind.word();
                cx.error(index.span, format!("this field has a {word} index already; give one of them a name"));
            }
            unnamed.push(index.kind);
        }
        let span = index.name.as_ref().map_or(index.span, |name| name.value.span());
        let language = index.language.as_ref().map(|language| language.value.value());
        let same = indexes.iter_mut().find(|other| other.name.is_some() && other.name == name);
        match same {
            Some(other) => {
                if other.kind == kind && other.nulls_not_distinct != index.nulls_not_distinct {
                    let name = other.name.as_deref().unwrap_or_default();
                    let message = format!(
                        "index \"{name}\" is `nulls_not_distinct` on one field and not on another: one name is one index"
                    );
                    cx.error(span, message);
                }
                join_language(cx, other, index.language.as_ref());
                join(cx, other, kind, part, field, span);
            }
            None => {
                indexes.push(Index {
                    name,
                    kind,
                    nulls_not_distinct: index.nulls_not_distinct,
                    parts: vec![part],
                    predicate: None,
                    include: vec![],
                    language: language.clone(),
                    filters: vec![],
                    table_level: false,
                    span,
                });
            }
        }
    }
}

/// One index has one language: it is given on one of its fields, or alike on several.
fn join_language(cx: &Context, index: &mut Index, language: Option<&At<syn::LitStr>>) {
    let Some(language) = language else { return };
    let value = language.value.value();
    if index.language.as_ref().is_some_and(|other| *other != value) {
        let name = index.name.as_deref().unwrap_or_default();
        cx.error(
            language.span,
            format!("index \"{name}\" has another language on another field: one name is one index"),
        );
    }
    index.language = Some(value);
}

/// Adds a field to the index of the same name.
fn join(cx: &Context, index: &mut Index, kind: Kind, part: Part, field: &Field, span: Span) {
    let name = index.name.as_deref().unwrap_or_default();
    if index.kind != kind {
        let (here, there) = (kind.word(), index.kind.word());
        cx.error(span, format!("index \"{name}\" is {here} here and {there} on another field: one name is one index"));
    } else if index.parts.iter().any(|part| matches!(&part.on, On::Column(path) if path.text() == field.name)) {
        cx.error(span, format!("this field is in index \"{name}\" already"));
    }
    index.parts.push(part);
}

fn of_vector(model: &Model, field: &Field) -> Option<Index> {
    let vector = field.attrs.vector.as_ref()?;
    let filters = model
        .fields
        .iter()
        .filter(|other| other.attrs.vector_filters.contains(&field.ident))
        .map(|other| other.name.clone())
        .collect();
    let path = ColumnPath(vec![field.ident.clone()]);
    Some(Index {
        name: vector.value.name.as_ref().map(|name| name.value.value()),
        kind: Kind::Vector(field.name.clone()),
        nulls_not_distinct: false,
        parts: vec![Part { on: On::Column(path), descending: false, weight: None }],
        predicate: None,
        include: vec![],
        language: None,
        filters,
        table_level: false,
        span: vector.value.name.as_ref().map_or(vector.span, |name| name.value.span()),
    })
}

/// `vector_filter` names a field with `vector`.
fn filters(cx: &Context, model: &Model) {
    let vectors: Vec<&Field> = model.fields.iter().filter(|field| field.attrs.token("vector").is_some()).collect();
    for field in &model.fields {
        for (i, filter) in field.attrs.vector_filters.iter().enumerate() {
            if field.attrs.vector_filters[..i].contains(filter) {
                cx.error(filter.span(), format!("`{filter}` is given twice"));
            } else if !vectors.iter().any(|vector| vector.ident == *filter) {
                let names = vectors.iter().map(|vector| vector.name.as_str());
                let message = match (closest(&filter.to_string(), names.clone()), vectors.is_empty()) {
                    (_, true) => "no field of this struct has `vector(…)`".to_owned(),
                    (Some(near), _) => format!("`{filter}` is not a field with `vector(…)`; did you mean `{near}`?"),
                    (None, _) => {
                        let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
                        format!("`{filter}` is not a field with `vector(…)` (expected {})", names.join(" or "))
                    }
                };
                cx.error(filter.span(), message);
            }
        }
    }
}

fn of_table(cx: &Context, model: &Model, index: &crate::parse::TableIndex) -> Option<Index> {
    let mut parts: Vec<Part> = Vec::new();
    for part in &index.parts {
        let on = match &part.on {
            IndexOn::Expression(sql) => On::Expression(sql.value()),
            IndexOn::Column(path) => {
                resolve(cx, model, path)?;
                if parts.iter().any(|other| matches!(&other.on, On::Column(other) if other.text() == path.text())) {
                    cx.error(path.span(), format!("`{}` is given twice", path.text()));
                }
                On::Column(path.clone())
            }
        };
        parts.push(Part { on, descending: part.descending, weight: None });
    }
    let include = index.include.as_ref().map(|include| include.value.clone()).unwrap_or_default();
    for path in &include {
        resolve(cx, model, path)?;
    }
    if let Some(predicate) = index.predicate.as_ref().filter(|_| index.kind == IndexKind::Fulltext) {
        cx.error(predicate.span, "a fulltext index has no condition");
    }
    Some(Index {
        name: index.name.as_ref().map(|name| name.value.value()),
        kind: index.kind.into(),
        nulls_not_distinct: index.nulls_not_distinct,
        parts,
        predicate: index.predicate.as_ref().map(|predicate| predicate.value.value()),
        include,
        language: index.language.as_ref().map(|language| language.value.value()),
        filters: vec![],
        table_level: true,
        span: index.name.as_ref().map_or(index.span, |name| name.value.span()),
    })
}

/// The first name of a path is a field with a column, or an embedded one when the path goes on.
pub(super) fn resolve<'a>(cx: &Context, model: &'a Model, path: &ColumnPath) -> Option<&'a Field> {
    let first = path.first()?;
    let Some(field) = model.fields.iter().find(|field| field.ident == *first) else {
        let names = model.fields.iter().filter(|field| has_column(field)).map(|field| field.name.as_str());
        let hint = match closest(&first.to_string(), names.clone()) {
            Some(near) => format!("; did you mean `{near}`?"),
            None if names.clone().count() > 12 => String::new(),
            None => format!(" (expected {})", names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
        };
        cx.error(first.span(), format!("`{}` has no field `{first}`{hint}", model.rust_name()));
        return None;
    };
    let message = match (field.kind, path.0.len()) {
        (FieldKind::Skip, _) => format!("`{first}` is skipped: it has no column"),
        (FieldKind::Relation, _) => format!("`{first}` is a navigation field: it has no column"),
        (FieldKind::Embed, 1) => {
            format!("`{first}` is an embedded struct: name one of its fields, as `{first}.city`")
        }
        (FieldKind::Column, 2..) => {
            format!("`{first}` is not an embedded struct: it has no fields to name")
        }
        _ => return Some(field),
    };
    cx.error(path.span(), message);
    None
}

fn has_column(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Column | FieldKind::Embed)
}

fn distinct_names(cx: &Context, indexes: &[Index]) {
    let mut seen: BTreeMap<&str, &Index> = BTreeMap::new();
    for index in indexes {
        let Some(name) = index.name.as_deref() else {
            continue;
        };
        if seen.insert(name, index).is_some() {
            cx.error(index.span, format!("another index of this struct is named \"{name}\" already"));
        }
    }
}

/// A dimension that no index starts with gets a plain one.
fn dimensions(model: &Model, indexes: &mut Vec<Index>) {
    for field in model.fields.iter().filter(|field| field.attrs.dimension.is_some()) {
        let starts = |index: &Index| match index.parts.first() {
            Some(Part { on: On::Column(path), .. }) => index.kind != Kind::Fulltext && path.text() == field.name,
            _ => false,
        };
        if field.attrs.id.is_none() && !indexes.iter().any(starts) {
            indexes.push(Index {
                name: None,
                kind: Kind::Plain,
                nulls_not_distinct: false,
                parts: vec![Part {
                    on: On::Column(ColumnPath(vec![field.ident.clone()])),
                    descending: false,
                    weight: None,
                }],
                predicate: None,
                include: vec![],
                language: None,
                filters: vec![],
                table_level: false,
                span: field.ident.span(),
            });
        }
    }
}
