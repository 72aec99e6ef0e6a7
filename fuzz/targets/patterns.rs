//! Patterns of the suite language, read, printed, and held against what came.

use mailproof::base::{Bindings, Bound, ByteString, Mistake, VarUse};
use mailproof::{imap, pop3, smtp};

use super::Target;
use super::framers::{IMAP_GRAMMAR, IMAP_WORDS};
use crate::check::{ensure, inside, same, tame, two};
use crate::corpus;

const WORDS: &[&str] = &["${x}", "${number}", "${set}", "${", "_", "...", "\"", "\\\"", "\\x41", " ", "| "];

pub(super) fn targets() -> Vec<Target> {
    vec![
        Target {
            name: "smtp-pattern",
            grammar: &[
                "[2-5x][0-9x]{2}( ([245x]\\.[0-9x]{1,3}\\.[0-9x]{1,3}|\\$\\{[a-z]{1,3}\\}|<\\$\\{x\\}>|_|[a-z.]{1,9})){0,2}\n(?-u)[2-5][0-9]{2}[ -][ -~]{0,20}\r\n",
                "250-[A-Z]{1,9}( (\\$\\{[a-z]{1,6}\\}|[A-Z0-9]{1,5}|_)){0,3}( \\.\\.\\.)?\n(?-u)250-[a-z]{1,3}\r\n250 (SIZE [0-9]{1,9}|AUTH PLAIN LOGIN)\r\n",
            ],
            words: WORDS,
            seeds: expectations,
            check: smtp_pattern,
        },
        Target {
            name: "pop3-pattern",
            grammar: &[
                "(\\+OK|-ERR)( \\[[A-Z/-]{1,9}\\])?( (\\$\\{[a-z]{1,6}\\}|_|[0-9]{1,5})){0,3}\n\\+OK [0-9]{1,3} [0-9]{1,3}\r\n",
                "([0-9]{1,2}|\\$\\{number\\}|\\$\\{[a-z]\\}|_|[a-z]{1,5}){1}( ([0-9]{1,3}|\\$\\{[a-z]{1,6}\\}|_)){0,2}\n\\+OK\r\n([1-9] [0-9]{1,5}\r\n){0,9}\\.\r\n",
            ],
            words: WORDS,
            seeds: expectations,
            check: pop3_pattern,
        },
        Target {
            name: "imap-pattern",
            grammar: IMAP_GRAMMAR,
            words: IMAP_WORDS,
            seeds: expectations,
            check: imap_pattern,
        },
    ]
}

/// A line of a suite, and something of the transcripts that it is held against.
fn expectations() -> Vec<Vec<u8>> {
    let came = corpus::responses();
    let lines = corpus::expectations().into_iter().zip(came.iter().cycle());
    lines.map(|(line, came)| [line.as_bytes(), b"\n", came].concat()).collect()
}

pub(super) fn bindings() -> Bindings {
    let mut env = Bindings::default();
    env.bind("token", Bound::octets("word"));
    env.bind("number", Bound::Number(3));
    env.bind("tag", Bound::octets("A1"));
    env.bind("sep", Bound::octets("/"));
    env
}

fn mistake(found: &Mistake, text: &str) -> Result<(), String> {
    inside("place of a mistake", &found.at, text.len())?;
    ensure(text.get(found.at.clone()).is_some(), || format!("place of a mistake: {:?} cuts a character", found.at))
}

fn variables(uses: &[VarUse], text: &str) -> Result<(), String> {
    uses.iter().try_for_each(|var| inside("place of a variable", &var.at, text.len()))
}

fn smtp_pattern(input: &[u8]) -> Result<(), String> {
    let (line, came) = two(input);
    let text = String::from_utf8_lossy(line);
    let pattern = match smtp::Pattern::parse(&text) {
        Ok(pattern) => pattern,
        Err(wrong) => return mistake(&wrong, &text),
    };
    let printed = pattern.to_string();
    let again = smtp::Pattern::parse(&printed).map_err(|wrong| format!("print: {printed:?}: {}", wrong.message))?;
    same("print", &again, &pattern)?;
    variables(&pattern.vars(), &text)?;
    let (mut framer, env) = (smtp::Framer::new(), bindings());
    framer.push(came);
    while let Some(Ok(frame)) = framer.next() {
        if let Ok(reply) = &frame.parsed {
            same("print decides", &pattern.matches(reply, &env).is_ok(), &again.matches(reply, &env).is_ok())?;
        }
    }
    Ok(())
}

fn pop3_pattern(input: &[u8]) -> Result<(), String> {
    let (line, came) = two(input);
    let text = String::from_utf8_lossy(line);
    let (mut framer, env) = (pop3::Framer::new(), bindings());
    framer.expect(pop3::Form::Multi);
    framer.push(came);
    let frame = framer.next().and_then(Result::ok);
    for place in [pop3::Place::Status, pop3::Place::Capability, pop3::Place::Listing, pop3::Place::Text] {
        let pattern = match pop3::Pattern::parse(&text, place) {
            Ok(pattern) => pattern,
            Err(wrong) => {
                mistake(&wrong, &text)?;
                continue;
            }
        };
        let printed = pattern.to_string();
        let again =
            pop3::Pattern::parse(&printed, place).map_err(|wrong| format!("print: {printed:?}: {}", wrong.message))?;
        same("print", &again, &pattern)?;
        variables(&pattern.vars(), &text)?;
        let Some(Ok(reply)) = frame.as_ref().map(|frame| &frame.parsed) else { continue };
        match pattern.matches_status(reply, &env) {
            Ok(_) => {}
            Err(wrong) => tame("mismatch", &wrong.actual.escaped())?,
        }
        let body: Vec<ByteString> = reply.body.clone().unwrap_or_default();
        // Several of the same: each has to find a line of its own.
        let patterns = vec![&pattern; 6];
        if let Err((at, _)) = pop3::match_body(&patterns, place, &body, &env) {
            ensure(at <= patterns.len(), || format!("index: {at} of {}", patterns.len()))?;
        }
    }
    Ok(())
}

fn imap_pattern(input: &[u8]) -> Result<(), String> {
    let (line, came) = two(input);
    let text = String::from_utf8_lossy(line);
    let pattern = match imap::Pattern::parse(&text) {
        Ok(pattern) => pattern,
        Err(wrong) => return mistake(&wrong, &text),
    };
    let printed = pattern.to_string();
    let again = imap::Pattern::parse(&printed).map_err(|wrong| format!("print: {printed:?}: {}", wrong.message))?;
    same("print", &again, &pattern)?;
    variables(&pattern.vars(), &text)?;
    let env = bindings();
    let mut framer = imap::Framer::new(imap::Revision::Rev1);
    framer.push(came);
    // The pattern's own text is the nearest to it that can come.
    framer.push(format!("{printed}\r\n").as_bytes());
    let frames = std::iter::from_fn(|| framer.next().and_then(Result::ok));
    let responses: Vec<imap::Response> = frames.filter_map(|frame| frame.parsed.ok()).collect();
    for response in &responses {
        let fits = pattern.fits(response, &env);
        same("fits", &fits, &pattern.matches(response, &env).ok())?;
        pattern.nearness(response, &env);
        ensure(!imap::shape(response).contains('\n'), || "shape: more than one line".to_owned())?;
    }
    imap::merge(&responses.iter().collect::<Vec<_>>());
    Ok(())
}
