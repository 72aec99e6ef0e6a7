//! One generated value, and how it is drawn.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::{Message, Part, body, group, message, mime, number};
use crate::base::{ByteString, Template};
use crate::scenario::Generator;

/// A generated value. docs/suite-language.md section 11.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Generated {
    /// A mail body: 7-bit lines; the final CRLF may be missing.
    Octets(ByteString),
    /// Header and body.
    Message(Message),
    /// A MIME tree.
    Mime(Part),
    /// A number of a range.
    Number {
        /// The number.
        value: u64,
        /// The smallest one allowed.
        from: u64,
    },
    /// Offsets, ascending, none of them 0.
    Segmentation(Vec<u64>),
    /// Commands, each as a line of `C`. Never empty.
    Group(Vec<Template>),
}

impl Generated {
    /// The octets of a body, message or MIME tree; the digits of a number; none for cuts and commands.
    pub fn octets(&self) -> Option<ByteString> {
        match self {
            Self::Octets(octets) => Some(octets.clone()),
            Self::Message(message) => Some(message.octets()),
            Self::Mime(part) => Some(part.octets()),
            Self::Number { value, .. } => Some(value.to_string().into()),
            Self::Segmentation(_) | Self::Group(_) => None,
        }
    }

    /// How big it is: octets, cuts, commands, or the number's distance from the smallest.
    pub fn size(&self) -> u64 {
        match self {
            Self::Octets(octets) => octets.len() as u64,
            Self::Message(message) => message.octets().len() as u64,
            Self::Mime(part) => part.octets().len() as u64,
            Self::Number { value, from } => value.saturating_sub(*from),
            Self::Segmentation(cuts) => cuts.len() as u64,
            Self::Group(commands) => commands.len() as u64,
        }
    }
}

/// Draws a value. The same generator, seed and case always give the same value.
pub fn generate(generator: &Generator, seed: u64, case: u32) -> Generated {
    match generator {
        Generator::MailBody => Generated::Octets(draw(&body::mail_body(), seed, case)),
        Generator::Message => Generated::Message(draw(&message::message(), seed, case)),
        Generator::Mime => Generated::Mime(draw(&mime::mime(), seed, case)),
        Generator::Number { from, to } => {
            Generated::Number { value: draw(&number::number(*from, *to), seed, case), from: *from }
        }
        Generator::Segmentation => Generated::Segmentation(draw(&number::segmentation(), seed, case)),
        Generator::SmtpGroup => Generated::Group(draw(&group::smtp_group(), seed, case)),
        Generator::Pop3Batch => Generated::Group(draw(&group::pop3_batch(), seed, case)),
        Generator::ImapBatch => Generated::Group(draw(&group::imap_batch(), seed, case)),
    }
}

fn draw<T>(strategy: &impl Strategy<Value = T>, seed: u64, case: u32) -> T {
    let mut octets = [0_u8; 32];
    let words = seed.to_le_bytes().into_iter().chain(case.to_le_bytes());
    for (octet, word) in octets.iter_mut().zip(words) {
        *octet = word;
    }
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &octets));
    let tree = strategy.new_tree(&mut runner);
    tree.expect("no strategy here filters, so none can reject: see the strategies of this module").current()
}
