//! Names of mailboxes as Unicode text, and in the modified UTF-7 in which they are kept (RFC 3501 §5.1.3, RFC 9051 §A.1).

use base64::Engine;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use unicode_normalization::is_nfc;

use super::{MailboxName, NameError};

/// RFC 3501 §5.1.3: `,` instead of `/`, and no padding.
const MODIFIED: GeneralPurpose = GeneralPurpose::new(
    &IMAP_MUTF7,
    GeneralPurposeConfig::new().with_encode_padding(false).with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// The text of modified UTF-7; nothing if it is not the one right form of that text.
pub(super) fn decode(encoded: &str) -> Option<String> {
    let mut text = String::new();
    let mut rest = encoded;
    while let Some((plain, shifted)) = rest.split_once('&') {
        text.push_str(plain);
        let (inner, after) = shifted.split_once('-')?;
        if inner.is_empty() {
            text.push('&');
        } else {
            let octets = MODIFIED.decode(inner).ok()?;
            let (units, over) = octets.as_chunks::<2>();
            let units = units.iter().map(|unit| u16::from_be_bytes(*unit));
            let decoded: String = char::decode_utf16(units).collect::<Result<_, _>>().ok()?;
            text.push_str(&decoded);
            over.is_empty().then_some(())?;
        }
        rest = after;
    }
    text.push_str(rest);
    (encode(&text) == encoded).then_some(text)
}

/// The modified UTF-7 of a text.
fn encode(text: &str) -> String {
    let (mut out, mut units) = (String::new(), Vec::new());
    for c in text.chars() {
        if (' '..='~').contains(&c) {
            shift(&mut out, &mut units);
            out.push(c);
            if c == '&' {
                out.push('-');
            }
        } else {
            units.extend(c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    shift(&mut out, &mut units);
    out
}

fn shift(out: &mut String, units: &mut Vec<u8>) {
    if !units.is_empty() {
        out.push('&');
        MODIFIED.encode_string(std::mem::take(units), out);
        out.push('-');
    }
}

impl MailboxName {
    /// Reads a name as a command gives it once names are in UTF-8 (RFC 9051 §5.1).
    pub fn from_utf8(octets: &[u8]) -> Result<Self, NameError> {
        let text = str::from_utf8(octets).map_err(|_| NameError::Utf8)?;
        if text.chars().any(char::is_control) {
            return Err(NameError::Character);
        }
        Self::parse(encode(text).as_bytes())
    }

    /// The name as Unicode text.
    pub fn to_unicode(&self) -> String {
        decode(self.as_str()).unwrap_or_else(|| self.as_str().to_owned())
    }

    /// Whether a mailbox may be made under it where names are in UTF-8: it is in the one form that RFC 5198 §3 wants.
    pub fn is_normalised(&self) -> bool {
        let text = self.to_unicode();
        is_nfc(&text) && !text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_has_one_form() {
        for (text, encoded) in [
            ("plain", "plain"),
            ("R&D", "R&-D"),
            ("\u{e9}", "&AOk-"),
            ("~peter/mail/\u{53f0}\u{5317}/\u{65e5}\u{672c}\u{8a9e}", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
            ("\u{1f600}x", "&2D3eAA-x"),
        ] {
            assert_eq!(encode(text), encoded);
            assert_eq!(decode(encoded).as_deref(), Some(text));
        }
        for wrong in ["&", "&AOk", "&A-", "&AGE-", "&AOk-&AOk-", "&2D0-", "&AO!-", "&AOl-", "&AOkA-"] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn names_in_utf8_are_the_same_names() {
        let utf8 = |text: &str| MailboxName::from_utf8(text.as_bytes());
        assert_eq!(utf8("R&D/\u{e9}").unwrap().as_str(), "R&-D/&AOk-");
        assert_eq!(utf8("R&D/\u{e9}").unwrap().to_unicode(), "R&D/\u{e9}");
        assert!(utf8("\u{e9}").unwrap().is_normalised() && !utf8("e\u{301}").unwrap().is_normalised());
        assert!(utf8("inbox").unwrap().is_inbox());
        assert_eq!(MailboxName::from_utf8(b"\xc3"), Err(NameError::Utf8));
        assert_eq!(MailboxName::from_utf8(b"\xed\xa0\x80"), Err(NameError::Utf8));
        assert_eq!(utf8("a\u{85}"), Err(NameError::Character));
        assert_eq!(utf8("a*"), Err(NameError::Character));
    }
}
