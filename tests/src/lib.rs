//! Shared pieces of the scenario suite.

pub mod oracle;
pub mod random;
