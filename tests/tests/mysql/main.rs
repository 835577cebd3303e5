//! What is about MySQL and MariaDB alone, on both servers. One binary for all chapters: each binary is a link of its own.

#![allow(dead_code, missing_docs, unreachable_pub, reason = "the models are read by the derives, not by the tests")]

mod adopt;
mod crash;
mod slice;

/// Makes a test for each of the two servers of a scenario: `both!(name, |db| { … })`.
macro_rules! both {
    ($name:ident, |$db:ident| $body:block) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;
            #[allow(unused_imports)]
            use schemasync_tests::TestDatabase as _;

            async fn scenario($db: &schemasync_tests::Mysql) $body

            #[test]
            fn mysql() {
                schemasync_tests::mysql::run_scenario(schemasync_tests::mysql::Server::Mysql, module_path!(), scenario);
            }

            #[test]
            fn mariadb() {
                schemasync_tests::mysql::run_scenario(schemasync_tests::mysql::Server::Mariadb, module_path!(), scenario);
            }
        }
    };
}
pub(crate) use both;
