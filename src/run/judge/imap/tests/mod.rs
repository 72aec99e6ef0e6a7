//! The judge of IMAP: answers read from YAML as suites are, responses cut from wire text as sessions do.

mod commands;
mod failures;
mod free;
mod patterns;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use crate::base::{Bindings, Bound, SourceFile};
use crate::catalog::Catalog;
use crate::imap;
use crate::outcome::Frame;
use crate::run::judge::{Decision, Ending, Extent, Heard, Taken, Wait, decide, must_wait};
use crate::scenario::{Answer, End, Library, NoFiles, read_suite};

/// What a step does.
#[derive(Debug, Clone, Copy)]
enum Does {
    /// So many commands, with the tags A1, A2, …
    Commands(usize),
    /// `send` or only `S`; `OK` refers to A1.
    Free,
}

/// The `S` of a scenario with the given text. `@local-a` and `@local-b` may be used.
fn answer(does: Does, expected: &str) -> Answer {
    let mut text = "suite: t\ntitle: t\nrequirements:\n".to_owned();
    for id in ["local-a", "local-b"] {
        writeln!(
            text,
            "  - {{ id: {id}, section: '1', level: must, needs: [], text: x, probe: x, observable: 'yes', \
             weight: 1, generative: false }}"
        )
        .unwrap();
    }
    let covers = if expected.contains("@local-b") { "local-a, local-b" } else { "local-a" };
    writeln!(text, "scenarios:\n  - id: s\n    covers: [{covers}]\n    session: {{ imap: selected }}\n    steps:")
        .unwrap();
    match does {
        Does::Commands(count) => {
            text.push_str("      - C: |\n");
            text.push_str(&"          NOOP\n".repeat(count));
        }
        Does::Free => text.push_str("      - send: '${tag} NOOP\\r\\n'\n"),
    }
    text.push_str("        S: |\n");
    expected.lines().for_each(|line| writeln!(text, "          {line}").unwrap());
    text.push_str("        for: local-a\n");
    let file = Arc::new(SourceFile { name: "t.yaml".to_owned(), text });
    let (catalog, fragments) = (Catalog::read([]).unwrap(), BTreeMap::new());
    let library = Library { catalog: &catalog, fragments: &fragments, files: &NoFiles, invariants: &[] };
    let suite = read_suite(&file, "t", &library).unwrap_or_else(|wrong| panic!("{expected}: {wrong:#?}"));
    suite.scenarios[0].steps[0].answer.clone().unwrap()
}

/// Responses, one a line; each gets its CRLF, also within literals.
fn frames(wire: &str) -> Vec<Frame> {
    let mut framer = imap::Framer::new(imap::Revision::Rev1);
    wire.lines().for_each(|line| framer.push(format!("{line}\r\n").as_bytes()));
    std::iter::from_fn(|| framer.next()).map(|frame| Frame::Imap(Box::new(frame.unwrap()))).collect()
}

fn env() -> Bindings {
    let mut env = Bindings::default();
    for (name, value) in [("box", "mp"), ("sep", "/"), ("tag", "A1"), ("token", "word")] {
        env.bind(name, Bound::octets(value));
    }
    env
}

/// What the judge says when all of `wire` has come.
fn judge(does: Does, expected: &str, wire: &str, ending: Ending, seconds: u64) -> Decision {
    let (frames, answer) = (frames(wire), answer(does, expected));
    judge_frames(does, &answer, &frames, ending, seconds)
}

fn judge_frames(does: Does, answer: &Answer, frames: &[Frame], ending: Ending, seconds: u64) -> Decision {
    let time = Duration::from_secs(seconds);
    let tags: Vec<String> = match does {
        Does::Commands(count) => (1..=count).map(|number| format!("A{number}")).collect(),
        Does::Free => vec!["A1".to_owned()],
    };
    let extent = match does {
        Does::Commands(_) => Extent::Tags(&tags),
        Does::Free => Extent::Free(&tags),
    };
    let heard = Heard { frames, ending, quiet: time, elapsed: time, extent };
    let decision = decide(answer, &heard, &env());
    if must_wait(answer, &heard) {
        assert!(matches!(&decision, Decision::Pending(wait, _) if *wait == Wait::frame()), "{answer:?}: {decision:?}");
    }
    decision
}

/// `holds`, `holds done`, `holds skip`, `pending`, `fails KIND`.
fn verdict(decision: &Decision) -> String {
    match decision {
        Decision::Holds(Taken { end: Some((End::Done, _)), .. }) => "holds done".to_owned(),
        Decision::Holds(Taken { end: Some((End::Skip, _)), .. }) => "holds skip".to_owned(),
        Decision::Holds(_) => "holds".to_owned(),
        Decision::Pending(..) => "pending".to_owned(),
        Decision::Fails(failure) => format!("fails {:?}", failure.kind),
    }
}

/// Judges the responses as they come in, one by one: a decision, once made, must stand.
fn verdict_over_time(does: Does, expected: &str, wire: &str, ending: Ending, seconds: u64) -> String {
    let (frames, answer) = (frames(wire), answer(does, expected));
    let mut made: Option<String> = None;
    for count in 0..frames.len() {
        let now = verdict(&judge_frames(does, &answer, &frames[..count], Ending::Open, 0));
        if now.starts_with("fails") && made.is_none() {
            made = Some(now);
        }
    }
    let last = verdict(&judge_frames(does, &answer, &frames, ending, seconds));
    if let Some(made) = made {
        assert!(last.starts_with("fails"), "{expected:?} against {wire:?}: {made}, then {last}");
    }
    last
}

/// Rows of expected lines, wire text, ending, seconds of quiet, verdict.
type Row = (&'static str, &'static str, Ending, u64, &'static str);

fn check(does: Does, table: &[Row]) {
    let mut wrong = String::new();
    for (expected, wire, ending, seconds, want) in table {
        let got = verdict_over_time(does, expected, wire, *ending, *seconds);
        if got != *want {
            writeln!(wrong, "{expected:?} against {wire:?}: {got}, not {want}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
