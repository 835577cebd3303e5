//! What a view reads: tables and views, each once, each joined before it is named.

use schemasync::{DbTable, DbView};

#[derive(DbTable)]
struct User {
    #[db(id)]
    id: i64,
    boss: i64,
}

#[derive(DbTable)]
struct Task {
    #[db(id)]
    id: i64,
    user_id: i64,
}

struct Plain {
    id: i64,
}

#[derive(DbView)]
#[db(from = Plain)]
struct NotAModel {
    id: i64,
}

#[derive(DbView)]
#[db(from = User, filter(Task::user_id == 5))]
struct NotJoined {
    id: i64,
    #[db(from = Task::id)]
    task: i64,
}

#[derive(DbView)]
#[db(from = User, join(User, on(User::id == User::boss)))]
struct Twice {
    id: i64,
}

#[derive(DbView)]
#[db(from = User, join(Others, on(Others::id == Task::user_id)), join(Task, on(Task::user_id == User::id)))]
struct TooEarly {
    id: i64,
}

#[derive(DbView)]
#[db(from = Itself)]
struct Itself {
    id: i64,
}

#[derive(DbView)]
#[db(from = User)]
struct Others {
    id: i64,
}

fn main() {}
