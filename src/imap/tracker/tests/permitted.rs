use super::*;

/// Freedom that the RFCs leave, from a session with three messages selected.
const FREE: &[&str] = &[
    // FETCH in any order, renumbered by EXPUNGE.
    "C: b FETCH 1:* UID\nS: * 1 FETCH (UID 4)\nS: * 3 FETCH (UID 9)\nS: * 2 FETCH (UID 5)\nS: b OK x
     C: c EXPUNGE\nS: * 1 EXPUNGE\nS: * 1 EXPUNGE\nS: c OK x\nC: d FETCH 1 UID\nS: * 1 FETCH (UID 9)\nS: d OK x",
    // RFC 3501 §7.4.1: EXPUNGE during UID commands, and while any command that permits it is in progress.
    "C: b UID FETCH 1 UID\nS: * 1 EXPUNGE\nS: b OK x",
    "C: b NOOP\nC: c FETCH 1 UID\nS: * 1 EXPUNGE\nS: b OK x\nS: c OK x",
    "C: b IDLE\nS: + go\nS: * 2 EXPUNGE\nS: * 4 EXISTS\nC: DONE\nS: b OK x",
    // RFC 3501 §6.3.1: SELECT ends the old mailbox. Its data may come until then.
    "C: b SELECT INBOX\nS: * 2 EXPUNGE\nS: b OK x\nS: * 1 EXISTS",
    "C: b CLOSE\nS: b OK x\nS: * 1 EXISTS",
    // RFC 5465 §5: when updates may come.
    "C: b NOTIFY SET (selected (MessageNew MessageExpunge))\nS: b OK x\nS: * 1 EXPUNGE",
    // A message that another session expunged has zero, NIL or a made-up structure.
    "C: b FETCH 1 (UID RFC822.SIZE)\nS: * 1 FETCH (UID 4 RFC822.SIZE 10)\nS: b OK x
     C: c FETCH 1 RFC822.SIZE\nS: * 1 FETCH (RFC822.SIZE 0)\nS: c OK x",
    "S: * 1 FETCH (UID 4 BODY (\"text\" \"plain\" NIL NIL NIL \"7bit\" 5 1))
     S: * 1 FETCH (BODY (\"text\" \"plain\" NIL NIL NIL \"7bit\" 0 0))",
    "S: * 1 FETCH (UID 4 BODY[1] \"a\")\nS: * 1 FETCH (BODY[1] NIL)",
    // The same instant in another zone, the same string in another form, another part of the same text.
    "S: * 1 FETCH (UID 4 INTERNALDATE \" 1-Feb-2020 12:00:00 +0100\")\nS: * 1 FETCH (INTERNALDATE \" 1-Feb-2020 11:00:00 +0000\")",
    "S: * 1 FETCH (UID 4 BODY[1] \"ab\")\nS: * 1 FETCH (BODY[1] {2}|ab)\nS: * 1 FETCH (BODY[1]<1> \"b\")",
    // UTF-8 after ENABLE, and texts may differ for who asked for it. RFC 6855 §4.
    "C: b ENABLE UTF8=ACCEPT\nS: * ENABLED UTF8=ACCEPT\nS: b OK x\nS: * LIST () \"/\" \"\u{e9}\"",
    "C: b ENABLE QRESYNC\nS: * ENABLED QRESYNC CONDSTORE\nS: b OK x",
    // A refused literal is not sent.
    "C: b STORE 1 FLAGS {x}\nS: b BAD x",
    "C: b APPEND x {5}\nS: b NO x\nC: c NOOP\nS: c OK x",
    "C: b APPEND x {1}\nS: + go\nC: y\nS: b OK x",
    "C: b AUTHENTICATE PLAIN\nS: + go\nC: AGEAYg==\nS: b NO x",
    // Refusals owe no data.
    "C: b SEARCH CHARSET X ALL\nS: b NO x\nC: c STATUS y (MESSAGES)\nS: c NO x\nC: d ENABLE\nS: d BAD x",
    // RFC 5182 §2.1: SAVE alone gives no ESEARCH. RFC 5267 §4.3: updates come under the tag of an old search.
    "C: b SEARCH RETURN (SAVE) ALL\nS: b OK x",
    "C: b SEARCH RETURN (UPDATE) ALL\nS: * ESEARCH (TAG \"b\") ALL 1\nS: b OK x
     C: c SEARCH ALL\nS: * ESEARCH (TAG \"b\") ADDTO (0 2)\nS: * SEARCH 1 2\nS: c OK x",
    // EXISTS may come after the result that needs it.
    "C: b SEARCH ALL\nS: * SEARCH 1 4\nS: * 4 EXISTS\nS: b OK x",
    // RFC 4731 §3.1: a set of UIDs may hold what is not there.
    "C: b UID SEARCH RETURN () ALL\nS: * ESEARCH (TAG \"b\") UID COUNT 2 ALL 1:9\nS: b OK x",
    // RFC 3501 §6.3.10: names in other forms, more items, several responses.
    "C: b STATUS &AOk- (MESSAGES)\nS: * STATUS \"other\" (MESSAGES 1)\nS: b OK x",
    "C: b STATUS y (MESSAGES UNSEEN)\nS: * STATUS y (MESSAGES 1)\nS: * STATUS y (UNSEEN 1 UIDNEXT 9)\nS: b OK x",
    "C: b STATUS inbox (UIDNEXT UIDVALIDITY)\nS: * STATUS INBOX (UIDNEXT 3 UIDVALIDITY 8)\nS: b OK x",
    // Unsolicited flags without UID in IMAP4rev1.
    "C: b UID FETCH 7 RFC822.SIZE\nS: * 2 FETCH (FLAGS (\\Seen))\nS: * 1 FETCH (UID 7 RFC822.SIZE 5)\nS: b OK x",
    // RFC 3501 §3.4, §6.1.3.
    "S: * BYE down\nX:",
    "C: b LOGOUT\nX:",
    "C: b LOGOUT\nS: * BYE x\nS: b OK x\nX:",
    // APPEND tells nothing of messages in another mailbox, or under another UIDVALIDITY.
    "C: b APPEND other {1+}|x\nS: b OK [APPENDUID 7 1] x",
    "C: b APPEND INBOX {1+}|x\nS: b OK [APPENDUID 8 1] x",
    // RFC 4315 §3: of several messages there is a set.
    "C: b APPEND other {1+}|x {1+}|y\nS: b OK [APPENDUID 7 1:2] x",
    // What was in progress when UIDNEXT was told may lie below it.
    "C: b APPEND INBOX {1+}|x\nC: c STATUS INBOX (UIDNEXT UIDVALIDITY)\nS: * STATUS INBOX (UIDNEXT 12 UIDVALIDITY 7)
     S: c OK x\nS: b OK [APPENDUID 7 11] x",
    // Another mailbox takes the name.
    "C: b RENAME y INBOX\nS: b OK x\nC: c STATUS INBOX (UIDNEXT UIDVALIDITY)
     S: * STATUS INBOX (UIDNEXT 1 UIDVALIDITY 7)\nS: c OK x",
    // RFC 4315 §3: who is told is another user.
    "S2: * OK x\nC2: a LOGIN bob x\nS2: a OK x\nC2: b STATUS INBOX (UIDNEXT UIDVALIDITY)
     S2: * STATUS INBOX (UIDNEXT 1 UIDVALIDITY 7)\nS2: b OK x",
];

#[test]
fn freedom_of_servers_breaks_nothing() {
    let broken = |dialogue: &&str| Some(broken(&(selected("") + dialogue))).filter(|found| !found.is_empty());
    let wrong: Vec<_> = FREE.iter().filter_map(|dialogue| Some((*dialogue, broken(dialogue)?))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn starttls_and_its_failure_need_no_bye() {
    let start = "S: * OK [CAPABILITY IMAP4rev1 STARTTLS] x\nC: a STARTTLS\nS: a OK x\n";
    assert_eq!(broken(&format!("{start}X:")), [""; 0]);
    assert_eq!(broken("X:"), [""; 0]);
}

#[test]
fn opening_a_mailbox_twice_at_once_is_not_followed() {
    let both = "C: b SELECT x\nC: c SELECT y\nS: * 1 EXISTS\nS: b OK x\nS: * 2 EXISTS\nS: * 1 EXISTS\nS: c OK x";
    assert_eq!(broken(&(logged_in("") + both)), [""; 0]);
}
