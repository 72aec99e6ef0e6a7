//! Commands by name.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::append::flag_list;
use super::cursor::{Cursor, Extent, ParseError, Parsed};
use super::item::Fetch;
use super::set::SequenceSet;
use super::types::{Body, Command, IdPair, Numbering, Phase, SelectMode, Store, StoreAnswer};
use super::{acl, append, fetch, list, order, quota, resync, search};
use crate::refserver::store::{FlagChange, Flags};

/// Reads a command without its last CRLF, with literals as on the wire. Up to an announced literal, the error
/// [`ParseError::Literal`] says that all before it is well: only then may the client be told to go ahead.
pub fn parse(octets: &[u8], extent: Extent, phase: Phase) -> Result<Command, ParseError> {
    let mut cursor = Cursor::new(octets, extent);
    let tag = cursor.tag()?;
    cursor.space()?;
    let name = cursor.word();
    let (needs, until) = phases(&name).ok_or(ParseError::Unknown)?;
    if phase < needs || phase > until {
        return Err(ParseError::WrongState);
    }
    let body = body(&mut cursor, &name)?;
    cursor.end()?;
    Ok(Command { tag, body })
}

/// The tag of a command that may be wrong in all else.
pub fn tag_of(octets: &[u8]) -> Option<String> {
    let mut cursor = Cursor::new(octets, Extent::Whole);
    let tag = cursor.tag().ok()?;
    (cursor.peek().is_none() || cursor.accept(b' ')).then_some(tag)
}

/// The first and the last phase in which a command is allowed.
fn phases(name: &str) -> Option<(Phase, Phase)> {
    use Phase::{Authenticated, NotAuthenticated, Selected};
    Some(match name {
        // Whether TLS may start, the session knows.
        "CAPABILITY" | "NOOP" | "LOGOUT" | "ID" | "STARTTLS" => (NotAuthenticated, Selected),
        "AUTHENTICATE" | "LOGIN" => (NotAuthenticated, NotAuthenticated),
        "SELECT" | "EXAMINE" | "CREATE" | "DELETE" | "RENAME" | "SUBSCRIBE" | "UNSUBSCRIBE" | "LIST" | "LSUB"
        | "STATUS" | "APPEND" | "COMPRESS" | "IDLE" | "NAMESPACE" | "ENABLE" => (Authenticated, Selected),
        "SETACL" | "DELETEACL" | "GETACL" | "LISTRIGHTS" | "MYRIGHTS" | "GETQUOTA" | "GETQUOTAROOT" | "SETQUOTA" => {
            (Authenticated, Selected)
        }
        "CHECK" | "CLOSE" | "UNSELECT" | "EXPUNGE" | "SEARCH" | "SORT" | "THREAD" | "FETCH" | "STORE" | "COPY"
        | "MOVE" | "REPLACE" | "UID" => (Selected, Selected),
        _ => return None,
    })
}

fn body(cursor: &mut Cursor<'_>, name: &str) -> Parsed<Body> {
    Ok(match name {
        "CAPABILITY" => Body::Capability,
        "NOOP" => Body::Noop,
        "LOGOUT" => Body::Logout,
        "STARTTLS" => Body::StartTls,
        "CHECK" => Body::Check,
        "CLOSE" => Body::Close,
        "UNSELECT" => Body::Unselect,
        "EXPUNGE" => Body::Expunge { uids: None },
        "IDLE" => Body::Idle,
        "NAMESPACE" => Body::Namespace,
        name => {
            cursor.space()?;
            with_arguments(cursor, name)?
        }
    })
}

fn with_arguments(cursor: &mut Cursor<'_>, name: &str) -> Parsed<Body> {
    Ok(match name {
        "AUTHENTICATE" => authenticate(cursor)?,
        "LOGIN" => {
            let (user, password) = pair(cursor, Cursor::astring)?;
            Body::Login { user, password }
        }
        "SELECT" | "EXAMINE" => {
            let mode = if name == "SELECT" { SelectMode::ReadWrite } else { SelectMode::ReadOnly };
            let mailbox = cursor.astring()?;
            Body::Select { mailbox, mode, parameters: resync::select_parameters(cursor)? }
        }
        "CREATE" => {
            let mailbox = cursor.astring()?;
            Body::Create { mailbox, uses: if cursor.accept(b' ') { uses(cursor)? } else { Vec::new() } }
        }
        "DELETE" => Body::Delete { mailbox: cursor.astring()? },
        "RENAME" => {
            let (from, to) = pair(cursor, Cursor::astring)?;
            Body::Rename { from, to }
        }
        "SUBSCRIBE" => Body::Subscribe { mailbox: cursor.astring()? },
        "UNSUBSCRIBE" => Body::Unsubscribe { mailbox: cursor.astring()? },
        "LIST" => Body::List(list::list(cursor)?),
        "LSUB" => {
            let (reference, pattern) = pair(cursor, Cursor::list_mailbox)?;
            Body::Lsub { reference, pattern }
        }
        "STATUS" => {
            let mailbox = cursor.astring()?;
            cursor.space()?;
            Body::Status { mailbox, items: cursor.list(list::status_item)? }
        }
        "APPEND" => Body::Append(append::append(cursor)?),
        "COMPRESS" => match cursor.atom()?.to_ascii_uppercase().as_str() {
            "DEFLATE" => Body::Compress,
            _ => return Err(ParseError::Expected("DEFLATE")),
        },
        "REPLACE" => Body::Replace(append::replace(cursor, Numbering::Sequence)?),
        "ENABLE" => {
            let mut capabilities = vec![cursor.atom()?];
            while cursor.accept(b' ') {
                capabilities.push(cursor.atom()?);
            }
            Body::Enable { capabilities }
        }
        "ID" => Body::Id { parameters: id(cursor)? },
        "SETACL" | "DELETEACL" | "GETACL" | "LISTRIGHTS" | "MYRIGHTS" => Body::Acl(acl::acl(cursor, name)?),
        "GETQUOTA" | "GETQUOTAROOT" | "SETQUOTA" => Body::Quota(quota::quota(cursor, name)?),
        "UID" => {
            let name = cursor.word();
            cursor.space()?;
            match name.as_str() {
                "REPLACE" => Body::Replace(append::replace(cursor, Numbering::Uid)?),
                "EXPUNGE" => Body::Expunge { uids: Some(SequenceSet::parse(cursor)?) },
                name => numbered(cursor, name, Numbering::Uid)?,
            }
        }
        name => numbered(cursor, name, Numbering::Sequence)?,
    })
}

fn numbered(cursor: &mut Cursor<'_>, name: &str, by: Numbering) -> Parsed<Body> {
    match name {
        "SEARCH" => return Ok(Body::Search(search::search(cursor, by)?)),
        "SORT" => return Ok(Body::Sort(order::sort(cursor, by)?)),
        "THREAD" => return Ok(Body::Thread(order::thread(cursor, by)?)),
        _ => {}
    }
    if !matches!(name, "FETCH" | "STORE" | "COPY" | "MOVE") {
        return Err(ParseError::Unknown);
    }
    let set = SequenceSet::parse(cursor)?;
    cursor.space()?;
    Ok(match name {
        "FETCH" => {
            let items = fetch::items(cursor)?;
            let (changed, partial) = resync::fetch_modifiers(cursor, by)?;
            Body::Fetch(Fetch { by, set, items, changed, partial })
        }
        "STORE" => Body::Store(store(cursor, by, set)?),
        "COPY" => Body::Copy { by, set, mailbox: cursor.astring()? },
        _ => Body::Move { by, set, mailbox: cursor.astring()? },
    })
}

fn pair<'a>(cursor: &mut Cursor<'a>, last: fn(&mut Cursor<'a>) -> Parsed<Vec<u8>>) -> Parsed<(Vec<u8>, Vec<u8>)> {
    let first = cursor.astring()?;
    cursor.space()?;
    Ok((first, last(cursor)?))
}

/// RFC 4959 §3: `=` alone is an initial response without octets.
fn authenticate(cursor: &mut Cursor<'_>) -> Parsed<Body> {
    let mechanism = cursor.atom()?.to_ascii_uppercase();
    if !cursor.accept(b' ') {
        return Ok(Body::Authenticate { mechanism, initial: None });
    }
    let encoded = cursor.atom()?;
    let initial = if encoded == "=" { Ok(Vec::new()) } else { STANDARD.decode(encoded) };
    let initial = initial.map_err(|_| ParseError::Expected("base64"))?;
    Ok(Body::Authenticate { mechanism, initial: Some(initial) })
}

/// RFC 6154 §6: `(USE (…))`.
fn uses(cursor: &mut Cursor<'_>) -> Parsed<Vec<String>> {
    cursor.expect(b'(', "a parenthesis")?;
    if !cursor.accept_word("USE ") {
        return Err(ParseError::Expected("USE"));
    }
    let uses = cursor.list_or_none(|cursor| {
        cursor.expect(b'\\', "a use")?;
        cursor.atom()
    })?;
    cursor.expect(b')', "a closing parenthesis")?;
    Ok(uses)
}

fn store(cursor: &mut Cursor<'_>, by: Numbering, set: SequenceSet) -> Parsed<Store> {
    let unchanged_since = resync::store_modifier(cursor)?;
    let change = match cursor.peek() {
        Some(b'+') => FlagChange::Add,
        Some(b'-') => FlagChange::Remove,
        Some(_) | None => FlagChange::Replace,
    };
    let _sign = cursor.accept(b'+') || cursor.accept(b'-');
    let answer = match cursor.word().as_str() {
        "FLAGS" => StoreAnswer::Told,
        "FLAGS.SILENT" => StoreAnswer::Silent,
        _ => return Err(ParseError::Expected("FLAGS")),
    };
    cursor.space()?;
    if cursor.peek() == Some(b'(') {
        return Ok(Store { by, set, unchanged_since, change, answer, flags: flag_list(cursor)? });
    }
    let mut flags = Flags::from([cursor.flag()?]);
    while cursor.accept(b' ') {
        flags.insert(cursor.flag()?);
    }
    Ok(Store { by, set, unchanged_since, change, answer, flags })
}

/// RFC 2971 §3.1: NIL, or pairs of which the values may be NIL; at most 30.
fn id(cursor: &mut Cursor<'_>) -> Parsed<Vec<IdPair>> {
    if cursor.accept_word("NIL") || cursor.accept_word("()") {
        return Ok(Vec::new());
    }
    let pairs = cursor.list(|cursor| {
        let name = cursor.string()?;
        cursor.space()?;
        Ok((name, cursor.nstring()?))
    })?;
    if pairs.len() > 30 { Err(ParseError::Expected("at most 30 pairs")) } else { Ok(pairs) }
}
