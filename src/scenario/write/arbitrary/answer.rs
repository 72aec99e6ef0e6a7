//! Answers: lines that fit what was asked, with everything that may stand around them.

use std::time::Duration;

use super::making::{Binding, List, Making};
use crate::base::{RequirementId, Span, Type};
use crate::pop3::Place;
use crate::scenario::{Alternative, Answer, BoxPattern, End, Expect, Item, Judges, Line, Mark, Need, Protocol};

/// What a command is answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// One reply, or one tagged line.
    Plain,
    /// SMTP: keywords above the last line.
    Ehlo,
    /// POP3: a body of this kind behind `+OK`.
    Body(Place),
    /// IMAP: a continuation request.
    Continuation,
    /// Whatever comes: a group of commands, raw octets, nothing at all.
    Free,
}

/// What a line of an answer is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    End,
    Keyword,
    Positive,
    Error,
    Status,
    Body(Place),
    BodyEnd(Place),
    Tagged,
    Untagged,
    Continuation,
    Codes,
    Box,
    Tls,
    Closed,
    Quiet,
}

/// Whether the connection may be gone behind an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    Open,
    MayBeClosed,
}

impl Making<'_> {
    /// An answer to these commands, in order.
    pub(super) fn answer(&mut self, protocol: Option<Protocol>, asked: &[Asked]) -> (Answer, After) {
        let count = if self.one_in(5) { 2 + self.below(2) } else { 1 };
        let (mut alternatives, mut after) = (Vec::new(), After::Open);
        for _ in 0..count {
            let binding = if count == 1 { Binding::Kept } else { Binding::Lost };
            let (alternative, left) = self.alternative(protocol, asked, binding);
            alternatives.push(alternative);
            if left == After::MayBeClosed {
                after = left;
            }
        }
        (Answer { alternatives, span: Span::generated() }, after)
    }

    /// The answer to `do: tls`.
    pub(super) fn handshake(&mut self) -> Answer {
        let what = if self.one_in(3) { What::Closed } else { What::Tls };
        self.binding = Binding::Never;
        let mut line = self.line(what, Mark::Plain, None);
        // Behind a failed handshake there is nothing to go on with.
        line.items.iter_mut().filter(|item| item.expect == Expect::Closed).for_each(|item| item.end = Some(End::Skip));
        Answer { alternatives: vec![Alternative { lines: vec![line], end: None }], span: Span::generated() }
    }

    fn alternative(&mut self, protocol: Option<Protocol>, asked: &[Asked], binding: Binding) -> (Alternative, After) {
        let mut lines = Vec::new();
        let end = self.end(None);
        if protocol.is_some() && end.is_some() && self.one_in(4) {
            // The server closes instead.
            lines.push(self.one(What::Closed, Binding::Never));
            return (Alternative { lines, end }, After::Open);
        }
        // Else it ends by itself, or goes on.
        if self.one_in(4) {
            lines.extend(self.refused(protocol));
        }
        match protocol {
            Some(Protocol::Smtp) => asked.iter().for_each(|one| self.smtp_reply(*one, binding, &mut lines)),
            Some(Protocol::Pop3) => asked.iter().for_each(|one| self.pop3_reply(*one, binding, &mut lines)),
            Some(Protocol::Imap) => asked.iter().for_each(|one| self.imap_reply(*one, binding, &mut lines)),
            None => {
                for _ in 0..=self.below(2) {
                    lines.push(self.one(What::Box, binding));
                }
            }
        }
        if protocol.is_some() && self.one_in(8) {
            lines.push(self.one(What::Quiet, Binding::Never));
        } else if protocol.is_some() && self.one_in(12) {
            lines.push(self.one(What::Closed, Binding::Never));
        }
        if lines.len() > 1 && self.one_in(3) {
            let at = 1 + self.below(lines.len() - 1);
            if lines[at].mark == Mark::Plain {
                lines[at].mark = Mark::Then;
            }
        }
        let never = |line: &Line| line.items.iter().any(|item| is_4yz(&item.expect));
        let end = end.filter(|end| *end == End::Skip || !lines.iter().any(never));
        let closes = |item: &Item| item.expect == Expect::Closed && item.end.is_none();
        let gone = end.is_none() && lines.iter().flat_map(|line| &line.items).any(closes);
        let after = if gone { After::MayBeClosed } else { After::Open };
        (Alternative { lines, end }, after)
    }

    /// `!` and `no other`, where any line may stand.
    fn refused(&mut self, protocol: Option<Protocol>) -> Option<Line> {
        let mark = if self.one_in(2) { Mark::NoOther } else { Mark::Not };
        let what = match protocol {
            Some(Protocol::Smtp) => What::End,
            Some(Protocol::Pop3) => What::Error,
            Some(Protocol::Imap) => self.pick(&[What::Untagged, What::Tagged]),
            None => What::Box,
        };
        self.binding = Binding::Never;
        let judges = self.accused();
        Some(self.line(what, mark, judges))
    }

    fn smtp_reply(&mut self, asked: Asked, binding: Binding, lines: &mut Vec<Line>) {
        let keywords = match asked {
            Asked::Ehlo => self.below(4),
            Asked::Free if self.one_in(2) => return lines.push(self.one(What::Codes, binding)),
            Asked::Plain | Asked::Body(_) | Asked::Continuation | Asked::Free => 0,
        };
        for _ in 0..keywords {
            lines.push(self.one(What::Keyword, binding));
        }
        lines.push(self.one(What::End, binding));
    }

    fn pop3_reply(&mut self, asked: Asked, binding: Binding, lines: &mut Vec<Line>) {
        let Asked::Body(place) = asked else {
            let codes = asked == Asked::Free && self.one_in(2);
            return lines.push(self.one(if codes { What::Codes } else { What::Status }, binding));
        };
        let what = if self.one_in(5) { What::Error } else { What::Positive };
        let first = self.one(what, binding);
        let positive = |item: &Item| {
            item.end.is_none()
                && matches!(&item.expect, Expect::Pop3(pattern) if pattern.to_string().starts_with("+OK"))
        };
        let body = first.items.iter().any(positive);
        lines.push(first);
        if body {
            for _ in 0..=self.below(3) {
                lines.push(self.one(What::Body(place), binding));
            }
            lines.push(self.one(What::BodyEnd(place), binding));
        }
    }

    fn imap_reply(&mut self, asked: Asked, binding: Binding, lines: &mut Vec<Line>) {
        for _ in 0..self.below(3) {
            lines.push(self.one(What::Untagged, binding));
        }
        let what = match asked {
            Asked::Continuation => What::Continuation,
            Asked::Free => self.pick(&[What::Untagged, What::Codes]),
            Asked::Plain | Asked::Ehlo | Asked::Body(_) => What::Tagged,
        };
        lines.push(self.one(what, binding));
    }

    fn one(&mut self, what: What, binding: Binding) -> Line {
        self.binding = binding;
        let judges = self.accused();
        self.line(what, Mark::Plain, judges)
    }

    /// Whom a line accuses.
    fn accused(&mut self) -> Option<RequirementId> {
        (self.list == List::Steps && self.one_in(6)).then(|| self.covered())
    }

    /// An end that may stand where `judges` is accused; `skip` may stand everywhere.
    fn end(&mut self, judges: Option<&RequirementId>) -> Option<End> {
        let judged = judges.is_some() || matches!(self.judges, Judges::Requirement(_));
        match self.below(8) {
            6 => Some(End::Skip),
            7 if judged => Some(End::Done),
            _ => None,
        }
    }

    fn line(&mut self, what: What, mark: Mark, judges: Option<RequirementId>) -> Line {
        let fixed = matches!(what, What::Body(_) | What::BodyEnd(_) | What::Quiet | What::Keyword);
        let several = !fixed && self.one_in(4);
        if several && self.binding == Binding::Kept {
            self.binding = Binding::Lost;
        }
        let mut items = Vec::new();
        for index in 0..=usize::from(several) {
            let end = if mark == Mark::Plain && !fixed { self.end(judges.as_ref()) } else { None };
            // What ends the scenario binds nothing for later.
            let before = self.binding;
            if end.is_some() && before == Binding::Kept {
                self.binding = Binding::Lost;
            }
            let what = if index == 0 { what } else { Self::other(what) };
            let expect = self.expect(what);
            self.binding = before;
            let end = end.filter(|end| *end == End::Skip || !is_4yz(&expect));
            items.push(Item { expect, end });
        }
        let remark = self.one_in(5).then(|| self.remark());
        Line { mark, items, judges, remark, span: Span::generated() }
    }

    /// What else may stand in a line of this kind.
    fn other(what: What) -> What {
        match what {
            What::Positive | What::Status => What::Error,
            What::Tls => What::Closed,
            What::End
            | What::Keyword
            | What::Error
            | What::Body(_)
            | What::BodyEnd(_)
            | What::Tagged
            | What::Untagged
            | What::Continuation
            | What::Codes
            | What::Box
            | What::Closed
            | What::Quiet => what,
        }
    }

    fn expect(&mut self, what: What) -> Expect {
        match what {
            What::End => self.smtp_end(),
            What::Keyword => self.smtp_keyword(),
            What::Positive => self.pop3_positive(),
            What::Error => self.pop3_error(),
            What::Status => self.pop3_status(),
            What::Body(place) => self.pop3_line(place),
            What::BodyEnd(place) => Self::pop3_end(place),
            What::Tagged => self.imap_tagged(),
            What::Untagged => self.imap_untagged(),
            What::Continuation => self.imap_continuation(),
            What::Codes => Expect::Codes(self.codes()),
            What::Box => Expect::Box(self.box_pattern()),
            What::Tls => Expect::Tls,
            What::Closed => Expect::Closed,
            What::Quiet => self.quiet(),
        }
    }

    fn codes(&mut self) -> crate::base::VarRef {
        match self.variable(Type::Codes) {
            Some(known) if self.one_in(2) => known,
            _ => {
                let name = self.name();
                if self.binding == Binding::Kept {
                    self.bound.push((name.clone(), Type::Codes));
                }
                name
            }
        }
    }

    fn box_pattern(&mut self) -> BoxPattern {
        if self.one_in(3) {
            return BoxPattern::Count(self.number(0..=u64::MAX));
        }
        let subject = self.octets();
        let capture = (self.binding != Binding::Never && self.one_in(2)).then(|| {
            let name = self.name();
            if self.binding == Binding::Kept {
                self.bound.push((name.clone(), Type::Octets));
            }
            name
        });
        BoxPattern::Message { subject, capture }
    }

    fn quiet(&mut self) -> Expect {
        let long = self.one_in(6);
        let millis = self.number(0..=if long { 86_400_000 } else { 30_000 });
        let millis = if self.one_in(2) { millis / 1000 * 1000 } else { millis };
        let duration = Duration::from_millis(millis);
        if duration > Duration::from_secs(30) {
            self.need(Need::Slow);
        }
        if self.one_in(2) { Expect::Open(duration) } else { Expect::Silence(duration) }
    }
}

fn is_4yz(expect: &Expect) -> bool {
    matches!(expect, Expect::Smtp(pattern) if pattern.to_string().starts_with('4'))
}
