//! `host`, `host:port` and `[::1]:port`, as URLs and target files write them.

use thiserror::Error;

/// A text that is no host with a port.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AddressError {
    /// Nothing before the port.
    #[error("the host is missing: write `host:port`")]
    NoHost,
    /// `[` without `]`, or something other than a port behind it.
    #[error("an IPv6 address stands in brackets: `[::1]:143`")]
    Brackets,
    /// More than one colon outside brackets.
    #[error("an IPv6 address needs brackets: `[{0}]`")]
    BareIpv6(String),
    /// Not 0 to 65535.
    #[error("`{0}` is no port: write a number up to 65535")]
    Port(String),
    /// Something that no host name holds.
    #[error("`{0}` is no host name")]
    Host(String),
}

/// Cuts host and port apart; the host comes without brackets.
pub(super) fn split(text: &str) -> Result<(String, Option<u16>), AddressError> {
    let (host, port) = if let Some(inner) = text.strip_prefix('[') {
        let (host, rest) = inner.split_once(']').ok_or(AddressError::Brackets)?;
        if host.parse::<std::net::Ipv6Addr>().is_err() {
            return Err(AddressError::Brackets);
        }
        let port = match rest {
            "" => None,
            _ => Some(rest.strip_prefix(':').ok_or(AddressError::Brackets)?),
        };
        (host, port)
    } else if text.matches(':').count() > 1 {
        return Err(AddressError::BareIpv6(text.to_owned()));
    } else {
        text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port)))
    };
    if host.is_empty() {
        return Err(AddressError::NoHost);
    }
    let valid = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | ':');
    if !host.chars().all(valid) {
        return Err(AddressError::Host(host.to_owned()));
    }
    let port =
        port.map(|digits| parse_port(digits).ok_or_else(|| AddressError::Port(digits.to_owned()))).transpose()?;
    Ok((host.to_owned(), port))
}

fn parse_port(digits: &str) -> Option<u16> {
    digits.bytes().all(|c| c.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_and_port_are_cut_apart() {
        for (text, expected) in [
            ("mail.example:25", Ok(("mail.example", Some(25)))),
            ("mail.example", Ok(("mail.example", None))),
            ("127.0.0.1:0", Ok(("127.0.0.1", Some(0)))),
            ("[::1]:143", Ok(("::1", Some(143)))),
            ("[::1]", Ok(("::1", None))),
            ("::1", Err(AddressError::BareIpv6("::1".to_owned()))),
            ("[::1]143", Err(AddressError::Brackets)),
            ("[host]:143", Err(AddressError::Brackets)),
            (":25", Err(AddressError::NoHost)),
            ("", Err(AddressError::NoHost)),
            ("host:", Err(AddressError::Port(String::new()))),
            ("host:+25", Err(AddressError::Port("+25".to_owned()))),
            ("host:65536", Err(AddressError::Port("65536".to_owned()))),
            ("ho st:25", Err(AddressError::Host("ho st".to_owned()))),
        ] {
            assert_eq!(split(text), expected.map(|(host, port)| (host.to_owned(), port)), "{text}");
        }
    }
}
