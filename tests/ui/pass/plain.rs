//! A table needs nothing but the derive, also with strict lints.
#![deny(warnings, missing_docs, unreachable_pub, elided_lifetimes_in_paths, unused_qualifications)]
#![forbid(unsafe_code)]

use schemasync::DbTable;

/// A post.
#[derive(DbTable)]
pub struct Post<'a> {
    /// The key.
    #[db(id)]
    pub id: i64,
    /// The title.
    pub title: std::borrow::Cow<'a, str>,
}

fn main() {
    assert_eq!(Post::table().name, "post");
}
