//! Patterns of POP3.

use super::making::Making;
use crate::base::Type;
use crate::pop3::{Pattern, Place};
use crate::scenario::Expect;

fn parsed(text: &str, place: Place) -> Expect {
    Expect::Pop3(Pattern::parse(text, place).unwrap_or_else(|mistake| panic!("{text}: {mistake:?}")))
}

impl Making<'_> {
    /// A status line that no body follows.
    pub(super) fn pop3_status(&mut self) -> Expect {
        let text = match self.below(9) {
            0 => "+OK".to_owned(),
            1 => format!("+OK {} {}", self.place(Type::Number, "3"), self.capture(None)),
            2 => format!("+OK <{}>", self.capture(None)),
            3 => "+OK _".to_owned(),
            4 => "+".to_owned(),
            5 => format!("+ \"{}\"", self.string()),
            6 => format!("+ {}", self.capture(None)),
            _ => return self.pop3_error(),
        };
        parsed(&text, Place::Status)
    }

    /// A refusal.
    pub(super) fn pop3_error(&mut self) -> Expect {
        parsed(self.pick(&["-ERR", "-ERR [IN-USE]", "-ERR [SYS/PERM]"]), Place::Status)
    }

    /// The status line before a body.
    pub(super) fn pop3_positive(&mut self) -> Expect {
        parsed(self.pick(&["+OK", "+OK _", "+OK 5 320"]), Place::Status)
    }

    /// A line of a body.
    pub(super) fn pop3_line(&mut self, place: Place) -> Expect {
        let text = match place {
            Place::Status => return self.pop3_status(),
            Place::Capability => match self.below(4) {
                0 => "STLS".to_owned(),
                1 => "SASL PLAIN ...".to_owned(),
                2 => format!("IMPLEMENTATION {}", self.capture(None)),
                _ => format!("EXPIRE \"{}\"", self.string()),
            },
            Place::Listing => match self.below(4) {
                0 => format!("{} 320", self.place(Type::Number, "1")),
                1 => "_ _".to_owned(),
                2 => format!("2 {} ...", self.capture(None)),
                _ => "...".to_owned(),
            },
            Place::Text => match self.below(6) {
                0 => "Subject: ${token}".to_owned(),
                1 => "...".to_owned(),
                2 => self.place(Type::Octets, ""),
                3 => self
                    .pick(&[
                        r"\x2e",
                        r"\x2e..",
                        "or",
                        "done",
                        "skip",
                        "! x",
                        "then x",
                        "no other x",
                        "a | b",
                        "a, done",
                        "a ; b",
                        "a @rfc-1",
                        "..",
                        "it\"s",
                        " a ",
                        "closed",
                        "a, skip ",
                        "\\x6fr",
                        "tls",
                        "\"a ; b\"",
                    ])
                    .to_owned(),
                _ => self.octets().to_octets_text(),
            },
        };
        parsed(&text, place)
    }

    /// The end of a body.
    pub(super) fn pop3_end(place: Place) -> Expect {
        parsed(".", place)
    }
}
