//! Steps with `send`, and those that only read: they end as soon as their lines hold.

use super::Ending::{Closed, Open};
use super::{Does, check};

#[test]
fn a_step_that_reads_ends_when_its_lines_hold() {
    check(
        Does::Free,
        &[
            ("* 2 EXISTS", "* 2 EXISTS", Open, 0, "holds"),
            ("* 2 EXISTS", "* 1 EXISTS", Open, 0, "pending"),
            ("* 2 EXISTS", "A1 OK x", Open, 0, "pending"),
            ("* 2 EXISTS", "", Closed, 0, "fails Close"),
            ("* 2 EXISTS\nOK", "A1 OK x", Open, 0, "fails Mismatch"),
            ("* 2 EXISTS\nOK", "* 2 EXISTS", Open, 0, "pending"),
            ("OK\nthen * 2 EXISTS", "* 2 EXISTS\nA1 OK x", Open, 0, "pending"),
            ("OK\nthen * 2 EXISTS", "A1 OK x\n* 2 EXISTS", Open, 0, "holds"),
            ("+\nOK", "+ x\nA1 OK x", Open, 0, "holds"),
            ("+\nOK", "+ x", Open, 0, "pending"),
            ("+\nOK", "A1 NO x", Open, 0, "fails Mismatch"),
            ("! * _ EXPUNGE\nsilence 1s", "", Open, 1, "holds"),
            ("! * _ EXPUNGE\nopen 1s", "* 2 EXISTS", Open, 1, "holds"),
            ("! * _ EXPUNGE\nopen 1s", "* 2 EXPUNGE", Open, 0, "fails Mismatch"),
        ],
    );
}

#[test]
fn own_tags_are_told_apart() {
    check(
        Does::Free,
        &[
            ("! evil _\nOK", "A1 OK x", Open, 0, "holds"),
            ("! evil _\nOK", "A1 OK x\nevil BAD x", Open, 0, "fails Mismatch"),
            ("! evil _\nOK", "evil OK x", Open, 0, "fails Mismatch"),
            ("OK\nevil OK", "A1 OK x\nevil OK x", Open, 0, "holds"),
            ("OK\nevil OK", "A1 OK x\nevil NO x", Open, 0, "fails Mismatch"),
            ("OK\nevil OK", "A1 OK x\nEVIL OK x", Open, 0, "pending"),
            ("A.b:1-c_2! OK", "A.b:1-c_2! OK x", Open, 0, "holds"),
            ("A.b:1-c_2! OK", "* 1 EXISTS\nA.b:1-c_2! BAD x", Open, 0, "fails Mismatch"),
            ("* 1 EXISTS\nevil OK", "evil OK x\n* 1 EXISTS", Open, 0, "fails Mismatch"),
        ],
    );
}
