//! Whose mail for elsewhere a server with faults takes.

use super::super::fault::RelayFault;
use super::super::letter::{fields, header};
use super::super::notify::Addressee;
use super::super::path::{Mailbox, Path};
use super::super::recipient::{Recipient, resolve};
use super::super::session::{Client, Service, Session, Then};
use super::super::trace::Greeting;
use super::super::xtext;
use super::{Answer, Said, no};
use crate::refserver::{Config, Protection};

impl Session<'_> {
    /// The wrong answer to RCPT, if a recipient elsewhere is concerned, or to MAIL with half an address.
    pub(super) fn wrong_about_relaying(&mut self, said: &Said<'_>) -> Option<Answer> {
        if said.verb == "MAIL" && self.has(RelayFault::UnqualifiedSenderRelays) && said.is_unqualified() {
            let (name, _) = said.path()?.strip_prefix('<')?.split_once('>')?;
            let reply = self.mail(&format!("FROM:<{name}@{}>", self.config.domains.first()?));
            return Some((reply, Then::Command));
        }
        if said.verb != "RCPT" || self.transaction.is_none() {
            return None;
        }
        let path = said.path()?;
        let user = self.client.as_ref().is_some_and(|client| client.user.is_some());
        let parsed = Path::parse(path).map(|(path, _)| path);
        let foreign = match &parsed {
            Some(Path::Mailbox(mailbox)) if is_elsewhere(parsed.as_ref(), self.config) => Some(mailbox),
            Some(_) | None => None,
        };
        if user {
            let refused = self.has(RelayFault::UsersStayHere) && foreign.is_some();
            return if refused { no("550 5.7.1 relaying refused") } else { None };
        }
        let target = match foreign {
            Some(mailbox) if self.gives_right(mailbox, path) => mailbox.text.clone(),
            Some(_) if self.has(RelayFault::RelayRefusedAs501) => return no("501 5.7.1 relaying refused"),
            Some(_) | None => match self.all_addresses(path) {
                Some(answer) => return Some(answer),
                None => self.disguised(path).or_else(|| self.unmasked(path))?,
            },
        };
        let reply = self.add(Addressee { address: target, notify: None, original: None }, Recipient::Foreign);
        Some((reply, Then::Command))
    }

    /// The mailbox elsewhere that a path hides, if the server falls for it.
    fn disguised(&self, path: &str) -> Option<String> {
        let has = |fault: RelayFault| self.has(fault);
        let inside = path.strip_prefix('<')?.split_once('>')?.0;
        let (local, domain) = inside.rsplit_once('@')?;
        if !self.config.domains.iter().any(|known| known.eq_ignore_ascii_case(domain)) || local.starts_with('@') {
            return None;
        }
        let quoted = local.strip_prefix('"').and_then(|local| local.strip_suffix('"'));
        let (percent, bang, at) = (local.contains('%'), local.contains('!'), local.contains('@'));
        match quoted {
            Some(text) if has(RelayFault::QuotedAddressIsRouted) && at && !text.starts_with('@') => {
                Some(text.to_owned())
            }
            Some(text) if has(RelayFault::QuotedPercentIsRouted) && percent => Some(text.replacen('%', "@", 1)),
            Some(_) => None,
            None if has(RelayFault::PercentIsRouted) && percent && !bang => Some(local.replacen('%', "@", 1)),
            None if has(RelayFault::FirstDomainIsUsed) && at && !local.contains('\\') => Some(local.to_owned()),
            None if has(RelayFault::BangIsRouted) && bang && !percent => {
                let mut hops = local.rsplit('!');
                let (name, host) = (hops.next()?, hops.next()?);
                Some(format!("{name}@{host}"))
            }
            None => None,
        }
    }

    /// Whether the server takes mail for this mailbox elsewhere from this client.
    fn gives_right(&self, mailbox: &Mailbox, path: &str) -> bool {
        let has = |fault: RelayFault| self.has(fault);
        let Some(local) = self.config.domains.first() else { return false };
        let reverse = self.transaction.as_ref().map_or("", |begun| begun.envelope.reverse.as_str());
        let (name, sender_domain) = reverse.rsplit_once('@').unwrap_or((reverse, ""));
        let ours = sender_domain.eq_ignore_ascii_case(local);
        let known = self.config.account(name).is_some();
        let hello = self.client.as_ref().is_some_and(|client| client.name.eq_ignore_ascii_case(local));
        let domain = &mailbox.domain;
        let submission = self.service == Service::Submission;
        (has(RelayFault::RouteIsFollowed) && path.starts_with(&format!("<@{local}:")))
            || (has(RelayFault::LongerDomainIsLocal) && domain.starts_with(&format!("{local}.")))
            || (has(RelayFault::LiteralIsRouted) && domain.starts_with('['))
            || (has(RelayFault::AnyPostmaster) && mailbox.local == "postmaster")
            || (has(RelayFault::NullSenderRelays) && reverse.is_empty())
            || (has(RelayFault::LocalSenderRelays) && ours && known)
            || (has(RelayFault::OwnAddressRelays) && reverse == mailbox.text)
            || (has(RelayFault::OwnDomainRelays) && sender_domain == domain)
            || (has(RelayFault::LocalHelloRelays) && hello)
            || (has(RelayFault::LoopbackHelloRelays) && self.client.as_ref().is_some_and(is_this_machine))
            || (has(RelayFault::PostmasterSenderRelays) && ours && name.eq_ignore_ascii_case("postmaster"))
            || (has(RelayFault::LoopbackSenderRelays) && sender_domain == "[127.0.0.1]")
            || (has(RelayFault::UnqualifiedSenderRelays) && self.past.unqualified)
            || (has(RelayFault::TlsRelays) && self.channel.protection() == Protection::Tls && !submission)
            || (has(RelayFault::LoginElsewhereRelays) && ours && self.past.rumours.tell_of(name))
            || (has(RelayFault::SecondRecipientRelays) && self.past.recipients > 0)
            || (submission && self.wrongly_permitted())
    }

    /// Whether somebody who has not logged in may submit, for a server with faults.
    pub(in crate::refserver::smtp) fn wrongly_permitted(&self) -> bool {
        let helo = self.client.as_ref().is_some_and(|client| client.greeting == Greeting::Helo);
        (self.has(RelayFault::FailedLoginOpens) && self.past.failed_logins > 0)
            || (self.has(RelayFault::HeloOpensSubmission) && helo)
            || (self.has(RelayFault::TlsOpensSubmission) && self.channel.protection() == Protection::Tls)
    }
}

fn is_this_machine(client: &Client) -> bool {
    ["localhost", "[127.0.0.1]", "[IPv6:::1]"].iter().any(|name| client.name.eq_ignore_ascii_case(name))
}

fn is_elsewhere(path: Option<&Path>, config: &Config) -> bool {
    path.is_some_and(|path| resolve(path, config) == Ok(Recipient::Foreign))
}

/// Mailboxes elsewhere that stand in Cc.
pub(super) fn foreign_copies(octets: &[u8], config: &Config) -> Vec<(Addressee, Recipient)> {
    let named = fields(header(octets)).into_iter().filter(|(name, _)| name.eq_ignore_ascii_case(b"Cc"));
    named.filter_map(|(_, value)| elsewhere(String::from_utf8_lossy(value).trim(), config)).collect()
}

/// The original recipient, if it is elsewhere.
pub(super) fn original(addressee: &Addressee, config: &Config) -> Option<(Addressee, Recipient)> {
    let (_, given) = addressee.original.as_deref()?.split_once(';')?;
    let address = String::from_utf8(xtext::decode(given)?).ok()?;
    elsewhere(&format!("<{address}>"), config)
}

/// The mailbox of a path as a recipient, if it is elsewhere.
pub(super) fn elsewhere(path: &str, config: &Config) -> Option<(Addressee, Recipient)> {
    let path = Path::parse(path).map(|(path, _)| path).filter(|path| is_elsewhere(Some(path), config))?;
    Some((Addressee { address: path.text(), notify: None, original: None }, Recipient::Foreign))
}
