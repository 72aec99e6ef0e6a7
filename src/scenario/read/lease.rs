//! How accounts are leased, and that mailboxes are the scenario's own. docs/suite-language.md sections 5 and 14.

use super::mistakes::Mistakes;
use super::scenario::Draft;
use super::text::Text;
use super::uses::ReadStep;
use crate::base::Span;
use crate::scenario::{Deposit, Lease, LeaseReason, Mailbox, Protocol, SessionKind};

/// Commands that touch the whole account.
const ACCOUNT_WIDE: [&str; 14] = [
    "SUBSCRIBE",
    "UNSUBSCRIBE",
    "SETACL",
    "DELETEACL",
    "GETACL",
    "LISTRIGHTS",
    "MYRIGHTS",
    "SETQUOTA",
    "GETQUOTA",
    "GETQUOTAROOT",
    "SETMETADATA",
    "GETMETADATA",
    "NOTIFY",
    "LSUB",
];
/// Commands that change the mailbox named first.
const CHANGING: [&str; 9] =
    ["CREATE", "DELETE", "RENAME", "SUBSCRIBE", "UNSUBSCRIBE", "SETACL", "DELETEACL", "APPEND", "SETMETADATA"];
/// Commands that only look at it.
const LOOKING: [&str; 3] = ["SELECT", "EXAMINE", "STATUS"];
/// Commands whose mailbox is named second.
const TARGETING: [&str; 2] = ["COPY", "MOVE"];

/// Computes the class of the lease. Names of mailboxes that are not the scenario's are mistakes.
pub(super) fn compute(draft: &Draft<'_>, deposit: &[Deposit], mistakes: &mut Mistakes) -> Lease {
    let mut reasons = Vec::new();
    for session in &draft.sessions {
        match &session.kind {
            SessionKind::Inbox(_) | SessionKind::Sink => reasons.push(LeaseReason::Inbox),
            SessionKind::Connection { role, mailbox, .. } => {
                if role.protocol() == Protocol::Pop3 {
                    reasons.push(LeaseReason::Pop3);
                }
                let named = mailbox.as_ref().and_then(crate::base::Template::as_text);
                if named.is_some_and(|name| name.eq_ignore_ascii_case(b"INBOX")) {
                    reasons.push(LeaseReason::InboxMailbox);
                }
            }
        }
    }
    if deposit.iter().any(|one| one.mailbox == Mailbox::Inbox) {
        reasons.push(LeaseReason::InboxMailbox);
    }
    for step in draft.played().chain(&draft.cleanup).filter(|step| is_imap(draft, step)) {
        for line in &step.sent.lines {
            reasons.extend(command(line, mistakes));
        }
    }
    let order = [LeaseReason::Pop3, LeaseReason::Inbox, LeaseReason::InboxMailbox, LeaseReason::AccountWide];
    order.into_iter().find(|reason| reasons.contains(reason)).map_or(Lease::Shared, Lease::Exclusive)
}

fn is_imap(draft: &Draft<'_>, step: &ReadStep) -> bool {
    let session = draft.sessions.iter().find(|session| session.name == step.step.session);
    session.is_some_and(|session| super::step::protocol_of(session) == Some(Protocol::Imap))
}

fn command(line: &Text, mistakes: &mut Mistakes) -> Option<LeaseReason> {
    let all = line.as_str();
    // A line of `send` begins with its own tag.
    let words = words(all);
    let known = |word: &str| {
        let lists = [ACCOUNT_WIDE.as_slice(), &CHANGING, &LOOKING, &TARGETING, &["LIST", "UID", "XLIST"]];
        lists.iter().any(|list| list.contains(&word))
    };
    let start = words.iter().take(2).position(|(_, word)| known(&word.to_ascii_uppercase()))?;
    let mut name = words.get(start)?.1.to_ascii_uppercase();
    let mut arguments = words.get(start + 1..)?;
    if name == "UID" {
        name = arguments.first()?.1.to_ascii_uppercase();
        arguments = arguments.get(1..)?;
    }
    let name = name.as_str();
    if CHANGING.contains(&name) {
        for (at, word) in arguments.iter().take(if name == "RENAME" { 2 } else { 1 }) {
            own(line, *at, word, mistakes);
        }
    } else if TARGETING.contains(&name) {
        arguments.get(1).into_iter().for_each(|(at, word)| own(line, *at, word, mistakes));
    } else if LOOKING.contains(&name) {
        let (at, word) = arguments.first()?;
        if bare(word).eq_ignore_ascii_case("INBOX") {
            return Some(LeaseReason::InboxMailbox);
        }
        own(line, *at, word, mistakes);
    }
    let wide_list = matches!(name, "LIST" | "XLIST") && !all.contains("${box");
    // LSUB looks at subscriptions, which SUBSCRIBE changes; with a pattern of its own it disturbs nobody.
    let lsub = name == "LSUB" && all.contains("${box");
    (wide_list || (ACCOUNT_WIDE.contains(&name) && !lsub)).then_some(LeaseReason::AccountWide)
}

/// A mailbox that is changed is the scenario's own.
fn own(line: &Text, at: usize, word: &str, mistakes: &mut Mistakes) {
    let name = bare(word);
    // An empty name and a number of literal octets are no mailbox of anybody.
    if name.is_empty() || name.starts_with("${") || name.starts_with('{') || name.starts_with('(') {
        return;
    }
    let span: Span = line.span(at..at + word.len());
    let message = if name.eq_ignore_ascii_case("INBOX") {
        "names of mailboxes begin with `${box}`; `INBOX` stands with SELECT, EXAMINE and STATUS only"
    } else {
        "names of mailboxes begin with `${box}`"
    };
    mistakes.say(&span, message);
}

fn bare(word: &str) -> &str {
    word.trim_start_matches(['"', '~']).trim_start_matches("{\"").trim_end_matches(['"', '}', '+'])
}

/// Words with their places; blanks in double quotes do not part them.
fn words(text: &str) -> Vec<(usize, &str)> {
    crate::base::pattern_words(text).into_iter().map(|(range, word)| (range.start, word)).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::base::SourceFile;

    fn of(line: &str) -> (Option<LeaseReason>, usize) {
        let file = Arc::new(SourceFile { name: "a".to_owned(), text: line.to_owned() });
        let mut mistakes = Mistakes::default();
        (command(&Text::exact(&file, 0, line), &mut mistakes), mistakes.into_vec().len())
    }

    #[test]
    fn commands_tell_how_far_they_reach() {
        let wide = Some(LeaseReason::AccountWide);
        for (line, reason, mistakes) in [
            ("CREATE ${box.a}", None, 0),
            ("CREATE foo", None, 1),
            ("CREATE \"${box.x} y\"", None, 0),
            ("DELETE INBOX", None, 1),
            ("RENAME ${box} foo", None, 1),
            ("SELECT INBOX", Some(LeaseReason::InboxMailbox), 0),
            ("STATUS \"inbox\" (MESSAGES)", Some(LeaseReason::InboxMailbox), 0),
            ("SUBSCRIBE ${box}", wide, 0),
            ("LIST \"\" *", wide, 0),
            ("LIST \"\" ${box.a}%", None, 0),
            ("LSUB \"\" ${box}", None, 0),
            ("UID COPY 1 other", None, 1),
            ("COPY 1:3 ${box.target}", None, 0),
            ("${tag} CREATE foo", None, 1),
            ("CREATE {\"foo\"}", None, 1),
            ("APPEND {${name}} {${letter}}", None, 0),
            ("FETCH 1 FLAGS", None, 0),
        ] {
            assert_eq!(of(line), (reason, mistakes), "{line}");
        }
    }
}
