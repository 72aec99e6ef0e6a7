//! SEARCH (RFC 3501 §6.4.4, RFC 4731, RFC 5032, RFC 5182, RFC 9394).

use super::cursor::{Cursor, ParseError, Parsed};
use super::partial::Partial;
use super::resync;
use super::set::SequenceSet;
use super::types::{Numbering, Search, SearchKey, SearchResult};
use crate::refserver::store::{CivilDate, Flag};

/// How deep keys may nest.
const DEPTH_MAX: usize = 50;

/// What follows SEARCH (RFC 3501 §9, RFC 4731 §4).
pub(super) fn search(cursor: &mut Cursor<'_>, by: Numbering) -> Parsed<Search> {
    let mut results = None;
    if cursor.accept_word("RETURN ") {
        let wanted = cursor.list_or_none(result)?;
        // RFC 4731 §3.1: `()` is `(ALL)`.
        // RFC 9394 §3.1: at most one of these.
        let partials = wanted.iter().filter(|result| matches!(result, SearchResult::Partial(_))).count();
        if partials > 1 || (partials == 1 && wanted.contains(&SearchResult::All)) {
            return Err(ParseError::Expected("one of PARTIAL and ALL"));
        }
        results = Some(if wanted.is_empty() { vec![SearchResult::All] } else { wanted });
        cursor.space()?;
    }
    let mut charset = None;
    if cursor.accept_word("CHARSET ") {
        charset = Some(cursor.astring()?);
        cursor.space()?;
    }
    Ok(Search { by, results, charset, key: keys(cursor)? })
}

/// The criteria of SORT and THREAD: the charset is not left out (RFC 5256 §5).
pub(super) fn criteria(cursor: &mut Cursor<'_>, by: Numbering) -> Parsed<Search> {
    let charset = Some(cursor.astring()?);
    cursor.space()?;
    Ok(Search { by, results: None, charset, key: keys(cursor)? })
}

fn result(cursor: &mut Cursor<'_>) -> Parsed<SearchResult> {
    Ok(match cursor.word().as_str() {
        "ALL" => SearchResult::All,
        "COUNT" => SearchResult::Count,
        "MAX" => SearchResult::Max,
        "MIN" => SearchResult::Min,
        "PARTIAL" => SearchResult::Partial(Partial::parse(cursor)?),
        "SAVE" => SearchResult::Save,
        _ => return Err(ParseError::Expected("a result option")),
    })
}

/// Keys up to the end of the command, all of which must match.
fn keys(cursor: &mut Cursor<'_>) -> Parsed<SearchKey> {
    sequence(cursor, 0)
}

fn sequence(cursor: &mut Cursor<'_>, depth: usize) -> Parsed<SearchKey> {
    let mut keys = vec![key(cursor, depth)?];
    while cursor.accept(b' ') {
        keys.push(key(cursor, depth)?);
    }
    Ok(SearchKey::And(keys))
}

fn key(cursor: &mut Cursor<'_>, depth: usize) -> Parsed<SearchKey> {
    if depth > DEPTH_MAX {
        return Err(ParseError::TooDeep);
    }
    if cursor.accept(b'(') {
        let inner = sequence(cursor, depth + 1)?;
        cursor.expect(b')', "a closing parenthesis")?;
        return Ok(inner);
    }
    if cursor.peek().is_some_and(|c| c.is_ascii_digit() || c == b'*' || c == b'$') {
        return SequenceSet::parse(cursor).map(SearchKey::Sequence);
    }
    let word = cursor.word();
    if let Some(key) = plain(&word) {
        return Ok(key);
    }
    match word.as_str() {
        "NOT" => {
            cursor.space()?;
            Ok(not(key(cursor, depth + 1)?))
        }
        "OR" => {
            cursor.space()?;
            let left = key(cursor, depth + 1)?;
            cursor.space()?;
            Ok(SearchKey::Or(Box::new(left), Box::new(key(cursor, depth + 1)?)))
        }
        word => with_argument(cursor, word),
    }
}

fn not(key: SearchKey) -> SearchKey {
    SearchKey::Not(Box::new(key))
}

fn plain(word: &str) -> Option<SearchKey> {
    let flag = |name: &str| SearchKey::Flag(Flag::new(name));
    Some(match word {
        // RFC 8514 §4.3: all messages have a save date here.
        "ALL" | "SAVEDATESUPPORTED" => SearchKey::All,
        "ANSWERED" => flag(r"\Answered"),
        "DELETED" => flag(r"\Deleted"),
        "DRAFT" => flag(r"\Draft"),
        "FLAGGED" => flag(r"\Flagged"),
        "SEEN" => flag(r"\Seen"),
        "RECENT" => SearchKey::Recent,
        "OLD" => not(SearchKey::Recent),
        "NEW" => SearchKey::And(vec![SearchKey::Recent, not(flag(r"\Seen"))]),
        "UNANSWERED" | "UNDELETED" | "UNDRAFT" | "UNFLAGGED" | "UNSEEN" => return Some(not(plain(word.get(2..)?)?)),
        _ => return None,
    })
}

/// Keys that have an argument.
const WITH_ARGUMENT: [&str; 27] = [
    "BCC",
    "BEFORE",
    "BODY",
    "CC",
    "EMAILID",
    "FROM",
    "HEADER",
    "KEYWORD",
    "LARGER",
    "MODSEQ",
    "OLDER",
    "ON",
    "SAVEDBEFORE",
    "SAVEDON",
    "SAVEDSINCE",
    "SENTBEFORE",
    "SENTON",
    "SENTSINCE",
    "SINCE",
    "SMALLER",
    "SUBJECT",
    "TEXT",
    "THREADID",
    "TO",
    "UID",
    "UNKEYWORD",
    "YOUNGER",
];

fn with_argument(cursor: &mut Cursor<'_>, word: &str) -> Parsed<SearchKey> {
    if !WITH_ARGUMENT.contains(&word) {
        return Err(ParseError::Expected("a search key"));
    }
    cursor.space()?;
    Ok(match word {
        "BODY" => SearchKey::Body(cursor.astring()?),
        "TEXT" => SearchKey::Text(cursor.astring()?),
        "KEYWORD" => SearchKey::Flag(Flag::new(&cursor.atom()?)),
        "UNKEYWORD" => not(SearchKey::Flag(Flag::new(&cursor.atom()?))),
        "LARGER" => SearchKey::Larger(cursor.number()?),
        "SMALLER" => SearchKey::Smaller(cursor.number()?),
        "OLDER" => SearchKey::Older(cursor.nz_number()?),
        "YOUNGER" => SearchKey::Younger(cursor.nz_number()?),
        "UID" => SearchKey::Uid(SequenceSet::parse(cursor)?),
        "BEFORE" => SearchKey::Before(date(cursor)?),
        "SAVEDBEFORE" => SearchKey::SavedBefore(date(cursor)?),
        "SAVEDON" => SearchKey::SavedOn(date(cursor)?),
        "SAVEDSINCE" => SearchKey::SavedSince(date(cursor)?),
        "EMAILID" => SearchKey::EmailId(object_id(cursor)?),
        "THREADID" => SearchKey::ThreadId(object_id(cursor)?),
        "MODSEQ" => SearchKey::Modseq(resync::search_modseq(cursor)?),
        "ON" => SearchKey::On(date(cursor)?),
        "SINCE" => SearchKey::Since(date(cursor)?),
        "SENTBEFORE" => SearchKey::SentBefore(date(cursor)?),
        "SENTON" => SearchKey::SentOn(date(cursor)?),
        "SENTSINCE" => SearchKey::SentSince(date(cursor)?),
        "HEADER" => {
            let name = cursor.astring()?;
            cursor.space()?;
            SearchKey::Header { name, value: cursor.astring()? }
        }
        // BCC, CC, FROM, SUBJECT and TO are names of fields.
        name => SearchKey::Header { name: name.as_bytes().to_vec(), value: cursor.astring()? },
    })
}

/// RFC 8474 §7: up to 255 letters, digits, `_` and `-`.
fn object_id(cursor: &mut Cursor<'_>) -> Parsed<Vec<u8>> {
    let id = cursor.atom()?.into_bytes();
    let valid = id.len() <= 255 && id.iter().all(|&c| c.is_ascii_alphanumeric() || b"_-".contains(&c));
    if valid { Ok(id) } else { Err(ParseError::Expected("an object identifier")) }
}

/// RFC 3501 §9 `date`: one or two digits of day, quoted or not.
fn date(cursor: &mut Cursor<'_>) -> Parsed<CivilDate> {
    let quoted = cursor.accept(b'"');
    let day = cursor.digits(2).or_else(|_| cursor.digits(1))?;
    let date = month_and_year(cursor, day)?;
    if quoted {
        cursor.expect(b'"', "a closing quote")?;
    }
    Ok(date)
}

/// `-Mon-yyyy` after a day.
pub(super) fn month_and_year(cursor: &mut Cursor<'_>, day: u32) -> Parsed<CivilDate> {
    cursor.expect(b'-', "a hyphen")?;
    let month = CivilDate::month_of(cursor.word().as_bytes()).ok_or(ParseError::Expected("a month"))?;
    cursor.expect(b'-', "a hyphen")?;
    let year = cursor.digits(4)?;
    CivilDate::new(i64::from(year), month, day).ok_or(ParseError::Expected("a day that exists"))
}
