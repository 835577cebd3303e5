//! Full-text, vector and geo indexes (rules O2 to O4).

use super::types;
use crate::catalog::{Column, Index, IndexOn, IndexPart};
use crate::descriptor::{Similarity, SortOrder};
use crate::model::{self, IndexKind, VectorParameters};

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
            index.parts = vec![part(IndexOn::Expression(weighted(model).into()))];
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

/// The text search vector of the columns. PostgreSQL has four weights: the heaviest column gets A, the next weight B, and so on.
fn weighted(model: &model::Index) -> String {
    let mut weights: Vec<u32> = model.parts.iter().map(|part| part.weight.unwrap_or(1)).collect();
    weights.sort_unstable_by(|a, b| b.cmp(a));
    weights.dedup();
    let vectors: Vec<String> = model
        .parts
        .iter()
        .map(|part| {
            let value = match &part.on {
                model::IndexOn::Column(name) => super::text::quote(name),
                model::IndexOn::Expression(sql) => format!("({sql})"),
            };
            let rank = weights.iter().position(|weight| *weight == part.weight.unwrap_or(1)).unwrap_or(0).min(3);
            let letter = ['A', 'B', 'C', 'D'][rank];
            format!(
                "setweight(to_tsvector('simple'::regconfig, COALESCE(({value})::text, ''::text)), '{letter}'::\"char\")"
            )
        })
        .collect();
    vectors.join(" || ")
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
