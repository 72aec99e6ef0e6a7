//! VRFY and EXPN (RFC 5321 §3.5, RFC 6531 §3.7.4.2).

use super::letter::Charset;
use super::path::Path;
use super::recipient::{Recipient, Refused, resolve};
use super::session::{Reply, SYNTAX, Session};
use crate::refserver::Lookup;

impl Session<'_> {
    /// Says whether somebody has a mailbox here.
    pub(super) fn verify(&self, argument: &str) -> Reply {
        let (name, charset) = asked(argument)?;
        match self.config.lookup {
            // RFC 5321 §7.3: a reply that is no verification, and no error either.
            Lookup::Declined => Ok("252 2.5.0 not verified; send mail and see".to_owned()),
            Lookup::Answered => self.find(name, charset),
        }
    }

    /// Says who is behind a name. There are no lists, so it is one mailbox (RFC 5321 §3.5.2 allows to say so).
    pub(super) fn expand(&self, argument: &str) -> Reply {
        let (name, charset) = asked(argument)?;
        match self.config.lookup {
            Lookup::Declined => Err("502 5.5.1 not implemented"),
            Lookup::Answered => self.find(name, charset),
        }
    }

    fn find(&self, name: &str, charset: Charset) -> Reply {
        let domain = self.config.domains.first().map_or("localhost", String::as_str);
        let bare = name.strip_prefix('<').and_then(|name| name.strip_suffix('>')).unwrap_or(name);
        let whole = [format!("<{bare}>"), format!("<{bare}@{domain}>")];
        let path = whole.iter().find_map(|text| Path::parse(text).filter(|(_, rest)| rest.is_empty()));
        let (path, _) = path.ok_or(SYNTAX)?;
        match resolve(&path, self.config) {
            Ok(Recipient::User(user)) if user.is_ascii() || charset == Charset::Utf8 => {
                Ok(format!("250 2.1.5 <{user}@{domain}>"))
            }
            Ok(Recipient::User(_)) => Ok("252 2.6.8 ask again with SMTPUTF8".to_owned()),
            Ok(Recipient::Foreign) => Ok("252 2.5.0 not verified; it is not here".to_owned()),
            Err(Refused::Unknown | Refused::Relay) => Err("550 5.1.1 no such mailbox"),
            Err(Refused::Null) => Err(SYNTAX),
        }
    }
}

/// The name that is asked for, and whether the reply may hold UTF-8. A name beyond ASCII needs the parameter.
fn asked(argument: &str) -> Result<(&str, Charset), &'static str> {
    let (name, charset) = match argument.rsplit_once(' ') {
        Some((name, word)) if word.eq_ignore_ascii_case("SMTPUTF8") => (name, Charset::Utf8),
        Some(_) | None => (argument, Charset::Ascii),
    };
    let valid = !name.is_empty() && (name.is_ascii() || charset == Charset::Utf8);
    if valid { Ok((name, charset)) } else { Err(SYNTAX) }
}
