//! A newtype is over a type that a column can hold.

use schemasync::DbValue;

#[derive(DbValue)]
struct Address(std::net::IpAddr);

fn main() {}
