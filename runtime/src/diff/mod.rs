//! catalog × catalog × base → changes. Pure, linear, deterministic.

mod change;

pub use change::{Change, CopyColumn, CopySource, Rebuild};
