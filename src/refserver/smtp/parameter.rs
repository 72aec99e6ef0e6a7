//! The parameters of MAIL and RCPT (RFC 5321 §4.1.2 `Mail-parameters`).

use super::letter::Body;
use super::session::SYNTAX;
use super::xtext;

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

/// RFC 6152 §2, RFC 3030 §3.
pub(super) fn body(value: Option<&str>) -> Result<Body, &'static str> {
    match value.ok_or(SYNTAX)?.to_ascii_uppercase().as_str() {
        "7BIT" | "8BITMIME" => Ok(Body::Lines),
        "BINARYMIME" => Ok(Body::Binary),
        _ => Err(SYNTAX),
    }
}

/// RFC 4954 §5: xtext, of which `<>` is one. The value is not used.
pub(super) fn check_auth(value: Option<&str>) -> Result<(), &'static str> {
    value.filter(|value| xtext::decode(value).is_some()).map(|_| ()).ok_or(SYNTAX)
}

/// RFC 3461 §4.4: xtext of ASCII. It stays encoded.
pub(super) fn envelope_id(value: Option<&str>) -> Result<String, &'static str> {
    let valid = |id: &&str| id.is_ascii() && xtext::decode(id).is_some();
    value.filter(valid).map(str::to_owned).ok_or(SYNTAX)
}
