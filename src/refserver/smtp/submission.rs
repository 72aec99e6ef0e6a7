//! What submission adds to a message (RFC 6409 §8).

use super::letter::{fields, header};
use super::trace::{date_time, without_field};
use crate::refserver::store::InternalDate;

/// A message with Date (RFC 6409 §8.2) and Message-ID (§8.3) on top where it lacks them, and without a Message-ID that is no
/// valid one. A text that does not begin with a header field is nobody's to repair, and stays as it is.
pub(super) fn completed(message: Vec<u8>, date: InternalDate, id: &str) -> Vec<u8> {
    let header = header(&message);
    let all = fields(header);
    if all.is_empty() && !message.starts_with(b"\r\n") {
        return message;
    }
    let has = |name: &str| all.iter().any(|(known, _)| known.eq_ignore_ascii_case(name.as_bytes()));
    let identified = all.iter().any(|(name, value)| name.eq_ignore_ascii_case(b"Message-ID") && is_identifier(value));
    let mut added = String::new();
    if !has("Date") {
        added.push_str(&format!("Date: {}\r\n", date_time(date)));
    }
    if !identified {
        added.push_str(&format!("Message-ID: {id}\r\n"));
    }
    let rest = if identified { message } else { without_field(&message, b"Message-ID:") };
    [added.into_bytes(), rest].concat()
}

/// Whether a value holds one `<left@right>` (RFC 5322 §3.6.4). What stands around it may be a comment and is not judged.
fn is_identifier(value: &[u8]) -> bool {
    let inside = || {
        let start = value.iter().position(|octet| *octet == b'<')?;
        let rest = value.get(start + 1..)?;
        let end = rest.iter().position(|octet| *octet == b'>')?;
        rest.get(..end)
    };
    inside().is_some_and(|id| {
        let at = id.iter().position(|octet| *octet == b'@');
        let graphic = id.iter().all(|octet| *octet > b' ' && *octet != 0x7f && *octet != b'<');
        graphic && at.is_some_and(|at| at > 0 && at + 1 < id.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn date_and_message_id_are_added_where_they_lack_and_a_bad_id_is_replaced() {
        let date = "Date: 1 Jan 1970 00:00:00 +0000\r\n";
        let id = "Message-ID: <1@mail.test>\r\n";
        let table = [
            ("Subject: x\r\n\r\ny\r\n", format!("{date}{id}Subject: x\r\n\r\ny\r\n")),
            ("\r\nMessage-ID: <a@b>\r\n", format!("{date}{id}\r\nMessage-ID: <a@b>\r\n")),
            ("date: x\r\nA: b\r\n\r\n", format!("{id}date: x\r\nA: b\r\n\r\n")),
            ("MESSAGE-id:\r\n (c) <a@b>\r\n\r\n", format!("{date}MESSAGE-id:\r\n (c) <a@b>\r\n\r\n")),
            ("Date: x\r\nMessage-ID: <a@b>\r\n\r\n", "Date: x\r\nMessage-ID: <a@b>\r\n\r\n".to_owned()),
            ("A: b\r\nMessage-ID: a@b\r\nDate: x\r\n\r\nz", format!("{id}A: b\r\nDate: x\r\n\r\nz")),
            ("Message-ID: <a b@c>\r\n\r\n", format!("{date}{id}\r\n")),
            ("Message-ID: <@c>\r\n\r\n", format!("{date}{id}\r\n")),
            ("Message-ID: <c@>\r\n\r\n", format!("{date}{id}\r\n")),
            ("no header\r\n", "no header\r\n".to_owned()),
            ("", String::new()),
        ];
        for (message, expected) in table {
            let done = completed(message.as_bytes().to_vec(), InternalDate { seconds: 0, zone: 0 }, "<1@mail.test>");
            assert_eq!(String::from_utf8(done).unwrap(), expected, "{message:?}");
        }
    }
}
