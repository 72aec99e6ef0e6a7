//! What a sent line means for the answers. RFC 5321 §4.1, RFC 3030 §2, RFC 4954 §4.

/// What a server answers: a command, or what takes the place of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Nothing was sent: the greeting.
    Greeting,
    /// EHLO: the reply lists keywords.
    Ehlo,
    /// HELO: the reply lists none.
    Helo,
    /// MAIL begins a transaction.
    Mail,
    /// RCPT adds a recipient.
    Rcpt,
    /// Message content follows once the server said 354.
    Data,
    /// Not a line but the end of the content after DATA.
    EndOfData,
    /// This many octets of content follow at once.
    Bdat(u64, Chunk),
    /// RSET ends a transaction.
    Rset,
    /// NOOP
    Noop,
    /// The server closes after its reply.
    Quit,
    /// VRFY
    Vrfy,
    /// EXPN
    Expn,
    /// HELP
    Help,
    /// ETRN. RFC 1985.
    Etrn,
    /// Responses to challenges follow once the server said 334.
    Auth,
    /// Not a command but the client's answer to a challenge.
    Response,
    /// A TLS handshake follows once the server said 220.
    StartTls,
    /// Any other line.
    Other,
}

/// Whether a chunk is the last of its message. RFC 3030 §2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chunk {
    /// More follow.
    More,
    /// `LAST`
    Last,
}

impl Verb {
    /// How many octets of content follow BDAT; none for anything else.
    pub fn chunk_octets(self) -> Option<u64> {
        if let Self::Bdat(octets, _) = self { Some(octets) } else { None }
    }
}

/// A line that was sent, or what takes the place of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandLine {
    /// What it asks for.
    pub verb: Verb,
    /// Its words after the verb, in upper case.
    pub words: Vec<String>,
}

impl CommandLine {
    /// What is answered without a line: the greeting, the end of data, the answer to a challenge.
    pub fn of(verb: Verb) -> Self {
        Self { verb, words: Vec::new() }
    }

    /// Whether a word stands in the line, in any case.
    pub fn has(&self, word: &str) -> bool {
        self.words.iter().any(|own| own == word)
    }

    /// Whether it is AUTH that ends in one round trip, so that more commands may stand behind it. RFC 4954 §4.
    pub fn is_short_auth(&self) -> bool {
        self.verb == Verb::Auth && matches!(self.words.as_slice(), [name, _] if name == "PLAIN" || name == "EXTERNAL")
    }
}

/// Reads a line without its line end; the verb may be in any case. No command begins with a blank or a tab (RFC 5321
/// §4.1.1), and whether a server looks behind it for a verb is its choice.
pub fn command_of(line: &[u8]) -> CommandLine {
    if line.first().is_some_and(u8::is_ascii_whitespace) {
        return CommandLine::of(Verb::Other);
    }
    let text = String::from_utf8_lossy(line).to_ascii_uppercase();
    let mut words = text.split_ascii_whitespace().map(str::to_owned);
    let name = words.next().unwrap_or_default();
    let words: Vec<String> = words.collect();
    let verb = match name.as_str() {
        "EHLO" => Verb::Ehlo,
        "HELO" => Verb::Helo,
        "MAIL" => Verb::Mail,
        "RCPT" => Verb::Rcpt,
        "DATA" => Verb::Data,
        "BDAT" => bdat(&words).unwrap_or(Verb::Other),
        "RSET" => Verb::Rset,
        "NOOP" => Verb::Noop,
        "QUIT" => Verb::Quit,
        "VRFY" => Verb::Vrfy,
        "EXPN" => Verb::Expn,
        "HELP" => Verb::Help,
        "ETRN" => Verb::Etrn,
        "AUTH" => Verb::Auth,
        "STARTTLS" => Verb::StartTls,
        _ => Verb::Other,
    };
    CommandLine { verb, words }
}

/// A size of at most 20 decimal digits and perhaps LAST. RFC 3030 §2.
fn bdat(words: &[String]) -> Option<Verb> {
    let (size, chunk) = match words {
        [size] => (size, Chunk::More),
        [size, last] if last == "LAST" => (size, Chunk::Last),
        _ => return None,
    };
    let digits = size.len() <= 20 && size.bytes().all(|octet| octet.is_ascii_digit());
    digits.then(|| size.parse().ok()).flatten().map(|size| Verb::Bdat(size, chunk))
}
