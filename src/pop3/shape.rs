//! The structure of a response without its values, for fingerprints.

use super::{Reply, Status};

/// `-ERR [IN-USE] <text>`, `+OK <number> <number>`, `+OK <text> + <number> lines`.
pub fn shape(reply: &Reply) -> String {
    let mut parts = vec![
        match reply.status {
            Status::Ok => "+OK",
            Status::Err => "-ERR",
            Status::Continue => "+",
        }
        .to_owned(),
    ];
    let mut text = String::from_utf8_lossy(&reply.text).into_owned();
    if let Some(code) = &reply.code {
        parts.push(format!("[{code}]"));
        text = text.get(code.len() + 2..).unwrap_or_default().to_owned();
    }
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let number = |word: &&str| word.bytes().all(|octet| octet.is_ascii_digit());
    if !words.is_empty() && words.iter().all(number) {
        parts.extend(words.iter().map(|_| "<number>".to_owned()));
    } else if !words.is_empty() {
        parts.push("<text>".to_owned());
    }
    if reply.body.is_some() {
        parts.push("+ <number> lines".to_owned());
    }
    parts.join(" ")
}
