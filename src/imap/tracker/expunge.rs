//! When and how messages may be told to be gone. RFC 3501 §7.4.1, RFC 7162 §3.2.10.

use crate::imap::command::{Open, Progress};
use crate::imap::notes::Notes;

const IDLE: &str = "rfc3501-7.4.1-no-expunge-when-idle";
const CONTINUATION: &str = "rfc3501-7.4.1-no-expunge-in-continuation";
const VANISHED: &str = "rfc7162-3.2.10.2-vanished-not-during-fetch";
const EARLIER: &str = "rfc7162-3.2.10-vanished-no-earlier-tag";
const INSTEAD: &str = "rfc7162-3.2.7-vanished-instead-of-expunge";
const CLOSE: &str = "rfc3501-6.4.2-close-silent";
const CLOSE_VANISHED: &str = "rfc7162-3.2.8-close-no-vanished";

/// Commands during which nothing is expunged, with the requirement for EXPUNGE and the one for VANISHED.
const SILENT: &[(&str, &str, &str)] = &[
    ("FETCH", "rfc3501-7.4.1-no-expunge-in-fetch", VANISHED),
    ("STORE", "rfc3501-7.4.1-no-expunge-in-store", VANISHED),
    ("SEARCH", "rfc3501-7.4.1-no-expunge-in-search", VANISHED),
    ("SORT", "rfc5256-base.6.4.sort-no-expunge-during-sort", VANISHED),
    ("THREAD", "rfc5256-base.6.4.thread-no-expunge-during-thread", VANISHED),
    ("CLOSE", CLOSE, CLOSE_VANISHED),
];

/// What this file judges.
pub(super) fn behind() -> impl Iterator<Item = &'static str> {
    SILENT.iter().flat_map(|(_, number, uids)| [*number, *uids]).chain([IDLE, CONTINUATION, EARLIER, INSTEAD])
}

/// How it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// EXPUNGE
    Number,
    /// VANISHED without EARLIER
    Uids,
}

impl Form {
    fn pick(self, number: &'static str, uids: &'static str) -> &'static str {
        match self {
            Self::Number => number,
            Self::Uids => uids,
        }
    }
}

/// Whether this is a time to tell it.
pub(super) fn judge_time(form: Form, progress: &Progress, notes: &mut Notes<'_>) {
    for (_, number, uids) in SILENT {
        notes.judge(form.pick(number, uids), None);
    }
    let silent = |command: &Open| SILENT.iter().find(|(name, _, _)| *name == command.name);
    let (idle, incomplete) = (form.pick(IDLE, VANISHED), form.pick(CONTINUATION, VANISHED));
    notes.judge(idle, None);
    notes.judge(incomplete, None);
    match (progress.open.first(), progress.partial.is_some()) {
        (None, true) => notes.judge(incomplete, Some("a message vanishes while a command is incomplete")),
        (None, false) => notes.judge(idle, Some("a message vanishes while no command is in progress")),
        (Some(first), _) if progress.open.iter().all(|command| silent(command).is_some()) => {
            if let Some((_, number, uids)) = silent(first) {
                notes.judge(form.pick(number, uids), Some("a message vanishes during a command that keeps it"));
            }
        }
        (Some(_), _) => {}
    }
}

/// EXPUNGE after QRESYNC was enabled. RFC 7162 §3.2.10.2: VANISHED must be used instead.
pub(super) fn judge_form(notes: &mut Notes<'_>) {
    notes.judge(INSTEAD, Some("EXPUNGE after QRESYNC was enabled"));
}

/// RFC 7162 §3.2.10: `(EARLIER)` is caused by UID FETCH with VANISHED or by opening a mailbox with QRESYNC.
pub(super) fn judge_earlier(progress: &Progress, notes: &mut Notes<'_>) {
    let causes = |command: &Open| match command.name.as_str() {
        "UID FETCH" => command.says("VANISHED"),
        "SELECT" | "EXAMINE" => command.says("QRESYNC"),
        _ => false,
    };
    let caused = progress.open.iter().any(causes);
    notes.judge(EARLIER, (!caused).then_some("VANISHED (EARLIER) that no command asked for"));
}
