//! Capabilities as a server announced them, in one spelling for all protocols.

use std::collections::BTreeSet;

use crate::base::ByteString;

/// Words of one state that are kept. No server has a hundred.
const WORDS_MAX: usize = 4_096;

/// Capabilities of one state. Words are in upper case; an argument is told as `KEYWORD=ARG`, whatever stands between the
/// two in the protocol, beside the bare keyword. docs/suite-language.md section 9.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capabilities {
    words: BTreeSet<String>,
}

/// Capabilities on the way up, by state. One that was not reached is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Announced {
    /// Before TLS; on a TLS port what is announced before the login.
    pub clear: Option<Capabilities>,
    /// In TLS, before the login.
    pub secured: Option<Capabilities>,
    /// After the login.
    pub authenticated: Option<Capabilities>,
}

impl Announced {
    /// What the last state announced that was asked.
    pub fn latest(&self) -> Option<&Capabilities> {
        self.authenticated.as_ref().or(self.secured.as_ref()).or(self.clear.as_ref())
    }

    /// Whether any state announced it.
    pub fn any(&self, word: &str) -> bool {
        [&self.clear, &self.secured, &self.authenticated].into_iter().flatten().any(|state| state.meets(word))
    }
}

impl Capabilities {
    /// From the lines of an EHLO reply behind the first. RFC 5321 §4.1.1.1.
    pub fn from_ehlo<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let mut all = Self::default();
        for line in lines {
            // `AUTH=LOGIN` is an old spelling of `AUTH LOGIN`.
            all.keyword(&line.replacen("AUTH=", "AUTH ", 1));
        }
        all
    }

    /// From the lines of a CAPA response. RFC 2449 §5.
    pub fn from_capa<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let mut all = Self::default();
        for line in lines {
            all.keyword(line);
            let mut words = line.split_ascii_whitespace();
            if words.next().is_some_and(|word| word.eq_ignore_ascii_case("SASL")) {
                all.keyword(&format!("AUTH {}", words.collect::<Vec<_>>().join(" ")));
            }
        }
        all
    }

    /// From the words of a CAPABILITY response or code. RFC 3501 §7.2.1.
    pub fn from_capability(text: &str) -> Self {
        let mut all = Self::default();
        for word in text.split_ascii_whitespace() {
            let word = word.to_ascii_uppercase();
            if word.starts_with("AUTH=") {
                all.insert("AUTH".to_owned());
            }
            all.insert(word);
        }
        all
    }

    /// Adds one, such as `APOP`, which the greeting announces.
    pub fn add(&mut self, word: &str) {
        self.insert(word.to_ascii_uppercase());
    }

    /// All words, sorted.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }

    /// Exactly this word.
    pub fn has(&self, word: &str) -> bool {
        self.words.contains(&word.to_ascii_uppercase())
    }

    /// The arguments of a keyword.
    pub fn arguments(&self, keyword: &str) -> impl Iterator<Item = &str> {
        let prefix = format!("{}=", keyword.to_ascii_uppercase());
        self.words.iter().filter_map(move |word| word.strip_prefix(&prefix))
    }

    /// Whether a need is met: `WORD`, `KEYWORD=ARG`, `PREFIX*`, and several of them with `|` between.
    pub fn meets(&self, need: &str) -> bool {
        need.split('|').any(|one| {
            let one = one.to_ascii_uppercase();
            match one.strip_suffix('*') {
                Some(prefix) => self.words.iter().any(|word| word.starts_with(prefix)),
                None => self.has(&one) || self.implies(&one),
            }
        })
    }

    /// RFC 7162 §3.2.3: whoever announces QRESYNC can do CONDSTORE. docs/suite-language.md section 9 for the others.
    fn implies(&self, word: &str) -> bool {
        match word {
            // RFC 7889 §2: with its number or without.
            "APPENDLIMIT" => self.arguments(word).next().is_some(),
            "CONDSTORE" => self.has("QRESYNC"),
            "SASL" => self.has("AUTH"),
            "SCRAM" => self.arguments("AUTH").any(|mechanism| mechanism.starts_with("SCRAM-")),
            _ => false,
        }
    }

    fn keyword(&mut self, line: &str) {
        let line = line.to_ascii_uppercase();
        let mut words = line.split_ascii_whitespace();
        let Some(keyword) = words.next() else { return };
        self.insert(keyword.to_owned());
        words.for_each(|argument| self.insert(format!("{keyword}={argument}")));
    }

    fn insert(&mut self, word: String) {
        if self.words.len() < WORDS_MAX {
            self.words.insert(word);
        }
    }
}

/// The text of octets, whatever they are.
pub(super) fn text(octets: &ByteString) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_words_is_cut() {
        let words: String = (0..100_000).map(|number| format!("IMAP4rev1 X{number} ")).collect();
        let all = Capabilities::from_capability(&words);
        assert_eq!(all.words().count(), WORDS_MAX);
        assert!(all.has("IMAP4REV1"));
    }

    #[test]
    fn all_protocols_announce_in_one_spelling() {
        let ehlo = Capabilities::from_ehlo(["SIZE 1000", "auth plain LOGIN", "AUTH=CRAM-MD5"]);
        let capa = Capabilities::from_capa(["SASL PLAIN CRAM-MD5", "UTF8 USER", "EXPIRE 60"]);
        let imap =
            Capabilities::from_capability("IMAP4rev1 APPENDLIMIT=9 AUTH=PLAIN RIGHTS=texk QRESYNC AUTH=SCRAM-SHA-256");
        for (announced, need, met) in [
            (&ehlo, "SIZE", true),
            (&ehlo, "SIZE=1000", true),
            (&ehlo, "AUTH=PLAIN", true),
            (&ehlo, "AUTH=CRAM-MD5", true),
            (&ehlo, "SCRAM", false),
            (&capa, "AUTH=PLAIN", true),
            (&capa, "UTF8=USER", true),
            (&capa, "SASL", true),
            (&imap, "AUTH", true),
            (&imap, "SASL", true),
            (&imap, "SCRAM", true),
            (&imap, "CONDSTORE", true),
            (&imap, "APPENDLIMIT", true),
            (&ehlo, "APPENDLIMIT", false),
            (&imap, "RIGHTS=*", true),
            (&imap, "ACL|QRESYNC", true),
            (&imap, "ACL|MOVE", false),
            (&imap, "imap4REV1", true),
        ] {
            assert_eq!(announced.meets(need), met, "{need}");
        }
    }
}
