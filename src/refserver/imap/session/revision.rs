//! Which revision of IMAP a session speaks: RFC 3501 until the client enables RFC 9051 (RFC 9051 §6.1.1, §A).

use super::reply::Reply;
use super::state::Session;
use crate::refserver::Config;
use crate::refserver::imap::mime::write_string;
use crate::refserver::store::MailboxName;

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

    /// The name that a command gives: in modified UTF-7, or in UTF-8 (RFC 9051 §5.1).
    pub(super) fn name(&self, octets: &[u8]) -> Result<MailboxName, Reply> {
        let name = if self.is_rev2() { MailboxName::from_utf8(octets) } else { MailboxName::parse(octets) };
        name.map_err(|error| Reply::no(error.to_string()).with("CANNOT"))
    }

    /// A name as this session is told it.
    pub(super) fn shown(&self, name: &MailboxName) -> String {
        if self.is_rev2() { name.to_unicode() } else { name.as_str().to_owned() }
    }

    /// Writes a name. RFC 9051 §4.3.1, §A: with UTF-8 in quotes, if the client knows that.
    pub(super) fn write_name(&self, out: &mut Vec<u8>, name: &MailboxName) {
        if self.is_rev2() {
            write_quoted(out, &name.to_unicode());
        } else {
            write_string(out, name.as_str().as_bytes());
        }
    }
}

/// Writes a name in UTF-8 as the client gave it.
pub(super) fn write_given(out: &mut Vec<u8>, given: &[u8]) {
    match str::from_utf8(given) {
        Ok(text) => write_quoted(out, text),
        Err(_) => write_string(out, given),
    }
}

fn write_quoted(out: &mut Vec<u8>, text: &str) {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    out.extend_from_slice(format!("\"{escaped}\"").as_bytes());
}
