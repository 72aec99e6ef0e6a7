use super::*;
use crate::refserver::imap::command::{Criterion, Direction, SortKey, Threading};
use crate::refserver::imap::mime::{Heading, Part};

type Criteria = &'static [(SortKey, Direction)];

/// Letters from headers, numbered from 1; each came a second after the one before it.
fn letters(headers: &[&str]) -> Vec<Letter> {
    let letter = |(header, number): (&&str, u32)| {
        let message = format!("{}\r\n\r\nx\r\n", header.replace('\n', "\r\n"));
        let heading = Heading::of(message.as_bytes(), &Part::parse(message.as_bytes()));
        Letter::new(number, number, (i64::from(number), message.len() as u64), heading)
    };
    headers.iter().zip(1..).map(letter).collect()
}

fn sorted(headers: &[&str], criteria: Criteria) -> Vec<u32> {
    let mut letters = letters(headers);
    let criteria: Vec<Criterion> = criteria.iter().map(|&(key, direction)| Criterion { key, direction }).collect();
    sort(&mut letters, &criteria);
    letters.iter().map(|letter| letter.number).collect()
}

fn threaded(headers: &[&str], by: Threading) -> String {
    thread(&letters(headers), by).to_response()
}

#[test]
fn messages_are_sorted_by_each_key_and_by_number_at_last() {
    use Direction::{Ascending, Reverse};
    let headers = [
        "Subject: Re: beta\nDate: 2 Jan 2023 00:00:00 +0000\nFrom: B <b@x>\nTo: z@x\nCc: \u{e9}@x",
        "Subject: Alpha\nDate: 1 Jan 2023 23:30:00 -0100\nFrom: a@x\nTo: y@x",
        "Subject: BETA\nDate: 1 Jan 2023 00:00:00 +0000\nFrom: c@x\nTo: Y@x\nCc: e@x",
    ];
    let table: [(Criteria, [u32; 3]); 10] = [
        (&[(SortKey::Subject, Ascending)], [2, 1, 3]),
        (&[(SortKey::Subject, Reverse)], [1, 3, 2]),
        (&[(SortKey::Subject, Ascending), (SortKey::Date, Ascending)], [2, 3, 1]),
        (&[(SortKey::Date, Ascending)], [3, 1, 2]),
        (&[(SortKey::From, Ascending)], [2, 1, 3]),
        (&[(SortKey::To, Ascending)], [2, 3, 1]),
        (&[(SortKey::Cc, Ascending)], [2, 3, 1]),
        (&[(SortKey::Arrival, Reverse)], [3, 2, 1]),
        (&[(SortKey::Size, Ascending)], [2, 3, 1]),
        (&[(SortKey::To, Reverse), (SortKey::Arrival, Reverse)], [1, 3, 2]),
    ];
    for (criteria, expected) in table {
        assert_eq!(sorted(&headers, criteria), expected, "{criteria:?}");
    }
}

#[test]
fn a_message_without_a_date_is_as_old_as_its_arrival() {
    let headers = ["Date: 1 Jan 2023 00:00 +0000", "Subject: no date", "Date: 1 Jan 1960 00:00 +0000"];
    assert_eq!(sorted(&headers, &[(SortKey::Date, Direction::Ascending)]), [3, 2, 1]);
}

#[test]
fn ordered_subject_makes_one_generation_of_children() {
    let headers = [
        "Subject: b\nDate: 3 Jan 2023 00:00 +0000",
        "Subject: Re: a\nDate: 4 Jan 2023 00:00 +0000",
        "Subject: a\nDate: 2 Jan 2023 00:00 +0000",
        "Subject: Re: a\nDate: 5 Jan 2023 00:00 +0000",
        "Subject: b (fwd)\nDate: 1 Jan 2023 00:00 +0000",
    ];
    assert_eq!(threaded(&headers, Threading::OrderedSubject), "THREAD (5 1)(3 (2)(4))");
    assert_eq!(threaded(&[], Threading::OrderedSubject), "THREAD");
}

#[test]
fn references_make_a_tree() {
    let table: [(&str, &[&str], &str); 12] = [
        ("none", &[], "THREAD"),
        (
            "a chain",
            &["Message-ID: <1@x>", "Message-ID: <2@x>\nReferences: <1@x>", "References: <1@x> <2@x>"],
            "THREAD (1 2 3)",
        ),
        (
            "siblings",
            &[
                "Message-ID: <1@x>",
                "Message-ID: <2@x>\nReferences: <1@x>",
                "References: <1@x> <2@x>",
                "In-Reply-To: <1@x>",
            ],
            "THREAD (1 (2 3)(4))",
        ),
        ("the parent comes later", &["References: <2@x>", "Message-ID: <2@x>"], "THREAD (2 1)"),
        ("a missing parent of one", &["References: <9@x>\nSubject: a"], "THREAD (1)"),
        ("a missing parent of two", &["References: <9@x>", "References: <9@x>"], "THREAD ((1)(2))"),
        ("a missing one between", &["Message-ID: <1@x>", "References: <1@x> <9@x>"], "THREAD (1 2)"),
        ("a loop", &["Message-ID: <1@x>\nReferences: <2@x>", "Message-ID: <2@x>\nReferences: <1@x>"], "THREAD (2 1)"),
        ("itself", &["Message-ID: <1@x>\nReferences: <1@x>"], "THREAD (1)"),
        (
            "the same identifier twice",
            &["Message-ID: <1@x>", "Message-ID: <1@x>", "References: <1@x>"],
            "THREAD (1 3)(2)",
        ),
        (
            "a link that is known better later",
            &[
                "Message-ID: <3@x>\nReferences: <1@x>",
                "References: <2@x> <3@x>",
                "Message-ID: <1@x>",
                "Message-ID: <2@x>",
            ],
            "THREAD (3 1 2)(4)",
        ),
        (
            "no references of its own",
            &["References: <1@x> <2@x>", "Message-ID: <1@x>", "Message-ID: <2@x>"],
            "THREAD (2)(3 1)",
        ),
    ];
    for (what, headers, expected) in table {
        assert_eq!(threaded(headers, Threading::References), expected, "{what}");
    }
}

#[test]
fn threads_of_one_subject_are_gathered() {
    let table: [(&str, &[&str], &str); 6] = [
        ("an answer below what it answers", &["Subject: Re: a", "Subject: a", "Subject: b"], "THREAD (2 1)(3)"),
        ("two that are no answers", &["Subject: a", "Subject: A"], "THREAD ((1)(2))"),
        (
            "three that are no answers",
            &["Subject: a", "Subject: b", "Subject: a", "Subject: a"],
            "THREAD ((1)(3)(4))(2)",
        ),
        ("two answers", &["Subject: Re: a", "Subject: [fwd: a]"], "THREAD ((1)(2))"),
        (
            "below a dummy",
            &["References: <9@x>\nSubject: a", "References: <9@x>\nSubject: a", "Subject: a"],
            "THREAD ((1)(2)(3))",
        ),
        ("without a subject", &["Subject: re:", "X: y"], "THREAD (1)(2)"),
    ];
    for (what, headers, expected) in table {
        assert_eq!(threaded(headers, Threading::References), expected, "{what}");
    }
}

#[test]
fn siblings_stand_by_age() {
    let headers = [
        "Message-ID: <1@x>\nDate: 3 Jan 2023 00:00 +0000",
        "References: <1@x>\nDate: 9 Jan 2023 00:00 +0000",
        "References: <1@x>\nDate: 8 Jan 2023 00:00 +0000",
        "References: <7@x>\nDate: 4 Jan 2023 00:00 +0000",
        "References: <7@x>\nDate: 2 Jan 2023 00:00 +0000",
    ];
    assert_eq!(threaded(&headers, Threading::References), "THREAD ((5)(4))(1 (3)(2))");
}

#[test]
fn a_thread_may_be_as_deep_as_a_mailbox_is_long() {
    let headers: Vec<String> =
        (1..=20_000).map(|number| format!("Message-ID: <{number}@x>\nReferences: <{}@x>", number - 1)).collect();
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    let text = threaded(&headers, Threading::References);
    assert!(text.starts_with("THREAD (1 2 3 4 ") && text.ends_with(" 19999 20000)"), "{}", &text[..40]);
}
