//! LIST with options (RFC 5258 §6, RFC 5819 §4, RFC 6154 §6) and the items of STATUS.

use super::cursor::{Cursor, ParseError, Parsed};
use super::types::{List, ListForm, ListResult, ListSelect, StatusItem};

/// What follows LIST.
pub(super) fn list(cursor: &mut Cursor<'_>) -> Parsed<List> {
    let mut form = ListForm::Basic;
    let mut select = Vec::new();
    if cursor.peek() == Some(b'(') {
        form = ListForm::Extended;
        select = cursor.list_or_none(select_option)?;
        cursor.space()?;
    }
    // RFC 5258 §3.1: it says nothing by itself, and REMOTE is no restriction.
    let restricts = select.iter().any(|option| matches!(option, ListSelect::SpecialUse | ListSelect::Subscribed));
    if select.contains(&ListSelect::RecursiveMatch) && !restricts {
        return Err(ParseError::Expected("another option with RECURSIVEMATCH"));
    }
    let reference = cursor.astring()?;
    cursor.space()?;
    let patterns = if cursor.peek() == Some(b'(') {
        form = ListForm::Extended;
        cursor.list(Cursor::list_mailbox)?
    } else {
        vec![cursor.list_mailbox()?]
    };
    let mut results = Vec::new();
    if cursor.accept_word(" RETURN ") {
        form = ListForm::Extended;
        results = cursor.list_or_none(result_option)?;
    }
    Ok(List { form, select, reference, patterns, results })
}

fn select_option(cursor: &mut Cursor<'_>) -> Parsed<ListSelect> {
    Ok(match cursor.atom()?.to_ascii_uppercase().as_str() {
        "RECURSIVEMATCH" => ListSelect::RecursiveMatch,
        "REMOTE" => ListSelect::Remote,
        "SPECIAL-USE" => ListSelect::SpecialUse,
        "SUBSCRIBED" => ListSelect::Subscribed,
        // RFC 5258 §3: BAD for options that are not known.
        _ => return Err(ParseError::Expected("a selection option")),
    })
}

fn result_option(cursor: &mut Cursor<'_>) -> Parsed<ListResult> {
    Ok(match cursor.atom()?.to_ascii_uppercase().as_str() {
        "CHILDREN" => ListResult::Children,
        "SPECIAL-USE" => ListResult::SpecialUse,
        "STATUS" => {
            cursor.space()?;
            ListResult::Status(cursor.list(status_item)?)
        }
        "SUBSCRIBED" => ListResult::Subscribed,
        _ => return Err(ParseError::Expected("a return option")),
    })
}

pub(super) fn status_item(cursor: &mut Cursor<'_>) -> Parsed<StatusItem> {
    Ok(match cursor.atom()?.to_ascii_uppercase().as_str() {
        "APPENDLIMIT" => StatusItem::AppendLimit,
        "DELETED" => StatusItem::Deleted,
        "DELETED-STORAGE" => StatusItem::DeletedStorage,
        "HIGHESTMODSEQ" => StatusItem::HighestModseq,
        "MAILBOXID" => StatusItem::MailboxId,
        "MESSAGES" => StatusItem::Messages,
        "RECENT" => StatusItem::Recent,
        "SIZE" => StatusItem::Size,
        "UIDNEXT" => StatusItem::UidNext,
        "UIDVALIDITY" => StatusItem::UidValidity,
        "UNSEEN" => StatusItem::Unseen,
        _ => return Err(ParseError::Expected("an item of STATUS")),
    })
}
