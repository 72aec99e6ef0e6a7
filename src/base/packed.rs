//! Files that `build.rs` packed into the binary.

use std::borrow::Cow;
use std::collections::BTreeMap;

use thiserror::Error;

/// A blob that is not what `build.rs` made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the files in this binary are damaged; it has to be built again")]
pub struct Damaged;

/// Files by their path, with `/` between its parts. Those of the binary lie where they are, and are not copied.
pub type Contents = BTreeMap<String, Cow<'static, [u8]>>;

/// The files of a blob.
pub fn unpack(blob: &'static [u8]) -> Result<Contents, Damaged> {
    let mut rest = blob;
    let mut files = Contents::new();
    while !rest.is_empty() {
        let (path, content) = take_entry(&mut rest).ok_or(Damaged)?;
        files.insert(path.to_owned(), Cow::Borrowed(content));
    }
    Ok(files)
}

fn take_entry(rest: &mut &'static [u8]) -> Option<(&'static str, &'static [u8])> {
    let path_length = take_length(rest)?;
    let length = take_length(rest)?;
    let (path, tail) = rest.split_at_checked(path_length)?;
    let (content, tail) = tail.split_at_checked(length)?;
    *rest = tail;
    Some((std::str::from_utf8(path).ok()?, content))
}

fn take_length(rest: &mut &'static [u8]) -> Option<usize> {
    let (octets, tail) = rest.split_first_chunk::<4>()?;
    *rest = tail;
    usize::try_from(u32::from_be_bytes(*octets)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_entry_is_damage_and_not_a_panic() {
        let whole: &[u8] = &[0, 0, 0, 1, 0, 0, 0, 2, b'x', b'y', b'z'];
        assert_eq!(unpack(whole).unwrap(), Contents::from([("x".to_owned(), Cow::Borrowed(&b"yz"[..]))]));
        for end in 1..whole.len() {
            assert_eq!(unpack(&whole[..end]), Err(Damaged), "{end}");
        }
    }
}
