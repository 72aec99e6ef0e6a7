//! Inputs: drawn from a grammar, taken from the corpus, spliced, damaged, blown up, or just random octets.

use proptest::prelude::{Rng, Strategy};
use proptest::strategy::ValueTree;
use proptest::string::bytes_regex;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::targets::Target;

/// Octets of an input that is blown up, to see whether time grows with the square.
const BLOWN_UP_OCTETS: usize = if cfg!(debug_assertions) { 8 * 1024 } else { 64 * 1024 };
/// Octets of any other input.
const INPUT_MAX_OCTETS: usize = 32 * 1024;
/// Numbers at which something may tip over.
const NUMBERS: [&str; 10] = [
    "0",
    "-1",
    "00",
    "255",
    "65536",
    "2147483648",
    "4294967295",
    "4294967296",
    "18446744073709551615",
    "99999999999999999999999",
];
/// What means something to many readers.
const WORDS: [&str; 24] = [
    "\r\n",
    "\n",
    "\r",
    "\0",
    "(",
    ")",
    "\"",
    "\\",
    "{3}\r\n",
    "{3+}\r\n",
    "${",
    "}",
    "<",
    ">",
    ":",
    "*",
    "\t",
    "\u{e9}",
    "\u{202e}",
    "\u{feff}",
    "\u{1b}[2J",
    "=",
    ";",
    "- ",
];

/// Random choices from one seed.
pub(crate) struct Dice(TestRunner);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        let mut octets = [0_u8; 32];
        octets.iter_mut().zip(seed.to_le_bytes()).for_each(|(octet, of_seed)| *octet = of_seed);
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &octets);
        Self(TestRunner::new_with_rng(Config::default(), rng))
    }

    /// A number below `end`; 0 if `end` is.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let drawn = usize::try_from(self.0.rng().next_u64() >> 32).unwrap_or_default();
        drawn.checked_rem(end).unwrap_or_default()
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }

    /// The next input of a target.
    pub(crate) fn input(&mut self, target: &Target, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut input = match self.below(8) {
            0 => self.octets(),
            1..=3 => self.drawn_by_grammar(target),
            4 | 5 => self.pick(seeds).cloned().unwrap_or_default(),
            _ => self.spliced(target, seeds),
        };
        if self.below(5) > 0 {
            for _ in 0..=self.below(6) {
                self.damage(&mut input, target);
            }
        }
        input.truncate(INPUT_MAX_OCTETS);
        if self.below(64) == 0 { self.blown_up(&input) } else { input }
    }

    fn octets(&mut self) -> Vec<u8> {
        let count = self.below(200);
        (0..count).map(|_| u8::try_from(self.below(256)).unwrap_or_default()).collect()
    }

    fn drawn_by_grammar(&mut self, target: &Target) -> Vec<u8> {
        let mut input = Vec::new();
        for _ in 0..=self.below(4) {
            let Some(rule) = self.pick(target.grammar) else { continue };
            let strategy = bytes_regex(rule).map_err(|error| format!("{}: {rule}: {error}", target.name));
            match strategy.map(|strategy| strategy.new_tree(&mut self.0).map(|tree| tree.current())) {
                Ok(Ok(drawn)) => input.extend(drawn),
                // A rule that cannot be read must be seen at once.
                Ok(Err(wrong)) => panic!("{wrong}"),
                Err(wrong) => panic!("{wrong}"),
            }
        }
        input
    }

    /// The beginning of one input and the end of another, cut where lines end.
    fn spliced(&mut self, target: &Target, seeds: &[Vec<u8>]) -> Vec<u8> {
        let first = self.pick(seeds).cloned().unwrap_or_default();
        let second = if self.below(2) == 0 {
            self.drawn_by_grammar(target)
        } else {
            self.pick(seeds).cloned().unwrap_or_default()
        };
        let mut lines: Vec<&[u8]> = first.split_inclusive(|octet| *octet == b'\n').collect();
        lines.truncate(self.below(lines.len() + 1));
        let rest: Vec<&[u8]> = second.split_inclusive(|octet| *octet == b'\n').collect();
        let from = self.below(rest.len() + 1);
        lines.extend(rest.get(from..).unwrap_or_default());
        lines.concat()
    }

    /// A part of the input again and again.
    fn blown_up(&mut self, input: &[u8]) -> Vec<u8> {
        let (from, to) = self.range(input.len());
        let (before, part) = (input.get(..from).unwrap_or_default(), input.get(from..to).unwrap_or_default());
        let mut blown = before.to_vec();
        while blown.len() < BLOWN_UP_OCTETS && !part.is_empty() {
            blown.extend_from_slice(part);
        }
        if self.below(2) == 0 {
            blown.extend_from_slice(input.get(to..).unwrap_or_default());
        }
        blown
    }

    /// A short range, or now and then any.
    fn range(&mut self, length: usize) -> (usize, usize) {
        let from = self.below(length + 1);
        let most = if self.below(3) == 0 { length } else { 12 };
        (from, (from + self.below(most + 1)).min(length))
    }

    fn damage(&mut self, input: &mut Vec<u8>, target: &Target) {
        let at = self.below(input.len() + 1);
        match self.below(10) {
            0 => {
                let bit = self.below(8);
                input.get_mut(at).into_iter().for_each(|octet| *octet ^= 1 << bit);
            }
            1 => {
                let any = u8::try_from(self.below(256)).unwrap_or_default();
                input.get_mut(at).into_iter().for_each(|octet| *octet = any);
            }
            2 | 3 => {
                let word = self.pick(target.words).copied().unwrap_or_default();
                input.splice(at..at, word.bytes());
            }
            4 => {
                let word = self.pick(&WORDS).copied().unwrap_or_default();
                input.splice(at..at, word.bytes());
            }
            5 => {
                let number = self.pick(&NUMBERS).copied().unwrap_or_default();
                let digits = input.iter().skip(at).take_while(|octet| octet.is_ascii_digit()).count();
                input.splice(at..at + digits, number.bytes());
            }
            6 => {
                let (from, to) = self.range(input.len());
                input.drain(from..to);
            }
            7 => {
                let (from, to) = self.range(input.len());
                let part: Vec<u8> = input.get(from..to).unwrap_or_default().to_vec();
                input.splice(at..at, part);
            }
            8 => {
                let times = self.below(300);
                let octet = input.get(at).copied().unwrap_or(b'(');
                input.splice(at..at, std::iter::repeat_n(octet, times));
            }
            _ => input.truncate(at),
        }
    }
}
