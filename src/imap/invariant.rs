//! What must hold within one response beyond its grammar.

use super::view::{Contradiction, is_word};
use super::{Response, Value};

const ONE_SELECTABILITY: &str = "rfc3501-7.2.2-one-selectability-flag";
const NOT_BOTH: &str = "rfc5258-4-not-both";

/// What this file judges.
pub(super) const BEHIND: &[&str] = &[ONE_SELECTABILITY, NOT_BOTH];

/// Attributes that exclude each other in LIST and LSUB. RFC 3501 §7.2.2, RFC 5258 §4. None for any other response.
pub(super) fn list_attributes(response: &Response) -> Option<Vec<Contradiction>> {
    let Response::Data { number: None, name, args, .. } = response else { return None };
    let (true, Some(Value::List(attributes))) = (name == "LIST" || name == "LSUB", args.first()) else { return None };
    let has = |word: &&str| attributes.iter().any(|attribute| is_word(attribute, word));
    let mut found = Vec::new();
    if ["\\Noselect", "\\Marked", "\\Unmarked"].iter().filter(|word| has(word)).count() > 1 {
        found.push((ONE_SELECTABILITY, "more than one of \\Noselect, \\Marked and \\Unmarked"));
    }
    if has(&"\\HasChildren") && has(&"\\HasNoChildren") {
        found.push((NOT_BOTH, "\\HasChildren together with \\HasNoChildren"));
    }
    Some(found)
}
