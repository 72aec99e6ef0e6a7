//! The trackers over random dialogues. A line of input is `C octets` or `S octets`, escaped or not, with the
//! number of the session before it; `X` suspends, `R` opens anew, `T`
//! is TLS, `O` is others who speak.

use mailproof::base::{Breach, ByteString, RequirementId};
use mailproof::{imap, pop3, smtp};

use super::Target;
use super::framers::{IMAP_WORDS, POP3_WORDS, SMTP_WORDS};
use crate::check::{ensure, inside, tame};
use crate::corpus;

pub(super) fn targets() -> Vec<Target> {
    vec![
        Target {
            name: "smtp-watch",
            grammar: &[
                "[01]?S (220|250|354|421|503|535|221) [a-z .]{0,9}\n",
                "[01]?C (EHLO a\\.test|HELO a|MAIL FROM:<a@b>|RCPT TO:<c@d>|DATA|RSET|QUIT|NOOP|AUTH PLAIN AGEAYg==|STARTTLS|BDAT [0-9]{1,2} LAST|\\.|VRFY a)\n",
                "S 250-a\n",
                "S 250 (SIZE 5|ENHANCEDSTATUSCODES|PIPELINING)\n",
                "[012]?(X|R|T|O)\n",
            ],
            words: SMTP_WORDS,
            seeds: || {
                dialogue(&[
                    "S 220 a ESMTP\nC EHLO b\nS 250-a\nS 250-PIPELINING\nS 250 SIZE 10\nC MAIL FROM:<>\nS 250 2.1.0 ok\nC RCPT TO:<a@b>\nS 250 ok\nC DATA\nS 354 go\nC a\nC .\nS 250 ok\nC QUIT\nS 221 bye\n",
                ])
            },
            check: smtp_watch,
        },
        Target {
            name: "pop3-watch",
            grammar: &[
                "[01]?S (\\+OK|-ERR)( [0-9]{1,3}){0,2}\n",
                "[01]?C (USER a|PASS b|STAT|LIST|LIST [1-9]|RETR [1-9]|DELE [1-9]|RSET|UIDL|UIDL [1-9]|TOP 1 [0-9]|QUIT|CAPA|AUTH PLAIN|STLS|NOOP)\n",
                "S ([1-9] [0-9]{1,4}|[1-9] [a-z]{1,5}|\\.)\n",
                "[012]?(X|R|T|O)\n",
            ],
            words: POP3_WORDS,
            seeds: || {
                dialogue(&[
                    "S +OK hi\nC USER a\nS +OK\nC PASS b\nS +OK\nC STAT\nS +OK 1 10\nC LIST\nS +OK\nS 1 10\nS .\nC UIDL\nS +OK\nS 1 x\nS .\nC DELE 1\nS +OK\nC QUIT\nS +OK\n",
                ])
            },
            check: pop3_watch,
        },
        Target {
            name: "imap-watch",
            grammar: &[
                "[012]S (\\* (OK|NO|BYE|BAD|PREAUTH) (\\[(UIDVALIDITY 3|UIDNEXT [0-9]|CLOSED|READ-ONLY|HIGHESTMODSEQ 5)\\] )?a|[aA]?[1-4] (OK|NO|BAD) (\\[(COPYUID 3 1 2|APPENDUID 3 [0-9]|READ-WRITE)\\] )?x|\\+ go)\n",
                "[012]S \\* [0-9] (EXISTS|EXPUNGE|RECENT|FETCH \\(((FLAGS \\((\\\\Seen)?\\)|UID [1-9]|MODSEQ \\([1-9]\\)) ?){1,2}\\))\n",
                "[012]S \\* (SEARCH( [0-9]){0,4}|VANISHED( \\(EARLIER\\))? [1-9]:[1-9]|ENABLED (QRESYNC|IMAP4rev2)|FLAGS \\(a\\)|LIST \\((\\\\Noselect ?|\\\\HasChildren ?|\\\\HasNoChildren ?){0,3}\\) \"/\" a)\n",
                "[012]C [1-4] (SELECT a|EXAMINE b|CLOSE|UNSELECT|EXPUNGE|NOOP|FETCH 1:\\* \\(FLAGS UID\\)|UID FETCH 1:\\* FLAGS|STORE 1 FLAGS \\(a\\)|SEARCH ALL|UID SEARCH ALL|COPY 1 b|UID MOVE 1 b|IDLE|LOGIN a b|ENABLE QRESYNC|AUTHENTICATE PLAIN|LOGOUT|NOTIFY NONE|APPEND a \\{3\\})\n",
                "[012](C DONE|C abc|X|R)\n",
            ],
            words: IMAP_WORDS,
            seeds: imap_dialogues,
            check: imap_watch,
        },
    ]
}

fn dialogue(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn imap_dialogues() -> Vec<Vec<u8>> {
    let came = corpus::responses();
    let mut all = dialogue(&[
        "0S * OK hi\n0C 1 LOGIN a b\n0S 1 OK in\n0C 2 SELECT a\n0S * 3 EXISTS\n0S * OK [UIDVALIDITY 3] x\n0S * OK [UIDNEXT 9] x\n0S 2 OK [READ-WRITE] x\n\
         0C 3 FETCH 1:* (UID FLAGS)\n0S * 1 FETCH (UID 4 FLAGS (a))\n0S * 2 FETCH (UID 5 FLAGS ())\n0S 3 OK x\n0C 4 EXPUNGE\n0S * 1 EXPUNGE\n0S 4 OK x\n",
        "0S * PREAUTH hi\n0C 1 IDLE\n0S + go\n0S * 4 EXISTS\n0C DONE\n0S 1 OK x\n0C 2 LOGOUT\n0S * BYE x\n0S 2 OK x\n",
    ]);
    let lines = came.iter().map(|line| format!("0S {}\n", ByteString::from(line.as_slice()).escaped()));
    all.extend(lines.collect::<Vec<_>>().chunks(8).map(|chunk| chunk.concat().into_bytes()));
    all
}

/// The lines of a dialogue: session, direction, octets with CRLF.
fn lines(input: &[u8]) -> impl Iterator<Item = (usize, u8, Vec<u8>)> {
    input.split(|octet| *octet == b'\n').filter(|line| !line.is_empty()).map(|line| {
        let digit = line.first().filter(|octet| octet.is_ascii_digit());
        let session = digit.map_or(0, |octet| usize::from(octet % 3));
        let line = line.get(usize::from(digit.is_some())..).unwrap_or_default();
        let text = String::from_utf8_lossy(line.get(2..).unwrap_or_default()).into_owned();
        let mut octets = ByteString::unescape(&text).map_or_else(|_| text.clone().into_bytes(), ByteString::into_bytes);
        if !octets.ends_with(b"\n") {
            octets.extend_from_slice(b"\r\n");
        }
        (session, line.first().copied().unwrap_or_default(), octets)
    })
}

fn breaches(found: &[Breach], raw: &[u8], behind: &[&str]) -> Result<(), String> {
    for breach in found {
        ensure(behind.contains(&breach.requirement.as_str()), || format!("behind: {breach:?}"))?;
        tame("breach", &breach.what)?;
        breach.at.iter().try_for_each(|at| inside("place of a breach", &(at.start..at.start), raw.len()))?;
    }
    Ok(())
}

fn watched(found: &[RequirementId], behind: &[&str]) -> Result<(), String> {
    let unknown = found.iter().find(|id| !behind.contains(&id.as_str()));
    ensure(unknown.is_none(), || format!("watched: {unknown:?}"))
}

fn smtp_watch(input: &[u8]) -> Result<(), String> {
    let mut tracker = smtp::Tracker::new();
    let mut framers = [smtp::Framer::new(), smtp::Framer::new()];
    (0..2).for_each(|session| tracker.opened(session));
    for (session, direction, octets) in lines(input) {
        match direction {
            b'X' => tracker.suspend(session),
            b'R' => tracker.opened(session),
            b'T' => tracker.secured(session),
            b'S' => {
                let Some(framer) = framers.get_mut(session) else { continue };
                framer.push(&octets);
                while let Some(Ok(frame)) = framer.next() {
                    breaches(&tracker.received(session, &frame), &frame.raw, smtp::behind())?;
                }
            }
            _ => tracker.sent(session, &octets),
        }
    }
    (0..3).try_for_each(|session| breaches(&tracker.closed(session), &[], smtp::behind()))?;
    watched(&tracker.watched(), smtp::behind())
}

fn pop3_watch(input: &[u8]) -> Result<(), String> {
    let mut tracker = pop3::Tracker::new();
    let mut framers = [pop3::Framer::new(), pop3::Framer::new()];
    (0..2).for_each(|session| tracker.opened(session));
    for (session, direction, octets) in lines(input) {
        let framer = framers.get_mut(session);
        match direction {
            b'X' => {
                tracker.suspend(session);
                framer.into_iter().for_each(pop3::Framer::forget);
            }
            b'R' => tracker.opened(session),
            b'T' => tracker.secured(session),
            b'O' => tracker.others_spoke(),
            b'S' => {
                let Some(framer) = framer else { continue };
                framer.push(&octets);
                while let Some(Ok(frame)) = framer.next() {
                    breaches(&tracker.received(session, &frame), &frame.raw, pop3::behind())?;
                }
            }
            _ => {
                framer.into_iter().for_each(|framer| framer.expect(pop3::form_of(&octets)));
                tracker.sent(session, &octets);
            }
        }
    }
    watched(&tracker.watched(), pop3::behind())
}

fn imap_watch(input: &[u8]) -> Result<(), String> {
    let mut tracker = imap::Tracker::new();
    let mut framers = [imap::Revision::Rev1, imap::Revision::Rev2].map(imap::Framer::new);
    tracker.opened(0, imap::Revision::Rev1);
    tracker.opened(1, imap::Revision::Rev2);
    for (session, direction, octets) in lines(input) {
        match direction {
            b'X' => tracker.suspend(session),
            b'R' => tracker.opened(session, imap::Revision::Rev1),
            b'S' => {
                let Some(framer) = framers.get_mut(session) else { continue };
                framer.push(&octets);
                while let Some(Ok(frame)) = framer.next() {
                    breaches(&tracker.received(session, &frame), &frame.raw, imap::behind())?;
                }
                tracker.revision(session).into_iter().for_each(|revision| framer.set_revision(revision));
            }
            _ => tracker.sent(session, &octets),
        }
    }
    watched(&tracker.watched(), imap::behind())
}
