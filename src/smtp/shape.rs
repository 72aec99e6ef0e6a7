//! The structure of a reply without its values, for fingerprints.

use super::parse::text_after_code;
use super::{EnhancedCode, Reply, keywords};

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
    if reply.code != 250 || found.len() + 1 != reply.lines.len() {
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
