//! Which revision of IMAP a session speaks: RFC 3501 until the client enables RFC 9051 (RFC 9051 §6.1.1, §A).

use super::state::Session;
use crate::refserver::Config;

/// The revision that is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Revision {
    /// RFC 3501.
    Rev1,
    /// RFC 9051.
    Rev2,
}

/// Its word.
pub(super) const REV2: &str = "IMAP4rev2";

/// What RFC 9051 made part of itself, as words of its own (RFC 9051 §E): whoever lacks one of these cannot speak it.
const BASE: [&str; 14] = [
    "BINARY",
    "SASL-IR",
    "ENABLE",
    "IDLE",
    "NAMESPACE",
    "CHILDREN",
    "UIDPLUS",
    "MOVE",
    "UNSELECT",
    "ESEARCH",
    "SEARCHRES",
    "LIST-EXTENDED",
    "LIST-STATUS",
    "STATUS=SIZE",
];

/// Whether RFC 9051 is announced.
pub(super) fn has_rev2(config: &Config) -> bool {
    let literals = config.offers("LITERAL+") || config.offers("LITERAL-");
    config.offers("IMAP4REV2") && literals && BASE.iter().all(|word| config.offers(word))
}

impl Session<'_> {
    /// Whether RFC 9051 is in force.
    pub(super) fn is_rev2(&self) -> bool {
        self.revision == Revision::Rev2
    }

    /// RFC 9051 is in force from now on, if the client asks for it and it is there.
    pub(super) fn enable_rev2(&mut self, capabilities: &[String]) -> bool {
        let enabled = has_rev2(self.config) && capabilities.iter().any(|wanted| wanted.eq_ignore_ascii_case(REV2));
        if enabled {
            self.revision = Revision::Rev2;
            if let Some(view) = &mut self.view {
                view.revision = Revision::Rev2;
            }
        }
        enabled
    }
}
