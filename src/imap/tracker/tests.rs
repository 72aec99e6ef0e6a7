//! One row an invariant: a dialogue that conforms, and the same with one response that breaks exactly that requirement.
//! And what is permitted, and must stay silent.

use super::*;

mod grammar;
mod histories;
mod permitted;
mod rows;

/// What a dialogue breaks. Each line begins with `C: `, `S: ` for what client and server say in the first session, `C2: ` and
/// `S2: ` for the second; `X:` closes the first. `|` within a line is a line end, as behind a literal.
pub(super) fn broken(dialogue: &str) -> Vec<String> {
    let mut tracker = Tracker::new();
    tracker.opened(1, Revision::Rev1);
    tracker.opened(2, Revision::Rev1);
    play(&mut tracker, dialogue).into_iter().map(|breach| breach.requirement.to_string()).collect()
}

fn play(tracker: &mut Tracker, dialogue: &str) -> Vec<Breach> {
    let mut found = Vec::new();
    for line in dialogue.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (who, said) = line.split_once(':').unwrap();
        let octets = format!("{}\r\n", said.trim_start().replace('|', "\r\n"));
        let session = if who.ends_with('2') { 2 } else { 1 };
        match who.chars().next() {
            Some('C') => tracker.sent(session, octets.as_bytes()),
            Some('S') => found.extend(hear(tracker, session, &octets)),
            _ => found.extend(tracker.closed(session)),
        }
    }
    found
}

fn hear(tracker: &mut Tracker, session: usize, octets: &str) -> Vec<Breach> {
    let revision = tracker.revision(session).unwrap();
    let frame = Frame::read(octets, revision);
    tracker.received(session, &frame)
}

/// A session of alice, with INBOX of three messages selected; its number goes behind `C` and `S`.
fn selected(session: &str) -> String {
    logged_in(session)
        + &"C: s SELECT INBOX
            S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
            S: * OK [PERMANENTFLAGS (\\Deleted \\Seen \\*)] x
            S: * 3 EXISTS
            S: * 0 RECENT
            S: * OK [UIDVALIDITY 7] x
            S: * OK [UIDNEXT 10] x
            S: s OK [READ-WRITE] done\n"
            .replace("C:", &format!("C{session}:"))
            .replace("S:", &format!("S{session}:"))
}

fn logged_in(session: &str) -> String {
    "S: * OK ready
     C: l LOGIN alice secret
     S: l OK [CAPABILITY IMAP4rev1 LITERAL+ ENABLE CONDSTORE QRESYNC] in\n"
        .replace("C:", &format!("C{session}:"))
        .replace("S:", &format!("S{session}:"))
}

#[test]
fn lost_sessions_are_judged_by_grammar_alone() {
    let selected = selected("");
    let nothing: [&str; 0] = [];
    assert_eq!(broken(&format!("{selected}C: + x\nS: evil OK x\nS: * 1 EXPUNGE\nS: * 1 EXISTS\nX:")), nothing);
    assert_eq!(broken(&format!("{selected}C: + x\nS: * LIST")), ["rfc3501-9-output-grammar"]);
}

#[test]
fn only_what_was_seen_was_watched() {
    let mut tracker = Tracker::new();
    tracker.opened(1, Revision::Rev1);
    hear(&mut tracker, 1, "* OK ready\r\n");
    let watched: Vec<String> = tracker.watched().iter().map(ToString::to_string).collect();
    assert!(watched.contains(&"rfc3501-2.2-greeting-first".to_owned()));
    assert!(watched.contains(&"rfc3501-2.2-crlf-output".to_owned()));
    assert!(!watched.contains(&"message-envelope-ten-fields".to_owned()));
    assert!(watched.iter().all(|id| behind().contains(&id.as_str())));
}

#[test]
fn a_literal_sent_at_once_was_watched_when_its_command_is_answered() {
    let watched = |command: &str| {
        let mut tracker = Tracker::new();
        tracker.opened(1, Revision::Rev1);
        play(&mut tracker, &format!("{}C: b {command}\nS: b OK x", logged_in("")));
        tracker.watched().iter().any(|id| id.to_string() == "rfc7888-3-no-continuation")
    };
    assert!(watched("CREATE {1+}|x") && !watched("CREATE x"));
}

#[test]
fn nothing_is_set_aside_for_what_is_only_announced() {
    let before = format!("{}S: * 4294967295 EXISTS\nC: b NOOP\n", selected(""));
    let nothing: [&str; 0] = [];
    assert_eq!(broken(&format!("{before}S: * 4294967295 FETCH (UID 4294967295 FLAGS ())\nS: * 1 EXPUNGE")), nothing);
    let many = "S: * VANISHED 1:4294967295\n";
    assert_eq!(broken(&format!("{before}{many}")), nothing);
}
