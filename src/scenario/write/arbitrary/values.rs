//! What a scenario has before its first step: values, generated ones, a limit, messages, needs.

use super::making::Making;
use crate::base::{Template, Type, VarRef};
use crate::scenario::{CapabilityNeed, Deposit, Generator, Largest, Mailbox, Messages, Need, Protocol, Value};

/// What is in every file that a value names.
pub(super) const FILE: &[u8] = b"Subject: from a file\r\n\r\n\x00\xff";

const WORDS: [&str; 12] =
    ["UIDPLUS", "AUTH=PLAIN", "RIGHTS=*", "X,Y", "A:", "X#Y", "A'B", "1{}", "NULL", "X&", "LITERAL+", "X[]"];
const FACTS: [&str; 5] = ["outside", "sink", "catch-all", "hierarchy", "quota"];
const GENERATORS: [Generator; 7] = [
    Generator::MailBody,
    Generator::Message,
    Generator::Mime,
    Generator::Segmentation,
    Generator::SmtpGroup,
    Generator::Pop3Batch,
    Generator::ImapBatch,
];

impl Making<'_> {
    pub(super) fn some_needs(&mut self) {
        for _ in 0..self.below(3) {
            let need = match self.below(6) {
                0 => Need::Capability((0..=self.below(3)).map(|_| self.capability()).collect()),
                1 => Need::NoCapability(self.capability()),
                2 => Need::Fact(self.pick(&FACTS).to_owned()),
                3 => Need::NoFact(self.pick(&FACTS).to_owned()),
                4 => Need::Slow,
                _ => Need::Destructive,
            };
            self.need(need);
        }
    }

    fn capability(&mut self) -> CapabilityNeed {
        let protocol = self.pick(&[None, None, Some(Protocol::Smtp), Some(Protocol::Pop3), Some(Protocol::Imap)]);
        CapabilityNeed { protocol, word: self.pick(&WORDS).to_owned() }
    }

    pub(super) fn generated(&mut self) -> Vec<(VarRef, Generator)> {
        let mut all = Vec::new();
        if self.one_in(2) {
            for _ in 0..self.below(5) {
                let generator = if self.one_in(6) {
                    let from = self.number(0..=1000);
                    Generator::Number { from, to: self.number(from..=u64::MAX) }
                } else {
                    self.pick(&GENERATORS)
                };
                let name = self.name();
                match &generator {
                    Generator::MailBody | Generator::Message => self.bound.push((name.clone(), Type::Octets)),
                    Generator::Mime => {
                        self.bound.push((name.clone(), Type::Octets));
                        let structure = VarRef::new(&format!("{}.structure", name.as_str())).unwrap();
                        self.bound.push((structure, Type::Structure));
                    }
                    Generator::Number { .. } => self.bound.push((name.clone(), Type::Number)),
                    Generator::Segmentation => self.cuts.push(name.clone()),
                    Generator::SmtpGroup | Generator::Pop3Batch | Generator::ImapBatch => {
                        self.groups.push(name.clone());
                    }
                }
                all.push((name, generator));
            }
        }
        all
    }

    pub(super) fn limit(&mut self) -> Option<Largest> {
        self.one_in(8).then(|| {
            let from = self.number(0..=999);
            let var = self.name();
            self.bound.push((var.clone(), Type::Number));
            Largest { var, from, to: from + 1 + self.number(0..=999) }
        })
    }

    pub(super) fn values(&mut self) -> Vec<(VarRef, Value)> {
        let mut all = Vec::new();
        // Repeated values are not repeated again: they would grow beyond all limits.
        let mut long = Vec::new();
        for _ in 0..self.below(5) {
            let (value, kind) = self.value();
            let letter = self.one_in(20) && all.iter().all(|(name, _): &(VarRef, Value)| name.as_str() != "letter");
            let name = if letter { VarRef::new("letter").unwrap() } else { self.name() };
            match kind {
                Some(kind) => {
                    let bound = if matches!(value, Value::Repeat { .. }) { &mut long } else { &mut self.bound };
                    bound.push((name.clone(), kind));
                    for part in ["size", "lines"] {
                        self.bound.push((VarRef::new(&format!("{}.{part}", name.as_str())).unwrap(), Type::Number));
                    }
                }
                None => {
                    self.cuts.push(name.clone());
                    self.groups.push(name.clone());
                }
            }
            all.push((name, value));
        }
        self.bound.extend(long);
        all
    }

    fn value(&mut self) -> (Value, Option<Type>) {
        let value = match self.below(8) {
            0 => Value::Repeat { what: self.octets(), times: self.times() },
            1 => Value::Base64(self.octets()),
            2 => Value::Md5(self.octets()),
            3 => Value::File { path: self.pick(&["a.eml", "it's, [b].eml", "# c"]).to_owned(), octets: FILE.into() },
            4 => return (Value::Lines((0..=self.below(3)).map(|_| self.octets()).collect()), None),
            5 if self.one_in(8) => {
                self.need(Need::Destructive);
                Value::Repeat { what: Template::text("x"), times: Template::text("2000000") }
            }
            _ => Value::Octets(self.octets()),
        };
        (value, Some(Type::Octets))
    }

    fn times(&mut self) -> Template {
        match self.variable(Type::Number) {
            Some(name) if self.one_in(2) => Template::var(name),
            _ => Template::text(self.number(0..=9).to_string()),
        }
    }

    pub(super) fn deposits(&mut self, given: &[VarRef]) -> Vec<Deposit> {
        let mut all = Vec::new();
        for mailbox in [Mailbox::Box, Mailbox::Inbox] {
            if !self.one_in(5) {
                continue;
            }
            let messages = if self.one_in(2) {
                let count = self.below(3);
                let some = (0..count).filter_map(|_| self.choices.any(given)).collect();
                Messages::Values(some)
            } else {
                Messages::Letters(u32::try_from(self.number(0..=1000)).unwrap())
            };
            all.push(Deposit { mailbox, messages });
        }
        all
    }
}
