//! An enum type on PostgreSQL is for enums that are stored as text.

use schemasync::DbValue;

#[derive(DbValue)]
#[db(postgres(enum = "email"))]
struct Email(String);

#[derive(DbValue)]
#[db(postgres(enum = "level"))]
#[repr(i32)]
enum Level {
    Low = 1,
}

#[derive(DbValue)]
#[db(postgres(enum = ""))]
enum NoName {
    A,
}

#[derive(DbValue)]
#[db(postgres(enum))]
enum NoValue {
    A,
}

#[derive(DbValue)]
#[db(postgres(schema = "app"))]
enum Missing {
    A,
}

#[derive(DbValue)]
#[db(postgres(enum = mood))]
enum NoString {
    A,
}

#[derive(DbValue)]
#[db(postgres(enum = "a", enum = "b"), postgres(enum = "c"))]
enum Twice {
    A,
}

#[derive(DbValue)]
#[db(postgres(enum = "a", type = "b", scheme = "c"))]
enum Unknown {
    A,
}

#[derive(DbValue)]
#[db(postgres(enum = "a_name_that_is_so_very_long_that_the_server_would_have_to_cut_it_off"))]
enum LongName {
    A,
}

#[derive(DbValue)]
#[db(postgres(enum = "long"))]
enum LongLabel {
    #[db(rename = "a label that is so very long that the server would not take it, ever")]
    A,
}

#[derive(sqlx::Type, DbValue)]
#[db(postgres(enum = "mood"))]
#[sqlx(type_name = "app.feeling")]
enum Other {
    A,
}

fn main() {}
