//! One row per invariant: a dialogue that conforms, and the same with one thing changed that breaks exactly that one. Beside
//! them freedoms of the server, about which nothing is said.

use super::super::{Framer, behind};
use super::*;

/// What a dialogue breaks, and what could have been broken in it.
struct Played {
    broken: Vec<String>,
    watched: Vec<String>,
}

/// Plays a dialogue: `S: ` and `C: ` lines, `C- ` a line without its end, `S~ ` one that ends in LF alone, `TLS`, `RAW` octets
/// that nobody counts, `FIN` of the server.
fn play(dialogue: &str) -> Played {
    let mut tracker = Tracker::new();
    tracker.opened(0);
    let mut framer = Framer::new();
    let mut broken = Vec::new();
    for line in dialogue.lines().map(str::trim_start).filter(|line| !line.is_empty()) {
        let (kind, rest) = line.split_at(line.len().min(3));
        match kind {
            // Several lines in one write are parted by ` // `.
            "C: " => tracker.sent(0, format!("{}\r\n", rest.replace(" // ", "\r\n")).as_bytes()),
            "C- " => tracker.sent(0, rest.replace(" // ", "\r\n").as_bytes()),
            "S: " => framer.push(format!("{rest}\r\n").as_bytes()),
            "S~ " => framer.push(format!("{rest}\n").as_bytes()),
            "TLS" => tracker.secured(0),
            "RAW" => tracker.suspend(0),
            "FIN" => broken.extend(tracker.closed(0)),
            _ => panic!("{line}"),
        }
        while let Some(frame) = framer.next() {
            broken.extend(tracker.received(0, &frame.unwrap()));
        }
    }
    Played {
        broken: broken.into_iter().map(|breach| breach.requirement.to_string()).collect(),
        watched: tracker.watched().iter().map(ToString::to_string).collect(),
    }
}

/// Up to a reply to EHLO that offers much.
const HELLO: &str = "S: 220 mx.example ready\nC: EHLO a.example\nS: 250-mx.example hello\nS: 250-SIZE 1000\nS: 250-STARTTLS
    S: 250-AUTH PLAIN CRAM-MD5\nS: 250-PIPELINING\nS: 250-8BITMIME\nS: 250-CHUNKING\nS: 250-BINARYMIME\nS: 250-SMTPUTF8
    S: 250-DELIVERBY 240\nS: 250-FUTURERELEASE 3600 2026-11-30T00:00:00Z\nS: 250-DSN\nS: 250-X-Y a b\nS: 250 ENHANCEDSTATUSCODES\n";
/// The same without enhanced status codes and PIPELINING.
const PLAIN: &str =
    "S: 220 mx.example\nC: EHLO a.example\nS: 250-mx.example\nS: 250-CHUNKING\nS: 250-AUTH PLAIN\nS: 250 HELP\n";
const MAIL: &str = "C: MAIL FROM:<a@a.example>\nS: 250 2.1.0 ok\nC: RCPT TO:<b@mx.example>\nS: 250 2.1.5 ok\n";
const AUTH: &str = "C: AUTH PLAIN AGEAYg==\nS: 235 2.7.0 in\n";

/// Requirement, dialogue, and what in it is replaced by what, at its last place.
type Row = (&'static str, String, &'static str, String);

fn rows() -> Vec<Row> {
    [grammar_rows(), ehlo_rows(), code_rows(), enhanced_rows(), login_rows(), session_rows(), transaction_rows()]
        .concat()
}

fn row(id: &'static str, dialogue: String, from: &'static str, to: &str) -> Row {
    (id, dialogue, from, to.to_owned())
}

fn hello(more: &str) -> String {
    format!("{HELLO}{more}")
}

fn plain(more: &str) -> String {
    format!("{PLAIN}{more}")
}

fn grammar_rows() -> Vec<Row> {
    let long = format!("S: 250 2.0.0 {}", "x".repeat(520));
    vec![
        row("rfc5321-2.3.8-replies-end-in-crlf", plain("C: NOOP\nS: 250 ok"), "S: 250 ok", "S~ 250 ok"),
        row("rfc5321-2.3.8-replies-end-in-crlf", plain("C: NOOP\nS: 250 ok"), "ok", "o\rk"),
        row("rfc5321-4.2-reply-code-range", plain("C: NOOP\nS: 250 ok"), "250", "260"),
        row("rfc5321-4.2-reply-line-syntax", plain("C: NOOP\nS: 250 ok"), "250 ", "250"),
        row("rfc5321-4.2.1-multiline-same-code", plain("C: HELP\nS: 214-a\nS: 214 b"), "214 ", "250 "),
        row("rfc5321-4.2-reply-text-characters", plain("C: NOOP\nS: 250 ok"), "ok", "\u{e9}"),
        row("rfc5321-4.5.3.1.5-reply-line-512", hello("C: NOOP\nS: 250 2.0.0 ok"), "S: 250 2.0.0 ok", &long),
        row("rfc5321-4.2-no-bare-codes", plain("C: NOOP\nS: 250 ok"), "250 ok", "250"),
        row("rfc5321-4.2-greeting-names-server", hello(""), "220 mx.example", "220 -"),
    ]
}

fn ehlo_rows() -> Vec<Row> {
    vec![
        row("rfc5321-4.1.1.1-hello-reply-names-server", hello(""), "250-mx.example", "250-mx_1.example"),
        row("rfc5321-4.1.1.1-ehlo-reply-syntax", hello(""), "250-mx.example hello", "250- hello"),
        row("rfc5321-4.1.1.1-ehlo-line-syntax", hello(""), "AUTH PLAIN", "AUTH=PLAIN"),
        row("rfc1870-3-keyword-parameter-syntax", hello(""), "SIZE 1000", "SIZE 1k"),
        row("rfc3207-2-no-keyword-parameter", hello(""), "STARTTLS", "STARTTLS x"),
        row("rfc2920-2-no-keyword-parameter", hello(""), "PIPELINING", "PIPELINING x"),
        row("rfc6152-2-no-keyword-parameter", hello(""), "8BITMIME", "8BITMIME x"),
        row("rfc2034-3-no-keyword-parameter", hello(""), "ENHANCEDSTATUSCODES", "ENHANCEDSTATUSCODES 2"),
        row("rfc3461-2-no-keyword-parameter", hello(""), "DSN", "DSN x"),
        row("rfc6531-3.1-no-keyword-parameter", hello(""), "SMTPUTF8", "SMTPUTF8 x"),
        row("rfc6531-3.1-8bitmime-announced", hello(""), "8BITMIME", "X-8BIT"),
        row("rfc3030-3-binarymime-requires-chunking", hello(""), "CHUNKING", "X-CHUNKING"),
        row("rfc4954-3-keyword-lists-mechanisms", hello(""), "CRAM-MD5", "cram-md5"),
        row("rfc2852-2-keyword-parameter-syntax", hello(""), "DELIVERBY 240", "DELIVERBY soon"),
        row("rfc4865-3-keyword-parameters", hello(""), "FUTURERELEASE 3600", "FUTURERELEASE 0"),
        row(
            "rfc8689-2-only-offered-inside-tls",
            hello("C: STARTTLS\nS: 220 2.0.0 go\nTLS\nC: EHLO a\nS: 250-mx.example\nS: 250 REQUIRETLS"),
            "TLS\n",
            "",
        ),
        row(
            "rfc3207-4.2-starttls-not-offered-in-tls",
            hello("C: STARTTLS\nS: 220 2.0.0 go\nTLS\nC: EHLO a\nS: 250-mx.example\nS: 250 DSN"),
            "250 DSN",
            "250 STARTTLS",
        ),
        row(
            "rfc5321-3.2-helo-reply-not-ehlo-style",
            plain("C: HELO a\nS: 250-mx.example\nS: 250 hi"),
            "hi",
            "8BITMIME",
        ),
    ]
}

fn code_rows() -> Vec<Row> {
    vec![
        row("rfc5321-4.3.2-codes-of-transaction-commands", hello(MAIL), "250 2.1.5", "252 2.1.5"),
        row("rfc5321-4.3.2-codes-of-transaction-commands", plain("C: MAIL FROM:<>\nS: 250 ok"), "250 ok", "354 go"),
        row("rfc5321-4.3.2-codes-vrfy-expn-help", plain("C: HELP\nS: 214 x"), "214", "250"),
        row("rfc5321-4.3.2-codes-of-transaction-commands", plain(""), "220 mx.example", "250 mx.example"),
        row("rfc5321-4.3.2-codes-of-transaction-commands", plain("C: HELO a\nS: 250 mx.example"), "250 mx", "220 mx"),
        row(
            "rfc5321-4.3.2-codes-of-transaction-commands",
            hello(&format!("{MAIL}C: DATA\nS: 354 go\nC: .\nS: 250 2.0.0 ok")),
            "250 2.0.0",
            "251 2.0.0",
        ),
        row("rfc5321-4.3.2-codes-vrfy-expn-help", plain("C: VRFY a\nS: 252 x"), "252", "220"),
        row("rfc5321-4.3.2-codes-vrfy-expn-help", plain("C: EXPN a\nS: 250 x"), "250", "251"),
        row("rfc5321-3.3-data-354", hello(&format!("{MAIL}C: DATA\nS: 354 go")), "354 go", "250 2.0.0 go"),
        row("rfc5321-4.1.1.5-rset-any-time", hello("C: RSET\nS: 250 2.0.0 ok"), "250", "220"),
        row("rfc5321-4.1.1.9-noop-250", hello("C: NOOP\nS: 250 2.0.0 ok"), "250", "220"),
        row("rfc5321-4.1.1.10-quit-221", hello("C: QUIT\nS: 221 2.0.0 bye"), "221 2", "503 5"),
        row("rfc3207-4-starttls-220", hello("C: STARTTLS\nS: 220 2.0.0 go"), "220", "250"),
    ]
}

fn login_rows() -> Vec<Row> {
    vec![
        row("rfc4954-4-success-235", hello(AUTH), "235", "250"),
        row(
            "rfc4954-4-challenge-only-base64",
            hello("C: AUTH CRAM-MD5\nS: 334 PDEuMkBteD4="),
            "PDEuMkBteD4=",
            "<1.2@mx>",
        ),
        row("rfc4954-4-plain-without-initial-response", hello("C: AUTH PLAIN\nS: 334 "), "334 ", "334 YQ=="),
        row("rfc4954-4-empty-challenge-format", hello("C: AUTH PLAIN\nS: 334 "), "334 ", "334"),
        row(
            "rfc4954-4-second-auth-503",
            hello(&format!("{AUTH}C: AUTH PLAIN AGEAYg==\nS: 503 5.5.1 no")),
            "503 5.5.1",
            "235 2.7.0",
        ),
        row(
            "rfc4954-4-auth-in-transaction-503",
            hello(&format!("{MAIL}C: AUTH CRAM-MD5\nS: 503 5.5.1 no")),
            "503 5.5.1 no",
            "334 PDEuMkBteD4=",
        ),
        row("rfc4954-6-enhanced-codes", hello(AUTH), "2.7.0", "2.0.0"),
    ]
}

fn enhanced_rows() -> Vec<Row> {
    vec![
        row("rfc2034-4-code-in-every-reply", hello("C: NOOP\nS: 250 2.0.0 ok"), "250 2.0.0 ok", "250 ok"),
        row("rfc2034-4-code-syntax", hello("C: NOOP\nS: 250 2.0.0 ok"), "2.0.0", "2.0"),
        row("rfc2034-4-code-followed-by-space", hello("C: NOOP\nS: 250 2.0.0 ok"), "2.0.0 ok", "2.0.0: ok"),
        row("rfc2034-4-class-agrees-with-reply", hello("C: NOOP\nS: 250 2.0.0 ok"), "2.0.0", "5.0.0"),
        row(
            "rfc2034-4-same-code-on-every-line",
            hello("C: HELP\nS: 214-2.0.0 a\nS: 214 2.0.0 b"),
            "2.0.0 b",
            "2.0.1 b",
        ),
        row("rfc3463-2-no-leading-zeros", hello("C: NOOP\nS: 250 2.0.0 ok"), "2.0.0", "2.0.00"),
    ]
}

fn session_rows() -> Vec<Row> {
    vec![
        row("rfc5321-4.2-one-reply-per-command", hello("C: NOOP\nS: 250 2.0.0 ok"), "ok", "ok\nS: 250 2.0.0 ok"),
        row(
            "rfc5321-4.1.1.4-one-final-reply",
            hello(&format!("{MAIL}C: DATA\nS: 354 go\nC: x // .\nS: 250 2.0.0 ok")),
            "ok",
            "ok\nS: 250 2.0.0 ok",
        ),
        row(
            "rfc5321-3.8-421-before-unsolicited-close",
            hello("C: NOOP\nS: 421 4.0.0 bye\nFIN"),
            "S: 421 4.0.0 bye\n",
            "",
        ),
    ]
}

fn transaction_rows() -> Vec<Row> {
    vec![
        row("rfc5321-4.1.4-out-of-order-503", hello("C: RCPT TO:<b@b>\nS: 503 5.5.1 no"), "503 5.5.1", "250 2.1.5"),
        row(
            "rfc3030-2-data-after-bdat-503",
            hello(&format!("{MAIL}C- BDAT 3 // abc\nS: 250 2.0.0 ok\nC: DATA\nS: 503 5.5.1 no")),
            "503 5.5.1",
            "354",
        ),
        row(
            "rfc3030-2-bdat-after-last-503",
            hello(&format!("{MAIL}C: BDAT 0 LAST\nS: 250 2.0.0 ok\nC: BDAT 0 LAST\nS: 503 5.5.1 no")),
            "503 5.5.1",
            "250 2.0.0",
        ),
        row(
            "rfc3030-2-each-chunk-acknowledged",
            hello(&format!("{MAIL}C: BDAT 0 LAST\nS: 250 2.0.0 ok")),
            "250 2.0.0 ok",
            "251 2.0.0 ok",
        ),
        row(
            "rfc3030-3-data-with-binarymime-503",
            hello("C: MAIL FROM:<> BODY=BINARYMIME\nS: 250 2.1.0 ok\nC: DATA\nS: 503 5.5.1 no"),
            "503 5.5.1",
            "354",
        ),
        row(
            "rfc1985-5-not-in-transaction",
            hello(&format!("{MAIL}C: ETRN a\nS: 503 5.5.1 no")),
            "503 5.5.1",
            "250 2.0.0",
        ),
        row(
            "rfc6531-3.7.4.2-no-utf8-in-replies-without-parameter",
            hello("C: VRFY a SMTPUTF8\nS: 252 2.0.0 \u{e9}\nC: VRFY a\nS: 252 2.0.0 x"),
            "x",
            "\u{e9}",
        ),
    ]
}

#[test]
fn each_breach_is_charged_to_its_requirement_alone() {
    for (id, dialogue, from, to) in rows() {
        let good = play(&dialogue);
        assert_eq!(good.broken, [""; 0], "{id}: {dialogue}");
        let at = dialogue.rfind(from).unwrap_or_else(|| panic!("{id}: no {from}"));
        let spoilt = format!("{}{to}{}", &dialogue[..at], &dialogue[at + from.len()..]);
        let bad = play(&spoilt);
        assert_eq!(bad.broken, [id], "{spoilt}");
        assert!(bad.watched.contains(&id.to_owned()), "{id} is not watched: {spoilt}");
        assert!(good.watched.contains(&id.to_owned()), "{id} is not watched: {dialogue}");
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
    for dialogue in [
        // No mail is taken here, by RFC 5321 §3.1 and RFC 7504; and anything is refused but QUIT.
        "S: 554 no mail here\nC: EHLO a\nS: 503 no\nC: NOOP\nS: 503 no\nC: QUIT\nS: 221 bye\nFIN".to_owned(),
        "S: 521 mx.example\nFIN".to_owned(),
        "S: 220-[192.0.2.1] a\nS: 220 b\nC: EHLO a\nS: 250-[IPv6:2001:db8::1] \u{1}\nS: 250-SIZE\nS: 250-AUTH\nS: 250 DELIVERBY ,x".to_owned(),
        // A keyword twice is only odd. RFC 5321 §4.1.1.1.
        "S: 220 a\nC: EHLO a\nS: 250-a\nS: 250-HELP\nS: 250 HELP".to_owned(),
        // Without the keyword nobody promised enhanced codes; the greeting and the replies to HELO have none.
        format!("{PLAIN}C: NOOP\nS: 250 ok\nC: RSET\nS: 250 5.0.0 ok"),
        hello("C: HELO a\nS: 250 mx.example"),
        // Whether the extension is offered within TLS too is not known before EHLO.
        hello("C: STARTTLS\nS: 220 2.0.0 go\nTLS\nC: NOOP\nS: 250 ok"),
        hello("C: STARTTLS\nS: 454 4.7.0 later\nC: NOOP\nS: 250 2.0.0 ok"),
        // A login before TLS is forgotten with the rest. RFC 3207 §4.2.
        hello(&format!("{AUTH}C: STARTTLS\nS: 220 2.0.0 go\nTLS\nC: EHLO a\nS: 250-mx.example\nS: 250 AUTH PLAIN\nC: AUTH PLAIN AGEAYg==\nS: 235 2.7.0 in")),
        // An exchange: the client's answers are no commands.
        hello("C: AUTH CRAM-MD5\nS: 334 PDEuMkBteD4=\nC: QUIT\nS: 501 5.5.2 no\nC: NOOP\nS: 250 2.0.0 ok"),
        hello("C: AUTH PLAIN AGEAYg== // MAIL FROM:<>\nS: 535 5.7.8 no\nS: 530 5.7.0 no"),
        hello("C: AUTH PLAIN AGEAYg== // MAIL FROM:<>\nS: 334 \nS: 501 5.5.2 no\nS: 250 2.0.0 x\nS: 250 2.0.0 x"),
        // A transaction that is nested or begun anew, and one that ends.
        hello(&format!("{MAIL}C: MAIL FROM:<>\nS: 503 5.5.1 no\nC: RCPT TO:<c@b>\nS: 250 2.1.5 ok")),
        hello(&format!("{MAIL}C: DATA\nS: 354 go\nC: .\nS: 554 5.0.0 no\nC: RCPT TO:<c@b>\nS: 250 2.1.5 ok")),
        hello(&format!("{MAIL}C: DATA // RSET\nS: 354 go\nS: 250 2.0.0 ok\nS: 250 2.0.0 ok")),
        hello(&format!("{MAIL}C: DATA\nS: 354 go\nC: x // . // RSET // NOOP\nS: 250 2.0.0 ok\nS: 250 2.0.0 ok\nS: 250 2.0.0 ok")),
        hello(&format!("{MAIL}C- BDAT 5 // ab\nC- cde\nS: 250 2.0.0 ok\nC: BDAT 0 LAST // RSET\nS: 250 2.0.0 ok\nS: 250 2.0.0 ok")),
        hello(&format!("{MAIL}C: BDAT 0 LAST\nS: 451 4.0.0 no\nC: BDAT 0 LAST\nS: 250 2.0.0 ok")),
        // A server may refuse a BDAT that is spaced oddly, and take what follows for commands.
        // A blank or a tab in front: some servers look behind it for a verb, others know no such command.
        hello("C: \tQUIT\nS: 500 5.5.2 what\nC:  EHLO a\nS: 250 2.0.0 ok"),
        hello(&format!("{MAIL}C: \tDATA\nS: 354 go on\nC: QUIT\nC: .\nS: 250 2.0.0 ok")),
        // More digits than RFC 3030 §2 has: refused, or taken for a size.
        hello(&format!("{MAIL}C: BDAT 000000000000000000004 // NOOP\nS: 501 5.5.4 no\nS: 250 2.0.0 ok")),
        hello(&format!("{MAIL}C: BDAT 000000000000000000006 // NOOP\nS: 250 2.0.0 ok")),
        hello(&format!("{MAIL}C: BDAT  9 // NOOP\nS: 501 5.5.4 no\nS: 250 2.0.0 ok")),
        // Chunks for a server that does not know them are lines, who knows how many.
        "S: 220 a\nC: EHLO a\nS: 250 a\nC- BDAT 3 // a\nS: 500 a\nS: 500 a\nS: 500 a".to_owned(),
        // RFC 5321 §4.2.3 lets 421 come at any time; after an error and at an idle time a close needs no word.
        hello("S: 421 bye\nFIN"),
        hello("FIN"),
        hello("C: XYZZY\nS: 500 5.5.2 no\nC: NOOP\nFIN"),
        hello("C: QUIT\nFIN"),
        hello("C: QUIT\nS: 421 4.0.0 bye\nFIN"),
        // Lost input: without PIPELINING nobody knows which reply is missing.
        format!("{PLAIN}C: RSET // HELP // NOOP\nS: 250 ok\nS: 250 ok\nC: HELP\nS: 214 x"),
        format!("{PLAIN}RAW\nS: 250 a\nS: 334 YQ==\nC: DATA\nS: 250 a\nFIN"),
        // Other lines after SMTPUTF8. RFC 6531 §3.7.4.2 gives MAIL the replies 251 and 551.
        hello("C: MAIL FROM:<> SMTPUTF8\nS: 250 2.1.0 ok\nC: RCPT TO:<b@b>\nS: 551 5.1.6 <\u{e9}@b>"),
    ] {
        assert_eq!(play(&dialogue).broken, [""; 0], "{dialogue}");
    }
}

#[test]
fn only_what_was_seen_was_watched() {
    let watched = play("S: 220 mx.example\nC: NOOP\nS: 250 ok").watched;
    assert!(watched.contains(&ONE_REPLY.to_owned()));
    for id in [EMPTY_CHALLENGE, ONE_FINAL, CLOSE, "rfc2034-4-code-in-every-reply", EHLO_REQUIREMENTS[0]] {
        assert!(!watched.contains(&id.to_owned()), "{id}");
    }
    assert!(watched.iter().all(|id| behind().contains(&id.as_str())));
}
