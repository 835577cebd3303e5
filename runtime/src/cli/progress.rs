//! How far a long run is, where somebody looks at a terminal.

use super::io::Io;
use super::visible::visible_line;
use crate::Progress;
use crate::plan::data_checks::counted;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::Duration;

/// A line on the terminal that moves while statements run; nothing elsewhere.
#[derive(Clone)]
pub(super) struct Meter {
    bar: ProgressBar,
}

impl Meter {
    /// Begins, for a run of that many steps.
    pub(super) fn start(io: &Io<'_>, steps: usize) -> Self {
        let target = if io.live { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        style(&bar, "{spinner:.cyan} {msg} {elapsed:.dim}");
        bar.set_message(format!("running {}", counted(steps as u64, "step")));
        if io.live {
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Self { bar }
    }

    /// Shows a batch of a long copy.
    pub(super) fn show(&self, progress: &Progress) {
        let copied = counted(progress.rows, "row");
        match progress.total {
            Some(total) => {
                if self.bar.length() != Some(total) {
                    style(
                        &self.bar,
                        "{spinner:.cyan} {msg} {bar:30.cyan/dim} {percent:>3} % {elapsed:.dim} (eta {eta})",
                    );
                    self.bar.set_length(total);
                }
                self.bar.set_position(progress.rows.min(total));
            }
            None => style(&self.bar, "{spinner:.cyan} {msg} {elapsed:.dim}"),
        }
        let table = visible_line(&progress.table);
        self.bar.set_message(format!("copying {table}: {copied}"));
        // What comes after the copy, indexes above all, says nothing of itself.
        if progress.total.is_some_and(|total| progress.rows >= total) {
            style(&self.bar, "{spinner:.cyan} {msg} {elapsed:.dim}");
            self.bar.set_message(format!("copied {table}: {copied}; finishing"));
        }
    }

    /// Takes the line away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

fn style(bar: &ProgressBar, template: &str) {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.tick_chars("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ").progress_chars("━━─"));
    }
}
