//! How far a long run is, where somebody looks at a terminal.

use super::io::Io;
use crate::Progress;
use crate::plan::facts::counted;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::Duration;

/// A line on the terminal that moves while statements run; nothing elsewhere.
#[derive(Clone)]
pub(super) struct Meter {
    bar: ProgressBar,
    steps: u64,
}

impl Meter {
    /// Begins, for a run of that many steps.
    pub(super) fn start(io: &Io<'_>, steps: usize) -> Self {
        let target = if io.live { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner:.cyan} {msg} {elapsed:.dim}") {
            bar.set_style(style.tick_chars("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ "));
        }
        let steps = steps as u64;
        bar.set_message(format!("running {}", counted(steps, "step")));
        if io.live {
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Self { bar, steps }
    }

    /// Shows a batch of a long copy.
    pub(super) fn show(&self, progress: &Progress) {
        let copied = counted(progress.rows, "row");
        self.bar.set_message(format!("running {}: {} copied {copied}", counted(self.steps, "step"), progress.table));
    }

    /// Takes the line away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
