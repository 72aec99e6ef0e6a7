//! Answers that speak of trouble rather than of right or wrong. docs/suite-language.md section 9.

use crate::imap::{Response, Status};
use crate::outcome::Frame;
use crate::scenario::{Answer, Expect};
use crate::{imap, pop3, smtp};

/// The first frame that speaks of trouble, as a shape, unless a line of the answer names that trouble. A line that must
/// not be met names it too: with `! 452` a 452 is what the step is about.
pub fn trouble(answer: &Answer, frames: &[Frame]) -> Option<String> {
    let unnamed = |frame: &&Frame| is_trouble(frame) && !answer.items().any(|item| names(&item.expect, frame));
    frames.iter().find(unnamed).map(Frame::shape)
}

fn is_trouble(frame: &Frame) -> bool {
    match frame {
        Frame::Smtp(frame) => frame.parsed.as_ref().is_ok_and(smtp_trouble),
        Frame::Pop3(frame) => frame.parsed.as_ref().is_ok_and(pop3_trouble),
        Frame::Imap(frame) => frame.parsed.as_ref().is_ok_and(imap_trouble),
    }
}

/// 4yz, and 530 or 538 where TLS or AUTH is demanded first (RFC 4954 §6).
fn smtp_trouble(reply: &smtp::Reply) -> bool {
    (400..500).contains(&reply.code) || matches!(reply.code, 530 | 538)
}

fn pop3_trouble(reply: &pop3::Reply) -> bool {
    let named = |code: &String| pop3::TROUBLE_CODES.iter().any(|word| code.eq_ignore_ascii_case(word));
    reply.status == pop3::Status::Err && reply.code.as_ref().is_some_and(named)
}

/// A refusal with such a code, and a BYE.
fn imap_trouble(response: &Response) -> bool {
    match response {
        Response::Status { tag: Some(_), status: Status::No, code: Some(code), .. } => {
            imap::TROUBLE_CODES.iter().any(|word| code.name.eq_ignore_ascii_case(word))
        }
        Response::Status { tag: None, status: Status::Bye, .. } => true,
        Response::Status { .. } | Response::Continue { .. } | Response::Data { .. } => false,
    }
}

/// Whether an item asks for just this trouble: `4xx` and `451` do, `xxx` and `NO` do not.
fn names(expect: &Expect, frame: &Frame) -> bool {
    match (expect, frame) {
        (Expect::Smtp(pattern), Frame::Smtp(frame)) => frame.parsed.as_ref().is_ok_and(|reply| {
            let (pattern, code) = (pattern.to_string(), reply.code.to_string());
            let digits = pattern.chars().zip(code.chars());
            let same = digits.clone().all(|(wanted, sent)| wanted == sent || wanted.eq_ignore_ascii_case(&'x'));
            let first = digits.clone().next().is_some_and(|(wanted, sent)| wanted == sent);
            same && first && (code.starts_with('4') || pattern.starts_with(&code))
        }),
        (Expect::Pop3(pattern), Frame::Pop3(frame)) => frame.parsed.as_ref().is_ok_and(|reply| {
            let pattern = pattern.to_string().to_ascii_uppercase();
            reply.code.as_ref().is_some_and(|code| pattern.contains(&format!("[{}]", code.to_ascii_uppercase())))
        }),
        (Expect::Imap(pattern), Frame::Imap(frame)) => frame.parsed.as_ref().is_ok_and(|response| match response {
            Response::Status { tag: None, .. } => pattern.is_bye(),
            Response::Status { code: Some(code), .. } => is_named(pattern, code),
            Response::Status { .. } | Response::Continue { .. } | Response::Data { .. } => false,
        }),
        (_, Frame::Smtp(_) | Frame::Pop3(_) | Frame::Imap(_)) => false,
    }
}

fn is_named(pattern: &imap::Pattern, code: &imap::Code) -> bool {
    pattern.is_tagged() && pattern.code_name().is_some_and(|name| name.eq_ignore_ascii_case(&code.name))
}
