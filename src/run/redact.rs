//! Hides secrets in octets that people may see: the secret itself, and whatever is made from it.

use std::cmp::Reverse;
use std::ops::Range;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::base::ByteString;

/// What stands in place of a secret.
pub const REPLACEMENT: &[u8] = b"<secret>";
/// Shorter secrets are hidden only where they stand alone: `a` is in every word.
const SHORT_OCTETS: usize = 4;

/// Replaces secrets. What it learns, it never forgets. A clone shares what was learnt before.
#[derive(Clone, Default)]
pub struct Redactor {
    needles: Arc<Needles>,
}

#[derive(Clone, Default)]
struct Needles {
    /// Sorted by first octet, then longest first, so that no part of a longer one stays.
    all: Vec<Needle>,
    /// By octet, those of `all` that begin with it. Empty as long as there are none.
    starts: Vec<Range<usize>>,
    /// The octets with which one begins, a bit each.
    heads: [u64; 4],
}

#[derive(Clone, PartialEq, Eq)]
struct Needle {
    octets: Vec<u8>,
    place: Place,
}

/// Where a needle counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Wherever it is found.
    Anywhere,
    /// Not inside a word.
    Alone,
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Redactor({} needles)", self.needles.all.len())
    }
}

impl Redactor {
    /// Hides these passwords, each with its user.
    pub fn new<'a>(secrets: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut redactor = Self::default();
        let needles = Arc::make_mut(&mut redactor.needles);
        for (user, password) in secrets {
            needles.password(user, password);
        }
        needles.sort();
        redactor
    }

    /// Hides what was made from a secret: a digest, a proof, a whole response. Its base64 is hidden too.
    pub fn remember(&mut self, octets: &[u8]) {
        let encoded = STANDARD.encode(octets);
        if self.needles.knows(octets) && self.needles.knows(encoded.as_bytes()) {
            return;
        }
        let needles = Arc::make_mut(&mut self.needles);
        needles.learn(octets);
        needles.learn(encoded.as_bytes());
        needles.sort();
    }

    /// The same octets with every secret replaced.
    pub fn redact(&self, octets: &[u8]) -> ByteString {
        self.redact_head(octets, octets.len())
    }

    /// As [`Redactor::redact`], but only of so many octets at the beginning, and of the secret that lies across their end.
    pub fn redact_head(&self, octets: &[u8], most: usize) -> ByteString {
        let most = octets.len().min(most);
        let mut result = Vec::with_capacity(most);
        // What lies before `kept` is in `result` already.
        let (mut kept, mut at) = (0, 0);
        loop {
            let rest = octets.get(at..most).unwrap_or_default();
            // Most octets begin no secret.
            let Some(next) = rest.iter().position(|octet| self.needles.may_begin(*octet)) else { break };
            at += next;
            match self.needles.longest(octets, at) {
                Some(length) => {
                    result.extend_from_slice(octets.get(kept..at).unwrap_or_default());
                    result.extend_from_slice(REPLACEMENT);
                    at += length;
                    kept = at;
                }
                None => at += 1,
            }
        }
        // A secret may reach beyond the end of the head.
        result.extend_from_slice(octets.get(kept..most).unwrap_or_default());
        result.into()
    }
}

impl Needles {
    fn may_begin(&self, octet: u8) -> bool {
        self.heads.get(usize::from(octet >> 6)).is_some_and(|bits| bits & (1 << (octet & 63)) != 0)
    }

    /// How far a secret at `at` reaches, together with those that begin inside it.
    fn longest(&self, octets: &[u8], at: usize) -> Option<usize> {
        let mut end = at + self.needle_at(octets, at)?;
        let mut inside = at + 1;
        while inside < end {
            if let Some(length) = self.needle_at(octets, inside) {
                end = end.max(inside + length);
            }
            inside += 1;
        }
        Some(end - at)
    }

    fn needle_at(&self, octets: &[u8], at: usize) -> Option<usize> {
        let rest = octets.get(at..)?;
        let candidates = self.starts.get(usize::from(*rest.first()?)).filter(|range| !range.is_empty())?;
        let alone = |length: usize| {
            let before = at.checked_sub(1).and_then(|before| octets.get(before));
            let word = |octet: Option<&u8>| octet.is_some_and(u8::is_ascii_alphanumeric);
            !word(before) && !word(rest.get(length))
        };
        let found = self.all.get(candidates.clone())?.iter().find(|needle| {
            rest.starts_with(&needle.octets) && (needle.place == Place::Anywhere || alone(needle.octets.len()))
        });
        found.map(|needle| needle.octets.len())
    }

    fn password(&mut self, user: &str, password: &str) {
        if password.is_empty() {
            return;
        }
        self.learn(password.as_bytes());
        // As `${alice.password}` stands in a quoted string.
        self.learn(password.replace('\\', "\\\\").replace('"', "\\\"").as_bytes());
        for whole in [password.to_owned(), format!("\0{user}\0{password}"), format!("{user}\0{user}\0{password}")] {
            self.learn(whole.as_bytes());
            self.learn(STANDARD.encode(whole).as_bytes());
        }
        // In base64 the password looks in one of three ways, by where it begins; the digits at the ends depend on its
        // neighbours too and are left away.
        for shift in 0..3_usize {
            let mut padded = vec![0; shift];
            padded.extend_from_slice(password.as_bytes());
            let digits = STANDARD.encode(&padded);
            let digits = digits.trim_end_matches('=').as_bytes();
            let first = (shift * 8).div_ceil(6);
            let last = padded.len() * 8 / 6;
            self.learn(digits.get(first..last).unwrap_or_default());
        }
    }

    fn learn(&mut self, octets: &[u8]) {
        if octets.is_empty() {
            return;
        }
        let place = if octets.len() < SHORT_OCTETS { Place::Alone } else { Place::Anywhere };
        if !self.knows(octets) {
            self.all.push(Needle { octets: octets.to_vec(), place });
        }
    }

    fn knows(&self, octets: &[u8]) -> bool {
        self.all.iter().any(|needle| needle.octets == octets)
    }

    fn sort(&mut self) {
        let first = |needle: &Needle| needle.octets.first().copied();
        self.all.sort_by_key(|needle| (first(needle), Reverse(needle.octets.len())));
        self.starts = vec![0..0; 1 + usize::from(u8::MAX)];
        for (at, octet) in self.all.iter().map(first).enumerate().filter_map(|(at, octet)| Some((at, octet?))) {
            if let Some(range) = self.starts.get_mut(usize::from(octet)) {
                let start = if range.start == range.end { at } else { range.start };
                *range = start..at + 1;
            }
            if let Some(bits) = self.heads.get_mut(usize::from(octet >> 6)) {
                *bits |= 1 << (octet & 63);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn contains(octets: &[u8], part: &[u8]) -> bool {
        octets.windows(part.len()).any(|window| window == part)
    }

    proptest! {
        #[test]
        fn no_secret_survives_anywhere(
            before in proptest::collection::vec(any::<u8>(), 0..40),
            after in proptest::collection::vec(any::<u8>(), 0..40),
            password in "[!-;=-~]{12,20}",
        ) {
            let redactor = Redactor::new([("alice", password.as_str())]);
            let clear = [before.as_slice(), password.as_bytes(), &after].concat();
            prop_assert!(!contains(&redactor.redact(&clear), password.as_bytes()));
            let encoded = STANDARD.encode(&clear);
            let hidden = redactor.redact(encoded.as_bytes());
            prop_assert!(contains(&hidden, REPLACEMENT), "{} in {}", password, hidden);
        }

        #[test]
        fn a_remembered_proof_is_hidden_in_both_forms(
            before in proptest::collection::vec(any::<u8>(), 0..20),
            proof in proptest::collection::vec(any::<u8>(), 9..40),
        ) {
            let mut redactor = Redactor::default();
            redactor.remember(&proof);
            let clear = [before.as_slice(), &proof].concat();
            prop_assert!(!contains(&redactor.redact(&clear), &proof));
            let encoded = STANDARD.encode(&proof);
            prop_assert_eq!(redactor.redact(encoded.as_bytes()), ByteString::from(REPLACEMENT));
        }
    }

    #[test]
    fn overlapping_secrets_are_hidden_whole() {
        let redactor = Redactor::new([("a", "abcdef"), ("b", "defghi")]);
        assert_eq!(redactor.redact(b"x abcdefghi y").to_string(), "x <secret> y");
    }

    #[test]
    fn a_secret_across_the_end_of_a_head_is_hidden_whole() {
        let redactor = Redactor::new([("alice", "abcdef")]);
        for most in 3..=8 {
            assert_eq!(redactor.redact_head(b"x abcdef y", most).to_string(), "x <secret>", "{most}");
        }
        assert_eq!(redactor.redact_head(b"x abcdef y", 2).to_string(), "x ");
        assert_eq!(redactor.redact_head(b"x abcdef y", 99).to_string(), "x <secret> y");
    }

    #[test]
    fn a_short_password_is_hidden_only_where_it_stands_alone() {
        let redactor = Redactor::new([("alice", "ok")]);
        assert_eq!(redactor.redact(b"PASS ok\r\n").to_string(), "PASS <secret>\\r\\n");
        assert_eq!(redactor.redact(b"a token\r\n").to_string(), "a token\\r\\n");
    }

    #[test]
    fn an_empty_password_hides_nothing() {
        assert_eq!(Redactor::new([("alice", "")]).redact(b"text").to_string(), "text");
    }
}
