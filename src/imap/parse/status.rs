//! Status responses, their codes, and continuation requests. RFC 3501 §7.1, §7.5; RFC 9051 §7.1, §7.6.

use super::cursor::{Cursor, Parsed};
use super::generic;
use super::lexical::{is_atom_char, upper};
use super::mailbox::{capabilities, flag_perm};
use super::rule::Rule;
use crate::base::ByteString;
use crate::imap::{Code, Response, Revision, Status, Value};

/// Codes without a grammar of their own for arguments; all others are read as `atom [SP 1*<any TEXT-CHAR except "]">]` too,
/// but these are known to be codes even where the line has no room for the text that must follow.
const PLAIN_CODES: &[&str] = &[
    "ALERT",
    "PARSE",
    "READ-ONLY",
    "READ-WRITE",
    "TRYCREATE",
    "UIDNOTSTICKY",
    "UNAVAILABLE",
    "AUTHENTICATIONFAILED",
    "AUTHORIZATIONFAILED",
    "EXPIRED",
    "PRIVACYREQUIRED",
    "CONTACTADMIN",
    "NOPERM",
    "INUSE",
    "EXPUNGEISSUED",
    "CORRUPTION",
    "SERVERBUG",
    "CLIENTBUG",
    "CANNOT",
    "LIMIT",
    "OVERQUOTA",
    "ALREADYEXISTS",
    "NONEXISTENT",
    "NOTSAVED",
    "HASCHILDREN",
    "CLOSED",
    "UNKNOWN-CTE",
    "NOMODSEQ",
    "COMPRESSIONACTIVE",
    "USEATTR",
    "NOTIFICATIONOVERFLOW",
    "UIDREQUIRED",
    "TOOBIG",
];

/// `continue-req = "+" SP (resp-text / base64) CRLF`. Base64 of nothing is empty.
pub(super) fn continue_req(c: &mut Cursor<'_>) -> Parsed<Response> {
    c.enter(Rule::ContinueReq, |c| {
        c.skip(1);
        c.sp()?;
        let text = text(c)?;
        c.crlf()?;
        Ok(Response::Continue { text })
    })
}

/// `resp-cond-state = ("OK" / "NO" / "BAD") SP resp-text`, and untagged also `BYE` and `PREAUTH`
pub(super) fn resp_cond(c: &mut Cursor<'_>, tag: Option<String>) -> Parsed<Response> {
    c.enter(Rule::RespCond, |c| {
        let start = c.at();
        let word = upper(c.take_while(is_atom_char));
        let status = match (word.as_str(), &tag) {
            ("OK", _) => Status::Ok,
            ("NO", _) => Status::No,
            ("BAD", _) => Status::Bad,
            ("BYE", None) => Status::Bye,
            ("PREAUTH", None) => Status::Preauth,
            (_, _) => return c.fault_at(start, "OK, NO or BAD after a tag"),
        };
        if c.rest().starts_with(b"\r\n") {
            return c.charge(c.at(), Rule::NoText, "a space and text after the status word");
        }
        c.sp()?;
        let code = code(c)?;
        let text = text(c)?;
        if text.is_empty() && c.revision() == Revision::Rev1 && c.rest().starts_with(b"\r\n") {
            return c.charge(c.at(), Rule::NoText, "text, at least one character");
        }
        c.enter(Rule::NoText, Cursor::crlf)?;
        Ok(Response::Status { tag, status, code, text })
    })
}

/// `text = 1*TEXT-CHAR`, in RFC 9051 with UTF-8; whoever calls knows whether it may be empty.
fn text(c: &mut Cursor<'_>) -> Parsed<ByteString> {
    c.enter(Rule::Text, |c| {
        let start = c.at();
        let text = c.take_while(|octet| octet != b'\r' && octet != b'\n');
        if let Some(nul) = text.iter().position(|octet| *octet == 0) {
            return c.charge(start + nul, Rule::Nul, "no NUL in text");
        }
        let wrong = match c.revision() {
            Revision::Rev1 => text.iter().position(|octet| *octet > 0x7f),
            Revision::Rev2 => std::str::from_utf8(text).err().map(|error| error.valid_up_to()),
        };
        match (wrong, c.revision()) {
            (Some(at), Revision::Rev1) => c.fault_at(start + at, "a 7-bit character"),
            (Some(at), Revision::Rev2) => c.fault_at(start + at, "UTF-8"),
            (None, _) => Ok(text.into()),
        }
    })
}

/// `["[" resp-text-code "]" SP]`
///
/// Text may begin with `[` too. So what is no code at all is text, but a code of a known name has to be right, for the
/// rule that is listed earlier goes first.
fn code(c: &mut Cursor<'_>) -> Parsed<Option<Code>> {
    let start = c.at();
    if !c.take(b'[') {
        return Ok(None);
    }
    let name = upper(c.take_while(is_atom_char));
    let known = PLAIN_CODES.contains(&name.as_str()) || has_arguments(&name);
    let line = c.rest().split(|octet| *octet == b'\r' || *octet == b'\n').next().unwrap_or_default();
    let shaped = matches!(line.first(), Some(b']' | b' ')) && line.contains(&b']');
    if name.is_empty() || !(shaped || known) {
        c.back_to(start);
        return Ok(None);
    }
    let code = c.enter(Rule::Code, |c| {
        let args = arguments(c, &name)?;
        c.need(b']')?;
        Ok(Code { name, args })
    });
    let code = match code {
        Ok(code) => code,
        Err(fault) if known => return Err(fault),
        Err(_) => {
            c.back_to(start);
            return Ok(None);
        }
    };
    if c.take(b' ') {
        return Ok(Some(code));
    }
    match (c.rest().starts_with(b"\r\n"), c.revision()) {
        // RFC 9051 asks for the space too, but such a line may also be read as text without a code.
        (true, Revision::Rev2) => Ok(Some(code)),
        (true, Revision::Rev1) => c.charge(c.at(), Rule::NoText, "a space and text after the code"),
        (false, _) if known => c.charge(c.at(), Rule::Code, "a space after the code"),
        (false, _) => {
            c.back_to(start);
            Ok(None)
        }
    }
}

fn has_arguments(name: &str) -> bool {
    matches!(
        name,
        "BADCHARSET"
            | "CAPABILITY"
            | "PERMANENTFLAGS"
            | "UIDNEXT"
            | "UIDVALIDITY"
            | "UNSEEN"
            | "APPENDUID"
            | "COPYUID"
            | "HIGHESTMODSEQ"
            | "MODIFIED"
            | "MAILBOXID"
            | "INPROGRESS"
            | "NOUPDATE"
            | "BADEVENT"
    )
}

/// What stands between the name of a code and `]`.
fn arguments(c: &mut Cursor<'_>, name: &str) -> Parsed<Vec<Value>> {
    match name {
        "BADCHARSET" if c.peek() == Some(b']') => Ok(Vec::new()),
        "BADCHARSET" => one(c, |c| c.list(Cursor::astring)),
        "CAPABILITY" => c.enter(Rule::CapabilityCode, capabilities),
        "PERMANENTFLAGS" => one(c, |c| c.list(flag_perm)),
        "UIDNEXT" | "UIDVALIDITY" | "UNSEEN" => one(c, |c| c.nz_number().map(Value::Number)),
        "APPENDUID" => c.enter(Rule::AppendUid, |c| {
            c.sp()?;
            let validity = Value::Number(c.nz_number()?);
            c.sp()?;
            Ok(vec![validity, c.uid_set()?])
        }),
        "COPYUID" => c.enter(Rule::CopyUid, |c| {
            c.sp()?;
            let validity = Value::Number(c.nz_number()?);
            c.sp()?;
            let from = c.uid_set()?;
            c.sp()?;
            Ok(vec![validity, from, c.uid_set()?])
        }),
        "HIGHESTMODSEQ" => c.enter(Rule::ModseqCode, |c| one(c, |c| c.mod_sequence().map(Value::Number))),
        "MODIFIED" => one(c, Cursor::sequence_set),
        "MAILBOXID" => one(c, |c| c.list(object_id)),
        "NOUPDATE" => one(c, Cursor::quoted),
        "BADEVENT" => one(c, |c| c.list(Cursor::atom_value)),
        "INPROGRESS" if c.peek() == Some(b']') => Ok(Vec::new()),
        "INPROGRESS" => c.enter(Rule::InProgress, |c| one(c, in_progress)),
        _ => generic_arguments(c),
    }
}

fn one<'a>(c: &mut Cursor<'a>, value: impl FnOnce(&mut Cursor<'a>) -> Parsed<Value>) -> Parsed<Vec<Value>> {
    c.sp()?;
    Ok(vec![value(c)?])
}

/// `[SP 1*<any TEXT-CHAR except "]">]`
fn generic_arguments(c: &mut Cursor<'_>) -> Parsed<Vec<Value>> {
    if c.peek() == Some(b']') {
        return Ok(Vec::new());
    }
    c.sp()?;
    let start = c.at();
    let text = c.take_while(|octet| !b"]\r\n".contains(&octet));
    match text.iter().position(|octet| *octet == 0 || *octet > 0x7f) {
        Some(at) if text.get(at) == Some(&0) || c.revision() == Revision::Rev1 => {
            c.fault_at(start + at, "a 7-bit character")
        }
        _ if text.is_empty() => c.fault("something after the space"),
        Some(_) | None => Ok(generic::cut(text)),
    }
}

/// `"(" inprogress-tag SP inprogress-state ")"`. RFC 9585 §4.
fn in_progress(c: &mut Cursor<'_>) -> Parsed<Value> {
    c.need(b'(')?;
    let tag = if c.take_nil() { Value::Nil } else { c.quoted()? };
    c.sp()?;
    let progress = if c.take_nil() { Value::Nil } else { Value::Number(c.number()?) };
    c.sp()?;
    let goal = if c.take_nil() {
        Value::Nil
    } else if progress == Value::Nil {
        return c.fault("NIL as goal where the progress is NIL");
    } else {
        Value::Number(c.nz_number()?)
    };
    c.need(b')')?;
    Ok(Value::List(vec![tag, progress, goal]))
}

/// `objectid = 1*255(ALPHA / DIGIT / "_" / "-")`. RFC 8474 §7.
pub(super) fn object_id(c: &mut Cursor<'_>) -> Parsed<Value> {
    c.enter(Rule::ObjectId, |c| {
        let start = c.at();
        let id = c.take_while(|octet| octet.is_ascii_alphanumeric() || octet == b'_' || octet == b'-');
        if (1..=255).contains(&id.len()) {
            Ok(Value::Atom(id.into()))
        } else {
            c.fault_at(start, "1 to 255 letters, digits, hyphens or underscores")
        }
    })
}
