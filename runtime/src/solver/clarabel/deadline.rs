//! The time limit of a solve.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A point in time that the solver's callback can look at.
pub(super) struct Deadline {
    origin: Instant,
    /// Nanoseconds after `origin`; `u64::MAX` is never.
    nanos: AtomicU64,
}

impl Deadline {
    pub(super) fn new() -> Self {
        Self {
            origin: Instant::now(),
            nanos: AtomicU64::new(u64::MAX),
        }
    }

    pub(super) fn set(&self, start: Instant, limit: Option<Duration>) {
        let deadline = limit.and_then(|limit| (start.saturating_duration_since(self.origin)).checked_add(limit));
        let nanos = deadline.and_then(|deadline| u64::try_from(deadline.as_nanos()).ok());
        self.nanos.store(nanos.unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub(super) fn passed(&self) -> bool {
        let nanos = self.nanos.load(Ordering::Relaxed);
        nanos != u64::MAX && self.origin.elapsed().as_nanos() >= u128::from(nanos)
    }
}
