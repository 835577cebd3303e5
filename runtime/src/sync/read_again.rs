//! [`ReadAgain`]: a look that another session has got in the way of is taken again, with a new snapshot.

use crate::dialect::Session;
use crate::error::{Error, Result};
use std::time::{Duration, Instant};

/// Looks at the database in a transaction that writes nothing, with one snapshot, and again where another session got in the way. `$look`
/// is the future of a look, made anew for each. (A function that takes a closure would give futures that are not `Send`.)
macro_rules! read_only {
    ($session:expr, $timeout:expr, $look:expr) => {{
        let mut again = $crate::sync::read_again::ReadAgain::new($timeout);
        loop {
            $session.begin_read($timeout).await?;
            let seen = $look.await;
            if again.is_needed(&seen) {
                again.start_over($session).await?;
                continue;
            }
            let finished = $session.finish(false).await;
            let seen = seen?;
            finished?;
            break Ok(seen);
        }
    }};
}
pub(super) use read_only;

/// How often the database is read again at least, however short the caller's patience is.
const ATTEMPTS: u32 = 10;

/// How long the database is read again while other sessions change what is being read.
pub(super) struct ReadAgain {
    started: Instant,
    timeout: Duration,
    attempts: u32,
}

impl ReadAgain {
    /// As long as the caller is ready to wait for others.
    pub(super) fn new(timeout: Duration) -> Self {
        Self { started: Instant::now(), timeout, attempts: 0 }
    }

    /// Whether to read again: what has failed, failed only because another session changed what was being read.
    pub(super) fn is_needed<T>(&self, result: &Result<T>) -> bool {
        let Err(Error::Database { source, .. }) = result else { return false };
        source.is_catalog_changed() && (self.attempts < ATTEMPTS || self.started.elapsed() < self.timeout)
    }

    /// Rolls back, and lets a moment go by.
    pub(super) async fn start_over<S: Session>(&mut self, session: &mut S) -> Result<()> {
        self.attempts += 1;
        tracing::info!(attempts = self.attempts, "another session changes the catalog; reading it again");
        session.start_over().await?;
        tokio::time::sleep(Duration::from_millis(u64::from(self.attempts.min(100)))).await;
        Ok(())
    }
}
