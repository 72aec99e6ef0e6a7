//! Which process a container belongs to, and whether that process is still alive.

use std::fmt;
use std::fs;
use std::path::Path;
use std::str::FromStr;

use thiserror::Error;

/// Label of every container that the harness starts; its value is an [`Owner`].
pub const OWNER_LABEL: &str = "mailproof.owner";

/// The process that started a container. Process ids are used again, so its start time stands beside it; and both mean
/// nothing after a reboot, or in another process namespace of the same machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// `/proc/sys/kernel/random/boot_id`
    pub boot: String,
    /// Number of the process namespace.
    pub namespace: u64,
    /// Process id in that namespace.
    pub pid: u32,
    /// Clock ticks between boot and the start of the process: field 22 of `/proc/<pid>/stat`.
    pub started: u64,
}

/// A label that this version did not write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not `boot/namespace/pid/start`")]
pub struct NotAnOwner;

impl Owner {
    /// This process; none where there is no `/proc`.
    pub fn current() -> Option<Self> {
        Self::of(Path::new("/proc"), std::process::id())
    }

    /// The process `pid` as `proc` shows it now.
    fn of(proc: &Path, pid: u32) -> Option<Self> {
        let boot = fs::read_to_string(proc.join("sys/kernel/random/boot_id")).ok()?.trim().to_owned();
        let link = fs::read_link(proc.join("self/ns/pid")).ok()?;
        let namespace = link.to_str()?.strip_prefix("pid:[")?.strip_suffix(']')?.parse().ok()?;
        let stat = fs::read_to_string(proc.join(pid.to_string()).join("stat")).ok()?;
        Some(Self { boot, namespace, pid, started: start_time(&stat)? })
    }

    /// Whether the process is surely gone: another boot of the machine, or no such process with that start time. Of a
    /// process in another namespace of the same boot nothing can be told, so it counts as alive.
    pub fn is_dead(&self) -> bool {
        let Some(own) = Self::current() else { return false };
        if self.boot != own.boot {
            return true;
        }
        self.namespace == own.namespace
            && Self::of(Path::new("/proc"), self.pid).is_none_or(|now| now.started != self.started)
    }
}

/// Field 22. The second field is the program's name in parentheses, which may hold blanks and parentheses itself.
fn start_time(stat: &str) -> Option<u64> {
    stat.rsplit_once(')')?.1.split_ascii_whitespace().nth(19)?.parse().ok()
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}/{}", self.boot, self.namespace, self.pid, self.started)
    }
}

impl FromStr for Owner {
    type Err = NotAnOwner;

    fn from_str(text: &str) -> Result<Self, NotAnOwner> {
        let parts: Vec<&str> = text.split('/').collect();
        let [boot, namespace, pid, started] = parts.as_slice() else { return Err(NotAnOwner) };
        if boot.is_empty() {
            return Err(NotAnOwner);
        }
        Ok(Self {
            boot: (*boot).to_owned(),
            namespace: namespace.parse().map_err(|_| NotAnOwner)?,
            pid: pid.parse().map_err(|_| NotAnOwner)?,
            started: started.parse().map_err(|_| NotAnOwner)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_time_is_found_behind_any_program_name() {
        let fields: Vec<String> = (3..=30).map(|field| field.to_string()).collect();
        let stat = format!("42 (a ) b (c)) {}", fields.join(" "));
        assert_eq!(start_time(&stat), Some(22));
        assert_eq!(start_time("42 (x) R 1"), None);
    }

    #[test]
    fn this_process_lives_and_those_that_differ_from_it_are_dead_or_unknown() {
        let own = Owner::current().unwrap();
        assert_eq!(own.to_string().parse(), Ok(own.clone()));
        assert!(!own.is_dead());
        assert!(Owner { started: own.started + 1, ..own.clone() }.is_dead());
        assert!(Owner { boot: "other".to_owned(), ..own.clone() }.is_dead());
        // Ids end at 4,194,304 on Linux.
        assert!(Owner { pid: 4_194_305, ..own.clone() }.is_dead());
        assert!(!Owner { namespace: own.namespace + 1, pid: 4_194_305, ..own }.is_dead());
    }

    #[test]
    fn a_foreign_label_is_no_owner() {
        for text in ["", "a", "a/1/2", "/1/2/3", "a/1/2/3/4", "a/x/2/3"] {
            assert_eq!(text.parse::<Owner>(), Err(NotAnOwner), "{text}");
        }
    }
}
