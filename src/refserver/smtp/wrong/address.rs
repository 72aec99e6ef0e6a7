//! Addresses as a server with faults reads them.

use super::super::envelope::Transaction;
use super::super::fault::AddressFault;
use super::super::letter::{Charset, Envelope};
use super::super::notify::Addressee;
use super::super::path::Path;
use super::super::recipient::{Recipient, resolve};
use super::super::session::{SYNTAX, Service, Session, Then};
use super::{Answer, Said, no, yes};

const BAD_SENDER: &str = "501 5.1.7 bad sender address";
const BAD_RECIPIENT: &str = "501 5.1.3 bad recipient address";
const NO_MAILBOX: &str = "550 5.1.1 no such mailbox";

impl Session<'_> {
    /// The wrong answer to MAIL, RCPT or VRFY, if there is one.
    pub(super) fn wrong_about_addresses(&mut self, said: &Said<'_>) -> Option<Answer> {
        match said.verb.as_str() {
            "MAIL" => self.wrong_about_senders(said).or_else(|| self.wrongly_taken_sender(said)),
            "RCPT" => self.wrong_about_forward_paths(said).or_else(|| self.several_recipients(said)),
            "VRFY" => self.wrong_about_names(said),
            _ => None,
        }
    }

    fn wrong_about_senders(&self, said: &Said<'_>) -> Option<Answer> {
        let has = |fault: AddressFault| self.has(fault);
        let path = said.path()?;
        let (local, domain) = path.split_once('>')?.0.rsplit_once('@').unwrap_or((path, ""));
        let quoted = path.starts_with("<\"");
        let submission = self.service == Service::Submission;
        let digit_first = || domain.split('.').any(|label| label.starts_with(|c: char| c.is_ascii_digit()));
        let dots = local.matches('.').count();
        let refused = (has(AddressFault::QuotedAtRefused) && quoted && local.contains('@'))
            || (has(AddressFault::QuotedSenderRefused) && quoted)
            || (has(AddressFault::SecondDotRefused) && !quoted && dots > 1)
            || (has(AddressFault::DigitFirstRefused) && digit_first())
            || (has(AddressFault::LiteralSenderRefused) && domain.starts_with('['))
            || (has(AddressFault::BraceRefused) && local.contains('{'))
            || (has(AddressFault::CompressedIpv6Refused) && domain.contains("::"))
            || (has(AddressFault::LocalPartOf64Refused) && local.len() > 64)
            || (has(AddressFault::PathOf256Refused) && local.len() + domain.len() + 2 >= 256)
            || (has(AddressFault::NullSenderRefused) && path.starts_with("<>") && !submission)
            || (has(AddressFault::SubmissionRefusesNullSender) && path.starts_with("<>") && submission);
        refused.then_some(())?;
        no(BAD_SENDER)
    }

    fn wrongly_taken_sender(&mut self, said: &Said<'_>) -> Option<Answer> {
        let inside = said.path()?.strip_prefix('<')?.split_once('>')?.0.to_owned();
        if self.transaction.is_some() || self.client.is_none() {
            return None;
        }
        let wide = self.has(AddressFault::EightBitSenderTaken) && !inside.is_ascii();
        let control = self.has(AddressFault::ControlTaken) && inside.bytes().any(|octet| octet.is_ascii_control());
        let del = control || (self.has(AddressFault::DelTaken) && inside.contains('\x7f'));
        let lower = self.has(AddressFault::SenderInLowerCase);
        if wide || del {
            let envelope = Envelope { charset: Charset::Ascii, ..Envelope::plain("") };
            self.transaction = Some(Transaction { envelope, recipients: Vec::new(), chunks: None });
            return yes("250 2.1.0 sender accepted");
        }
        if !lower {
            return None;
        }
        let reply = self.mail(said.argument);
        self.transaction.iter_mut().for_each(|begun| begun.envelope.reverse.make_ascii_lowercase());
        Some((reply, Then::Command))
    }

    fn wrong_about_forward_paths(&self, said: &Said<'_>) -> Option<Answer> {
        let has = |fault: AddressFault| self.has(fault);
        let path = said.path()?;
        let inside = path.strip_prefix('<')?.split_once('>')?.0;
        let (local, domain) = inside.rsplit_once('@').unwrap_or((inside, ""));
        let postmaster = local.eq_ignore_ascii_case("postmaster");
        let null = self.transaction.as_ref().is_some_and(|begun| begun.envelope.reverse.is_empty());
        let lower = local.to_ascii_lowercase() == local;
        if has(AddressFault::PostmasterInLowerCase) && postmaster && domain.is_empty() && !lower {
            return no(NO_MAILBOX);
        }
        if has(AddressFault::DomainPostmasterInLowerCase) && postmaster && !domain.is_empty() && !lower {
            return no(NO_MAILBOX);
        }
        if has(AddressFault::NoPostmaster) && local.trim_matches('"').eq_ignore_ascii_case("postmaster") {
            return no(NO_MAILBOX);
        }
        if has(AddressFault::QuotedIsAnother) && local.starts_with('"') {
            return no(NO_MAILBOX);
        }
        if has(AddressFault::QuotedPairIsAnother) && local.contains('\\') {
            return no(NO_MAILBOX);
        }
        if has(AddressFault::RouteIsSyntaxError) && inside.starts_with('@') {
            return no(BAD_RECIPIENT);
        }
        if has(AddressFault::NullSenderOneRecipient) && null && self.past.recipients > 0 {
            return no("550 5.7.1 a notice has one recipient");
        }
        let bad = Path::parse(path).is_none() && self.service == Service::Submission && self.transaction.is_some();
        if has(AddressFault::SubmissionRefusesBadAddressLate) && bad {
            return yes("354 5.1.3 go on for now");
        }
        None
    }

    /// Each address of a path that holds several.
    fn several_recipients(&mut self, said: &Said<'_>) -> Option<Answer> {
        let inside = said.path()?.strip_prefix('<')?.split_once('>')?.0;
        let several = self.has(AddressFault::CommaParts) && inside.contains(',') && !inside.starts_with('@');
        if !several || self.transaction.is_none() {
            return None;
        }
        let mut reply = Err(BAD_RECIPIENT);
        for address in inside.split(',') {
            let path = Path::parse(&format!("<{address}>")).map(|(path, _)| path);
            if let Some(recipient @ Recipient::User(_)) = path.and_then(|path| resolve(&path, self.config).ok()) {
                let addressee = Addressee { address: address.to_owned(), notify: None, original: None };
                reply = self.add(addressee, recipient);
            }
        }
        Some((reply, Then::Command))
    }

    fn wrong_about_names(&self, said: &Said<'_>) -> Option<Answer> {
        let has = |fault: AddressFault| self.has(fault);
        let (local, domain) = said.argument.split_once('@').unwrap_or((said.argument, ""));
        let inside = self.transaction.is_some();
        let confirms = has(AddressFault::VrfyConfirmsAll) || (has(AddressFault::VrfyConfirmsInTransaction) && inside);
        if has(AddressFault::VrfyRefusesAddress) && !domain.is_empty() {
            return no(SYNTAX);
        }
        if confirms && !domain.is_empty() {
            return yes(&format!("250 2.1.5 <{local}@{domain}>"));
        }
        if has(AddressFault::VrfyNamesHost) && self.config.account(local).is_some() {
            return yes(&format!("250 2.1.5 <{local}@{}>", self.config.hostname));
        }
        None
    }
}
