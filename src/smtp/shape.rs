//! The structure of a reply without its values, for fingerprints.

use super::parse::text_after_code;
use super::{EnhancedCode, Reply, keywords};

/// Registered EHLO keywords. A reply of several lines with any other word is text: `250-queued` `250 as 4XyZ` is no list.
const KEYWORDS: &[&str] = &[
    "8BITMIME",
    "ATRN",
    "AUTH",
    "BINARYMIME",
    "BURL",
    "CHECKPOINT",
    "CHUNKING",
    "CONNEG",
    "CONPERM",
    "DELIVERBY",
    "DSN",
    "ENHANCEDSTATUSCODES",
    "ETRN",
    "EXPN",
    "FUTURERELEASE",
    "HELP",
    "LIMITS",
    "MT-PRIORITY",
    "MTRK",
    "NO-SOLICITING",
    "PIPELINING",
    "REQUIRETLS",
    "RRVS",
    "SIZE",
    "SMTPUTF8",
    "STARTTLS",
    "SUBMITTER",
    "TURN",
    "UTF8SMTP",
    "VRFY",
];

/// `550 5.1.1 <text>`; a reply of several lines to EHLO keeps its keywords, sorted, with numbers as `<number>`.
pub fn shape(reply: &Reply) -> String {
    let mut out = reply.code.to_string();
    if let Some(EnhancedCode { class, subject, detail }) = reply.enhanced {
        out.push_str(&format!(" {class}.{subject}.{detail}"));
    }
    if !text_after_code(reply).is_empty() {
        out.push_str(" <text>");
    }
    if reply.lines.len() < 2 {
        return out;
    }
    let found = keywords(reply);
    let known = |name: &str| KEYWORDS.contains(&name) || name.starts_with('X');
    if reply.code != 250 || found.len() + 1 != reply.lines.len() || !found.iter().all(|keyword| known(&keyword.name)) {
        return format!("{out} + <number> lines");
    }
    let number = |word: &String| {
        if word.bytes().all(|octet| octet.is_ascii_digit()) { "<number>".to_owned() } else { word.clone() }
    };
    let mut lines: Vec<String> = found
        .into_iter()
        .map(|keyword| {
            std::iter::once(keyword.name).chain(keyword.params.iter().map(number)).collect::<Vec<_>>().join(" ")
        })
        .collect();
    lines.sort_unstable();
    format!("{out}; {}", lines.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::smtp::parse;

    #[test]
    fn what_a_server_says_of_a_message_is_text_and_no_list_of_keywords() {
        for (reply, expected) in [
            ("250-queued\r\n250 as 4XyZ\r\n", "250 <text> + <number> lines"),
            ("250-a.test\r\n250-SIZE 10\r\n250 AUTH PLAIN\r\n", "250 <text>; AUTH PLAIN; SIZE <number>"),
            ("550 5.1.1 no\r\n", "550 5.1.1 <text>"),
        ] {
            assert_eq!(shape(&parse(reply.as_bytes()).unwrap()), expected);
        }
    }
}
