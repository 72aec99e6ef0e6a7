//! Delivery status notifications (RFC 3461 §6, RFC 3464, RFC 6522), in seven bits wherever the message lets them be.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::attempt::{Attempt, Saying};
use super::letter::{Charset, Letter, header};
use super::notify::{Addressee, Occasion, Returned};
use super::trace::date_time;
use super::xtext;
use crate::refserver::Config;
use crate::refserver::store::InternalDate;

/// How much of the message's header comes back, in octets.
const HEADER_MAX: usize = 64 * 1024;

/// What a notice tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// The message lies in a mailbox here.
    Delivered,
    /// The next hop has it, and tells nothing.
    Relayed,
    /// It is tried again up to this moment.
    Delayed(InternalDate),
    /// It is given up.
    Failed,
}

impl Action {
    /// What a sender must want to hear of, to be told.
    pub(super) fn occasion(self) -> Occasion {
        match self {
            Self::Delivered | Self::Relayed => Occasion::Success,
            Self::Delayed(_) => Occasion::Delay,
            Self::Failed => Occasion::Failure,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Relayed => "relayed",
            Self::Delayed(_) => "delayed",
            Self::Failed => "failed",
        }
    }

    /// The subject and the first line of the text for people.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Delivered => ("Mail was delivered", "Your message was delivered to:"),
            Self::Relayed => {
                ("Mail was handed on", "Your message was handed on to a server that sends no further notice:")
            }
            Self::Delayed(_) => ("Mail is delayed", "Your message is delayed, and will be tried again, for:"),
            Self::Failed => ("Mail could not be delivered", "Your message did not reach everybody:"),
        }
    }
}

/// What a notice is made of.
#[derive(Debug)]
pub(super) struct Notice<'a> {
    pub(super) config: &'a Config,
    pub(super) date: InternalDate,
    /// The Message-ID, with its angle brackets.
    pub(super) id: &'a str,
    pub(super) action: Action,
    /// The message, with whoever sent it.
    pub(super) letter: &'a Letter,
    /// Whom it is about, and the last attempt to reach the next hop, if it came to that.
    pub(super) recipients: &'a [(Addressee, Option<Attempt>)],
}

impl Notice<'_> {
    /// The whole message, without Return-Path.
    pub(super) fn message(&self) -> Vec<u8> {
        let third = self.third();
        let boundary = self.boundary(&third);
        let mut text = self.head(&boundary);
        // Writing to a string cannot fail.
        let _never =
            write!(text, "--{boundary}\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n{}", self.people());
        let _never = write!(text, "\r\n--{boundary}\r\nContent-Type: message/delivery-status\r\n\r\n{}", self.status());
        let _never = write!(text, "\r\n--{boundary}\r\n");
        [text.as_bytes(), &third, format!("\r\n--{boundary}--\r\n").as_bytes()].concat()
    }

    fn head(&self, boundary: &str) -> String {
        let Self { config, id, letter, .. } = self;
        let domain = config.domains.first().unwrap_or(&config.hostname);
        let (subject, _) = self.action.words();
        format!(
            "From: Mail Delivery <postmaster@{domain}>\r\n\
             To: <{}>\r\n\
             Subject: {subject}\r\n\
             Date: {}\r\n\
             Message-ID: {id}\r\n\
             Auto-Submitted: auto-replied\r\n\
             MIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"{boundary}\"\r\n\
             \r\n",
            letter.envelope.reverse,
            date_time(self.date),
        )
    }

    /// The first part.
    fn people(&self) -> String {
        let (_, intent) = self.action.words();
        let each = self.recipients.iter().map(|(recipient, attempt)| {
            let reason = attempt.as_ref().map(|attempt| format!("    {}\r\n", attempt.text())).unwrap_or_default();
            format!("\r\n<{}>\r\n{reason}", xtext::seven_bit_if_wide(&recipient.address))
        });
        format!("{intent}\r\n{}", each.collect::<String>())
    }

    /// The second part (RFC 3464 §2).
    fn status(&self) -> String {
        let mut text = format!("Reporting-MTA: dns; {}\r\n", self.config.hostname);
        if let Some(id) = self.letter.envelope.id.as_deref().and_then(xtext::decode) {
            let _never = write!(text, "Original-Envelope-Id: {}\r\n", printable(&id));
        }
        let _never = write!(text, "Arrival-Date: {}\r\n", date_time(self.letter.arrived));
        for (recipient, attempt) in self.recipients {
            self.about(&mut text, recipient, attempt.as_ref());
        }
        text
    }

    fn about(&self, text: &mut String, recipient: &Addressee, attempt: Option<&Attempt>) {
        text.push_str("\r\n");
        if let Some(original) = recipient.original.as_deref().and_then(original) {
            let _never = write!(text, "Original-Recipient: {original}\r\n");
        }
        let kind = if recipient.address.is_ascii() { "rfc822" } else { "utf-8" };
        let address = xtext::seven_bit_if_wide(&recipient.address);
        let plain = match self.action {
            Action::Delivered => "2.1.5",
            Action::Relayed => "2.0.0",
            Action::Delayed(_) => "4.0.0",
            Action::Failed => "5.0.0",
        };
        let status = attempt.map_or_else(|| plain.to_owned(), Attempt::status);
        let _never = write!(text, "Final-Recipient: {kind}; {address}\r\n");
        let _never = write!(text, "Action: {}\r\nStatus: {status}\r\n", self.action.as_str());
        if let Some(attempt) = attempt {
            let _never = write!(text, "Remote-MTA: dns; {}\r\n", attempt.remote);
            if let Saying::Reply(_) = attempt.saying {
                let _never = write!(text, "Diagnostic-Code: smtp; {}\r\n", attempt.text());
            }
        }
        if let Action::Delayed(until) = self.action {
            let _never = write!(text, "Will-Retry-Until: {}\r\n", date_time(until));
        }
    }

    /// The third part: the message if that was asked for and it failed, else its header (RFC 3461 §6.2). What is not ASCII
    /// goes in base64, but for a whole message that is none of RFC 6532: message/rfc822 knows no encoding (RFC 2046 §5.2.1).
    fn third(&self) -> Vec<u8> {
        let whole = self.action == Action::Failed && self.letter.envelope.returned == Some(Returned::Full);
        let content = if whole { &*self.letter.octets } else { bounded(header(&self.letter.octets)) };
        let wide = self.letter.envelope.charset == Charset::Utf8 && !header(&self.letter.octets).is_ascii();
        let kind = match (whole, wide) {
            (true, true) => "message/global",
            (true, false) => "message/rfc822",
            (false, true) => "message/global-headers",
            (false, false) => "text/rfc822-headers",
        };
        let head = |encoding: &str| format!("Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n");
        match (content.is_ascii(), whole && !wide) {
            (true, _) => [head("7bit").as_bytes(), content].concat(),
            (false, true) => [head("8bit").as_bytes(), content].concat(),
            (false, false) => [head("base64").into_bytes(), base64_lines(content)].concat(),
        }
    }

    /// A text that is in no line of what comes back.
    fn boundary(&self, third: &[u8]) -> String {
        let mut boundary = format!("notice-{}", self.date.seconds);
        while third.windows(boundary.len()).any(|part| part == boundary.as_bytes()) {
            boundary.push('x');
        }
        boundary
    }
}

/// Whole lines of a header.
fn bounded(header: &[u8]) -> &[u8] {
    let lines = header.split_inclusive(|octet| *octet == b'\n');
    let sums = lines.scan(0, |sum, line| {
        *sum += line.len();
        Some(*sum)
    });
    header.get(..sums.take_while(|sum| *sum <= HEADER_MAX).last().unwrap_or(0)).unwrap_or_default()
}

/// Lines of 76 characters (RFC 2045 §6.8).
pub(super) fn base64_lines(octets: &[u8]) -> Vec<u8> {
    octets.chunks(57).flat_map(|chunk| format!("{}\r\n", STANDARD.encode(chunk)).into_bytes()).collect()
}

/// The value of Original-Recipient, from ORCPT. The type `utf-8` has an encoding of its own, which stays.
fn original(given: &str) -> Option<String> {
    let (kind, address) = given.split_once(';')?;
    let address = match kind.eq_ignore_ascii_case("utf-8") {
        true if address.is_ascii() => address.to_owned(),
        true => xtext::seven_bit(address),
        false => printable(&xtext::decode(address)?),
    };
    Some(format!("{kind}; {address}"))
}

/// Nobody can add lines to a notice by what a parameter means.
fn printable(octets: &[u8]) -> String {
    octets.iter().map(|octet| if (b' '..=b'~').contains(octet) { char::from(*octet) } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::letter::{Body, Envelope};
    use super::super::notify::Notify;
    use super::*;

    fn letter(octets: &str) -> Letter {
        let envelope = Envelope {
            reverse: "alice@example.test".to_owned(),
            body: Body::Lines,
            charset: Charset::Ascii,
            returned: None,
            id: Some("QQ+3D1+0A".to_owned()),
        };
        let arrived = InternalDate { seconds: 0, zone: 0 };
        Letter { envelope, recipients: Vec::new(), octets: octets.as_bytes().into(), arrived }
    }

    fn attempt(saying: Saying) -> Option<Attempt> {
        Some(Attempt { remote: "hop.test".to_owned(), saying })
    }

    fn written(action: Action, letter: &Letter, recipients: &[(Addressee, Option<Attempt>)]) -> String {
        let date = InternalDate { seconds: 60, zone: 0 };
        let id = "<1@mail.example.test>";
        let notice = Notice { config: &Config::default(), date, id, action, letter, recipients };
        String::from_utf8(notice.message()).unwrap().replace('\r', "")
    }

    #[test]
    fn a_failure_names_whom_the_mail_did_not_reach_and_why() {
        let asked = Addressee {
            notify: Notify::parse("FAILURE"),
            original: Some("rfc822;user+2Btag@b.test".to_owned()),
            ..Addressee::plain("a@far.test")
        };
        let recipients = [
            (asked, attempt(Saying::Reply("550 5.1.1 no\tsuch mailbox".to_owned()))),
            (Addressee::plain("b@far.test"), attempt(Saying::Trouble("4.4.1", "connection refused".to_owned()))),
        ];
        insta::assert_snapshot!(written(Action::Failed, &letter("Subject: x\r\n y\r\n\r\nbody\r\n"), &recipients));
    }

    #[test]
    fn the_message_comes_back_only_when_it_failed_and_that_was_asked_for() {
        let mut letter = letter("Subject: x\r\n\r\nbody \u{e9}\r\n");
        let to = [(Addressee::plain("a@far.test"), None)];
        letter.envelope.returned = Some(Returned::Full);
        let full =
            "Content-Type: message/rfc822\nContent-Transfer-Encoding: 8bit\n\nSubject: x\n\nbody \u{e9}\n\n--notice";
        let part = "Content-Type: text/rfc822-headers\nContent-Transfer-Encoding: 7bit\n\nSubject: x\n\n--notice";
        assert!(written(Action::Failed, &letter, &to).contains(full));
        for action in [Action::Delivered, Action::Relayed, Action::Delayed(letter.arrived)] {
            assert!(written(action, &letter, &to).contains(part));
        }
        letter.envelope.returned = Some(Returned::Headers);
        assert!(written(Action::Failed, &letter, &to).contains(part));
    }

    #[test]
    fn an_internationalized_message_is_told_of_in_seven_bits() {
        let mut letter = letter("Subject: \u{5b57}\r\n\r\nbody\r\n");
        letter.envelope.charset = Charset::Utf8;
        let original = Some("utf-8;\u{5b57}@b.test".to_owned());
        let to = [(Addressee { original, ..Addressee::plain("\u{5b57}@far.test") }, None)];
        let until = Action::Delayed(InternalDate { seconds: 120, zone: 0 });
        let text = written(until, &letter, &to);
        assert!(text.is_ascii());
        insta::assert_snapshot!(text);
        letter.envelope.returned = Some(Returned::Full);
        assert!(written(Action::Failed, &letter, &to).contains("Content-Type: message/global\n"));
    }

    #[test]
    fn only_whole_lines_of_a_long_header_come_back() {
        let line = format!("{}\r\n", "x".repeat(1000));
        assert_eq!(bounded(line.repeat(100).as_bytes()).len(), 65 * 1002);
        assert_eq!(bounded(b"a: b\r\n"), b"a: b\r\n");
    }
}
