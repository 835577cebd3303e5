//! A live database as Rust source with derives.

use crate::Schema;

/// The schema as Rust source.
pub fn rust_source(schema: &Schema, unsupported: &[String]) -> String {
    let _ = (schema, unsupported);
    String::new()
}
