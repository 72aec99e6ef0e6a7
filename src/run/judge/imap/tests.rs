//! The judge of IMAP against responses in wire form, with answers read as suites are.

use std::time::Duration;

use crate::base::{Bindings, Bound, RequirementId, Span, VarRef};
use crate::imap::{self, Pattern};
use crate::outcome::Frame;
use crate::run::judge::{Decision, Ending, Extent, Heard, Taken, decide};
use crate::scenario::{Alternative, Answer, End, Expect, Item, Line, Mark};

fn item(text: &str) -> Item {
    let (text, end) = match (text.strip_suffix(", done"), text.strip_suffix(", skip")) {
        (Some(text), _) => (text, Some(End::Done)),
        (_, Some(text)) => (text, Some(End::Skip)),
        (None, None) => (text, None),
    };
    let seconds = |text: &str| Duration::from_secs(text.trim_end_matches('s').parse().unwrap());
    let expect = match text.split_once(' ').unwrap_or((text, "")) {
        ("closed", _) => Expect::Closed,
        ("silence", rest) => Expect::Silence(seconds(rest)),
        ("open", rest) => Expect::Open(seconds(rest)),
        (codes, "") if codes.starts_with("${") => {
            Expect::Codes(VarRef::new(codes.trim_matches(['$', '{', '}'])).unwrap())
        }
        (_, _) => Expect::Imap(Pattern::parse(text).unwrap()),
    };
    Item { expect, end }
}

/// Lines, `or`, `skip`, `done`; `@ID` at the end of a line.
fn answer(text: &str) -> Answer {
    let mut alternatives = vec![Alternative { lines: Vec::new(), end: None }];
    for text in text.lines() {
        let last = alternatives.last_mut().unwrap();
        let marks = [("! ", Mark::Not), ("then ", Mark::Then), ("no other ", Mark::NoOther)];
        match text {
            "or" => alternatives.push(Alternative { lines: Vec::new(), end: None }),
            "skip" => last.end = Some(End::Skip),
            "done" => last.end = Some(End::Done),
            text => {
                let marked = marks.iter().find_map(|(word, mark)| Some((*mark, text.strip_prefix(word)?)));
                let (mark, text) = marked.unwrap_or((Mark::Plain, text));
                let (text, judges) = text
                    .split_once(" @")
                    .map_or((text, None), |(text, id)| (text, Some(id.parse::<RequirementId>().unwrap())));
                let items = text.split(" | ").map(item).collect();
                last.lines.push(Line { mark, items, judges, remark: None, span: Span::generated() });
            }
        }
    }
    Answer { alternatives, span: Span::generated() }
}

/// Responses, one a line; `\r\n` is added.
fn frames(wire: &str) -> Vec<Frame> {
    let mut framer = imap::Framer::new(imap::Revision::Rev1);
    wire.lines().for_each(|line| framer.push(format!("{line}\r\n").as_bytes()));
    std::iter::from_fn(|| framer.next()).map(|frame| Frame::Imap(Box::new(frame.unwrap()))).collect()
}

fn strings(tags: &[&str]) -> Vec<String> {
    tags.iter().map(|tag| (*tag).to_owned()).collect()
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

fn env() -> Bindings {
    let mut env = Bindings::default();
    env.bind("box", Bound::octets("mp"));
    env.bind("sep", Bound::octets("/"));
    env.bind("tag", Bound::octets("A1"));
    env
}

/// Commands A1, A2, … as many as the wire text names.
fn command(expected: &str, wire: &str, tags: &[&str], ending: Ending, quiet: u64) -> Decision {
    let (frames, tags) = (frames(wire), strings(tags));
    let seconds = Duration::from_secs(quiet);
    let heard = Heard { frames: &frames, ending, quiet: seconds, elapsed: seconds, extent: Extent::Tags(&tags) };
    decide(&answer(expected), &heard, &env())
}

#[test]
fn one_command_is_judged_by_its_lines() {
    use Ending::{Closed, Open};
    let table = [
        ("OK", "A1 OK done", Open, "holds"),
        ("OK", "A1 NO done", Open, "fails Mismatch"),
        ("OK", "A2 OK done", Open, "pending"),
        ("OK", "", Closed, "fails Close"),
        ("OK | NO", "A1 NO x", Open, "holds"),
        ("* 1 EXISTS\nOK", "* 1 EXISTS\nA1 OK x", Open, "holds"),
        ("* 1 EXISTS\nOK", "* 2 EXISTS\nA1 OK x", Open, "fails Mismatch"),
        ("* 1 EXISTS\nOK", "* 2 EXISTS", Open, "pending"),
    ];
    for (expected, wire, ending, want) in table {
        assert_eq!(verdict(&command(expected, wire, &["A1"], ending, 0)), want, "{expected:?} against {wire:?}");
    }
}
