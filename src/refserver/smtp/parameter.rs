//! The parameters of MAIL (RFC 5321 §4.1.2 `Mail-parameters`).

use super::session::SYNTAX;

/// The parameters after a path, their names in upper case.
pub(super) fn parameters(text: &str) -> Option<Vec<(String, Option<&str>)>> {
    let Some(text) = text.strip_prefix(' ') else { return text.is_empty().then(Vec::new) };
    text.split(' ')
        .map(|parameter| {
            let (name, value) =
                parameter.split_once('=').map_or((parameter, None), |(name, value)| (name, Some(value)));
            let keyword = name.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-');
            let valid = keyword && !name.is_empty() && !name.starts_with('-');
            let filled = value.is_none_or(|value| !value.is_empty() && !value.contains('='));
            (valid && filled).then(|| (name.to_ascii_uppercase(), value))
        })
        .collect()
}

/// RFC 1870 §4: up to 20 digits, more than 64 bits hold.
pub(super) fn check_size(value: Option<&str>, limit: u64) -> Result<(), &'static str> {
    let digits = value.filter(|value| value.len() <= 20 && value.bytes().all(|octet| octet.is_ascii_digit()));
    let size = digits.ok_or(SYNTAX)?.parse().unwrap_or(u64::MAX);
    if size > limit { Err("552 5.3.4 message too big") } else { Ok(()) }
}

/// RFC 6152 §2.
pub(super) fn check_body(value: Option<&str>) -> Result<(), &'static str> {
    let known = |value: &&str| ["7BIT", "8BITMIME"].iter().any(|body| body.eq_ignore_ascii_case(value));
    value.filter(known).map(|_| ()).ok_or(SYNTAX)
}

/// RFC 4954 §5: `xtext` (RFC 3461 §4), of which `<>` is one. The value is not used.
pub(super) fn check_auth(value: Option<&str>) -> Result<(), &'static str> {
    value.filter(|value| is_xtext(value)).map(|_| ()).ok_or(SYNTAX)
}

fn is_xtext(value: &str) -> bool {
    let mut octets = value.bytes();
    let upper_hex = |octet: Option<u8>| octet.is_some_and(|octet| matches!(octet, b'0'..=b'9' | b'A'..=b'F'));
    while let Some(octet) = octets.next() {
        let valid = match octet {
            b'+' => upper_hex(octets.next()) && upper_hex(octets.next()),
            other => (b'!'..=b'~').contains(&other) && other != b'=',
        };
        if !valid {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xtext_has_two_upper_case_digits_after_plus() {
        for (value, valid) in [("<>", true), ("a+3Db@c", true), ("a+3db", false), ("a+3", false), ("a=b", false)] {
            assert_eq!(is_xtext(value), valid, "{value}");
        }
    }
}
