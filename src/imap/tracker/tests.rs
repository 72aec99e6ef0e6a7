use super::*;
use crate::imap::parse;

/// Plays a dialogue with one session, `C: ` and `S: ` lines; gives the requirements broken.
fn broken(dialogue: &str) -> Vec<String> {
    let mut tracker = Tracker::new();
    tracker.opened(0, Revision::Rev1);
    let mut found = Vec::new();
    for line in dialogue.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let octets = format!("{}\r\n", &line[3..]);
        if line.starts_with("C: ") {
            tracker.sent(0, octets.as_bytes());
        } else {
            let parsed = parse(octets.as_bytes(), Revision::Rev1);
            let frame = Frame { raw: octets.into(), parsed };
            found.extend(tracker.received(0, &frame).into_iter().map(|breach| breach.requirement.to_string()));
        }
    }
    found
}

const SELECTED: &str = "S: * OK ready\nC: a SELECT x\nS: * 3 EXISTS\nS: a OK [READ-WRITE] done\n";

fn after_select(dialogue: &str) -> Vec<String> {
    broken(&format!("{SELECTED}{dialogue}"))
}

#[test]
fn correct_dialogues_break_nothing() {
    for dialogue in [
        "C: b FETCH 1:* UID\nS: * 1 FETCH (UID 4)\nS: * 3 FETCH (UID 9)\nS: * 2 FETCH (UID 5)\nS: b OK x
         C: c EXPUNGE\nS: * 1 EXPUNGE\nS: * 1 EXPUNGE\nS: c OK x\nC: d FETCH 1 UID\nS: * 1 FETCH (UID 9)\nS: d OK x",
        "C: b UID FETCH 1 UID\nS: * 1 EXPUNGE\nS: b OK x",
        "C: b NOOP\nC: c FETCH 1 UID\nS: * 1 EXPUNGE\nS: b OK x\nS: c OK x",
        "C: b IDLE\nS: + go\nS: * 2 EXPUNGE\nS: * 4 EXISTS\nC: DONE\nS: b OK x",
        "C: b SELECT y\nS: * 1 EXISTS\nS: b OK x\nC: c SELECT z\nS: * 0 EXISTS\nS: c OK x",
        "C: b CLOSE\nS: b OK x\nC: c SELECT y\nS: * 1 EXISTS\nS: c OK x",
        "C: b NOTIFY SET (selected (MessageNew MessageExpunge))\nS: b OK x\nS: * 1 EXPUNGE",
        "C: b FETCH 1 (UID RFC822.SIZE)\nS: * 1 FETCH (UID 4 RFC822.SIZE 10)\nS: b OK x
         C: c FETCH 1 RFC822.SIZE\nS: * 1 FETCH (RFC822.SIZE 0)\nS: c OK x",
        "C: b ENABLE UTF8=ACCEPT\nS: * ENABLED UTF8=ACCEPT\nS: b OK x\nS: * LIST () \"/\" \"\u{e9}\"",
        "C: b STORE 1 FLAGS {x}\nS: b BAD x",
    ] {
        assert_eq!(after_select(dialogue), Vec::<String>::new(), "{dialogue}");
    }
}

#[test]
fn each_contradiction_is_charged_to_its_requirement() {
    for (dialogue, requirement) in [
        ("S: * 2 EXISTS", "rfc3501-5.2-exists-never-shrinks"),
        ("S: * 1 EXPUNGE", IDLE),
        ("C: b FETCH 1 UID\nS: * 1 EXPUNGE", "rfc3501-7.4.1-no-expunge-in-fetch"),
        ("C: b STORE 1 FLAGS ()\nS: * 1 EXPUNGE", "rfc3501-7.4.1-no-expunge-in-store"),
        ("C: b SEARCH ALL\nS: * 1 EXPUNGE", "rfc3501-7.4.1-no-expunge-in-search"),
        ("C: b APPEND x {3}\nS: * 1 EXPUNGE", CONTINUATION),
        ("C: b FETCH 1 UID\nS: * VANISHED 4", VANISHED),
        ("C: b NOOP\nS: * 4 EXPUNGE", "rfc3501-7.4.1-expunge-renumbering"),
        ("S: * 4 FETCH (UID 7)", "rfc3501-2.3.1.2-msn-order-by-uid"),
        ("S: * 1 FETCH (UID 7)\nS: * 2 FETCH (UID 7)", "rfc3501-2.3.1.2-msn-order-by-uid"),
        ("S: * 1 FETCH (UID 7)\nS: * 1 FETCH (UID 8)", "rfc3501-2.3.1.1-uid-stable-in-session"),
        ("S: * 2 FETCH (UID 7)\nC: b NOOP\nS: * 1 EXPUNGE\nS: * 1 FETCH (UID 8)", "rfc3501-7.4.1-expunge-renumbering"),
        ("S: * 1 FETCH (UID 7 RFC822.SIZE 10)\nS: * 1 FETCH (RFC822.SIZE 11)", "message-immutable-for-uid"),
        ("C: b NOOP\nS: evil OK x", OWN_TAGS),
        ("C: b NOOP\nS: b OK x\nS: b OK x", OWN_TAGS),
        ("S: * LIST (\\Noselect \\marked) NIL x", "rfc3501-7.2.2-one-selectability-flag"),
        ("S: * LIST (\\HasChildren \\HasNoChildren) NIL x", "rfc5258-4-not-both"),
        ("S: * SEARCH 0", "rfc3501-7.2.5-search-response-format"),
    ] {
        assert_eq!(after_select(dialogue), [requirement], "{dialogue}");
    }
    assert_eq!(broken("S: * 1 EXISTS"), [GREETING]);
}

#[test]
fn lost_sessions_are_judged_by_grammar_alone() {
    assert_eq!(after_select("C: + x\nS: evil OK x\nS: * 1 EXPUNGE\nS: * 1 EXISTS"), Vec::<String>::new());
    assert_eq!(after_select("C: + x\nS: * LIST"), ["rfc3501-9-output-grammar"]);
}

#[test]
fn only_what_was_seen_was_watched() {
    let mut tracker = Tracker::new();
    tracker.opened(0, Revision::Rev1);
    let raw = "* OK ready\r\n";
    tracker.received(0, &Frame { raw: raw.into(), parsed: parse(raw.as_bytes(), Revision::Rev1) });
    let watched: Vec<String> = tracker.watched().iter().map(ToString::to_string).collect();
    assert!(watched.contains(&GREETING.to_owned()));
    assert!(!watched.contains(&"message-envelope-ten-fields".to_owned()));
    assert!(watched.iter().all(|id| behind().contains(&id.as_str())));
}
