//! What a response looks like without its values, for reports that are equal as long as the server is. docs/verdicts.md.

use super::{Code, Response, Status, Value};

/// Words that are part of the protocol where they stand as atoms.
const WORDS: &[&str] = &[
    "ALL",
    "ANNOTATION-STORAGE",
    "APPENDLIMIT",
    "BODY",
    "BODYSTRUCTURE",
    "CHILDINFO",
    "COUNT",
    "DELETED",
    "DELETED-STORAGE",
    "EARLIER",
    "EMAILID",
    "ENVELOPE",
    "FLAGS",
    "HIGHESTMODSEQ",
    "INBOX",
    "INTERNALDATE",
    "MAILBOX",
    "MAILBOXID",
    "MAX",
    "MESSAGE",
    "MESSAGES",
    "MIN",
    "MODSEQ",
    "OLDNAME",
    "PARTIAL",
    "PREVIEW",
    "RECENT",
    "RFC822",
    "RFC822.HEADER",
    "RFC822.SIZE",
    "RFC822.TEXT",
    "SAVEDATE",
    "SIZE",
    "STORAGE",
    "TAG",
    "THREADID",
    "UID",
    "UIDNEXT",
    "UIDVALIDITY",
    "UNSEEN",
];

/// The structure of a response: status words, names, items, system flags and section texts stay; text for people, numbers,
/// strings and dates become `<text>`, `<number>`, `<string>`, `<date>`. What has no order is sorted.
pub fn shape(response: &Response) -> String {
    match response {
        Response::Continue { .. } => "+ <text>".to_owned(),
        Response::Status { tag, status, code, text } => {
            let star = if tag.is_none() { "* " } else { "" };
            let code = code.as_ref().map(|code| format!(" [{}]", shape_code(code))).unwrap_or_default();
            let text = if text.is_empty() { "" } else { " <text>" };
            format!("{star}{}{code}{text}", word(*status))
        }
        Response::Data { number, name, args, .. } => {
            let number = if number.is_some() { "<number> " } else { "" };
            format!("* {number}{name}{}", shape_args(name, args))
        }
    }
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Ok => "OK",
        Status::No => "NO",
        Status::Bad => "BAD",
        Status::Bye => "BYE",
        Status::Preauth => "PREAUTH",
    }
}

fn shape_code(code: &Code) -> String {
    format!("{}{}", code.name, shape_args(&code.name, &code.args))
}

fn shape_args(name: &str, args: &[Value]) -> String {
    let mut shapes: Vec<String> = match name {
        // Capabilities are words of the protocol.
        "CAPABILITY" | "ENABLED" => args.iter().map(verbatim).collect(),
        "FETCH" | "UIDFETCH" | "STATUS" => args.iter().map(shape_items).collect(),
        "FLAGS" | "PERMANENTFLAGS" | "LIST" | "LSUB" => args.iter().map(shape_flags).collect(),
        _ => args.iter().map(shape_value).collect(),
    };
    match name {
        "CAPABILITY" | "ENABLED" => shapes.sort_unstable(),
        // How many there are is a value too.
        "SEARCH" | "SORT" | "THREAD" => shapes.dedup(),
        _ => {}
    }
    shapes.iter().map(|shape| format!(" {shape}")).collect()
}

fn verbatim(value: &Value) -> String {
    if let Value::Atom(text) = value {
        text.to_ascii_uppercase().escape_ascii().to_string()
    } else {
        shape_value(value)
    }
}

/// Names and values of data items, sorted by name.
fn shape_items(value: &Value) -> String {
    let Value::List(items) = value else { return shape_value(value) };
    let mut shapes: Vec<String> = items.chunks(2).map(shape_item).collect();
    shapes.sort_unstable();
    format!("({})", shapes.join(" "))
}

fn shape_item(item: &[Value]) -> String {
    match item {
        [name, value] if shape_value(name) == "FLAGS" => format!("FLAGS {}", shape_flags(value)),
        [name, value] => format!("{} {}", shape_value(name), shape_value(value)),
        _ => item.iter().map(shape_value).collect(),
    }
}

/// A list without order.
fn shape_flags(value: &Value) -> String {
    let Value::List(flags) = value else { return shape_value(value) };
    let mut shapes: Vec<String> = flags.iter().map(shape_value).collect();
    shapes.sort_unstable();
    shapes.dedup();
    format!("({})", shapes.join(" "))
}

fn shape_value(value: &Value) -> String {
    match value {
        Value::Nil => "NIL".to_owned(),
        Value::Number(_) => "<number>".to_owned(),
        Value::Atom(text) => shape_atom(text),
        Value::Quoted(text) if is_date(text) => "<date>".to_owned(),
        Value::Quoted(_) | Value::Literal(_) | Value::Literal8(_) => "<string>".to_owned(),
        Value::List(values) => format!("({})", values.iter().map(shape_value).collect::<Vec<_>>().join(" ")),
        Value::Section { item, spec, origin } => {
            format!("{item}[{spec}]{}", if origin.is_some() { "<number>" } else { "" })
        }
    }
}

fn shape_atom(text: &[u8]) -> String {
    let upper = String::from_utf8_lossy(text).to_ascii_uppercase();
    if text.first() == Some(&b'\\') {
        text.escape_ascii().to_string().replace("\\\\", "\\")
    } else if !text.is_empty() && text.iter().all(|octet| octet.is_ascii_digit() || b":,*-".contains(octet)) {
        "<number>".to_owned()
    } else if WORDS.contains(&upper.as_str()) {
        upper
    } else {
        "<string>".to_owned()
    }
}

/// `dd-Mon-yyyy hh:mm:ss +zzzz`
fn is_date(text: &[u8]) -> bool {
    let form = b"00-aaa-0000 00:00:00 +0000";
    text.len() == form.len()
        && text.iter().zip(form).all(|(octet, kind)| match kind {
            b'0' => octet.is_ascii_digit() || *octet == b' ',
            b'a' => octet.is_ascii_alphabetic(),
            b'+' => matches!(octet, b'+' | b'-'),
            other => octet == other,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::{Revision, parse};

    #[test]
    fn shapes_hold_structure_and_no_values() {
        for (line, expected) in [
            (
                "* 7 FETCH (FLAGS (\\Seen $a \\Deleted) BODY[] \"x\")",
                "* <number> FETCH (BODY[] <string> FLAGS (<string> \\Deleted \\Seen))",
            ),
            ("* OK [UIDNEXT 4] next", "* OK [UIDNEXT <number>] <text>"),
            ("A7 OK [APPENDUID 3 4:5] done", "OK [APPENDUID <number> <number>] <text>"),
            ("A7 NO no", "NO <text>"),
            ("* SEARCH 1 2 3", "* SEARCH <number>"),
            ("* CAPABILITY SORT IMAP4rev1 AUTH=PLAIN", "* CAPABILITY AUTH=PLAIN IMAP4REV1 SORT"),
            ("* LIST (\\Sent \\Marked) \"/\" \"secret name\"", "* LIST (\\Marked \\Sent) <string> <string>"),
            ("* STATUS box (UIDNEXT 4 MESSAGES 2)", "* STATUS <string> (MESSAGES <number> UIDNEXT <number>)"),
            (
                "* 1 FETCH (INTERNALDATE \" 7-Jul-1996 02:44:25 -0700\" BODY[TEXT]<0> NIL)",
                "* <number> FETCH (BODY[TEXT]<number> NIL INTERNALDATE <date>)",
            ),
            ("* 3 EXISTS", "* <number> EXISTS"),
            ("+ go", "+ <text>"),
        ] {
            assert_eq!(shape(&parse(format!("{line}\r\n").as_bytes(), Revision::Rev1).unwrap()), expected);
        }
    }
}
