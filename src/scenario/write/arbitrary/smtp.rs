//! Patterns of SMTP.

use super::making::Making;
use crate::base::Type;
use crate::scenario::Expect;
use crate::smtp::Pattern;

fn parsed(text: &str) -> Expect {
    Expect::Smtp(Pattern::parse(text).unwrap_or_else(|mistake| panic!("{text}: {mistake:?}")))
}

impl Making<'_> {
    /// A line that ends a reply.
    pub(super) fn smtp_end(&mut self) -> Expect {
        let code = self.pick(&["250", "5xx", "354", "503", "xxx", "221", "4xx", "25x", "000"]);
        let text = match self.below(10) {
            0 => format!("220 {}", self.capture(Some(Type::Octets))),
            1 => format!("334 \"{}\"", self.string()),
            2 => format!("334 {}", self.place(Type::Octets, "_")),
            3 => format!("251 <{}>", self.place(Type::Octets, "x@a.test")),
            4 => "421 mail.example".to_owned(),
            5 => format!("250 2.{}.x", self.number(0..=999)),
            6 => "250 2.1.5 <${alice.address}>".to_owned(),
            7 => "550 5.x.1".to_owned(),
            _ => code.to_owned(),
        };
        parsed(&text)
    }

    /// A keyword of EHLO.
    pub(super) fn smtp_keyword(&mut self) -> Expect {
        let text = match self.below(6) {
            0 => "250-8BITMIME".to_owned(),
            1 => format!("250-SIZE {}", self.place(Type::Number, "1000")),
            2 => "250-AUTH PLAIN LOGIN ...".to_owned(),
            3 => format!("250-X-{} _ \"{}\"", self.number(0..=9), self.string()),
            4 => format!("250-LIMITS {} ...", self.place(Type::Octets, "MAILMAX=5")),
            _ => "250-SIZE".to_owned(),
        };
        parsed(&text)
    }
}
