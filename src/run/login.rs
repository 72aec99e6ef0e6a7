//! Logins: SASL in each protocol, and the commands that are older than SASL. RFC 4954 §4, RFC 5034 §4, RFC 3501 §6.2.2,
//! RFC 4959 §3.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::announced::Capabilities;
use super::session::Seen;
use super::talk::{Answer, Fall, Said, Talk};
use super::tls::TlsInfo;
use crate::base::ByteString;
use crate::outcome::Doubt;
use crate::sasl::{Credentials, Exchange, SaslError, Spoil, Step, Suspicion, apop_digest};
use crate::scenario::Protocol;
use crate::{imap, pop3};

/// Challenges after which a server is not listened to any more.
const CHALLENGES_MAX: usize = 20;
/// RFC 5321 §4.5.3.1.4: octets of an SMTP command line, CRLF included. RFC 4954 §4 keeps AUTH within it.
const SMTP_LINE_MAX_OCTETS: usize = 512;
/// RFC 2449 §4: octets of a POP3 command line, CRLF included. RFC 5034 §4 keeps AUTH within it.
const POP3_LINE_MAX_OCTETS: usize = 255;

const NONCE: &str = "rfc5802-5.1-nonce-extends-client-nonce";
const SIGNATURE: &str = "rfc5802-5-server-signature";
const COUNT_SHA_1: &str = "rfc5802-5.1-iteration-count-4096";
const COUNT_SHA_256: &str = "rfc7677-3-iteration-count-4096";

/// Every requirement that each login by SCRAM is held to, and so a scenario may watch.
pub const LOGIN_INVARIANTS: [&str; 4] = [NONCE, SIGNATURE, COUNT_SHA_1, COUNT_SHA_256];

/// A way to log in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Login {
    /// A SASL mechanism, in upper case.
    Sasl(String),
    /// POP3 USER and PASS. RFC 1939 §7.
    UserPass,
    /// POP3 APOP. RFC 1939 §7.
    Apop,
    /// IMAP LOGIN. RFC 3501 §6.2.3.
    ImapLogin,
}

/// What a login came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginOutcome {
    /// The reply that ended it.
    pub answer: Seen,
    /// Whether the server accepted.
    pub accepted: bool,
    /// The code or status word of the answer.
    pub word: String,
    /// Why the client cancelled, if it did.
    pub cancelled: Option<SaslError>,
    /// What was odd about the server's messages.
    pub suspicions: Vec<Suspicion>,
    /// IMAP: words of the CAPABILITY code.
    pub(super) capability: Option<String>,
}

impl std::fmt::Display for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Sasl(mechanism) => mechanism,
            Self::UserPass => "USER",
            Self::Apop => "APOP",
            Self::ImapLogin => "LOGIN command",
        })
    }
}

/// The ways to log in that were announced and that this program speaks, the best first.
///
/// In TLS that is PLAIN: every server has it, and it proves the password itself, whatever form the server keeps it in. In
/// clear mechanisms that do not show the password go first. Channel binding is last, for servers differ in its type.
pub fn offered(protocol: Protocol, capabilities: &Capabilities, tls: Option<&TlsInfo>) -> Vec<Login> {
    const HIDDEN: [&str; 3] = ["SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5"];
    const BOUND: [&str; 2] = ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS"];
    let has = |mechanism: &&str| capabilities.has(&format!("AUTH={mechanism}"));
    let sasl = |mechanism: &str| Login::Sasl(mechanism.to_owned());
    let native = match protocol {
        Protocol::Smtp => None,
        // A server without CAPA has USER and PASS. RFC 1939 §7.
        Protocol::Pop3 => (capabilities.has("USER") || !capabilities.has("CAPA")).then_some(Login::UserPass),
        Protocol::Imap => (!capabilities.has("LOGINDISABLED")).then_some(Login::ImapLogin),
    };
    let hidden = HIDDEN.iter().filter(|name| has(name)).map(|name| sasl(name));
    let apop = capabilities.has("APOP").then_some(Login::Apop);
    let shown = ["PLAIN", "LOGIN"].iter().filter(|name| has(name)).map(|name| sasl(name)).chain(native);
    if tls.is_some() {
        let bound = BOUND.iter().filter(|name| has(name)).map(|name| sasl(name));
        shown.chain(hidden).chain(apop).chain(bound).collect()
    } else {
        hidden.chain(apop).chain(shown).collect()
    }
}

/// The same ways, with the one first that was proved for the account.
pub(super) fn ways(
    protocol: Protocol,
    capabilities: &Capabilities,
    tls: Option<&TlsInfo>,
    proved: Option<&Login>,
) -> Vec<Login> {
    let mut ways = offered(protocol, capabilities, tls);
    if let Some(at) = proved.and_then(|proved| ways.iter().position(|way| way == proved)) {
        ways.swap(0, at);
    }
    ways
}

/// What a login needs to know.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request<'a> {
    pub(super) login: &'a Login,
    pub(super) credentials: &'a Credentials,
    pub(super) spoil: Option<Spoil>,
    /// What this state announced: SASL-IR.
    pub(super) capabilities: &'a Capabilities,
    /// POP3: the greeting's timestamp.
    pub(super) timestamp: Option<&'a str>,
}

impl Talk<'_> {
    /// One login from its command to the reply that ends it.
    pub(super) async fn login(&mut self, request: Request<'_>) -> Result<LoginOutcome, Fall> {
        let user = &request.credentials.user;
        let mut credentials = request.credentials.clone();
        if request.spoil == Some(Spoil::Password) && !matches!(request.login, Login::Sasl(_)) {
            credentials.password = crate::base::Secret::new(format!("{}-not", credentials.password.reveal()));
        }
        let password = credentials.password.reveal();
        let answer = match request.login {
            Login::Sasl(mechanism) => return self.sasl(mechanism, request).await,
            Login::UserPass => {
                let user = self.command(&format!("USER {user}")).await?;
                if user.word == "+OK" { self.command(&format!("PASS {password}")).await? } else { user }
            }
            Login::Apop => {
                let timestamp = request.timestamp.ok_or_else(|| Fall::setup("APOP", "no timestamp in the greeting"))?;
                let digest = apop_digest(timestamp, &credentials.password);
                self.session.log().hide(digest.as_bytes());
                self.command(&format!("APOP {user} {digest}")).await?
            }
            Login::ImapLogin => self.imap_login(user, password).await?,
        };
        Ok(outcome(answer, None, Vec::new()))
    }

    async fn imap_login(&mut self, user: &str, password: &str) -> Result<Answer, Fall> {
        let tag = self.session.next_tag();
        let mut line = format!("{tag} LOGIN");
        for value in [user, password] {
            if value.bytes().all(|octet| (b' '..=b'~').contains(&octet)) {
                line.push_str(&format!(" \"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")));
                continue;
            }
            self.send(format!("{line} {{{}}}\r\n", value.len())).await?;
            let answer = self.until_tagged(&tag).await?;
            if answer.word != "+" {
                return Ok(answer);
            }
            value.clone_into(&mut line);
        }
        self.send(format!("{line}\r\n")).await?;
        self.until_tagged(&tag).await
    }

    async fn sasl(&mut self, mechanism: &str, request: Request<'_>) -> Result<LoginOutcome, Fall> {
        let protocol = self.session.protocol();
        let binding = self.session.tls().and_then(|tls| tls.bindings.first().cloned());
        let nonce = nonce().map_err(Fall::Doubt)?;
        let started = Exchange::start(mechanism, request.credentials.clone(), binding, request.spoil, &nonce);
        let (mut exchange, initial) = started.map_err(|error| Fall::setup(mechanism, &error.to_string()))?;
        let mut unsent = initial;
        let tag = if protocol == Protocol::Imap { self.session.next_tag() } else { String::new() };
        let mut line = match protocol {
            Protocol::Imap => format!("{tag} AUTHENTICATE {mechanism}"),
            Protocol::Smtp | Protocol::Pop3 => format!("AUTH {mechanism}"),
        };
        if let Some(response) = unsent.take_if(|response| fits(&line, response, request.capabilities, protocol)) {
            self.hide(mechanism, &response);
            line.push(' ');
            // An empty initial response is told from none by a single pad character.
            line.push_str(if response.is_empty() { "=" } else { "" });
            line.push_str(&STANDARD.encode(&response));
        }
        self.send(format!("{line}\r\n")).await?;
        let mut cancelled = None;
        for _ in 0..CHALLENGES_MAX {
            let answer =
                if protocol == Protocol::Imap { self.until_tagged(&tag).await? } else { self.answer().await? };
            if !matches!(answer.word.as_str(), "334" | "+") {
                let outcome = outcome(answer, cancelled, exchange.suspicions);
                self.said.push(seen_in(mechanism, request.spoil, &outcome));
                return Ok(outcome);
            }
            let response = match unsent.take() {
                Some(response) => Ok(response),
                None => respond(&mut exchange, &answer),
            };
            match response {
                Ok(response) => {
                    self.hide(mechanism, &response);
                    self.send(format!("{}\r\n", STANDARD.encode(&response))).await?;
                }
                // RFC 4954 §4, RFC 5034 §4, RFC 3501 §6.2.2: a single `*` cancels.
                Err(error) => {
                    cancelled = cancelled.or(Some(error));
                    self.send("*\r\n").await?;
                }
            }
        }
        Err(Fall::setup(mechanism, "challenges without end"))
    }

    /// Keeps what is made from the password out of the transcript. A first SCRAM message and a user name are no secrets.
    fn hide(&self, mechanism: &str, response: &[u8]) {
        let log = self.session.log();
        let proof = response.windows(3).position(|three| three == b",p=");
        match proof {
            Some(at) => {
                log.hide(response.get(at + 3..).unwrap_or_default());
                log.hide(response);
            }
            None if mechanism == "CRAM-MD5" => {
                log.hide(response);
                log.hide(response.rsplit(|octet| *octet == b' ').next().unwrap_or_default());
            }
            None if mechanism == "PLAIN" => log.hide(response),
            None => {}
        }
    }
}

/// What a SCRAM server has shown of itself: its nonce, its iteration count, its signature. RFC 5802 §3 and §5.1, RFC 7677 §3.
fn seen_in(mechanism: &str, spoil: Option<Spoil>, outcome: &LoginOutcome) -> Said {
    let mut odd = outcome.suspicions.clone();
    // A client that says something wrong itself learns nothing.
    let Some(hash) = mechanism.strip_prefix("SCRAM-").filter(|_| spoil.is_none()) else {
        return Said::Sasl(Vec::new(), odd);
    };
    match outcome.cancelled {
        Some(SaslError::Nonce) => {
            odd.push(Suspicion { requirement: NONCE, what: "a nonce that does not extend the client's" });
        }
        Some(SaslError::Signature) => {
            odd.push(Suspicion { requirement: SIGNATURE, what: "a server signature that does not match the exchange" });
        }
        Some(
            SaslError::Mechanism
            | SaslError::NoBinding
            | SaslError::Unexpected
            | SaslError::Malformed
            | SaslError::Iterations,
        )
        | None => {}
    }
    let count = if hash.starts_with("SHA-1") { COUNT_SHA_1 } else { COUNT_SHA_256 };
    let complete = outcome.accepted && outcome.cancelled.is_none();
    let watched = if complete { vec![NONCE, SIGNATURE, count] } else { Vec::new() };
    Said::Sasl(watched, odd)
}

/// Whether the first response may stand in the command: SMTP and POP3 allow it where the line stays short enough, IMAP
/// where SASL-IR is announced (RFC 4959 §3).
fn fits(line: &str, response: &[u8], capabilities: &Capabilities, protocol: Protocol) -> bool {
    let length = line.len() + 1 + response.len().div_ceil(3).max(1) * 4 + 2;
    match protocol {
        Protocol::Smtp => length <= SMTP_LINE_MAX_OCTETS,
        Protocol::Pop3 => length <= POP3_LINE_MAX_OCTETS,
        Protocol::Imap => capabilities.has("SASL-IR"),
    }
}

fn respond(exchange: &mut Exchange, answer: &Answer) -> Result<Vec<u8>, SaslError> {
    let text = answer.lines.first().map(|line| line.trim_end()).unwrap_or_default();
    let challenge = STANDARD.decode(text).map_err(|_| SaslError::Malformed)?;
    let Step::Respond(response) = exchange.step(&challenge)?;
    Ok(response)
}

fn outcome(answer: Answer, cancelled: Option<SaslError>, suspicions: Vec<Suspicion>) -> LoginOutcome {
    let accepted = matches!(answer.word.as_str(), "235" | "+OK" | "OK");
    let capability = answer.capability().map(str::to_owned);
    // `-ERR [IN-USE]` and `NO [UNAVAILABLE]` are no refusals, so the code is part of the word.
    let code = answer.lines.last().filter(|line| !accepted && line.starts_with('['));
    let code = code.and_then(|line| line.split(']').next()?.strip_prefix('['));
    // Only its name: what follows differs from run to run, and may be anything.
    let name = code.map(|code| code.split(' ').next().unwrap_or_default().to_ascii_uppercase());
    let plain = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'/');
    let name = name.filter(|name| !name.is_empty() && name.len() <= 40 && name.bytes().all(plain));
    let word = name.map_or_else(|| answer.word.clone(), |name| format!("{} [{name}]", answer.word));
    LoginOutcome { accepted, word, cancelled, suspicions, capability, answer: answer.frame }
}

/// Whether the word of a refused login says that the server is in trouble, not that it refuses the user.
/// RFC 2449 §8.1, RFC 3206 §4, RFC 5530 §3; 4yz of SMTP.
pub(super) fn is_trouble(word: &str) -> bool {
    let code = word.strip_suffix(']').and_then(|word| word.rsplit_once('[')).map(|(_, code)| code);
    let mut codes = pop3::TROUBLE_CODES.iter().chain(&imap::TROUBLE_CODES);
    word.starts_with('4') || code.is_some_and(|code| codes.any(|trouble| *trouble == code))
}

fn nonce() -> Result<String, Doubt> {
    let mut octets = [0_u8; 18];
    getrandom::fill(&mut octets).map_err(|error| Doubt::Internal(format!("no random numbers: {error}")))?;
    Ok(STANDARD.encode(octets))
}

/// The timestamp of a POP3 greeting, with its angle brackets. RFC 1939 §7.
pub fn timestamp(greeting: &ByteString) -> Option<String> {
    let text = String::from_utf8_lossy(greeting);
    let from = text.find('<')?;
    let rest = text.get(from..)?;
    let to = rest.find('>')?;
    let inside = rest.get(..=to)?;
    (inside.contains('@') && !inside.contains(' ')).then(|| inside.to_owned())
}
