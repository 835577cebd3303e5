//! The whole way against a database whose DDL is not transactional (rule S8).

mod autocommit;
mod compensation;
mod counts_and_objects;
mod fake_database;
mod fake_dialect;
mod fake_session;
