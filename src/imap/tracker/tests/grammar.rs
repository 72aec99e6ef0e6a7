use super::*;
use crate::base::ByteString;

const REFUSED: &str = include_str!("../../../../fixtures/transcripts/imap/refused.txt");

/// Responses that break what no line of the corpus does, in the revision that has the rule.
const MORE: &[(&str, Revision, &str)] = &[
    (
        "* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 1 1 5))",
        Revision::Rev1,
        "rfc3501-7.4.2-bodystructure-extension-order",
    ),
    ("* SORT 0", Revision::Rev1, "rfc5256-base.7.2.sort-response-syntax"),
    ("* LIST () \"/\" x (y)", Revision::Rev1, "rfc5258-6-list-response-grammar"),
    ("* ESEARCH (TAG \"a\") RELEVANCY (x)", Revision::Rev1, "rfc6203-7-score-list-syntax"),
    ("* 1 FETCH (SAVEDATE 5)", Revision::Rev1, "rfc8514-4.2-fetch-syntax"),
    ("* 1 FETCH (PREVIEW 5)", Revision::Rev1, "rfc8970-6-syntax"),
    ("* QUOTAROOT", Revision::Rev1, "rfc9208-4.2.2-quotaroot-syntax"),
    ("* 1 UIDFETCH x", Revision::Rev1, "rfc9586-4-uidfetch-syntax"),
];

/// What a response breaks on a connection of its own, beyond that no session begins with it.
fn cited(raw: &ByteString, revision: Revision) -> Vec<String> {
    let mut tracker = Tracker::new();
    tracker.opened(1, revision);
    let frame = Frame::read(raw.clone(), revision);
    let found = tracker.received(1, &frame).into_iter().map(|breach| breach.requirement.to_string());
    found.filter(|id| id != "rfc3501-2.2-greeting-first").collect()
}

#[test]
fn every_grammar_requirement_is_cited_by_a_malformed_response() {
    let corpus = REFUSED.lines().filter(|line| !line.starts_with('#')).map(|line| ByteString::unescape(line).unwrap());
    let mut tested = BTreeSet::new();
    for raw in corpus {
        for revision in [Revision::Rev1, Revision::Rev2] {
            let found = cited(&raw, revision);
            assert_eq!(found.len(), 1, "{raw}");
            tested.extend(found);
        }
    }
    for (line, revision, id) in MORE {
        assert_eq!(cited(&format!("{line}\r\n").into(), *revision), [*id], "{line}");
        tested.insert((*id).to_owned());
    }
    let missing: Vec<&&str> = requirements().iter().filter(|id| !tested.contains(**id)).collect();
    assert_eq!(missing, [&""; 0]);
}
