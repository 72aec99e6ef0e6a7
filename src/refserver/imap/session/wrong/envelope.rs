//! ENVELOPE of a header that is misread.

use crate::refserver::Faults;
use crate::refserver::imap::fault::{MessageFault, StructureFault};
use crate::refserver::imap::mime::{Part, envelope};

/// Whether the envelope of a message makes a server fail.
pub(in crate::refserver::imap::session) fn has_nobody(octets: &[u8], faults: &Faults) -> bool {
    let nobody = |message: &Part| {
        let mut out = Vec::new();
        envelope(&mut out, octets, message);
        split(&out).get(5).is_some_and(|to| to == b"NIL")
    };
    let header = String::from_utf8_lossy(octets);
    let has_to = header.split("\r\n").take_while(|line| !line.is_empty()).any(|line| line.starts_with("To:"));
    faults.has(StructureFault::NobodyFails) && has_to && nobody(&Part::parse(octets))
}

/// The envelope of a message as a server with faults tells it.
pub(super) fn misenvelope(octets: &[u8], faults: &Faults) -> Vec<u8> {
    let header = misread_header(octets, faults);
    let mut out = Vec::new();
    envelope(&mut out, &header, &Part::parse(&header));
    let mut fields = split(&out);
    let has_field = |name: &str| String::from_utf8_lossy(&header).lines().any(|line| line.starts_with(name));
    if faults.has(MessageFault::EnvelopeOrder) && fields.len() == 10 {
        fields.swap(4, 5);
    }
    for (at, field) in fields.iter_mut().enumerate() {
        let nil = field == b"NIL";
        if faults.has(StructureFault::SimpleAddressNameEmpty) {
            with_empty_name(field).into_iter().for_each(|list| *field = list);
        }
        match at {
            0 if nil && faults.has(MessageFault::MissingDateIsArrival) => {
                *field = b"\"Mon, 03 Feb 2003 10:00:00 +0000\"".to_vec();
            }
            2 if faults.has(MessageFault::NamesStayQuoted) && has_field("From: \"") => *field = requoted(field),
            3 if !has_field("Sender:") && faults.has(MessageFault::SenderWithoutDefault) => *field = b"NIL".to_vec(),
            5 if nil && has_field("To:") && faults.has(MessageFault::NobodyIsList) => *field = b"()".to_vec(),
            6 if nil && faults.has(MessageFault::MissingCcIsList) => *field = b"()".to_vec(),
            6 if nil && faults.has(MessageFault::MissingCcIsNobody) => *field = b"((NIL NIL NIL NIL))".to_vec(),
            _ => {}
        }
    }
    let mut told = [b"(", fields.join(&b' ').as_slice(), b")"].concat();
    if faults.has(MessageFault::QuotesUnescaped) {
        told = String::from_utf8_lossy(&told).replace("\\\"", "\"").into_bytes();
    }
    told
}

/// The header as it is understood.
fn misread_header(octets: &[u8], faults: &Faults) -> Vec<u8> {
    let Ok(text) = str::from_utf8(octets) else { return octets.to_vec() };
    let (header, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
    let unfolded = |line: &str| line.replace("\r\n ", "\n ").replace("\r\n\t", "\n\t");
    let mut out = String::new();
    for line in unfolded(header).split("\r\n") {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        if faults.has(MessageFault::BlankBeforeColonUnknown) && name.ends_with(' ') {
            continue;
        }
        let address = ["From", "To"].contains(&name);
        let value = match name {
            "Subject" => misread_subject(value, faults),
            _ if address => misread_addresses(value, faults),
            _ => value.to_owned(),
        };
        out.push_str(&format!("{name}:{}\r\n", value.replace('\n', "\r\n")));
    }
    format!("{out}\r\n{body}").into_bytes()
}

/// A subject as it is understood.
fn misread_subject(value: &str, faults: &Faults) -> String {
    let mut value = value.to_owned();
    if faults.has(MessageFault::SubjectFirstLine) {
        value.truncate(value.find('\n').unwrap_or(value.len()));
    }
    if faults.has(StructureFault::SubjectWithoutEscapes) {
        value.retain(|c| !['"', '\\'].contains(&c));
    }
    if let Some((before, braces)) = value.rsplit_once('{')
        && braces.strip_suffix('}').is_some_and(|count| count.parse::<u64>().is_ok())
        && faults.has(StructureFault::SubjectWithoutBraces)
    {
        value = before.to_owned();
    }
    value
}

/// One address in whose quotes something else is seen than quoting.
fn misquoted(value: &str) -> Option<String> {
    let (name, address) = value.split_once('<').unwrap_or(("", value));
    let (local, domain) = address.split_once('@')?;
    let escaped = |text: &str| format!("\"{}\"", text.trim().replace('"', "\\\""));
    let whole = name.trim().starts_with('"') && name.trim().ends_with('"');
    if name.contains('"') && !whole {
        Some(format!(" {} <{address}", escaped(name)))
    } else if local.contains('"') {
        Some(format!(" {name}{}@{domain}", escaped(local)))
    } else {
        None
    }
}

/// A list of one address that needs no parser, with an empty name.
fn with_empty_name(list: &[u8]) -> Option<Vec<u8>> {
    let text = str::from_utf8(list).ok()?;
    let (local, domain) = text.strip_prefix("((NIL NIL \"")?.strip_suffix("\"))")?.split_once("\" \"")?;
    let plain = |part: &str| part.bytes().all(|octet| octet.is_ascii_alphanumeric() || b".-".contains(&octet));
    (plain(local) && plain(domain)).then(|| format!("((\"\" NIL \"{local}\" \"{domain}\"))").into_bytes())
}

/// Addresses as they are understood.
fn misread_addresses(value: &str, faults: &Faults) -> String {
    let mut value = value.to_owned();
    if faults.has(StructureFault::InnerQuotesStay) && !value.contains(',') {
        value = misquoted(&value).unwrap_or(value);
    }
    if faults.has(MessageFault::GroupFlattened) && value.contains(';') {
        value = value.replace("team:", "").replace("group:", "").replace(';', "");
    }
    if faults.has(MessageFault::EmptyGroupLeftOut) && value.ends_with(":;") {
        value.clear();
    }
    if faults.has(MessageFault::SecondAuthorLost) && !value.contains(['"', '=', ':']) {
        value.truncate(value.find(',').unwrap_or(value.len()));
    }
    if faults.has(MessageFault::DomainLiteralBare) {
        value = value.replace("@[", "@").replace(']', "");
    }
    if faults.has(MessageFault::RouteIsHost)
        && let Some((route, address)) = value.split_once("<@").and_then(|(_, rest)| rest.split_once(':'))
    {
        value = format!("<{}@{route}>", address.split('@').next().unwrap_or_default());
    }
    if faults.has(MessageFault::DotsLeaveNames)
        && let Some((name, address)) = value.split_once('<')
        && !name.contains('"')
    {
        value = format!("{}<{address}", name.replace('.', ""));
    }
    if faults.has(MessageFault::WordsDecodedFirst)
        && let Some((_, rest)) = value.split_once("=?utf-8?Q?")
        && let Some((word, after)) = rest.split_once("?=")
    {
        let word =
            word.replace("=2C", ",").replace("=3C", "<").replace("=40", "@").replace("=3E", ">").replace('_', " ");
        value = format!(" {word}{after}");
    }
    value
}

/// A list of addresses whose first name has its quotes still.
fn requoted(list: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(list);
    let Some((name, rest)) = text.strip_prefix("((\"").and_then(|rest| rest.split_once("\" NIL")) else {
        return list.to_vec();
    };
    format!("((\"\\\"{name}\\\"\" NIL{rest}").into_bytes()
}

/// The members of a list in parentheses.
fn split(list: &[u8]) -> Vec<Vec<u8>> {
    let inner = list.strip_prefix(b"(").and_then(|rest| rest.strip_suffix(b")")).unwrap_or_default();
    let mut members = vec![Vec::new()];
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for &c in inner {
        match c {
            b'"' if !escaped => quoted = !quoted,
            b'(' if !quoted => depth += 1,
            b')' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        escaped = quoted && c == b'\\' && !escaped;
        if c == b' ' && depth == 0 && !quoted {
            members.push(Vec::new());
        } else if let Some(last) = members.last_mut() {
            last.push(c);
        }
    }
    members
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refserver::Fault;

    #[test]
    fn headers_are_misread_as_the_fault_says() {
        let letter = b"From: J. Doe <a@[192.0.2.1]>\r\nTo: team: <b@x.test>;\r\nSubject: one\r\n two\r\n\r\nx\r\n";
        let right = "(NIL \"one two\" ((\"J. Doe\" NIL \"a\" \"[192.0.2.1]\")) ((\"J. Doe\" NIL \"a\" \"[192.0.2.1]\")) \
            ((\"J. Doe\" NIL \"a\" \"[192.0.2.1]\")) ((NIL NIL \"team\" NIL)(NIL NIL \"b\" \"x.test\")(NIL NIL NIL NIL)) NIL NIL NIL NIL)";
        let table: [(MessageFault, &str, &str); 7] = [
            (MessageFault::SubjectFirstLine, "one two", "one"),
            (MessageFault::DotsLeaveNames, "J. Doe", "J Doe"),
            (MessageFault::DomainLiteralBare, "[192.0.2.1]", "192.0.2.1"),
            (
                MessageFault::GroupFlattened,
                "(NIL NIL \"team\" NIL)(NIL NIL \"b\" \"x.test\")(NIL NIL NIL NIL)",
                "(NIL NIL \"b\" \"x.test\")",
            ),
            (MessageFault::MissingCcIsList, " NIL NIL NIL NIL)", " () NIL NIL NIL)"),
            (MessageFault::MissingCcIsNobody, " NIL NIL NIL NIL)", " ((NIL NIL NIL NIL)) NIL NIL NIL)"),
            (MessageFault::MissingDateIsArrival, "(NIL \"one", "(\"Mon, 03 Feb 2003 10:00:00 +0000\" \"one"),
        ];
        for (fault, from, to) in table {
            let told = misenvelope(letter, &Faults::from_iter([Fault::from(fault)]));
            assert_eq!(String::from_utf8(told).unwrap(), right.replace(from, to), "{fault:?}");
        }
        assert_eq!(String::from_utf8(misenvelope(letter, &Faults::default())).unwrap(), right);
    }
}
