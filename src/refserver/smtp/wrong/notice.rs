//! Notices of a server with faults, and what it hands on.

use std::sync::Arc;

use super::super::fault::NoticeFault;
use super::super::letter::{Envelope, Letter};
use super::super::notice::Action;
use super::super::notify::Addressee;
use super::change;
use crate::refserver::{Config, Faults};

/// Whether the sender is told of a recipient.
pub(in crate::refserver::smtp) fn is_told(
    action: Action,
    addressee: &Addressee,
    envelope: &Envelope,
    faults: &Faults,
) -> bool {
    let right = addressee.is_told_of(action.occasion());
    let delivered = action == Action::Delivered;
    if faults.has(NoticeFault::NoNoticeOfSuccess) && delivered {
        return false;
    }
    let failure = addressee.notify.as_ref().is_some_and(|notify| notify.text.eq_ignore_ascii_case("FAILURE"));
    let wished = faults.has(NoticeFault::EnvelopeIdIsWish) && delivered && envelope.id.is_some();
    right || wished || (faults.has(NoticeFault::NoticeOfSuccessUnasked) && delivered && failure)
}

/// A notice as it is stored, with its Return-Path.
pub(in crate::refserver::smtp) fn misworded(notice: Vec<u8>, letter: &Letter, config: &Config) -> Vec<u8> {
    let has = |fault: NoticeFault| config.faults.has(fault);
    if config.faults.is_empty() {
        return notice;
    }
    let text = String::from_utf8_lossy(&notice);
    let line = |line: &str| {
        let id = letter.envelope.id.as_deref().unwrap_or_default();
        match line.split(' ').next().unwrap_or_default() {
            "Original-Envelope-Id:" if has(NoticeFault::EnvelopeIdStaysEncoded) => {
                format!("Original-Envelope-Id: {id}\r\n")
            }
            "Original-Recipient:" if has(NoticeFault::NoOriginalRecipient) => String::new(),
            "Final-Recipient:" if has(NoticeFault::NoFinalRecipient) => String::new(),
            "Reporting-MTA:" if has(NoticeFault::NoReportingHost) => String::new(),
            "Action:" if has(NoticeFault::ActionIsSuccess) => "Action: success\r\n".to_owned(),
            "Content-Type:" if has(NoticeFault::NoticeIsMixed) => line.replace("multipart/report", "multipart/mixed"),
            "Return-Path:" if has(NoticeFault::NoticeHasSender) => {
                format!("Return-Path: <postmaster@{}>\r\n", config.domains.first().unwrap_or(&config.hostname))
            }
            _ => line.to_owned(),
        }
    };
    text.split_inclusive('\n').map(line).collect::<String>().into_bytes()
}

/// What goes on to the next hop.
pub(in crate::refserver::smtp) fn handed_on(octets: Arc<[u8]>, faults: &Faults) -> Arc<[u8]> {
    if faults.has(NoticeFault::RelayedDotsLost) { change::dots_lost(&octets).into() } else { octets }
}
