//! One row per invariant: a dialogue that conforms, and the same with one thing changed that breaks exactly that one. Beside
//! them freedoms of the server, about which nothing is said.

use super::super::{Framer, behind, form_of};
use super::*;

/// What a dialogue breaks, and what could have been broken in it.
struct Played {
    broken: Vec<String>,
    watched: Vec<String>,
}

/// Plays a dialogue: `S: ` and `C: ` lines, `S~ ` one that ends in LF alone, `TLS`, `RAW` octets that nobody counts, `NEW` another
/// connection, `MIX` words of another protocol.
fn play(dialogue: &str) -> Played {
    let mut tracker = Tracker::new();
    let mut framer = Framer::new();
    let mut session = 0;
    let mut broken = Vec::new();
    tracker.opened(session);
    framer.expect(Form::Single);
    for line in dialogue.lines().map(str::trim_start).filter(|line| !line.is_empty()) {
        let (kind, rest) = line.split_at(line.len().min(3));
        match kind {
            // Several lines in one write are parted by ` // `.
            "C: " => {
                rest.split(" // ").for_each(|line| framer.expect(form_of(line.as_bytes())));
                tracker.sent(session, format!("{}\r\n", rest.replace(" // ", "\r\n")).as_bytes());
            }
            "S: " => framer.push(format!("{rest}\r\n").as_bytes()),
            "S~ " => framer.push(format!("{rest}\n").as_bytes()),
            "TLS" => tracker.secured(session),
            "RAW" => tracker.suspend(session),
            "MIX" => tracker.others_spoke(),
            "NEW" => {
                session += 1;
                tracker.opened(session);
                framer = Framer::new();
                framer.expect(Form::Single);
            }
            _ => panic!("{line}"),
        }
        while let Some(frame) = framer.next() {
            broken.extend(tracker.received(session, &frame.unwrap()));
        }
    }
    Played {
        broken: broken.into_iter().map(|breach| breach.requirement.to_string()).collect(),
        watched: tracker.watched().iter().map(ToString::to_string).collect(),
    }
}

const HELLO: &str = "S: +OK hi <1.2@mx.example>\n";
const LOGIN: &str = "S: +OK hi <1.2@mx.example>\nC: USER a\nS: +OK\nC: PASS b\nS: +OK\n";
const AUTH: &str = "S: +OK hi\nC: AUTH PLAIN AGEAYg==\nS: +OK\n";
const APOP: &str = "C: APOP a c4c9334bac560ecc979e58001b3e22fb\nS: +OK\n";
const LIST: &str = "C: LIST\nS: +OK\nS: 1 30\nS: 2 60\nS: 3 90\nS: .\n";
const UIDL: &str = "C: UIDL\nS: +OK\nS: 1 a\nS: 2 b\nS: 3 c\nS: .\n";
/// 46 octets in six lines, of which one is stuffed.
const RETR: &str = "C: RETR 1\nS: +OK\nS: Subject: x\nS: From: a@a.example\nS: \nS: one\nS: ..\nS: two\nS: .\n";
const CAPA: &str =
    "C: CAPA\nS: +OK\nS: TOP\nS: RESP-CODES\nS: AUTH-RESP-CODE\nS: PIPELINING\nS: STLS\nS: UTF8 USER\nS: SASL PLAIN
    S: LOGIN-DELAY 60 USER\nS: EXPIRE 30 USER\nS: IMPLEMENTATION Some Server\nS: .\n";

/// A login and the capabilities behind it.
const AFTER: &str =
    "C: USER a\nS: +OK\nC: PASS b\nS: +OK\nC: CAPA\nS: +OK\nS: RESP-CODES\nS: LOGIN-DELAY 30\nS: EXPIRE NEVER\nS: .";

/// Requirement, dialogue, and what in it is replaced by what, at its last place.
type Row = (&'static str, String, &'static str, String);

fn rows() -> Vec<Row> {
    [grammar_rows(), session_rows(), listing_rows(), message_rows(), capability_rows(), code_rows()].concat()
}

fn row(
    id: &'static str,
    dialogue: String,
    from: &'static str,
    to: &str,
) -> (&'static str, String, &'static str, String) {
    (id, dialogue, from, to.to_owned())
}

fn grammar_rows() -> Vec<Row> {
    let long = format!("+OK {}", "x".repeat(520));
    let login = |more: &str| format!("{LOGIN}{more}");
    vec![
        row("rfc1939-3-response-crlf", login("C: NOOP\nS: +OK x"), "S: +OK x", "S~ +OK x"),
        row("rfc1939-3-status-upper-case", login("C: NOOP\nS: +OK"), "+OK", "+Ok"),
        row("rfc1939-3-status-indicator-only-two", login("C: NOOP\nS: +OK"), "+OK", "OK"),
        row("rfc1939-3-response-512-octets", login("C: NOOP\nS: +OK"), "+OK", &long),
        row("rfc1939-3-byte-stuffing", login(RETR), "S: ..\n", "S: .x\n"),
        row("rfc5034-4-challenge-form", "S: +OK\nC: AUTH CRAM-MD5\nS: + YQ==".to_owned(), "+ YQ==", "+ challenge"),
        row("rfc5034-4-empty-challenge", "S: +OK\nC: AUTH PLAIN\nS: + ".to_owned(), "+ ", "+ YQ=="),
        row("rfc1939-3-one-response-per-command", login("C: NOOP\nS: +OK"), "+OK", "+OK\nS: +OK"),
        row("rfc1939-3-negative-is-single-line", login("C: RETR 9\nS: -ERR no"), "-ERR no", "-ERR no\nS: ."),
        row("rfc1939-3-negative-is-single-line", login("C: LIST 9\nS: -ERR no"), "-ERR no", "-ERR no\nS: ."),
    ]
}

fn session_rows() -> Vec<Row> {
    let hello = |more: &str| format!("{HELLO}{more}");
    let login = |more: &str| format!("{LOGIN}{more}");
    let refused = "-ERR no";
    vec![
        row("rfc1939-3-transaction-command-in-authorization-err", hello("C: STAT\nS: -ERR no"), refused, "+OK 0 0"),
        row("rfc1939-3-noop-rset-in-authorization-err", hello("C: NOOP\nS: -ERR no"), refused, "+OK"),
        row("rfc1939-3-authorization-command-in-transaction-err", login("C: USER b\nS: -ERR no"), refused, "+OK"),
        row("rfc1939-7-pass-without-user-err", hello("C: USER a\nS: -ERR\nC: PASS b\nS: -ERR no"), refused, "+OK"),
        row("rfc1939-4-quit-in-authorization", hello("C: QUIT\nS: +OK bye"), "+OK bye", refused),
        row("rfc5034-4-no-second-auth", format!("{AUTH}C: AUTH CRAM-MD5\nS: -ERR no"), refused, "+ YQ=="),
        row("rfc5034-4-only-in-authorization", login("C: AUTH PLAIN AGEAYg==\nS: -ERR no"), refused, "+OK"),
        row("rfc2595-4-pop3-only-in-authorization", login("C: STLS\nS: -ERR no"), refused, "+OK"),
        row("rfc6856-2-utf8-only-in-authorization", login("C: UTF8\nS: -ERR no"), refused, "+OK"),
        row(
            "rfc2595-4-pop3-stls-announced-when-permitted",
            hello("C: STLS\nS: +OK\nTLS\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nS: +OK go"),
            "+OK go",
            refused,
        ),
        row("rfc1939-7-apop-timestamp-is-msgid", hello(APOP), "1.2@mx.example", "1.2@mx@example"),
        row("rfc1939-7-apop-timestamp-differs", format!("{HELLO}{APOP}NEW\nS: +OK hi <1.3@mx.example>"), "1.3", "1.2"),
    ]
}

fn listing_rows() -> Vec<Row> {
    let login = |more: &str| format!("{LOGIN}{more}");
    let two = "C: DELE 2\nS: +OK\nC: LIST\nS: +OK\nS: 1 30\nS: 3 90\nS: .\n";
    let again = format!("{LOGIN}{UIDL}NEW\n{LOGIN}{UIDL}");
    vec![
        row("rfc1939-5-stat-format", login("C: STAT\nS: +OK 3 180"), "3 180", "3"),
        row("rfc1939-5-stat-no-extra-text", login("C: STAT\nS: +OK 3 180"), "180", "180 octets"),
        row(
            "rfc1939-5-stat-excludes-deleted",
            login("C: STAT\nS: +OK 3 180\nC: DELE 1\nS: +OK\nC: STAT\nS: +OK 2 150"),
            "2 150",
            "3 180",
        ),
        row("rfc1939-5-stat-agrees-with-list", login(&format!("C: STAT\nS: +OK 3 180\n{LIST}")), "3 180", "4 180"),
        row("rfc1939-4-exclusive-access", login("C: STAT\nS: +OK 3 180\nC: STAT\nS: +OK 3 180"), "3 180", "2 90"),
        row("rfc1939-5-list-format", login(LIST), "2 60", "2 60x"),
        row("rfc1939-5-list-no-extra-text", login(LIST), "2 60", "2 60 b"),
        row("rfc1939-5-list-single-form", login(&format!("{LIST}C: LIST 2\nS: +OK 2 60")), "2 60", "2 61"),
        row("rfc1939-5-list-single-form", login("C: LIST 2\nS: +OK 2 60"), "+OK 2 60", "+OK 3 60"),
        row("rfc1939-5-list-single-form", login("C: LIST 2\nS: +OK 2 60"), "2 60", "2 60\nS: ."),
        row("rfc1939-5-list-every-message-once", login(LIST), "S: 2 60", "S: 2 60\nS: 2 60"),
        row("rfc1939-5-list-every-message-once", login(&format!("{LIST}{two}")), "S: 3 90", "S: 2 60\nS: 3 90"),
        row("rfc1939-5-list-every-message-once", login(&format!("{LIST}{two}")), "S: 1 30\n", ""),
        row("rfc1939-4-message-numbers-consecutive", login(LIST), "S: 2 60\n", ""),
        row("rfc1939-5-commands-repeatable", login(&format!("{LIST}{LIST}")), "3 90", "3 91"),
        row("rfc1939-5-numbers-stable-after-dele", login(&format!("{LIST}{two}")), "3 90", "3 60"),
        row(
            "rfc1939-5-rset-unmarks",
            login(&format!("{LIST}C: DELE 3\nS: +OK\nC: RSET\nS: +OK\n{LIST}")),
            "S: 3 90\n",
            "",
        ),
        row(
            "rfc1939-5-deleted-reference-err",
            login("C: DELE 1\nS: +OK\nC: LIST 1\nS: -ERR no"),
            "-ERR no",
            "+OK 1 30",
        ),
        row("rfc1939-5-nonexistent-number-err", login("C: LIST 0\nS: -ERR no"), "-ERR no", "+OK 0 30"),
        row("rfc1939-7-uidl-format", login(UIDL), "2 b", "2 b c"),
        row("rfc1939-7-uidl-single-form", login(&format!("{UIDL}C: UIDL 2\nS: +OK 2 b")), "2 b", "2 d"),
        row("rfc1939-7-uidl-single-form", login("C: UIDL 2\nS: +OK 2 b"), "2 b", "2 b\nS: ."),
        row("rfc1939-7-uidl-charset-length", login(UIDL), "2 b", "2 \u{e9}"),
        row("rfc1939-7-uidl-charset-length", login(UIDL), "2 b", &format!("2 {}", "b".repeat(71))),
        row("rfc1939-7-uidl-unique", login(&format!("{LIST}{UIDL}")), "2 b", "2 a"),
        row(
            "rfc1939-7-uidl-excludes-deleted",
            login("C: DELE 1\nS: +OK\nC: UIDL\nS: +OK\nS: 2 b\nS: ."),
            "S: 2 b",
            "S: 1 a\nS: 2 b",
        ),
        row("rfc1939-7-uidl-persistent", login(&format!("{UIDL}{UIDL}")), "3 c", "3 d"),
        row("rfc1939-7-uidl-persistent", again, "3 c", "3 d"),
        row(
            "rfc1939-7-uidl-persistent",
            format!("{AUTH}{UIDL}NEW\nS: +OK\nC: AUTH PLAIN\nS: + \nC: AGEAYg==\nS: +OK\n{UIDL}"),
            "3 c",
            "3 d",
        ),
    ]
}

fn message_rows() -> Vec<Row> {
    let login = |more: &str| format!("{LOGIN}{more}");
    let top = |lines: &str, body: &str| {
        format!("{LOGIN}{RETR}C: TOP 1 {lines}\nS: +OK\nS: Subject: x\nS: From: a@a.example\nS: \n{body}S: .")
    };
    let sized = format!("{LOGIN}C: LIST 1\nS: +OK 1 46\n{RETR}");
    vec![
        row("rfc1939-3-multiline-terminator", login(RETR), "S: .\n", "S~ .\n"),
        row("rfc1939-5-retr-no-side-effect", login(&format!("{RETR}{RETR}")), "S: two", "S: Two"),
        row("rfc1939-11-octet-count-without-stuffing", sized.clone(), "1 46", "1 47"),
        row("rfc1939-11-octet-count-line-ends", sized, "1 46", "1 40"),
        row("rfc1939-7-top-zero-lines", top("0", ""), "S: .", "S: one\nS: ."),
        row("rfc1939-7-top-prefix-of-retr", top("1", "S: one\n"), "S: one\n", ""),
        row("rfc1939-7-top-more-than-body", top("9", "S: one\nS: ..\nS: two\n"), "S: two\n", ""),
    ]
}

fn capability_rows() -> Vec<Row> {
    let hello = |more: &str| format!("{HELLO}{CAPA}{more}");
    let long = format!("IMPLEMENTATION {}", "x".repeat(500));
    vec![
        row("rfc2449-3-capability-line-grammar", hello(""), "IMPLEMENTATION Some", "IMPLEMENTATION  Some"),
        row("rfc2449-5-capability-line-512", hello(""), "IMPLEMENTATION Some", &long),
        row("rfc2449-6.3-sasl-lists-mechanisms", hello(""), "SASL PLAIN", "SASL plain"),
        row("rfc2449-6.5-login-delay-argument", hello(""), "LOGIN-DELAY 60", "LOGIN-DELAY soon"),
        row("rfc2449-6.5-login-delay-largest-first", hello(AFTER), "LOGIN-DELAY 30", "LOGIN-DELAY 90"),
        row("rfc2449-6.7-expire-argument", hello(""), "EXPIRE 30", "EXPIRE"),
        row("rfc2449-6.7-expire-smallest-first", hello(AFTER), "EXPIRE NEVER", "EXPIRE 10"),
        row("rfc2449-6.9-implementation-tokens", hello(""), "IMPLEMENTATION Some Server", "IMPLEMENTATION"),
        row("rfc6856-2-utf8-capability-form", hello(""), "UTF8 USER", "UTF8 ALL"),
        row("rfc3206-6-auth-resp-code-both-states", hello(""), "AUTH-RESP-CODE", "AUTH-RESP-CODE x"),
    ]
}

fn code_rows() -> Vec<Row> {
    let hello = |more: &str| format!("{HELLO}{CAPA}{more}");
    let pass = "C: USER a\nS: +OK\nC: PASS b\nS: -ERR ";
    vec![
        row("rfc2449-6.4-bracket-means-code", hello(&format!("{pass}[IN-USE] x")), "[IN-USE] x", "[x"),
        row(
            "rfc2449-8.1.2-in-use-where",
            hello(&format!("{pass}[IN-USE] x\nC: NOOP\nS: -ERR x")),
            "-ERR x",
            "-ERR [in-use] x",
        ),
        row(
            "rfc2449-8.1.1-login-delay-where",
            hello(&format!("{pass}[LOGIN-DELAY] x\nC: NOOP\nS: -ERR x")),
            "-ERR x",
            "-ERR [LOGIN-DELAY]",
        ),
        row("rfc3206-4-sys-second-level", hello(&format!("{pass}[SYS/TEMP] x")), "SYS/TEMP", "SYS"),
        row(
            "rfc3206-4-sys-only-with-err",
            hello("C: USER a\nS: +OK\nC: PASS b\nS: +OK\nC: NOOP\nS: -ERR [SYS/PERM/x] x"),
            "-ERR",
            "+OK",
        ),
        row(
            "rfc3206-5-auth-only-on-authentication",
            hello(&format!("{pass}[AUTH] x\nC: NOOP\nS: -ERR x")),
            "-ERR x",
            "-ERR [AUTH]",
        ),
        row(
            "rfc6856-5-utf8-response-code",
            hello(&format!("{AFTER}\nC: TOP 1 0\nS: -ERR [UTF8]\nC: DELE 1\nS: -ERR x")),
            "x",
            "[UTF8]",
        ),
        row("rfc2449-8-codes-imply-capability", hello(&format!("{pass}[IN-USE] x")), "RESP-CODES\n", "X-CODES\n"),
        row("rfc3206-5-auth-implies-capability", hello(&format!("{pass}[AUTH] x")), "AUTH-RESP-CODE", "X-CODE"),
        row(
            "rfc6856-3.2-lang-listing-format",
            hello("C: LANG\nS: +OK\nS: en-boont English\nS: de\nS: ."),
            "S: de",
            "S: ",
        ),
        row(
            "rfc6856-3.2-lang-select-answer",
            hello("C: LANG es\nS: +OK es Idioma cambiado"),
            "es Idioma",
            "(es) Idioma",
        ),
    ]
}

#[test]
fn each_breach_is_charged_to_its_requirement_alone() {
    for (id, dialogue, from, to) in rows() {
        let good = play(&dialogue);
        assert_eq!(good.broken, [""; 0], "{id}: {dialogue}");
        assert!(good.watched.contains(&id.to_owned()), "{id} is not watched: {dialogue}");
        let at = dialogue.rfind(from).unwrap_or_else(|| panic!("{id}: no {from}"));
        let spoilt = format!("{}{to}{}", &dialogue[..at], &dialogue[at + from.len()..]);
        let bad = play(&spoilt);
        assert_eq!(bad.broken, [id], "{spoilt}");
        assert!(bad.watched.contains(&id.to_owned()), "{id} is not watched: {spoilt}");
    }
}

#[test]
fn every_invariant_has_a_row() {
    let rows: Vec<&str> = rows().iter().map(|(id, ..)| *id).collect();
    let missing: Vec<&&str> = behind().iter().filter(|id| !rows.contains(id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(rows.iter().all(|id| behind().contains(id)));
}

#[test]
fn what_a_server_may_do_is_not_accused() {
    let login = |more: &str| format!("{LOGIN}{more}");
    let other = "C: UIDL\nS: +OK\nS: 1 a\nS: 2 b\nS: 3 d\nS: .\n";
    for dialogue in [
        // Identical copies may share a unique-id. RFC 1939 §7.
        login("C: LIST\nS: +OK\nS: 1 30\nS: 2 30\nS: .\nC: UIDL\nS: +OK\nS: 1 a\nS: 2 a\nS: ."),
        // Listings in any order, and after new mail was shown.
        login(
            "C: LIST\nS: +OK\nS: 2 30\nS: 1 60\nS: .\nC: STAT\nS: +OK 3 99\nC: LIST\nS: +OK\nS: 1 60\nS: 3 9\nS: 2 30\nS: .",
        ),
        login("C: LIST\nS: +OK\nS: .\nC: UIDL\nS: +OK\nS: .\nC: STAT\nS: +OK 0 0"),
        login(&format!(
            "{LIST}C: DELE 3\nS: +OK\nC: STAT\nS: +OK 2 90\nC: DELE 1\nS: -ERR trouble\nC: STAT\nS: +OK 2 90"
        )),
        // Another session may come after a removal, or after another protocol; another account has other messages.
        format!("{LOGIN}{UIDL}C: DELE 1\nS: +OK\nNEW\n{LOGIN}{other}"),
        format!("{LOGIN}{UIDL}MIX\nNEW\n{LOGIN}{other}"),
        format!("{LOGIN}{UIDL}NEW\nS: +OK\nC: USER c\nS: +OK\nC: PASS b\nS: +OK\n{other}"),
        format!("{LOGIN}{UIDL}NEW\n{LOGIN}C: UIDL\nS: +OK\nS: 1 b\nS: 2 c\nS: ."),
        // One greeting for all, of a server without APOP.
        format!("{HELLO}NEW\n{HELLO}C: APOP a b\nS: -ERR"),
        // Sizes that are wrong in no way that RFC 1939 §11 names; text of which RFC 6856 §2.1 gives a substitute.
        login(&format!("C: LIST 1\nS: +OK 1 44\n{RETR}")),
        login("C: LIST 1\nS: +OK 1 14\nC: RETR 1\nS: +OK\nS: \u{e9}\nS: a\nS: a\nS: a\nS: a\nS: ."),
        login("C: RETR 1\nS: +OK\nS: a\nS: .\nC: TOP 1 0\nS: +OK\nS: a\nS: \nS: ."),
        // Brackets without RESP-CODES are text. RFC 2449 §6.4.
        format!("{HELLO}C: NOOP\nS: -ERR [x"),
        format!("{HELLO}C: CAPA\nS: +OK\nS: SASL\nS: X-Y z?\nS: STLS\nS: .\nC: NOOP\nS: -ERR [x"),
        // A login that is refused to everybody may be so at USER already. RFC 3206 §5.
        format!("{HELLO}{CAPA}C: USER a\nS: -ERR [AUTH] not without TLS"),
        // A first word of refusal, and a last one.
        "S: -ERR [SYS/TEMP] too busy".to_owned(),
        login("S: -ERR idle for too long"),
        login("C: QUIT\nS: -ERR some messages were not removed"),
        // Under TLS the session is the same, and whether USER still counts is open.
        format!("{HELLO}C: USER a\nS: +OK\nC: STLS\nS: +OK\nTLS\nC: PASS b\nS: +OK"),
        format!("{HELLO}{CAPA}C: STLS\nS: -ERR not now\nC: STLS\nS: +OK\nTLS\nC: STLS\nS: -ERR"),
        // AUTH alone lists mechanisms, where it is not refused.
        login("C: AUTH\nS: +OK\nS: PLAIN\nS: .\nC: AUTH\nS: -ERR"),
        format!(
            "{HELLO}C: AUTH PLAIN\nS: + \nC: STAT\nS: -ERR\nC: AUTH PLAIN\nS: + \nC: AGEAYg==\nS: +OK\nC: STAT\nS: +OK 0 0"
        ),
        // Commands sent together to a server that did not announce PIPELINING: one may be lost.
        format!("{HELLO}C: USER a // PASS b // STAT\nS: +OK\nS: +OK\nC: NOOP\nS: +OK 0 0"),
        format!("{HELLO}{CAPA}C: USER a // PASS b // STAT // QUIT\nS: +OK\nS: +OK\nS: +OK 0 0\nS: +OK"),
        // What DELE marked here, nobody knows.
        login(&format!("{LIST}C: DELE 1 2\nS: +OK\nC: LIST\nS: +OK\nS: 3 90\nS: .")),
        format!("{HELLO}RAW\nS: +OK\nS: +OK 1 1\nC: LIST 0\nS: +OK"),
    ] {
        assert_eq!(play(&dialogue).broken, [""; 0], "{dialogue}");
    }
}

#[test]
fn only_what_was_seen_was_watched() {
    let watched = play("S: +OK\nC: NOOP\nS: -ERR").watched;
    assert!(watched.contains(&ONE_RESPONSE.to_owned()));
    for id in [CHALLENGE_FORM, NEGATIVE, STAMP_DIFFERS, view::PERSISTENT, view::LIST_ONE] {
        assert!(!watched.contains(&id.to_owned()), "{id}");
    }
    assert!(watched.iter().all(|id| behind().contains(&id.as_str())));
}
