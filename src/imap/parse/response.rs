//! Which kind of response it is. RFC 3501 §9 `response`.

use super::cursor::{Cursor, Parsed};
use super::lexical::{is_astring_char, upper};
use super::rule::{Rule, RuleSet};
use super::{extension, fetch, generic, mailbox, search, status};
use crate::base::SyntaxError;
use crate::imap::{Grammar, Response, Revision, Value};

/// What stands behind the name of a data response.
pub(super) struct Data {
    pub(super) args: Vec<Value>,
    pub(super) grammar: Grammar,
}

impl Data {
    pub(super) fn known(args: Vec<Value>) -> Self {
        Self { args, grammar: Grammar::Known }
    }
}

/// Parses one response, its line end included, by the grammar of `revision`.
pub fn parse(raw: &[u8], revision: Revision) -> Result<Response, SyntaxError> {
    read(raw, revision).0
}

/// As [`parse`], and tells which rules were read.
pub(in crate::imap) fn read(raw: &[u8], revision: Revision) -> (Result<Response, SyntaxError>, RuleSet) {
    let mut cursor = Cursor::new(raw, revision);
    let parsed = response(&mut cursor).map_err(|fault| cursor.blame(fault));
    (parsed, cursor.entered())
}

/// `response-data / response-tagged / continue-req`, greetings included
fn response(c: &mut Cursor<'_>) -> Parsed<Response> {
    match c.peek() {
        Some(b'+') => status::continue_req(c),
        Some(b'*') => {
            c.skip(1);
            c.sp()?;
            untagged(c)
        }
        Some(_) | None => tagged(c),
    }
}

/// `response-tagged = tag SP resp-cond-state CRLF`
fn tagged(c: &mut Cursor<'_>) -> Parsed<Response> {
    let tag = c.take_while(|octet| is_astring_char(octet) && octet != b'+');
    if tag.is_empty() {
        return c.enter(Rule::Tag, |c| c.fault("`*`, `+` or a tag"));
    }
    let tag = String::from_utf8_lossy(tag).into_owned();
    c.sp()?;
    status::resp_cond(c, Some(tag))
}

/// `response-data = "*" SP (resp-cond-state / resp-cond-bye / mailbox-data / message-data / capability-data) CRLF`
fn untagged(c: &mut Cursor<'_>) -> Parsed<Response> {
    let number = match c.peek() {
        Some(b'0'..=b'9') => Some(numbered(c)?),
        Some(_) | None => None,
    };
    let start = c.at();
    let name = upper(c.atom()?);
    let data = match (number, name.as_str()) {
        (None, "OK" | "NO" | "BAD" | "BYE" | "PREAUTH") => {
            c.back_to(start);
            return status::resp_cond(c, None);
        }
        (None, "CAPABILITY") => c.enter(Rule::Capability, mailbox::capability_data)?,
        (None, "ENABLED") => c.enter(Rule::Enabled, mailbox::enable_data)?,
        (None, "FLAGS") => c.enter(Rule::MailboxData, mailbox::flags)?,
        (None, "LIST" | "LSUB") => c.enter(Rule::MailboxList, mailbox::mailbox_list)?,
        (None, "STATUS") => c.enter(Rule::Status, mailbox::status)?,
        (None, "SEARCH") => c.enter(Rule::Search, search::search_data)?,
        (None, "SORT") => c.enter(Rule::Sort, search::search_data)?,
        (None, "THREAD") => c.enter(Rule::Thread, search::thread_data)?,
        (None, "ESEARCH") => c.enter(Rule::Esearch, search::esearch_response)?,
        (None, "VANISHED") => c.enter(Rule::Vanished, search::expunged_resp)?,
        (None, "NAMESPACE") => c.enter(Rule::Namespace, extension::namespace_response)?,
        (None, "ID") => c.enter(Rule::Id, extension::id_response)?,
        (None, "ACL") => c.enter(Rule::Acl, extension::acl_data)?,
        (None, "MYRIGHTS") => c.enter(Rule::MyRights, extension::myrights_data)?,
        (None, "LISTRIGHTS") => c.enter(Rule::ListRights, extension::listrights_data)?,
        (None, "QUOTA") => c.enter(Rule::Quota, extension::quota_response)?,
        (None, "QUOTAROOT") => c.enter(Rule::QuotaRoot, extension::quotaroot_response)?,
        (None, "METADATA") => c.enter(Rule::Metadata, extension::metadata_resp)?,
        (None, "LANGUAGE") => c.enter(Rule::LanguageData, extension::language_data)?,
        (Some(count), "EXISTS" | "RECENT") if count.in_range => {
            c.enter(Rule::MailboxData, |_| Ok(Data::known(Vec::new())))?
        }
        (Some(count), "EXPUNGE") if count.is_nz() => c.enter(Rule::MessageData, |_| Ok(Data::known(Vec::new())))?,
        (Some(count), "FETCH") if count.is_nz() => c.enter(Rule::MessageData, fetch::msg_att)?,
        (Some(count), "UIDFETCH") if count.is_nz() => c.enter(Rule::UidFetch, fetch::msg_att)?,
        (Some(count), "EXISTS" | "RECENT" | "EXPUNGE" | "FETCH" | "UIDFETCH") => return count.fault(c),
        (_, name) if needs_number(name) => {
            return c.enter(Rule::MessageData, |c| c.fault_at(start, format!("a number in front of {name}")));
        }
        (_, _) => generic::rest(c),
    };
    c.crlf()?;
    Ok(Response::Data { number: number.map(|number| number.value), name, args: data.args, grammar: data.grammar })
}

fn needs_number(name: &str) -> bool {
    matches!(name, "EXISTS" | "RECENT" | "EXPUNGE" | "FETCH" | "UIDFETCH")
}

/// The number in front of a name.
#[derive(Clone, Copy)]
struct Count {
    start: usize,
    value: u64,
    leading_zero: bool,
    in_range: bool,
}

/// `number SP`
fn numbered(c: &mut Cursor<'_>) -> Parsed<Count> {
    let start = c.at();
    let digits = c.take_while(|octet| octet.is_ascii_digit());
    let value = digits.iter().fold(0_u64, |sum, digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
    let in_range = value <= u64::from(u32::MAX);
    c.sp()?;
    Ok(Count { start, value, leading_zero: digits.first() == Some(&b'0'), in_range })
}

impl Count {
    /// `nz-number`
    fn is_nz(self) -> bool {
        self.in_range && !self.leading_zero
    }

    fn fault<T>(self, c: &mut Cursor<'_>) -> Parsed<T> {
        c.enter(Rule::NzNumber, |c| c.fault_at(self.start, "a number from 1 to 4294967295, without leading zero"))
    }
}
