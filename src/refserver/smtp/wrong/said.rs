//! A command line taken apart.

use super::super::session::Then;

/// What the client said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::refserver::smtp) struct Said<'t> {
    /// The first word, in upper case.
    pub(super) verb: String,
    /// What follows it.
    pub(super) argument: &'t str,
    /// All of it, but for blanks at the end.
    pub(super) text: &'t str,
    /// All of it.
    pub(super) line: &'t str,
}

impl<'t> Said<'t> {
    /// Takes a line apart as the server does.
    pub(in crate::refserver::smtp) fn new(line: &'t str) -> Self {
        let text = line.trim_end_matches([' ', '\t']);
        let (verb, argument) = text.split_once(' ').unwrap_or((text, ""));
        Self { verb: verb.to_ascii_uppercase(), argument, text, line }
    }

    /// What is answered behind a chunk, or behind the content of DATA.
    pub(in crate::refserver::smtp) fn behind(then: Then) -> Said<'static> {
        match then {
            Then::Chunk(_) => Said::new("BDAT"),
            Then::Content | Then::Command | Then::Response | Then::Tls | Then::Close => Said::new("."),
        }
    }

    /// What follows FROM: or TO: in any case.
    pub(super) fn path(&self) -> Option<&'t str> {
        let (word, path) = self.argument.split_once(':')?;
        ["FROM", "TO"].iter().any(|known| word.eq_ignore_ascii_case(known)).then_some(path)
    }

    /// Whether the path holds a mailbox without a domain.
    pub(super) fn is_unqualified(&self) -> bool {
        let inside = self.path().and_then(|path| path.strip_prefix('<')?.split_once('>')).map(|(inside, _)| inside);
        inside.is_some_and(|inside| !inside.is_empty() && !inside.contains(['@', '"']))
    }

    /// The parameters behind the path, in upper case.
    pub(super) fn parameters(&self) -> Vec<String> {
        let behind = self.path().and_then(|path| path.rsplit_once('>'));
        behind.map_or_else(Vec::new, |(_, rest)| rest.split_whitespace().map(str::to_ascii_uppercase).collect())
    }

    /// How often a parameter is given, whose name is given in upper case with its sign.
    pub(super) fn times(&self, name: &str) -> usize {
        self.parameters().iter().filter(|parameter| parameter.starts_with(name)).count()
    }

    /// The value of a parameter, whose name is given in upper case with its sign.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        self.parameters().iter().find_map(|parameter| parameter.strip_prefix(name).map(str::to_owned))
    }
}
