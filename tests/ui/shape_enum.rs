//! A table is a struct.

use schemasync::DbTable;

#[derive(DbTable)]
enum Status {
    Draft,
}

fn main() {}
