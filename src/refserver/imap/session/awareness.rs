//! What a client has shown to understand (RFC 5161, RFC 7162 §3.1 and §3.2.3, RFC 6855 §3).

use super::reply::{Reply, say};
use super::revision::REV2;
use super::state::Session;
use super::unicode::Unicode;

/// The word of RFC 6855.
const UTF8: &str = "UTF8=ACCEPT";

/// How a client learns of changes. Each includes those before it, and nothing is unlearned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Awareness {
    /// RFC 3501.
    Plain,
    /// With mod-sequences.
    Condstore,
    /// With VANISHED instead of EXPUNGE.
    Qresync,
}

impl Session<'_> {
    /// ENABLE: names that are not known are ignored (RFC 5161 §3.1).
    pub(super) fn enable(&mut self, capabilities: &[String], out: &mut Vec<u8>) -> Result<Reply, Reply> {
        let wants = |name: &str| capabilities.iter().any(|wanted| wanted.eq_ignore_ascii_case(name));
        let unicode = self.config.offers(UTF8) && wants(UTF8);
        // RFC 6855 §3: names that were told would have others. Nothing else is enabled either.
        if unicode && self.view.is_some() {
            return Err(Reply::bad("ENABLE UTF8=ACCEPT comes before a mailbox is selected"));
        }
        let mut enabled: Vec<&str> = self.enable_rev2(capabilities).then_some(REV2).into_iter().collect();
        let mut awareness = Awareness::Plain;
        for (name, gives) in [("CONDSTORE", Awareness::Condstore), ("QRESYNC", Awareness::Qresync)] {
            if self.config.offers(name) && wants(name) {
                enabled.push(name);
                awareness = gives;
            }
        }
        if unicode {
            enabled.push(UTF8);
            self.unicode = Unicode::Accepted;
        }
        let names = enabled.into_iter().map(|name| format!(" {name}"));
        say(out, &format!("* ENABLED{}", names.collect::<String>()));
        self.become_aware(awareness, out)?;
        Ok(Reply::ok("done"))
    }

    /// The client understands more from now on. RFC 7162 §3.1: it is told where the selected mailbox stands.
    pub(super) fn become_aware(&mut self, awareness: Awareness, out: &mut Vec<u8>) -> Result<(), Reply> {
        let before = self.awareness;
        self.awareness = before.max(awareness);
        let Some(view) = &mut self.view else { return Ok(()) };
        view.awareness = self.awareness;
        if before == Awareness::Plain && awareness > before {
            self.selected(|view, account| view.tell_highest(account, out))?;
        }
        Ok(())
    }
}
