//! A schema as a picture: Mermaid, Graphviz DOT, a page of its own.

use crate::{Plan, Schema};

/// Mermaid.
pub fn mermaid(schema: &Schema, plan: Option<&Plan>) -> String {
    let _ = (schema, plan);
    String::new()
}

/// Graphviz.
pub fn dot(schema: &Schema, plan: Option<&Plan>) -> String {
    mermaid(schema, plan)
}

/// A picture by itself.
pub fn svg(schema: &Schema, plan: Option<&Plan>) -> String {
    mermaid(schema, plan)
}

/// A page by itself.
pub fn html(schema: &Schema, plan: Option<&Plan>) -> String {
    mermaid(schema, plan)
}
