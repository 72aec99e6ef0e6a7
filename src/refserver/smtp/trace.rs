//! The header fields that delivery puts on top (RFC 5321 §4.4).

use std::net::IpAddr;

use super::letter::Charset;
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
    pub(super) charset: Charset,
    pub(super) protection: Protection,
    /// Who has authenticated.
    pub(super) user: Option<&'a str>,
    pub(super) peer: IpAddr,
    pub(super) hostname: &'a str,
    pub(super) date: InternalDate,
}

impl Trace<'_> {
    /// Return-Path and Received, for final delivery.
    pub(super) fn fields(&self) -> String {
        format!("Return-Path: <{}>\r\n{}", self.reverse, self.received())
    }

    /// Received alone, for mail that goes on.
    pub(super) fn received(&self) -> String {
        let Self { client, hostname, .. } = self;
        // The keywords of RFC 3848, and those of RFC 6531 §4.3.
        let protocol = match (self.greeting, self.charset) {
            (Greeting::Helo, _) => "SMTP",
            (Greeting::Ehlo, Charset::Ascii) => "ESMTP",
            (Greeting::Ehlo, Charset::Utf8) => "UTF8SMTP",
        };
        let way = match (self.greeting, self.protection, self.user) {
            (Greeting::Helo, _, _) | (_, Protection::Clear, None) => "",
            (Greeting::Ehlo, Protection::Clear, Some(_)) => "A",
            (Greeting::Ehlo, Protection::Tls, None) => "S",
            (Greeting::Ehlo, Protection::Tls, Some(_)) => "SA",
        };
        let peer = match self.peer {
            IpAddr::V4(address) => format!("[{address}]"),
            IpAddr::V6(address) => format!("[IPv6:{address}]"),
        };
        let date = date_time(self.date);
        format!("Received: from {client} ({peer})\r\n\tby {hostname} with {protocol}{way};\r\n\t{date}\r\n")
    }
}

/// A moment as header fields write it (RFC 5322 §3.3).
pub(super) fn date_time(date: InternalDate) -> String {
    date.to_imap().trim_start().replacen('-', " ", 2)
}

/// A message, or a header alone, without the fields of a name, which is given with its colon.
pub(super) fn without_field(message: &[u8], name: &[u8]) -> Vec<u8> {
    let mut rest = message;
    let mut kept = Vec::with_capacity(message.len());
    let mut drops = false;
    while let Some(end) = rest.iter().position(|octet| *octet == b'\n') {
        let (line, after) = rest.split_at(end + 1);
        if line == b"\r\n" {
            break;
        }
        let folded = line.starts_with(b" ") || line.starts_with(b"\t");
        drops = if folded { drops } else { is_field(line, name) };
        if !drops {
            kept.extend_from_slice(line);
        }
        rest = after;
    }
    kept.extend_from_slice(rest);
    kept
}

fn is_field(line: &[u8], name: &[u8]) -> bool {
    line.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name))
}

/// Whether a message has passed so many hosts that it goes round in circles (RFC 5321 §6.3: at least 100).
pub(super) fn loops(message: &[u8]) -> bool {
    let lines = message.split(|octet| *octet == b'\n').take_while(|line| *line != b"\r");
    lines.filter(|line| is_field(line, b"Received:")).count() > 100
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
    fn a_return_path_that_came_with_the_message_goes_and_nothing_else_does() {
        let table = [
            ("Return-Path: <x@y>\r\n\tz\r\na: b\r\n\r\nReturn-Path: c\r\n", "a: b\r\n\r\nReturn-Path: c\r\n"),
            ("a: b\r\n c\r\nRETURN-PATH:\r\nd: e\r\n", "a: b\r\n c\r\nd: e\r\n"),
            ("Return-Path", "Return-Path"),
            ("\r\n\r\n", "\r\n\r\n"),
            ("", ""),
        ];
        for (message, kept) in table {
            assert_eq!(without_field(message.as_bytes(), b"Return-Path:"), kept.as_bytes(), "{message:?}");
        }
    }

    #[test]
    fn the_trace_names_both_hosts_the_protocol_and_the_moment() {
        let trace = Trace {
            reverse: "a@b.test",
            client: "client.test",
            greeting: Greeting::Ehlo,
            charset: Charset::Ascii,
            protection: Protection::Tls,
            user: None,
            peer: IpAddr::from([127, 0, 0, 1]),
            hostname: "mail.example.test",
            date: InternalDate { seconds: 0, zone: 0 },
        };
        let wide = Trace { charset: Charset::Utf8, user: Some("alice"), ..trace };
        assert!(wide.received().contains(" with UTF8SMTPSA;"));
        let trace = Trace { charset: Charset::Ascii, user: None, ..wide };
        insta::assert_snapshot!(trace.fields().replace('\r', ""), @r"
        Return-Path: <a@b.test>
        Received: from client.test ([127.0.0.1])
        	by mail.example.test with ESMTPS;
        	1 Jan 1970 00:00:00 +0000
        ");
    }
}
