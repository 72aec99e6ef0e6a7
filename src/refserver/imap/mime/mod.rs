//! A message as FETCH shows it, computed over its octets: part tree, sections, ENVELOPE, BODY and BODYSTRUCTURE
//! (RFC 3501 §6.4.5 and §7.4.2, RFC 3516, RFC 8970).

mod address;
mod binary;
mod content;
mod envelope;
mod header;
mod heading;
mod part;
mod preview;
mod section;
mod sent;
mod storable;
mod strings;
mod structure;
mod text;
mod transfer;
mod wrong;

pub use binary::{UnknownEncoding, decoded};
pub use envelope::envelope;
pub use header::has_eight_bits;
pub use heading::Heading;
pub use part::{Kind, Part};
pub use preview::preview;
pub use section::{Section, SectionText};
pub use storable::without_nul;
pub use strings::{write_nstring, write_string, write_utf8};
pub use structure::{Detail, structure};
pub use text::{FieldText, Texts};
pub use wrong::{misbody, mismeasure, misnamed, misparse};

#[cfg(test)]
mod tests;
