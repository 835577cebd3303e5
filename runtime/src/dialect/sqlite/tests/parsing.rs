//! What we read of a table is what SQLite itself says about it.
