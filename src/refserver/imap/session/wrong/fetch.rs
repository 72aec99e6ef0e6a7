//! FETCH that is misread.

use crate::refserver::imap::command::{Body, Changed, Fetch, FetchItem, Gone, Numbering, SequenceSet, SetNumber};
use crate::refserver::imap::fault::{MessageFault, ReadFault, SearchFault, SyncFault};
use crate::refserver::imap::mime::SectionText;
use crate::refserver::imap::session::awareness::Awareness;
use crate::refserver::imap::session::state::Session;

impl Session<'_> {
    /// FETCH as it is understood.
    pub(super) fn misread_fetch(&self, fetch: Fetch) -> Body {
        let Fetch { by, set, items, changed, partial } = fetch;
        let mut set = self.misread_set(by, set);
        if let SequenceSet::Ranges(ranges) = &mut set
            && ranges.len() > 1
            && self.has(MessageFault::FetchListLeavesOutLast)
        {
            ranges.pop();
        }
        if set == SequenceSet::Saved && by == Numbering::Uid && self.has(SearchFault::SavedUidsAreAll) {
            set = SequenceSet::Ranges(vec![(SetNumber::Number(1), SetNumber::Largest)]);
        }
        let mut items: Vec<FetchItem> = items.into_iter().map(|item| self.misread_item(item)).collect();
        if items.len() == 5 && items.contains(&FetchItem::Body) && self.has(MessageFault::FullWithoutBody) {
            items.pop();
        }
        // A macro is the only way to several items without a list.
        if items.len() > 1 && self.history.lists == 0 && self.has(ReadFault::MacrosWithoutSize) {
            items.retain(|item| *item != FetchItem::Rfc822Size);
        }
        let changed = changed.map(|changed| self.misread_changed(changed));
        Body::Fetch(Fetch { by, set, items, changed, partial })
    }

    fn misread_item(&self, item: FetchItem) -> FetchItem {
        match item {
            FetchItem::Peek { section, partial }
                if section.text == Some(SectionText::Text) && self.has(MessageFault::PeekMarksSeen) =>
            {
                FetchItem::Section { section, partial }
            }
            FetchItem::Section { section, partial } => {
                let text = section.text == Some(SectionText::Text) && self.has(MessageFault::TextMarksNothing);
                if text || (partial.is_some() && self.has(MessageFault::PartialMarksNothing)) {
                    FetchItem::Peek { section, partial }
                } else {
                    FetchItem::Section { section, partial }
                }
            }
            item => item,
        }
    }

    fn misread_changed(&self, changed: Changed) -> Changed {
        let Changed { mut since, mut gone } = changed;
        if self.has(SyncFault::ChangedSinceIncludes) {
            since = since.saturating_sub(1);
        }
        let early = self.awareness < Awareness::Qresync && self.has(SyncFault::VanishedWithoutEnable);
        let late = self.awareness == Awareness::Qresync && self.has(SyncFault::VanishedUntold);
        if early || late {
            gone = Gone::Untold;
        }
        Changed { since, gone }
    }
}
