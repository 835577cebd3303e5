//! Values of options.

use schemasync::DbTable;

#[derive(DbTable)]
#[db(postgres(fillfactor = 101), mysql(engine = "Inno DB"), mongodb(capped(max = 3)), sqlite)]
struct Post {
    #[db(id)]
    id: i64,
}

fn main() {}
