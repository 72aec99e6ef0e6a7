//! The notice that mail could not be handed over (RFC 5321 §6.1, RFC 3464).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::trace::date_time;
use crate::refserver::Config;
use crate::refserver::store::InternalDate;

/// How much of the message's header comes back, in octets.
const HEADER_MAX: usize = 64 * 1024;

/// How much of a reply is passed on, in characters.
const DIAGNOSTIC_MAX: usize = 400;

/// What a notice is made of.
#[derive(Debug)]
pub(super) struct Bounce<'a> {
    pub(super) config: &'a Config,
    pub(super) date: InternalDate,
    /// The Message-ID, with its angle brackets.
    pub(super) id: &'a str,
    /// The mailbox that sent the message.
    pub(super) to: &'a str,
    /// Each mailbox that did not get it, with the reason.
    pub(super) failed: &'a BTreeMap<String, String>,
    pub(super) message: &'a [u8],
}

impl Bounce<'_> {
    /// The whole message, without Return-Path.
    pub(super) fn message(&self) -> Vec<u8> {
        let Self { config, to, id, .. } = self;
        let hostname = &config.hostname;
        let domain = config.domains.first().unwrap_or(hostname);
        let boundary = self.boundary();
        let date = date_time(self.date);
        let mut text = format!(
            "From: Mail Delivery <postmaster@{domain}>\r\n\
             To: <{to}>\r\n\
             Subject: Mail could not be delivered\r\n\
             Date: {date}\r\n\
             Message-ID: {id}\r\n\
             Auto-Submitted: auto-replied\r\n\
             MIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"{boundary}\"\r\n\
             \r\n\
             --{boundary}\r\n\
             Content-Type: text/plain; charset=us-ascii\r\n\
             \r\n\
             Your message did not reach everybody:\r\n"
        );
        let reasons = || self.failed.iter().map(|(recipient, reason)| (recipient, printable(reason)));
        for (recipient, reason) in reasons() {
            // Writing to a string cannot fail.
            let _never = write!(text, "\r\n<{recipient}>\r\n    {reason}\r\n");
        }
        let _never = write!(
            text,
            "\r\n--{boundary}\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; {hostname}\r\n"
        );
        for (recipient, reason) in reasons() {
            let status = status(&reason);
            let _never =
                write!(text, "\r\nFinal-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: {status}\r\n");
            // Only what the next hop said is a code of SMTP.
            if reason.starts_with(['4', '5']) {
                let _never = write!(text, "Diagnostic-Code: smtp; {reason}\r\n");
            }
        }
        let header = header(self.message);
        let encoding = if header.is_ascii() { "7bit" } else { "8bit" };
        let _never = write!(
            text,
            "\r\n--{boundary}\r\nContent-Type: text/rfc822-headers\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
        );
        [text.as_bytes(), header, format!("\r\n--{boundary}--\r\n").as_bytes()].concat()
    }

    /// A text that is no line of the message.
    fn boundary(&self) -> String {
        let mut boundary = format!("notice-{}", self.date.seconds);
        while header(self.message).windows(boundary.len()).any(|part| part == boundary.as_bytes()) {
            boundary.push('x');
        }
        boundary
    }
}

/// Whole lines of the header.
fn header(message: &[u8]) -> &[u8] {
    let mut end = 0;
    for line in message.split_inclusive(|octet| *octet == b'\n') {
        if line == b"\r\n" || end + line.len() > HEADER_MAX {
            break;
        }
        end += line.len();
    }
    message.get(..end).unwrap_or_default()
}

fn printable(reason: &str) -> String {
    reason.chars().map(|c| if (' '..='~').contains(&c) { c } else { '?' }).take(DIAGNOSTIC_MAX).collect()
}

/// RFC 3463: the code of the reply, or that time has run out.
fn status(reason: &str) -> String {
    let given = reason.split(' ').nth(1).filter(|word| {
        let numbers: Vec<&str> = word.split('.').collect();
        let short =
            |number: &&str| (1..=3).contains(&number.len()) && number.bytes().all(|octet| octet.is_ascii_digit());
        numbers.len() == 3 && numbers.iter().all(short) && matches!(numbers.first(), Some(&("4" | "5")))
    });
    let otherwise = if reason.starts_with('5') { "5.0.0" } else { "4.4.7" };
    given.unwrap_or(otherwise).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_names_whom_the_mail_did_not_reach_and_why() {
        let failed = BTreeMap::from([
            ("a@far.test".to_owned(), "550 5.1.1 no\tsuch mailbox".to_owned()),
            ("b@far.test".to_owned(), "connection refused".to_owned()),
        ]);
        let config = Config::default();
        let bounce = Bounce {
            config: &config,
            date: InternalDate { seconds: 0, zone: 0 },
            id: "<1@mail.example.test>",
            to: "alice@example.test",
            failed: &failed,
            message: b"Subject: x\r\n y\r\n\r\nbody\r\n",
        };
        insta::assert_snapshot!(String::from_utf8(bounce.message()).unwrap().replace('\r', ""));
    }

    #[test]
    fn the_status_is_that_of_the_reply_where_it_has_one() {
        for (reason, code) in [
            ("550 5.1.1 no", "5.1.1"),
            ("550 no", "5.0.0"),
            ("451 4.7.1 later", "4.7.1"),
            ("550 2.1.1 x", "5.0.0"),
            ("550 5.1.1234 x", "5.0.0"),
            ("timed out", "4.4.7"),
        ] {
            assert_eq!(status(reason), code, "{reason}");
        }
    }
}
