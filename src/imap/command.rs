//! What the client sent, as far as judging answers needs to know it: which commands are in progress.

/// A command that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandLine {
    /// Its tag.
    pub tag: String,
    /// Its name in upper case, with the `UID ` in front if there was one: `UID FETCH`.
    pub name: String,
}

/// Tag and name of a command line, without its CRLF; none if it is not shaped like one.
pub fn command_of(line: &[u8]) -> Option<CommandLine> {
    let text = std::str::from_utf8(line).ok()?;
    let mut words = text.split(' ');
    let tag = words.next().filter(|tag| !tag.is_empty() && tag.bytes().all(is_tag_char))?;
    let name = words.next().filter(|name| !name.is_empty() && name.bytes().all(|c| c.is_ascii_alphanumeric()))?;
    let mut name = name.to_ascii_uppercase();
    if name == "UID" {
        name = format!("UID {}", words.next()?.to_ascii_uppercase());
    }
    Some(CommandLine { tag: tag.to_owned(), name })
}

/// RFC 3501 §9: `tag = 1*<any ASTRING-CHAR except "+">`.
fn is_tag_char(octet: u8) -> bool {
    octet.is_ascii_graphic() && !b"(){%*\"\\+".contains(&octet)
}

/// The literal that a command line ends in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Announced {
    pub(super) octets: u64,
    /// `{n+}`: the octets follow without a go-ahead.
    pub(super) at_once: bool,
}

pub(super) fn literal_of(line: &[u8]) -> Option<Announced> {
    let inner = line.strip_suffix(b"}")?;
    let (inner, at_once) = match inner.strip_suffix(b"+") {
        Some(inner) => (inner, true),
        None => (inner, false),
    };
    let open = inner.iter().rposition(|octet| *octet == b'{')?;
    let digits = std::str::from_utf8(inner.get(open + 1..)?).ok()?;
    let octets = digits.bytes().all(|c| c.is_ascii_digit()).then(|| digits.parse().ok()).flatten()?;
    Some(Announced { octets, at_once })
}

/// A command that was sent and is not answered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Open {
    pub(super) tag: String,
    /// As in [`CommandLine`].
    pub(super) name: String,
    /// Its arguments: atoms, strings and literals, whatever parentheses they stand in; for AUTHENTICATE also the lines of
    /// the exchange.
    pub(super) words: Vec<Vec<u8>>,
    pub(super) literals: Literals,
    /// When its first octet was sent.
    pub(super) begun: u64,
}

/// Literals of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Literals {
    /// None, or all with a go-ahead.
    Synchronising,
    /// At least one was sent at once.
    AtOnce,
}

impl Open {
    /// Whether a word stands among the arguments, in any letter case.
    pub(super) fn says(&self, word: &str) -> bool {
        self.words.iter().any(|given| given.eq_ignore_ascii_case(word.as_bytes()))
    }
}

/// What a continuation request means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GoOn {
    /// Something waits for it, or may.
    Awaited,
    /// Only literals that are sent at once could.
    AtOnce,
    /// Nothing waits for it.
    Uncalled,
}

/// Commands during which the server asks for more only because of a literal.
const NEVER_CONTINUED: &[&str] = &[
    "APPEND",
    "CAPABILITY",
    "CHECK",
    "CLOSE",
    "COPY",
    "CREATE",
    "DELETE",
    "ENABLE",
    "EXAMINE",
    "EXPUNGE",
    "FETCH",
    "ID",
    "LIST",
    "LOGIN",
    "LOGOUT",
    "LSUB",
    "MOVE",
    "NAMESPACE",
    "NOOP",
    "RENAME",
    "SEARCH",
    "SELECT",
    "SORT",
    "STATUS",
    "STORE",
    "SUBSCRIBE",
    "THREAD",
    "UID COPY",
    "UID EXPUNGE",
    "UID FETCH",
    "UID MOVE",
    "UID SEARCH",
    "UID SORT",
    "UID STORE",
    "UID THREAD",
    "UNSELECT",
    "UNSUBSCRIBE",
];

/// The commands of one session that are not answered yet.
#[derive(Debug, Default)]
pub(super) struct Progress {
    buffer: Vec<u8>,
    /// Complete commands without a tagged answer, in the order sent.
    pub(super) open: Vec<Open>,
    /// A command that was begun and waits for its literal.
    pub(super) partial: Option<Partial>,
    lost: bool,
}

/// A command in front of, or within, a literal.
#[derive(Debug)]
pub(super) struct Partial {
    command: Open,
    /// The literal, as far as it came and not beyond what is kept.
    literal: Vec<u8>,
    left: u64,
    may_go_on: bool,
    begun: bool,
}

/// Longer lines are not followed.
const LONGEST_LINE: usize = 64 * 1024;
/// Octets of a literal that are kept: names are shorter.
const LONGEST_WORD: usize = 4096;
/// Arguments of a command that are kept.
const MOST_WORDS: usize = 1000;

impl Progress {
    /// Whether nobody knows any more which commands are in progress.
    pub(super) fn is_lost(&self) -> bool {
        self.lost
    }

    pub(super) fn lose(&mut self) {
        *self = Self { lost: true, ..Self::default() };
    }

    /// Takes octets that were sent at this time; gives the commands that they complete.
    pub(super) fn sent(&mut self, octets: &[u8], now: u64) -> Vec<Open> {
        let mut complete = Vec::new();
        if self.lost {
            return complete;
        }
        self.buffer.extend_from_slice(octets);
        while !self.buffer.is_empty() && !self.lost {
            if !self.step(&mut complete, now) {
                break;
            }
        }
        complete
    }

    /// Takes one literal or line from the buffer, if it is whole.
    fn step(&mut self, complete: &mut Vec<Open>, now: u64) -> bool {
        if self.open.iter().any(|command| command.name == "STARTTLS") {
            // Octets behind STARTTLS are a matter of injection, not of bookkeeping.
            self.lose();
            return false;
        }
        if let Some(partial) = &mut self.partial {
            if !partial.may_go_on {
                self.lose();
                return false;
            }
            partial.begun = true;
            let taken = self.buffer.len().min(usize::try_from(partial.left).unwrap_or(usize::MAX));
            let literal = self.buffer.drain(..taken);
            partial.literal.extend(literal.take(LONGEST_WORD.saturating_sub(partial.literal.len())));
            partial.left -= taken as u64;
            if partial.left > 0 || self.buffer.is_empty() {
                return false;
            }
        }
        let Some(end) = self.buffer.windows(2).position(|two| two == b"\r\n") else {
            if self.buffer.contains(&b'\n') || self.buffer.len() > LONGEST_LINE {
                self.lose();
            }
            return false;
        };
        let mut line: Vec<u8> = self.buffer.drain(..end + 2).collect();
        line.truncate(end);
        self.line(&line, complete, now);
        true
    }

    fn line(&mut self, line: &[u8], complete: &mut Vec<Open>, now: u64) {
        if line.iter().any(|octet| matches!(octet, 0 | b'\r' | b'\n')) {
            return self.lose();
        }
        let command = match self.partial.take() {
            Some(partial) => partial.go_on(line),
            None => match self.open.iter_mut().find(|open| open.name == "IDLE" || open.name == "AUTHENTICATE") {
                Some(idle) if idle.name == "IDLE" && line.eq_ignore_ascii_case(b"DONE") => return,
                Some(sasl) if sasl.name == "AUTHENTICATE" && !line.contains(&b' ') => {
                    if sasl.words.len() < MOST_WORDS {
                        sasl.words.push(line.to_vec());
                    }
                    return;
                }
                Some(_) => return self.lose(),
                None => match begin(line, now) {
                    Some(command) => command,
                    None => return self.lose(),
                },
            },
        };
        if self.open.iter().any(|open| open.tag == command.tag) {
            return self.lose();
        }
        match literal_of(line) {
            Some(literal) => self.partial = Some(Partial::new(command, literal)),
            None => {
                self.open.push(command.clone());
                complete.push(command);
            }
        }
    }

    /// The server asked for more. RFC 3501 §7.5.
    pub(super) fn go_on(&mut self) -> GoOn {
        let open = &self.open;
        let other = open.iter().any(|open| !NEVER_CONTINUED.contains(&open.name.as_str()));
        let at_once = open.iter().any(|open| open.literals == Literals::AtOnce);
        match &mut self.partial {
            Some(partial) if partial.command.literals == Literals::Synchronising => {
                partial.may_go_on = true;
                GoOn::Awaited
            }
            Some(_) => GoOn::Awaited,
            None if other || self.lost => GoOn::Awaited,
            None if at_once => GoOn::AtOnce,
            None => GoOn::Uncalled,
        }
    }
    /// A tagged answer came: the command that it ends, or none if there is no such command.
    pub(super) fn answered(&mut self, tag: &str) -> Option<Open> {
        if let Some(at) = self.open.iter().position(|open| open.tag == tag) {
            return Some(self.open.remove(at));
        }
        let partial = self.partial.take_if(|partial| partial.command.tag == tag)?;
        if partial.begun || partial.may_go_on || !self.buffer.is_empty() {
            // Whether the rest is still read as part of the literal is the server's choice.
            self.lose();
        }
        Some(partial.command)
    }
}

impl Partial {
    fn new(mut command: Open, literal: Announced) -> Self {
        if literal.at_once {
            command.literals = Literals::AtOnce;
        }
        Self { command, literal: Vec::new(), left: literal.octets, may_go_on: literal.at_once, begun: false }
    }

    /// The command with its literal and the line behind it.
    fn go_on(self, line: &[u8]) -> Open {
        let mut command = self.command;
        if command.words.len() < MOST_WORDS {
            command.words.push(self.literal);
        }
        words_of(line, &mut command.words);
        command
    }
}

fn begin(line: &[u8], now: u64) -> Option<Open> {
    let CommandLine { tag, name } = command_of(line)?;
    let mut words = Vec::new();
    words_of(line, &mut words);
    let skipped = if name.starts_with("UID ") { 3 } else { 2 };
    let words = words.split_off(skipped.min(words.len()));
    Some(Open { tag, name, words, literals: Literals::Synchronising, begun: now })
}

/// Adds the words of a line: atoms, and strings without their quotes. What announces a literal is none.
fn words_of(line: &[u8], words: &mut Vec<Vec<u8>>) {
    let end = literal_of(line).and_then(|_| line.iter().rposition(|octet| *octet == b'{')).unwrap_or(line.len());
    let line = line.get(..end).unwrap_or_default();
    let mut octets = line.strip_suffix(b"~").unwrap_or(line).iter().copied().peekable();
    while let Some(octet) = octets.next().filter(|_| words.len() < MOST_WORDS) {
        let mut word = Vec::new();
        match octet {
            b' ' | b'(' | b')' => continue,
            b'"' => {
                while let Some(octet) = octets.next().filter(|octet| *octet != b'"') {
                    word.extend(if octet == b'\\' { octets.next() } else { Some(octet) });
                }
            }
            first => {
                word.push(first);
                while let Some(next) = octets.next_if(|octet| !b" ()".contains(octet)) {
                    word.push(next);
                }
            }
        }
        words.push(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(pieces: &[&str]) -> Vec<String> {
        let mut progress = Progress::default();
        pieces.iter().flat_map(|piece| progress.sent(piece.as_bytes(), 0)).map(|command| command.name).collect()
    }

    #[test]
    fn names_are_in_upper_case_with_uid_in_front() {
        assert_eq!(command_of(b"a1 uid fetch 1 FLAGS").unwrap().name, "UID FETCH");
        assert_eq!(command_of(b"a1 noop").unwrap(), CommandLine { tag: "a1".into(), name: "NOOP".into() });
        assert_eq!(command_of(b"+ NOOP"), None);
        assert_eq!(command_of(b""), None);
    }

    #[test]
    fn commands_come_out_in_any_segmentation() {
        assert_eq!(names(&["a1 NO", "OP\r\na2 CHECK\r", "\n"]), ["NOOP", "CHECK"]);
        assert_eq!(names(&["a1 APPEND x {3+}\r\na\r\n", "\r\na2 NOOP\r\n"]), ["APPEND", "NOOP"]);
    }

    #[test]
    fn words_are_told_whatever_form_they_have() {
        let mut progress = Progress::default();
        let words = |open: &Open| open.words.iter().map(|word| word.escape_ascii().to_string()).collect::<Vec<_>>();
        let sent = progress.sent(b"a uid search return (MIN) subject \"x \\\"y\"\r\n", 0);
        assert_eq!(words(&sent[0]), ["return", "MIN", "subject", "x \\\"y"]);
        let sent = progress.sent(b"b APPEND {3+}\r\na b (\\Seen) ~{1+}\r\nx\r\n", 0);
        assert_eq!(words(&sent[0]), ["a b", "\\\\Seen", "x"]);
    }

    #[test]
    fn what_asks_for_more_is_known() {
        let after = |sent: &[u8]| {
            let mut progress = Progress::default();
            progress.sent(sent, 0);
            progress.go_on()
        };
        assert_eq!(after(b"a APPEND x {3}\r\n"), GoOn::Awaited);
        assert_eq!(after(b"a IDLE\r\n"), GoOn::Awaited);
        assert_eq!(after(b"a XYZZY\r\n"), GoOn::Awaited);
        assert_eq!(after(b"a LOGIN {1+}\r\na b\r\n"), GoOn::AtOnce);
        assert_eq!(after(b"a NOOP\r\n"), GoOn::Uncalled);
        assert_eq!(after(b""), GoOn::Uncalled);
    }

    #[test]
    fn literal_without_go_ahead_loses_count() {
        let mut progress = Progress::default();
        progress.sent(b"a1 LOGIN {3}\r\nabc x\r\n", 0);
        assert!(progress.is_lost());
    }

    #[test]
    fn refused_literal_leaves_the_count() {
        let mut progress = Progress::default();
        progress.sent(b"a1 APPEND x {3}\r\n", 0);
        assert_eq!(progress.answered("a1").unwrap().name, "APPEND");
        assert_eq!(progress.sent(b"a2 NOOP\r\n", 0).len(), 1);
        assert!(!progress.is_lost());
    }

    #[test]
    fn done_ends_idle_and_anything_else_loses_count() {
        let mut progress = Progress::default();
        progress.sent(b"a1 IDLE\r\nDONE\r\n", 0);
        assert!(!progress.is_lost());
        progress.sent(b"a2 NOOP\r\n", 0);
        assert!(progress.is_lost());
    }
}
