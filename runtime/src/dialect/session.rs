//! [`Session`]: one connection, taken for one run.

use super::{DatabaseError, Dialect, Error, Lowered, Result, StateStore};
use crate::catalog::{Catalog, Name};
use crate::change::Renames;
use crate::model::Schema;
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

/// Tables and the locks that a run takes on them, in the database's own words.
pub type TableLocks = BTreeMap<Name, BTreeSet<String>>;

/// A connection taken for one run.
pub trait Session: StateStore + Send {
    /// Its dialect, made for the server's version.
    fn dialect(&self) -> Arc<dyn Dialect>;

    /// Takes the lock and begins (rules S5, S7): after it, the connection is ours until [`Session::finish`].
    fn begin(&mut self, timeout: Duration) -> impl Future<Output = Result<()>> + Send;

    /// A read-only look for `plan()`: a consistent snapshot, no lock, nothing written. What others have locked is waited for that long.
    fn begin_read(&mut self, timeout: Duration) -> impl Future<Output = Result<()>> + Send;

    /// Commits or rolls back, and restores every session setting, whatever happened before.
    fn finish(&mut self, commit: bool) -> impl Future<Output = Result<()>> + Send;

    /// Rolls back as [`Session::finish`] does; the session can begin again.
    fn start_over(&mut self) -> impl Future<Output = Result<()>> + Send {
        self.finish(false)
    }

    /// Lets the idle connections of the pool that the connection is from see the new schema, where they hold on to the old one.
    fn refresh_pool(&mut self) -> impl Future<Output = ()> + Send {
        async {}
    }

    /// Takes a lock that is kept across transactions (online mode), until [`Session::finish`].
    fn begin_online(&mut self, timeout: Duration) -> impl Future<Output = Result<()>> + Send {
        let _ = timeout;
        async { Err(Error::Refused("this database has no online mode".to_owned())) }
    }

    /// Begins one of the short transactions of an online run.
    fn begin_transaction(&mut self) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// Ends it.
    fn end_transaction(&mut self, commit: bool) -> impl Future<Output = Result<()>> + Send {
        let _ = commit;
        async { Ok(()) }
    }

    /// Begins a unit inside the transaction: what is executed until [`Session::commit_unit`] is kept as a whole, or not at all. Only
    /// where DDL is transactional ([`Capabilities::transactional_ddl`](super::Capabilities::transactional_ddl)), as the five below.
    fn begin_unit(&mut self) -> impl Future<Output = Result<()>> + Send {
        async { Err(not_transactional()) }
    }

    /// Takes the locks that a run will need, all of them or none, and waits a moment only for those who hold them; where tables are locked
    /// at all. `false`: others are in the way. The locks last until the unit around them is rolled back.
    fn lock_tables(&mut self, locks: &TableLocks) -> impl Future<Output = Result<bool>> + Send {
        let _ = locks;
        async { Ok(true) }
    }

    /// Keeps what the unit has done.
    fn commit_unit(&mut self) -> impl Future<Output = Result<()>> + Send {
        async { Err(not_transactional()) }
    }

    /// Rolls back what the unit has done, and nothing else.
    fn rollback_unit(&mut self) -> impl Future<Output = Result<()>> + Send {
        async { Err(not_transactional()) }
    }

    /// Begins a step of a unit that may fail alone.
    fn begin_step(&mut self) -> impl Future<Output = Result<()>> + Send {
        async { Err(not_transactional()) }
    }

    /// Keeps what the step has done, as long as its unit is kept.
    fn commit_step(&mut self) -> impl Future<Output = Result<()>> + Send {
        async { Err(not_transactional()) }
    }

    /// Rolls back what the step has done; the rest of its unit stays.
    fn rollback_step(&mut self) -> impl Future<Output = Result<()>> + Send {
        async { Err(not_transactional()) }
    }

    /// Runs several statements, in one message where the database takes that. After an error nobody knows how many were done.
    fn execute_batch(&mut self, statements: &[String]) -> impl Future<Output = Result<(), DatabaseError>> + Send {
        async move {
            for sql in statements {
                self.execute(sql).await?;
            }
            Ok(())
        }
    }

    /// Runs one statement outside of transactions, waiting for the locks of others as long as the caller allows.
    fn execute_autocommit(&mut self, sql: &str) -> impl Future<Output = Result<u64, DatabaseError>> + Send {
        self.execute(sql)
    }

    /// Removes the temporary objects that a run which was killed has left behind, where DDL is not transactional. None of them holds
    /// the only copy of a row.
    fn remove_leftovers(&mut self) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// About how many rows the tables of the last [`Session::inspect`] have, where the database knows without counting.
    fn row_estimates(&self) -> BTreeMap<Name, u64> {
        BTreeMap::new()
    }

    /// Tells what the model and the base name, before [`Session::inspect`]: a database with many schemas is read only where they are.
    fn scope(&mut self, schema: &Schema, base: &Catalog) -> impl Future<Output = Result<()>> + Send {
        let _ = (schema, base);
        async { Ok(()) }
    }

    /// As [`Session::scope`], for whoever wants to see all that there is.
    fn scope_everything(&mut self) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// A sentence for each thing that is there and that neither the catalog nor a schema has a word for, by name.
    fn remarks(&mut self) -> impl Future<Output = Result<Vec<String>>> + Send {
        async { Ok(Vec::new()) }
    }

    /// Names and native types of a view's columns.
    fn view_columns(
        &mut self,
        name: &Name,
    ) -> impl Future<Output = Result<Vec<(String, String)>, DatabaseError>> + Send;

    /// Puts what the model wrote into the database's own words, where they are needed to compare it. What the database refuses
    /// becomes an error of its table. Leaves nothing behind. `renames`: what this run renames. `safe`: for a safe run, which leaves some types as they are.
    fn normalise(
        &mut self,
        lowered: &mut Lowered,
        live: &Catalog,
        base: &Catalog,
        renames: &Renames,
        safe: bool,
    ) -> impl Future<Output = Result<()>> + Send {
        let _ = (lowered, live, base, renames, safe);
        async { Ok(()) }
    }

    /// The database, in a constant number of queries; state tables, temporary objects of ours and shadow tables left out.
    fn inspect(&mut self) -> impl Future<Output = Result<Catalog>> + Send;

    /// Runs one statement of DDL or DML; the number of rows changed.
    fn execute(&mut self, sql: &str) -> impl Future<Output = Result<u64, DatabaseError>> + Send;

    /// Runs what the database itself has worded: one statement, or several.
    fn execute_restored(&mut self, sql: &str) -> impl Future<Output = Result<(), DatabaseError>> + Send {
        async move { self.execute(sql).await.map(drop) }
    }

    /// Runs a query; every value as text.
    fn query(&mut self, sql: &str) -> impl Future<Output = Result<Vec<Vec<Option<String>>>, DatabaseError>> + Send;

    /// As [`Session::query`], for one that may fail over the data: the transaction goes on.
    fn try_query(&mut self, sql: &str) -> impl Future<Output = Result<Vec<Vec<Option<String>>>, DatabaseError>> + Send {
        self.query(sql)
    }

    /// The SQL of a view (under `None`), or of the indexes, triggers and foreign keys of a table or view (under their names), as the
    /// database holds it now, for [`Statement::Restore`](crate::change::Statement::Restore).
    fn definitions(&mut self, object: &Name) -> impl Future<Output = Result<BTreeMap<Option<String>, String>>> + Send;

    /// Foreign key violations of those of these tables that are there, one text each, to be compared before and after (rule X3).
    fn violations(&mut self, tables: &[Name]) -> impl Future<Output = Result<Vec<String>>> + Send;
}

fn not_transactional() -> Error {
    Error::Refused("the DDL of this database is not transactional: nothing of it can be rolled back".to_owned())
}
