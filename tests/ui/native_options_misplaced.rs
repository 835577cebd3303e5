//! Column options on the struct, table options on a field.

use schemasync::DbTable;

#[derive(DbTable)]
#[db(postgres(type = "INET"), mysql(unsigned), mongodb(cap))]
struct Post {
    #[db(id, sqlite(strict))]
    id: i64,
    #[db(mysql(engine = "InnoDB"))]
    a: i64,
    #[db(mongodb(capped(size = 1)))]
    b: i64,
}

fn main() {}
