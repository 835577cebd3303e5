//! The models that the helper process syncs, and how it is called.

use schemasync::{Schema, schema};

/// Before.
pub mod v1 {
    use schemasync::DbTable;

    /// A table.
    #[derive(DbTable)]
    #[db(table = "users")]
    #[allow(missing_docs)]
    pub struct User {
        #[db(id)]
        pub id: i64,
        pub age: String,
    }
}

/// After: `age` is a number, which SQLite does by a rebuild.
pub mod v2 {
    use schemasync::DbTable;

    /// The same table.
    #[derive(DbTable)]
    #[db(table = "users", sync_method = recreate)]
    #[allow(missing_docs)]
    pub struct User {
        #[db(id)]
        pub id: i64,
        #[db(index)]
        pub age: i64,
    }

    /// And another one.
    #[derive(DbTable)]
    #[db(table = "posts")]
    #[allow(missing_docs)]
    pub struct Post {
        #[db(id)]
        pub id: i64,
        #[db(fk = User::id, index)]
        pub user_id: i64,
        pub title: String,
    }
}

/// The models of that name.
pub fn models(name: &str) -> Schema {
    match name {
        "v1" => schema![v1::User],
        "v2" => schema![v2::User, v2::Post],
        other => panic!("no models {other:?}"),
    }
}
