//! How foreign keys are written.

use schemasync::DbTable;

#[derive(DbTable)]
#[db(fk = User::id, fk(columns(a), User(id)), fk(columns() => User()))]
struct Post {
    #[db(id)]
    id: i64,
    #[db(fk)]
    a: i64,
    #[db(fk = id)]
    b: i64,
    #[db(fk = User.id)]
    c: i64,
    #[db(fk())]
    d: i64,
    #[db(fk(columns(a) => User(id)))]
    e: i64,
    #[db(fk(User::id, alias = author))]
    f: i64,
}

fn main() {}
