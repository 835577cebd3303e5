//! The models: what the tables look like, what a row is, and what the JSON says.
//!
//! A real project has one module and changes it from release to release. Here both releases are in one program, so that a rolling
//! deploy can be played on one machine: `--release v2` is "the newer binary".
//!
//! Old replicas go on working while the new ones come, so the second release only adds, and what it adds has defaults. A rename or a
//! drop would come one release later, when no process of the first is left.

/// The first release.
pub mod v1 {
    use schemasync::DbTable;

    #[derive(DbTable, sqlx::FromRow, serde::Serialize)]
    #[db(table = "users")]
    pub struct User {
        #[db(id, default(increment))]
        pub id: i64,
        #[db(unique)]
        pub email: String,
        pub name: Option<String>,
    }

    #[derive(DbTable, sqlx::FromRow, serde::Serialize)]
    #[db(table = "posts")]
    pub struct Post {
        #[db(id, default(increment))]
        pub id: i64,
        #[db(fk = User::id, on_delete = cascade, index)]
        pub user_id: i64,
        pub title: String,
    }
}

/// The second release: users have a plan, posts have a body and can be published.
pub mod v2 {
    use schemasync::DbTable;

    #[derive(DbTable, sqlx::FromRow, serde::Serialize)]
    #[db(table = "users")]
    pub struct User {
        #[db(id, default(increment))]
        pub id: i64,
        #[db(unique)]
        pub email: String,
        pub name: Option<String>,
        #[db(default = "free")]
        pub plan: String,
    }

    #[derive(DbTable, sqlx::FromRow, serde::Serialize)]
    #[db(table = "posts")]
    pub struct Post {
        #[db(id, default(increment))]
        pub id: i64,
        #[db(fk = User::id, on_delete = cascade, index)]
        pub user_id: i64,
        pub title: String,
        pub body: Option<String>,
        #[db(default = false, index)]
        pub published: bool,
    }
}
