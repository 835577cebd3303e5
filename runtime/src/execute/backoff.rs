//! [`RetryBackoff`]: how long a transaction is tried again while others are in the way.

use std::time::{Duration, Instant};

/// How long a transaction is tried again.
pub(super) struct RetryBackoff {
    started: Instant,
    length: Duration,
    pause: Duration,
}

impl RetryBackoff {
    pub(super) fn new(length: Duration) -> Self {
        Self { started: Instant::now(), length, pause: Duration::from_millis(50) }
    }

    /// Whether there is time for another try.
    pub(super) fn may_retry(&self) -> bool {
        self.started.elapsed() < self.length
    }

    /// Waits, so that those who queue up behind this run go first. To be called while no transaction is open.
    pub(super) async fn pause(&mut self) {
        tracing::info!(waited = ?self.started.elapsed(), "another session holds a lock; trying again");
        tokio::time::sleep(self.pause).await;
        self.pause = (self.pause * 2).min(Duration::from_secs(1));
    }
}
