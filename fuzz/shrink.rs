//! A failing input made short: pieces taken out, then octets made plain, as long as the same failure shows.

use std::time::{Duration, Instant};

use crate::case::Failure;

const PATIENCE: Duration = Duration::from_secs(20);

/// The shortest input that was found, and what it shows.
pub(crate) fn shrink(
    attempt: &impl Fn(&[u8]) -> Result<(), Failure>,
    input: Vec<u8>,
    failure: Failure,
) -> (Vec<u8>, Failure) {
    let start = Instant::now();
    let mut best = (input, failure);
    let better = |candidate: Vec<u8>, best: &mut (Vec<u8>, Failure)| match attempt(&candidate) {
        Err(found) if found.kind == best.1.kind => {
            *best = (candidate, found);
            true
        }
        Err(_) | Ok(()) => false,
    };
    let mut size = best.0.len().div_ceil(2);
    while size > 0 {
        let mut at = 0;
        while at < best.0.len() && start.elapsed() < PATIENCE {
            let end = (at + size).min(best.0.len());
            let mut candidate = best.0.clone();
            candidate.drain(at..end);
            if !better(candidate, &mut best) {
                at = end;
            }
        }
        size /= 2;
    }
    for at in 0..best.0.len() {
        if start.elapsed() >= PATIENCE {
            break;
        }
        let mut candidate = best.0.clone();
        if let Some(octet) = candidate.get_mut(at).filter(|octet| !matches!(octet, b'a' | b'\r' | b'\n' | b' ')) {
            *octet = b'a';
            better(candidate, &mut best);
        }
    }
    best
}
