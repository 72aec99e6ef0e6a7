//! SEARCH that is misread, and answers to it that are reworded.

use super::said::Said;
use crate::refserver::imap::command::{Body, Numbering, Search, SearchKey, SearchResult};
use crate::refserver::imap::fault::{ChangeFault, SearchFault, SyncFault};
use crate::refserver::imap::session::awareness::Awareness;
use crate::refserver::imap::session::reply::Reply;
use crate::refserver::imap::session::state::Session;
use crate::refserver::store::{Flag, FlagChange, Flags};

/// The key of a search without anything around it.
fn core(key: &SearchKey) -> &SearchKey {
    match key {
        SearchKey::And(keys) => match keys.as_slice() {
            [key] => core(key),
            _ => key,
        },
        key => key,
    }
}

impl Session<'_> {
    /// SEARCH as it is understood.
    pub(super) fn misread_search(&self, search: Search) -> Result<Body, Reply> {
        let Search { mut by, mut results, charset, key } = search;
        let named = charset.as_deref().map(<[u8]>::to_ascii_uppercase);
        match named.as_deref() {
            Some(b"US-ASCII") if self.has(SearchFault::AsciiRefused) => return Err(Reply::no("no such charset")),
            None | Some(b"US-ASCII") => {}
            Some(b"UTF-8")
                if self.has(SearchFault::WordsNotDecoded) && matches!(core(&key), SearchKey::Header { .. }) =>
            {
                let key = SearchKey::Not(Box::new(SearchKey::All));
                return Ok(Body::Search(Search { by, results, charset, key }));
            }
            Some(b"UTF-8") => {}
            Some(_) if self.has(SearchFault::CharsetBad) => return Err(Reply::bad("no such charset")),
            Some(_) => {}
        }
        if by == Numbering::Uid && results.is_none() && self.has(ChangeFault::UidSearchTellsNumbers) {
            by = Numbering::Sequence;
        }
        if let Some(options) = results.as_mut().filter(|options| options.len() == 2)
            && self.has(SearchFault::FirstOptionCounts)
        {
            options.truncate(1);
        }
        Ok(Body::Search(Search { by, results, charset, key: self.misread_key(key) }))
    }

    /// What else a search does.
    pub(super) fn follow_up_search(&mut self, search: &Search) {
        let results = search.results.as_deref().unwrap_or_default();
        let saves = results.contains(&SearchResult::Save);
        if matches!(core(&search.key), SearchKey::Body(_)) && self.has(SearchFault::SearchMarksSeen) {
            let seen = Flags::from([Flag::seen()]);
            // Without a mailbox there is nothing to mark.
            let _marked = self.selected(|view, account| {
                let uids: Vec<u32> = view.all().map(|target| target.uid).collect();
                for uid in uids {
                    account.change_flags(view.id, uid, FlagChange::Add, &seen);
                }
            });
        }
        let (all, each) =
            (saves && self.has(SearchFault::SaveKeepsAll), !saves && self.has(SearchFault::EachSearchForgets));
        if let Some(view) = &mut self.view {
            if all {
                let uids = view.all().map(|target| target.uid).collect();
                view.save(uids);
            } else if each {
                view.save(Vec::new());
            } else if saves && view.saved().is_empty() && self.config.faults.has(SearchFault::SavedOutlivesNothing) {
                view.save(self.history.saved.clone());
            }
            if saves {
                self.history.saved = view.saved();
            }
        }
    }

    /// The answer to SEARCH.
    pub(super) fn reword_search(&self, search: &Search, said: &mut Said) {
        if self.has(SearchFault::CharsetWithoutCode) {
            said.leave_out_code("BADCHARSET");
        }
        match &search.results {
            None => self.reword_old_results(search, said),
            Some(results) => self.reword_results(results, said),
        }
    }

    fn reword_old_results(&self, search: &Search, said: &mut Said) {
        let plain = search.by == Numbering::Sequence && self.awareness == Awareness::Plain;
        if plain && *core(&search.key) == SearchKey::All && self.has(SearchFault::AllIsExtended) {
            let tag = said.tagged.as_deref().and_then(|line| line.split(' ').next()).unwrap_or_default().to_owned();
            for line in &mut said.lines {
                if let Some(numbers) = line.strip_prefix("* SEARCH ") {
                    *line = format!("* ESEARCH (TAG \"{tag}\") ALL {}", numbers.replace(' ', ","));
                }
            }
        }
        for line in &mut said.lines {
            let found = line != "* SEARCH";
            if !found && self.has(SyncFault::NothingHasModseq) && self.awareness > Awareness::Plain {
                line.push_str(" (MODSEQ 1)");
            }
            let plain = found && !line.contains("MODSEQ") && line.starts_with("* SEARCH");
            if plain && self.has(SyncFault::SearchAlwaysTellsModseq) && self.awareness > Awareness::Plain {
                line.push_str(" (MODSEQ 1)");
            }
        }
        if self.has(SyncFault::SearchTellsLowModseq) {
            said.renumber("(MODSEQ ", |_| 1);
        }
        if self.has(SearchFault::NothingFoundSilent) && search.results.is_none() {
            said.lines.retain(|line| line != "* SEARCH");
        }
    }

    fn reword_results(&self, results: &[SearchResult], said: &mut Said) {
        let has = |fault| self.has(fault);
        if results.contains(&SearchResult::Save) && has(SearchFault::SaveTells) && said.lines.is_empty() {
            said.lines.push("* SEARCH".to_owned());
        }
        if has(SearchFault::MinOneLess) {
            said.renumber(" MIN ", |min| min.saturating_sub(1).max(1));
        }
        if has(SearchFault::MaxTooLow) {
            said.renumber(" MAX ", |max| max.saturating_sub(2).max(1));
        }
        if has(SearchFault::CountOneMore) {
            said.renumber(" COUNT ", |count| if count > 0 { count + 1 } else { 0 });
        }
        if has(SearchFault::EsearchWithoutUid) {
            said.change(" UID ", " ");
        }
        if has(SearchFault::EsearchAndSearch) && !results.contains(&SearchResult::Save) {
            said.lines.push("* SEARCH 1".to_owned());
        }
        if self.has(SyncFault::EsearchWithoutModseq) {
            said.lines.iter_mut().for_each(|line| {
                if let Some((before, _)) = line.split_once(" MODSEQ ") {
                    *line = before.to_owned();
                }
            });
        }
        for line in said.lines.iter_mut().filter(|line| line.starts_with("* ESEARCH")) {
            if let (true, Some((before, set))) = (has(SearchFault::AllLeavesOutLast), line.split_once(" ALL ")) {
                let shorter = set.rsplit_once([',', ':']).map_or(set, |(first, _)| first);
                *line = format!("{before} ALL {shorter}");
            }
            if has(SearchFault::EsearchOtherTag) {
                *line = capital_tag(line);
            }
            if line.ends_with(')') {
                for (fault, option, text) in NOTHING {
                    if has(fault) && results.contains(&option) {
                        line.push_str(text);
                    }
                }
            }
        }
        if has(SearchFault::EsearchSilentWhenEmpty) {
            said.lines.retain(|line| !line.ends_with(')') && !line.ends_with(" COUNT 0"));
        }
    }
}

/// A line with its tag in capitals.
fn capital_tag(line: &str) -> String {
    let split = line.split_once("(TAG \"").and_then(|(before, rest)| Some((before, rest.split_once('"')?)));
    let Some((before, (tag, after))) = split else { return line.to_owned() };
    format!("{before}(TAG \"{}\"{after}", tag.to_ascii_uppercase())
}

/// What is told of nothing.
const NOTHING: [(SearchFault, SearchResult, &str); 3] = [
    (SearchFault::MinOfNothing, SearchResult::Min, " MIN 1"),
    (SearchFault::MaxOfNothing, SearchResult::Max, " MAX 1"),
    (SearchFault::AllOfNothing, SearchResult::All, " ALL 1"),
];
