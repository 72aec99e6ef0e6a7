use crate::base::ByteString;
use crate::imap::{Revision, parse};

/// One file of the corpus as octets.
pub(super) fn lines(text: &str) -> Vec<ByteString> {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| ByteString::unescape(line).unwrap()).collect()
}

pub(super) const BOTH: &str = include_str!("../../../fixtures/transcripts/imap/accepted.txt");
pub(super) const REV1: &str = include_str!("../../../fixtures/transcripts/imap/accepted-rev1-only.txt");
pub(super) const REV2: &str = include_str!("../../../fixtures/transcripts/imap/accepted-rev2-only.txt");
pub(super) const NONE: &str = include_str!("../../../fixtures/transcripts/imap/refused.txt");

fn assert_all(text: &str, revision: Revision, accepted: &str) {
    let wrong: Vec<String> = lines(text)
        .iter()
        .map(|raw| (raw, parse(raw, revision)))
        .filter(|(_, parsed)| parsed.is_ok() != (accepted == "accepted"))
        .map(|(raw, parsed)| format!("{raw}: {}", parsed.map_or_else(|error| error.to_string(), |_| "accepted".into())))
        .collect();
    assert!(wrong.is_empty(), "not {accepted} by {revision:?}:\n{}", wrong.join("\n"));
}

#[test]
fn what_both_revisions_allow_is_accepted() {
    assert_all(BOTH, Revision::Rev1, "accepted");
    assert_all(BOTH, Revision::Rev2, "accepted");
}

#[test]
fn revisions_differ_where_their_grammars_do() {
    assert_all(REV1, Revision::Rev1, "accepted");
    assert_all(REV1, Revision::Rev2, "refused");
    assert_all(REV2, Revision::Rev1, "refused");
    assert_all(REV2, Revision::Rev2, "accepted");
}

#[test]
fn what_breaks_the_grammar_is_refused() {
    assert_all(NONE, Revision::Rev1, "refused");
    assert_all(NONE, Revision::Rev2, "refused");
}

#[test]
fn each_refusal_names_place_rule_and_requirement() {
    let report: Vec<String> = lines(NONE)
        .iter()
        .filter_map(|raw| Some((raw, parse(raw, Revision::Rev1).err()?)))
        .map(|(raw, error)| format!("{raw}\n    {error}\n    {}", error.requirement))
        .collect();
    insta::assert_snapshot!("refusals", report.join("\n"));
}
