//! Brings a session to its state: greeting, EHLO or capabilities, TLS, login, and what comes after. docs/suite-language.md section 5.

use std::time::Duration;

use tokio::time::Instant;

use super::announced::{Announced, Capabilities, text};
use super::login::{Login, LoginOutcome, Request, is_trouble, timestamp, ways};
use super::session::{Seen, Session};
use super::talk::{Answer, Fall, Said, Talk};
use super::tls::TlsClient;
use crate::base::ByteString;
use crate::outcome::{Doubt, Unmet};
use crate::sasl::{Credentials, Spoil};
use crate::scenario::{Protocol, Role, State};
use crate::target::{Account, Security};

/// What a ladder needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Climb<'a> {
    /// The role of the endpoint, never `Role::Smtp`.
    pub role: Role,
    /// When TLS begins there.
    pub security: Security,
    /// Settings of handshakes.
    pub tls: &'a TlsClient,
    /// Who logs in, from `authenticated` up.
    pub account: Option<&'a Account>,
    /// The login that the probe proved; it is tried first where it is offered.
    pub login: Option<&'a Login>,
    /// EHLO name: `${client}`.
    pub client: &'a str,
    /// `${sender}` and the recipient, for `addressed`.
    pub envelope: (&'a str, &'a str),
    /// For `selected`: the mailbox, which must exist.
    pub mailbox: &'a ByteString,
    /// Deadline of each rung.
    pub within: Duration,
}

/// What the way up brought to light, also when it ended in a fall.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Climbed {
    /// Capabilities by state.
    pub announced: Announced,
    /// Everything said, for the invariants.
    pub said: Vec<Said>,
    /// The greeting.
    pub greeting: Option<Seen>,
    /// POP3: its timestamp.
    pub timestamp: Option<String>,
    /// The login that was accepted.
    pub login: Option<Login>,
    /// Logins that were refused on the way, with the code or status word.
    pub refused: Vec<(Login, String)>,
}

/// Goes up to `state` on a session that was just connected.
pub async fn climb(session: &mut Session, state: State, climb: &Climb<'_>, climbed: &mut Climbed) -> Result<(), Fall> {
    let protocol = session.protocol();
    let rungs = rungs(protocol, state, climb.role);
    // A PREAUTH greeting has passed the login; TLS and login are impossible then. RFC 3501 §7.1.4.
    let mut preauthenticated = false;
    for rung in rungs {
        let mut ladder = Ladder { session: &mut *session, climb, climbed: &mut *climbed };
        match rung {
            Rung::Greeting => preauthenticated = ladder.greeting().await?,
            Rung::Ask => ladder.ask(|announced| &mut announced.clear).await?,
            Rung::Tls(Wish::Required) if preauthenticated && !ladder.session.is_tls() => {
                return Err(Fall::Unmet(Unmet::NoTls));
            }
            Rung::Tls(_) | Rung::Login if preauthenticated => {}
            Rung::Tls(wish) => ladder.tls(wish).await?,
            Rung::Login => ladder.login().await?,
            Rung::Envelope => ladder.envelope().await?,
            Rung::Select => ladder.select().await?,
        }
    }
    Ok(())
}

/// Opens TLS as the ladder does, where it is offered and not yet established: `auth` goes through TLS first. Asks what is
/// offered, if nobody has asked.
pub async fn secure(session: &mut Session, climb: &Climb<'_>, climbed: &mut Climbed) -> Result<(), Fall> {
    let mut ladder = Ladder { session, climb, climbed };
    if ladder.climbed.announced.latest().is_none() {
        ladder.ask(|announced| &mut announced.clear).await?;
    }
    ladder.tls(Wish::WhereOffered).await
}

/// One login by a named way, outside the ladder: the `auth` action.
pub async fn log_in(
    session: &mut Session,
    login: &Login,
    account: &Account,
    spoil: Option<Spoil>,
    climbed: &mut Climbed,
    deadline: Instant,
) -> Result<LoginOutcome, Fall> {
    let credentials = Credentials { user: account.user.clone(), password: account.password.clone() };
    let capabilities = climbed.announced.latest().cloned().unwrap_or_default();
    let timestamp = climbed.timestamp.clone();
    let request = Request {
        login,
        credentials: &credentials,
        spoil,
        capabilities: &capabilities,
        timestamp: timestamp.as_deref(),
    };
    Talk { session, said: &mut climbed.said, deadline }.login(request).await
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rung {
    Greeting,
    Ask,
    Tls(Wish),
    Login,
    Envelope,
    Select,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    Required,
    WhereOffered,
}

fn rungs(protocol: Protocol, state: State, role: Role) -> Vec<Rung> {
    use Rung::{Ask, Envelope, Greeting, Login, Select, Tls};
    let secured = [Greeting, Ask, Tls(Wish::Required)];
    let authenticated = [Greeting, Ask, Tls(Wish::WhereOffered), Login];
    match state {
        State::Connected => Vec::new(),
        State::Greeted => vec![Greeting],
        State::Ready if protocol == Protocol::Smtp => vec![Greeting, Ask],
        State::Ready => vec![Greeting],
        State::Secured => secured.to_vec(),
        State::Authenticated => authenticated.to_vec(),
        State::Addressed if role == Role::Mx => vec![Greeting, Ask, Envelope],
        State::Addressed => [authenticated.as_slice(), &[Envelope]].concat(),
        State::Selected => [authenticated.as_slice(), &[Select]].concat(),
    }
}

struct Ladder<'a> {
    session: &'a mut Session,
    climb: &'a Climb<'a>,
    climbed: &'a mut Climbed,
}

impl Ladder<'_> {
    fn talk(&mut self) -> Talk<'_> {
        let deadline = Instant::now() + self.climb.within;
        Talk { session: &mut *self.session, said: &mut self.climbed.said, deadline }
    }

    /// Reads the greeting; tells whether it is PREAUTH.
    async fn greeting(&mut self) -> Result<bool, Fall> {
        let greeting = self.talk().answer().await.map_err(|fall| match fall {
            // Who is not even greeted was let in by nobody.
            Fall::Doubt(Doubt::Connection(what)) => Fall::Doubt(Doubt::Busy(format!("greeting: {what}"))),
            Fall::Doubt(_) | Fall::Unmet(_) => fall,
        })?;
        self.climbed.greeting = Some(greeting.frame.clone());
        match (self.session.protocol(), greeting.word.as_str()) {
            (Protocol::Smtp, "220") | (Protocol::Imap, "OK") => Ok(false),
            (Protocol::Imap, "PREAUTH") => Ok(true),
            (Protocol::Pop3, "+OK") => {
                self.climbed.timestamp = greeting.frame.raw().and_then(timestamp);
                Ok(false)
            }
            (Protocol::Smtp, word) if word.starts_with('4') => Err(busy(word)),
            (Protocol::Imap, word @ "BYE") | (Protocol::Pop3, word @ "-ERR") => Err(busy(word)),
            (Protocol::Smtp | Protocol::Pop3 | Protocol::Imap, word) => Err(Fall::setup("greeting", word)),
        }
    }

    /// EHLO, CAPA or CAPABILITY. A server without CAPA is none the worse for it.
    async fn ask(&mut self, place: impl FnOnce(&mut Announced) -> &mut Option<Capabilities>) -> Result<(), Fall> {
        let mut capabilities = match self.session.protocol() {
            Protocol::Smtp => {
                let line = format!("EHLO {}", self.climb.client);
                let answer = self.talk().command(&line).await?;
                if answer.word == "250" {
                    Capabilities::from_ehlo(answer.lines.iter().skip(1).map(String::as_str))
                } else if answer.is_class('4') {
                    return Err(trouble("EHLO", &answer.word));
                } else {
                    return Err(Fall::setup("EHLO", &answer.word));
                }
            }
            Protocol::Pop3 => {
                let answer = self.talk().command("CAPA").await?;
                let mut capabilities = Capabilities::default();
                if answer.word == "+OK" {
                    capabilities = Capabilities::from_capa(answer.lines.iter().map(String::as_str));
                    capabilities.add("CAPA");
                }
                capabilities
            }
            Protocol::Imap => {
                let answer = self.talk().tagged("CAPABILITY").await?;
                if answer.word != "OK" {
                    return Err(Fall::setup("CAPABILITY", &answer.word));
                }
                Capabilities::from_capability(answer.capability().unwrap_or_default())
            }
        };
        if self.climbed.timestamp.is_some() {
            capabilities.add("APOP");
        }
        *place(&mut self.climbed.announced) = Some(capabilities);
        Ok(())
    }

    async fn tls(&mut self, wish: Wish) -> Result<(), Fall> {
        if self.session.is_tls() {
            // On a TLS port what was announced so far was announced in TLS.
            self.climbed.announced.secured = self.climbed.announced.clear.clone();
            return Ok(());
        }
        let (command, go_ahead) = match self.session.protocol() {
            Protocol::Smtp => ("STARTTLS", "220"),
            Protocol::Pop3 => ("STLS", "+OK"),
            Protocol::Imap => ("STARTTLS", "OK"),
        };
        let offered = self.climbed.announced.clear.as_ref().is_some_and(|clear| clear.has(command));
        if !offered || self.climb.security == Security::Clear {
            return match wish {
                Wish::Required => Err(Fall::Unmet(Unmet::NoTls)),
                Wish::WhereOffered => Ok(()),
            };
        }
        let answer = match self.session.protocol() {
            Protocol::Smtp | Protocol::Pop3 => self.talk().command(command).await?,
            Protocol::Imap => self.talk().tagged(command).await?,
        };
        if answer.word != go_ahead {
            return Err(if answer.is_class('4') {
                trouble(command, &answer.word)
            } else {
                Fall::setup(command, &answer.word)
            });
        }
        let deadline = Instant::now() + self.climb.within;
        let shaken = self.session.start_tls(self.climb.tls, deadline).await;
        let info = shaken.map_err(|error| Fall::setup(command, error.kind()))?;
        self.climbed.said.push(Said::Tls(info));
        self.ask(|announced| &mut announced.secured).await
    }

    async fn login(&mut self) -> Result<(), Fall> {
        let account = self.climb.account.ok_or(Fall::Unmet(Unmet::Account))?;
        let capabilities = self.climbed.announced.latest().cloned().unwrap_or_default();
        let ways = ways(self.session.protocol(), &capabilities, self.session.tls(), self.climb.login);
        let credentials = Credentials { user: account.user.clone(), password: account.password.clone() };
        for login in ways {
            let timestamp = self.climbed.timestamp.clone();
            let request = Request {
                login: &login,
                credentials: &credentials,
                spoil: None,
                capabilities: &capabilities,
                timestamp: timestamp.as_deref(),
            };
            let outcome = self.talk().login(request).await?;
            if outcome.accepted {
                self.climbed.login = Some(login);
                return self.ask_again(outcome).await;
            }
            if is_trouble(&outcome.word) {
                return Err(trouble("login", &outcome.word));
            }
            self.climbed.refused.push((login, outcome.word));
        }
        let refused: Vec<String> = self.climbed.refused.iter().map(|(login, word)| format!("{login} {word}")).collect();
        let what = if refused.is_empty() { "nothing offered".to_owned() } else { refused.join(", ") };
        Err(Fall::setup("login", &what))
    }

    /// Capabilities after the login. POP3 announces them in both states alike, and SMTP before it (RFC 4954 §4).
    async fn ask_again(&mut self, outcome: LoginOutcome) -> Result<(), Fall> {
        match (self.session.protocol(), outcome.capability) {
            (Protocol::Imap, Some(words)) => {
                self.climbed.announced.authenticated = Some(Capabilities::from_capability(&words));
                Ok(())
            }
            (Protocol::Imap, None) => self.ask(|announced| &mut announced.authenticated).await,
            (Protocol::Pop3, _) if self.climbed.announced.latest().is_some_and(|latest| latest.has("CAPA")) => {
                self.ask(|announced| &mut announced.authenticated).await
            }
            (Protocol::Smtp | Protocol::Pop3, _) => {
                self.climbed.announced.authenticated = self.climbed.announced.latest().cloned();
                Ok(())
            }
        }
    }

    async fn envelope(&mut self) -> Result<(), Fall> {
        let (from, to) = self.climb.envelope;
        for (rung, line) in [("MAIL", format!("MAIL FROM:<{from}>")), ("RCPT", format!("RCPT TO:<{to}>"))] {
            let answer = self.talk().command(&line).await?;
            refused_envelope(rung, &answer)?;
        }
        Ok(())
    }

    async fn select(&mut self) -> Result<(), Fall> {
        let name = text(self.climb.mailbox).replace('\\', "\\\\").replace('"', "\\\"");
        let answer = self.talk().tagged(&format!("SELECT \"{name}\"")).await?;
        if answer.word == "OK" { Ok(()) } else { Err(Fall::setup("SELECT", &answer.word)) }
    }
}

fn refused_envelope(rung: &str, answer: &Answer) -> Result<(), Fall> {
    if answer.is_class('2') {
        Ok(())
    } else if answer.is_class('4') {
        Err(match (rung, answer.word.as_str()) {
            ("RCPT", word @ ("450" | "451")) => Fall::Doubt(Doubt::Greylisted(format!("{rung}: {word}"))),
            (rung, word) => trouble(rung, word),
        })
    } else {
        Err(Fall::setup(rung, &answer.word))
    }
}

fn busy(answer: &str) -> Fall {
    Fall::Doubt(Doubt::Busy(format!("greeting: {answer}")))
}

fn trouble(rung: &str, answer: &str) -> Fall {
    Fall::Doubt(Doubt::Trouble(format!("{rung}: {answer}")))
}
