//! What a target is, found out before the first scenario: greetings, capabilities by state, TLS, limits, and which logins
//! work. Each account is proved once a protocol, each way to log in on a connection of its own.

use std::collections::BTreeMap;
use std::time::Duration;

use thiserror::Error;
use tokio::time::Instant;

use super::announced::{Announced, text};
use super::ladder::{Climb, Climbed, climb, log_in};
use super::log::Log;
use super::login::{Login, is_trouble, offered};
use super::session::Session;
use super::talk::{Fall, Talk};
use super::tls::{TlsClient, TlsInfo, TrustError};
use super::wire::WireError;
use crate::base::ByteString;
use crate::outcome::{Doubt, Unmet};
use crate::scenario::{Protocol, Role, State};
use crate::target::{Account, Endpoint, Target};

/// What the probe found out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Probed {
    /// One entry for each endpoint that could be reached.
    pub roles: BTreeMap<Role, RoleProbe>,
    /// Endpoints that could not be reached, with the reason.
    pub unreachable: BTreeMap<Role, String>,
    /// Which logins work, by account and protocol.
    pub proofs: Vec<Proof>,
}

/// One endpoint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleProbe {
    /// The greeting as it came.
    pub greeting: Option<ByteString>,
    /// Capabilities by state.
    pub announced: Announced,
    /// What TLS negotiated, if it was offered.
    pub tls: Option<TlsInfo>,
    /// The way to log in that the ladder takes from now on.
    pub login: Option<Login>,
    /// SMTP: the argument of SIZE, in octets.
    pub size: Option<u64>,
    /// IMAP: the hierarchy delimiter; an empty one is NIL.
    pub separator: Option<String>,
    /// Why the way up ended early.
    pub fall: Option<Fall>,
}

/// How one account fared in one protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Login name.
    pub user: String,
    /// Where it was tried.
    pub role: Role,
    /// Ways that were accepted.
    pub accepted: Vec<Login>,
    /// Ways that were refused, with the code or status word.
    pub refused: Vec<(Login, String)>,
    /// Ways that came to no end.
    pub doubtful: Vec<(Login, Fall)>,
}

/// Why nothing can be run.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProbeError {
    /// Not one endpoint could be reached.
    #[error("nothing answers: {0}")]
    Unreachable(String),
    /// A mistake of the target: this account can log in nowhere.
    #[error("account `{user}` cannot log in: {tried}; is its password right?")]
    Login {
        /// Login name.
        user: String,
        /// Every way, with the answer.
        tried: String,
    },
    /// A mistake of the target: certificates.
    #[error(transparent)]
    Trust(#[from] TrustError),
}

/// How a target is probed.
#[derive(Debug, Clone, Copy)]
pub struct ProbeSettings<'a> {
    /// EHLO name.
    pub client: &'a str,
    /// Deadline of each exchange.
    pub within: Duration,
    /// Where the exchanges are told.
    pub log: &'a Log,
}

/// Probes all endpoints and proves all accounts.
pub async fn probe(target: &Target, settings: ProbeSettings<'_>) -> Result<Probed, ProbeError> {
    let tls = TlsClient::new(&target.tls)?;
    let prober = Prober { target, settings, tls: &tls };
    let mut probed = Probed::default();
    for (role, endpoint) in &target.endpoints {
        match prober.role(*role, endpoint).await {
            Ok(found) => {
                probed.roles.insert(*role, found);
            }
            Err(error) => {
                probed.unreachable.insert(*role, error.to_string());
            }
        }
    }
    if probed.roles.is_empty() {
        let told = probed.unreachable.iter().map(|(role, why)| {
            let endpoint = target.endpoints.get(role).map(ToString::to_string).unwrap_or_default();
            format!("{} at {endpoint}: {why}", role.word())
        });
        return Err(ProbeError::Unreachable(told.collect::<Vec<_>>().join("; ")));
    }
    for (index, account) in target.accounts.iter().enumerate() {
        let thoroughness = if index == 0 { Thoroughness::EveryWay } else { Thoroughness::OneWay };
        prober.prove(account, thoroughness, &mut probed).await?;
    }
    Ok(probed)
}

/// How many ways to log in are tried for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Thoroughness {
    /// All that are offered: the first account, by which mechanisms are known to work.
    EveryWay,
    /// Up to the first that works, which proves the password.
    OneWay,
}

struct Prober<'a> {
    target: &'a Target,
    settings: ProbeSettings<'a>,
    tls: &'a TlsClient,
}

impl Prober<'_> {
    fn climb<'a>(&'a self, role: Role, endpoint: &Endpoint, mailbox: &'a ByteString) -> Climb<'a> {
        Climb {
            role,
            security: endpoint.security,
            tls: self.tls,
            account: self.target.accounts.first(),
            login: None,
            client: self.settings.client,
            envelope: ("", ""),
            mailbox,
            within: self.settings.within,
        }
    }

    async fn connect(&self, role: Role, endpoint: &Endpoint) -> Result<Session, WireError> {
        let deadline = Instant::now() + self.settings.within;
        let name = format!("probe-{}", role.word());
        Session::connect(&name, role.protocol(), endpoint, self.tls, self.settings.log, deadline).await
    }

    /// Goes up as far as it gets, and looks around there.
    async fn role(&self, role: Role, endpoint: &Endpoint) -> Result<RoleProbe, WireError> {
        let mut session = self.connect(role, endpoint).await?;
        let mailbox = ByteString::default();
        let settings = self.climb(role, endpoint, &mailbox);
        let mut climbed = Climbed::default();
        // Port 25 need not let anybody log in.
        let end = if settings.account.is_some() && role != Role::Mx {
            climb(&mut session, State::Authenticated, &settings, &mut climbed).await
        } else {
            before_login(&mut session, &settings, &mut climbed).await
        };
        let deadline = Instant::now() + self.settings.within;
        let separator = if end.is_ok() && session.protocol() == Protocol::Imap && climbed.login.is_some() {
            separator(&mut Talk { session: &mut session, said: &mut climbed.said, deadline }).await
        } else {
            None
        };
        let size = climbed.announced.latest().and_then(|latest| latest.arguments("SIZE").find_map(|n| n.parse().ok()));
        let found = RoleProbe {
            greeting: climbed.greeting.as_ref().and_then(|greeting| greeting.raw().cloned()),
            announced: climbed.announced.clone(),
            tls: session.tls().cloned(),
            login: climbed.login.clone(),
            size,
            separator,
            fall: end.err(),
        };
        quit(session, &mut climbed, deadline).await;
        Ok(found)
    }

    /// Proves an account on one endpoint of each protocol: the first that offers a way to log in.
    async fn prove(
        &self,
        account: &Account,
        thoroughness: Thoroughness,
        probed: &mut Probed,
    ) -> Result<(), ProbeError> {
        let mut proofs = Vec::new();
        for protocol in [Protocol::Imap, Protocol::Pop3, Protocol::Smtp] {
            let found = probed.roles.iter().find_map(|(role, found)| {
                let capabilities = found.announced.secured.as_ref().or(found.announced.clear.as_ref())?;
                let ways = offered(protocol, capabilities, found.tls.as_ref());
                (role.protocol() == protocol && !ways.is_empty()).then_some((*role, ways))
            });
            let Some((role, ways)) = found else { continue };
            let Some(endpoint) = self.target.endpoints.get(&role) else { continue };
            let mut proof = Proof {
                user: account.user.clone(),
                role,
                accepted: Vec::new(),
                refused: Vec::new(),
                doubtful: Vec::new(),
            };
            for login in ways {
                match self.try_login(role, endpoint, account, &login).await {
                    Ok((true, _)) => {
                        proof.accepted.push(login);
                        if thoroughness == Thoroughness::OneWay {
                            break;
                        }
                    }
                    Ok((false, word)) => proof.refused.push((login, word)),
                    Err(fall) => proof.doubtful.push((login, fall)),
                }
            }
            proofs.push(proof);
        }
        let refused: Vec<String> = proofs
            .iter()
            .flat_map(|proof| proof.refused.iter().map(|(login, word)| format!("{} {login} {word}", proof.role.word())))
            .collect();
        let undecided = proofs.iter().any(|proof| !proof.accepted.is_empty() || !proof.doubtful.is_empty());
        if !undecided && !refused.is_empty() {
            return Err(ProbeError::Login { user: account.user.clone(), tried: refused.join(", ") });
        }
        probed.proofs.append(&mut proofs);
        Ok(())
    }

    async fn try_login(
        &self,
        role: Role,
        endpoint: &Endpoint,
        account: &Account,
        login: &Login,
    ) -> Result<(bool, String), Fall> {
        let connected = self.connect(role, endpoint).await;
        let mut session = connected.map_err(|error| Fall::Doubt(Doubt::Connection(error.to_string())))?;
        let mailbox = ByteString::default();
        let settings = self.climb(role, endpoint, &mailbox);
        let mut climbed = Climbed::default();
        before_login(&mut session, &settings, &mut climbed).await?;
        let deadline = Instant::now() + self.settings.within;
        let outcome = log_in(&mut session, login, account, None, &mut climbed, deadline).await?;
        quit(session, &mut climbed, deadline).await;
        // Who was answered with `*` has not refused anybody.
        if let Some(error) = outcome.cancelled.filter(|_| !outcome.accepted) {
            return Err(Fall::setup(&login.to_string(), &error.to_string()));
        }
        // A server in trouble has not refused anybody.
        if !outcome.accepted && is_trouble(&outcome.word) {
            return Err(Fall::Doubt(Doubt::Trouble(format!("{login}: {}", outcome.word))));
        }
        Ok((outcome.accepted, outcome.word))
    }
}

/// Text of a server as a person may see it: escaped, and of what is very long the beginning.
fn shown(text: &str) -> String {
    const SHOWN_OCTETS: usize = 2_000;
    let cut = text.get(..text.floor_char_boundary(SHOWN_OCTETS)).unwrap_or_default();
    ByteString::from(cut).escaped() + if cut.len() < text.len() { "…" } else { "" }
}

/// Up to where a login is possible: TLS where it is offered.
pub async fn before_login(session: &mut Session, settings: &Climb<'_>, climbed: &mut Climbed) -> Result<(), Fall> {
    match climb(session, State::Secured, settings, climbed).await {
        Err(Fall::Unmet(Unmet::NoTls)) => Ok(()),
        other => other,
    }
}

/// `LIST "" ""` answers with the delimiter alone. RFC 3501 §6.3.8.
async fn separator(talk: &mut Talk<'_>) -> Option<String> {
    let answer = talk.tagged("LIST \"\" \"\"").await.ok()?;
    let line = answer.lines.iter().find(|line| line.to_ascii_uppercase().starts_with("LIST "))?;
    let after = line.get(line.find(')')? + 1..)?.trim_start();
    if after.get(..3).is_some_and(|word| word.eq_ignore_ascii_case("NIL")) {
        return Some(String::new());
    }
    let mut characters = after.strip_prefix('"')?.chars();
    match characters.next()? {
        '\\' => characters.next().map(String::from),
        plain => Some(plain.to_string()),
    }
}

/// Leaves politely; nothing depends on the answer.
async fn quit(mut session: Session, climbed: &mut Climbed, deadline: Instant) {
    let protocol = session.protocol();
    let mut talk = Talk { session: &mut session, said: &mut climbed.said, deadline };
    let _ = match protocol {
        Protocol::Smtp | Protocol::Pop3 => talk.command("QUIT").await,
        Protocol::Imap => talk.tagged("LOGOUT").await,
    };
    let _ = session.close(deadline).await;
}

impl Probed {
    /// The way to log in that was proved for an account where this role's protocol was tried.
    pub fn login(&self, user: &str, role: Role) -> Option<&Login> {
        let proof = self.proofs.iter().find(|proof| proof.user == user && proof.role.protocol() == role.protocol());
        proof.and_then(|proof| proof.accepted.first())
    }

    /// A line for each fact, for people.
    pub fn describe(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (role, found) in &self.roles {
            let greeting = found.greeting.as_ref().map(text).unwrap_or_default();
            lines.push(format!("{}: {}", role.word(), shown(greeting.trim_end())));
            let states = [
                ("clear", &found.announced.clear),
                ("secured", &found.announced.secured),
                ("authenticated", &found.announced.authenticated),
            ];
            for (state, capabilities) in states {
                if let Some(capabilities) = capabilities {
                    let words: Vec<&str> = capabilities.words().collect();
                    lines.push(format!("  {state}: {}", shown(&words.join(" "))));
                }
            }
            lines.extend(found.tls.as_ref().map(|tls| format!("  {} {}", tls.version, tls.cipher)));
            lines.extend(found.fall.as_ref().map(|fall| match fall {
                Fall::Unmet(unmet) => format!("  stopped: {unmet}"),
                Fall::Doubt(doubt) => format!("  stopped: {doubt}"),
            }));
            lines.extend(found.separator.as_ref().map(|separator| format!("  hierarchy delimiter: {separator:?}")));
        }
        lines.extend(self.unreachable.iter().map(|(role, why)| format!("{}: {why}", role.word())));
        for proof in &self.proofs {
            let accepted: Vec<String> = proof.accepted.iter().map(ToString::to_string).collect();
            let refused: Vec<String> = proof.refused.iter().map(|(login, word)| format!("{login} ({word})")).collect();
            lines.push(format!(
                "{} at {}: accepted [{}], refused [{}]",
                proof.user,
                proof.role.word(),
                accepted.join(", "),
                refused.join(", ")
            ));
        }
        lines
    }
}
