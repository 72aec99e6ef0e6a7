//! BINARY (RFC 3516).

use super::fetch::{Octets, cut, write_literal};
use super::reply::Reply;
use crate::refserver::imap::command::{Binary, BinaryWhat, FetchItem};
use crate::refserver::imap::mime::decoded;

/// RFC 3516 §4.3 and §4.4.
pub(super) fn unknown_encoding() -> Reply {
    Reply::no("that encoding is not known").with("UNKNOWN-CTE")
}

/// Whether a message has all that is asked of it in encodings that are known. Others fail the command (RFC 3516 §4.3).
pub(super) fn is_decodable(items: &[FetchItem], message: &mut Octets) -> bool {
    let mut binaries = items.iter().filter_map(as_binary);
    binaries.all(|binary| {
        let (octets, part) = message.stored();
        decoded(octets, part, &binary.path).is_ok()
    })
}

fn as_binary(item: &FetchItem) -> Option<&Binary> {
    if let FetchItem::Binary(binary) = item { Some(binary) } else { None }
}

/// Writes name and value of an item. There is no part in an encoding that is not known: see [`is_decodable`].
pub(super) fn write_binary(out: &mut Vec<u8>, binary: &Binary, message: &mut Octets) {
    let (octets, part) = message.stored();
    let found = decoded(octets, part, &binary.path).ok().flatten();
    let path: Vec<String> = binary.path.iter().map(u32::to_string).collect();
    let path = path.join(".");
    match binary.what {
        BinaryWhat::Size => {
            let size = found.map_or(0, |octets| octets.len());
            out.extend_from_slice(format!("BINARY.SIZE[{path}] {size}").as_bytes());
        }
        BinaryWhat::Content(None) | BinaryWhat::Peek(None) => {
            out.extend_from_slice(format!("BINARY[{path}] ").as_bytes());
            write_octets(out, found.as_deref());
        }
        BinaryWhat::Content(Some(range)) | BinaryWhat::Peek(Some(range)) => {
            out.extend_from_slice(format!("BINARY[{path}]<{}> ", range.0).as_bytes());
            write_octets(out, found.as_deref().map(|octets| cut(octets, range)));
        }
    }
}

/// RFC 3516 §4.3: a literal8 for NUL only.
fn write_octets(out: &mut Vec<u8>, octets: Option<&[u8]>) {
    if octets.is_some_and(|octets| octets.contains(&0)) {
        out.push(b'~');
    }
    write_literal(out, octets);
}
