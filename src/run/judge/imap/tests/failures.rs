//! What a decision carries: captures, frames, and the response that tells most.

use super::{Does, Ending, answer, frames, judge};
use crate::base::Bound;
use crate::outcome::FindingKind;
use crate::run::judge::{Decision, Failure, Taken, trouble};

fn taken(expected: &str, wire: &str) -> Taken {
    match judge(Does::Commands(1), expected, wire, Ending::Open, 0) {
        Decision::Holds(taken) => taken,
        other @ (Decision::Pending(..) | Decision::Fails(_)) => panic!("{expected:?} against {wire:?}: {other:?}"),
    }
}

fn failure(expected: &str, wire: &str) -> Failure {
    match judge(Does::Commands(1), expected, wire, Ending::Open, 0) {
        Decision::Fails(failure) => failure,
        other @ (Decision::Pending(..) | Decision::Holds(_)) => panic!("{expected:?} against {wire:?}: {other:?}"),
    }
}

#[test]
fn the_frames_of_all_lines_are_named() {
    let split = taken("* 1 FETCH (UID 4 FLAGS ())\nOK", "* 9 EXISTS\n* 1 FETCH (UID 4)\n* 1 FETCH (FLAGS ())\nA1 OK x");
    assert_eq!(split.frames, [1, 2, 3].into());
    assert_eq!(taken("+", "* 1 EXISTS\n+ x").frames, [1].into());
}

#[test]
fn what_a_line_binds_is_known_below_it() {
    let bound =
        taken("* 1 FETCH (UID ${a})\n* 2 FETCH (UID ${a})\nOK", "* 2 FETCH (UID 5)\n* 1 FETCH (UID 5)\nA1 OK x");
    assert_eq!(bound.captures.len(), 1);
    assert_eq!(bound.captures[0].1, Bound::Number(5));
    let other =
        failure("* 1 FETCH (UID ${a})\n* 2 FETCH (UID ${a})\nOK", "* 1 FETCH (UID 5)\n* 2 FETCH (UID 6)\nA1 OK x");
    assert_eq!(other.frame, Some(1));
}

#[test]
fn words_of_several_commands_are_one_value() {
    let Decision::Holds(taken) = judge(Does::Commands(2), "${all}", "A2 NO [X] x\nA1 OK x", Ending::Open, 0) else {
        panic!()
    };
    assert_eq!(taken.captures[0].1, Bound::Codes(vec!["OK".to_owned(), "NO".to_owned()]));
}

#[test]
fn a_failure_shows_the_response_that_comes_nearest() {
    let flags = failure(
        "* 2 FETCH (UID 4 FLAGS (\\Seen))\nOK",
        "* 1 FETCH (UID 4 FLAGS (\\Seen))\n* 2 FETCH (UID 3)\n* 2 FETCH (UID 4 FLAGS ())\nA1 OK x",
    );
    assert_eq!((flags.frame, flags.kind), (Some(2), FindingKind::Mismatch));
    let none = failure("* 2 FETCH (UID 4)\nOK", "* 1 FETCH (UID 4)\nA1 OK x");
    assert_eq!(none.frame, Some(1));
    let exists = failure("* 2 EXISTS\nOK", "* 3 EXISTS\n* 0 RECENT\nA1 OK x");
    assert_eq!((exists.frame, exists.actual.escaped()), (Some(0), "* 3 EXISTS\\r\\n".to_owned()));
    let code = failure("* OK [UIDNEXT 4]\nOK", "* OK [UNSEEN 4] x\n* OK [UIDNEXT 5] x\nA1 OK x");
    assert_eq!(code.frame, Some(1));
}

#[test]
fn each_line_accuses_whom_it_names() {
    let wire = "* 1 EXISTS\n* FLAGS ()\nA1 OK x";
    let judged = taken("* 1 EXISTS @local-a\n! * 1 EXPUNGE @local-b\nOK", wire).judged;
    assert_eq!(judged.len(), 2);
    let failed = failure("* 1 EXISTS @local-a\n* FLAGS (\\Seen) @local-b\nOK", wire);
    assert_eq!(failed.judges.unwrap().as_str(), "local-b");
}

#[test]
fn trouble_makes_a_refusal_say_nothing() {
    let table = [
        ("OK", "A1 NO [UNAVAILABLE] x", true),
        ("OK", "A1 NO [INUSE] x", true),
        ("OK", "A1 NO [LIMIT] x", true),
        ("OK", "A1 NO [OVERQUOTA] x", true),
        ("OK", "A1 NO [CONTACTADMIN] x", true),
        ("OK", "A1 NO [NONEXISTENT] x", false),
        ("OK", "A1 NO x", false),
        ("OK", "A1 OK [OVERQUOTA] x", false),
        ("OK", "* NO [OVERQUOTA] x\nA1 NO x", false),
        ("OK", "* BYE x", true),
        ("* BYE\nOK", "* BYE x\nA1 BAD x", false),
        ("NO [OVERQUOTA]\nor\nOK", "A1 NO [OVERQUOTA] x", false),
    ];
    for (expected, wire, want) in table {
        let found = trouble(&answer(Does::Commands(1), expected), &frames(wire));
        assert_eq!(found.is_some(), want, "{expected:?} against {wire:?}: {found:?}");
    }
}

#[test]
fn a_flood_of_responses_is_judged_in_time() {
    let flood = "* 1 FETCH (UID 4)\n".repeat(2_000);
    let (all, expected) = (frames(&flood), answer(Does::Commands(1), "* 1 FETCH (FLAGS _)\nOK"));
    let full =
        (1..=all.len()).map(|count| super::judge_frames(Does::Commands(1), &expected, &all[..count], Ending::Open, 0));
    assert!(full.into_iter().all(|decision| matches!(decision, Decision::Pending(..))));
    let done = frames(&format!("{flood}* 1 FETCH (FLAGS ())\nA1 OK x"));
    assert!(matches!(super::judge_frames(Does::Commands(1), &expected, &done, Ending::Open, 0), Decision::Holds(_)));
}
