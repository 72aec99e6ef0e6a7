//! The fields that messages are put in order by (RFC 5256 §2 and §3).

use super::Part;
use super::address::addresses;
use super::header::value_of;
use super::sent::moment;
use super::text::decode_words;

/// How many references of one message are followed. Longer lists are cut at their beginning, as mail user agents do it
/// (RFC 5256 §3, step 1.A of REFERENCES).
const REFERENCES_MAX: usize = 1000;

/// What a header says of a message's place among others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heading {
    /// The subject, unfolded, encoded words decoded; empty if there is none.
    pub subject: String,
    /// The addr-mailbox of the first address in From, empty if there is none.
    pub from: String,
    /// That of To.
    pub to: String,
    /// That of Cc.
    pub cc: String,
    /// The sent date in seconds since 1970, UTC (RFC 5256 §2.2).
    pub sent: Option<i64>,
    /// The first message identifier of Message-ID, normalised, without its brackets.
    pub id: Option<Vec<u8>>,
    /// Those of References, oldest first, or the first one of In-Reply-To.
    pub references: Vec<Vec<u8>>,
}

impl Heading {
    /// The heading of a message that `part` was read from.
    pub fn of(octets: &[u8], part: &Part) -> Self {
        let header = Part::slice(octets, part.header.clone());
        let value = |name: &str| value_of(header, name).unwrap_or_default();
        let mailbox = |name: &str| {
            let first = addresses(&value(name)).into_iter().next();
            String::from_utf8_lossy(&first.and_then(|first| first.mailbox).unwrap_or_default()).into_owned()
        };
        let mut references = message_ids(&value("References"));
        if references.is_empty() {
            references.extend(message_ids(&value("In-Reply-To")).into_iter().next());
        }
        references.drain(..references.len().saturating_sub(REFERENCES_MAX));
        Self {
            subject: decode_words(&value("Subject")),
            from: mailbox("From"),
            to: mailbox("To"),
            cc: mailbox("Cc"),
            sent: value_of(header, "Date").and_then(|value| moment(&value)),
            id: message_ids(&value("Message-ID")).into_iter().next(),
            references,
        }
    }
}

/// The message identifiers of a field (RFC 2822 §3.6.4), quoting taken out. What else stands there is passed over.
fn message_ids(value: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut open: Option<Vec<u8>> = None;
    let (mut in_quotes, mut escaped) = (false, false);
    for &octet in value {
        match (&mut open, octet) {
            (None, b'<') => open = Some(Vec::new()),
            (None, _) => {}
            (Some(id), octet) if escaped => {
                id.push(octet);
                escaped = false;
            }
            (Some(_), b'\\') if in_quotes => escaped = true,
            (Some(_), b'"') => in_quotes = !in_quotes,
            (Some(id), b'>') if !in_quotes => {
                // An identifier has two sides.
                found.extend(Some(std::mem::take(id)).filter(|id| id.contains(&b'@')));
                open = None;
            }
            (Some(id), b'<') if !in_quotes => id.clear(),
            (Some(id), octet) if in_quotes || !octet.is_ascii_whitespace() => id.push(octet),
            (Some(_), _) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heading(header: &str) -> Heading {
        let message = format!("{header}\r\n\r\nx\r\n");
        Heading::of(message.as_bytes(), &Part::parse(message.as_bytes()))
    }

    #[test]
    fn references_come_from_the_first_field_that_has_any() {
        let table = [
            ("References: <1@x> (no)\r\n <2@x>\r\nIn-Reply-To: <3@x>", vec!["1@x", "2@x"]),
            ("References: none\r\nIn-Reply-To: your mail <3@x> <4@x>", vec!["3@x"]),
            ("In-Reply-To: <\"a\\\"b\"@x>", vec!["a\"b@x"]),
            ("References: <no-side> <<5@x> <6@x", vec!["5@x"]),
            ("Subject: x", vec![]),
        ];
        for (header, expected) in table {
            let expected: Vec<Vec<u8>> = expected.into_iter().map(|id: &str| id.as_bytes().to_vec()).collect();
            assert_eq!(heading(header).references, expected, "{header}");
        }
        assert_eq!(heading("Message-ID: <\"a.b\"@x.test>").id, heading("Message-ID: <a.b@x.test>").id);
    }

    #[test]
    fn addresses_count_by_the_mailbox_of_the_first() {
        let read =
            heading("From: Zed <a@z.example>, b@y.example\r\nTo: team: c@x.example;\r\nSubject: =?utf-8?Q?gr=C3=BCn?=");
        assert_eq!((read.from.as_str(), read.to.as_str(), read.cc.as_str()), ("a", "team", ""));
        assert_eq!(read.subject, "grün");
    }
}
