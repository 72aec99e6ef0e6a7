//! Real mail clients, which nobody here wrote, against `mailproof serve`: what they send arrives octet for octet, what they
//! fetch is what lies there, and what they synchronise is the same on both sides; with STARTTLS, and with TLS from the first
//! octet. All come from one release of Debian, in a container. They run where `MAILPROOF_CLIENTS` is `full`.

mod fetch;
mod lab;
mod send;
mod synchronise;

use libtest_mimic::Trial;

use self::lab::{HOST, Lab, Lying};
use crate::trials::claim_with_docker;

/// A letter with everything that a transport may not touch: lines that begin with a dot or are nothing else, 8-bit text,
/// blanks at the end of a line, a line that looks like one of mbox, one of the greatest length, empty lines at the end.
const LETTER: &str = concat!(
    "From: Alice <alice@example.test>\r\n",
    "To: Bob <bob@example.test>\r\n",
    "Date: Tue, 24 Nov 2026 12:00:00 +0000\r\n",
    "Message-ID: <letter@example.test>\r\n",
    "Subject: Letter\r\n",
    "MIME-Version: 1.0\r\n",
    "Content-Type: text/plain; charset=utf-8\r\n",
    "Content-Transfer-Encoding: 8bit\r\n",
    "\r\n",
    ".one dot\r\n..two dots\r\n.\r\n...\r\n",
    "f\u{fc}nf \u{20ac}  \r\n\t\r\n",
    "From here on\r\n",
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
    "01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567\r\n",
    "last words\r\n\r\n\r\n",
);

/// How a client comes to TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tls {
    /// By STARTTLS or STLS.
    Started,
    /// From the first octet.
    Implicit,
}

impl Tls {
    const BOTH: [Self; 2] = [Self::Started, Self::Implicit];

    fn word(self) -> &'static str {
        match self {
            Self::Started => "starttls",
            Self::Implicit => "implicit",
        }
    }

    /// The role of the service in this protocol.
    fn role(self, protocol: &'static str) -> &'static str {
        match (self, protocol) {
            (Self::Started, "smtp") => "submission",
            (Self::Implicit, "smtp") => "submissions",
            (Self::Implicit, "pop3") => "pop3s",
            (Self::Implicit, "imap") => "imaps",
            (Self::Started | Self::Implicit, _) => protocol,
        }
    }
}

pub(crate) fn trials() -> Vec<Trial> {
    if std::env::var_os("MAILPROOF_CLIENTS").is_none_or(|tier| tier != "full") {
        return Vec::new();
    }
    vec![
        claim_with_docker("clients::python_smtplib", send::python),
        claim_with_docker("clients::python_poplib", fetch::python_pop3),
        claim_with_docker("clients::python_imaplib", synchronise::python_imap),
        claim_with_docker("clients::curl_smtp", send::curl),
        claim_with_docker("clients::curl_pop3", fetch::curl_pop3),
        claim_with_docker("clients::curl_imap", synchronise::curl_imap),
        claim_with_docker("clients::swaks", send::swaks),
        claim_with_docker("clients::msmtp", send::msmtp),
        claim_with_docker("clients::fetchmail", fetch::fetchmail),
        claim_with_docker("clients::mpop", fetch::mpop),
        claim_with_docker("clients::mbsync", synchronise::mbsync),
    ]
}

/// Runs a part of the script of Python's modules.
fn modules(lab: &Lab, protocol: &str, tls: Tls) -> Result<(), String> {
    let ports = lab.ports()?;
    lab.run(&["python3", "modules.py", protocol, tls.word(), HOST, &ports], b"").map(drop)
}

/// The letter with the line ends of a file.
fn as_file(message: &str) -> Vec<u8> {
    message.replace("\r\n", "\n").into_bytes()
}

/// All messages of a mailbox are the letter, so many times, with nothing but trace header fields in front of it.
fn are_letters(lab: &Lab, user: &str, mailbox: &str, count: usize) -> Result<(), String> {
    let lying = lab.list(user, mailbox)?;
    if lying.len() != count {
        return Err(format!("{} messages lie in {mailbox} of {user}, and not {count}", lying.len()));
    }
    lying.iter().map(Lying::octets).try_for_each(|octets| is_traced(&octets, LETTER.as_bytes()))
}

/// What arrived is what was sent, behind trace header fields.
fn is_traced(arrived: &[u8], sent: &[u8]) -> Result<(), String> {
    let arrived_text = String::from_utf8_lossy(arrived).into_owned();
    let trace = arrived.strip_suffix(sent).map(String::from_utf8_lossy);
    let trace = trace.ok_or_else(|| format!("changed on the way: {arrived_text:?}"))?;
    let names = ["Return-Path: ", "Received: ", "Authentication-Results: ", "\t", " "];
    match trace.lines().find(|line| !names.iter().any(|name| line.starts_with(name))) {
        Some(line) => Err(format!("added on the way: {line:?}")),
        None => Ok(()),
    }
}

/// The two are the same octets.
fn same(what: &str, came: &[u8], wanted: &[u8]) -> Result<(), String> {
    if came == wanted {
        return Ok(());
    }
    let shown = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
    Err(format!("{what}: {:?} and not {:?}", shown(came), shown(wanted)))
}

/// The one file in a folder of the lab.
fn only_file(lab: &Lab, folder: &str) -> Result<Vec<u8>, String> {
    match lab.names(folder).as_slice() {
        [name] => lab.read(&format!("{folder}/{name}")),
        names => Err(format!("{folder} holds {names:?}")),
    }
}
