//! The judge: an answer of a suite against whatever comes. The first line of the input is the protocol, then come the
//! lines of the answer up to `--`, then the octets of the server.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use mailproof::base::SourceFile;
use mailproof::catalog::Catalog;
use mailproof::outcome::Frame;
use mailproof::run::judge::{
    Decision, Ending, Extent, Failure, Heard, Wait, decide, decide_at_deadline, describe, is_timed, must_wait, trouble,
};
use mailproof::scenario::{Answer, Diagnostics, Library, NoFiles, read_suite};
use mailproof::{imap, pop3, smtp};

use super::Target;
use super::patterns::bindings;
use crate::check::{ensure, inside, tame, two};
use crate::corpus;

const MARKS: &[&str] = &[
    "? ",
    "! ",
    "* ",
    "... ",
    "or\n",
    "--\n",
    "_\n",
    " ; done",
    " ; skip",
    "within 1s",
    "closed\n",
    "silence 1s\n",
    "@local-a",
    "~",
    " | ",
];

pub(super) fn targets() -> Vec<Target> {
    vec![Target {
        name: "judge",
        grammar: &[
            "imap\n((\\? |! |~ )?(\\* [1-9] EXISTS|\\* FLAGS _|\\* \\$\\{n\\} EXPUNGE|\\* SEARCH \\$\\{s\\}|OK \\[UIDNEXT \\$\\{u\\}\\])\n){0,4}(OK|NO|BAD|OK \\| NO|_)\n--\n(\\* [1-9] (EXISTS|EXPUNGE|RECENT)\r\n|\\* FLAGS \\(a\\)\r\n|\\* SEARCH [1-4]\r\n){0,5}A1 (OK|NO|BAD) x\r\n",
            "smtp\n(250-SIZE \\$\\{n\\}\n)?(250|250 \\| 251|5xx|4xx ; skip|250 2\\.1\\.x)\n--\n(?-u)([2-5]50-[a-zA-Z 0-9]{0,9}\r\n){0,3}[2-5][0-5][0-9] (2\\.1\\.0 )?[a-z]{0,5}\r\n",
            "pop3\n(\\+OK|-ERR|\\+OK \\$\\{n\\} _)\n([1-9] \\$\\{a\\}\n|\\.\\.\\.\n){0,3}(\\.\n)?--\n(\\+OK( [0-9] [0-9])?|-ERR)\r\n([1-9] [1-9]\r\n){0,4}\\.\r\n",
        ],
        words: MARKS,
        seeds,
        check,
    }]
}

/// Beyond so many frames not every one is judged as it comes: the decision waits, and nobody asks again who was told before.
const FLOOD: usize = 256;

/// Blocks of the shipped suites, against transcripts.
fn seeds() -> Vec<Vec<u8>> {
    let came = corpus::responses();
    let lines = corpus::expectations();
    let blocks = lines.chunks(2).zip(came.iter().cycle()).enumerate();
    let protocols = ["imap", "smtp", "pop3"];
    blocks
        .map(|(number, (block, came))| {
            let protocol = protocols.get(number % 3).copied().unwrap_or_default();
            [format!("{protocol}\n{}\n--\n", block.join("\n")).as_bytes(), came, b"A1 OK x\r\n"].concat()
        })
        .collect()
}

/// The answer of a step with these lines; nothing if that is no answer.
fn answer(protocol: &str, lines: &str) -> Result<Option<Answer>, String> {
    static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
        let row = "title: T\nprotocol: smtp\nrequirements:\n  - { id: local-a, section: '1', level: must, text: x, observable: 'yes', weight: 1 }\n";
        Catalog::read([("f", row)]).unwrap_or_default()
    });
    let session = match protocol {
        "smtp" => "{ mx: connected }",
        "pop3" => "{ pop3: connected }",
        _ => "{ imap: selected }",
    };
    let mut text = format!(
        "suite: t\ntitle: t\nscenarios:\n  - id: s\n    covers: [local-a]\n    session: {session}\n    steps:\n      - C: NOOP\n        S: |\n"
    );
    for line in lines.lines() {
        // Writing to a string cannot fail.
        let _never = writeln!(text, "          {line}");
    }
    text.push_str("        for: local-a\n");
    let file = Arc::new(SourceFile { name: "t.yaml".to_owned(), text });
    let fragments = BTreeMap::new();
    let library = Library { catalog: &CATALOG, fragments: &fragments, files: &NoFiles, invariants: &[] };
    match read_suite(&file, "t", &library) {
        Ok(suite) => {
            Ok(suite.scenarios.first().and_then(|scenario| scenario.steps.first()).and_then(|step| step.answer.clone()))
        }
        Err(found) => tame("diagnostics", &Diagnostics::new(found).to_string()).map(|()| None),
    }
}

fn frames(protocol: &str, octets: &[u8]) -> Vec<Frame> {
    match protocol {
        "smtp" => {
            let mut framer = smtp::Framer::new();
            framer.push(octets);
            std::iter::from_fn(|| framer.next().and_then(Result::ok)).map(Frame::Smtp).collect()
        }
        "pop3" => {
            let mut framer = pop3::Framer::new();
            framer.expect(pop3::Form::Multi);
            framer.push(octets);
            std::iter::from_fn(|| framer.next().and_then(Result::ok)).map(Frame::Pop3).collect()
        }
        _ => {
            let mut framer = imap::Framer::new(imap::Revision::Rev1);
            framer.push(octets);
            std::iter::from_fn(|| framer.next().and_then(Result::ok))
                .map(|frame| Frame::Imap(Box::new(frame)))
                .collect()
        }
    }
}

fn failure(answer: &Answer, failure: &Failure, frames: &[Frame]) -> Result<(), String> {
    ensure(failure.frame.is_none_or(|at| at < frames.len()), || {
        format!("frame: {:?} of {}", failure.frame, frames.len())
    })?;
    failure.caret.iter().try_for_each(|caret| inside("caret", &(caret.start..caret.start), failure.actual.len()))?;
    tame("came", &failure.actual.escaped())?;
    is_timed(answer, failure);
    Ok(())
}

fn decision(answer: &Answer, decision: &Decision, frames: &[Frame]) -> Result<(), String> {
    match decision {
        Decision::Pending(_, wrong) | Decision::Fails(wrong) => failure(answer, wrong, frames),
        Decision::Holds(taken) => {
            let beyond = taken.frames.iter().find(|at| **at >= frames.len());
            ensure(beyond.is_none(), || format!("taken: {beyond:?} of {}", frames.len()))
        }
    }
}

fn check(input: &[u8]) -> Result<(), String> {
    let (protocol, rest) = two(input);
    let protocol = String::from_utf8_lossy(protocol);
    let ends = rest.windows(4).position(|four| four == b"\n--\n").unwrap_or(rest.len());
    let lines = String::from_utf8_lossy(rest.get(..ends).unwrap_or_default()).into_owned();
    let Some(answer) = answer(&protocol, &lines)? else { return Ok(()) };
    answer.lines().for_each(|line| drop(describe(line)));
    let frames = frames(&protocol, rest.get(ends + 4..).unwrap_or_default());
    let (tags, env) = (["A1".to_owned()], bindings());
    let extent = if matches!(protocol.as_ref(), "smtp" | "pop3") { Extent::Replies(1) } else { Extent::Tags(&tags) };
    trouble(&answer, &frames);
    // A failure that was told while the connection stood must stay one, whatever comes: else verdicts depend on timing.
    let mut told: Option<usize> = None;
    for count in (0..=frames.len()).rev().take(12).collect::<Vec<_>>().into_iter().rev() {
        let so_far = frames.get(..count).unwrap_or_default();
        let zero = Duration::ZERO;
        let heard = Heard { frames: so_far, ending: Ending::Open, quiet: zero, elapsed: zero, extent };
        let now = decide(&answer, &heard, &env);
        let waits = matches!(&now, Decision::Pending(wait, _) if *wait == Wait::frame());
        if must_wait(&answer, &heard) && !waits {
            return Err(format!("must wait after {count} frames, but it is {now:?}"));
        }
        decision(&answer, &now, so_far)?;
        match (&now, told) {
            (Decision::Fails(_), None) => told = Some(count),
            (Decision::Pending(..), Some(_)) if count > FLOOD => {}
            (Decision::Holds(_) | Decision::Pending(..), Some(before)) => {
                return Err(format!("turns: it fails after {before} frames, but after {count} it is {now:?}"));
            }
            (_, _) => {}
        }
    }
    let long = Duration::from_secs(3600);
    for ending in [Ending::Open, Ending::Closed] {
        let heard = Heard { frames: &frames, ending, quiet: long, elapsed: long, extent };
        decision(&answer, &decide(&answer, &heard, &env), &frames)?;
        decision(&answer, &decide_at_deadline(&answer, &heard, &env), &frames)?;
    }
    Ok(())
}
