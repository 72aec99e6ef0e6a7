//! What came in answer to a command while no other was in progress: only then is it known what belongs to it.

use super::Facts;
use crate::imap::command::Open;
use crate::imap::memory::name_of;
use crate::imap::notes::Notes;
use crate::imap::value::{has, is_word, item, list, number, set, text};
use crate::imap::{Code, Status, Value};

const CAPABILITY: &str = "rfc3501-6.1.1-capability-single-response";
const ENABLED: &str = "rfc5161-3.1-enabled-untagged";
const STATUS: &str = "rfc3501-6.3.10-status-response";
const SEARCH: &str = "rfc3501-6.4.4-search-response-required";
const ESEARCH: &str = "rfc4731-3.1-esearch-even-when-empty";
const TAG: &str = "rfc4731-3.1-tag-correlator";
const UID: &str = "rfc4731-3.1-uid-indicator";
const MIN: &str = "rfc4731-3.1-min";
const MAX: &str = "rfc4731-3.1-max";
const COUNT: &str = "rfc4731-3.1-count";
const BY_NUMBER: &str = "rfc3501-2.3.1.2-msn-order-by-uid";
const IMPLICIT_UID: &str = "rfc3501-6.4.8-implicit-uid-item";
const ORIGIN: &str = "rfc3501-7.4.2-origin-only-on-request";
const NO_MODSEQ: &str = "rfc7162-3.1.5-search-without-criterion-no-modseq";
const CLOSE: &str = "rfc7162-3.2.8-close-no-highestmodseq";
const BYE: &str = "rfc3501-6.1.3-bye-before-ok";

/// What this file judges.
pub(super) const BEHIND: &[&str] = &[
    CAPABILITY,
    ENABLED,
    STATUS,
    SEARCH,
    ESEARCH,
    TAG,
    UID,
    MIN,
    MAX,
    COUNT,
    BY_NUMBER,
    IMPLICIT_UID,
    ORIGIN,
    NO_MODSEQ,
    CLOSE,
    BYE,
];

/// STATUS responses of one command that are looked at.
const MOST_STATUSES: usize = 8;

/// STATUS items that every server has. RFC 3501 §6.3.10.
const STATUS_ITEMS: [&str; 5] = ["MESSAGES", "RECENT", "UIDNEXT", "UIDVALIDITY", "UNSEEN"];

/// A command and what came.
#[derive(Debug)]
pub(super) struct Lone {
    pub(super) command: Open,
    heard: Heard,
    /// The highest message number of a result.
    highest: u64,
    /// Names and items.
    statuses: Vec<(Vec<u8>, Vec<Value>)>,
}

/// Which of the responses that a command asks for came.
#[derive(Debug, Default, PartialEq, Eq)]
enum Heard {
    #[default]
    Nothing,
    Answer,
}

impl Lone {
    pub(super) fn new(command: Open) -> Self {
        Self { command, heard: Heard::Nothing, highest: 0, statuses: Vec::new() }
    }

    fn name(&self) -> &str {
        &self.command.name
    }

    /// An untagged response.
    pub(super) fn data(&mut self, name: &str, args: &[Value], facts: &Facts, notes: &mut Notes<'_>) {
        match (self.command.name.as_str(), name) {
            ("CAPABILITY", "CAPABILITY") => {
                let twice = self.heard == Heard::Answer;
                notes.judge(CAPABILITY, twice.then_some("a second CAPABILITY response to one command"));
                self.heard = Heard::Answer;
            }
            ("ENABLE", "ENABLED") | ("UID SEARCH", "SEARCH") => {
                self.heard = Heard::Answer;
            }
            ("SEARCH", "SEARCH") => {
                self.heard = Heard::Answer;
                let highest = args.iter().filter_map(number).max().unwrap_or(0);
                self.highest = self.highest.max(highest);
            }
            ("SEARCH" | "UID SEARCH", "ESEARCH") if !facts.has_contexts() => self.esearch(args, notes),
            ("STATUS", "STATUS") if self.statuses.len() < MOST_STATUSES => {
                let mailbox = args.first().and_then(text).unwrap_or_default().to_vec();
                self.statuses.push((mailbox, list(args.get(1)).to_vec()));
            }
            ("FETCH" | "UID FETCH" | "UID STORE", "FETCH") if !facts.is_notified() => {
                self.fetch(list(args.first()), notes);
            }
            (_, _) => {}
        }
        if name == "SEARCH" && (self.name() == "SEARCH" || self.name() == "UID SEARCH") && !self.command.says("MODSEQ")
        {
            let extended = matches!(args.last(), Some(Value::List(_)));
            notes.judge(NO_MODSEQ, extended.then_some("a SEARCH response with MODSEQ that no criterion asked for"));
        }
    }

    /// RFC 4466 §2.6.2: with a correlator the response was caused by the command of that tag. RFC 4731 §3.1.
    fn esearch(&mut self, args: &[Value], notes: &mut Notes<'_>) {
        let (correlator, rest) = match args {
            [Value::List(correlator), rest @ ..] => (correlator.as_slice(), rest),
            rest => (&[][..], rest),
        };
        let Some(tag) = item(correlator, "TAG").and_then(text) else { return };
        let other = tag != self.command.tag.as_bytes();
        notes.judge(TAG, other.then_some("an ESEARCH response with a tag that is not the command's"));
        if other {
            return;
        }
        self.heard = Heard::Answer;
        let asked = self.name() == "UID SEARCH";
        let uids = rest.first().is_some_and(|word| is_word(word, "UID"));
        notes.judge(UID, (uids != asked).then_some("an ESEARCH response whose UID indicator does not fit the command"));
        if asked || uids {
            return;
        }
        let values = |name: &str| item(rest, name);
        let (min, max) = (values("MIN").and_then(number), values("MAX").and_then(number));
        let (count, all) = (values("COUNT").and_then(number), values("ALL").and_then(set));
        if let Some(all) = all {
            let ends = (all.ranges().first().map(|range| range.0), all.ranges().last().map(|range| range.1));
            for (id, told, end, what) in [
                (MIN, min, ends.0, "MIN is not the lowest number of ALL"),
                (MAX, max, ends.1, "MAX is not the highest number of ALL"),
                (COUNT, count, Some(all.count()), "COUNT is not the number of messages in ALL"),
            ] {
                if told.is_some() {
                    notes.judge(id, (told != end).then_some(what));
                }
            }
            self.highest = self.highest.max(ends.1.unwrap_or(0));
        } else if let (Some(min), Some(max)) = (min, max) {
            notes.judge(MIN, (min > max).then_some("MIN above MAX"));
        }
        let told = [min, max].into_iter().flatten().max().unwrap_or(0);
        self.highest = self.highest.max(told);
    }

    /// RFC 3501 §6.4.8, §7.4.2. Flags and mod-sequences may be told at any time, everything else was asked for.
    fn fetch(&self, items: &[Value], notes: &mut Notes<'_>) {
        let asked = ["RFC822", "RFC822.SIZE", "RFC822.HEADER", "RFC822.TEXT", "ENVELOPE", "BODY", "BODYSTRUCTURE"];
        let names = || items.iter().step_by(2);
        let section = |name: &Value| matches!(name, Value::Section { .. });
        if self.name() == "UID FETCH" {
            let data = names().any(|name| section(name) || asked.iter().any(|asked| is_word(name, asked)));
            let lacks = data && !names().any(|name| is_word(name, "UID"));
            notes.judge(IMPLICIT_UID, lacks.then_some("a FETCH response to a UID command without UID"));
        }
        if self.name() != "UID STORE" && names().any(section) {
            let partial =
                names().any(|name| matches!(name, Value::Section { item, origin: Some(_), .. } if item == "BODY"));
            let asked = self.command.words.iter().any(|word| word.contains(&b'<'));
            notes.judge(ORIGIN, (partial && !asked).then_some("an origin that was not asked for"));
        }
    }

    /// The tagged response; `count` messages are in the mailbox, if that is known.
    pub(super) fn finish(
        &self,
        (status, code): (Status, Option<&Code>),
        count: Option<u64>,
        facts: &Facts,
        notes: &mut Notes<'_>,
    ) {
        if let (Some(count), true) = (count, self.highest > 0) {
            let beyond = self.highest > count;
            notes.judge(BY_NUMBER, beyond.then_some("a result with a number above the present number of messages"));
        }
        if status != Status::Ok {
            return;
        }
        let silent = self.heard == Heard::Nothing;
        match self.name() {
            "CAPABILITY" => notes.judge(CAPABILITY, silent.then_some("CAPABILITY without a CAPABILITY response")),
            "ENABLE" => notes.judge(ENABLED, silent.then_some("ENABLE without an ENABLED response")),
            "STATUS" => self.status(notes),
            "SEARCH" | "UID SEARCH" if !facts.has_contexts() => self.search(notes),
            "LOGOUT" => {
                let missing = !facts.has_said_bye();
                notes.judge(BYE, missing.then_some("a tagged OK to LOGOUT before BYE"));
            }
            "CLOSE" => {
                let told = code.is_some_and(|code| code.name == "HIGHESTMODSEQ");
                notes.judge(CLOSE, told.then_some("HIGHESTMODSEQ in the tagged OK to CLOSE"));
            }
            _ => {}
        }
    }

    fn search(&self, notes: &mut Notes<'_>) {
        let silent = self.heard == Heard::Nothing;
        let options = self.command.words.first().is_some_and(|word| word.eq_ignore_ascii_case(b"RETURN"));
        match (options, self.command.says("SAVE")) {
            (true, true) => {}
            (true, false) => notes.judge(ESEARCH, silent.then_some("SEARCH RETURN without an ESEARCH response")),
            (false, _) => notes.judge(SEARCH, silent.then_some("SEARCH without a SEARCH response")),
        }
    }

    /// RFC 3501 §6.3.10: the response names the mailbox and has the items asked for.
    fn status(&self, notes: &mut Notes<'_>) {
        let Some((mailbox, items)) = self.command.words.split_first() else { return };
        // Other names may be written in more than one way.
        let plain = |octet: &u8| octet.is_ascii_alphanumeric() || b"-._/".contains(octet);
        if !mailbox.iter().all(plain) || !mailbox.last().is_some_and(u8::is_ascii_alphanumeric) {
            return;
        }
        let named = |name: &[u8]| name_of(name).eq_ignore_ascii_case(&name_of(mailbox));
        let told: Vec<&Value> =
            self.statuses.iter().filter(|(name, _)| named(name)).flat_map(|(_, items)| items).collect();
        if told.is_empty() {
            notes.judge(STATUS, Some("STATUS without a STATUS response for the mailbox"));
            return;
        }
        let asked = |name: &&&str| items.iter().any(|item| item.eq_ignore_ascii_case(name.as_bytes()));
        let lacks = STATUS_ITEMS.iter().filter(asked).any(|name| !told.iter().any(|item| is_word(item, name)));
        notes.judge(STATUS, lacks.then_some("a STATUS response without an item that was asked for"));
    }
}

/// Whether a VANISHED response says `(EARLIER)`.
pub(super) fn is_earlier(args: &[Value]) -> bool {
    has(list(args.first()), "EARLIER")
}
