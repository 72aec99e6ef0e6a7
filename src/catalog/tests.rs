use super::*;

const GOOD: &str = "title: T\nprotocol: smtp\nrequirements:\n  - { id: a-1, section: \"1\", level: must, text: t, observable: \"yes\", weight: 1 }\n";

fn messages(files: &[(&str, &str)]) -> Vec<String> {
    Catalog::read(files.iter().copied()).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn mistakes_of_all_files_are_told_at_once_with_their_file() {
    let odd_key = GOOD.replace("section", "sektion");
    let found = messages(&[("one", &odd_key), ("two", GOOD), ("three", GOOD), ("four", "title: [")]);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[0].starts_with("one: ") && found[0].contains("sektion"), "{found:?}");
    assert_eq!(found[1], "three: a-1 stands twice");
    assert!(found[2].starts_with("four: "), "{found:?}");
}

#[test]
fn a_reference_names_a_row_that_exists_and_is_canonical() {
    let row = |id: &str, same: &str| {
        format!(
            "  - {{ id: {id}, section: \"1\", level: must, text: t, observable: \"yes\", weight: 1, same_as: {same} }}\n"
        )
    };
    let text = format!("{GOOD}{}{}{}", row("a-2", "a-1"), row("a-3", "a-2"), row("a-4", "nowhere"));
    assert_eq!(
        messages(&[("f", &text)]),
        [
            "f: a-3: same_as names a-2, which has a same_as itself",
            "f: a-4: same_as names nowhere, which does not exist"
        ]
    );
}

#[test]
fn a_row_counts_under_its_canonical_id() {
    let text = format!(
        "{GOOD}  - {{ id: a-2, section: \"1\", level: must, text: t, observable: \"yes\", weight: 1, same_as: a-1 }}\n"
    );
    let catalog = Catalog::read([("f", text.as_str())]).unwrap();
    let (one, two) = ("a-1".parse().unwrap(), "a-2".parse().unwrap());
    assert_eq!(catalog.canonical(&two), &one);
    assert_eq!(catalog.canonical(&one), &one);
    assert_eq!(catalog.closest("a-3"), Some("a-2"));
}
