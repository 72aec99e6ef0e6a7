//! What tampering proves, for programs and for a diff. Nothing in it depends on time or order: the words of an answer differ
//! from run to run, and with them how many changes there are, but not which requirements are proved.

use std::collections::BTreeSet;

use serde::Serialize;

use super::table::Outcome;
use crate::base::RequirementId;
use crate::cli::rows::array;

/// Version of the form.
const FORMAT: u32 = 1;

#[derive(Serialize)]
struct Row<'a> {
    apart: Vec<&'a RequirementId>,
    id: &'a str,
    proved: &'a BTreeSet<RequirementId>,
    unproved: &'a BTreeSet<RequirementId>,
}

/// The report, sorted by scenario.
pub(super) fn json(outcomes: &[(String, Outcome)]) -> serde_json::Result<String> {
    let mut sorted: Vec<&(String, Outcome)> = outcomes.iter().collect();
    sorted.sort_by_key(|(id, _)| id);
    let (mut rows, mut idle, mut unsound) = (Vec::new(), Vec::new(), Vec::new());
    for (id, outcome) in sorted {
        match outcome {
            Outcome::Inapplicable(_) => idle.push(id),
            Outcome::Unsound(_) => unsound.push(id),
            Outcome::Tried(tried) => rows.push(Row {
                apart: tried.apart.keys().collect(),
                id,
                proved: &tried.proved,
                unproved: &tried.unproved,
            }),
        }
    }
    Ok(format!(
        "{{\n  \"format\": {FORMAT},\n  \"notApplicable\": {},\n  \"scenarios\": {},\n  \"unsound\": {}\n}}\n",
        serde_json::to_string(&idle)?,
        array(rows)?,
        serde_json::to_string(&unsound)?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::mutate::table::Tried;

    #[test]
    fn what_is_proved_is_told_of_each_scenario() {
        let ids = |ids: &[&str]| ids.iter().map(|id| id.parse().unwrap()).collect::<BTreeSet<RequirementId>>();
        let tried = Tried {
            proved: ids(&["rfc0-seen", "rfc0-also"]),
            unproved: ids(&["rfc0-unseen"]),
            apart: ids(&["rfc0-mail"]).into_iter().map(|id| (id, "no answer judges it")).collect(),
            ..Tried::default()
        };
        let outcomes = [
            ("s/2".to_owned(), Outcome::Tried(tried)),
            ("s/1".to_owned(), Outcome::Inapplicable("no TLS".to_owned())),
            ("s/0".to_owned(), Outcome::Unsound("it is odd".to_owned())),
        ];
        let text = json(&outcomes).unwrap();
        insta::assert_snapshot!(text);
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    }
}
