//! An answer as lines, to be changed.

use crate::refserver::imap::session::reply::say;

/// The lines of an answer. All are 7-bit but for FETCH, which is not said here.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Without their line ends.
    pub(super) lines: Vec<String>,
    /// The last line, if it is the tagged one.
    pub(super) tagged: Option<String>,
}

impl Said {
    /// What was written for the command of a tag.
    pub(super) fn of(octets: &[u8], tag: &str) -> Self {
        let text = String::from_utf8_lossy(octets);
        let mut lines: Vec<String> = text.split_terminator("\r\n").map(str::to_owned).collect();
        let ends = |line: &mut String| line.strip_prefix(tag).is_some_and(|rest| rest.starts_with(' '));
        let tagged = lines.pop_if(ends);
        Self { lines, tagged }
    }

    /// Whether the command was carried out.
    pub(super) fn is_ok(&self) -> bool {
        self.tagged.as_ref().is_some_and(|line| line.split(' ').nth(1) == Some("OK"))
    }

    /// Leaves out the lines that begin so.
    pub(super) fn leave_out(&mut self, beginning: &str) {
        self.lines.retain(|line| !line.starts_with(beginning));
    }

    /// Says something else in the lines before the tagged one.
    pub(super) fn change(&mut self, from: &str, to: &str) {
        self.lines.iter_mut().for_each(|line| *line = line.replace(from, to));
    }

    /// Says something else in the tagged line.
    pub(super) fn change_tagged(&mut self, from: &str, to: &str) {
        self.tagged.iter_mut().for_each(|line| *line = line.replace(from, to));
    }

    /// Leaves the code out of the tagged line if it is this one.
    pub(super) fn leave_out_code(&mut self, name: &str) {
        let Some(line) = &mut self.tagged else { return };
        let Some((before, rest)) = line.split_once(&format!("[{name}")) else { return };
        let after = rest.split_once("] ").map_or("done", |(_, after)| after);
        *line = format!("{before}{after}");
    }

    /// Makes another number of those that stand behind a text.
    pub(super) fn renumber(&mut self, behind: &str, new: impl Fn(u64) -> u64) {
        self.lines.iter_mut().for_each(|line| *line = renumbered(line, behind, &new));
    }

    /// The octets of all lines.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        self.lines.iter().chain(&self.tagged).for_each(|line| say(out, line));
    }
}

/// A line with other numbers behind a text.
pub(super) fn renumbered(line: &str, behind: &str, new: &impl Fn(u64) -> u64) -> String {
    let mut parts = line.split(behind);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        let (digits, rest) = part.split_at(end);
        let number = digits.parse().map_or_else(|_| digits.to_owned(), |number| new(number).to_string());
        out.push_str(&format!("{behind}{number}{rest}"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_changed_and_the_tagged_one_is_known() {
        let mut said = Said::of(b"* 3 EXISTS\r\n* OK [UIDNEXT 7] next\r\na1 OK [READ-WRITE] selected\r\n", "a1");
        assert!(said.is_ok());
        said.leave_out("* 3");
        said.renumber("[UIDNEXT ", |next| next + 1);
        said.leave_out_code("READ-WRITE");
        let mut out = Vec::new();
        said.write(&mut out);
        assert_eq!(String::from_utf8(out).unwrap(), "* OK [UIDNEXT 8] next\r\na1 OK selected\r\n");
        let going_on = Said::of(b"+ idling\r\n", "a1");
        assert_eq!((going_on.lines.len(), going_on.tagged), (1, None));
    }
}
