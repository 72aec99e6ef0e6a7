//! `probe`: what a server announces, and which logins work. Without a target: the embedded reference server.

use super::Exit;
use super::arguments::ProbeArguments;
use super::command::{block_on, complain};
use super::subject::{NoSubject, Subject};
use crate::run::{CLIENT, Log, ProbeError, ProbeSettings, Redactor, probe as probe_target};

/// Probes what the arguments name and prints what was found.
pub(super) fn probe(arguments: &ProbeArguments) -> Exit {
    block_on(async {
        // The embedded server lives as long as the probe.
        let subject = match Subject::start(&arguments.urls, &arguments.target, 1).await {
            Ok(subject) => subject,
            Err(missing) => return told(&missing),
        };
        let secrets = subject.target.secrets().map(|(user, secret)| (user, secret.reveal().as_str()));
        let log = Log::new(Redactor::new(secrets));
        let settings = ProbeSettings { client: CLIENT, within: arguments.timeout, log: &log };
        let exit = match probe_target(&subject.target, settings).await {
            Ok(probed) => super::command::print(&(probed.describe().join("\n") + "\n")),
            Err(error) => refused(&error),
        };
        match subject.stop().await {
            Ok(()) => exit,
            Err(message) => complain(&message),
        }
    })
}

/// Says why there is no server.
pub(super) fn told(missing: &NoSubject) -> Exit {
    complain(&missing.message);
    missing.exit
}

/// Says why nothing can be run: nobody is there, or the target is described wrongly.
pub(super) fn refused(error: &ProbeError) -> Exit {
    let exit = complain(&error.to_string());
    match error {
        ProbeError::Unreachable(_) => Exit::Inconclusive,
        ProbeError::Login { .. } | ProbeError::Trust(_) => exit,
    }
}
