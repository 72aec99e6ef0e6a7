//! What a command may do, word by word. A word that is not in a table is an offence: nothing new slips through.

use std::net::IpAddr;

use super::speech::{Access, Act, strings};

/// Accounts that may all be emptied; names in upper case.
pub(crate) struct Bounds<'a> {
    pub(crate) disposable: &'a [String],
}

/// What a command can change, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing that outlives the session.
    None,
    /// The messages of the account's INBOX.
    Inbox,
    /// Messages of the selected mailbox.
    Selected,
    /// Flags of the selected mailbox, unless it peeks.
    Fetch,
    /// The mailbox that is named first.
    First,
    /// The two that are named first.
    FirstTwo,
    /// The mailbox behind a set.
    Second,
    /// Both: messages leave the selected one for the second argument.
    Moved,
    /// The whole account, or more.
    Account,
    /// Mail, to the addresses that are named.
    Mail,
}

const SMTP: &[(&str, Effect)] = &[
    ("EHLO", Effect::Mail),
    ("HELO", Effect::Mail),
    ("MAIL", Effect::Mail),
    ("RCPT", Effect::Mail),
    ("DATA", Effect::Mail),
    ("BDAT", Effect::Mail),
    ("VRFY", Effect::Mail),
    ("EXPN", Effect::Mail),
    ("ETRN", Effect::Mail),
    ("SEND", Effect::Mail),
    ("SOML", Effect::Mail),
    ("SAML", Effect::Mail),
    ("TURN", Effect::Account),
    ("RSET", Effect::None),
    ("NOOP", Effect::None),
    ("QUIT", Effect::None),
    ("HELP", Effect::None),
    ("STARTTLS", Effect::None),
    ("AUTH", Effect::None),
];
const POP3: &[(&str, Effect)] = &[
    ("USER", Effect::None),
    ("PASS", Effect::None),
    ("APOP", Effect::None),
    ("AUTH", Effect::None),
    ("STLS", Effect::None),
    ("CAPA", Effect::None),
    ("STAT", Effect::None),
    ("LIST", Effect::None),
    ("RETR", Effect::None),
    ("UIDL", Effect::None),
    ("TOP", Effect::None),
    ("NOOP", Effect::None),
    ("RSET", Effect::None),
    ("QUIT", Effect::None),
    ("LAST", Effect::None),
    ("UTF8", Effect::None),
    ("LANG", Effect::None),
    ("DELE", Effect::Inbox),
];
const IMAP: &[(&str, Effect)] = &[
    ("CAPABILITY", Effect::None),
    ("NOOP", Effect::None),
    ("LOGOUT", Effect::None),
    ("STARTTLS", Effect::None),
    ("AUTHENTICATE", Effect::None),
    ("LOGIN", Effect::None),
    ("SELECT", Effect::None),
    ("EXAMINE", Effect::None),
    ("LIST", Effect::None),
    ("LSUB", Effect::None),
    ("STATUS", Effect::None),
    ("CHECK", Effect::None),
    ("UNSELECT", Effect::None),
    ("SEARCH", Effect::None),
    ("SORT", Effect::None),
    ("THREAD", Effect::None),
    ("IDLE", Effect::None),
    ("DONE", Effect::None),
    ("NAMESPACE", Effect::None),
    ("ID", Effect::None),
    ("ENABLE", Effect::None),
    ("COMPRESS", Effect::None),
    ("GETACL", Effect::None),
    ("LISTRIGHTS", Effect::None),
    ("MYRIGHTS", Effect::None),
    ("GETQUOTA", Effect::None),
    ("GETQUOTAROOT", Effect::None),
    ("GETMETADATA", Effect::None),
    ("NOTIFY", Effect::None),
    ("FETCH", Effect::Fetch),
    ("STORE", Effect::Selected),
    ("EXPUNGE", Effect::Selected),
    ("CLOSE", Effect::Selected),
    ("COPY", Effect::Second),
    ("MOVE", Effect::Moved),
    ("CREATE", Effect::First),
    ("DELETE", Effect::First),
    ("SUBSCRIBE", Effect::First),
    ("UNSUBSCRIBE", Effect::First),
    ("APPEND", Effect::First),
    ("SETACL", Effect::First),
    ("DELETEACL", Effect::First),
    ("SETMETADATA", Effect::First),
    ("REPLACE", Effect::Moved),
    ("RENAME", Effect::FirstTwo),
    ("SETQUOTA", Effect::Account),
    ("UNAUTHENTICATE", Effect::None),
];
/// What no server knows, which suites say to see it refused.
const MADE_UP: &[(&str, &str, &str)] = &[
    ("imap", "FROBNICATE", "an unknown command"),
    ("pop3", "XYZZ", "an unknown command"),
    ("pop3", "PA", "a line that is broken off"),
    ("smtp", "FROBNICATE", "an unknown command"),
    ("smtp", "DEFROBNICATE", "an unknown command, behind what was thrown away"),
    ("smtp", "XMAILPROOF", "an unknown command"),
    ("smtp", "NOOPNOOP", "an unknown command"),
    ("smtp", "", "an empty line"),
    ("smtp", ".", "the end of message data, where DATA was refused"),
    ("smtp", "SUBJECT:", "message data, where DATA was refused"),
    ("smtp", "TEXT", "message data, where DATA was refused"),
];

/// The effect of a word; none for one that is in no table.
pub(crate) fn effect(act: &Act) -> Option<Effect> {
    let table = match act.protocol {
        "smtp" => SMTP,
        "pop3" => POP3,
        _ => IMAP,
    };
    let made_up = MADE_UP.iter().any(|(protocol, word, _)| *protocol == act.protocol && *word == act.word);
    let known = table.iter().find(|(word, _)| *word == act.word).map(|(_, effect)| *effect);
    known.or_else(|| made_up.then_some(Effect::None))
}

/// What is wrong with a command, as a sentence.
pub(crate) fn offence(act: &Act, bounds: &Bounds<'_>) -> Option<String> {
    let told = |what: &str| {
        let line = format!("{} {}", act.word, String::from_utf8_lossy(&act.arguments).escape_debug());
        let shown: String = line.chars().take(200).collect();
        Some(format!(
            "{what}: {} as {} in {}: {shown}",
            act.protocol,
            act.user.as_deref().unwrap_or("nobody"),
            place(act)
        ))
    };
    let Some(effect) = effect(act) else { return told("an unknown command word") };
    let names = strings(&act.arguments);
    // A command that lacks the name can do nothing to it.
    let own = |at: usize| names.get(at).is_none_or(|name| is_own(name));
    let free = act.user.as_ref().is_none_or(|user| bounds.disposable.contains(user));
    let in_selected = act.mailbox.as_ref().is_none_or(|mailbox| is_own(&mailbox.name));
    let reads = act.mailbox.as_ref().is_some_and(|mailbox| mailbox.access == Access::Read);
    let fine = match effect {
        Effect::None => true,
        Effect::Mail => {
            return foreign(act).and_then(|domain| told(&format!("a domain that is not reserved, {domain}")));
        }
        Effect::Inbox | Effect::Account => free,
        // What is only examined cannot change, but a server may be wrong about that, so STORE and EXPUNGE stay away even there.
        Effect::Selected => free || in_selected || (act.word == "CLOSE" && reads),
        Effect::Fetch => free || in_selected || reads || peeks(&act.arguments),
        Effect::First => free || own(0),
        Effect::FirstTwo => free || (own(0) && own(1)),
        Effect::Second => free || own(1),
        Effect::Moved => free || (in_selected && own(1)),
    };
    if !fine {
        return told("not its own");
    }
    let header = act.letter.as_deref().and_then(foreign_in_header);
    header.and_then(|domain| told(&format!("a header with a domain that is not reserved, {domain}")))
}

fn place(act: &Act) -> String {
    act.mailbox
        .as_ref()
        .map_or_else(|| "no mailbox".to_owned(), |mailbox| String::from_utf8_lossy(&mailbox.name).into_owned())
}

/// Mailboxes that the harness makes, and what lies below them.
pub(crate) fn is_own(name: &[u8]) -> bool {
    name.starts_with(b"mailproof-")
}

/// Whether a FETCH leaves `\Seen` alone.
fn peeks(arguments: &[u8]) -> bool {
    let text = String::from_utf8_lossy(arguments).to_ascii_uppercase();
    let items = text.replace("RFC822.SIZE", "").replace("RFC822.HEADER", "").replace("BINARY.SIZE[", "");
    !items.contains("BODY[") && !items.contains("BINARY[") && !items.contains("RFC822")
}

/// A domain in an SMTP command, or in the header of a letter, that somebody may own.
fn foreign(act: &Act) -> Option<String> {
    let text = String::from_utf8_lossy(&act.arguments).into_owned();
    let whole =
        matches!(act.word.as_str(), "EHLO" | "HELO" | "ETRN").then(|| text.split(' ').next().unwrap_or_default());
    let named = whole.filter(|name| !name.is_empty()).map(str::to_owned);
    let found = named
        .into_iter()
        .chain(domains(&text).into_iter().map(|(_, domain)| domain))
        .find(|domain| !is_reserved(domain));
    found.or_else(|| act.letter.as_deref().and_then(foreign_in_header))
}

/// The fields of a header, up to the first line that is none; the rest of a letter that comes in several chunks has none.
fn foreign_in_header(letter: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(letter);
    let is_field = |line: &&str| {
        line.starts_with([' ', '\t'])
            || line.split_once(':').is_some_and(|(name, _)| {
                !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            })
    };
    let header: Vec<&str> = text.split("\r\n").take_while(is_field).collect();
    let header = header.join("\r\n");
    let found = domains(&header).into_iter().filter(|(mark, _)| *mark == "@").map(|(_, domain)| domain);
    found.into_iter().find(|domain| !is_reserved(domain))
}

/// What stands behind `@` and `%`, and before `!`, with that mark. Without a dot, only what stands behind an `@` outside of
/// quotes is a domain.
fn domains(text: &str) -> Vec<(&str, String)> {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    let mut found = Vec::new();
    for (at, mark) in text.match_indices(['@', '%', '!']) {
        let (before, behind) = (text.get(..at).unwrap_or_default(), text.get(at + mark.len()..).unwrap_or_default());
        let domain: String = if mark == "!" {
            let start = before.char_indices().rev().take_while(|(_, c)| part(*c)).last().map_or(at, |(start, _)| start);
            before.get(start..).unwrap_or_default().to_owned()
        } else if behind.starts_with('[') {
            behind.split_inclusive(']').next().unwrap_or_default().to_owned()
        } else {
            behind.chars().take_while(|c| part(*c)).collect()
        };
        let quoted = before.matches('"').count() % 2 == 1;
        let counts =
            !domain.is_empty() && (domain.contains('.') || domain.starts_with('[') || (mark == "@" && !quoted));
        found.extend(counts.then_some((mark, domain)));
    }
    found
}

/// RFC 2606, RFC 6761: names that nobody owns. Address literals of this machine, and those of documentation, which nobody has
/// either: RFC 5737, RFC 3849.
pub(crate) fn is_reserved(domain: &str) -> bool {
    if let Some(literal) = domain.strip_prefix('[') {
        let address = literal.trim_end_matches(']');
        let address = address.strip_prefix("IPv6:").unwrap_or(address);
        return address.parse::<IpAddr>().is_ok_and(|address| match address {
            IpAddr::V4(four) => four.is_loopback() || four.is_documentation(),
            IpAddr::V6(six) => six.is_loopback() || six.segments().starts_with(&[0x2001, 0xdb8]),
        });
    }
    let name = domain.trim_end_matches('.').to_ascii_lowercase();
    let mut labels = name.rsplit('.');
    let (top, second) = (labels.next().unwrap_or_default(), labels.next());
    matches!(top, "example" | "test" | "invalid" | "localhost")
        || (second == Some("example") && matches!(top, "com" | "net" | "org"))
}
