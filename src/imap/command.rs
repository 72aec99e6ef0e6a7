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

/// The commands of one session that are not answered yet.
#[derive(Debug, Default)]
pub(super) struct Progress {
    buffer: Vec<u8>,
    /// Complete commands without a tagged answer, in the order sent.
    pub(super) open: Vec<CommandLine>,
    /// A command that was begun and waits for its literal.
    pub(super) partial: Option<Partial>,
    lost: bool,
}

/// A command in front of, or within, a literal.
#[derive(Debug)]
pub(super) struct Partial {
    pub(super) command: CommandLine,
    left: u64,
    may_go_on: bool,
    begun: bool,
}

/// Longer lines are not followed.
const LONGEST_LINE: usize = 64 * 1024;

impl Progress {
    /// Whether nobody knows any more which commands are in progress.
    pub(super) fn is_lost(&self) -> bool {
        self.lost
    }

    pub(super) fn lose(&mut self) {
        *self = Self { lost: true, ..Self::default() };
    }

    /// Takes octets that were sent; gives the commands that they complete.
    pub(super) fn sent(&mut self, octets: &[u8]) -> Vec<CommandLine> {
        let mut complete = Vec::new();
        if self.lost {
            return complete;
        }
        self.buffer.extend_from_slice(octets);
        while !self.buffer.is_empty() && !self.lost {
            if !self.step(&mut complete) {
                break;
            }
        }
        complete
    }

    /// Takes one literal or line from the buffer, if it is whole.
    fn step(&mut self, complete: &mut Vec<CommandLine>) -> bool {
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
            self.buffer.drain(..taken);
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
        self.line(&line, complete);
        true
    }

    fn line(&mut self, line: &[u8], complete: &mut Vec<CommandLine>) {
        if line.iter().any(|octet| matches!(octet, 0 | b'\r' | b'\n')) {
            return self.lose();
        }
        let command = match self.partial.take() {
            Some(partial) => partial.command,
            None => match self.open.iter().find(|open| open.name == "IDLE" || open.name == "AUTHENTICATE") {
                Some(idle) if idle.name == "IDLE" && line.eq_ignore_ascii_case(b"DONE") => return,
                Some(sasl) if sasl.name == "AUTHENTICATE" && !line.contains(&b' ') => return,
                Some(_) => return self.lose(),
                None => match command_of(line) {
                    Some(command) => command,
                    None => return self.lose(),
                },
            },
        };
        if self.open.iter().any(|open| open.tag == command.tag) {
            return self.lose();
        }
        match literal_of(line) {
            Some(literal) => {
                let may_go_on = literal.at_once;
                self.partial = Some(Partial { command, left: literal.octets, may_go_on, begun: false });
            }
            None => {
                self.open.push(command.clone());
                complete.push(command);
            }
        }
    }

    /// The server asked for more.
    pub(super) fn go_on(&mut self) {
        if let Some(partial) = &mut self.partial {
            partial.may_go_on = true;
        }
    }

    /// A tagged answer came: the command that it ends, or none if there is no such command.
    pub(super) fn answered(&mut self, tag: &str) -> Option<CommandLine> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn names(pieces: &[&str]) -> Vec<String> {
        let mut progress = Progress::default();
        pieces.iter().flat_map(|piece| progress.sent(piece.as_bytes())).map(|command| command.name).collect()
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
    fn literal_without_go_ahead_loses_count() {
        let mut progress = Progress::default();
        progress.sent(b"a1 LOGIN {3}\r\nabc x\r\n");
        assert!(progress.is_lost());
    }

    #[test]
    fn refused_literal_leaves_the_count() {
        let mut progress = Progress::default();
        progress.sent(b"a1 APPEND x {3}\r\n");
        assert_eq!(progress.answered("a1").unwrap().name, "APPEND");
        assert_eq!(progress.sent(b"a2 NOOP\r\n").len(), 1);
        assert!(!progress.is_lost());
    }

    #[test]
    fn done_ends_idle_and_anything_else_loses_count() {
        let mut progress = Progress::default();
        progress.sent(b"a1 IDLE\r\nDONE\r\n");
        assert!(!progress.is_lost());
        progress.sent(b"a2 NOOP\r\n");
        assert!(progress.is_lost());
    }
}
