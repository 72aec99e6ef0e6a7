//! The judge against replies in wire form.

use std::time::Duration;

use super::*;
use crate::base::{Bindings, Bound, RequirementId, Span, VarRef};
use crate::outcome::{FindingKind, Frame};
use crate::pop3::{self, Form, Place};
use crate::scenario::{Alternative, Answer, End, Expect, Item, Line, Mark};
use crate::smtp;

fn item(text: &str, place: Option<Place>) -> Item {
    let (text, end) = match (text.strip_suffix(", done"), text.strip_suffix(", skip")) {
        (Some(text), _) => (text, Some(End::Done)),
        (_, Some(text)) => (text, Some(End::Skip)),
        (None, None) => (text, None),
    };
    let expect = match (text, place) {
        ("closed", _) => Expect::Closed,
        (quiet, _) if quiet.starts_with("silence ") => Expect::Silence(Duration::from_secs(
            quiet.trim_start_matches("silence ").trim_end_matches('s').parse().unwrap(),
        )),
        (open, _) if open.starts_with("open ") => {
            Expect::Open(Duration::from_secs(open.trim_start_matches("open ").trim_end_matches('s').parse().unwrap()))
        }
        (codes, None) if codes.starts_with("${") => {
            Expect::Codes(VarRef::new(codes.trim_matches(['$', '{', '}'])).unwrap())
        }
        (text, None) => Expect::Smtp(smtp::Pattern::parse(text).unwrap()),
        (text, Some(_)) if text.starts_with(['+', '-']) => {
            Expect::Pop3(pop3::Pattern::parse(text, Place::Status).unwrap())
        }
        (text, Some(place)) => Expect::Pop3(pop3::Pattern::parse(text, place).unwrap()),
    };
    Item { expect, end }
}

fn answer(text: &str, place: Option<Place>) -> Answer {
    let mut alternatives = vec![Alternative { lines: Vec::new(), end: None }];
    for text in text.lines() {
        let last = alternatives.last_mut().unwrap();
        match text {
            "or" => alternatives.push(Alternative { lines: Vec::new(), end: None }),
            "skip" => last.end = Some(End::Skip),
            text => {
                let (mark, text) = text.strip_prefix("! ").map_or((Mark::Plain, text), |rest| (Mark::Not, rest));
                let (text, judges) = text
                    .split_once(" @")
                    .map_or((text, None), |(text, id)| (text, Some(id.parse::<RequirementId>().unwrap())));
                let items = text.split(" | ").map(|text| item(text, place)).collect();
                last.lines.push(Line { mark, items, judges, remark: None, span: Span::generated() });
            }
        }
    }
    Answer { alternatives, span: Span::generated() }
}

fn smtp_frames(wire: &str) -> Vec<Frame> {
    let mut framer = smtp::Framer::new();
    framer.push(wire.as_bytes());
    std::iter::from_fn(|| framer.next()).map(|frame| Frame::Smtp(frame.unwrap())).collect()
}

fn pop3_frames(wire: &str, forms: &[Form]) -> Vec<Frame> {
    let mut framer = pop3::Framer::new();
    forms.iter().for_each(|form| framer.expect(*form));
    framer.push(wire.as_bytes());
    std::iter::from_fn(|| framer.next()).map(|frame| Frame::Pop3(frame.unwrap())).collect()
}

fn judge(expected: &Answer, frames: &[Frame], ending: Ending, quiet: u64, env: &Bindings) -> Decision {
    let seconds = Duration::from_secs(quiet);
    let extent = Extent::Replies(frames.len());
    let nothing = Heard { frames: &[], ending: Ending::Open, quiet: seconds, elapsed: seconds, extent };
    if must_wait(expected, &nothing) {
        assert!(matches!(decide(expected, &nothing, env), Decision::Pending(wait, _) if wait == Wait::frame()));
    }
    decide(expected, &Heard { frames, ending, quiet: seconds, elapsed: seconds, extent }, env)
}

fn smtp(expected: &str, wire: &str, ending: Ending, quiet: u64) -> Decision {
    judge(&answer(expected, None), &smtp_frames(wire), ending, quiet, &Bindings::default())
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

#[test]
fn smtp_answers_are_judged_in_order() {
    use Ending::{Closed, Open};
    let table = [
        ("250", "250 ok\r\n", Open, 0, "holds"),
        ("250", "550 no\r\n", Open, 0, "fails Mismatch"),
        ("250 | 251", "251 x\r\n", Open, 0, "holds"),
        ("250", "", Open, 0, "pending"),
        ("250", "", Closed, 0, "fails Close"),
        ("5xx, done | 250", "554 no\r\n", Open, 0, "holds done"),
        ("550, skip | 250", "550 no\r\n", Open, 0, "holds skip"),
        ("250\n354", "250 ok\r\n354 go\r\n", Open, 0, "holds"),
        ("250\n354", "354 go\r\n250 ok\r\n", Open, 0, "fails Mismatch"),
        ("250\n354", "250 ok\r\n", Open, 0, "pending"),
        ("5xx, done\n354", "554 no\r\n", Open, 0, "holds done"),
        ("221\nclosed", "221 bye\r\n", Open, 0, "pending"),
        ("221\nclosed", "221 bye\r\n", Closed, 0, "holds"),
        ("221\nclosed", "221 bye\r\n250 more\r\n", Closed, 0, "fails Mismatch"),
        ("4xx | 5xx\nsilence 1s | closed, skip", "500 no\r\n", Open, 0, "pending"),
        ("4xx | 5xx\nsilence 1s | closed, skip", "500 no\r\n", Open, 1, "holds"),
        ("4xx | 5xx\nsilence 1s | closed, skip", "500 no\r\n", Closed, 0, "holds skip"),
        ("4xx | 5xx\nsilence 1s | closed, skip", "500 no\r\n250 ok\r\n", Open, 1, "fails Mismatch"),
        ("open 5s", "250 ok\r\n", Open, 4, "pending"),
        ("open 5s", "250 ok\r\n", Open, 5, "holds"),
        ("open 5s", "421 bye\r\n", Closed, 4, "fails Close"),
        ("250\nor\n421\nclosed\nskip", "421 bye\r\n", Closed, 0, "holds skip"),
        ("250\nor\n421\nclosed\nskip", "550 no\r\n", Open, 0, "fails Mismatch"),
    ];
    for (expected, wire, ending, quiet, want) in table {
        assert_eq!(verdict(&smtp(expected, wire, ending, quiet)), want, "{expected:?} against {wire:?}");
    }
}

#[test]
fn forbidden_keyword_fails_although_the_reply_fits() {
    let expected = "! 250-STARTTLS @local-no-starttls\n250";
    let with = smtp(expected, "250-mail.example\r\n250-STARTTLS\r\n250 HELP\r\n", Ending::Open, 0);
    let Decision::Fails(failure) = with else { panic!("{with:?}") };
    assert_eq!(failure.judges.unwrap().as_str(), "local-no-starttls");
    assert_eq!(failure.kind, FindingKind::Mismatch);
    let without = smtp(expected, "250-mail.example\r\n250 HELP\r\n", Ending::Open, 0);
    let Decision::Holds(taken) = without else { panic!("{without:?}") };
    assert_eq!(taken.judged.len(), 1);
}

#[test]
fn a_reply_that_breaks_the_grammar_fits_nothing() {
    assert_eq!(verdict(&smtp("xxx", "25 x\r\n", Ending::Open, 0)), "fails Mismatch");
}

#[test]
fn codes_are_captured_once_and_compared_after() {
    let frames = smtp_frames("250 a\r\n550 b\r\n");
    let expected = answer("${replies}", None);
    let Decision::Holds(taken) = judge(&expected, &frames, Ending::Open, 0, &Bindings::default()) else { panic!() };
    let (name, value) = taken.captures.first().unwrap().clone();
    assert_eq!(value, Bound::Codes(vec!["250".into(), "550".into()]));
    let mut env = Bindings::default();
    env.bind(name.as_str(), value);
    assert_eq!(verdict(&judge(&expected, &frames, Ending::Open, 0, &env)), "holds");
    let other = smtp_frames("250 a\r\n250 b\r\n");
    assert_eq!(verdict(&judge(&expected, &other, Ending::Open, 0, &env)), "fails Mismatch");
}

#[test]
fn pop3_bodies_belong_to_their_status_line() {
    let listing = answer("+OK | -ERR, skip\n1 ${a}\n_ ${b}\n.", Some(Place::Listing));
    let came = pop3_frames("+OK\r\n1 120\r\n2 9\r\n.\r\n", &[Form::Multi]);
    let Decision::Holds(taken) = judge(&listing, &came, Ending::Open, 0, &Bindings::default()) else { panic!() };
    assert_eq!(taken.captures.len(), 2);
    let refused = pop3_frames("-ERR no\r\n", &[Form::Multi]);
    assert_eq!(verdict(&judge(&listing, &refused, Ending::Open, 0, &Bindings::default())), "holds skip");
    let longer = pop3_frames("+OK\r\n1 120\r\n2 9\r\n3 7\r\n.\r\n", &[Form::Multi]);
    assert_eq!(verdict(&judge(&listing, &longer, Ending::Open, 0, &Bindings::default())), "fails Mismatch");
}

#[test]
fn a_capability_that_must_not_be_there_is_found_in_the_body() {
    let expected = answer("+OK\n! STLS\n.", Some(Place::Capability));
    let with = pop3_frames("+OK\r\nUIDL\r\nSTLS\r\n.\r\n", &[Form::Multi]);
    assert_eq!(verdict(&judge(&expected, &with, Ending::Open, 0, &Bindings::default())), "fails Mismatch");
    let without = pop3_frames("+OK\r\nUIDL\r\n.\r\n", &[Form::Multi]);
    assert_eq!(verdict(&judge(&expected, &without, Ending::Open, 0, &Bindings::default())), "holds");
}

#[test]
fn trouble_is_told_from_refusal() {
    let smtp = |expected: &str, wire: &str| trouble(&answer(expected, None), &smtp_frames(wire));
    assert_eq!(smtp("250", "550 5.7.1 no\r\n"), None);
    assert_eq!(smtp("250", "451 4.7.1 later\r\n").as_deref(), Some("451 4.7.1 <text>"));
    assert!(smtp("5xx", "530 5.7.0 first\r\n").is_some());
    let pop3 = |expected: &str, wire: &str| {
        trouble(&answer(expected, Some(Place::Status)), &pop3_frames(wire, &[Form::Single]))
    };
    assert!(pop3("+OK", "-ERR [IN-USE] busy\r\n").is_some());
    assert_eq!(pop3("+OK", "-ERR no\r\n"), None);
}

#[test]
fn trouble_that_a_line_names_is_an_answer_like_any_other() {
    let smtp = |expected: &str, wire: &str| trouble(&answer(expected, None), &smtp_frames(wire));
    assert_eq!(smtp("250 | 4xx | 5xx\nsilence 2s", "451 later\r\n250 ok\r\n"), None);
    assert_eq!(smtp("530", "530 5.7.0 first\r\n"), None);
    assert_eq!(smtp("! 452\n250", "452 4.3.1 full\r\n"), None);
    assert!(smtp("! 452\n250", "451 later\r\n").is_some());
    assert!(smtp("xxx", "451 later\r\n").is_some());
    let pop3 = |expected: &str, wire: &str| {
        trouble(&answer(expected, Some(Place::Status)), &pop3_frames(wire, &[Form::Single]))
    };
    assert_eq!(pop3("-ERR [IN-USE]", "-ERR [IN-USE] busy\r\n"), None);
}

#[test]
fn the_caret_stands_at_the_line_that_must_not_be_there() {
    let at = |decision: Decision| match decision {
        Decision::Fails(failure) => failure.caret.map(|caret| caret.start),
        other @ (Decision::Pending(..) | Decision::Holds(_)) => panic!("{other:?}"),
    };
    let ehlo = "250-x\r\n250-SIZE 9\r\n250 VRFY\r\n";
    assert_eq!(at(smtp("250\n! 250-VRFY", ehlo, Ending::Open, 0)), Some(19));
    assert_eq!(at(smtp("250\n! 250-SIZE ...", ehlo, Ending::Open, 0)), Some(7));
    assert_eq!(at(smtp("xxx\n! 5xx", "500 no\r\n", Ending::Open, 0)), Some(0));
}
