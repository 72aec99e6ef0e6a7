//! The message that a server with faults takes in place of the one that was sent.

use super::super::envelope::Transaction;
use super::super::fault::{AddressFault, ChunkFault, LetterFault, OrderFault, RelayFault, TraceFault};
use super::super::letter::{Charset, fields, header};
use super::super::notify::Addressee;
use super::super::path::Path;
use super::super::recipient::{Recipient, resolve};
use super::super::session::Session;
use super::delivery::misdelivered;
use super::{change, relay};

/// What is done to a message.
type Change = fn(&[u8]) -> Vec<u8>;
/// What makes a message unwelcome.
type Flaw = fn(&[u8]) -> bool;

const CHANGES: &[(LetterFault, Change)] = &[
    (LetterFault::FromLineEscaped, change::from_escaped),
    (LetterFault::TrailingBlanksLost, change::without_trailing_blanks),
    (LetterFault::EmptyLinesMerged, change::empty_lines_merged),
    (LetterFault::EndOfLargeMessageLost, change::beginning),
    (LetterFault::FieldsUnfolded, change::unfolded),
    (LetterFault::EncodedWordsLost, change::decoded),
    (LetterFault::ControlsLost, change::without_controls),
    (LetterFault::DelLost, change::without_del),
    (LetterFault::EmptyLineAtEnd, change::empty_line_added),
    (LetterFault::TwoDotsAreOne, change::two_dots_as_one),
    (LetterFault::LongLinesFolded, change::folded_at_998),
    (LetterFault::LongLinesCut, change::cut_at_2048),
    (LetterFault::LinesCutAt990, change::cut_at_990),
    (LetterFault::WideLinesCut, change::wide_cut_at_990),
    (LetterFault::HighBitLost, change::seven_bits),
    (LetterFault::HighControlsReplaced, change::without_high_controls),
    (LetterFault::FieldsGrouped, change::fields_grouped),
    (LetterFault::ResentBlocksSwapped, change::resent_swapped),
    (LetterFault::EmptyCopyFieldLost, change::without_empty_copy),
    (LetterFault::ThirdReceivedLost, change::without_third_received),
];

const REFUSED: &[(LetterFault, Flaw, &str)] = &[
    (LetterFault::TwoSubjectsRefused, |octets| count(octets, "Subject") > 1, "554 5.6.0 two subjects"),
    (
        LetterFault::ResentRefused,
        |octets| count(octets, "Resent-To") > 0 && count(octets, "Resent-From") == 0,
        "554 5.6.0 resent by nobody",
    ),
    (LetterFault::BadDateRefused, has_bad_date, "554 5.6.0 no date"),
    (LetterFault::NoBoundaryRefused, lacks_boundary, "554 5.6.0 parts without a boundary"),
    (LetterFault::NoOriginatorRefused, |octets| count(octets, "From") == 0, "554 5.6.0 from nobody"),
    (
        LetterFault::ResentNumbersCompared,
        |octets| count(octets, "Resent-To") > count(octets, "Resent-From"),
        "554 5.6.0 resent more often than by somebody",
    ),
    (LetterFault::MessageOf64kRefused, |octets| octets.len() > 60_000, "552 5.3.4 message too big"),
    (
        LetterFault::HeaderAddressesCount,
        |octets| header(octets).iter().filter(|octet| **octet == b'@').count() > 100,
        "550 5.7.1 too many recipients",
    ),
    (LetterFault::LoopAt50, |octets| count(octets, "Received") > 50, "554 5.4.6 the message goes round in circles"),
];

fn has_bad_date(octets: &[u8]) -> bool {
    let all = fields(header(octets));
    let mut dates = all.iter().filter(|(name, _)| name.eq_ignore_ascii_case(b"Date"));
    dates.any(|(_, value)| !value.iter().any(u8::is_ascii_digit))
}

fn lacks_boundary(octets: &[u8]) -> bool {
    let all = fields(header(octets));
    let mut kinds = all.iter().filter(|(name, _)| name.eq_ignore_ascii_case(b"Content-Type"));
    kinds.any(|(_, value)| {
        let kind = String::from_utf8_lossy(value).trim().to_ascii_lowercase();
        kind.starts_with("multipart/") && !kind.contains("boundary=")
    })
}

fn count(octets: &[u8], wanted: &str) -> usize {
    fields(header(octets)).iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted.as_bytes())).count()
}

impl Session<'_> {
    /// The transaction and the content as a server with faults takes them, or the reply with which it refuses.
    pub(in crate::refserver::smtp) fn mistaken(
        &mut self,
        mut transaction: Transaction,
        octets: Vec<u8>,
    ) -> Result<(Transaction, Vec<u8>), &'static str> {
        if self.config.faults.is_empty() {
            return Ok((transaction, octets));
        }
        self.past.finished += 1;
        let chunked = self.past.chunks > 0;
        self.past.chunked += u32::from(chunked);
        if let Some((_, _, refusal)) = REFUSED.iter().find(|(fault, flaw, _)| self.has(*fault) && flaw(&octets)) {
            return Err(refusal);
        }
        self.mistake_recipients(&mut transaction, &octets);
        let mut octets = octets;
        for (_, change) in CHANGES.iter().filter(|(fault, _)| self.has(*fault)) {
            octets = change(&octets);
        }
        octets = misdelivered(octets, &self.config.faults);
        if chunked && self.has(ChunkFault::ChunkDotsTaken) {
            octets = change::unstuffed(&octets);
        }
        if transaction.envelope.charset == Charset::Utf8 && self.has(LetterFault::Utf8GetsCharset) {
            octets = change::with_charset(&octets);
        }
        Ok((transaction, octets))
    }

    fn mistake_recipients(&mut self, transaction: &mut Transaction, octets: &[u8]) {
        let recipients = &mut transaction.recipients;
        let last = std::mem::replace(&mut self.past.last, recipients.clone());
        if self.has(OrderFault::EndKeepsRecipients) {
            recipients.extend(last);
        }
        if self.has(TraceFault::SecondRecipientForgotten) && recipients.len() > 1 {
            recipients.remove(1);
        }
        if self.has(AddressFault::RouteLosesMessage) && self.past.routed > 0 {
            recipients.clear();
        }
        if self.has(TraceFault::CopyToHeader) {
            let named = fields(header(octets)).into_iter().filter(|(name, _)| name.eq_ignore_ascii_case(b"Cc"));
            for (_, value) in named {
                let value = String::from_utf8_lossy(value);
                let path = Path::parse(value.trim());
                if let Some(recipient @ Recipient::User(_)) =
                    path.and_then(|(path, _)| resolve(&path, self.config).ok())
                {
                    let address = value.trim().trim_matches(['<', '>']).to_owned();
                    recipients.push((Addressee { address, notify: None, original: None }, recipient));
                }
            }
        }
        if self.has(RelayFault::HeaderIsRouted) {
            recipients.extend(relay::foreign_copies(octets, self.config));
        }
        if self.has(RelayFault::OriginalRecipientIsRouted) {
            let routed: Vec<_> =
                recipients.iter().filter_map(|(addressee, _)| relay::original(addressee, self.config)).collect();
            recipients.extend(routed);
        }
    }
}
