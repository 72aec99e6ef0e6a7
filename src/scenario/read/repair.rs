//! What an error of YAML means in a suite, and how reading can go on.

use std::ops::Range;

use granit_parser::ScanError;

/// An awkward value: what to say of it, and which octets to replace so that YAML can read on.
#[derive(Debug)]
pub(super) struct Repair {
    /// What the caret shows.
    pub(super) at: Range<usize>,
    /// What is wrong and what to write instead.
    pub(super) message: String,
    /// The value; nothing else is said about it.
    pub(super) value: Range<usize>,
    /// One-octet replacements of one-octet characters.
    pub(super) replace: Vec<(usize, &'static str)>,
}

/// Finds out what stands in the way at the place of the error. None: nothing that is known.
pub(super) fn repair(source: &str, error: &ScanError) -> Option<Repair> {
    let at = source.floor_char_boundary(error.marker().byte_offset()?);
    let line = Line::around(source, at)?;
    line.braces(at).or_else(|| line.awkward_start(at)).or_else(|| line.colon(at)).or_else(|| line.quote(at))
}

/// The line of the source in which YAML gave up.
struct Line<'a> {
    text: &'a str,
    start: usize,
}

impl<'a> Line<'a> {
    fn around(source: &'a str, at: usize) -> Option<Self> {
        let start = source.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
        let text = source.get(start..)?.split('\n').next()?.trim_end_matches('\r');
        Some(Self { text, start })
    }

    /// Where the value starts that contains `at`: behind the last `: `, `- `, `, `, `{ `, `[ ` before it.
    fn value_start(&self, at: usize) -> usize {
        let local = (at - self.start).min(self.text.len());
        let bytes = self.text.as_bytes();
        let mut start = 0;
        let (mut quote, mut braces, mut index) = (None, 0_usize, 0);
        // Where only blanks stand between `start` and the octet.
        let mut opening = 0;
        while index < local {
            let octet = bytes.get(index).copied().unwrap_or_default();
            let next = bytes.get(index + 1).copied().unwrap_or(b' ');
            let opens = opening.max(start) == index;
            match (quote, octet) {
                (Some(open), _) if octet == open => quote = None,
                (Some(_), _) => {}
                (None, b'\'' | b'"') if opens => quote = Some(octet),
                (None, b'{') if bytes.get(index.wrapping_sub(1)) == Some(&b'$') => braces += 1,
                (None, b'}') if braces > 0 => braces -= 1,
                (None, b':') if next == b' ' && index + 1 < local && self.is_key(start, index) => start = index + 1,
                (None, b'-') if next == b' ' && opens => start = index + 1,
                (None, b'{' | b'[') if opens => start = index + 1,
                (None, b',') if braces == 0 && self.in_flow(index) => start = index + 1,
                (None, _) => {}
            }
            index += 1;
            if opens && octet == b' ' {
                opening = index;
            }
        }
        let blanks = self.text.get(start..).map_or(0, |rest| rest.len() - rest.trim_start_matches(' ').len());
        start + blanks
    }

    /// Whether what stands between can be a key: one word.
    fn is_key(&self, start: usize, end: usize) -> bool {
        let key = self.text.get(start..end).unwrap_or_default().trim_matches([' ', '\'']);
        !key.is_empty() && key.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_.".contains(&c))
    }

    /// Whether a `{` or `[` that is no variable's is open before this octet.
    fn in_flow(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or_default();
        let plain = before.replace("${", "");
        plain.contains(['{', '['])
    }

    /// The end of a value: of the line, or where a flow list or map goes on.
    fn value_end(&self, start: usize) -> usize {
        if !self.in_flow(start) {
            return self.text.len();
        }
        let bytes = self.text.as_bytes();
        let mut braces = 0_usize;
        for index in start..self.text.len() {
            match bytes.get(index).copied().unwrap_or_default() {
                b'{' => braces += 1,
                b'}' | b']' if braces == 0 => return self.text.get(..index).map_or(index, |t| t.trim_end().len()),
                b'}' => braces -= 1,
                b',' if braces == 0 => return index,
                _ => {}
            }
        }
        self.text.len()
    }

    fn range(&self, start: usize, end: usize) -> Range<usize> {
        self.start + start..self.start + end.max(start + 1)
    }

    /// `{ to: ${x} }`: YAML reads a map in a map.
    fn braces(&self, at: usize) -> Option<Repair> {
        let local = at - self.start;
        let dollar = self.text.get(..=local)?.rfind("${")?;
        let start = self.value_start(self.start + dollar);
        if !self.in_flow(start) || self.text.get(start..)?.starts_with(['\'', '"']) {
            return None;
        }
        let end = self.value_end(start);
        let value = self.text.get(start..end)?;
        if end <= dollar {
            return None;
        }
        let open = self.text.get(..start)?.replace("${", "");
        let shape = if open.rfind('[') > open.rfind('{') { "[ ]" } else { "{ }" };
        let replace = value.bytes().enumerate().filter(|(_, c)| b"{}".contains(c));
        Some(Repair {
            at: self.range(start, end),
            message: format!("inside `{shape}` a value with braces must be quoted: `'{value}'`"),
            value: self.range(start, end),
            replace: replace.map(|(offset, _)| (self.start + start + offset, "_")).collect(),
        })
    }

    /// `S: * 1 EXISTS`, `S: ! * _ EXPUNGE`, `C: @x`.
    fn awkward_start(&self, at: usize) -> Option<Repair> {
        let start = self.value_start(at);
        let value = self.text.get(start..)?;
        let first = value.chars().next()?;
        let message = match first {
            '*' => "a value that begins with `*` must stand in single quotes or in a block `|` (YAML reads an alias)",
            '!' => "a value that begins with `!` must stand in a block `|` (YAML reads a tag)",
            '&' => "a value that begins with `&` must stand in single quotes or in a block `|` (YAML reads an anchor)",
            '@' | '`' | '%' | '|' | '>' | '?' | ']' | '}' | ',' => {
                return Some(self.keeps(start, first));
            }
            '-' if value.starts_with("- ") => {
                "a value that begins with `- ` must stand in single quotes or in a block `|` (YAML reads a list)"
            }
            _ => return None,
        };
        // Marks that follow each other are in the way one after the other.
        let marks = value.bytes().enumerate().take_while(|(_, c)| b"*!&- ".contains(c));
        let replace = marks.filter(|(_, c)| *c != b' ').map(|(offset, _)| (self.start + start + offset, "_")).collect();
        Some(Repair {
            at: self.range(start, start + first.len_utf8()),
            message: message.to_owned(),
            value: self.range(start, self.value_end(start)),
            replace,
        })
    }

    fn keeps(&self, start: usize, first: char) -> Repair {
        Repair {
            at: self.range(start, start + 1),
            message: format!(
                "a value that begins with `{first}` must stand in single quotes or in a block `|` (YAML keeps this character for itself)"
            ),
            value: self.range(start, self.value_end(start)),
            replace: vec![(self.start + start, "_")],
        }
    }

    /// `C: X: y`: YAML reads a key.
    fn colon(&self, at: usize) -> Option<Repair> {
        let local = at - self.start;
        // YAML may give up at the colon or behind it.
        let colon = (local..=local + 1)
            .chain(local.checked_sub(1))
            .find(|place| self.text.as_bytes().get(*place) == Some(&b':'))?;
        let start = self.value_start(self.start + colon);
        if start >= colon {
            return None;
        }
        Some(Repair {
            at: self.range(colon, colon + 1),
            message: "`: ` ends a plain value: use single quotes or a block".to_owned(),
            value: self.range(start, self.value_end(start)),
            replace: vec![(self.start + colon, ".")],
        })
    }

    /// A quote that is not closed, or text behind the closing one.
    fn quote(&self, at: usize) -> Option<Repair> {
        let start = self.value_start(at.max(self.start + 1));
        let value = self.text.get(start..)?;
        let message = if value.starts_with('"') {
            "double quotes make YAML eat backslashes: write it plain, in single quotes or in a block"
        } else if value.starts_with('\'') {
            "a value in single quotes ends with its second quote, on the same line: write `''` for a quote inside, or use a block"
        } else {
            return None;
        };
        // Whatever is no letter goes, so that a plain value of the same length is left.
        let replace = value
            .bytes()
            .enumerate()
            .filter(|(_, octet)| octet.is_ascii() && !octet.is_ascii_alphanumeric())
            .map(|(offset, _)| (self.start + start + offset, "_"))
            .collect();
        let all = self.range(start, self.text.len());
        Some(Repair { at: all.clone(), message: message.to_owned(), value: all, replace })
    }
}
