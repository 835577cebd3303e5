//! Running commands: each with a time limit, no input, and a log that is shown when it fails.

use crate::{Result, process};
use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

/// How many lines of a log an error message shows.
const TAIL: usize = 20;

/// Runs a command to its end, its output appended to `log`. The error holds the last lines of it.
pub(crate) fn run(what: &str, command: &mut Command, log: &Path, limit: Duration) -> Result<()> {
    let mut child = spawn_logged(command, log)?;
    let failure = match wait(&mut child, limit)? {
        Some(status) if status.success() => return Ok(()),
        Some(status) => status.to_string(),
        None => format!("no end after {} s", limit.as_secs()),
    };
    Err(format!("{what} failed ({failure}){}", tail_of(log)))
}

/// Starts a command with its output appended to `log`, and does not wait for it.
pub(crate) fn spawn_logged(command: &mut Command, log: &Path) -> Result<Child> {
    let mut out = open_log(log)?;
    // No log, no harm: the line only helps the reader.
    let _ = writeln!(out, "$ {}", shown(command));
    let err = out.try_clone().map_err(|e| format!("cannot write {}: {e}", log.display()))?;
    command.stdin(Stdio::null()).stdout(out).stderr(err);
    command.spawn().map_err(|e| format!("cannot start {}: {e}", shown(command)))
}

/// The standard output of a short command; `None` where it cannot start, fails, or takes too long.
pub(crate) fn answer(command: &mut Command, limit: Duration) -> Option<String> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let mut out = child.stdout.take()?;
    let reader = thread::spawn(move || {
        let mut text = String::new();
        out.read_to_string(&mut text).map(|_| text)
    });
    let status = wait(&mut child, limit).ok()??;
    let text = reader.join().ok()?.ok()?;
    status.success().then_some(text)
}

/// Cargo, as if it had not been started from within Cargo.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_about_xtask(name)) {
        command.env_remove(name);
    }
    command
}

/// What Cargo set for this program. Build scripts of other packages look at the same names, so with them every change
/// between `cargo xtask test` and a plain `cargo test` would compile much anew.
fn is_about_xtask(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

/// The last lines of a log, ready to stand at the end of an error message.
pub(crate) fn tail_of(log: &Path) -> String {
    let bytes = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    let last = lines[lines.len().saturating_sub(TAIL)..].iter().map(|line| format!("\n  | {line}")).collect::<String>();
    format!("; the end of {}:{last}", log.display())
}

/// Waits for the end of a child; past the limit its whole tree is killed and the answer is `None`.
fn wait(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    let deadline = Instant::now() + limit;
    let mut pause = Duration::from_millis(2);
    loop {
        if let Some(status) = child.try_wait().map_err(|e| format!("cannot wait for a child: {e}"))? {
            return Ok(Some(status));
        }
        if Instant::now() > deadline {
            process::kill_tree(child.id());
            // Both fail only when it has already ended.
            let _ = child.kill();
            let _ = child.wait();
            return Ok(None);
        }
        sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(100));
    }
}

fn open_log(log: &Path) -> Result<File> {
    let open = || {
        if let Some(folder) = log.parent() {
            fs::create_dir_all(folder)?;
        }
        OpenOptions::new().create(true).append(true).open(log)
    };
    open().map_err(|e| format!("cannot open {}: {e}", log.display()))
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_the_output_of_a_command_that_succeeds() {
        let limit = Duration::from_secs(10);
        assert_eq!(answer(Command::new("sh").args(["-c", "echo yes"]), limit).as_deref(), Some("yes\n"));
        assert_eq!(answer(Command::new("sh").args(["-c", "echo yes; exit 1"]), limit), None);
        assert_eq!(answer(&mut Command::new("no such program"), limit), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_command_that_takes_too_long_is_killed_with_its_children() {
        let before = Instant::now();
        let slow = answer(Command::new("sh").args(["-c", "sleep 30 & sleep 30"]), Duration::from_millis(100));
        assert_eq!(slow, None);
        assert!(before.elapsed() < Duration::from_secs(20));
    }
}
