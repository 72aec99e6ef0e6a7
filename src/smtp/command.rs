//! What a sent line means for the answers. RFC 5321 §4.1, RFC 3030 §2, RFC 4954 §4.

/// How the octets after a command line are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Another line follows.
    Plain,
    /// EHLO: the reply lists keywords.
    Ehlo,
    /// Message content follows once the server said 354.
    Data,
    /// This many octets of content follow at once.
    Bdat(u64),
    /// Responses to challenges follow once the server said 334.
    Auth,
    /// A TLS handshake follows once the server said 220.
    StartTls,
    /// The server closes after its reply.
    Quit,
}

/// Reads the verb of a line, in any case; the line end may be there or not.
pub fn command_of(line: &[u8]) -> Command {
    let text = String::from_utf8_lossy(line).to_ascii_uppercase();
    let mut words = text.split_ascii_whitespace();
    match words.next().unwrap_or_default() {
        "EHLO" => Command::Ehlo,
        "DATA" => Command::Data,
        "BDAT" => words.next().and_then(|size| size.parse().ok()).map_or(Command::Plain, Command::Bdat),
        "AUTH" => Command::Auth,
        "STARTTLS" => Command::StartTls,
        "QUIT" => Command::Quit,
        _ => Command::Plain,
    }
}
