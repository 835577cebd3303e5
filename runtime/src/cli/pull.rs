//! A live database as Rust source with derives.
