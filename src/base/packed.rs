//! Files that `build.rs` packed into the binary.

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::ZlibDecoder;
use thiserror::Error;

/// A blob that is not what `build.rs` made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the files in this binary are damaged; it has to be built again")]
pub struct Damaged;

/// Files by their path, with `/` between its parts.
pub fn unpack(blob: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, Damaged> {
    let mut all = Vec::new();
    ZlibDecoder::new(blob).read_to_end(&mut all).map_err(|_| Damaged)?;
    let mut rest = all.as_slice();
    let mut files = BTreeMap::new();
    while !rest.is_empty() {
        let (path, content) = take_entry(&mut rest).ok_or(Damaged)?;
        files.insert(path, content);
    }
    Ok(files)
}

fn take_entry(rest: &mut &[u8]) -> Option<(String, Vec<u8>)> {
    let path_length = take_length(rest)?;
    let length = take_length(rest)?;
    let (path, tail) = rest.split_at_checked(path_length)?;
    let (content, tail) = tail.split_at_checked(length)?;
    *rest = tail;
    Some((std::str::from_utf8(path).ok()?.to_owned(), content.to_vec()))
}

fn take_length(rest: &mut &[u8]) -> Option<usize> {
    let (octets, tail) = rest.split_first_chunk::<4>()?;
    *rest = tail;
    usize::try_from(u32::from_be_bytes(*octets)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_entry_is_damage_and_not_a_panic() {
        let mut rest: &[u8] = &[0, 0, 0, 9, 0, 0, 0, 1, b'x'];
        assert_eq!(take_entry(&mut rest), None);
        assert_eq!(unpack(b"no zlib"), Err(Damaged));
    }
}
