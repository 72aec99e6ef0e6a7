//! What a session is known to be allowed: capabilities, what was enabled, whose it is.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::imap::Value;
use crate::imap::command::Open;
use crate::imap::notes::Notes;
use crate::imap::value::text;

const ENABLE: &str = "rfc7162-3.2.3-enable-advertised";
const CONDSTORE: &str = "rfc7162-3.2.2-condstore-advertised";
const STARTTLS: &str = "rfc9051-6.2.1-starttls-not-offered-after-tls";
const ONLY_OWN: &str = "rfc5161-3.1-response-only-own";

/// What this file judges.
pub(super) const BEHIND: &[&str] = &[ENABLE, CONDSTORE, STARTTLS, ONLY_OWN];

/// Words of a list that are kept.
const MOST_WORDS: usize = 500;
/// Octets of a word that is kept.
const LONGEST_WORD: usize = 100;

/// Facts of one session.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// None until the server told.
    offered: Option<BTreeSet<String>>,
    enabled: BTreeSet<String>,
    /// Names in ENABLE commands.
    asked: BTreeSet<String>,
    pub(super) login: Login,
    pub(super) tls: Tls,
    pub(super) parting: Parting,
    notify: Use,
    contexts: Use,
}

/// Who logged in.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) enum Login {
    /// Nobody, as far as is known.
    #[default]
    No,
    /// Somebody; who is unknown.
    Somebody,
    /// This user.
    User(Vec<u8>),
}

/// STARTTLS in this session.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tls {
    /// It was not used.
    #[default]
    Unused,
    /// The go-ahead was the last that came.
    Begins,
    /// It runs.
    Runs,
}

/// Whether the server may close.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parting {
    /// It said nothing.
    #[default]
    None,
    /// The client sent LOGOUT.
    Asked,
    /// It said BYE.
    Said,
    /// A response could not be read: it may have been BYE.
    Unclear,
}

/// Whether the client ever used an extension that changes when data may come.
#[derive(Debug, Default, PartialEq, Eq)]
enum Use {
    #[default]
    Never,
    Once,
}

impl Facts {
    /// Whether the server is known to announce this capability, in upper case.
    pub(super) fn offers(&self, capability: &str) -> bool {
        self.offered.as_ref().is_some_and(|words| words.contains(capability))
    }

    /// Whether RFC 3501 holds for certain.
    pub(super) fn is_rev1(&self) -> bool {
        self.offers("IMAP4REV1") && !self.is_enabled("IMAP4REV2")
    }

    /// Whether the server said that this extension, in upper case, is enabled.
    pub(super) fn is_enabled(&self, extension: &str) -> bool {
        self.enabled.contains(extension)
    }

    /// Whether results of searches may be told later, for commands that are answered. RFC 5267.
    pub(super) fn has_contexts(&self) -> bool {
        self.contexts == Use::Once
    }

    /// Whether NOTIFY was sent: RFC 5465 §5 says when updates may come.
    pub(super) fn is_notified(&self) -> bool {
        self.notify == Use::Once
    }

    pub(super) fn has_said_bye(&self) -> bool {
        matches!(self.parting, Parting::Said | Parting::Unclear)
    }

    /// A command was sent.
    pub(super) fn begun(&mut self, command: &Open) {
        match command.name.as_str() {
            "NOTIFY" => self.notify = Use::Once,
            "ENABLE" => self.asked.extend(command.words.iter().filter_map(|word| upper(word))),
            "LOGOUT" if self.parting == Parting::None => self.parting = Parting::Asked,
            _ => {}
        }
        if ["UPDATE", "CONTEXT", "PARTIAL"].iter().any(|word| command.says(word)) {
            self.contexts = Use::Once;
        }
    }

    /// A command was answered with OK.
    pub(super) fn done(&mut self, command: &Open) {
        match command.name.as_str() {
            "LOGIN" | "AUTHENTICATE" => self.login = user_of(command).map_or(Login::Somebody, Login::User),
            "UNAUTHENTICATE" => self.login = Login::No,
            "STARTTLS" => {
                self.tls = Tls::Begins;
                self.offered = None;
            }
            _ => {}
        }
    }

    /// A CAPABILITY response or code. RFC 7162 §3.2.2, §3.2.3; RFC 9051 §6.2.1. Before the login a list may be cut.
    pub(super) fn capabilities(&mut self, words: &[Value], notes: &mut Notes<'_>) {
        let words: BTreeSet<String> = words.iter().filter_map(text).filter_map(upper).take(MOST_WORDS).collect();
        let has = |word: &str| words.contains(word);
        if has("QRESYNC") && !has("IMAP4REV2") && self.login != Login::No {
            notes.judge(ENABLE, (!has("ENABLE")).then_some("QRESYNC without ENABLE"));
            notes.judge(CONDSTORE, (!has("CONDSTORE")).then_some("QRESYNC without CONDSTORE"));
        }
        if has("IMAP4REV2") && self.tls == Tls::Runs {
            notes.judge(STARTTLS, has("STARTTLS").then_some("STARTTLS offered where it was used"));
        }
        self.offered = Some(words);
    }

    /// An ENABLED response. RFC 5161 §3.1; RFC 7162 §3.2.3: QRESYNC brings CONDSTORE.
    pub(super) fn enabled(&mut self, words: &[Value], notes: &mut Notes<'_>) {
        let words: BTreeSet<String> = words.iter().filter_map(text).filter_map(upper).take(MOST_WORDS).collect();
        let implied = |word: &String| word == "CONDSTORE" && self.asked.contains("QRESYNC");
        let strange = words.iter().any(|word| !self.asked.contains(word) && !implied(word));
        notes.judge(ONLY_OWN, strange.then_some("ENABLED with a name that no ENABLE asked for"));
        if self.enabled.len() < MOST_WORDS {
            self.enabled.extend(words);
        }
    }
}

fn upper(word: &[u8]) -> Option<String> {
    std::str::from_utf8(word).ok().filter(|word| word.len() <= LONGEST_WORD).map(str::to_ascii_uppercase)
}

/// The user of LOGIN, or of AUTHENTICATE PLAIN (RFC 4616 §2).
fn user_of(command: &Open) -> Option<Vec<u8>> {
    if command.name == "LOGIN" {
        return command.words.first().cloned();
    }
    let [mechanism, response, ..] = command.words.as_slice() else { return None };
    if !mechanism.eq_ignore_ascii_case(b"PLAIN") {
        return None;
    }
    let message = STANDARD.decode(response).ok()?;
    let mut parts = message.split(|octet| *octet == 0);
    let (authorized, authenticated) = (parts.next()?, parts.next()?);
    Some(if authorized.is_empty() { authenticated } else { authorized }.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::command::Literals;

    #[test]
    fn who_logs_in_is_read_from_the_command() {
        for (name, words, user) in [
            ("LOGIN", vec!["alice", "x"], Some("alice")),
            ("AUTHENTICATE", vec!["plain", "AGFsaWNlAHg="], Some("alice")),
            ("AUTHENTICATE", vec!["PLAIN", "Ym9iAGFsaWNlAHg="], Some("bob")),
            ("AUTHENTICATE", vec!["SCRAM-SHA-1", "AGFsaWNlAHg="], None),
            ("AUTHENTICATE", vec!["PLAIN"], None),
        ] {
            let words = words.into_iter().map(|word| word.as_bytes().to_vec()).collect();
            let (tag, name) = ("a".to_owned(), name.to_owned());
            let command = Open { tag, name, words, literals: Literals::Synchronising, begun: 0 };
            assert_eq!(user_of(&command).as_deref(), user.map(str::as_bytes));
        }
    }
}
