//! What a line forbids, as a server would say it.

use crate::base::Bindings;
use crate::imap;
use crate::scenario::{Answer, Expect, Item, Mark};

/// What stands for `...`, in the order in which it is tried.
const MORE: [&str; 8] =
    ["", "\"tampered\"", "() \"/\" tampered", "tampered (MESSAGES 1)", "(UID 4000000000)", "4000000000", "1 1", "NIL"];
/// What stands for `_`.
const ANY: [&str; 6] = ["1", "tampered", "()", "\"tampered\"", "NIL", "(UID 4000000000)"];

/// Answers that lines with `!` and `no other` forbid, without CRLF: values put in for variables and placeholders. A line for
/// which no such answer is found is left out.
pub fn rendered(answer: &Answer, env: &Bindings) -> Vec<String> {
    let lines = answer.lines().filter(|line| matches!(line.mark, Mark::Not | Mark::NoOther));
    lines.flat_map(|line| &line.items).filter_map(|item| render(item, env)).collect()
}

fn render(item: &Item, env: &Bindings) -> Option<String> {
    match &item.expect {
        Expect::Smtp(pattern) => Some(with_values(&pattern.to_string(), env).replace(" ...", "").replace('_', "1")),
        Expect::Pop3(pattern) => Some(with_values(&pattern.to_string(), env).replace(" ...", "").replace('_', "1")),
        Expect::Imap(pattern) => {
            let text = with_values(&pattern.to_string(), env);
            let fits = |text: &String| {
                let raw = format!("{text}\r\n");
                imap::parse(raw.as_bytes(), imap::Revision::Rev2).is_ok_and(|said| pattern.fits(&said, env).is_some())
            };
            candidates(&text).into_iter().find(fits)
        }
        Expect::Box(_) | Expect::Closed | Expect::Silence(_) | Expect::Open(_) | Expect::Tls | Expect::Codes(_) => None,
    }
}

/// Values in the place of bound variables; an unbound one is any value.
fn with_values(text: &str, env: &Bindings) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("${") {
        out.push_str(before);
        let Some((name, more)) = behind.split_once('}') else { break };
        let value = env.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_octets());
        out.push_str(&value.map_or_else(|| "_".to_owned(), |value| String::from_utf8_lossy(&value).into_owned()));
        rest = more;
    }
    out.push_str(rest);
    out
}

/// The text with something for each placeholder: the number before a name is a number, text behind a status is there.
fn candidates(text: &str) -> Vec<String> {
    let text = text.strip_prefix("* _ ").map_or_else(|| text.to_owned(), |rest| format!("* 1 {rest}"));
    let text = match text.split_once(' ') {
        // A tag of its own.
        Some((tag, "_")) if !matches!(tag, "*" | "+") => format!("{tag} OK"),
        Some(_) | None => text,
    };
    let each = |more: &&str| ANY.map(|any| filled(&text, any, more));
    let filled: Vec<String> = MORE.iter().flat_map(each).collect();
    filled.iter().cloned().chain(filled.iter().map(|text| format!("{text} tampered"))).collect()
}

/// Words that are placeholders replaced; brackets around them stay.
fn filled(text: &str, any: &str, more: &str) -> String {
    let word = |word: &str| {
        let bare = word.trim_matches(['(', ')', '[', ']']);
        match bare {
            "_" => word.replacen('_', any, 1),
            "..." => word.replacen("...", more, 1),
            _ => word.to_owned(),
        }
    };
    let text = text.split(' ').map(word).collect::<Vec<_>>().join(" ");
    text.replace(" )", ")").replace("( ", "(").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Bound;
    use crate::scenario::{End, Item};

    fn imap(text: &str) -> Option<String> {
        let mut env = Bindings::default();
        env.bind("box", Bound::octets("b1"));
        let item = Item { expect: Expect::Imap(imap::Pattern::parse(text).unwrap()), end: None::<End> };
        render(&item, &env)
    }

    #[test]
    fn what_is_forbidden_is_said_as_a_server_would() {
        let table = [
            ("* _ EXPUNGE", "* 1 EXPUNGE"),
            ("* 2 FETCH (FLAGS (\\Seen))", "* 2 FETCH (FLAGS (\\Seen))"),
            ("* LIST ...", "* LIST () \"/\" tampered"),
            ("* LIST (\\Subscribed) _ ${box}", "* LIST (\\Subscribed) NIL b1"),
            ("* BYE", "* BYE tampered"),
            ("evil _", "evil OK tampered"),
        ];
        for (pattern, wanted) in table {
            let said = imap(pattern).unwrap_or_else(|| panic!("{pattern}"));
            assert_eq!(said, wanted, "{pattern}");
        }
    }
}
