//! What CAPA announced in one session, held against what else the server says. RFC 2449 §6 and §8, RFC 3206 §5.

use super::super::invariant::{self, Capability, Phase, Sheet};
use super::super::{CommandLine, Reply};
use crate::base::ByteString;

const DELAY_LARGEST: &str = "rfc2449-6.5-login-delay-largest-first";
const EXPIRE_SMALLEST: &str = "rfc2449-6.7-expire-smallest-first";
const CODES_IMPLY: &str = "rfc2449-8-codes-imply-capability";
const AUTH_IMPLIES: &str = "rfc3206-5-auth-implies-capability";

/// What this file judges.
pub(super) const BEHIND: &[&str] = &[DELAY_LARGEST, EXPIRE_SMALLEST, CODES_IMPLY, AUTH_IMPLIES];

/// Capabilities of one layer: TLS begins anew. RFC 2595 §4.
#[derive(Debug, Default)]
pub(super) struct Announced {
    /// The last answer to CAPA.
    latest: Option<Vec<Capability>>,
    /// Values before the login.
    delay: Option<u64>,
    expire: Option<u64>,
    /// Registered response codes that were sent.
    code: Code,
}

/// Which registered response code was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Code {
    #[default]
    None,
    Some,
    Auth,
}

impl Announced {
    /// Whether the last answer to CAPA has this tag.
    pub(super) fn has(&self, tag: &str) -> bool {
        self.find(tag).is_some()
    }

    fn find(&self, tag: &str) -> Option<&Capability> {
        self.latest.iter().flatten().find(|capability| capability.tag == tag)
    }

    /// The answer to CAPA.
    pub(super) fn capa(&mut self, body: &[ByteString], phase: Phase, sheet: &mut Sheet) {
        self.latest = Some(invariant::capabilities(body, phase, sheet));
        let first = |capability: &Capability| capability.params.first().cloned();
        let delay = self.find("LOGIN-DELAY").and_then(first).and_then(|word| word.parse().ok());
        // NEVER is longer than any number of days.
        let days = |word: String| if word == "NEVER" { Some(u64::MAX) } else { word.parse().ok() };
        let expire = self.find("EXPIRE").and_then(first).and_then(days);
        match phase {
            Phase::Authorization => (self.delay, self.expire) = (delay, expire),
            Phase::Transaction => {
                if let (Some(before), Some(after)) = (self.delay, delay) {
                    sheet.look(
                        DELAY_LARGEST,
                        (before < after).then_some("a longer LOGIN-DELAY after the login than before"),
                    );
                }
                if let (Some(before), Some(after)) = (self.expire, expire) {
                    sheet.look(
                        EXPIRE_SMALLEST,
                        (before > after).then_some("a shorter EXPIRE after the login than before"),
                    );
                }
            }
            Phase::Unknown => {}
        }
        self.implied(sheet);
    }

    /// A response to a command.
    pub(super) fn response(&mut self, command: &CommandLine, reply: &Reply, sheet: &mut Sheet) {
        if self.has("RESP-CODES") {
            invariant::codes(command, reply, sheet);
        }
        if let Some((name, _)) = invariant::registered(reply) {
            self.code = self.code.max(if name == "AUTH" { Code::Auth } else { Code::Some });
            self.implied(sheet);
        }
    }

    /// What the codes that were sent imply.
    fn implied(&self, sheet: &mut Sheet) {
        if self.latest.is_none() || self.code == Code::None {
            return;
        }
        let announced = self.has("RESP-CODES");
        sheet.look(CODES_IMPLY, (!announced).then_some("a response code is sent and RESP-CODES is not announced"));
        if announced && self.code == Code::Auth {
            let missing = !self.has("AUTH-RESP-CODE");
            sheet.look(AUTH_IMPLIES, missing.then_some("AUTH is sent and AUTH-RESP-CODE is not announced"));
        }
    }
}
