//! What a box holds, held against the lines of a step. Pure. docs/suite-language.md section 7.4.

use crate::base::{Bindings, Bound, ByteString, VarRef};
use crate::message::subject_of;
use crate::run::judge::{Taken, describe};
use crate::scenario::{Answer, BoxPattern, Item, Line, Mark};

/// What is said of a box at one moment.
#[derive(Debug)]
pub(super) enum Decision<'a> {
    /// All lines hold.
    Holds(Taken),
    /// This line waits for mail.
    Missing(&'a Line),
    /// This `!` line is broken by this message.
    Forbidden(&'a Line, ByteString),
}

/// Holds the messages of a box against an answer: the first alternative that holds is taken, and if none does, what the
/// first says. Lines with `!` are judged once the others hold.
pub(super) fn decide<'a>(answer: &'a Answer, messages: &[ByteString], env: &Bindings) -> Decision<'a> {
    let mut first = None;
    for alternative in &answer.alternatives {
        match lines(&alternative.lines, messages, env) {
            Decision::Holds(mut taken) => {
                let end = alternative
                    .end
                    .map(|end| (end, alternative.lines.iter().map(describe).collect::<Vec<_>>().join(", ")));
                taken.end = taken.end.or(end);
                return Decision::Holds(taken);
            }
            other @ (Decision::Missing(_) | Decision::Forbidden(..)) => first = first.or(Some(other)),
        }
    }
    first.unwrap_or_else(|| Decision::Holds(Taken::default()))
}

fn lines<'a>(lines: &'a [Line], messages: &[ByteString], env: &Bindings) -> Decision<'a> {
    let mut taken = Taken::default();
    for line in lines.iter().filter(|line| line.mark != Mark::Not) {
        let Some((item, capture)) = line.items.iter().find_map(|item| Some((item, fits(item, messages, env)?))) else {
            return Decision::Missing(line);
        };
        taken.captures.extend(capture);
        taken.judged.extend(line.judges.clone());
        taken.end = taken.end.or_else(|| item.end.map(|end| (end, describe(line))));
    }
    for line in lines.iter().filter(|line| line.mark == Mark::Not) {
        if let Some(message) = line.items.iter().find_map(|item| offender(item, messages, env)) {
            return Decision::Forbidden(line, message);
        }
        taken.judged.extend(line.judges.clone());
    }
    Decision::Holds(taken)
}

/// Whether a pattern fits, and what it captures.
fn fits(item: &Item, messages: &[ByteString], env: &Bindings) -> Option<Option<(VarRef, Bound)>> {
    match item.expect.mailbox()? {
        BoxPattern::Count(count) => (messages.len() as u64 == *count).then_some(None),
        BoxPattern::Message { subject, capture } => {
            let subject = subject.render(env).ok()?;
            let found = messages.iter().find(|message| is_about(message, &subject))?;
            Some(capture.clone().map(|name| (name, Bound::Octets(found.clone()))))
        }
    }
}

/// The message that a `!` item forbids.
fn offender(item: &Item, messages: &[ByteString], env: &Bindings) -> Option<ByteString> {
    match item.expect.mailbox()? {
        BoxPattern::Message { subject, .. } => {
            let subject = subject.render(env).ok()?;
            messages.iter().find(|message| is_about(message, &subject)).cloned()
        }
        BoxPattern::Count(count) => {
            (messages.len() as u64 == *count).then(|| messages.last().cloned().unwrap_or_else(ByteString::default))
        }
    }
}

fn is_about(message: &[u8], subject: &[u8]) -> bool {
    subject_of(message).is_some_and(|found| found == subject)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Span, Template};
    use crate::message::letter;
    use crate::scenario::{Alternative, Expect};

    fn line(mark: Mark, pattern: BoxPattern) -> Line {
        let items = vec![Item { expect: Expect::Box(pattern), end: None }];
        Line { mark, items, judges: None, remark: None, span: Span::generated() }
    }

    fn about(subject: &str, capture: Option<&str>) -> BoxPattern {
        BoxPattern::Message { subject: Template::text(subject), capture: capture.and_then(VarRef::new) }
    }

    fn answer(lines: Vec<Line>) -> Answer {
        Answer { alternatives: vec![Alternative { lines, end: None }], span: Span::generated() }
    }

    fn mail(subjects: &[&str]) -> Vec<ByteString> {
        subjects.iter().map(|subject| letter(subject).into()).collect()
    }

    #[test]
    fn a_message_is_found_by_its_exact_subject_and_captured() {
        let wanted = answer(vec![line(Mark::Plain, about("one", Some("got")))]);
        let env = Bindings::default();
        let Decision::Holds(taken) = decide(&wanted, &mail(&["onerous", "one"]), &env) else { panic!("not found") };
        assert_eq!(taken.captures, [(VarRef::new("got").unwrap(), Bound::octets(letter("one")))]);
        assert!(matches!(decide(&wanted, &mail(&["onerous"]), &env), Decision::Missing(_)));
    }

    #[test]
    fn what_must_not_be_there_is_judged_once_the_rest_is_there() {
        let wanted = answer(vec![line(Mark::Plain, about("marker", None)), line(Mark::Not, about("smuggled", None))]);
        let env = Bindings::default();
        assert!(matches!(decide(&wanted, &mail(&["smuggled"]), &env), Decision::Missing(_)));
        assert!(matches!(decide(&wanted, &mail(&["smuggled", "marker"]), &env), Decision::Forbidden(..)));
        assert!(matches!(decide(&wanted, &mail(&["marker"]), &env), Decision::Holds(_)));
    }

    #[test]
    fn a_count_is_exact() {
        let wanted = answer(vec![line(Mark::Plain, BoxPattern::Count(2))]);
        let env = Bindings::default();
        assert!(matches!(decide(&wanted, &mail(&["a"]), &env), Decision::Missing(_)));
        assert!(matches!(decide(&wanted, &mail(&["a", "b"]), &env), Decision::Holds(_)));
        assert!(matches!(decide(&wanted, &mail(&["a", "b", "c"]), &env), Decision::Missing(_)));
    }
}
