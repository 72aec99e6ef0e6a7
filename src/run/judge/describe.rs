//! What a line wants, in the words of the suite, and a failure of it.

use super::decision::{Ending, Failure, Heard};
use crate::base::ByteString;
use crate::outcome::{FindingKind, Frame};
use crate::scenario::{Answer, BoxPattern, Expect, Line};

/// The items of a line as they are written, or its remark if it has one.
pub fn describe(line: &Line) -> String {
    match &line.remark {
        Some(remark) => remark.clone(),
        None => items(line),
    }
}

/// Whether a failure is of a line that says how long the connection stands or keeps silent.
pub fn is_timed(answer: &Answer, failure: &Failure) -> bool {
    let mut timed = answer.lines().filter(|line| line.is_timed());
    timed.any(|line| line.span == failure.span && items(line) == failure.expected)
}

/// The items of a line as they are written.
fn items(line: &Line) -> String {
    line.items.iter().map(|item| expect(&item.expect)).collect::<Vec<_>>().join(" | ")
}

fn expect(expect: &Expect) -> String {
    match expect {
        Expect::Smtp(pattern) => pattern.to_string(),
        Expect::Pop3(pattern) => pattern.to_string(),
        Expect::Imap(pattern) => pattern.to_string(),
        Expect::Box(BoxPattern::Count(count)) => format!("{count} messages"),
        Expect::Box(BoxPattern::Message { subject, .. }) => format!("message \"{}\"", subject.to_line()),
        Expect::Closed => "closed".to_owned(),
        Expect::Silence(duration) => format!("silence {}ms", duration.as_millis()),
        Expect::Open(duration) => format!("open {}ms", duration.as_millis()),
        Expect::Tls => "tls".to_owned(),
        Expect::Codes(name) => name.to_string(),
    }
}

/// A failure of `line`, with the frame that came instead.
pub(super) fn failure(line: &Line, heard: &Heard<'_>, frame: Option<usize>, kind: FindingKind) -> Failure {
    let actual = frame.and_then(|position| heard.frames.get(position)).map(Frame::raw).cloned();
    let kind = match (kind, heard.ending) {
        (FindingKind::Silence, Ending::Closed) => FindingKind::Close,
        (kind, _) => kind,
    };
    Failure {
        span: line.span.clone(),
        judges: line.judges.clone(),
        expected: items(line),
        frame,
        actual: actual.unwrap_or_else(ByteString::default),
        caret: None,
        remark: line.remark.clone(),
        kind,
    }
}
