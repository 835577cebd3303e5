//! Shared pieces of the scenario suite.
