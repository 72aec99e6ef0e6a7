//! Search keys that are misread.

use crate::refserver::imap::command::{SearchKey, SequenceSet, SetNumber};
use crate::refserver::imap::fault::{SearchFault, SyncFault};
use crate::refserver::imap::session::state::Session;
use crate::refserver::store::{CivilDate, Flag};

/// A key that no message fits.
fn nothing() -> SearchKey {
    SearchKey::Not(Box::new(SearchKey::All))
}

fn not(key: SearchKey) -> SearchKey {
    SearchKey::Not(Box::new(key))
}

fn is_field(key: &SearchKey) -> bool {
    matches!(key, SearchKey::Header { .. }) || matches!(key, SearchKey::And(keys) if keys.iter().all(is_field))
}

/// NEW, which is RECENT and UNSEEN.
fn is_new(keys: &[SearchKey]) -> bool {
    matches!(keys, [SearchKey::Recent, SearchKey::Not(_)])
}

fn is_system_flag(key: &SearchKey) -> bool {
    matches!(key, SearchKey::Flag(flag) if !flag.is_keyword())
}

fn is_age(key: &SearchKey) -> bool {
    matches!(key, SearchKey::Older(_) | SearchKey::Younger(_))
}

fn day_after(day: CivilDate) -> CivilDate {
    CivilDate::new(day.year, day.month, day.day + 1).unwrap_or(day)
}

impl Session<'_> {
    /// The key as it is understood.
    pub(super) fn misread_key(&self, key: SearchKey) -> SearchKey {
        match key {
            SearchKey::And(keys)
                if keys.len() > 1 && keys.iter().all(is_field) && self.has(SearchFault::FirstKeyCounts) =>
            {
                keys.into_iter().next().map_or(SearchKey::All, |key| self.misread_key(key))
            }
            SearchKey::And(keys) if is_new(&keys) && self.has(SearchFault::NewIsRecent) => SearchKey::Recent,
            SearchKey::And(keys) if is_new(&keys) && self.has(SearchFault::AbsentIsPresent) => SearchKey::And(keys),
            SearchKey::And(keys) => SearchKey::And(keys.into_iter().map(|key| self.misread_key(key)).collect()),
            SearchKey::Or(left, right) => {
                let (left, right) = (self.misread_key(*left), self.misread_key(*right));
                if self.has(SearchFault::OrIsAnd) {
                    SearchKey::And(vec![left, right])
                } else {
                    SearchKey::Or(Box::new(left), Box::new(right))
                }
            }
            SearchKey::Not(key) if is_field(&key) && self.has(SearchFault::NotIgnored) => *key,
            SearchKey::Not(key) if is_system_flag(&key) && self.has(SearchFault::AbsentIsPresent) => *key,
            SearchKey::Not(key) if is_age(&key) && self.has(SearchFault::NotOlderIsOlder) => *key,
            SearchKey::Not(key) if is_age(&key) => not(*key),
            SearchKey::Not(key) => not(self.misread_key(*key)),
            key => self.misread_leaf(key),
        }
    }

    fn misread_leaf(&self, key: SearchKey) -> SearchKey {
        let has = |fault| self.has(fault);
        match key {
            SearchKey::Sequence(SequenceSet::Saved) if has(SearchFault::SavedIsNoKey) => nothing(),
            SearchKey::Sequence(SequenceSet::Ranges(ranges))
                if ranges.len() > 1 && has(SearchFault::FirstNumbersCount) =>
            {
                SearchKey::Sequence(SequenceSet::Ranges(ranges.into_iter().take(1).collect()))
            }
            SearchKey::Uid(SequenceSet::Ranges(ranges)) if has(SearchFault::UidKeyLeavesOutLast) => {
                let set = SearchKey::Uid(SequenceSet::Ranges(ranges));
                let last = SequenceSet::Ranges(vec![(SetNumber::Largest, SetNumber::Largest)]);
                SearchKey::And(vec![set, not(SearchKey::Uid(last))])
            }
            SearchKey::Flag(flag) if flag == Flag::new("\\Draft") && has(SearchFault::DraftIsFlagged) => {
                SearchKey::Flag(Flag::new("\\Flagged"))
            }
            SearchKey::Flag(flag) if flag.is_keyword() && has(SearchFault::KeywordIsUnkeyword) => {
                not(SearchKey::Flag(flag))
            }
            SearchKey::Body(text) if has(SearchFault::BodyIsText) => SearchKey::Text(text),
            SearchKey::Text(text) if has(SearchFault::TextIsBody) => SearchKey::Body(text),
            SearchKey::Header { name, value } => self.misread_field(name, value),
            SearchKey::Smaller(octets) if has(SearchFault::SmallerIsLarger) => SearchKey::Larger(octets),
            SearchKey::SentSince(day) if has(SearchFault::SentSinceByArrival) => SearchKey::Since(day),
            SearchKey::SentBefore(day) if has(SearchFault::SentBeforeIncludes) => SearchKey::SentBefore(day_after(day)),
            SearchKey::Since(day) if has(SearchFault::SinceExcludes) => SearchKey::Since(day_after(day)),
            SearchKey::Before(day) if has(SearchFault::ArrivalDayAfter) => SearchKey::Before(day_after(day)),
            SearchKey::On(day) if has(SearchFault::ArrivalDayAfter) => SearchKey::On(day_after(day)),
            SearchKey::Since(day) if has(SearchFault::ArrivalDayAfter) => SearchKey::Since(day_after(day)),
            SearchKey::Larger(number) if has(SearchFault::LargerInKibioctets) => {
                SearchKey::Larger(number.saturating_mul(1024))
            }
            SearchKey::Recent if has(SearchFault::RecentIsNew) => {
                SearchKey::And(vec![SearchKey::Recent, not(SearchKey::Flag(Flag::seen()))])
            }
            SearchKey::Younger(_) if has(SearchFault::YoungerIsAll) => SearchKey::All,
            SearchKey::Older(seconds) if has(SearchFault::OlderIsYounger) => SearchKey::Younger(seconds),
            SearchKey::SavedBefore(day) if has(SearchFault::SavedBeforeByDate) => SearchKey::Before(day),
            SearchKey::SavedBefore(day) if day.year >= 2100 && has(SearchFault::SavedBeforeFuture) => nothing(),
            SearchKey::SavedSince(_) if has(SearchFault::SavedSinceFindsNothing) => nothing(),
            SearchKey::ThreadId(_) if has(SearchFault::ThreadIdFindsAll) => SearchKey::All,
            SearchKey::Modseq(0) if self.has(SyncFault::SearchModseqZero) => {
                SearchKey::And(vec![SearchKey::Modseq(0), nothing()])
            }
            SearchKey::Modseq(modseq) if modseq > 0 && self.has(SyncFault::SearchModseqExcludes) => {
                SearchKey::Modseq(modseq + 1)
            }
            key => key,
        }
    }

    /// A key about a header field.
    fn misread_field(&self, name: Vec<u8>, value: Vec<u8>) -> SearchKey {
        let is = |wanted: &str| name.eq_ignore_ascii_case(wanted.as_bytes());
        if is("CC") && self.has(SearchFault::CcIsTo) {
            return SearchKey::Header { name: b"TO".to_vec(), value };
        }
        if is("BCC") && self.has(SearchFault::BccIsCc) {
            return SearchKey::Header { name: b"CC".to_vec(), value };
        }
        if is("TO") && self.has(SearchFault::ToFindsCc) {
            let copied = SearchKey::Header { name: b"CC".to_vec(), value: value.clone() };
            return SearchKey::Or(Box::new(SearchKey::Header { name, value }), Box::new(copied));
        }
        if is("SUBJECT") && !value.is_empty() && self.has(SearchFault::SubjectByWholeWords) {
            return SearchKey::Header { name, value: [b" ", value.as_slice(), b" "].concat() };
        }
        let lost = (is("SUBJECT") && value.contains(&b' ') && self.has(SearchFault::SubjectIsOneWord))
            || (is("SUBJECT")
                && value.iter().any(u8::is_ascii_uppercase)
                && self.has(SearchFault::CapitalsFindNothing))
            || (name.to_ascii_uppercase().starts_with(b"X-") && self.has(SearchFault::OwnFieldsUnknown));
        if lost {
            return nothing();
        }
        if value.is_empty() && self.has(SearchFault::EmptyStringFindsAll) {
            return SearchKey::All;
        }
        SearchKey::Header { name, value }
    }
}
