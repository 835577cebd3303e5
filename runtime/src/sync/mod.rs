//! [`SchemaSync`]: the only room that knows the whole way.

mod report;

pub use report::{Report, RunStatus};
