//! Commands inside a private root folder.

use super::ASK;
use crate::{Result, command};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Mounts what a program expects, then becomes the program: its process number is the one that we started.
/// The mounts live in a mount namespace of their own and end with the program, so none is ever left behind.
const MOUNT_AND_ENTER: &str = r#"root=$1; shift
mount --bind /proc "$root/proc" && mount --rbind /dev "$root/dev"
exec chroot "$@""#;

/// Begins a namespace for mounts; nothing mounted in it is seen outside.
const NAMESPACE: [&str; 4] = ["unshare", "--mount", "--propagation", "private"];

/// A root folder made by debootstrap.
pub(super) struct Chroot {
    pub(super) dir: PathBuf,
}

impl Chroot {
    /// A command run in the root as one of the root's own users.
    pub(super) fn command(&self, user: &str, words: &[String]) -> Command {
        in_environment(&self.words(user, words))
    }

    /// The same in a session of its own, for a server: it outlives this program and the terminal.
    pub(super) fn detached(&self, user: &str, words: &[String]) -> Command {
        let mut all = vec!["setsid".to_owned()];
        all.extend(self.words(user, words));
        in_environment(&all)
    }

    fn words(&self, user: &str, words: &[String]) -> Vec<String> {
        let dir = self.dir.display().to_string();
        let mut all: Vec<String> = Vec::new();
        if has_namespaces() {
            all.extend(NAMESPACE.map(str::to_owned));
            all.extend(["sh", "-c", MOUNT_AND_ENTER, "sh", &dir].map(str::to_owned));
        } else {
            all.push("chroot".to_owned());
        }
        all.extend([format!("--userspec={user}:{user}"), dir]);
        all.extend_from_slice(words);
        all
    }

    /// Where a file of the root is for us outside.
    pub(super) fn outside(&self, inside: &str) -> PathBuf {
        self.dir.join(inside.trim_start_matches('/'))
    }

    pub(super) fn write(&self, inside: &str, text: &str) -> Result<()> {
        let path = self.outside(inside);
        let write = || {
            fs::create_dir_all(path.parent().unwrap_or(Path::new("/")))?;
            fs::write(&path, text)
        };
        write().map_err(|e| format!("cannot write {}: {e}", path.display()))
    }
}

/// Words split at white space, for commands whose words have none in them.
pub(super) fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

/// A program that may mount for itself, with the mounts gone when it ends.
pub(super) fn with_private_mounts(program: &str) -> Command {
    let mut all: Vec<String> = Vec::new();
    if has_namespaces() {
        all.extend(NAMESPACE.map(str::to_owned));
    }
    all.push(program.to_owned());
    in_environment(&all)
}

/// Whether mounting is allowed. In a plain container it is not; most things work without.
fn has_namespaces() -> bool {
    static HAS: OnceLock<bool> = OnceLock::new();
    *HAS.get_or_init(|| command::answer(Command::new(NAMESPACE[0]).args(&NAMESPACE[1..]).arg("true"), ASK).is_some())
}

/// The user's environment is not the root's: only what names a proxy goes along.
fn in_environment(words: &[String]) -> Command {
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).current_dir("/").env_clear();
    command.envs(std::env::vars().filter(|(name, _)| name.to_ascii_lowercase().ends_with("_proxy")));
    command.env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    command.envs([("HOME", "/tmp"), ("LC_ALL", "C.UTF-8"), ("DEBIAN_FRONTEND", "noninteractive")]);
    command
}
