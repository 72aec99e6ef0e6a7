//! LIST and LSUB that are misread, and answers to them that are reworded.

use super::said::Said;
use crate::refserver::imap::command::{Body, List, ListForm, ListResult, ListSelect, StatusItem};
use crate::refserver::imap::fault::MailboxFault;
use crate::refserver::imap::session::state::Session;

/// The name that a line of LIST or LSUB tells, without its quotes.
fn name_of(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once(" \"/\" \"")?;
    rest.split('"').next()
}

impl Session<'_> {
    /// LIST as it is understood.
    pub(super) fn misread_list(&self, list: List) -> Body {
        let List { form, mut select, mut reference, mut patterns, mut results } = list;
        if self.has(MailboxFault::ListIgnoresReference) {
            reference.clear();
        }
        if self.has(MailboxFault::ListFirstPattern) {
            patterns.truncate(1);
        }
        if self.has(MailboxFault::PercentCrossesLevels) {
            patterns
                .iter_mut()
                .filter_map(|pattern| pattern.last_mut())
                .filter(|c| **c == b'%')
                .for_each(|c| *c = b'*');
        }
        if self.has(MailboxFault::ListSubscribedIsAll) && select.contains(&ListSelect::Subscribed) {
            select.retain(|option| *option != ListSelect::Subscribed);
            results.push(ListResult::Subscribed);
        }
        if self.has(MailboxFault::ListSpecialIsAll) {
            select.retain(|option| *option != ListSelect::SpecialUse);
        }
        Body::List(List { form, select, reference, patterns, results })
    }

    /// The answer to LIST.
    pub(super) fn reword_list(&mut self, list: &List, said: &mut Said) {
        let star = list.patterns.iter().any(|pattern| pattern.starts_with(b"*"));
        if self.has(MailboxFault::InboxUnlisted) {
            said.lines.retain(|line| name_of(line) != Some("INBOX"));
        }
        if star && self.has(MailboxFault::AsteriskPassesOverInbox) {
            said.lines.retain(|line| name_of(line) != Some("INBOX"));
        }
        if self.has(MailboxFault::ListRefusedWithoutMatch) && said.lines.is_empty() && list.form == ListForm::Basic {
            said.change_tagged(" OK ", " NO ");
        }
        if self.has(MailboxFault::ListHidesSeparator) {
            said.leave_out("* LIST (\\Noselect) \"/\" \"\"");
        }
        if self.has(MailboxFault::ListEscapesAmpersand) {
            said.change("&", "&-");
        }
        if self.has(MailboxFault::AllHaveChildren) {
            said.change("\\HasNoChildren", "\\HasChildren");
        }
        if self.has(MailboxFault::ListSubscribedUnmarked) {
            said.change(" \\Subscribed", "");
        }
        self.reword_tree(said);
        self.reword_list_status(list, said);
        if list.results.contains(&ListResult::Subscribed) && self.has(MailboxFault::ListReturnsMissing) {
            self.list_missing(said);
        }
    }

    fn reword_tree(&mut self, said: &mut Said) {
        let hides = self.has(MailboxFault::CreateHidesSuperiors);
        let created = &self.history.created;
        let made = |name: &str| {
            let below = format!("{name}/");
            created.contains(name) || !created.iter().any(|other| other.starts_with(&below))
        };
        said.lines.retain(|line| !hides || name_of(line).is_none_or(made));
        if self.has(MailboxFault::CreateKeepsSeparator) {
            let odd = self.history.created.iter().filter(|name| name.ends_with('/'));
            said.lines.extend(odd.map(|name| format!("* LIST (\\Noselect) \"/\" \"{name}\"")));
        }
        if self.has(MailboxFault::ChildrenRemembered) {
            for line in &mut said.lines {
                let Some(name) = name_of(line).map(str::to_owned) else { continue };
                line.clone_from(self.history.listed.entry(name).or_insert_with(|| line.clone()));
            }
        }
    }

    fn reword_list_status(&self, list: &List, said: &mut Said) {
        let is_status = |line: &String| line.starts_with("* STATUS");
        let several = said.lines.iter().filter(|line| is_status(line)).count() > 1;
        if several && self.has(MailboxFault::ListStatusLeavesOutLast) && said.lines.last().is_some_and(is_status) {
            said.lines.pop();
        }
        if self.has(MailboxFault::ListStatusFirst) {
            said.lines.sort_by_key(|line| !is_status(line));
        }
        if self.has(MailboxFault::ListStatusOneShort) {
            said.renumber("(MESSAGES ", |count| count.saturating_sub(1));
        }
        let limit =
            |result: &ListResult| matches!(result, ListResult::Status(items) if items == &[StatusItem::AppendLimit]);
        if list.results.iter().any(limit) && self.has(MailboxFault::ListWithoutLimit) {
            said.leave_out("* STATUS");
        }
    }

    fn list_missing(&self, said: &mut Said) {
        // Nobody has logged in who has no account.
        let missing = self.account(|account| {
            let subscribed = account.subscriptions().iter().filter(|name| account.node(name).is_none());
            subscribed.map(|name| format!("* LIST (\\NonExistent \\Subscribed) \"/\" \"{name}\"")).collect::<Vec<_>>()
        });
        said.lines.extend(missing.unwrap_or_default());
    }

    /// The answer to LSUB.
    pub(super) fn reword_lsub(&self, pattern: &[u8], said: &mut Said) {
        let wild = pattern.iter().any(|c| b"*%".contains(c));
        if !wild && self.has(MailboxFault::SubscribeForSession) && !self.history.subscribed.contains(pattern) {
            said.lines.clear();
        }
        if !pattern.is_empty() && self.has(MailboxFault::LsubHidesParents) {
            said.leave_out("* LSUB (\\Noselect)");
        }
        if wild && self.has(MailboxFault::LsubListsParents) {
            let above = |line: &String| Some(name_of(line)?.rsplit_once('/')?.0.to_owned());
            let parents: Vec<String> = said.lines.iter().filter_map(above).collect();
            said.lines.extend(parents.iter().map(|name| format!("* LSUB () \"/\" \"{name}\"")));
        }
    }
}
