//! What CAPA announces (RFC 2449 §5), and what is not there when it does not.

use super::fault::{CommandFault, LoginFault};
use super::session::Session;
use crate::refserver::Protection;
use crate::refserver::sasl::offered;
use crate::refserver::security::TlsFault;

/// Everything optional. CAPA itself and APOP have no tag in its answer.
pub const KEYWORDS: [&str; 14] = [
    "CAPA",
    "APOP",
    "TOP",
    "UIDL",
    "STLS",
    "USER",
    "SASL",
    "RESP-CODES",
    "AUTH-RESP-CODE",
    "PIPELINING",
    "UTF8",
    "LANG",
    "EXPIRE",
    "IMPLEMENTATION",
];

impl Session<'_> {
    /// What can be used before the login is listed after it too (RFC 2449 §5). STLS is the exception (RFC 2595 §4).
    pub(super) fn capabilities(&self) -> String {
        let protection = self.channel.protection();
        let listed = KEYWORDS.into_iter().filter(|tag| match *tag {
            "CAPA" | "APOP" => false,
            "STLS" if self.config.faults.has(TlsFault::Pop3OfferedInside) => self.transaction.is_none(),
            "STLS" => protection == Protection::Clear && self.transaction.is_none(),
            "USER" => protection == Protection::Tls || self.has(LoginFault::NameSurvivesStls),
            "SASL" if self.transaction.is_some() && self.has(CommandFault::SaslBeforeLoginOnly) => false,
            "SASL" => offered(self.config, protection).next().is_some(),
            _ => true,
        });
        let lines = listed.filter(|tag| self.config.offers(tag)).map(|tag| match tag {
            "SASL" => format!("SASL {}\r\n", offered(self.config, protection).collect::<Vec<_>>().join(" ")),
            "EXPIRE" => "EXPIRE NEVER\r\n".to_owned(),
            "IMPLEMENTATION" => format!("IMPLEMENTATION mailproof-{}\r\n", env!("CARGO_PKG_VERSION")),
            other => format!("{other}\r\n"),
        });
        format!("+OK\r\n{}.\r\n", lines.collect::<String>())
    }

    /// Whether a command exists: optional ones may be withheld.
    pub(super) fn knows(&self, command: &str) -> bool {
        let keyword = match command {
            "PASS" => "USER",
            "AUTH" => "SASL",
            other => other,
        };
        self.config.offers(keyword)
    }

    /// An answer as it is sent: without its response code where those are withheld (RFC 2449 §8, RFC 3206).
    pub(super) fn worded(&self, answer: Vec<u8>) -> Vec<u8> {
        let code = answer.strip_prefix(b"-ERR [").and_then(|rest| {
            let end = rest.iter().position(|octet| *octet == b']')?;
            rest.split_at_checked(end)
        });
        let Some((code, rest)) = code else { return answer };
        let kept = match code {
            b"AUTH" | b"SYS/TEMP" | b"SYS/PERM" => self.config.offers("AUTH-RESP-CODE"),
            _ => true,
        };
        if kept && self.config.offers("RESP-CODES") {
            return answer;
        }
        [b"-ERR", rest.strip_prefix(b"]").unwrap_or(rest)].concat()
    }
}
