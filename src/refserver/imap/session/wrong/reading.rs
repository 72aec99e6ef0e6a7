//! What FETCH marks as seen, and what it tells from memory.

use std::sync::Arc;

use crate::refserver::Faults;
use crate::refserver::imap::command::{Body, FetchItem};
use crate::refserver::imap::fault::{MessageFault, ReadFault};
use crate::refserver::imap::mime::{Section, SectionText};
use crate::refserver::imap::session::fetch::{Octets, write_item};
use crate::refserver::imap::session::state::Session;
use crate::refserver::store::{Mailbox, Message};

/// Whether an item marks a message as seen, if a fault decides that.
pub(in crate::refserver::imap::session) fn mismarks(faults: &Faults, item: &FetchItem) -> Option<bool> {
    match item {
        FetchItem::Rfc822Text if faults.has(MessageFault::OldNameMarksNothing) => Some(false),
        FetchItem::Rfc822 if faults.has(ReadFault::WholeMarksNothing) => Some(false),
        FetchItem::Envelope
        | FetchItem::Body
        | FetchItem::BodyStructure
        | FetchItem::Rfc822Size
        | FetchItem::Rfc822Header
        | FetchItem::Peek { .. }
            if faults.has(ReadFault::ReadingMarksSeen) =>
        {
            Some(true)
        }
        _item => None,
    }
}

impl Session<'_> {
    /// Remembers what a mailbox is like that was selected.
    pub(super) fn remember_selected(&mut self) {
        let Some(view) = &self.view else { return };
        let messages =
            self.account(|account| account.mailbox(view.id).map(Mailbox::messages).unwrap_or_default().to_vec());
        let messages = messages.unwrap_or_default();
        if self.history.letters.is_none() && self.has(ReadFault::FieldsOfFirstMailbox) {
            let letters = messages.iter().map(|message| (message.uid, Arc::clone(&message.octets)));
            self.history.letters = Some(letters.collect());
        }
        if self.has(ReadFault::EarlierFlagsHidden) {
            let own = self.history.changes > 0;
            let earlier = messages.into_iter().filter(|_| !own).map(|message| (message.uid, message.flags));
            self.history.earlier = earlier.collect();
        }
    }

    /// Counts what may change flags, or bring some.
    pub(super) fn count_changes(&mut self, asked: &Body) {
        let changes = matches!(asked, Body::Store(_) | Body::Append(_) | Body::Copy { .. } | Body::Move { .. });
        self.history.changes += usize::from(changes);
    }

    /// An item of FETCH as it is told from memory.
    pub(in crate::refserver::imap::session) fn misremember(
        &self,
        item: &FetchItem,
        message: &Message,
        written: Vec<u8>,
    ) -> Vec<u8> {
        match item {
            FetchItem::Flags if self.history.earlier.get(&message.uid) == Some(&message.flags) => {
                let recent = String::from_utf8_lossy(&written).contains("\\Recent");
                if recent { b"FLAGS (\\Recent)".to_vec() } else { b"FLAGS ()".to_vec() }
            }
            FetchItem::Section { section, .. } | FetchItem::Peek { section, .. } if is_chosen(section) => {
                let letters = self.history.letters.as_ref();
                let Some(letter) = letters.and_then(|letters| letters.get(&message.uid)) else { return written };
                let mut out = Vec::new();
                write_item(&mut out, item, &mut Octets::new(Arc::clone(letter)));
                out
            }
            _item => written,
        }
    }
}

/// Whether a section is one of chosen fields.
fn is_chosen(section: &Section) -> bool {
    section.path.is_empty() && matches!(section.text, Some(SectionText::HeaderFields(_)))
}
