//! Framers and parsers of replies and responses.

use std::fmt::Debug;

use mailproof::base::SyntaxError;
use mailproof::run::{Capabilities, timestamp};
use mailproof::{imap, pop3, smtp};

use super::Target;
use crate::check::{ensure, inside, same, tame};
use crate::corpus;

pub(super) const SMTP_GRAMMAR: &[&str] = &[
    "(?-u)220 [a-z.]{1,20} ESMTP[ -~]{0,20}\r\n",
    "(?-u)250-[a-z.]{1,20}\r\n(250-(SIZE( [0-9]{0,12})?|AUTH( PLAIN| LOGIN| SCRAM-SHA-1){0,3}|PIPELINING|X-[A-Z0-9-]{1,9}( [!-~]{1,5})?)\r\n){0,6}250 (8BITMIME|HELP|STARTTLS)\r\n",
    "(?-u)[2-5][0-5][0-9] ([245]\\.[0-9]{1,3}\\.[0-9]{1,3} )?[ -~]{0,30}\r\n",
    "(?-u)([2-5][0-5][0-9])-[ -~\t]{0,30}\r\n",
    "(?-u)334 [A-Za-z0-9+/]{0,24}={0,2}\r\n",
];
pub(super) const SMTP_WORDS: &[&str] =
    &["250", "250-", "250 ", "\r\n", "421", "5.7.1", "AUTH", "AUTH=", "SIZE", "ENHANCEDSTATUSCODES", "<a@b>"];
pub(super) const POP3_GRAMMAR: &[&str] = &[
    "(?-u)\\+OK( [ -~]{0,30})?\r\n",
    "(?-u)-ERR( \\[(IN-USE|SYS/TEMP|AUTH|LOGIN-DELAY|X[A-Z/-]{0,5})\\])?( [ -~]{0,30})?\r\n",
    "(?-u)\\+OK <[0-9]{1,9}\\.[0-9]{1,5}@[a-z.]{1,12}>\r\n",
    "(?-u)\\+OK [ -~]{0,20}\r\n([1-9][0-9]{0,3} [0-9]{1,9}\r\n){0,8}\\.\r\n",
    "(?-u)\\+OK\r\n([1-9][0-9]{0,3} [!-~]{1,70}\r\n){0,5}\\.\r\n",
    "(?-u)\\+OK\r\n((USER|TOP|SASL( PLAIN| LOGIN){0,2}|UIDL|EXPIRE (NEVER|[0-9]{1,4})|[A-Z-]{1,10}( [!-~]{1,8}){0,2})\r\n){0,6}\\.\r\n",
    "(?-u)\\+OK\r\nSubject: [a-z]{0,9}\r\n\r\n((\\.\\.)?[ -~]{0,40}\r\n){0,5}\\.\r\n",
    "(?-u)\\+ [A-Za-z0-9+/]{0,24}={0,2}\r\n",
];
pub(super) const POP3_WORDS: &[&str] = &["+OK", "-ERR", ".\r\n", "..", "\r\n.\r\n", "[IN-USE]", "+ ", "SASL"];
pub(super) const IMAP_GRAMMAR: &[&str] = &[
    "(?-u)\\* (OK|NO|BAD|BYE|PREAUTH) (\\[(ALERT|UIDNEXT [0-9]{1,10}|UIDVALIDITY [1-9][0-9]{0,9}|PERMANENTFLAGS \\((\\\\[A-Z]{1,6} ?){0,4}\\)|COPYUID [0-9]{1,5} [0-9:,]{1,9} [0-9:,]{1,9}|CAPABILITY IMAP4rev1( [A-Z0-9=+-]{1,9}){0,4})\\] )?[ -~]{0,20}\r\n",
    "(?-u)A[0-9]{1,3} (OK|NO|BAD) (\\[[A-Z-]{1,12}( [ -~]{0,9})?\\] )?[ -~]{0,20}\r\n",
    "(?-u)\\* [0-9]{1,10} (EXISTS|RECENT|EXPUNGE)\r\n",
    "(?-u)\\* [0-9]{1,4} FETCH \\((FLAGS \\((\\\\[A-Z][a-z]{1,6} ?){0,3}\\)|UID [0-9]{1,5}|RFC822\\.SIZE [0-9]{1,8}|INTERNALDATE \"[ 0-9]{2}-Jan-20[0-9]{2} 10:00:00 [+-]0[0-9]00\"|MODSEQ \\([0-9]{1,9}\\))( UID [0-9]{1,4})?\\)\r\n",
    "(?-u)\\* [0-9]{1,4} FETCH \\(BODY\\[(TEXT|HEADER|[1-9](\\.[1-9]){0,3})?\\](<[0-9]{1,3}>)? (\"[a-z]{0,9}\"|\\{3\\}\r\nab[^\\x00]|NIL|~\\{2\\}\r\n[\\x00-\\xff]{2})\\)\r\n",
    "(?-u)\\* [0-9] FETCH \\(ENVELOPE \\((NIL|\"[ -!#-Z]{0,20}\") (NIL|\"[a-z]{0,8}\")( (NIL|\\(\\((NIL|\"[a-z]{0,5}\") NIL \"[a-z]{1,5}\" \"[a-z.]{1,9}\"\\)\\))){6} NIL \"<[a-z@]{0,9}>\"\\)\\)\r\n",
    "(?-u)\\* [0-9] FETCH \\(BODYSTRUCTURE \\((\\(\"text\" \"plain\" (NIL|\\(\"charset\" \"[a-z-]{1,9}\"\\)) NIL NIL \"7bit\" [0-9]{1,4} [0-9]{1,3}\\)){1,4} \"mixed\"( \\(\"boundary\" \"[a-z]{1,4}\"\\)( NIL){0,3})?\\)\\)\r\n",
    "(?-u)\\* (LIST|LSUB) \\((\\\\[A-Z][a-z]{1,12} ?){0,3}\\) (NIL|\"[/.]\") (\"[ -!#-Z]{0,12}\"|[a-zA-Z/]{1,9})( \\(\"CHILDINFO\" \\(\"SUBSCRIBED\"\\)\\))?\r\n",
    "(?-u)\\* STATUS [a-zA-Z]{1,9} \\((MESSAGES [0-9]{1,5} ?|UIDNEXT [1-9]{1,5} ?|UNSEEN [0-9]{1,4} ?){0,3}\\)\r\n",
    "(?-u)\\* (SEARCH|SORT)( [1-9][0-9]{0,4}){0,8}( \\(MODSEQ [0-9]{1,8}\\))?\r\n",
    "(?-u)\\* ESEARCH( \\(TAG \"A[0-9]\"\\))?( UID)?( MIN [1-9]| MAX [1-9]{1,3}| COUNT [0-9]{1,3}| ALL [1-9:,]{1,6}){0,4}\r\n",
    "(?-u)\\* THREAD (\\([1-9]{1,2}( [1-9]){0,3}\\)){0,3}\r\n",
    "(?-u)\\* (VANISHED( \\(EARLIER\\))? [1-9:,]{1,9}|ENABLED [A-Z]{1,9}|FLAGS \\([a-z ]{0,9}\\)|NAMESPACE (NIL|\\(\\(\"\" \"/\"\\)\\)) NIL NIL|ID (NIL|\\(\"name\" \"[a-z]{0,8}\"\\)))\r\n",
    "(?-u)\\* (ACL|MYRIGHTS|LISTRIGHTS|QUOTA|QUOTAROOT|METADATA) [a-zA-Z\"]{1,9} [a-z0-9() \"/]{0,30}\r\n",
    "(?-u)\\+ [ -~]{0,20}\r\n",
];
pub(super) const IMAP_WORDS: &[&str] = &[
    "* ",
    "A1 ",
    "OK ",
    "[",
    "]",
    "NIL",
    "FETCH (",
    "BODY[",
    "BODYSTRUCTURE",
    "((((((((",
    "))))))))",
    "{0}\r\n",
    "~{1}\r\n",
    "\"\"",
    "FLAGS (",
    "MODSEQ (1)",
    "ENABLED IMAP4rev2",
    "\\Noselect",
    "VANISHED",
    "&-",
    "&AOk-",
];

pub(super) fn targets() -> Vec<Target> {
    vec![
        Target { name: "smtp-reply", grammar: SMTP_GRAMMAR, words: SMTP_WORDS, seeds: Vec::new, check: smtp_reply },
        Target {
            name: "pop3-response",
            grammar: POP3_GRAMMAR,
            words: POP3_WORDS,
            seeds: Vec::new,
            check: pop3_response,
        },
        Target {
            name: "imap-response",
            grammar: IMAP_GRAMMAR,
            words: IMAP_WORDS,
            seeds: corpus::responses,
            check: imap_response,
        },
    ]
}

/// What the three framers have in common.
trait Cuts {
    type Frame: PartialEq + Debug;
    fn push(&mut self, octets: &[u8]);
    fn next(&mut self) -> Option<Result<Self::Frame, String>>;
    fn rest(&mut self) -> Vec<u8>;
    fn raw(frame: &Self::Frame) -> &[u8];
}

macro_rules! cuts {
    ($protocol:ident) => {
        impl Cuts for $protocol::Framer {
            type Frame = $protocol::Frame;
            fn push(&mut self, octets: &[u8]) {
                self.push(octets);
            }
            fn next(&mut self) -> Option<Result<Self::Frame, String>> {
                self.next().map(|found| found.map_err(|error| error.to_string()))
            }
            fn rest(&mut self) -> Vec<u8> {
                self.take_rest()
            }
            fn raw(frame: &Self::Frame) -> &[u8] {
                &frame.raw
            }
        }
    };
}
cuts!(smtp);
cuts!(pop3);
cuts!(imap);

/// Frames up to the first failure, and what is left.
type Stream<F> = (Vec<Result<F, String>>, Vec<u8>);

fn cut<F: Cuts>(mut framer: F, octets: &[u8], sizes: impl Iterator<Item = usize>) -> Stream<F::Frame> {
    let (mut frames, mut rest) = (Vec::new(), octets);
    for size in sizes {
        if rest.is_empty() {
            break;
        }
        let (piece, after) = rest.split_at(size.clamp(1, rest.len()));
        rest = after;
        framer.push(piece);
        while let Some(frame) = framer.next() {
            let failed = frame.is_err();
            frames.push(frame);
            if failed {
                return (frames, Vec::new());
            }
        }
    }
    let left = framer.rest();
    (frames, left)
}

/// Any segmentation gives the same frames, and nothing is lost or kept twice.
fn frames<F: Cuts>(make: impl Fn() -> F, octets: &[u8]) -> Result<Vec<F::Frame>, String> {
    let whole = cut(make(), octets, std::iter::repeat(usize::MAX));
    if octets.len() <= 4096 {
        same("segmentation by single octets", &cut(make(), octets, std::iter::repeat(1)), &whole)?;
    }
    // Sizes that depend on nothing but the input.
    let sizes = octets.iter().cycle().map(|octet| usize::from(*octet) % 97);
    same("segmentation", &cut(make(), octets, sizes), &whole)?;
    let (frames, rest) = whole;
    let failed = frames.iter().any(Result::is_err);
    let frames: Vec<F::Frame> = frames.into_iter().flatten().collect();
    let kept: usize = frames.iter().map(|frame| F::raw(frame).len()).sum::<usize>() + rest.len();
    ensure(failed || kept == octets.len(), || format!("octets: {kept} of {} are kept", octets.len()))?;
    let mut at = 0;
    for frame in &frames {
        let raw = F::raw(frame);
        ensure(octets.get(at..at + raw.len()) == Some(raw), || format!("octets: the frame at {at} has others"))?;
        at += raw.len();
    }
    Ok(frames)
}

pub(super) fn error(error: &SyntaxError, raw: &[u8], known: &[&str]) -> Result<(), String> {
    inside("offset of an error", &(error.at..error.at), raw.len())?;
    tame("error", &error.to_string())?;
    let id = error.requirement.as_str();
    ensure(known.contains(&id), || format!("requirement: {id} is not among those of the parser"))
}

fn smtp_reply(octets: &[u8]) -> Result<(), String> {
    for frame in frames(smtp::Framer::new, octets)? {
        let known = smtp::requirements();
        if let Err(wrong) = &frame.parsed {
            error(wrong, &frame.raw, known)?;
        }
        for charset in [smtp::Charset::Ascii, smtp::Charset::Utf8, smtp::Charset::EhloGreeting] {
            smtp::faults(&frame.raw, charset).iter().try_for_each(|wrong| error(wrong, &frame.raw, known))?;
        }
        if let Err(wrong) = smtp::parse_ehlo(&frame.raw) {
            error(&wrong, &frame.raw, known)?;
        }
        if let Ok(reply) = &frame.parsed {
            let words = smtp::keywords(reply);
            let lines: Vec<String> =
                words.iter().map(|word| format!("{} {}", word.name, word.params.join(" "))).collect();
            Capabilities::from_ehlo(lines.iter().map(String::as_str));
            tame("shape", &smtp::shape(reply))?;
        }
    }
    Ok(())
}

fn pop3_response(octets: &[u8]) -> Result<(), String> {
    // The first octet says which responses have more lines.
    let (forms, octets) = octets.split_first().unwrap_or((&0, &[]));
    let form = |bit: u32| if forms & (1 << bit) == 0 { pop3::Form::Multi } else { pop3::Form::Single };
    let make = || {
        let mut framer = pop3::Framer::new();
        (0..8).for_each(|bit| framer.expect(form(bit)));
        framer
    };
    for frame in frames(make, octets)? {
        let known = pop3::requirements();
        for form in [pop3::Form::Single, pop3::Form::Multi] {
            pop3::faults(&frame.raw, form).iter().try_for_each(|wrong| error(wrong, &frame.raw, known))?;
            if let Err(wrong) = pop3::parse(&frame.raw, form) {
                error(&wrong, &frame.raw, known)?;
            }
        }
        if let Ok(reply) = &frame.parsed {
            tame("shape", &pop3::shape(reply))?;
            timestamp(&reply.text);
        }
        pop3::form_of(&frame.raw);
    }
    Ok(())
}

fn imap_response(octets: &[u8]) -> Result<(), String> {
    for revision in [imap::Revision::Rev1, imap::Revision::Rev2] {
        for frame in frames(|| imap::Framer::new(revision), octets)? {
            match &frame.parsed {
                Err(wrong) => error(wrong, &frame.raw, imap::requirements())?,
                Ok(response) => tame("shape", &imap::shape(response))?,
            }
            imap::command_of(&frame.raw);
        }
    }
    let limited = || {
        let mut framer = imap::Framer::new(imap::Revision::Rev1);
        framer.set_limit(64);
        framer
    };
    let small = frames(limited, octets)?;
    ensure(small.iter().all(|frame| frame.raw.len() <= 64), || "limit: a frame is larger".to_owned())
}
