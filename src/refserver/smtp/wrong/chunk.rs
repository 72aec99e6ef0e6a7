//! BDAT as a server with faults takes it.

use super::super::envelope::{Chunk, Place};
use super::super::fault::ChunkFault;
use super::super::letter::Body;
use super::super::session::{SEQUENCE, SYNTAX, Session, Then};
use super::{Answer, Said, no};

const LOWEST: u64 = u32::MAX as u64;

impl Session<'_> {
    /// The wrong answer to BDAT, or to DATA where BDAT was or should be.
    pub(super) fn wrong_about_chunks(&mut self, said: &Said<'_>) -> Option<Answer> {
        match said.verb.as_str() {
            "BDAT" => self.wrong_about_bdat(said),
            "DATA" if said.argument.is_empty() => self.wrong_about_data(),
            _ => None,
        }
    }

    fn wrong_about_bdat(&mut self, said: &Said<'_>) -> Option<Answer> {
        let has = |fault: ChunkFault| self.has(fault);
        let empty = Chunk { size: 0, place: Place::Middle, refused: None };
        let (size, last) = said.argument.split_once(' ').unwrap_or((said.argument, ""));
        if has(ChunkFault::LastInUpperCase) && last.eq_ignore_ascii_case("LAST") && last != "LAST" {
            return no(SYNTAX);
        }
        if has(ChunkFault::EmptyLastRefused) && size == "0" && last == "LAST" {
            return no(SYNTAX);
        }
        if has(ChunkFault::NoNumberIsZero) && !size.bytes().all(|octet| octet.is_ascii_digit()) {
            return taken(empty);
        }
        if let Some(chunk) = self.misread_chunk(size, last) {
            return taken(chunk);
        }
        let chunk = self.bdat(said.argument).ok()?;
        let inside = self.transaction.is_some();
        let nobody = self.transaction.as_ref().is_some_and(|begun| begun.recipients.is_empty());
        if has(ChunkFault::RefusedChunkIsCommands) && !inside && self.past.mails == 0 {
            return taken(Chunk { size: 0, ..chunk });
        }
        if has(ChunkFault::ChunkBehindLast) && !inside && self.past.chunked > 0 {
            return taken(Chunk { place: Place::Middle, refused: None, ..chunk });
        }
        if has(ChunkFault::ChunkForNobody) && nobody {
            return taken(Chunk { refused: None, ..chunk });
        }
        if has(ChunkFault::ChunkSizeWraps) && chunk.size > LOWEST {
            return taken(Chunk { size: chunk.size & LOWEST, ..chunk });
        }
        if has(ChunkFault::RsetKeepsChunks) && self.past.chunks == 0 {
            let kept = self.past.dropped.take().and_then(|dropped| dropped.chunks);
            self.transaction.iter_mut().for_each(|begun| begun.chunks.clone_from(&kept));
        }
        None
    }

    /// A chunk whose size or LAST is taken for something else.
    fn misread_chunk(&self, size: &str, last: &str) -> Option<Chunk> {
        const TWICE: &str = "501 5.5.4 what stands behind the size?\r\n503 5.5.1 no such chunk";
        let has = |fault: ChunkFault| self.has(fault);
        let place = if last.eq_ignore_ascii_case("LAST") { Place::Last } else { Place::Middle };
        let refused = |refused| Chunk { size: size.parse().unwrap_or_default(), place, refused: Some(refused) };
        if has(ChunkFault::NoSizeIsZero) && size.is_empty() {
            return Some(Chunk { size: 0, place, refused: None });
        }
        if has(ChunkFault::LastUnknown) && place == Place::Last {
            return Some(refused(SYNTAX));
        }
        if has(ChunkFault::OddChunkRefusedTwice) && place == Place::Middle && !last.is_empty() {
            return Some(refused(TWICE));
        }
        let wide: u128 = size.parse().ok().filter(|_| has(ChunkFault::ChunkSizeWrapsAt64))?;
        let low = u64::try_from(wide & u128::from(u64::MAX)).ok().filter(|low| u128::from(*low) != wide)?;
        Some(Chunk { size: low, place, refused: None })
    }

    fn wrong_about_data(&self) -> Option<Answer> {
        let has = |fault: ChunkFault| self.has(fault);
        if has(ChunkFault::DataNotAfterChunks) && self.past.chunked > 0 {
            return no(SEQUENCE);
        }
        let begun = self.transaction.as_ref().filter(|begun| !begun.recipients.is_empty())?;
        let behind = has(ChunkFault::DataBehindChunk) && begun.chunks.is_some();
        let binary = has(ChunkFault::DataForBinary) && begun.envelope.body == Body::Binary;
        (behind || binary).then(|| (Ok("354 end with CRLF . CRLF".to_owned()), Then::Content))
    }

    /// Whether the octets of this chunk are thrown away, though it is accepted.
    pub(in crate::refserver::smtp) fn loses_chunk(&self) -> bool {
        self.has(ChunkFault::ThirdChunkLost) && self.past.chunks == 3
    }

    /// What a server with faults puts behind a chunk.
    pub(in crate::refserver::smtp) fn behind_chunk(&mut self) {
        if !self.has(ChunkFault::ChunkGetsLineEnd) {
            return;
        }
        if let Some(chunks) = self.chunks()
            && !chunks.ends_line()
        {
            chunks.take(b"\r\n");
        }
    }
}

fn taken(chunk: Chunk) -> Option<Answer> {
    Some((Ok(String::new()), Then::Chunk(chunk)))
}
