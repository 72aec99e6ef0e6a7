//! What a sent line means for the response. RFC 1939 §5 and §7, RFC 2449 §5, RFC 5034 §4, RFC 6856 §3.2.

/// Whether a positive response has lines after the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One line.
    Single,
    /// After `+OK` come lines up to `.`.
    Multi,
}

/// The form of a positive response to this line; its line end may be there or not.
pub fn form_of(line: &[u8]) -> Form {
    let text = String::from_utf8_lossy(line).to_ascii_uppercase();
    let mut words = text.split_ascii_whitespace();
    match (words.next().unwrap_or_default(), words.next()) {
        // AUTH alone is older than RFC 5034: where it is not refused, the mechanisms are listed.
        ("RETR" | "TOP" | "CAPA", _) | ("LIST" | "UIDL" | "LANG" | "AUTH", None) => Form::Multi,
        (_, _) => Form::Single,
    }
}

/// What a server answers: a command, or what takes the place of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keyword {
    /// Nothing was sent: the greeting.
    Greeting,
    /// Not a command but the client's answer to a challenge.
    Response,
    /// A command of RFC 1939.
    User,
    /// A command of RFC 1939.
    Pass,
    /// A command of RFC 1939.
    Apop,
    /// A command of RFC 1939.
    Quit,
    /// A command of RFC 1939.
    Stat,
    /// A command of RFC 1939.
    List,
    /// A command of RFC 1939.
    Retr,
    /// A command of RFC 1939.
    Dele,
    /// A command of RFC 1939.
    Noop,
    /// A command of RFC 1939.
    Rset,
    /// A command of RFC 1939.
    Top,
    /// A command of RFC 1939.
    Uidl,
    /// RFC 5034
    Auth,
    /// RFC 2449
    Capa,
    /// RFC 2595
    Stls,
    /// RFC 6856
    Utf8,
    /// RFC 6856
    Lang,
    /// Any other line.
    Other,
}

/// A line that was sent, or what takes the place of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandLine {
    /// What it asks for.
    pub keyword: Keyword,
    /// What follows the keyword, word by word.
    pub args: Vec<String>,
    /// Of a positive response.
    pub form: Form,
}

impl CommandLine {
    /// What is answered without a command.
    pub fn of(keyword: Keyword) -> Self {
        Self { keyword, args: Vec::new(), form: Form::Single }
    }

    /// The message that the first argument names, in plain decimal digits.
    pub fn message(&self) -> Option<u64> {
        let word = self.args.first().filter(|word| word.bytes().all(|octet| octet.is_ascii_digit()))?;
        word.parse().ok()
    }
}

/// Reads a line without its line end; the keyword may be in any case.
pub fn command_of(line: &[u8]) -> CommandLine {
    let text = String::from_utf8_lossy(line);
    let mut words = text.split_ascii_whitespace().map(str::to_owned);
    let keyword = match words.next().unwrap_or_default().to_ascii_uppercase().as_str() {
        "USER" => Keyword::User,
        "PASS" => Keyword::Pass,
        "APOP" => Keyword::Apop,
        "QUIT" => Keyword::Quit,
        "STAT" => Keyword::Stat,
        "LIST" => Keyword::List,
        "RETR" => Keyword::Retr,
        "DELE" => Keyword::Dele,
        "NOOP" => Keyword::Noop,
        "RSET" => Keyword::Rset,
        "TOP" => Keyword::Top,
        "UIDL" => Keyword::Uidl,
        "AUTH" => Keyword::Auth,
        "CAPA" => Keyword::Capa,
        "STLS" => Keyword::Stls,
        "UTF8" => Keyword::Utf8,
        "LANG" => Keyword::Lang,
        _ => Keyword::Other,
    };
    CommandLine { keyword, args: words.collect(), form: form_of(line) }
}
