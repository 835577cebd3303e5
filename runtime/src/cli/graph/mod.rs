//! A schema as a picture: Mermaid, Graphviz DOT, SVG, and an HTML page that needs nothing from outside.
//!
//! With a plan the pictures show what it will do: green is created, amber is altered, red is dropped or wrong.

mod diagram;
mod dot;
mod escape;
mod html;
mod layout;
mod mermaid;
mod order;
mod svg;

use crate::model::Schema;
use crate::plan::Plan;
use diagram::Diagram;

/// A Mermaid `erDiagram`: GitHub and GitLab draw it where it stands in a Markdown file.
///
/// ```
/// use schemasync::{Schema, cli::graph};
///
/// let schema = Schema::from_json(
///     r#"{"schemasync": 1, "tables": [{"name": "users", "columns": [{"name": "id", "type": "int64"}], "primary_key": "id"}]}"#,
/// )?;
/// assert_eq!(graph::mermaid(&schema, None), "erDiagram\n    users {\n        int64 id PK\n    }\n");
/// # Ok::<_, schemasync::DocumentError>(())
/// ```
pub fn mermaid(schema: &Schema, plan: Option<&Plan>) -> String {
    mermaid::draw(&Diagram::new(schema, plan))
}

/// Graphviz DOT: `dot -Tpdf` and the like.
pub fn dot(schema: &Schema, plan: Option<&Plan>) -> String {
    dot::draw(&Diagram::new(schema, plan))
}

/// A self-contained SVG, light or dark as its reader's screen is.
pub fn svg(schema: &Schema, plan: Option<&Plan>) -> String {
    svg::document(&Diagram::new(schema, plan))
}

/// A self-contained HTML page: the SVG with pan, zoom and search. Nothing is fetched; it works from a file, offline.
pub fn html(schema: &Schema, plan: Option<&Plan>) -> String {
    html::page(&Diagram::new(schema, plan), plan)
}

#[cfg(test)]
mod tests;
