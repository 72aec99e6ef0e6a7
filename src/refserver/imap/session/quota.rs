//! Quotas (RFC 9208): one root for each user, with all the user's mailboxes.

use super::place::Place;
use super::reply::{Answer, Reply, say};
use super::state::Session;
use crate::refserver::Config;
use crate::refserver::imap::command::QuotaCommand;
use crate::refserver::imap::mime::write_string;
use crate::refserver::store::{Account, Right};

/// Octets in one unit of STORAGE (RFC 9208 §5.1).
const UNIT: u64 = 1024;

/// What is limited (RFC 9208 §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Resource {
    Storage,
    Message,
    Mailbox,
}

impl Resource {
    const ALL: [Self; 3] = [Self::Storage, Self::Message, Self::Mailbox];

    fn name(self) -> &'static str {
        match self {
            Self::Storage => "STORAGE",
            Self::Message => "MESSAGE",
            Self::Mailbox => "MAILBOX",
        }
    }

    /// Usage and limit. What begins a unit of STORAGE uses all of it.
    fn figures(self, account: &Account) -> (u64, u64) {
        let (usage, limits) = (account.usage(), account.limits());
        match self {
            Self::Storage => (usage.octets.div_ceil(UNIT), limits.octets / UNIT),
            Self::Message => (usage.messages as u64, limits.messages as u64),
            Self::Mailbox => (usage.mailboxes as u64, limits.mailboxes as u64),
        }
    }
}

/// Whether a word of QUOTA is announced: none is without QUOTA itself.
pub(super) fn is_announced(config: &Config, word: &str) -> bool {
    config.offers("QUOTA") && config.offers(word)
}

pub(super) fn quota(session: &Session<'_>, command: &QuotaCommand, out: &mut Vec<u8>) -> Answer {
    match command {
        QuotaCommand::GetQuota { root } => {
            // RFC 9208 §8: figures of others are nobody's concern.
            if *root != session.user()?.as_bytes() {
                return Err(Reply::no("no such quota root"));
            }
            session.account(|account| write_quota(session.config, account, out))?;
        }
        QuotaCommand::GetQuotaRoot { mailbox } => {
            let place = session.place(mailbox)?;
            session.at(&place, |account| {
                readable(session, account, &place)?;
                out.extend_from_slice(b"* QUOTAROOT ");
                session.names().write_name(out, &place.shown);
                out.push(b' ');
                write_string(out, account.user().as_bytes());
                say(out, "");
                write_quota(session.config, account, out);
                Ok(())
            })?;
        }
        // Limits are for whoever starts the server; QUOTASET is not announced.
        QuotaCommand::SetQuota { .. } => return Err(Reply::no("limits stay as they are").with("NOPERM")),
    }
    Ok(Reply::ok("done"))
}

/// RFC 9208 §6: figures of another user's mailboxes are for those who may read the one that is named; RFC 9208 §4.1.2: one's own
/// need not be there.
fn readable(session: &Session<'_>, account: &Account, place: &Place) -> Result<(), Reply> {
    let own = session.user()? == place.owner;
    match session.admit(account, place, Right::Read) {
        Ok(_) => Ok(()),
        Err(_) if own && account.find(&place.name).is_none() => Ok(()),
        Err(denied) => Err(denied.into()),
    }
}

fn write_quota(config: &Config, account: &Account, out: &mut Vec<u8>) {
    let told = Resource::ALL.into_iter().filter(|resource| config.offers(&format!("QUOTA=RES-{}", resource.name())));
    let figures = told.map(|resource| {
        let (usage, limit) = resource.figures(account);
        format!("{} {usage} {limit}", resource.name())
    });
    out.extend_from_slice(b"* QUOTA ");
    write_string(out, account.user().as_bytes());
    say(out, &format!(" ({})", figures.collect::<Vec<_>>().join(" ")));
}
