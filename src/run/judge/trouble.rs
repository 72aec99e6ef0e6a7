//! Answers that speak of trouble rather than of right or wrong. docs/suite-language.md section 9.

use crate::outcome::Frame;
use crate::{pop3, smtp};

/// POP3 response codes that make a refusal say nothing. RFC 2449 §8.1, RFC 3206 §4.
const POP3_TROUBLE: [&str; 3] = ["IN-USE", "LOGIN-DELAY", "SYS/TEMP"];

/// The first frame that speaks of trouble, as a shape. What a line names explicitly never comes here, since it held.
pub fn trouble(frames: &[Frame]) -> Option<String> {
    frames.iter().find(|frame| is_trouble(frame)).map(Frame::shape)
}

fn is_trouble(frame: &Frame) -> bool {
    match frame {
        Frame::Smtp(frame) => frame.parsed.as_ref().is_ok_and(smtp_trouble),
        Frame::Pop3(frame) => frame.parsed.as_ref().is_ok_and(pop3_trouble),
        Frame::Imap(_) => false,
    }
}

/// 4yz, and 530 or 538 where TLS or AUTH is demanded first (RFC 4954 §6).
fn smtp_trouble(reply: &smtp::Reply) -> bool {
    (400..500).contains(&reply.code) || matches!(reply.code, 530 | 538)
}

fn pop3_trouble(reply: &pop3::Reply) -> bool {
    let named = |code: &String| POP3_TROUBLE.iter().any(|word| code.eq_ignore_ascii_case(word));
    reply.status == pop3::Status::Err && reply.code.as_ref().is_some_and(named)
}
