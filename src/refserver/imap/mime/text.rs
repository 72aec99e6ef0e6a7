//! The texts of a message as SEARCH compares them: decoded, in lower case (RFC 3501 §6.4.4, RFC 2045 §6, RFC 2047).

use super::header::{fields, unfold, value_of};
use super::sent::day;
use super::transfer::{Encoding, base64_lines, quoted_printable};
use super::{Kind, Part};
use crate::refserver::store::CivilDate;

/// What a message says. Texts are in lower case.
#[derive(Debug)]
pub struct Texts {
    /// Fields of the message's own header.
    pub fields: Vec<FieldText>,
    /// All headers, those of parts too, decoded.
    pub header: String,
    /// All parts that are text, decoded.
    pub body: String,
    /// Everything after the message's own header, as it stands.
    pub raw_body: String,
    /// The whole message as it stands.
    pub raw: String,
    /// The day in Date, whatever its zone (RFC 3501 §6.4.4, "disregarding time and timezone").
    pub sent: Option<CivilDate>,
}

/// One field, unfolded.
#[derive(Debug)]
pub struct FieldText {
    /// Its name as it stands.
    pub name: Vec<u8>,
    /// Its value as it stands.
    pub raw: String,
    /// Its value with encoded words decoded.
    pub decoded: String,
}

impl Texts {
    /// The texts of a message that `part` was read from.
    pub fn of(octets: &[u8], part: &Part) -> Self {
        let own = Part::slice(octets, part.header.clone());
        let mut texts = Self {
            fields: fields(own)
                .into_iter()
                .map(|field| {
                    let value = unfold(field.value);
                    let decoded = decode_words(&value).to_lowercase();
                    FieldText { name: field.name.to_vec(), raw: lossy(&value).to_lowercase(), decoded }
                })
                .collect(),
            header: String::new(),
            body: String::new(),
            raw_body: lossy(Part::slice(octets, part.body.clone())).to_lowercase(),
            raw: lossy(octets).to_lowercase(),
            sent: value_of(own, "Date").and_then(|value| day(&value)),
        };
        texts.add(octets, part);
        texts
    }

    fn add(&mut self, octets: &[u8], part: &Part) {
        let header = Part::slice(octets, part.header.clone());
        for field in fields(header) {
            let line = format!("{}: {}\n", lossy(field.name), decode_words(&unfold(field.value)));
            self.header.push_str(&line.to_lowercase());
        }
        match &part.kind {
            Kind::Multipart(parts) => parts.iter().for_each(|part| self.add(octets, part)),
            Kind::Message(inner) => self.add(octets, inner),
            Kind::Leaf if part.content.media == b"TEXT" => {
                let encoding = Encoding::of(header).unwrap_or(Encoding::Identity);
                let body = encoding.decode(Part::slice(octets, part.body.clone()));
                let text = to_text(&body, part.content.parameter("CHARSET").unwrap_or_default());
                self.body.push_str(&text.to_lowercase());
                self.body.push('\n');
            }
            Kind::Leaf => {}
        }
    }
}

/// Octets in a charset as text. Nothing if the charset is not known and they are more than US-ASCII.
pub(super) fn text_in(octets: &[u8], charset: &[u8]) -> Option<String> {
    let charset = charset.to_ascii_uppercase();
    let known: [&[u8]; 6] = [b"", b"US-ASCII", b"UTF-8", b"ISO-8859-1", b"LATIN1", b"WINDOWS-1252"];
    // These say all in 7-bit octets that are not what they seem.
    let shifting: [&[u8]; 3] = [b"ISO-2022-", b"UTF-7", b"HZ-"];
    let plain = octets.is_ascii() && !shifting.iter().any(|name| charset.starts_with(name));
    (plain || known.contains(&charset.as_slice())).then(|| to_text(octets, &charset))
}

fn lossy(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

/// Octets in a charset as text; UTF-8 is tried for charsets that are not known.
fn to_text(octets: &[u8], charset: &[u8]) -> String {
    let latin: [&[u8]; 3] = [b"ISO-8859-1", b"LATIN1", b"WINDOWS-1252"];
    if latin.iter().any(|name| name.eq_ignore_ascii_case(charset)) {
        octets.iter().map(|&octet| char::from(octet)).collect()
    } else {
        lossy(octets)
    }
}

/// RFC 2047 §6: encoded words are decoded, and blanks between two of them go.
pub(super) fn decode_words(value: &[u8]) -> String {
    let mut out = String::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some(start) = rest.windows(2).position(|pair| pair == b"=?") {
        let (plain, candidate) = rest.split_at(start);
        let (text, after) = match word(candidate) {
            Some((text, after)) => {
                if !(after_word && plain.trim_ascii().is_empty()) {
                    out.push_str(&lossy(plain));
                }
                after_word = true;
                (text, after)
            }
            None => {
                out.push_str(&lossy(plain));
                after_word = false;
                ("=?".to_owned(), candidate.get(2..).unwrap_or_default())
            }
        };
        out.push_str(&text);
        rest = after;
    }
    out.push_str(&lossy(rest));
    out
}

/// An encoded word at the start, and what follows.
fn word(octets: &[u8]) -> Option<(String, &[u8])> {
    let (charset, rest) = until(octets.strip_prefix(b"=?")?, b"?")?;
    let (encoding, rest) = until(rest, b"?")?;
    let (text, rest) = until(rest, b"?=")?;
    if text.iter().any(u8::is_ascii_whitespace) {
        return None;
    }
    let octets = match encoding {
        b"B" | b"b" => base64_lines(text),
        b"Q" | b"q" => {
            let spaced: Vec<u8> = text.iter().map(|&octet| if octet == b'_' { b' ' } else { octet }).collect();
            quoted_printable(&spaced)
        }
        _ => return None,
    };
    // RFC 2231 §5: a language may follow the charset.
    let charset = charset.split(|&octet| octet == b'*').next().unwrap_or_default();
    Some((to_text(&octets, charset), rest))
}

fn until<'a>(octets: &'a [u8], end: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = octets.windows(end.len()).position(|window| window == end)?;
    Some((octets.get(..at)?, octets.get(at + end.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(message: &str) -> Texts {
        Texts::of(message.as_bytes(), &Part::parse(message.as_bytes()))
    }

    #[test]
    fn encoded_words_and_bodies_are_decoded() {
        let mixed = "Subject: =?utf-8?B?R3LDvMOf?=\r\n =?iso-8859-1*de?Q?e_=E4?= =?x\r\n\
            Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
            Content-Transfer-Encoding: base64\r\n\r\nSGVs\r\nbG8=\r\n--b\r\n\
            Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
            Caf=E9 so=\r\nft\r\n--b--\r\n";
        let texts = texts(mixed);
        assert_eq!(texts.fields[0].decoded, "grüße ä =?x");
        assert_eq!(texts.body, "hello\ncafé soft\n");
        assert!(texts.raw_body.contains("sgvs") && texts.header.contains("subject: grüße"));
    }

    #[test]
    fn the_day_of_a_date_is_read_in_its_own_zone() {
        let table = [
            ("Mon, 1 Jan 2024 23:59:59 -0800", Some((2024, 1, 1))),
            ("29 Feb 24 00:00 +0000", Some((2024, 2, 29))),
            ("31 Dec 99 00:00 GMT", Some((1999, 12, 31))),
            ("30 Feb 2024 00:00 GMT", None),
            ("yesterday", None),
        ];
        for (date, expected) in table {
            let expected = expected.map(|(year, month, day)| CivilDate::new(year, month, day).unwrap());
            assert_eq!(texts(&format!("Date: {date}\r\n\r\n")).sent, expected, "{date}");
        }
    }
}
