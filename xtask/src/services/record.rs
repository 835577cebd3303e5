//! What we started, kept in `.services/run/NAME`: only that is ever stopped.

use super::service::Service;
use crate::process::Process;
use crate::{Result, paths};
use std::fs;
use std::path::PathBuf;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Record {
    /// A container of compose.yaml.
    Compose,
    /// A process in a Debian root.
    Debian { process: Process, port: u16 },
}

impl Record {
    /// The record of a service, if we started it. One that cannot be read counts as none.
    pub(crate) fn read(service: Service) -> Option<Self> {
        Self::parse(&fs::read_to_string(file(service)).ok()?)
    }

    pub(crate) fn write(self, service: Service) -> Result<()> {
        let path = file(service);
        let write = || {
            fs::create_dir_all(path.parent().unwrap_or(&path))?;
            fs::write(&path, self.to_text())
        };
        write().map_err(|e| format!("cannot write {}: {e}", path.display()))
    }

    pub(crate) fn forget(service: Service) {
        // Gone already is what we want.
        let _ = fs::remove_file(file(service));
    }

    fn to_text(self) -> String {
        match self {
            Self::Compose => "compose\n".to_owned(),
            Self::Debian { process, port } => format!("debian {} {} {port}\n", process.pid, process.started),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        match text.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["compose"] => Some(Self::Compose),
            ["debian", pid, started, port] => {
                let process = Process { pid: pid.parse().ok()?, started: started.parse().ok()? };
                Some(Self::Debian { process, port: port.parse().ok()? })
            }
            _ => None,
        }
    }
}

fn file(service: Service) -> PathBuf {
    paths::services().join("run").join(service.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_reads_back_as_it_was_written() {
        for record in [Record::Compose, Record::Debian { process: Process { pid: 7, started: 99 }, port: 25432 }] {
            assert_eq!(Record::parse(&record.to_text()), Some(record));
        }
    }

    #[test]
    fn a_half_written_record_is_none() {
        assert_eq!(Record::parse("debian 7 99"), None);
        assert_eq!(Record::parse(""), None);
    }
}
