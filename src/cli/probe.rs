//! `probe`: what a server announces, and which logins work. Without a URL: the embedded reference server.

use std::time::Duration;

use super::Exit;
use super::arguments::{ProbeArguments, TlsMode};
use super::command::complain;
use crate::refserver::{self, Config, Running};
use crate::run::{Log, ProbeError, ProbeSettings, Redactor, probe as probe_target};
use crate::target::{Security, Target, TargetFlags, Verification, from_urls};

/// EHLO name of this program. RFC 2606 §2: nobody's.
const CLIENT: &str = "mailproof.test";

/// Probes what the arguments name and prints what was found.
pub(super) fn probe(arguments: &ProbeArguments) -> Exit {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return complain(&format!("cannot start: {error}")),
    };
    runtime.block_on(async {
        // The embedded server lives as long as the probe.
        let (target, _running) = match target(arguments).await {
            Ok(found) => found,
            Err(message) => return complain(&message),
        };
        let log = Log::new(Redactor::new(target.secrets().map(|(user, secret)| (user, secret.reveal().as_str()))));
        let within = Duration::from_secs(arguments.timeout);
        match probe_target(&target, ProbeSettings { client: CLIENT, within, log: &log }).await {
            Ok(probed) => super::command::print(&(probed.describe().join("\n") + "\n")),
            Err(error @ ProbeError::Unreachable(_)) => {
                complain(&error.to_string());
                Exit::Inconclusive
            }
            Err(error @ (ProbeError::Login { .. } | ProbeError::Trust(_))) => complain(&error.to_string()),
        }
    })
}

async fn target(arguments: &ProbeArguments) -> Result<(Target, Option<Running>), String> {
    let environment = |name: &str| std::env::var(name).ok();
    if !arguments.urls.is_empty() {
        let target = from_urls(&arguments.urls, &flags(arguments), &environment).map_err(|error| error.to_string())?;
        return Ok((target, None));
    }
    let running = refserver::start(Config::default())
        .await
        .map_err(|error| format!("cannot start the reference server: {error}"))?;
    let urls: Vec<String> = running
        .endpoints()
        .iter()
        .map(|(role, address)| {
            let scheme = if role.as_str() == "mx" { "smtp" } else { role.as_str() };
            format!("{scheme}://{address}")
        })
        .collect();
    let accounts: Vec<String> = running
        .config
        .accounts
        .iter()
        .take(2)
        .map(|account| format!("{},{}=env:{}", account.user, running.config.address(account), account.user))
        .collect();
    let password = |user: &str| running.config.account(user).map(|account| account.password.reveal().clone());
    let flags = TargetFlags { accounts, name: Some(running.config.hostname.clone()), ..TargetFlags::default() };
    let mut target = from_urls(&urls, &flags, &password).map_err(|error| error.to_string())?;
    target.tls.authorities.push(crate::target::Authority { path: "embedded".to_owned(), pem: running.ca_pem.clone() });
    Ok((target, Some(running)))
}

fn flags(arguments: &ProbeArguments) -> TargetFlags {
    TargetFlags {
        accounts: arguments.accounts.clone(),
        disposable: Vec::new(),
        security: arguments.tls.map(|mode| match mode {
            TlsMode::None => Security::Clear,
            TlsMode::Starttls => Security::Offered,
            TlsMode::Implicit => Security::Implicit,
        }),
        verification: if arguments.insecure { Verification::Off } else { Verification::Full },
        authorities: arguments.authorities.clone(),
        name: arguments.name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ways that were accepted, in the order they were tried; each proof on a line.
    async fn proofs(target: &Target) -> String {
        let log = Log::new(Redactor::default());
        let settings = ProbeSettings { client: CLIENT, within: Duration::from_secs(30), log: &log };
        let probed = probe_target(target, settings).await.unwrap();
        assert!(probed.unreachable.is_empty());
        let lines: Vec<String> = probed.describe().into_iter().filter(|line| line.contains("accepted [")).collect();
        lines.join("\n")
    }

    #[tokio::test]
    async fn every_login_of_the_reference_server_is_proved() {
        let (urls, accounts, authorities) = (Vec::new(), Vec::new(), Vec::new());
        let embedded =
            ProbeArguments { urls, accounts, tls: None, insecure: false, authorities, name: None, timeout: 30 };
        let (mut target, _running) = target(&embedded).await.unwrap();
        target.accounts.truncate(1);
        target.endpoints.retain(|role, _| !matches!(role.word(), "imap" | "imaps"));
        let secured = proofs(&target).await;
        target.endpoints.retain(|role, _| matches!(role.word(), "submission" | "pop3"));
        for endpoint in target.endpoints.values_mut() {
            endpoint.security = Security::Clear;
        }
        let clear = proofs(&target).await;
        insta::assert_snapshot!(format!("in TLS\n{secured}\nin clear\n{clear}"));
    }
}
