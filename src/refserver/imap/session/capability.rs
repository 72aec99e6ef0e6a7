//! What is announced (RFC 3501 §6.1.1), and what is not there when it is withheld.

use super::quota::is_announced;
use super::reader::Welcome;
use super::revision::{REV2, has_rev2};
use super::state::Session;
use crate::refserver::imap::command::{
    AppendMessage, Body, FetchItem, List, ListForm, ListResult, ListSelect, MessageForm, SearchKey, SearchResult,
    SelectParameter, SequenceSet, StatusItem, Threading,
};
use crate::refserver::imap::fault::SessionFault;
use crate::refserver::sasl::offered;
use crate::refserver::security::TlsFault;
use crate::refserver::{Config, Protection};

/// RFC 7888 §5, in octets.
const LITERAL_MINUS_MAX: u64 = 4096;

/// What may be announced beside IMAP4rev1.
const KEYWORDS: [&str; 42] = [
    "IMAP4REV2",
    "LITERAL+",
    "SASL-IR",
    "ID",
    "ENABLE",
    "IDLE",
    "NAMESPACE",
    "CHILDREN",
    "UIDPLUS",
    "MOVE",
    "UNSELECT",
    "ESEARCH",
    "SEARCHRES",
    "WITHIN",
    "SORT",
    "THREAD=ORDEREDSUBJECT",
    "THREAD=REFERENCES",
    "LIST-EXTENDED",
    "LIST-STATUS",
    "SPECIAL-USE",
    "CREATE-SPECIAL-USE",
    "STATUS=SIZE",
    "APPENDLIMIT",
    "MULTIAPPEND",
    "CONDSTORE",
    "QRESYNC",
    "OBJECTID",
    "SAVEDATE",
    "BINARY",
    "PREVIEW",
    "REPLACE",
    "PARTIAL",
    "COMPRESS=DEFLATE",
    "UTF8=ACCEPT",
    "ACL",
    "QUOTA",
    "QUOTA=RES-STORAGE",
    "QUOTA=RES-MESSAGE",
    "QUOTA=RES-MAILBOX",
    "LITERAL-",
    "STARTTLS",
    "LOGINDISABLED",
];

/// Every word that may be announced or withheld, beside `AUTH=` and the mechanisms.
pub fn keywords() -> impl Iterator<Item = &'static str> {
    KEYWORDS.into_iter()
}

impl Session<'_> {
    /// The words after CAPABILITY. Passwords as they are, are for TLS only.
    pub(super) fn capabilities(&self) -> String {
        let clear = self.protection == Protection::Clear;
        let mut words = vec!["IMAP4rev1".to_owned()];
        for word in keywords().filter(|word| self.config.offers(word)) {
            match word {
                "APPENDLIMIT" => words.push(format!("{word}={}", self.config.size_limit)),
                "IMAP4REV2" => words.extend(has_rev2(self.config).then(|| REV2.to_owned())),
                word if word.starts_with("QUOTA=") && !is_announced(self.config, word) => {}
                // RFC 4314 §2: what RFC 2086 did not have.
                "ACL" => words.extend([word.to_owned(), "RIGHTS=kxte".to_owned()]),
                // RFC 7888 §5: never both.
                "LITERAL-" if self.config.offers("LITERAL+") && !self.has(SessionFault::BothLiterals) => {}
                "STARTTLS" if self.config.faults.has(TlsFault::ImapOfferedInside) => words.push(word.to_owned()),
                "STARTTLS" | "LOGINDISABLED" if !clear || self.user.is_some() => {}
                _ => words.push(word.to_owned()),
            }
        }
        if self.user.is_none() {
            words.extend(offered(self.config, self.protection).map(|mechanism| format!("AUTH={mechanism}")));
        }
        words.join(" ")
    }
}

impl Session<'_> {
    /// RFC 7888 §3 and §5.
    pub(super) fn welcome(&self) -> Welcome {
        let unasked_max = if self.config.offers("LITERAL+") {
            Some(u64::MAX)
        } else {
            self.config.offers("LITERAL-").then_some(LITERAL_MINUS_MAX)
        };
        Welcome { message_max: self.config.size_limit, unasked_max }
    }
}

/// Whether all is offered that a command makes use of.
pub(super) fn is_offered(config: &Config, body: &Body) -> bool {
    let has = |word: &str| match word {
        "CONDSTORE" => config.offers(word) || config.offers("QRESYNC"),
        "IMAP4REV2" => has_rev2(config),
        word if word.starts_with("QUOTA=") => is_announced(config, word),
        word => config.offers(word),
    };
    needs(body).into_iter().all(|need| need.split('|').any(has))
}

/// The capabilities that a command makes use of; of words with `|` between them one is enough. QRESYNC brings all of CONDSTORE (RFC 7162 §3.2).
fn needs(body: &Body) -> Vec<&'static str> {
    match body {
        Body::Authenticate { initial: Some(_), .. } => vec!["SASL-IR"],
        Body::StartTls => vec!["STARTTLS"],
        Body::Compress => vec!["COMPRESS=DEFLATE"],
        Body::Id { .. } => vec!["ID"],
        Body::Acl(_) => vec!["ACL"],
        Body::Quota(_) => vec!["QUOTA"],
        Body::Enable { .. } => vec!["ENABLE"],
        Body::Idle => vec!["IDLE"],
        Body::Namespace => vec!["NAMESPACE"],
        Body::Unselect => vec!["UNSELECT"],
        Body::Expunge { uids: Some(set) } => with_set(vec!["UIDPLUS"], set),
        Body::Move { set, .. } => with_set(vec!["MOVE"], set),
        Body::Copy { set, .. } => with_set(Vec::new(), set),
        Body::Append(append) => {
            let several = (append.messages.len() > 1).then_some("MULTIAPPEND");
            several.into_iter().chain(append.messages.iter().filter_map(of_message)).collect()
        }
        Body::Replace(replace) => ["REPLACE"].into_iter().chain(of_message(&replace.message)).collect(),
        Body::Create { uses, .. } if !uses.is_empty() => vec!["CREATE-SPECIAL-USE"],
        Body::Select { parameters, .. } => parameters.iter().map(of_parameter).collect(),
        Body::Status { items, .. } => items.iter().filter_map(of_status).collect(),
        Body::List(list) => of_list(list),
        Body::Fetch(fetch) => {
            let mut words: Vec<&str> = fetch.items.iter().filter_map(of_item).collect();
            words.extend(fetch.changed.map(|_| "CONDSTORE"));
            words.extend(fetch.partial.map(|_| "PARTIAL"));
            with_set(words, &fetch.set)
        }
        Body::Store(store) => with_set(store.unchanged_since.map(|_| "CONDSTORE").into_iter().collect(), &store.set),
        Body::Search(search) => {
            let mut words = of_key(&search.key);
            words.extend(search.results.as_ref().map(|_| "ESEARCH"));
            words.extend(search.results.iter().flatten().filter_map(of_search_result));
            words
        }
        Body::Sort(sort) => [vec!["SORT"], of_key(&sort.search.key)].concat(),
        Body::Thread(thread) => {
            let word = match thread.by {
                Threading::OrderedSubject => "THREAD=ORDEREDSUBJECT",
                Threading::References => "THREAD=REFERENCES",
            };
            [vec![word], of_key(&thread.search.key)].concat()
        }
        Body::Authenticate { initial: None, .. }
        | Body::Capability
        | Body::Noop
        | Body::Logout
        | Body::Login { .. }
        | Body::Create { .. }
        | Body::Delete { .. }
        | Body::Rename { .. }
        | Body::Subscribe { .. }
        | Body::Unsubscribe { .. }
        | Body::Lsub { .. }
        | Body::Check
        | Body::Close
        | Body::Expunge { uids: None } => Vec::new(),
    }
}

fn with_set(mut words: Vec<&'static str>, set: &SequenceSet) -> Vec<&'static str> {
    words.extend((*set == SequenceSet::Saved).then_some("SEARCHRES"));
    words
}

fn of_parameter(parameter: &SelectParameter) -> &'static str {
    match parameter {
        SelectParameter::Condstore => "CONDSTORE",
        SelectParameter::Resync(_) => "QRESYNC",
    }
}

fn of_status(item: &StatusItem) -> Option<&'static str> {
    match item {
        StatusItem::AppendLimit => Some("APPENDLIMIT"),
        StatusItem::Deleted => Some("QUOTA=RES-MESSAGE|IMAP4REV2"),
        StatusItem::DeletedStorage => Some("QUOTA=RES-STORAGE"),
        StatusItem::HighestModseq => Some("CONDSTORE"),
        StatusItem::MailboxId => Some("OBJECTID"),
        StatusItem::Size => Some("STATUS=SIZE"),
        StatusItem::Messages
        | StatusItem::Recent
        | StatusItem::UidNext
        | StatusItem::UidValidity
        | StatusItem::Unseen => None,
    }
}

fn of_list(list: &List) -> Vec<&'static str> {
    let extended = if list.form == ListForm::Extended { Some("LIST-EXTENDED") } else { None };
    let select = list.select.iter().filter(|option| **option == ListSelect::SpecialUse).map(|_| "SPECIAL-USE");
    extended.into_iter().chain(select).chain(list.results.iter().flat_map(of_result)).collect()
}

fn of_result(result: &ListResult) -> Vec<&'static str> {
    match result {
        ListResult::SpecialUse => vec!["SPECIAL-USE"],
        ListResult::Status(items) => ["LIST-STATUS"].into_iter().chain(items.iter().filter_map(of_status)).collect(),
        ListResult::Children | ListResult::Subscribed => Vec::new(),
    }
}

fn of_message(message: &AppendMessage) -> Option<&'static str> {
    match message.form {
        MessageForm::Literal => None,
        MessageForm::Literal8 => Some("BINARY"),
        MessageForm::Utf8 => Some("UTF8=ACCEPT"),
    }
}

fn of_search_result(result: &SearchResult) -> Option<&'static str> {
    match result {
        SearchResult::Partial(_) => Some("PARTIAL"),
        SearchResult::Save => Some("SEARCHRES"),
        SearchResult::All | SearchResult::Count | SearchResult::Max | SearchResult::Min => None,
    }
}

fn of_item(item: &FetchItem) -> Option<&'static str> {
    match item {
        FetchItem::Binary(_) => Some("BINARY"),
        FetchItem::EmailId | FetchItem::ThreadId => Some("OBJECTID"),
        FetchItem::Modseq => Some("CONDSTORE"),
        FetchItem::Preview => Some("PREVIEW"),
        FetchItem::SaveDate => Some("SAVEDATE"),
        FetchItem::Envelope
        | FetchItem::Flags
        | FetchItem::InternalDate
        | FetchItem::Rfc822
        | FetchItem::Rfc822Header
        | FetchItem::Rfc822Size
        | FetchItem::Rfc822Text
        | FetchItem::Body
        | FetchItem::BodyStructure
        | FetchItem::Uid
        | FetchItem::Section { .. }
        | FetchItem::Peek { .. } => None,
    }
}

fn of_key(key: &SearchKey) -> Vec<&'static str> {
    match key {
        SearchKey::And(keys) => keys.iter().flat_map(of_key).collect(),
        SearchKey::Or(left, right) => [of_key(left), of_key(right)].concat(),
        SearchKey::Not(key) => of_key(key),
        SearchKey::Sequence(set) | SearchKey::Uid(set) => with_set(Vec::new(), set),
        SearchKey::Older(_) | SearchKey::Younger(_) => vec!["WITHIN"],
        SearchKey::Modseq(_) => vec!["CONDSTORE"],
        SearchKey::EmailId(_) | SearchKey::ThreadId(_) => vec!["OBJECTID"],
        SearchKey::SavedBefore(_) | SearchKey::SavedOn(_) | SearchKey::SavedSince(_) => vec!["SAVEDATE"],
        SearchKey::All
        | SearchKey::Flag(_)
        | SearchKey::Recent
        | SearchKey::Body(_)
        | SearchKey::Text(_)
        | SearchKey::Header { .. }
        | SearchKey::Before(_)
        | SearchKey::On(_)
        | SearchKey::Since(_)
        | SearchKey::SentBefore(_)
        | SearchKey::SentOn(_)
        | SearchKey::SentSince(_)
        | SearchKey::Larger(_)
        | SearchKey::Smaller(_) => Vec::new(),
    }
}
