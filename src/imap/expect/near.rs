//! How near a response comes to a pattern that it does not fit, so that a report shows the most telling one.

use super::Pattern;
use super::leaf::Matcher;
use super::pattern::{Code, Kind};
use crate::base::{Bindings, ByteString};
use crate::imap::Response;

impl Pattern {
    /// How many values fit before the first that does not; none if the response is of another name or number.
    pub fn nearness(&self, response: &Response, env: &Bindings) -> Option<usize> {
        let mut matcher = Matcher::new(env);
        let named = |wanted: &Option<Code>, sent: &Option<crate::imap::Code>| match (wanted, sent) {
            (Some(wanted), Some(sent)) => wanted.name.eq_ignore_ascii_case(&sent.name),
            (Some(_), None) => false,
            (None, _) => true,
        };
        let near = match (&self.0, response) {
            (Kind::Continue(_), Response::Continue { .. })
            | (Kind::Tagged { .. }, Response::Status { tag: Some(_), .. }) => true,
            (Kind::Status { status, code }, Response::Status { tag: None, status: found, code: sent, .. }) => {
                status == found && named(code, sent)
            }
            (Kind::Data { number, name, .. }, Response::Data { number: sent, name: found, .. }) => {
                let numbers = number.is_some() == sent.is_some();
                numbers && name.eq_ignore_ascii_case(found) && (sent.is_none() || self.is_about(sent, &mut matcher))
            }
            (Kind::Continue(_) | Kind::Tagged { .. } | Kind::Status { .. } | Kind::Data { .. }, _) => false,
        };
        if !near {
            return None;
        }
        let _ = matcher.response(&self.0, response);
        Some(matcher.progress)
    }

    /// Whether the number before a name is of the same message. The number of EXISTS and its kin is the answer itself.
    fn is_about(&self, sent: &Option<u64>, matcher: &mut Matcher<'_>) -> bool {
        match (&self.0, sent) {
            (Kind::Data { number: Some(number), args, .. }, Some(sent)) if !args.is_empty() => {
                let mark = matcher.captures.len();
                let fits = matcher.value(number, &crate::imap::Value::Number(*sent), super::place::Place::Number);
                matcher.rollback(mark);
                fits.is_ok()
            }
            (Kind::Continue(_) | Kind::Tagged { .. } | Kind::Status { .. } | Kind::Data { .. }, _) => true,
        }
    }

    /// The tag that it names itself, as `evil OK` does; none if it names none, or a variable in it has no value.
    pub fn own_tag(&self, env: &Bindings) -> Option<ByteString> {
        match &self.0 {
            Kind::Tagged { tag: Some(tag), .. } => Matcher::new(env).render(tag).ok(),
            Kind::Tagged { tag: None, .. } | Kind::Continue(_) | Kind::Status { .. } | Kind::Data { .. } => None,
        }
    }

    /// Whether it names a tag itself.
    pub fn has_own_tag(&self) -> bool {
        matches!(&self.0, Kind::Tagged { tag: Some(_), .. })
    }

    /// Whether it is `* BYE`.
    pub fn is_bye(&self) -> bool {
        matches!(&self.0, Kind::Status { status: crate::imap::Status::Bye, .. })
    }
}
