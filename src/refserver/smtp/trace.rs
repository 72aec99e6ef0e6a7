//! The header fields that delivery puts on top (RFC 5321 §4.4).

use std::net::IpAddr;

use crate::refserver::Protection;
use crate::refserver::store::InternalDate;

/// Which of the two greetings the client used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Greeting {
    /// HELO
    Helo,
    /// EHLO
    Ehlo,
}

/// Who sent a message, and to whom.
#[derive(Debug)]
pub(super) struct Trace<'a> {
    /// The mailbox of the reverse-path; empty for the null one.
    pub(super) reverse: &'a str,
    /// The argument of EHLO or HELO.
    pub(super) client: &'a str,
    pub(super) greeting: Greeting,
    pub(super) protection: Protection,
    /// Who has authenticated.
    pub(super) user: Option<&'a str>,
    pub(super) peer: IpAddr,
    pub(super) hostname: &'a str,
    pub(super) date: InternalDate,
}

impl Trace<'_> {
    /// Return-Path and Received.
    pub(super) fn fields(&self) -> String {
        let Self { reverse, client, hostname, .. } = self;
        // The keywords of RFC 3848.
        let with = match (self.greeting, self.protection, self.user) {
            (Greeting::Helo, _, _) => "SMTP",
            (Greeting::Ehlo, Protection::Clear, None) => "ESMTP",
            (Greeting::Ehlo, Protection::Clear, Some(_)) => "ESMTPA",
            (Greeting::Ehlo, Protection::Tls, None) => "ESMTPS",
            (Greeting::Ehlo, Protection::Tls, Some(_)) => "ESMTPSA",
        };
        let peer = match self.peer {
            IpAddr::V4(address) => format!("[{address}]"),
            IpAddr::V6(address) => format!("[IPv6:{address}]"),
        };
        let date = self.date.to_imap().trim_start().replacen('-', " ", 2);
        format!(
            "Return-Path: <{reverse}>\r\nReceived: from {client} ({peer})\r\n\tby {hostname} with {with};\r\n\t{date}\r\n"
        )
    }
}

/// Whether a message has passed so many hosts that it goes round in circles (RFC 5321 §6.3: at least 100).
pub(super) fn loops(message: &[u8]) -> bool {
    let lines = message.split(|octet| *octet == b'\n').take_while(|line| *line != b"\r");
    let received = |line: &&[u8]| line.get(..9).is_some_and(|name| name.eq_ignore_ascii_case(b"Received:"));
    lines.filter(received).count() > 100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_received_fields_of_the_header_count_as_hops() {
        let field = "RECEIVED: x\r\n\tReceived: y\r\n";
        assert!(!loops(format!("{}\r\n{field}", field.repeat(100)).as_bytes()));
        assert!(loops(format!("{}\r\n", field.repeat(101)).as_bytes()));
    }

    #[test]
    fn the_trace_names_both_hosts_the_protocol_and_the_moment() {
        let trace = Trace {
            reverse: "a@b.test",
            client: "client.test",
            greeting: Greeting::Ehlo,
            protection: Protection::Tls,
            user: None,
            peer: IpAddr::from([127, 0, 0, 1]),
            hostname: "mail.example.test",
            date: InternalDate { seconds: 0, zone: 0 },
        };
        insta::assert_snapshot!(trace.fields().replace('\r', ""), @r"
        Return-Path: <a@b.test>
        Received: from client.test ([127.0.0.1])
        	by mail.example.test with ESMTPS;
        	1 Jan 1970 00:00:00 +0000
        ");
    }
}
