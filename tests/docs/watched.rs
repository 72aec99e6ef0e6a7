//! What is always watched: section 10 of the language lists what the invariants of a protocol stand behind, and nothing else.

use std::collections::BTreeSet;

use mailproof::{imap, pop3, smtp};

use super::pages::page;

pub(super) fn is_listed() -> Result<(), String> {
    let text = page("docs/suite-language.md")?;
    let protocols =
        [("### 10.1 SMTP\n", smtp::behind()), ("### 10.2 POP3\n", pop3::behind()), ("### 10.3 IMAP\n", imap::behind())];
    for (heading, behind) in protocols {
        let (_, section) = text.split_once(heading).ok_or_else(|| format!("no section {heading:?}"))?;
        let section = section.split("\n#").next().unwrap_or_default();
        let listed: BTreeSet<String> = section.split("\n- ").skip(1).flat_map(ids).collect();
        let watched: BTreeSet<String> = behind.iter().map(|id| (*id).to_owned()).collect();
        let wrong: Vec<&String> = listed.symmetric_difference(&watched).collect();
        if !wrong.is_empty() || watched.len() < 50 {
            return Err(format!("{heading}: either not watched or not listed: {wrong:?}"));
        }
    }
    Ok(())
}

/// `rfc1: `a`, `b`` are `rfc1-a` and `rfc1-b`.
fn ids(item: &str) -> Vec<String> {
    let Some((rfc, rest)) = item.split_once(": ") else { return Vec::new() };
    rest.split('`').skip(1).step_by(2).map(|name| format!("{rfc}-{name}")).collect()
}
