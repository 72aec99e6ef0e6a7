//! ENVELOPE (RFC 3501 §7.4.2).

use super::Part;
use super::address::{Address, addresses};
use super::header::value_of;
use super::strings::write_nstring;

/// Writes the envelope of a message that was read from `octets`.
pub fn envelope(out: &mut Vec<u8>, octets: &[u8], message: &Part) {
    let header = Part::slice(octets, message.header.clone());
    let list = |name: &str| value_of(header, name).map(|value| addresses(&value)).unwrap_or_default();
    let from = list("From");
    // A missing or empty Sender or Reply-To is that of From; the client is not to guess it.
    let or_from = |name: &str| Some(list(name)).filter(|list| !list.is_empty()).unwrap_or_else(|| from.clone());
    out.push(b'(');
    write_nstring(out, value_of(header, "Date").as_deref());
    out.push(b' ');
    write_nstring(out, value_of(header, "Subject").as_deref());
    for addresses in [from.clone(), or_from("Sender"), or_from("Reply-To"), list("To"), list("Cc"), list("Bcc")] {
        out.push(b' ');
        write_addresses(out, &addresses);
    }
    for name in ["In-Reply-To", "Message-ID"] {
        out.push(b' ');
        write_nstring(out, value_of(header, name).as_deref());
    }
    out.push(b')');
}

fn write_addresses(out: &mut Vec<u8>, list: &[Address]) {
    if list.is_empty() {
        out.extend_from_slice(b"NIL");
        return;
    }
    out.push(b'(');
    for Address { name, route, mailbox, host } in list {
        for (before, item) in [(b'(', name), (b' ', route), (b' ', mailbox), (b' ', host)] {
            out.push(before);
            write_nstring(out, item.as_deref());
        }
        out.push(b')');
    }
    out.push(b')');
}
