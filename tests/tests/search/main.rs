//! Search, rules O2 to O4: full-text, vectors and points, through all that happens to their tables.

#![allow(dead_code, missing_docs, unreachable_pub, reason = "the models are read by the derives, not by the tests")]
#![allow(
    clippy::duplicated_attributes,
    reason = "it takes a column that is in two indexes for an attribute said twice"
)]

mod fulltext_asking;
mod fulltext_sqlite;
mod fulltext_writes;
mod points_sqlite;
