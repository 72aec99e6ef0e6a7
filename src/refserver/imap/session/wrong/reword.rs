//! Answers that are reworded.

use super::said::Said;
use super::store::without_modseq;
use crate::refserver::imap::command::{Body, Numbering, SelectMode, StatusItem};
use crate::refserver::imap::fault::{ChangeFault, MailboxFault, SessionFault, SyncFault};
use crate::refserver::imap::session::awareness::Awareness;
use crate::refserver::imap::session::state::Session;

/// Lines that SELECT and EXAMINE leave out.
const UNSAID: [(MailboxFault, SelectMode, &str); 8] = [
    (MailboxFault::SelectWithoutFlags, SelectMode::ReadWrite, "* FLAGS"),
    (MailboxFault::SelectEmptyWithoutExists, SelectMode::ReadWrite, "* 0 EXISTS"),
    (MailboxFault::SelectWithoutPermanentFlags, SelectMode::ReadWrite, "* OK [PERMANENTFLAGS"),
    (MailboxFault::SelectWithoutUidnext, SelectMode::ReadWrite, "* OK [UIDNEXT"),
    (MailboxFault::SelectWithoutUidvalidity, SelectMode::ReadWrite, "* OK [UIDVALIDITY"),
    (MailboxFault::SelectWithoutRecent, SelectMode::ReadWrite, "* 0 RECENT"),
    (MailboxFault::ExamineWithoutUidnext, SelectMode::ReadOnly, "* OK [UIDNEXT"),
    (MailboxFault::ExamineWithoutMailboxId, SelectMode::ReadOnly, "* OK [MAILBOXID"),
];

impl Session<'_> {
    /// Says something else than the right thing.
    pub(super) fn reword(&mut self, asked: &Body, said: &mut Said) {
        self.reword_session(asked, said);
        self.reword_enable(asked, said);
        self.reword_removals(asked, said);
        if let Body::Search(search) = asked {
            self.reword_search(search, said);
        }
        if let Body::Sort(_) = asked {
            self.reword_sort(said);
        }
        if let Body::Store(store) = asked {
            self.reword_store(store, said);
        }
        if let Body::Select { mode, .. } = asked {
            self.reword_select(*mode, said);
        }
        if let Body::List(list) = asked {
            self.reword_list(list, said);
        }
        if let Body::Lsub { pattern, .. } = asked {
            self.reword_lsub(pattern, said);
        }
        if let Body::Status { mailbox, items } = asked {
            self.reword_status(mailbox, items, said);
        }
        if let Body::Append(append) = asked {
            self.reword_append(append, said);
        }
        self.reword_codes(asked, said);
        if self.has(MailboxFault::UidnextTooGreat) {
            let more = |next| if next > 1 { next + 1 } else { next };
            said.renumber("UIDNEXT ", more);
        }
        if self.has(MailboxFault::MailboxIdOfAll) {
            said.renumber("MAILBOXID (F", |_| 1);
            said.tagged = said.tagged.take().map(|line| super::said::renumbered(&line, "MAILBOXID (F", &|_| 1));
        }
    }

    fn reword_session(&mut self, asked: &Body, said: &mut Said) {
        let selected = self.view.is_some();
        let (capability, logout) = (matches!(asked, Body::Capability), matches!(asked, Body::Logout));
        if capability && selected && self.has(SessionFault::CapabilityTwice) {
            said.lines.extend(said.lines.first().cloned());
        }
        let hides_revision = match self.user {
            Some(_) => self.has(SessionFault::CapabilityWithoutRevision),
            None => self.has(SessionFault::CapabilityWithoutRevisionBeforeLogin),
        };
        if capability && hides_revision {
            ["IMAP4rev1 ", "IMAP4rev2 "].iter().for_each(|revision| said.change(revision, ""));
        }
        if logout && selected && self.has(SessionFault::LogoutWithoutBye) {
            said.leave_out("* BYE");
        }
        if matches!(asked, Body::Idle) && self.has(SessionFault::IdleWithoutPlus) {
            said.change("+ idling", "* OK idling");
        }
        if matches!(asked, Body::Namespace) && self.has(SessionFault::NamespaceWithoutResponse) {
            said.leave_out("* NAMESPACE");
        }
        if matches!(asked, Body::Id { .. }) {
            self.history.ids += 1;
            if self.history.ids > 1 && self.has(SessionFault::LaterIdSilent) {
                said.leave_out("* ID");
            }
            if self.has(SessionFault::IdFieldTwice) {
                said.change("(\"name\" \"mailproof\")", "(\"name\" \"mailproof\" \"Name\" \"mailproof\")");
            }
        }
        if self.has(SessionFault::NumberAboveLastIgnored) {
            said.change_tagged(" BAD no such message number", " OK done");
        }
        if self.has(SessionFault::UnknownCommandNo) {
            said.change_tagged(" BAD unknown command", " NO unknown command");
        }
        if let (Some(line), true) = (&mut said.tagged, self.has(SessionFault::TagEndsAtColon)) {
            let (tag, rest) = line.split_once(' ').unwrap_or((line, ""));
            *line = format!("{} {rest}", tag.split(':').next().unwrap_or(tag));
        }
    }

    fn reword_enable(&self, asked: &Body, said: &mut Said) {
        let Body::Enable { capabilities } = asked else { return };
        let (unknown, others) = (["X-"], ["IDLE", "UNSELECT"]);
        let is = |name: &str, all: &[&str]| all.iter().any(|one| name.to_ascii_uppercase().starts_with(one));
        for line in said.lines.iter_mut().filter(|line| line.starts_with("* ENABLED")) {
            for name in capabilities {
                let told = (is(name, &unknown)
                    && line.len() > "* ENABLED".len()
                    && self.has(SessionFault::EnableNamesUnknown))
                    || (is(name, &others) && self.has(SessionFault::EnableNamesOthers));
                if told {
                    line.push_str(&format!(" {name}"));
                }
            }
        }
        if self.has(SessionFault::EnableSilentWhenEmpty) {
            said.lines.retain(|line| line != "* ENABLED");
        }
        if self.has(SessionFault::EnableSilent) {
            said.leave_out("* ENABLED");
        }
    }

    fn reword_select(&self, mode: SelectMode, said: &mut Said) {
        for (fault, unsaid, beginning) in UNSAID {
            if unsaid == mode && self.has(fault) {
                said.leave_out(beginning);
            }
        }
        let has = |fault| self.has(fault);
        if has(MailboxFault::FlagsWithoutSeen) {
            said.change(" \\Seen", "");
        }
        if has(MailboxFault::UnseenIsFirst) {
            said.renumber("[UNSEEN ", |_| 1);
        }
        if has(MailboxFault::SelectWithoutCode) {
            said.leave_out_code("READ-WRITE");
        }
        if mode == SelectMode::ReadOnly && has(MailboxFault::ExamineSaysReadWrite) {
            said.change_tagged("[READ-ONLY]", "[READ-WRITE]");
        }
        if mode == SelectMode::ReadOnly && has(MailboxFault::ExaminePromisesFlags) {
            said.change("[PERMANENTFLAGS ()]", "[PERMANENTFLAGS (\\Seen)]");
        }
        if mode == SelectMode::ReadOnly && has(MailboxFault::ExamineWrites) {
            said.change_tagged("[READ-WRITE]", "[READ-ONLY]");
            said.leave_out("* OK [PERMANENTFLAGS");
            said.lines.push("* OK [PERMANENTFLAGS ()] nothing is kept".to_owned());
        }
        if has(MailboxFault::MailboxIdDiffers) {
            said.change("[MAILBOXID (F", "[MAILBOXID (G");
        }
        self.reword_resync(said);
    }

    fn reword_resync(&self, said: &mut Said) {
        let has = |fault| self.has(fault);
        if has(SyncFault::SelectWithoutHighest) {
            said.leave_out("* OK [HIGHESTMODSEQ");
        }
        let expunged = self.history.expunges > 0 && has(SyncFault::ExpungeKeepsHighest);
        if has(SyncFault::HighestTooLow) || expunged {
            said.renumber("[HIGHESTMODSEQ ", |modseq| modseq.saturating_sub(1).max(1));
        }
        if has(SyncFault::SelectWithoutClosed) {
            said.leave_out("* OK [CLOSED]");
        }
        let is_fetch = |line: &str| line.contains(" FETCH (");
        if has(SyncFault::ResyncWithoutFlags) {
            said.lines.retain(|line| !is_fetch(line));
        }
        if has(SyncFault::ResyncFlagsFirst) {
            said.lines.sort_by_key(|line| line.starts_with("* VANISHED"));
        }
        for line in said.lines.iter_mut().filter(|line| line.starts_with("* VANISHED (EARLIER) ")) {
            if let (Some((_, last)), true) = (line.rsplit_once(','), has(SyncFault::VanishedLeavesOutFirst)) {
                *line = format!("* VANISHED (EARLIER) {last}");
            }
        }
    }

    fn reword_status(&mut self, mailbox: &[u8], items: &[StatusItem], said: &mut Said) {
        if self.has(MailboxFault::StatusRemembersUidnext) {
            for line in &mut said.lines {
                let Some((before, rest)) = line.split_once("UIDNEXT ") else { continue };
                let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                let (now, after) = rest.split_at(end);
                let first = self.history.uidnexts.entry(mailbox.to_vec()).or_insert_with(|| now.to_owned());
                *line = format!("{before}UIDNEXT {first}{after}");
            }
        }
        let has = |fault| self.has(fault);
        if has(MailboxFault::StatusCountsTooFew) {
            said.renumber("(MESSAGES ", |count| if count >= 3 { count - 1 } else { count });
        }
        if items == [StatusItem::Unseen] && has(MailboxFault::StatusUnseenTooMany) {
            said.renumber("(UNSEEN ", |count| count + 1);
        }
        if has(MailboxFault::StatusOtherUidvalidity) {
            said.renumber("UIDVALIDITY ", |validity| validity + 1);
        }
        if has(MailboxFault::StatusWithoutRecent) {
            said.renumber("RECENT ", |_| 0);
        }
        if has(MailboxFault::StatusHalfSize) {
            said.renumber("SIZE ", |size| size / 2);
        }
        if has(MailboxFault::StatusWithoutEmptySize) {
            said.lines.retain(|line| !line.ends_with("(SIZE 0)"));
        }
        if items == [StatusItem::AppendLimit] && has(MailboxFault::StatusWithoutLimit) {
            said.leave_out("* STATUS");
        }
        if self.has(SyncFault::StatusOtherHighest) {
            said.renumber("HIGHESTMODSEQ ", |modseq| modseq + 1);
        }
        if self.history.renamed.contains(mailbox) && has(MailboxFault::RenameChangesMailboxId) {
            said.change("MAILBOXID (F", "MAILBOXID (G");
        }
    }

    /// EXPUNGE and VANISHED, and flags of others.
    fn reword_removals(&mut self, asked: &Body, said: &mut Said) {
        let is_removal = |line: &String| line.ends_with(" EXPUNGE");
        let silent = (matches!(asked, Body::Close) && self.has(ChangeFault::CloseKeepsMailbox))
            || (matches!(asked, Body::Noop) && self.has(ChangeFault::NoopHidesRemovals))
            || (matches!(asked, Body::Expunge { uids: Some(_) }) && self.has(ChangeFault::UidExpungeSilent));
        if silent {
            said.lines.retain(|line| !is_removal(line) && !line.starts_with("* VANISHED "));
        }
        if matches!(asked, Body::Expunge { uids: None }) {
            let first = said.lines.iter().position(is_removal);
            if let (Some(first), true) = (first, self.has(ChangeFault::ExpungeTellsFirst)) {
                let mut at = 0..;
                said.lines.retain(|line| at.next() == Some(first) || !is_removal(line));
            }
            let by_number = self.awareness < Awareness::Qresync;
            if first.is_none() && by_number && said.is_ok() && self.has(ChangeFault::ExpungeTellsOfNothing) {
                said.lines.push("* 1 EXPUNGE".to_owned());
            }
            if self.has(ChangeFault::ExpungeNumbersFromBefore) {
                let removals = said.lines.iter_mut().filter(|line| is_removal(line));
                for (told, line) in (0..).zip(removals) {
                    *line = super::said::renumbered(line, "* ", &|number| number + told);
                }
            }
        }
        if matches!(asked, Body::Unselect) && self.has(ChangeFault::UnselectTells) {
            said.lines.push("* 1 EXPUNGE".to_owned());
        }
        if matches!(asked, Body::Move { .. }) && said.is_ok() && self.has(ChangeFault::MoveTellsMark) {
            said.lines.insert(0, "* 1 FETCH (FLAGS (\\Deleted))".to_owned());
        }
        if matches!(asked, Body::Noop) && self.has(SyncFault::NewsWithoutModseq) {
            said.lines.iter_mut().for_each(|line| *line = without_modseq(line));
        }
    }

    /// COPYUID and others.
    fn reword_codes(&self, asked: &Body, said: &mut Said) {
        if matches!(asked, Body::Create { .. }) && self.has(MailboxFault::CreateWithoutMailboxId) {
            said.leave_out_code("MAILBOXID");
        }
        if let Body::Move { .. } = asked {
            if self.has(ChangeFault::MoveWithoutTryCreate) {
                said.leave_out_code("TRYCREATE");
            }
            if self.has(ChangeFault::MoveTellsCodeLast) {
                said.lines.sort_by_key(|line| line.starts_with("* OK [COPYUID"));
            }
        }
        let Body::Copy { by, set, .. } = asked else { return };
        if self.has(ChangeFault::CopyWithoutTryCreate) {
            said.leave_out_code("TRYCREATE");
        }
        if *by == Numbering::Uid && self.has(ChangeFault::CopyUidOfNothing) {
            said.change_tagged(" OK nothing", " OK [COPYUID 1 1 1] nothing");
        }
        let Some(line) = said.tagged.as_deref() else { return };
        let Some((before, rest)) = line.split_once("[COPYUID ") else { return };
        let Some((code, after)) = rest.split_once(']') else { return };
        let mut sets = code.split(' ');
        let (Some(validity), Some(from), Some(to)) = (sets.next(), sets.next(), sets.next()) else { return };
        let first = |set: &str| set.split([',', ':']).next().unwrap_or_default().to_owned();
        let code = if self.has(ChangeFault::CopyUidSwapped) {
            format!("{validity} {to} {from}")
        } else if self.has(ChangeFault::CopyUidOfFirst) {
            format!("{validity} {from} {}", first(to))
        } else if Self::names_more(set) && self.has(ChangeFault::CopyUidAsAsked) {
            format!("{validity} 1:4294967294 {to}")
        } else {
            return;
        };
        said.tagged = Some(format!("{before}[COPYUID {code}]{after}"));
    }
}
