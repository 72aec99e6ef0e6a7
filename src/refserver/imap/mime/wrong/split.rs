//! Lines that are taken for delimiters, or are not.

use crate::refserver::Faults;
use crate::refserver::imap::fault::StructureFault;
use crate::refserver::imap::mime::header::without_end;
use crate::refserver::imap::mime::part::{Delimiter, Split, delimiter, kind_of};

/// Which lines delimit parts.
pub(super) fn split_by(faults: &Faults) -> Split {
    if faults.has(StructureFault::BoundaryWithinLine) {
        anywhere
    } else if faults.has(StructureFault::BoundaryEndsAtBlank) {
        up_to_blank
    } else if faults.has(StructureFault::PaddingHidesBoundary) {
        without_padding
    } else {
        delimiter
    }
}

fn anywhere(line: &[u8], boundary: &[u8]) -> Option<Delimiter> {
    let begun = [b"--", boundary].concat();
    let at = line.windows(begun.len()).position(|window| window == begun)?;
    delimiter(line.get(at..)?, boundary)
}

fn up_to_blank(line: &[u8], boundary: &[u8]) -> Option<Delimiter> {
    delimiter(line, boundary.split(|&c| c == b' ').next()?)
}

fn without_padding(line: &[u8], boundary: &[u8]) -> Option<Delimiter> {
    kind_of(without_end(line).strip_prefix(b"--")?.strip_prefix(boundary)?)
}
