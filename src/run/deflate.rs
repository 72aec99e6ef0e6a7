//! The DEFLATE layer of COMPRESS=DEFLATE. RFC 4978 §3: raw deflate in both directions, flushed with every write.

use std::fmt;

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use super::wire::WireError;

/// Octets made at once.
const CHUNK: usize = 16 * 1024;

/// Both directions of a compressed stream.
pub struct Deflate {
    out: Compress,
    into: Decompress,
}

impl Default for Deflate {
    fn default() -> Self {
        Self { out: Compress::new(Compression::default(), false), into: Decompress::new(false) }
    }
}

impl fmt::Debug for Deflate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deflate").finish_non_exhaustive()
    }
}

impl Deflate {
    /// Compresses and flushes, so that the peer can read all of it. Fails only if the compressor does.
    pub fn compress(&mut self, octets: &[u8]) -> Result<Vec<u8>, WireError> {
        let mut made = Vec::with_capacity(octets.len() / 2 + CHUNK);
        let begin = self.out.total_in();
        loop {
            made.reserve(CHUNK);
            let used = usize::try_from(self.out.total_in() - begin).unwrap_or(usize::MAX);
            let rest = octets.get(used..).unwrap_or_default();
            self.out.compress_vec(rest, &mut made, FlushCompress::Sync).map_err(|_| WireError::Deflate)?;
            let used = usize::try_from(self.out.total_in() - begin).unwrap_or(usize::MAX);
            // Room left over means that nothing is waiting inside.
            if used >= octets.len() && made.len() < made.capacity() {
                return Ok(made);
            }
        }
    }

    /// Decompresses `raw` onto `buffer`, which may grow to `limit` octets and a little more. Fails beyond that, and when `raw`
    /// is no DEFLATE.
    pub fn decompress(&mut self, raw: &[u8], buffer: &mut Vec<u8>, limit: usize) -> Result<(), WireError> {
        let begin = self.into.total_in();
        loop {
            let used = usize::try_from(self.into.total_in() - begin).unwrap_or(usize::MAX);
            let rest = raw.get(used..).unwrap_or_default();
            if buffer.len() > limit {
                return Err(WireError::TooMuch(limit));
            }
            buffer.reserve(CHUNK);
            let before = (self.into.total_in(), self.into.total_out());
            let status = self.into.decompress_vec(rest, buffer, FlushDecompress::Sync);
            let stuck = before == (self.into.total_in(), self.into.total_out());
            match status {
                Ok(Status::Ok | Status::BufError) if stuck => return Ok(()),
                Ok(Status::Ok | Status::BufError) => {}
                Ok(Status::StreamEnd) => return if rest.is_empty() { Ok(()) } else { Err(WireError::Deflate) },
                Err(_) => return Err(WireError::Deflate),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_side_compresses_the_other_reads() {
        let (mut client, mut server) = (Deflate::default(), Deflate::default());
        let mut read = Vec::new();
        let large: Vec<u8> = (0_u32..50_000).flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
        for octets in [b"A1 NOOP\r\n".as_slice(), b"", &large, b"A2 NOOP\r\n"] {
            read.clear();
            let sent = client.compress(octets).unwrap();
            for part in sent.chunks(7) {
                server.decompress(part, &mut read, usize::MAX).unwrap();
            }
            assert_eq!(read, octets);
        }
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let mut client = Deflate::default();
        let bomb = client.compress(&vec![0; 10_000_000]).unwrap();
        let mut read = Vec::new();
        let error = Deflate::default().decompress(&bomb, &mut read, 100_000).unwrap_err();
        assert!(matches!(error, WireError::TooMuch(100_000)), "{error}");
        assert!(read.len() < 100_000 + 4 * CHUNK);
    }

    #[test]
    fn octets_that_are_no_deflate_are_trouble() {
        let mut read = Vec::new();
        assert!(matches!(Deflate::default().decompress(&[0x07, 0xff], &mut read, 1000), Err(WireError::Deflate)));
    }
}
