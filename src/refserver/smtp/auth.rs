//! AUTH with the mechanism PLAIN (RFC 4954, RFC 4616).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::refserver::Config;

/// Judges an initial response or the answer to the empty challenge, as sent: the user, or the reply that refuses.
pub(super) fn verify(response: &[u8], config: &Config) -> Result<String, &'static str> {
    // RFC 4954 §4: the client gives up with `*`; a single `=` is a response without octets.
    let encoded = match response {
        b"*" => return Err("501 5.7.0 authentication cancelled"),
        b"=" => b"",
        other => other,
    };
    let message = STANDARD.decode(encoded).map_err(|_| "501 5.5.2 not base64")?;
    let parts: Vec<&[u8]> = message.split(|octet| *octet == 0).collect();
    let [identity, user, password] = parts.as_slice() else { return Err("501 5.5.2 malformed response") };
    let account = str::from_utf8(user).ok().and_then(|user| config.account(user));
    let account = account.filter(|account| account.password.reveal().as_bytes() == *password);
    // Nobody may act as somebody else.
    let account =
        account.filter(|account| identity.is_empty() || identity.eq_ignore_ascii_case(account.user.as_bytes()));
    account.map(|account| account.user.clone()).ok_or("535 5.7.8 wrong name or password")
}

/// The value of AUTH= with MAIL: `xtext`, of which `<>` is one (RFC 4954 §5, RFC 3461 §4). It is not used.
pub(super) fn is_xtext(value: &str) -> bool {
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
    fn only_the_right_password_for_oneself_is_accepted() {
        let table = [
            ("\0alice\0alice-secret", Ok("alice")),
            ("alice\0ALICE\0alice-secret", Ok("alice")),
            ("bob\0alice\0alice-secret", Err("535")),
            ("\0alice\0bob-secret", Err("535")),
            ("\0alice\0", Err("535")),
            ("\0nobody\0alice-secret", Err("535")),
            ("alice\0alice-secret", Err("501")),
            ("\0alice\0alice-secret\0", Err("501")),
            ("", Err("501")),
        ];
        for (message, expected) in table {
            let got = verify(STANDARD.encode(message).as_bytes(), &Config::default());
            assert_eq!(got.as_deref().map_err(|reply| &reply[..3]), expected, "{message:?}");
        }
        for response in ["*", "=", "!", "AGFsaWNlAGFsaWNlLXNlY3JldA"] {
            assert!(verify(response.as_bytes(), &Config::default()).unwrap_err().starts_with("501"), "{response}");
        }
    }

    #[test]
    fn xtext_has_two_upper_case_digits_after_plus() {
        for (value, valid) in [("<>", true), ("a+3Db@c", true), ("a+3db", false), ("a+3", false), ("a=b", false)] {
            assert_eq!(is_xtext(value), valid, "{value}");
        }
    }
}
