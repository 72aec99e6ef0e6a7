//! IDLE as a server with faults has it.

use crate::refserver::imap::fault::SessionFault;
use crate::refserver::imap::session::reply::{Reply, say};
use crate::refserver::imap::session::state::Session;

/// What IDLE does not tell, by the fault.
const HIDDEN: [(SessionFault, &str); 3] = [
    (SessionFault::IdleHidesNew, " EXISTS"),
    (SessionFault::IdleHidesRemovals, " EXPUNGE"),
    (SessionFault::IdleHidesFlags, " FETCH "),
];

impl Session<'_> {
    /// What IDLE tells.
    pub(in crate::refserver::imap::session) fn mistold(&mut self, news: Vec<u8>) -> Vec<u8> {
        let Some((_, hidden)) = HIDDEN.iter().find(|(fault, _)| self.has(*fault)) else { return news };
        let mut out = Vec::new();
        let text = String::from_utf8_lossy(&news);
        text.split_terminator("\r\n").filter(|line| !line.contains(hidden)).for_each(|line| say(&mut out, line));
        out
    }

    /// Whether IDLE ends by itself after it has told something.
    pub(in crate::refserver::imap::session) fn tires_of_idling(&mut self) -> bool {
        self.history.news += 1;
        self.has(SessionFault::IdleEndsByItself) && self.history.news == 2
    }

    /// What is answered to a line that does not end IDLE, though it should.
    pub(in crate::refserver::imap::session) fn overheard(&self, line: &[u8]) -> Option<String> {
        let line = str::from_utf8(line).ok()?;
        let tag = line.strip_suffix(" NOOP").filter(|_| self.has(SessionFault::IdleRunsCommands))?;
        Some(format!("{tag} OK done\r\n"))
    }

    /// How IDLE ends that a line has ended.
    pub(in crate::refserver::imap::session) fn ended_idle(&mut self, line: &[u8], right: Reply) -> Reply {
        self.history.idles += 1;
        if self.has(SessionFault::DoneInUpperCaseOnly) && line != b"DONE" {
            Reply::bad("DONE is expected")
        } else if self.has(SessionFault::DoneAnsweredNo) {
            Reply::no("done")
        } else {
            right
        }
    }
}
