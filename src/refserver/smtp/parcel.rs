//! A letter as the next hop can take it.

use std::borrow::Cow;

use super::attempt::Duty;
use super::binary::as_lines;
use super::client::{Reply, Trouble, command, reply};
use super::letter::{Body, Charset, Letter};
use super::notify::Addressee;
use super::xtext;
use crate::refserver::wire::Wire;

/// How the content goes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// DATA.
    Data,
    /// DATA, with BODY=8BITMIME.
    EightBit,
    /// BDAT, with BODY=BINARYMIME.
    Binary,
}

/// What MAIL, RCPT and the content turn into for one next hop.
#[derive(Debug)]
pub(super) struct Parcel<'a> {
    octets: Cow<'a, [u8]>,
    way: Way,
    charset: Charset,
    sizes: bool,
    authenticates: bool,
    /// Who tells the sender what becomes of it.
    pub(super) duty: Duty,
}

impl<'a> Parcel<'a> {
    /// Fits a letter to what the next hop announces, or says why it cannot go there.
    pub(super) fn fit(letter: &'a Letter, hello: &Reply) -> Result<Self, Trouble> {
        let envelope = &letter.envelope;
        let binary = hello.announces("BINARYMIME") && hello.announces("CHUNKING");
        let (octets, way) = match envelope.body {
            Body::Binary if binary => (Cow::Borrowed(&*letter.octets), Way::Binary),
            // RFC 3030 §3.
            Body::Binary => match as_lines(&letter.octets) {
                Some(octets) => (Cow::Owned(octets), Way::Data),
                None => return Err(Trouble::Unfit("5.6.3", "the next hop takes no binary content")),
            },
            Body::Lines => (Cow::Borrowed(&*letter.octets), Way::Data),
        };
        let way = match (way, octets.is_ascii(), hello.announces("8BITMIME")) {
            (Way::Data, false, true) => Way::EightBit,
            // RFC 6152 §3: what has eight bits does not go where they are not taken.
            (Way::Data, false, false) => return Err(Trouble::Unfit("5.6.3", "the next hop takes no 8-bit content")),
            (way, _, _) => way,
        };
        // Nobody looks for non-ASCII in header fields of inner parts: any octet of it may be one (RFC 6531 §3.6).
        let addresses = letter.recipients.iter().any(|recipient| !recipient.address.is_ascii());
        let wide = !octets.is_ascii() || !envelope.reverse.is_ascii();
        let charset = match (envelope.charset, hello.announces("SMTPUTF8")) {
            (Charset::Utf8, true) if wide || addresses => Charset::Utf8,
            (Charset::Utf8, false) if wide => return Err(Trouble::Unfit("5.6.9", "the next hop takes no SMTPUTF8")),
            (Charset::Utf8 | Charset::Ascii, _) => Charset::Ascii,
        };
        let duty = if hello.announces("DSN") { Duty::Theirs } else { Duty::Ours };
        let (sizes, authenticates) = (hello.announces("SIZE"), hello.announces("AUTH"));
        Ok(Self { octets, way, charset, sizes, authenticates, duty })
    }

    /// The MAIL command.
    pub(super) fn mail(&self, letter: &Letter) -> String {
        let envelope = &letter.envelope;
        let mut line = format!("MAIL FROM:<{}>", envelope.reverse);
        if self.sizes {
            line.push_str(&format!(" SIZE={}", self.octets.len()));
        }
        line.push_str(match self.way {
            Way::Data => "",
            Way::EightBit => " BODY=8BITMIME",
            Way::Binary => " BODY=BINARYMIME",
        });
        if self.charset == Charset::Utf8 {
            line.push_str(" SMTPUTF8");
        }
        // RFC 3461 §5.2.1: as they came, and only if they came.
        if self.duty == Duty::Theirs {
            let returned = envelope.returned.map(|returned| format!(" RET={}", returned.as_str()));
            let id = envelope.id.as_ref().map(|id| format!(" ENVID={id}"));
            line.extend(returned.into_iter().chain(id));
        }
        // RFC 4954 §5: nobody vouches for what submitters claim.
        if self.authenticates {
            line.push_str(" AUTH=<>");
        }
        line
    }

    /// The RCPT command.
    pub(super) fn recipient(&self, recipient: &Addressee) -> Result<String, Trouble> {
        if !recipient.address.is_ascii() && self.charset == Charset::Ascii {
            return Err(Trouble::Unfit("5.6.7", "the next hop takes no SMTPUTF8"));
        }
        let mut line = format!("RCPT TO:<{}>", recipient.address);
        if self.duty == Duty::Theirs {
            let notify = recipient.notify.as_ref().map(|notify| format!(" NOTIFY={}", notify.text));
            let original = recipient.original.as_ref().map(|original| format!(" ORCPT={}", self.original(original)));
            line.extend(notify.into_iter().chain(original));
        }
        Ok(line)
    }

    /// Sends the content; the reply after it.
    pub(super) async fn content(&self, wire: &mut Wire) -> Result<Reply, Trouble> {
        match self.way {
            Way::Data | Way::EightBit => {
                command(wire, "DATA").await?.require(b'3')?;
                wire.send(&stuffed(&self.octets)).await?;
            }
            Way::Binary => {
                wire.send(format!("BDAT {} LAST\r\n", self.octets.len()).as_bytes()).await?;
                wire.send(&self.octets).await?;
            }
        }
        reply(wire).await
    }

    /// ORCPT in seven bits where others cannot go (RFC 6533 §3).
    fn original(&self, given: &str) -> String {
        match (self.charset, given.split_once(';')) {
            (Charset::Ascii, Some((kind, address))) if !address.is_ascii() => {
                format!("{kind};{}", xtext::seven_bit(address))
            }
            (Charset::Ascii | Charset::Utf8, _) => given.to_owned(),
        }
    }
}

/// The content with its end; one more dot before each line that begins with one (RFC 5321 §4.5.2).
fn stuffed(octets: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(octets.len() + 5);
    for line in octets.split_inclusive(|octet| *octet == b'\n') {
        if line.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(line);
    }
    // BDAT may bring a message whose last line has no end.
    if !out.is_empty() && !out.ends_with(b"\r\n") {
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::super::letter::Envelope;
    use super::super::notify::{Notify, Returned};
    use super::*;
    use crate::refserver::store::InternalDate;

    #[test]
    fn content_is_stuffed_and_ends_once() {
        let table: [(&[u8], &[u8]); 4] = [
            (b"a\r\n.\r\n..b\r\n", b"a\r\n..\r\n...b\r\n.\r\n"),
            (b"a.b", b"a.b\r\n.\r\n"),
            (b"\r\n", b"\r\n.\r\n"),
            (b"", b".\r\n"),
        ];
        for (octets, sent) in table {
            assert_eq!(stuffed(octets), sent);
        }
    }

    const BINARY: &[u8] = b"Content-Transfer-Encoding: binary\r\n\r\n\0";

    fn letter(reverse: &str, octets: &[u8]) -> Letter {
        let full = Addressee {
            notify: Notify::parse("success,Failure"),
            original: Some("utf-8;\u{e9}@o.test".to_owned()),
            ..Addressee::plain("a@far.test")
        };
        let envelope = Envelope {
            returned: Some(Returned::Headers),
            id: Some("x+2By".to_owned()),
            charset: if reverse.is_ascii() && octets.is_ascii() { Charset::Ascii } else { Charset::Utf8 },
            body: if octets == BINARY { Body::Binary } else { Body::Lines },
            ..Envelope::plain(reverse)
        };
        let recipients = vec![full, Addressee::plain("\u{e9}@far.test")];
        Letter { envelope, recipients, octets: octets.into(), arrived: InternalDate { seconds: 0, zone: 0 } }
    }

    #[test]
    fn a_letter_is_fitted_to_what_the_next_hop_announces() {
        let table: [(&str, &[u8], &str); 13] = [
            ("a@b.test", b"", ""),
            ("a@b.test", b"", "SIZE AUTH DSN"),
            ("a@b.test", b"", "SIZE AUTH DSN SMTPUTF8"),
            ("a@b.test", b"\xff", ""),
            ("a@b.test", b"\xff", "8BITMIME"),
            ("a@b.test", b"\xff", "8BITMIME SMTPUTF8 DSN"),
            ("\u{e9}@b.test", b"", "8BITMIME"),
            ("\u{e9}@b.test", b"", "SMTPUTF8 DSN"),
            ("a@b.test", BINARY, ""),
            ("a@b.test", BINARY, "BINARYMIME"),
            ("a@b.test", BINARY, "BINARYMIME CHUNKING 8BITMIME"),
            ("a@b.test", BINARY, "CHUNKING 8BITMIME"),
            ("a@b.test", b"a: b\r\n\r\n\0", "SIZE"),
        ];
        let mut text = String::new();
        for (reverse, octets, keywords) in table {
            let letter = letter(reverse, octets);
            let lines = std::iter::once("250-hop.test".to_owned());
            let announced = keywords.split(' ').map(|keyword| format!("250-{keyword}"));
            let hello = Reply { class: b'2', lines: lines.chain(announced).collect() };
            text.push_str(&format!("{reverse} {} [{keywords}]\n", octets.escape_ascii()));
            match Parcel::fit(&letter, &hello) {
                Err(trouble) => text.push_str(&format!("  {trouble:?}\n")),
                Ok(parcel) => {
                    text.push_str(&format!("  {}\n", parcel.mail(&letter)));
                    for recipient in &letter.recipients {
                        text.push_str(&format!("  {:?}\n", parcel.recipient(recipient)));
                    }
                    text.push_str(&format!("  {:?} {}\n", parcel.way, parcel.octets.escape_ascii()));
                }
            }
        }
        insta::assert_snapshot!(text);
    }
}
