//! What stands where in a response: the type of each place decides how it is compared and what a capture there is.

use super::actual::octets;
use super::node::Node;
use super::pattern::Kind;
use super::text::{Form, Text};
use crate::base::{Binds, Type, VarUse};
use crate::imap::Value;

/// The meaning of one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A number.
    Number,
    /// A set of numbers.
    Set,
    /// Numbers of SEARCH: any order, exact.
    Numbers,
    /// A date and time, compared as an instant.
    Date,
    /// A string whose case counts.
    Octets,
    /// A word whose case does not count.
    Keyword,
    /// A mailbox name: INBOX in any case.
    Mailbox,
    /// The hierarchy delimiter, NIL or one character.
    Delimiter,
    /// The flags of one message: any order, exact.
    MessageFlags,
    /// Flags or attributes: any order, open.
    OpenFlags,
    /// Names with values: any order, open.
    Items,
    /// The parenthesised number of MODSEQ.
    InList,
    /// The parenthesised object identifier: case counts (RFC 8474 §7).
    ObjectId,
    /// BODY or BODYSTRUCTURE.
    Body,
    /// Parameters of a body: names in any case, and the value of a charset too.
    Params,
    /// Anything else, in order.
    Other,
}

/// The places of the arguments of an untagged response, by index; the last stands for all that follow.
pub(super) fn of_response(name: &str) -> &'static [Place] {
    match name {
        "FETCH" | "UIDFETCH" | "ESEARCH" => &[Place::Items],
        "FLAGS" => &[Place::OpenFlags],
        "LIST" | "LSUB" | "XLIST" => &[Place::OpenFlags, Place::Delimiter, Place::Mailbox, Place::Other],
        "STATUS" | "METADATA" => &[Place::Mailbox, Place::Items],
        "SEARCH" => &[Place::Numbers],
        "SORT" | "THREAD" => &[Place::Number],
        "CAPABILITY" | "ENABLED" => &[Place::Keyword],
        "VANISHED" => &[Place::Set],
        "ACL" | "MYRIGHTS" | "LISTRIGHTS" | "QUOTAROOT" => &[Place::Mailbox, Place::Octets],
        _ => &[Place::Other],
    }
}

/// The places of the arguments of a response code.
pub(super) fn of_code(name: &str) -> &'static [Place] {
    match name {
        "UIDNEXT" | "UIDVALIDITY" | "UNSEEN" | "HIGHESTMODSEQ" => &[Place::Number],
        "PERMANENTFLAGS" => &[Place::OpenFlags],
        "CAPABILITY" | "BADCHARSET" => &[Place::Keyword],
        "COPYUID" => &[Place::Number, Place::Set, Place::Set],
        "APPENDUID" => &[Place::Number, Place::Set],
        "MODIFIED" => &[Place::Set],
        "NEWNAME" => &[Place::Mailbox],
        "MAILBOXID" => &[Place::ObjectId],
        _ => &[Place::Other],
    }
}

/// The place of the value of an item of FETCH, STATUS, ESEARCH.
pub(super) fn of_item(response: &str, key: &str) -> Place {
    match (response, key) {
        (_, "FLAGS") => Place::MessageFlags,
        ("ESEARCH", "ALL") => Place::Set,
        (_, "MAILBOXID" | "EMAILID" | "THREADID") => Place::ObjectId,
        ("FETCH" | "UIDFETCH", "MODSEQ") => Place::InList,
        (_, "INTERNALDATE" | "SAVEDATE") => Place::Date,
        (_, "BODY" | "BODYSTRUCTURE") => Place::Body,
        ("STATUS", _) | (_, "UID" | "RFC822.SIZE" | "MIN" | "MAX" | "COUNT" | "MODSEQ" | "BINARY.SIZE") => {
            Place::Number
        }
        _ => Place::Octets,
    }
}

/// The place at an index of such a table.
pub(super) fn at(places: &[Place], index: usize) -> Place {
    places.get(index).or_else(|| places.last()).copied().unwrap_or(Place::Other)
}

/// All variables of a pattern with their types.
pub(super) fn uses(kind: &Kind) -> Vec<VarUse> {
    let mut uses = Vec::new();
    match kind {
        Kind::Continue(challenge) => challenge.iter().for_each(|node| visit(node, Place::Octets, "", &mut uses)),
        Kind::Tagged { tag, code, .. } => {
            // A tag is the client's own word: nothing is bound there.
            tag.iter().for_each(|tag| text(tag, Type::Octets, Binds::Never, &mut uses));
            code.iter().for_each(|code| args(of_code(&code.name), &code.args, &code.name, &mut uses));
        }
        Kind::Status { code, .. } => {
            code.iter().for_each(|code| args(of_code(&code.name), &code.args, &code.name, &mut uses));
        }
        Kind::Data { number, name, args: values } => {
            number.iter().for_each(|node| visit(node, Place::Number, name, &mut uses));
            if name == "ESEARCH" {
                items(values, name, &mut uses);
            } else {
                args(of_response(name), values, name, &mut uses);
            }
        }
    }
    uses
}

fn args(places: &[Place], values: &[Node], name: &str, uses: &mut Vec<VarUse>) {
    values.iter().enumerate().for_each(|(index, value)| visit(value, at(places, index), name, uses));
}

/// Names and values in turn; a list before a name is the correlator of ESEARCH, and UID there has no value.
fn items(values: &[Node], name: &str, uses: &mut Vec<VarUse>) {
    let mut rest = values.iter();
    while let Some(key) = rest.next() {
        match key {
            Node::Section { item, spec, origin } => {
                text(spec, Type::Octets, Binds::Never, uses);
                origin.iter().for_each(|origin| text(origin, Type::Number, Binds::First, uses));
                let place = if item == "BINARY.SIZE" { Place::Number } else { Place::Octets };
                rest.next().iter().for_each(|value| visit(value, place, name, uses));
            }
            Node::Text(word) => {
                text(word, Type::Octets, Binds::Never, uses);
                let key = word.template.to_line().to_ascii_uppercase();
                if name != "ESEARCH" || key != "UID" {
                    rest.next().iter().for_each(|value| visit(value, of_item(name, &key), name, uses));
                }
            }
            Node::List(inner) => inner.iter().for_each(|value| visit(value, Place::Octets, name, uses)),
            Node::Nil | Node::Any | Node::More => {}
        }
    }
}

fn visit(node: &Node, place: Place, name: &str, uses: &mut Vec<VarUse>) {
    match node {
        Node::Text(value) => text(value, type_of(place), Binds::First, uses),
        Node::List(values) => match place {
            Place::Items => items(values, name, uses),
            Place::Body => body(values, uses),
            Place::InList => values.iter().for_each(|value| visit(value, Place::Number, name, uses)),
            Place::ObjectId => values.iter().for_each(|value| visit(value, Place::Octets, name, uses)),
            Place::MessageFlags | Place::OpenFlags => {
                values.iter().for_each(|value| visit(value, Place::Keyword, name, uses));
            }
            Place::Number | Place::Numbers => values.iter().for_each(|value| visit(value, place, name, uses)),
            Place::Set
            | Place::Date
            | Place::Octets
            | Place::Keyword
            | Place::Mailbox
            | Place::Delimiter
            | Place::Params
            | Place::Other => values.iter().for_each(|value| visit(value, Place::Other, name, uses)),
        },
        Node::Section { spec, origin, .. } => {
            text(spec, Type::Octets, Binds::Never, uses);
            origin.iter().for_each(|origin| text(origin, Type::Number, Binds::First, uses));
        }
        Node::Nil | Node::Any | Node::More => {}
    }
}

/// RFC 3501 §7.4.2: the seventh field of a part is its size; after it come the lines of a text, or the envelope, the
/// body and the lines of a message.
fn body(values: &[Node], uses: &mut Vec<VarUse>) {
    let is = |index: usize, word: &str| {
        matches!(values.get(index), Some(Node::Text(text)) if text.template.as_text()
            .is_some_and(|octets| octets.eq_ignore_ascii_case(word.as_bytes())))
    };
    let message = is(0, "MESSAGE") && (is(1, "RFC822") || is(1, "GLOBAL"));
    let structure = |value: &Node| match value {
        Node::List(_) => true,
        Node::Text(text) => text.template.as_var().is_some_and(|var| var.tail() == Some("structure")),
        Node::Nil | Node::Any | Node::More | Node::Section { .. } => false,
    };
    let literal = |value: &Node| matches!(value, Node::Text(text) if text.template.vars().next().is_none());
    let parts = values.iter().position(literal).unwrap_or(values.len());
    let multipart = values.iter().take(parts).any(structure);
    for (index, value) in values.iter().enumerate() {
        let place = match index {
            _ if multipart && index < parts => Place::Body,
            _ if multipart => Place::Other,
            6 => Place::Number,
            7 if is(0, "TEXT") => Place::Number,
            8 if message => Place::Body,
            9 if message => Place::Number,
            _ => Place::Other,
        };
        visit(value, place, "", uses);
    }
}

/// The place at an index of a BODYSTRUCTURE that came.
pub(super) fn of_body(index: usize, values: &[Value]) -> Place {
    let parts = values.iter().take_while(|value| matches!(value, Value::List(_))).count();
    let is = |index: usize, word: &str| {
        values.get(index).and_then(octets).is_some_and(|found| found.eq_ignore_ascii_case(word.as_bytes()))
    };
    let message = is(0, "MESSAGE") && (is(1, "RFC822") || is(1, "GLOBAL"));
    match index {
        _ if index < parts => Place::Body,
        _ if parts > 0 && index == parts => Place::Keyword,
        _ if parts > 0 && index == parts + 1 => Place::Params,
        _ if parts > 0 => Place::Params,
        0 | 1 | 5 => Place::Keyword,
        2 => Place::Params,
        6 => Place::Number,
        7 if is(0, "TEXT") => Place::Number,
        8 if message => Place::Body,
        9 if message => Place::Number,
        7 if message => Place::Other,
        3 | 4 => Place::Octets,
        // A disposition is a word and its parameters; its place depends on the kind of part.
        _ => Place::Params,
    }
}

fn type_of(place: Place) -> Type {
    match place {
        Place::Number | Place::Numbers | Place::InList => Type::Number,
        Place::Set => Type::Set,
        Place::Date => Type::Date,
        Place::MessageFlags | Place::OpenFlags => Type::Flags,
        Place::Body => Type::Structure,
        Place::Octets
        | Place::Keyword
        | Place::Mailbox
        | Place::Delimiter
        | Place::Items
        | Place::ObjectId
        | Place::Params
        | Place::Other => Type::Octets,
    }
}

fn text(value: &Text, kind: Type, binds: Binds, uses: &mut Vec<VarUse>) {
    // Only a bare variable alone in its place is bound there; a part such as `${got.size}` is computed, never bound.
    let alone = value.form == Form::Bare && value.template.as_var().is_some();
    for (var, at) in value.template.vars().zip(&value.at.0) {
        let whole = var.as_str() == var.head();
        let binds = if alone && whole { binds } else { Binds::Never };
        uses.push(VarUse { var: var.clone(), at: at.clone(), kind, binds });
    }
}
