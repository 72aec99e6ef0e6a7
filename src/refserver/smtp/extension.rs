//! The service extensions that a reply to EHLO announces (RFC 5321 §4.1.1.1).

use super::fault::HelloFault;
use super::session::{Service, Session};
use crate::refserver::sasl::offered;
use crate::refserver::security::TlsFault;
use crate::refserver::{Lookup, Protection};

/// Every keyword that may be announced, in the order in which it is.
pub const KEYWORDS: [&str; 12] = [
    "PIPELINING",
    "SIZE",
    "8BITMIME",
    "BINARYMIME",
    "CHUNKING",
    "SMTPUTF8",
    "DSN",
    "EXPN",
    "HELP",
    "STARTTLS",
    "AUTH",
    "ENHANCEDSTATUSCODES",
];

impl Session<'_> {
    /// Whether an extension is announced here and now, and so whether its commands and parameters are known.
    pub(super) fn offers(&self, keyword: &str) -> bool {
        let here = match keyword {
            // RFC 3030 §3: not without CHUNKING, and it is a value of the parameter that 8BITMIME brings.
            "BINARYMIME" => self.offers("CHUNKING") && self.offers("8BITMIME"),
            // RFC 6531 §3.1.
            "SMTPUTF8" => self.offers("8BITMIME"),
            "EXPN" => self.config.lookup == Lookup::Answered,
            "STARTTLS" => {
                let inside = self.config.faults.has(TlsFault::SmtpOfferedInside);
                inside || self.channel.protection() == Protection::Clear
            }
            "AUTH" => self.mechanisms().next().is_some(),
            _ => true,
        };
        here && self.config.offers(keyword)
    }

    /// The first reply of a connection.
    pub(super) fn greeting(&self) -> String {
        let before = if self.has(HelloFault::GreetingWithoutName) { "*** " } else { "" };
        let between = self.service == Service::Transfer;
        let code = if between && self.has(HelloFault::GreetingBy250) { "250" } else { "220" };
        format!("{code} {before}{} ESMTP ready\r\n", self.config.hostname)
    }

    /// The reply to EHLO.
    pub(super) fn announcement(&self) -> String {
        let offered = KEYWORDS.into_iter().filter(|keyword| self.offers(keyword));
        let lines = offered.map(|keyword| match keyword {
            "SIZE" => format!("SIZE {}", self.config.size_limit),
            "AUTH" => format!("AUTH {}", self.mechanisms().collect::<Vec<_>>().join(" ")),
            other => other.to_owned(),
        });
        let mut lines: Vec<String> = std::iter::once(self.config.hostname.clone()).chain(lines).collect();
        if !self.config.faults.is_empty() {
            lines = self.misannounced(lines);
        }
        let last = lines.pop().unwrap_or_default();
        lines.iter().map(|line| format!("250-{line}\r\n")).chain([format!("250 {last}")]).collect()
    }

    /// A reply as it is sent: without its enhanced status code where that extension is withheld (RFC 2034 §4).
    pub(super) fn worded(&self, reply: &str) -> String {
        let code = reply.split_once(' ').and_then(|(code, rest)| Some((code, rest.split_once(' ')?)));
        match code {
            Some((code, (enhanced, text))) if !self.offers("ENHANCEDSTATUSCODES") && is_enhanced(enhanced) => {
                format!("{code} {text}")
            }
            Some(_) | None => reply.to_owned(),
        }
    }

    fn mechanisms(&self) -> impl Iterator<Item = &'static str> {
        offered(self.config, self.channel.protection())
    }
}

/// Class, subject and detail (RFC 3463 §2).
fn is_enhanced(word: &str) -> bool {
    word.split('.').count() == 3 && word.bytes().all(|octet| octet.is_ascii_digit() || octet == b'.')
}
