//! Modified UTF-7 (RFC 3501 §5.1.3).

use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine, alphabet};

/// Base64 with a comma in place of the slash and without padding.
const MODIFIED: GeneralPurpose = GeneralPurpose::new(
    &alphabet::IMAP_MUTF7,
    GeneralPurposeConfig::new().with_encode_padding(false).with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// A text in modified UTF-7.
pub(super) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut shifted: Vec<u16> = Vec::new();
    for c in text.chars() {
        if (' '..='~').contains(&c) {
            flush(&mut shifted, &mut out);
            out.push(c);
            if c == '&' {
                out.push('-');
            }
        } else {
            shifted.extend_from_slice(c.encode_utf16(&mut [0; 2]));
        }
    }
    flush(&mut shifted, &mut out);
    out
}

fn flush(shifted: &mut Vec<u16>, out: &mut String) {
    let octets: Vec<u8> = shifted.drain(..).flat_map(u16::to_be_bytes).collect();
    if !octets.is_empty() {
        out.push('&');
        MODIFIED.encode_string(octets, out);
        out.push('-');
    }
}

/// What modified UTF-7 says. Nothing if it is not well formed, or not the one form that RFC 3501 §5.1.3 allows: characters of
/// US-ASCII stand for themselves, and nobody shifts twice where once would do.
pub(super) fn decode(encoded: &str) -> Option<String> {
    let mut out = String::with_capacity(encoded.len());
    let mut rest = encoded;
    while let Some((plain, shifted)) = rest.split_once('&') {
        out.push_str(plain);
        let (digits, after) = shifted.split_once('-')?;
        if digits.is_empty() {
            out.push('&');
        } else {
            let octets = MODIFIED.decode(digits).ok()?;
            let units = octets.chunks(2).map(|pair| Some(u16::from_be_bytes(pair.try_into().ok()?)));
            out.push_str(&String::from_utf16(&units.collect::<Option<Vec<u16>>>()?).ok()?);
        }
        rest = after;
    }
    out.push_str(rest);
    (encode(&out) == encoded).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_one_form_and_come_back() {
        let table = [
            ("R&D", "R&-D"),
            ("é", "&AOk-"),
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
            ("😀&é", "&2D3eAA-&-&AOk-"),
            ("", ""),
        ];
        for (text, encoded) in table {
            assert_eq!(encode(text), encoded);
            assert_eq!(decode(encoded).as_deref(), Some(text));
        }
    }

    #[test]
    fn other_forms_say_nothing() {
        for wrong in ["R&D", "&AOk", "&A-", "&AOl-", "&AOkA-", "&AGE-", "&AOk-&AOk-", "&2D0-", "&AOk=-", "&AO/p-", "é"]
        {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
