//! Greetings and announcements of a server with faults.

use super::super::fault::HelloFault;
use super::super::session::{SYNTAX, Service, Session};
use super::super::trace::Greeting;
use super::{Answer, Said, no, yes};
use crate::refserver::Protection;

/// Keywords, and how they are announced instead; an empty text leaves a keyword out.
const MISANNOUNCED: &[(HelloFault, &str, &str)] = &[
    (HelloFault::EightBitWithParameter, "8BITMIME", "8BITMIME BODY"),
    (HelloFault::PipeliningWithNumber, "PIPELINING", "PIPELINING 100"),
    (HelloFault::DsnWithParameter, "DSN", "DSN RET"),
    (HelloFault::Utf8WithParameter, "SMTPUTF8", "SMTPUTF8 NFC"),
    (HelloFault::StartTlsWithParameter, "STARTTLS", "STARTTLS REQUIRED"),
    (HelloFault::EnhancedCodesWithVersion, "ENHANCEDSTATUSCODES", "ENHANCEDSTATUSCODES 2.0"),
    (HelloFault::SizeWithUnit, "SIZE", "SIZE 10M"),
    (HelloFault::Utf8WithoutEightBit, "8BITMIME", ""),
    (HelloFault::BinaryWithoutChunking, "CHUNKING", ""),
];

impl Session<'_> {
    /// The lines of a reply to EHLO, without their codes, as a server with faults announces them.
    pub(in crate::refserver::smtp) fn misannounced(&self, lines: Vec<String>) -> Vec<String> {
        let has = |fault: HelloFault| self.has(fault);
        let submission = self.service == Service::Submission;
        let left_out = |word: &str| match word {
            "8BITMIME" | "SMTPUTF8" => has(HelloFault::EightBitNotOffered) && !submission,
            "PIPELINING" => has(HelloFault::SubmissionWithoutPipelining) && submission,
            "DSN" => has(HelloFault::SubmissionWithoutDsn) && submission,
            "ENHANCEDSTATUSCODES" => has(HelloFault::SubmissionWithoutCodes) && submission,
            "AUTH" => {
                let first = self.past.hellos == 0 && self.channel.protection() == Protection::Tls;
                has(HelloFault::AuthNotOfferedAtFirst) && first
            }
            _ => false,
        };
        let announced = |line: String| {
            let word = line.split(' ').next().unwrap_or_default();
            let wrong = MISANNOUNCED.iter().find(|(fault, keyword, _)| *keyword == word && has(*fault));
            let line = wrong.map_or_else(|| line.clone(), |(_, _, instead)| (*instead).to_owned());
            (!line.is_empty() && !left_out(word)).then_some(line)
        };
        let mut lines: Vec<String> = lines.into_iter().filter_map(announced).collect();
        if has(HelloFault::HelloWithoutName)
            && let Some(first) = lines.first_mut()
        {
            *first = format!("*** {first}");
        }
        if has(HelloFault::KeywordWithUnderscore) && self.past.hellos > 0 {
            lines.push("X_PRIVATE".to_owned());
        }
        if has(HelloFault::SubmissionOffersEtrn) && submission {
            lines.push("ETRN".to_owned());
        }
        if has(HelloFault::SubmissionOffersAtrn) && submission {
            lines.push("ATRN".to_owned());
        }
        lines
    }

    /// The wrong answer to EHLO, HELO, or MAIL after HELO.
    pub(super) fn wrong_about_hello(&mut self, said: &Said<'_>) -> Option<Answer> {
        let has = |fault: HelloFault| self.has(fault);
        let after_helo = self.client.as_ref().is_some_and(|client| client.greeting == Greeting::Helo);
        let clear = self.channel.protection() == Protection::Clear;
        match said.verb.as_str() {
            "EHLO" if has(HelloFault::SubmissionWithoutEhlo) && clear && self.service == Service::Submission => {
                no("500 5.5.2 unknown command")
            }
            "STARTTLS" if has(HelloFault::StartTlsNotThere) && clear && self.service == Service::Transfer => {
                no("502 5.5.1 not implemented")
            }
            "EHLO" if has(HelloFault::HelloRefusesIpv4) && is_ipv4(said.argument) => no(SYNTAX),
            "EHLO" if has(HelloFault::HelloRefusesIpv6) && said.argument.starts_with("[IPv6:") => no(SYNTAX),
            "EHLO" if has(HelloFault::HelloRefusesLongName) && said.argument.len() > 250 => no(SYNTAX),
            "HELO" if has(HelloFault::HeloUnknown) => no("500 5.5.2 unknown command"),
            "HELO" if has(HelloFault::HeloListsExtensions) && self.past.hellos > 0 => {
                self.greet(said.argument, Greeting::Helo).ok()?;
                yes(&format!("250-{}\r\n250-PIPELINING\r\n250 8BITMIME", self.config.hostname))
            }
            "MAIL" if has(HelloFault::NoMailAfterHelo) && after_helo => no("503 5.5.1 say EHLO first"),
            _ => None,
        }
    }
}

fn is_ipv4(argument: &str) -> bool {
    argument.strip_prefix('[').is_some_and(|literal| literal.starts_with(|c: char| c.is_ascii_digit()))
}
