//! What SELECT or EXAMINE in progress has told so far, and what it must have told by its tagged OK.

use std::collections::BTreeSet;

use super::Facts;
use crate::imap::command::Open;
use crate::imap::notes::Notes;
use crate::imap::value::{has, list, text};
use crate::imap::view::View;
use crate::imap::{Code, Value};

const SAME_OUTPUT: &str = "rfc3501-6.3.2-examine-same-output";
const READ_ONLY: &str = "rfc3501-6.3.2-examine-read-only-code";
const UNSEEN: &str = "rfc3501-6.3.1-select-unseen";
const RECENT: &str = "rfc3501-7.3.2-recent-count-consistent";
const PERMANENT: &str = "rfc3501-7.1-permanentflags-within-flags";
const CLOSED: &str = "rfc7162-3.2.11-closed-code";
const MODSEQ: &str = "rfc7162-3.1.2-highestmodseq-or-nomodseq";

/// RFC 3501 §6.3.1: before the OK the server must send these; RFC 9051 §6.3.2 has LIST in place of RECENT.
const REQUIRED: &[(&str, &str, &str)] = &[
    ("FLAGS", "rfc3501-6.3.1-select-flags", "a mailbox opened without FLAGS"),
    ("EXISTS", "rfc3501-6.3.1-select-exists", "a mailbox opened without EXISTS"),
    ("PERMANENTFLAGS", "rfc3501-6.3.1-select-permanentflags", "a mailbox opened without PERMANENTFLAGS"),
    ("UIDNEXT", "rfc3501-6.3.1-select-uidnext", "a mailbox opened without UIDNEXT"),
    ("UIDVALIDITY", "rfc3501-6.3.1-select-uidvalidity", "a mailbox opened without UIDVALIDITY"),
];
const REQUIRED_REV1: (&str, &str, &str) = ("RECENT", "rfc3501-6.3.1-select-recent", "a mailbox opened without RECENT");
const REQUIRED_REV2: (&str, &str, &str) =
    ("LIST", "rfc9051-6.3.2-select-list-response", "a mailbox opened without LIST");

/// What this file judges.
pub(super) fn behind() -> impl Iterator<Item = &'static str> {
    let single = [SAME_OUTPUT, READ_ONLY, UNSEEN, RECENT, PERMANENT, CLOSED, MODSEQ];
    REQUIRED.iter().chain([&REQUIRED_REV1, &REQUIRED_REV2]).map(|(_, id, _)| *id).chain(single)
}

/// Names of responses and codes that are looked for.
const HEARD: [&str; 10] = [
    "FLAGS",
    "EXISTS",
    "RECENT",
    "LIST",
    "PERMANENTFLAGS",
    "UIDNEXT",
    "UIDVALIDITY",
    "HIGHESTMODSEQ",
    "NOMODSEQ",
    "CLOSED",
];

/// The mailbox being opened.
#[derive(Debug, Default)]
pub(super) struct Opening {
    pub(super) view: View,
    count: Option<u64>,
    recent: Option<u64>,
    unseen: Option<u64>,
    pub(super) validity: Option<u64>,
    pub(super) next: Option<u64>,
    /// UIDNEXT, told when the messages had been counted.
    next_behind_count: Option<u64>,
    pub(super) highest: Option<u64>,
    flags: Option<Vec<Value>>,
    permanent: Option<Vec<Value>>,
    heard: BTreeSet<&'static str>,
    pub(super) uids: Uids,
}

/// Whether UIDs last. RFC 4315 §3.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Uids {
    #[default]
    Sticky,
    NotSticky,
}

/// Which mailbox was selected when the command was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Before {
    /// Another one, for certain.
    Another,
    /// None, the same, or nobody knows.
    Unclear,
}

impl Opening {
    fn hear(&mut self, name: &str) {
        self.heard.extend(HEARD.iter().find(|heard| **heard == name));
    }

    /// An untagged response.
    pub(super) fn data(&mut self, number: Option<u64>, name: &str, args: &[Value]) {
        self.hear(name);
        match (name, number) {
            ("EXISTS", Some(count)) => {
                self.count = Some(count);
                self.next_behind_count = None;
                self.view.opened(Some(count), None);
            }
            ("RECENT", Some(count)) => self.recent = Some(count),
            ("FLAGS", None) => self.flags = Some(list(args.first()).to_vec()),
            (_, _) => {}
        }
    }

    /// A response code.
    pub(super) fn code(&mut self, code: &Code) {
        if code.name == "CLOSED" {
            // RFC 7162 §3.2.11: what follows is of the new mailbox.
            *self = Self::default();
        }
        self.hear(&code.name);
        match (code.name.as_str(), code.args.first()) {
            ("UNSEEN", Some(Value::Number(number))) => self.unseen = Some(*number),
            ("UIDVALIDITY", Some(Value::Number(number))) => self.validity = Some(*number),
            ("UIDNEXT", Some(Value::Number(number))) => {
                self.next = Some(*number);
                self.next_behind_count = self.count.and(self.next);
            }
            ("HIGHESTMODSEQ", Some(Value::Number(number))) => self.highest = Some(*number),
            ("PERMANENTFLAGS", flags) => self.permanent = Some(list(flags).to_vec()),
            ("UIDNOTSTICKY", _) => self.uids = Uids::NotSticky,
            (_, _) => {}
        }
    }

    /// The tagged OK of the command: what is missing or does not fit together.
    pub(super) fn finish(
        &mut self,
        command: &Open,
        code: Option<&Code>,
        before: &Before,
        facts: &Facts,
        notes: &mut Notes<'_>,
    ) {
        let examine = command.name == "EXAMINE";
        let rev1 = facts.is_rev1().then_some(&REQUIRED_REV1);
        let rev2 = facts.is_enabled("IMAP4REV2").then_some(&REQUIRED_REV2);
        for (name, id, what) in REQUIRED.iter().chain(rev1).chain(rev2) {
            let id = if examine { SAME_OUTPUT } else { id };
            notes.judge(id, (!self.heard.contains(name)).then_some(*what));
        }
        if examine {
            let other = code.is_none_or(|code| code.name != "READ-ONLY");
            notes.judge(READ_ONLY, other.then_some("a tagged OK to EXAMINE without READ-ONLY"));
        }
        let sure = *before == Before::Another && (facts.offers("CONDSTORE") || facts.offers("QRESYNC"));
        if sure {
            let lacks = !self.heard.contains("CLOSED");
            notes.judge(CLOSED, lacks.then_some("another mailbox opened without CLOSED"));
        }
        let asked = command.words.iter().skip(1).any(|word| word.eq_ignore_ascii_case(b"CONDSTORE"));
        if asked || facts.is_enabled("CONDSTORE") || facts.is_enabled("QRESYNC") {
            let lacks = !self.heard.contains("HIGHESTMODSEQ") && !self.heard.contains("NOMODSEQ");
            notes.judge(MODSEQ, lacks.then_some("a mailbox opened without HIGHESTMODSEQ or NOMODSEQ"));
        }
        self.numbers(notes);
        self.permanent_flags(notes);
        self.view.opened(self.count, self.next_behind_count);
    }

    fn numbers(&self, notes: &mut Notes<'_>) {
        let Some(count) = self.count else { return };
        if let Some(unseen) = self.unseen {
            notes.judge(UNSEEN, (unseen > count).then_some("UNSEEN above the number of messages"));
        }
        if let Some(recent) = self.recent {
            notes.judge(RECENT, (recent > count).then_some("more recent messages than messages"));
        }
    }

    /// RFC 3501 §7.1: PERMANENTFLAGS says which of the known flags can be changed for good.
    fn permanent_flags(&self, notes: &mut Notes<'_>) {
        let (Some(flags), Some(permanent)) = (&self.flags, &self.permanent) else { return };
        let known = |flag: &Value| {
            let name = text(flag).and_then(|name| std::str::from_utf8(name).ok());
            name.is_none_or(|name| name == "\\*" || has(flags, name))
        };
        let all = permanent.iter().all(known);
        notes.judge(PERMANENT, (!all).then_some("a flag in PERMANENTFLAGS that is not in FLAGS"));
    }
}
