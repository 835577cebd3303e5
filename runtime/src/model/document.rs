//! Placeholder: to be written.

/// Version of the schema document.
pub const DOCUMENT_VERSION: u32 = 1;

/// Why a schema document cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct DocumentError(pub String);
