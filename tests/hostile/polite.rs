//! The dialogue of a small polite server of each protocol, up to where a case has other plans.

use std::io;
use std::sync::Arc;

use rustls::ServerConfig;

use super::case::{At, Case, Goes, Service};
use super::peer::Peer;

/// The message that lies in every mailbox.
const MESSAGE: &str = "Subject: zoo\r\n\r\nzoo\r\n";

/// Serves one connection of a case.
pub(super) fn serve(case: &Case, tls: &Arc<ServerConfig>, peer: &mut Peer) -> io::Result<()> {
    let mut host = Host { case, tls, peer, secured: Secured::No };
    if case.service == Service::Imaps && host.handshake()? == Goes::Away {
        return Ok(());
    }
    let greeting = match case.service {
        Service::Mx | Service::Submission => "220 zoo.test ESMTP ready\r\n",
        Service::Pop3 => "+OK ready\r\n",
        Service::Imap | Service::Imaps => "* OK ready\r\n",
    };
    if host.turn("greeting", "", "", greeting)? == Goes::Away {
        return Ok(());
    }
    while let Some(line) = host.peer.line()? {
        let goes = match case.service {
            Service::Mx | Service::Submission => host.smtp(&line)?,
            Service::Pop3 => host.pop3(&line)?,
            Service::Imap | Service::Imaps => host.imap(&line)?,
        };
        if goes == Goes::Away {
            return Ok(());
        }
    }
    Ok(())
}

struct Host<'a> {
    case: &'a Case,
    tls: &'a Arc<ServerConfig>,
    peer: &'a mut Peer,
    secured: Secured,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Secured {
    No,
    Yes,
}

impl Host<'_> {
    /// One stage: the right answer, or what the case does instead of it or after it.
    fn turn(&mut self, stage: &str, tag: &str, rest: &str, answer: &str) -> io::Result<Goes> {
        match self.case.at {
            At::Instead(at) if at == stage => self.case.trick.perform(self.peer, tag, rest),
            At::After(at) if at == stage => {
                self.peer.say(answer)?;
                self.case.trick.perform(self.peer, tag, rest)
            }
            At::Instead(_) | At::After(_) => self.peer.say(answer).map(|()| Goes::On),
        }
    }

    fn handshake(&mut self) -> io::Result<Goes> {
        if self.case.at == At::Instead("handshake") {
            return self.case.trick.perform(self.peer, "", "");
        }
        self.peer.tls(self.tls)?;
        self.secured = Secured::Yes;
        if self.case.at == At::After("handshake") {
            return self.case.trick.perform(self.peer, "", "");
        }
        Ok(Goes::On)
    }

    /// What is announced now: STARTTLS and STLS only before TLS.
    fn offers(&self) -> Vec<&'static str> {
        let tls = |word: &str| word == "STARTTLS" || word == "STLS";
        let offers = self.case.offers.iter().copied();
        offers.filter(|word| self.secured == Secured::No || !tls(word)).collect()
    }

    fn smtp(&mut self, line: &str) -> io::Result<Goes> {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let verb = verb.to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => {
                let offers: String = self.offers().iter().map(|word| format!("250-{word}\r\n")).collect();
                let auth = if self.case.service == Service::Submission { "250-AUTH PLAIN\r\n" } else { "" };
                format!("250-zoo.test\r\n{offers}{auth}250 8BITMIME\r\n")
            }
            "STARTTLS" => "220 go ahead\r\n".to_owned(),
            "AUTH" => "235 welcome\r\n".to_owned(),
            "DATA" => "354 go on\r\n".to_owned(),
            "QUIT" => "221 bye\r\n".to_owned(),
            _ => "250 done\r\n".to_owned(),
        };
        let mut goes = self.turn(&verb, "", rest, &answer)?;
        if goes == Goes::On && verb == "STARTTLS" {
            goes = self.handshake()?;
        }
        if goes == Goes::On && verb == "DATA" {
            while self.peer.line()?.is_some_and(|line| line != ".") {}
            goes = self.turn(".", "", "", "250 taken\r\n")?;
        }
        Ok(if verb == "QUIT" { Goes::Away } else { goes })
    }

    fn pop3(&mut self, line: &str) -> io::Result<Goes> {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let verb = verb.to_ascii_uppercase();
        let size = MESSAGE.len();
        let answer = match (verb.as_str(), rest) {
            ("CAPA", _) => {
                let offers: String = self.offers().iter().map(|word| format!("{word}\r\n")).collect();
                format!("+OK\r\nUSER\r\nUIDL\r\n{offers}.\r\n")
            }
            ("STAT", _) => format!("+OK 1 {size}\r\n"),
            ("LIST", "") => format!("+OK\r\n1 {size}\r\n.\r\n"),
            ("UIDL", "") => "+OK\r\n1 one\r\n.\r\n".to_owned(),
            ("RETR", _) => format!("+OK\r\n{MESSAGE}.\r\n"),
            _ => "+OK\r\n".to_owned(),
        };
        let mut goes = self.turn(&verb, "", rest, &answer)?;
        if goes == Goes::On && verb == "STLS" {
            goes = self.handshake()?;
        }
        Ok(if verb == "QUIT" { Goes::Away } else { goes })
    }

    fn imap(&mut self, line: &str) -> io::Result<Goes> {
        let (tag, command) = line.split_once(' ').unwrap_or((line, ""));
        let (verb, rest) = command.split_once(' ').unwrap_or((command, ""));
        let verb = verb.to_ascii_uppercase();
        let size = MESSAGE.len();
        let data = match verb.as_str() {
            "CAPABILITY" => format!("* CAPABILITY IMAP4rev1 {}\r\n", self.offers().join(" ")).replace(" \r\n", "\r\n"),
            "LIST" => "* LIST (\\Noselect) \"/\" \"\"\r\n".to_owned(),
            "SELECT" => "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)\r\n* OK [PERMANENTFLAGS (\\Seen)] kept\r\n* 1 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 1] \
                         valid\r\n* OK [UIDNEXT 2] next\r\n"
                .to_owned(),
            "FETCH" => format!("* 1 FETCH (BODY[] {{{size}}}\r\n{MESSAGE})\r\n"),
            "IDLE" => "+ idling\r\n".to_owned(),
            "LOGOUT" => "* BYE leaving\r\n".to_owned(),
            _ => String::new(),
        };
        let code = if verb == "SELECT" { "[READ-WRITE] " } else { "" };
        let end = if verb == "IDLE" { String::new() } else { format!("{tag} OK {code}done\r\n") };
        let mut goes = self.turn(&verb, tag, rest, &(data + &end))?;
        if goes == Goes::On && verb == "IDLE" {
            let done = self.peer.line()?.is_some();
            goes = if done { self.turn("DONE", tag, "", &format!("{tag} OK done\r\n"))? } else { Goes::Away };
        }
        match (goes, verb.as_str()) {
            (Goes::On, "STARTTLS") => self.handshake(),
            (Goes::On, "COMPRESS") => {
                self.peer.compress();
                self.turn("compressed", tag, "", "")
            }
            (_, "LOGOUT") => Ok(Goes::Away),
            (goes, _) => Ok(goes),
        }
    }
}
