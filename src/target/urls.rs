//! A target from the command line: URLs and accounts. docs/targets.md.

use std::path::Path;

use super::address;
use super::mistake::UsageError;
use super::secret::{Environment, resolve};
use super::types::*;
use crate::base::closest;
use crate::scenario::Role;

/// Flags that describe a target, beside its URLs.
#[derive(Debug, Clone, Default)]
pub struct TargetFlags {
    /// `--account USER[,ADDRESS]=env:VAR`, in order: the first two are alice and bob.
    pub accounts: Vec<String>,
    /// `--disposable USER`.
    pub disposable: Vec<String>,
    /// `--tls none|starttls|implicit`, for every endpoint.
    pub security: Option<Security>,
    /// `--insecure`.
    pub verification: Verification,
    /// `--cacert FILE`.
    pub authorities: Vec<String>,
    /// `--sni NAME`.
    pub name: Option<String>,
}

/// A target whose services the URLs name. Its name is the first host.
pub fn from_urls(urls: &[String], flags: &TargetFlags, environment: Environment<'_>) -> Result<Target, UsageError> {
    let mut target = Target::empty("");
    for url in urls {
        let (role, endpoint) = parse_url(url, flags.security)?;
        if target.name.is_empty() {
            target.name.clone_from(&endpoint.host);
        }
        if target.endpoints.insert(role, endpoint).is_some() {
            return Err(UsageError::SecondEndpoint { url: url.clone(), role: role.word() });
        }
    }
    if target.endpoints.is_empty() {
        return Err(UsageError::NoEndpoint);
    }
    target.tls.verification = flags.verification;
    target.tls.name.clone_from(&flags.name);
    for path in &flags.authorities {
        let pem = std::fs::read_to_string(path)
            .map_err(|error| UsageError::Authority { path: path.clone(), reason: error.to_string() })?;
        target.tls.authorities.push(Authority { path: path.clone(), pem });
    }
    for written in &flags.accounts {
        let account = parse_account(written, environment)?;
        if target.accounts.iter().any(|other| other.user == account.user) {
            return Err(UsageError::SecondAccount(account.user));
        }
        target.accounts.push(account);
    }
    for user in &flags.disposable {
        match target.accounts.iter_mut().find(|account| account.user == *user || account.address == *user) {
            Some(account) => account.keeping = Keeping::Disposable,
            None => {
                let users = target.accounts.iter().map(|account| account.user.as_str());
                let meant = closest(user, users).map(str::to_owned);
                return Err(UsageError::NoSuchAccount { user: user.clone(), meant });
            }
        }
    }
    target.complete_domains();
    Ok(target)
}

fn parse_url(url: &str, security: Option<Security>) -> Result<(Role, Endpoint), UsageError> {
    let (scheme, rest) = url.split_once("://").unwrap_or((url, ""));
    let lower = scheme.to_ascii_lowercase();
    let role = match lower.as_str() {
        "smtp" => Some(Role::Mx),
        word => ROLES.iter().find(|(role, _)| *role == word).map(|(_, role)| *role).filter(|role| *role != Role::Mx),
    };
    let Some(role) = role.filter(|_| url.contains("://")) else {
        let schemes = ["smtp", "submission", "submissions", "pop3", "pop3s", "imap", "imaps"];
        let meant = if url.contains("://") { closest(&lower, schemes) } else { None };
        return Err(UsageError::Scheme { url: url.to_owned(), meant });
    };
    if let Some((_, host)) = rest.rsplit_once('@') {
        // Neither the user nor the password is repeated.
        return Err(UsageError::Userinfo(format!("{scheme}://…@{host}")));
    }
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    if authority.contains(['/', '?', '#']) {
        return Err(UsageError::Path(url.to_owned()));
    }
    let (host, port) = address::split(authority).map_err(|error| UsageError::Address { url: url.to_owned(), error })?;
    let port = port.unwrap_or_else(|| default_port(role));
    Ok((role, Endpoint { host, port, security: security.unwrap_or_else(|| default_security(role)) }))
}

fn parse_account(written: &str, environment: Environment<'_>) -> Result<Account, UsageError> {
    let (who, password) = written.split_once('=').ok_or_else(|| UsageError::NoPassword(written.to_owned()))?;
    let (user, address) = who.split_once(',').unwrap_or((who, who));
    if user.is_empty() || password.is_empty() {
        return Err(UsageError::NoPassword(who.to_owned()));
    }
    let secret = match resolve(password, Path::new(""), environment) {
        None => return Err(UsageError::LiteralPassword(who.to_owned())),
        Some(secret) => secret.map_err(|error| UsageError::Secret { user: user.to_owned(), error })?,
    };
    if !address.contains('@') {
        return Err(UsageError::NoAddress(user.to_owned()));
    }
    Ok(Account {
        user: user.to_owned(),
        address: address.to_owned(),
        password: secret,
        password_source: Some(password.to_owned()),
        keeping: Keeping::Kept,
    })
}
