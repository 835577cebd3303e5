//! Full-text, vector and geo indexes (rules O2 to O4).

use super::types;
use crate::catalog::{Column, Index, IndexOn, IndexPart, Name};
use crate::descriptor::{Similarity, SortOrder};
use crate::dialect::SearchSql;
use crate::model::{self, IndexKind, VectorParameters};
use std::collections::BTreeSet;

/// HNSW takes at most so many dimensions of a `vector`.
const LONGEST_VECTOR: u32 = 2_000;
/// And so many of a `halfvec`.
const LONGEST_HALFVEC: u32 = 4_000;

/// Gives the index its method and what it is over, in the form in which inspection finds it.
///
/// # Errors
/// A note: what the server does not have.
pub(crate) fn lower(model: &model::Index, columns: &[Column], index: &mut Index) -> Result<(), String> {
    match &model.kind {
        IndexKind::Plain | IndexKind::Unique => {}
        IndexKind::Fulltext => {
            index.method = Some("gin".to_owned());
            index.parts = vec![part(IndexOn::Expression(weighted(model, "").into()))];
        }
        IndexKind::Geo => {
            index.method = Some("gist".to_owned());
            index.parts.iter_mut().for_each(|part| part.order = SortOrder::Asc);
        }
        IndexKind::Vector(parameters) => vector(model, parameters, columns, index)?,
    }
    Ok(())
}

fn part(on: IndexOn) -> IndexPart {
    IndexPart { on, order: SortOrder::Asc, collate: None, extra: None }
}

/// The configuration of a language; one that the server does not have is an error of the table.
pub(crate) fn configuration(language: Option<&str>) -> &str {
    match language {
        // Parts of words are nothing that a text search vector has.
        None => "simple",
        Some(language) if language.eq_ignore_ascii_case("trigram") => "simple",
        Some(language) => language,
    }
}

/// The text search vector of the columns. PostgreSQL has four weights: the heaviest column gets A, the next weight B, and so on.
/// `qualifier`: what stands before the columns, with its point.
pub(crate) fn weighted(model: &model::Index, qualifier: &str) -> String {
    let mut weights: Vec<u32> = model.parts.iter().map(|part| part.weight.unwrap_or(1)).collect();
    weights.sort_unstable_by(|a, b| b.cmp(a));
    weights.dedup();
    let configuration = super::text::quote_text(configuration(model.language.as_deref()));
    let vectors: Vec<String> = model
        .parts
        .iter()
        .map(|part| {
            let value = match &part.on {
                model::IndexOn::Column(name) => format!("{qualifier}{}", super::text::quote(name)),
                model::IndexOn::Expression(sql) => format!("({sql})"),
            };
            let rank = weights.iter().position(|weight| *weight == part.weight.unwrap_or(1)).unwrap_or(0).min(3);
            let letter = ['A', 'B', 'C', 'D'][rank];
            format!(
                "setweight(to_tsvector({configuration}::regconfig, COALESCE(({value})::text, ''::text)), '{letter}'::\"char\")"
            )
        })
        .collect();
    vectors.join(" || ")
}

/// A full-text search. The words are taken as they are: nothing in them is an operator.
pub(crate) fn ask(table: &Name, model: &model::Index, parameter: u16) -> SearchSql {
    let configuration = super::text::quote_text(configuration(model.language.as_deref()));
    let own = super::text::quote(&table.name);
    let vector = weighted(model, &format!("{own}."));
    let query = format!("plainto_tsquery({configuration}::regconfig, ${parameter})");
    SearchSql {
        from: match &table.schema {
            Some(schema) => format!("{}.{own}", super::text::quote(schema)),
            None => own,
        },
        condition: format!("({vector}) @@ {query}"),
        order: format!("ts_rank({vector}, {query}) DESC"),
    }
}

/// The columns, with weights that mean the same, and the language of a full-text index that is worded as [`weighted`] has the server word
/// it; `None`: it is over something else.
pub(crate) fn raise(index: &Index) -> Option<(Vec<model::IndexPart>, Option<String>)> {
    let [IndexPart { on: IndexOn::Expression(sql), .. }] = index.parts.as_slice() else { return None };
    let mut sql = sql.as_str().trim();
    while let Some(inner) =
        sql.strip_prefix("(").and_then(|rest| rest.strip_suffix(")")).filter(|sql| sql.starts_with(['(', 's']))
    {
        sql = inner;
    }
    let mut languages = BTreeSet::new();
    let mut parts = Vec::new();
    for vector in sql.split(" || ") {
        let vector = vector.trim_matches(['(', ')']);
        let rest = vector.strip_prefix("setweight(to_tsvector('")?;
        let (language, rest) = rest.split_once("'::regconfig, COALESCE(")?;
        let (value, rest) = rest.rsplit_once(", ''::text)), '")?;
        let letter = rest.strip_suffix("'::\"char\"")?;
        languages.insert(language.replace("''", "'"));
        parts.push((column(value)?, letter));
    }
    let mut letters: Vec<&str> = parts.iter().map(|(_, letter)| *letter).collect();
    letters.sort_unstable_by(|a, b| b.cmp(a));
    letters.dedup();
    let weight =
        |letter: &str| letters.iter().position(|known| *known == letter).and_then(|at| u32::try_from(at + 1).ok());
    let part = |(name, letter): (String, &str)| model::IndexPart {
        weight: weight(letter).filter(|weight| *weight > 1),
        ..model::IndexPart::column(name)
    };
    let parts = parts.into_iter().map(part).collect();
    let language = languages.pop_first().filter(|_| languages.is_empty())?;
    Some((parts, Some(language).filter(|language| language != "simple")))
}

/// The column of `title`, `"Title"` or `(title)::text`.
fn column(value: &str) -> Option<String> {
    let value = value.strip_suffix("::text").map_or(value, |value| value.trim_matches(['(', ')']));
    match value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(quoted) => Some(quoted.replace("\"\"", "\"")),
        None => value.chars().all(|c| c.is_alphanumeric() || c == '_').then(|| value.to_owned()),
    }
}

fn vector(
    model: &model::Index,
    parameters: &VectorParameters,
    columns: &[Column],
    index: &mut Index,
) -> Result<(), String> {
    index.method = Some("hnsw".to_owned());
    // The threshold is for queries: the index does not hold it.
    index.kind = IndexKind::Vector(VectorParameters { threshold: None, ..parameters.clone() });
    if parameters.dimensions > LONGEST_HALFVEC {
        return Err(format!(
            "vector index \"{}\": {} dimensions are more than the {LONGEST_HALFVEC} that an HNSW index takes: none is made",
            model.name, parameters.dimensions
        ));
    }
    let half = parameters.dimensions > LONGEST_VECTOR;
    let operators = match parameters.similarity {
        Similarity::Cosine => "cosine_ops",
        Similarity::Euclidean => "l2_ops",
        Similarity::DotProduct => "ip_ops",
    };
    for part in &mut index.parts {
        part.order = SortOrder::Asc;
        part.extra = Some(format!("{}_{operators}", if half { "halfvec" } else { "vector" }));
        if let IndexOn::Column(name) = &part.on
            && half
            && columns.iter().any(|column| column.name == *name && types::base(&column.ty) == "vector")
        {
            part.on = IndexOn::Expression(
                format!("({})::halfvec({})", super::text::quote(name), parameters.dimensions).into(),
            );
        }
    }
    Ok(())
}

/// The kind of a live index of ours, by its method and operators.
pub(crate) fn kind(name: &str, unique: bool, method: &str, parts: &[IndexPart], columns: &[Column]) -> IndexKind {
    let ours = |kind: &str| name.starts_with(&format!("{}{kind}__", crate::catalog::MANAGED_PREFIX));
    match method {
        _ if unique => IndexKind::Unique,
        "gin" if ours("fulltext") => IndexKind::Fulltext,
        "gist" if ours("geo") => IndexKind::Geo,
        "hnsw" if ours("vector") => {
            let operators = parts.first().and_then(|part| part.extra.as_deref()).unwrap_or_default();
            let similarity = match operators.split_once('_').map_or("", |(_, operators)| operators) {
                "l2_ops" => Similarity::Euclidean,
                "ip_ops" => Similarity::DotProduct,
                _ => Similarity::Cosine,
            };
            let dimensions = parts.first().and_then(|part| match &part.on {
                IndexOn::Column(name) => {
                    let column = columns.iter().find(|column| column.name == *name)?;
                    types::modifiers(&column.ty).first().copied()
                }
                IndexOn::Expression(sql) => {
                    sql.rsplit_once("halfvec").and_then(|(_, rest)| types::modifiers(rest).first().copied())
                }
            });
            IndexKind::Vector(VectorParameters { dimensions: dimensions.unwrap_or(0), similarity, threshold: None })
        }
        _ => IndexKind::Plain,
    }
}
