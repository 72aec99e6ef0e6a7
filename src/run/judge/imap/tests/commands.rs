//! Answers to commands: complete when each has its tagged response.

use super::Ending::{Closed, Open};
use super::{Does, check};

#[test]
fn a_command_is_answered_by_its_tagged_response() {
    check(
        Does::Commands(1),
        &[
            ("OK", "A1 OK x", Open, 0, "holds"),
            ("OK", "A1 NO x", Open, 0, "fails Mismatch"),
            ("OK", "A9 OK x", Open, 0, "pending"),
            ("OK", "", Open, 0, "pending"),
            ("OK", "", Closed, 0, "fails Close"),
            ("OK", "* OK x", Open, 0, "pending"),
            ("OK | NO", "A1 NO x", Open, 0, "holds"),
            ("OK | NO", "A1 BAD x", Open, 0, "fails Mismatch"),
            ("NO [TRYCREATE]", "A1 NO [TRYCREATE] x", Open, 0, "holds"),
            ("NO [TRYCREATE]", "A1 NO x", Open, 0, "fails Mismatch"),
            ("NO [TRYCREATE] | OK, skip", "A1 OK x", Open, 0, "holds skip"),
            ("OK", "A1 OK [ALERT] x", Open, 0, "holds"),
            ("OK", "A1 OK\u{0}", Open, 0, "fails Mismatch"),
        ],
    );
}

#[test]
fn untagged_lines_come_in_any_order_before_their_tagged_line() {
    check(
        Does::Commands(1),
        &[
            ("* 1 EXISTS\n* FLAGS (...)\nOK", "* FLAGS ()\n* 1 EXISTS\nA1 OK x", Open, 0, "holds"),
            ("* 1 EXISTS\nOK", "* 1 EXISTS\n* 0 RECENT\nA1 OK x", Open, 0, "holds"),
            ("* 1 EXISTS\nOK", "* 2 EXISTS\nA1 OK x", Open, 0, "fails Mismatch"),
            ("* 1 EXISTS\nOK", "* 2 EXISTS", Open, 0, "pending"),
            ("* 1 EXISTS\nOK", "A1 OK x\n* 1 EXISTS", Open, 0, "fails Mismatch"),
            ("* 1 EXISTS\nOK", "* 1 EXISTS", Closed, 0, "fails Close"),
            ("* 1 EXISTS\nOK", "", Closed, 0, "fails Close"),
            ("* 1 EXISTS\nOK", "A1 NO x", Open, 0, "fails Mismatch"),
            ("* OK [UIDNEXT 4]\nOK", "* OK [UIDNEXT 5] x\nA1 OK x", Open, 0, "fails Mismatch"),
            ("* OK [UIDNEXT 4]\nOK", "* OK [UNSEEN 1] x\n* OK [UIDNEXT 4] x\nA1 OK x", Open, 0, "holds"),
        ],
    );
}

#[test]
fn a_response_is_taken_once_as_long_as_another_fits() {
    let twice = "* _ EXPUNGE\n* 1 EXPUNGE\nOK";
    check(
        Does::Commands(1),
        &[
            (twice, "* 1 EXPUNGE\n* 1 EXPUNGE\nA1 OK x", Open, 0, "holds"),
            (twice, "* 1 EXPUNGE\nA1 OK x", Open, 0, "fails Mismatch"),
            ("* 1 FETCH (UID _)\n* 1 FETCH (FLAGS _)\nOK", "* 1 FETCH (UID 4 FLAGS ())\nA1 OK x", Open, 0, "holds"),
            (
                "* _ FETCH (UID ${a})\n* _ FETCH (UID ${b})\n* ${b} EXISTS\nOK",
                "* 1 FETCH (UID 4)\n* 2 FETCH (UID 7)\n* 7 EXISTS\nA1 OK x",
                Open,
                0,
                "holds",
            ),
        ],
    );
}

#[test]
fn fetch_data_and_vanished_in_several_responses_count_as_one() {
    let whole = "* 1 FETCH (UID 4 FLAGS (\\Seen))\nOK";
    check(
        Does::Commands(1),
        &[
            (whole, "* 1 FETCH (UID 4)\n* 1 FETCH (FLAGS (\\Seen))\nA1 OK x", Open, 0, "holds"),
            (whole, "* 1 FETCH (UID 4)\n* 2 FETCH (FLAGS (\\Seen))\nA1 OK x", Open, 0, "fails Mismatch"),
            (whole, "* 1 FETCH (UID 4)\nA1 OK x\n* 1 FETCH (FLAGS (\\Seen))", Open, 0, "fails Mismatch"),
            (whole, "* 1 FETCH (UID 4)\n* 1 FETCH (FLAGS (\\Seen))\n* 1 FETCH (FLAGS ())\nA1 OK x", Open, 0, "holds"),
            (
                "* VANISHED (EARLIER) 2:4\nOK",
                "* VANISHED (EARLIER) 2\n* VANISHED (EARLIER) 3:4\nA1 OK x",
                Open,
                0,
                "holds",
            ),
            (
                "* VANISHED (EARLIER) 2:4\nOK",
                "* VANISHED (EARLIER) 2\n* VANISHED 3:4\nA1 OK x",
                Open,
                0,
                "fails Mismatch",
            ),
        ],
    );
}

#[test]
fn then_asks_for_an_order() {
    let order = "* VANISHED (EARLIER) ${gone}\nthen * 1 FETCH (UID _)\nOK";
    let two = Does::Commands(2);
    check(
        Does::Commands(1),
        &[
            (order, "* VANISHED (EARLIER) 3\n* 1 FETCH (UID 4)\nA1 OK x", Open, 0, "holds"),
            (order, "* 1 FETCH (UID 4)\n* VANISHED (EARLIER) 3\nA1 OK x", Open, 0, "fails Mismatch"),
            (order, "* 1 FETCH (UID 4)\n* VANISHED (EARLIER) 3\n* 1 FETCH (UID 4)\nA1 OK x", Open, 0, "holds"),
            (order, "* 1 FETCH (UID 4)\n* VANISHED (EARLIER) 3", Open, 0, "pending"),
        ],
    );
    check(
        two,
        &[
            ("OK\nthen OK", "A1 OK x\nA2 OK x", Open, 0, "holds"),
            ("OK\nthen OK", "A2 OK x\nA1 OK x", Open, 0, "fails Mismatch"),
        ],
    );
}

#[test]
fn answers_to_several_commands_come_in_any_order() {
    check(
        Does::Commands(2),
        &[
            ("OK\nNO", "A1 OK x\nA2 NO x", Open, 0, "holds"),
            ("OK\nNO", "A2 NO x\nA1 OK x", Open, 0, "holds"),
            ("OK\nNO", "A1 NO x\nA2 OK x", Open, 0, "fails Mismatch"),
            ("OK\nNO", "A1 OK x", Open, 0, "pending"),
            ("* 1 EXISTS\nOK\nOK", "A2 OK x\n* 1 EXISTS\nA1 OK x", Open, 0, "holds"),
            ("* 1 EXISTS\nOK\nOK", "A1 OK x\n* 1 EXISTS\nA2 OK x", Open, 0, "fails Mismatch"),
            ("OK\n* 1 EXISTS\nOK", "A1 OK x\n* 1 EXISTS\nA2 OK x", Open, 0, "holds"),
            ("OK\n* 1 EXISTS\nOK", "* 1 EXISTS\nA1 OK x\nA2 OK x", Open, 0, "holds"),
            ("OK\n* 1 EXISTS\nOK", "A1 OK x\nA2 OK x\n* 1 EXISTS", Open, 0, "fails Mismatch"),
            ("OK\n* 1 EXISTS\nOK", "A1 OK x", Open, 0, "pending"),
            ("NO, done | OK\nOK", "A1 NO x", Open, 0, "holds done"),
            ("${all}", "A2 NO x\nA1 OK x", Open, 0, "holds"),
            ("${all}", "A2 NO x", Open, 0, "pending"),
            ("${all}", "A2 NO x", Closed, 0, "holds"),
        ],
    );
}

#[test]
fn what_must_not_come_is_looked_for_in_all_that_came() {
    let quiet = "! * _ EXPUNGE\nOK | NO";
    const SAME: &str = "* 2 FETCH (UID 4)\n* 1 FETCH (UID 4)\nA1 OK x";
    const OTHER: &str = "* 2 FETCH (UID 5)\n* 1 FETCH (UID 4)\nA1 OK x";
    let split = "! * 1 FETCH (UID 4 FLAGS (\\Deleted ...))\nOK";
    check(
        Does::Commands(1),
        &[
            (quiet, "A1 OK x", Open, 0, "holds"),
            (quiet, "* 3 EXPUNGE\nA1 OK x", Open, 0, "fails Mismatch"),
            (quiet, "* 3 EXPUNGE", Open, 0, "fails Mismatch"),
            (split, "* 1 FETCH (UID 4)\n* 1 FETCH (FLAGS (\\Deleted))\nA1 OK x", Open, 0, "fails Mismatch"),
            (split, "* 1 FETCH (UID 4)\n* 2 FETCH (FLAGS (\\Deleted))\nA1 OK x", Open, 0, "holds"),
            ("! OK\nNO | BAD", "A1 NO x", Open, 0, "holds"),
            ("* 1 FETCH (UID ${n})\n! * 2 FETCH (UID ${n})\nOK", SAME, Open, 0, "fails Mismatch"),
            ("* 1 FETCH (UID ${n})\n! * 2 FETCH (UID ${n})\nOK", OTHER, Open, 0, "holds"),
        ],
    );
}

#[test]
fn no_other_allows_only_what_lines_name() {
    let only = "* LIST (...) _ a\n* LIST (...) _ b\nno other * LIST ...\nOK";
    let one = "* 3 FETCH (UID ${last})\nno other * _ FETCH (UID _)\nOK";
    check(
        Does::Commands(1),
        &[
            (only, "* LIST () \"/\" b\n* LIST () \"/\" a\nA1 OK x", Open, 0, "holds"),
            (only, "* LIST () \"/\" b\n* LIST () \"/\" a\n* LIST () \"/\" a\nA1 OK x", Open, 0, "holds"),
            (only, "* LIST () \"/\" b\n* LIST () \"/\" a\n* LIST () \"/\" c\nA1 OK x", Open, 0, "fails Mismatch"),
            (only, "* LIST () \"/\" b\n* LIST () \"/\" a\n* LSUB () \"/\" c\nA1 OK x", Open, 0, "holds"),
            (one, "* 3 FETCH (UID 9)\n* 2 FETCH (FLAGS ())\nA1 OK x", Open, 0, "holds"),
            (one, "* 3 FETCH (UID 9)\n* 2 FETCH (UID 8)\nA1 OK x", Open, 0, "fails Mismatch"),
            (one, "* 3 FETCH (UID 9)\n* 3 FETCH (FLAGS (\\Seen))\nA1 OK x", Open, 0, "holds"),
            (
                "* 3 FETCH (UID 9 FLAGS ())\nno other * _ FETCH (UID _)\nOK",
                "* 3 FETCH (UID 9)\n* 3 FETCH (FLAGS ())\nA1 OK x",
                Open,
                0,
                "holds",
            ),
        ],
    );
}

#[test]
fn alternatives_are_whole_answers() {
    let log = "OK\nor\nNO, skip\nor\n* BYE\nclosed\nskip";
    check(
        Does::Commands(1),
        &[
            (log, "A1 OK x", Open, 0, "holds"),
            (log, "A1 NO x", Open, 0, "holds skip"),
            (log, "* BYE x", Open, 0, "pending"),
            (log, "* BYE x", Closed, 0, "holds skip"),
            (log, "A1 BAD x", Open, 0, "fails Mismatch"),
            ("* BYE\nclosed\nskip\nor\nOK", "A1 OK x", Open, 0, "holds"),
            ("* SEARCH 2\nOK\nor\n* ESEARCH ALL 2\nOK", "* ESEARCH ALL 2\nA1 OK x", Open, 0, "holds"),
            ("* SEARCH 2\nOK\nor\n* ESEARCH ALL 2\nOK", "* ESEARCH ALL 3\nA1 OK x", Open, 0, "fails Mismatch"),
        ],
    );
}

#[test]
fn a_refusal_that_ends_the_scenario_needs_no_data() {
    check(
        Does::Commands(1),
        &[
            ("* SEARCH 2\nOK | NO, skip", "A1 NO x", Open, 0, "holds skip"),
            ("* SEARCH 2\nOK | NO, skip", "A1 OK x", Open, 0, "fails Mismatch"),
            ("* SEARCH 2\nOK | NO, skip", "* SEARCH 2\nA1 OK x", Open, 0, "holds"),
            ("* SEARCH 2\nOK, done", "A1 OK x", Open, 0, "fails Mismatch"),
            ("* VANISHED 2\nthen * 1 FETCH (UID _)\nOK | NO, skip", "* VANISHED 2\nA1 NO x", Open, 0, "holds skip"),
        ],
    );
}

#[test]
fn a_continuation_request_is_an_answer_where_it_is_awaited() {
    check(
        Does::Commands(1),
        &[
            ("+", "+ idling", Open, 0, "holds"),
            ("+", "A1 NO x", Open, 0, "fails Mismatch"),
            ("+", "", Open, 0, "pending"),
            ("+", "", Closed, 0, "fails Close"),
            ("+ \"\"", "+ ", Open, 0, "holds"),
            ("+ \"\"", "+ YWI=", Open, 0, "fails Mismatch"),
            ("+ \"\"", "+", Open, 0, "fails Mismatch"),
            ("+ \"ab\"", "+ YWI=", Open, 0, "holds"),
            ("OK", "+ go on", Open, 0, "fails Mismatch"),
            ("OK", "+ go on\nA1 OK x", Open, 0, "fails Mismatch"),
            ("OK", "A1 OK x\n+ go on", Open, 0, "holds"),
            ("+ | NO, skip", "A1 NO x", Open, 0, "holds skip"),
            ("+ | NO, skip", "+ x", Open, 0, "holds"),
            ("! * BYE\n+", "+ x", Open, 0, "holds"),
        ],
    );
    check(
        Does::Commands(2),
        &[
            ("OK\n+", "A1 OK x\n+ idling", Open, 0, "holds"),
            ("OK\n+", "+ idling", Open, 0, "pending"),
            ("OK\n+", "A1 OK x", Open, 0, "pending"),
            ("OK\n+", "A1 OK x\nA2 NO x", Open, 0, "fails Mismatch"),
        ],
    );
}

#[test]
fn the_connection_is_judged_by_its_words() {
    check(
        Does::Commands(1),
        &[
            ("* BYE\nOK\nclosed", "* BYE x\nA1 OK x", Open, 0, "pending"),
            ("* BYE\nOK\nclosed", "* BYE x\nA1 OK x", Closed, 0, "holds"),
            ("* BYE\nOK\nclosed", "* BYE x\nA1 OK x\n* 1 EXISTS", Closed, 0, "fails Mismatch"),
            ("* BYE\nOK\nclosed", "A1 OK x\n* BYE x", Closed, 0, "fails Mismatch"),
            ("OK\nclosed", "A1 OK x\n* BYE x", Closed, 0, "holds"),
            ("NO | BAD | closed", "", Closed, 0, "holds"),
            ("NO | BAD | closed", "* BYE x", Closed, 0, "holds"),
            ("NO | BAD | closed", "A1 OK x", Open, 0, "fails Mismatch"),
            ("NO | BAD | closed", "A1 NO x", Open, 0, "holds"),
            ("silence 2s", "", Open, 1, "pending"),
            ("silence 2s", "", Open, 2, "holds"),
            ("silence 2s", "A1 BAD x", Open, 2, "fails Mismatch"),
            ("OK\nsilence 2s", "A1 OK x", Open, 0, "pending"),
            ("OK\nsilence 2s", "A1 OK x", Open, 2, "holds"),
            ("OK\nsilence 2s", "A1 OK x\n* 1 EXISTS", Open, 2, "fails Mismatch"),
            ("OK\nsilence 2s", "* 1 EXISTS\nA1 OK x", Open, 2, "holds"),
            ("OK\nsilence 2s", "A1 OK x", Closed, 1, "fails Close"),
            ("OK\nopen 2s", "A1 OK x\n* 1 EXISTS", Open, 1, "pending"),
            ("OK\nopen 2s", "A1 OK x\n* 1 EXISTS", Open, 2, "holds"),
            ("OK\nopen 2s", "A1 OK x\n* BYE x", Closed, 1, "fails Close"),
            ("! * _ EXPUNGE\nOK\nopen 2s", "A1 OK x\n* 1 EXPUNGE", Open, 1, "fails Mismatch"),
        ],
    );
}
