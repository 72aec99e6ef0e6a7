//! Dialogues with the reference server, two sessions in turn, valid commands and damaged ones, while the trackers of the
//! judge listen: whatever clients say, the server breaks no invariant.
//!
//! A line of input is said as it stands, in the session that a digit before it names, and all that comes back is heard
//! before the next one: so a server only ever owes answers to what was said.

use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use mailproof::base::Breach;
use mailproof::refserver::smtp::{Post, Service};
use mailproof::refserver::{imap as imap_server, pop3 as pop3_server, smtp as smtp_server};
use mailproof::{imap, pop3, smtp};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::task::JoinSet;

use super::Target;
use super::sessions::{IMAP_WORDS, World, pop3_seeds, smtp_seeds};
use crate::check::ensure;

const SMTP: &[&str] = &[
    "[01]?(EHLO|HELO) (client\\.test|\\[127\\.0\\.0\\.1\\])\r\n",
    "1AUTH (PLAIN AGFsaWNlAGFsaWNlLXNlY3JldA==|PLAIN|LOGIN|CRAM-MD5|SCRAM-SHA-256)\r\n",
    "[01]?MAIL FROM:<(|alice@example\\.test|carol@elsewhere\\.example)>( SIZE=[0-9]{1,6}| BODY=(8BITMIME|7BIT|BINARYMIME)| RET=(HDRS|FULL)| ENVID=a| SMTPUTF8){0,2}\r\n[01]?RCPT TO:<(alice@example\\.test|bob@example\\.test|nobody@example\\.test|a@elsewhere\\.example|Postmaster)>( NOTIFY=(NEVER|SUCCESS,FAILURE)| ORCPT=rfc822;a\\+2Bb)?\r\n",
    "DATA\r\n(Subject: x\r\n)?\r\n((\\.\\.)?[ -~]{0,20}\r\n){0,4}\\.\r\n",
    "BDAT 3\r\na\r\nBDAT (0|2) LAST\r\n\r\n",
    "[01]?(RSET|NOOP( a)?|HELP|VRFY (alice|nobody)|EXPN a|STARTTLS|QUIT)\r\n",
];
const POP3: &[&str] = &[
    "[01]?(STAT|LIST|UIDL|NOOP|RSET|CAPA|LANG|UTF8)\r\n",
    "[01]?(LIST|UIDL|RETR|DELE) [0-4]\r\n",
    "[01]?TOP [0-4] [0-9]{1,3}\r\n",
    "[01]?(USER (alice|bob)|PASS alice-secret|QUIT|STLS|AUTH|AUTH PLAIN AGJvYgBib2Itc2VjcmV0|APOP alice [0-9a-f]{32})\r\n",
];
const IMAP: &[&str] = &[
    "[01]?[a-z][0-9] (SELECT|EXAMINE) (INBOX|box|box/in)( \\(CONDSTORE\\))?\r\n",
    "[01]?[a-z][0-9] APPEND (INBOX|box) (\\(\\\\(Seen|Deleted|Flagged)\\) )?(\" 1-Jan-2026 10:00:00 \\+0000\" )?\\{(5\\+?\\}\r\nab\r\nc|0\\+?\\}\r\n|17\\+\\}\r\nSubject: x\r\n\r\ny\r\n)\r\n",
    "[01]?[a-z][0-9] (UID )?FETCH ([1-4]|1:\\*|\\*|[12]:[34]) (FLAGS|FULL|\\(UID FLAGS MODSEQ\\)|\\(UID BODY\\[\\]\\)|BODY\\.PEEK\\[(HEADER|TEXT|1|1\\.MIME)\\]<[0-3]\\.[1-9]>|BODYSTRUCTURE|PREVIEW|BINARY\\.SIZE\\[1\\]|\\(UID\\) \\(CHANGEDSINCE [1-9]( VANISHED)?\\))\r\n",
    "[01]?[a-z][0-9] (UID )?STORE ([1-4]|1:\\*|2:3) (\\(UNCHANGEDSINCE [0-9]\\) )?[+-]?FLAGS(\\.SILENT)? \\((\\\\Seen|\\\\Deleted|\\\\Flagged \\$a)\\)\r\n",
    "[01]?[a-z][0-9] (UID )?(COPY|MOVE) ([1-4]|1:\\*) (INBOX|box|nowhere)\r\n",
    "[01]?[a-z][0-9] (UID EXPUNGE (1:\\*|[1-4])|EXPUNGE|EXPUNGE|CLOSE|UNSELECT|CHECK|NOOP|NOOP)\r\n",
    "[01]?[a-z][0-9] (UID )?SEARCH( RETURN \\((MIN|MAX|COUNT|ALL|SAVE|MIN SAVE)?\\))?( (NOT )?(ALL|SEEN|DELETED|NEW|UID 1:\\*|\\$|MODSEQ [0-9]|LARGER [0-9]|SUBJECT x|OR SEEN DELETED)){1,2}\r\n",
    "[01]?[a-z][0-9] (UID )?REPLACE [1-4*] (INBOX|box|nowhere) (\\(\\\\Draft\\) )?~?\\{17\\+\\}\r\nSubject: y\r\n\r\nz\r\n\r\n",
    "[01]?[a-z][0-9] (UID SEARCH RETURN \\((SAVE )?PARTIAL -?[1-3]:-?[1-3]\\) ALL|UID FETCH 1:\\* \\(FLAGS PREVIEW \\(LAZY\\) BINARY\\[1\\]\\) \\(PARTIAL -?[1-3]:-?[1-3]( CHANGEDSINCE [1-9])?\\))\r\n",
    "[01]?[a-z][0-9] (CREATE|DELETE|SUBSCRIBE|UNSUBSCRIBE) (box|box/in|\"other one\"|INBOX)\r\n",
    "[01]?[a-z][0-9] RENAME (box|INBOX|box/in) (new/away|box)\r\n",
    "[01]?[a-z][0-9] ((LIST|LSUB) \"\" (\\*|%|box%)|LIST (\\(SUBSCRIBED\\) )?\"\" \\* RETURN \\((CHILDREN|STATUS \\(MESSAGES UIDNEXT\\)|SPECIAL-USE)\\))\r\n",
    "[01]?[a-z][0-9] STATUS (INBOX|box) \\((MESSAGES|UIDNEXT|UIDVALIDITY|UNSEEN|RECENT|HIGHESTMODSEQ|SIZE|DELETED)\\)\r\n",
    "[01]?[a-z][0-9] (ENABLE (CONDSTORE|QRESYNC|IMAP4rev2|UTF8=ACCEPT)|NAMESPACE|ID NIL|CAPABILITY|IDLE|GETQUOTAROOT INBOX|MYRIGHTS box|GETACL box|UID SORT \\(DATE\\) UTF-8 ALL|THREAD REFERENCES UTF-8 ALL|LOGOUT)\r\n",
];

pub(super) fn targets() -> Vec<Target> {
    vec![
        Target {
            name: "smtp-dialogue",
            grammar: SMTP,
            words: &["\r\n.\r\n", "\r\n", "0", "1", "<", ">", "@", "SIZE="],
            seeds: smtp_seeds,
            check: smtp_dialogue,
        },
        Target {
            name: "pop3-dialogue",
            grammar: POP3,
            words: &["\r\n", "0", "1", "RETR 1\r\n", "TOP 1 0\r\n"],
            seeds: pop3_seeds,
            check: pop3_dialogue,
        },
        Target {
            name: "imap-dialogue",
            grammar: IMAP,
            words: IMAP_WORDS,
            seeds: || {
                vec![
                    b"a1 SELECT INBOX\r\n1b1 SELECT INBOX\r\na2 STORE 1:2 +FLAGS (\\Deleted)\r\n1b2 NOOP\r\na3 EXPUNGE\r\n1b3 FETCH 1 UID\r\n1b4 NOOP\r\n".to_vec(),
                    b"a1 ENABLE QRESYNC\r\na2 SELECT INBOX\r\n1b1 SELECT INBOX\r\na3 IDLE\r\n1b2 UID MOVE 1 box\r\n1b3 CREATE box\r\n1b4 UID MOVE 1:2 box\r\n".to_vec(),
                ]
            },
            check: imap_dialogue,
        },
    ]
}

trait Client: AsyncRead + AsyncWrite + Send {}
impl<T: AsyncRead + AsyncWrite + Send> Client for T {}

/// A connection whose server goes on only while it is spoken to, in this thread: nothing depends on time.
struct Spoken<'s> {
    client: Pin<Box<dyn Client>>,
    server: Option<Pin<Box<dyn Future<Output = std::io::Result<()>> + 's>>>,
    /// Whether the server has closed.
    over: Over,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Over {
    No,
    Yes,
}

impl Spoken<'_> {
    /// Says octets, and gives all that comes back before the server waits for more.
    fn say(&mut self, octets: &[u8]) -> Vec<u8> {
        let mut context = Context::from_waker(Waker::noop());
        let (mut rest, mut heard) = (octets, Vec::new());
        // What is written may take a round until it is sent, and so may the answer.
        let mut idle = 0;
        while idle < 3 && self.over == Over::No {
            idle += 1;
            match self.client.as_mut().poll_write(&mut context, rest) {
                Poll::Ready(Ok(count)) if count > 0 => {
                    rest = rest.get(count..).unwrap_or_default();
                    idle = 0;
                }
                // A server that has closed hears nothing more.
                Poll::Ready(Err(_)) => rest = &[],
                Poll::Ready(Ok(_)) | Poll::Pending => {}
            }
            let _flushed = self.client.as_mut().poll_flush(&mut context);
            if self.server.as_mut().is_some_and(|server| server.as_mut().poll(&mut context).is_ready()) {
                self.server = None;
                idle = 0;
            }
            let before = heard.len();
            self.hear(&mut context, &mut heard);
            if heard.len() > before {
                idle = 0;
            }
        }
        heard
    }

    fn hear(&mut self, context: &mut Context<'_>, heard: &mut Vec<u8>) {
        let mut chunk = [0; 4096];
        loop {
            let mut buffer = ReadBuf::new(&mut chunk);
            match self.client.as_mut().poll_read(context, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => heard.extend_from_slice(buffer.filled()),
                Poll::Ready(Ok(()) | Err(_)) => return self.over = Over::Yes,
                Poll::Pending => return,
            }
        }
    }
}

/// The judge's view of a dialogue.
trait Watch {
    fn said(&mut self, session: usize, octets: &[u8]);
    fn heard(&mut self, session: usize, octets: &[u8]) -> Result<(), String>;
    /// The server has closed; what was left behind a whole answer.
    fn closed(&mut self, session: usize) -> Result<(), String>;
}

/// Greetings, then each line of the input in its session; the other one is listened to as well.
fn converse(sessions: &mut [Spoken<'_>; 2], watch: &mut impl Watch, lines: &[(usize, Vec<u8>)]) -> Result<(), String> {
    let mut turn = |sessions: &mut [Spoken<'_>; 2], chosen: usize, line: &[u8]| -> Result<(), String> {
        for (number, session) in sessions.iter_mut().enumerate() {
            let said = if number == chosen { line } else { &[] };
            if session.over == Over::Yes {
                continue;
            }
            if !said.is_empty() {
                watch.said(number, said);
            }
            let after = |wrong: String| format!("{wrong}\nafter {}", String::from_utf8_lossy(said).escape_debug());
            watch.heard(number, &session.say(said)).map_err(after)?;
            if session.over == Over::Yes {
                watch.closed(number).map_err(after)?;
            }
        }
        Ok(())
    };
    turn(sessions, 0, b"")?;
    let mut idles = [false; 2];
    for (chosen, line) in lines {
        let Some(idle) = idles.get_mut(*chosen) else { continue };
        if std::mem::take(idle) {
            turn(sessions, *chosen, b"DONE\r\n")?;
        }
        *idle = line.to_ascii_uppercase().ends_with(b" IDLE\r\n");
        turn(sessions, *chosen, line)?;
    }
    Ok(())
}

/// The lines of an input with their sessions, those that every dialogue begins with in front.
fn lines(first: &[(usize, &str)], input: &[u8]) -> Vec<(usize, Vec<u8>)> {
    let first = first.iter().map(|(session, line)| (*session, line.as_bytes().to_vec()));
    let said = input.split_inclusive(|octet| *octet == b'\n').map(|line| match line {
        [b'0', rest @ ..] => (0, rest.to_vec()),
        [b'1', rest @ ..] => (1, rest.to_vec()),
        line => (0, line.to_vec()),
    });
    first.chain(said).collect()
}

/// A breach is named by its requirement, so that it stays the same while an input shrinks.
fn unbroken(breaches: &[Breach], raw: &[u8]) -> Result<(), String> {
    breaches.first().map_or(Ok(()), |breach| {
        let raw = String::from_utf8_lossy(raw);
        Err(format!("{}: {}: {}", breach.requirement, breach.what, raw.escape_debug()))
    })
}

macro_rules! whole {
    ($framer:expr) => {
        ensure($framer.take_rest().is_empty(), || "answer: no line end".to_owned())
    };
}

struct SmtpWatch {
    tracker: smtp::Tracker,
    framers: [smtp::Framer; 2],
}

impl Watch for SmtpWatch {
    fn said(&mut self, session: usize, octets: &[u8]) {
        self.tracker.sent(session, octets);
    }

    fn heard(&mut self, session: usize, octets: &[u8]) -> Result<(), String> {
        let Some(framer) = self.framers.get_mut(session) else { return Ok(()) };
        framer.push(octets);
        while let Some(frame) = framer.next() {
            let frame = frame.map_err(|error| format!("frame: {error}"))?;
            unbroken(&self.tracker.received(session, &frame), &frame.raw)?;
        }
        whole!(framer)
    }

    fn closed(&mut self, session: usize) -> Result<(), String> {
        unbroken(&self.tracker.closed(session), b"")
    }
}

struct Pop3Watch {
    tracker: pop3::Tracker,
    framers: [pop3::Framer; 2],
}

impl Watch for Pop3Watch {
    fn said(&mut self, session: usize, octets: &[u8]) {
        let Some(framer) = self.framers.get_mut(session) else { return };
        if octets.ends_with(b"\r\n") {
            framer.expect(pop3::form_of(octets));
            self.tracker.sent(session, octets);
        } else {
            // It is a part of a line: which answer belongs to what, is not told by lines any more.
            framer.forget();
            self.tracker.suspend(session);
        }
    }

    fn heard(&mut self, session: usize, octets: &[u8]) -> Result<(), String> {
        let Some(framer) = self.framers.get_mut(session) else { return Ok(()) };
        framer.push(octets);
        while let Some(frame) = framer.next() {
            let frame = frame.map_err(|error| format!("frame: {error}"))?;
            unbroken(&self.tracker.received(session, &frame), &frame.raw)?;
        }
        whole!(framer)
    }

    fn closed(&mut self, _: usize) -> Result<(), String> {
        Ok(())
    }
}

struct ImapWatch {
    tracker: imap::Tracker,
    framers: [imap::Framer; 2],
}

impl Watch for ImapWatch {
    fn said(&mut self, session: usize, octets: &[u8]) {
        self.tracker.sent(session, octets);
    }

    fn heard(&mut self, session: usize, octets: &[u8]) -> Result<(), String> {
        let Some(framer) = self.framers.get_mut(session) else { return Ok(()) };
        framer.push(octets);
        while let Some(frame) = framer.next() {
            let frame = frame.map_err(|error| format!("frame: {error}"))?;
            unbroken(&self.tracker.received(session, &frame), &frame.raw)?;
            self.tracker.revision(session).into_iter().for_each(|revision| framer.set_revision(revision));
        }
        whole!(framer)
    }

    fn closed(&mut self, session: usize) -> Result<(), String> {
        unbroken(&self.tracker.closed(session), b"")
    }
}

/// Two connections under TLS; `serve` makes the server of each.
fn connected<'s>(
    world: &'s World,
    serve: impl Fn(usize, mailproof::refserver::wire::Wire) -> Pin<Box<dyn Future<Output = std::io::Result<()>> + 's>>,
) -> Result<[Spoken<'s>; 2], String> {
    let one = |number: usize| -> Result<Spoken<'s>, String> {
        let (client, wire) = world.runtime.block_on(world.secured())?;
        Ok(Spoken { client: Box::pin(client), server: Some(serve(number, wire)), over: Over::No })
    };
    Ok([one(0)?, one(1)?])
}

fn smtp_dialogue(input: &[u8]) -> Result<(), String> {
    let world = World::get()?;
    let (store, mut tasks) = (world.store(), JoinSet::new());
    let post = Post::open(&world.config, &store, &mut tasks);
    let peer = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let services = [Service::Transfer, Service::Submission];
    let mut sessions = connected(world, |number, wire| {
        let service = services.get(number).copied().unwrap_or(Service::Transfer);
        let post = post.clone();
        Box::pin(async move { smtp_server::serve(wire, &post, &world.identity, peer, service).await })
    })?;
    let mut watch = SmtpWatch { tracker: smtp::Tracker::new(), framers: [smtp::Framer::new(), smtp::Framer::new()] };
    for session in 0..2 {
        watch.tracker.opened(session);
        watch.tracker.secured(session);
    }
    let _inside = world.runtime.enter();
    converse(&mut sessions, &mut watch, &lines(&[(0, "EHLO a.test\r\n"), (1, "EHLO a.test\r\n")], input))
}

fn pop3_dialogue(input: &[u8]) -> Result<(), String> {
    let world = World::get()?;
    let store = world.store();
    let mut sessions = connected(world, |_, wire| {
        let store = store.clone();
        Box::pin(async move { pop3_server::serve(wire, &world.config, &store, &world.identity).await })
    })?;
    let mut watch = Pop3Watch { tracker: pop3::Tracker::new(), framers: [pop3::Framer::new(), pop3::Framer::new()] };
    for session in 0..2 {
        watch.tracker.opened(session);
        watch.tracker.secured(session);
    }
    let login = [(0, "USER alice\r\n"), (0, "PASS alice-secret\r\n"), (1, "USER bob\r\n"), (1, "PASS bob-secret\r\n")];
    let _inside = world.runtime.enter();
    converse(&mut sessions, &mut watch, &lines(&login, input))
}

fn imap_dialogue(input: &[u8]) -> Result<(), String> {
    let world = World::get()?;
    let store = world.store();
    let mut sessions = connected(world, |_, wire| {
        let store = store.clone();
        Box::pin(async move { imap_server::serve(wire, &world.config, &store, &world.identity).await })
    })?;
    let framer = || imap::Framer::new(imap::Revision::Rev1);
    let mut watch = ImapWatch { tracker: imap::Tracker::new(), framers: [framer(), framer()] };
    (0..2).for_each(|session| watch.tracker.opened(session, imap::Revision::Rev1));
    let login = [(0, "z1 LOGIN alice alice-secret\r\n"), (1, "z1 LOGIN alice alice-secret\r\n")];
    let _inside = world.runtime.enter();
    converse(&mut sessions, &mut watch, &lines(&login, input))
}
