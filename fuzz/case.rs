//! One input against one target: what fails, and how.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crate::targets::Target;

/// Time that any input may take, however short.
const TIME_BASE: Duration = Duration::from_millis(if cfg!(debug_assertions) { 3_000 } else { 500 });
/// Time for each octet; generous, but far from what a square of 64 KiB would take.
const TIME_PER_OCTET: Duration = Duration::from_micros(if cfg!(debug_assertions) { 400 } else { 20 });
/// How often a slow input is tried again: another process may have had the processor.
const TRIES: u32 = 3;
/// Memory that the process may get for one input, besides some octets for each of its own.
const MEMORY_BASE_OCTETS: usize = 256 << 20;
const MEMORY_PER_OCTET: usize = 4096;

thread_local! {
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// What an input shows to be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// What stays the same while the input gets shorter.
    pub(crate) kind: String,
    /// All of it.
    pub(crate) text: String,
}

/// Panics are told where they are caught, not on stderr.
pub(crate) fn hush() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let text = info.payload_as_str().unwrap_or("no text").to_owned();
        PANIC.with_borrow_mut(|told| *told = format!("panic at {place}: {text}"));
    }));
}

/// Tries one input. It has to end in time, without a panic, in bounded memory, and what the target claims has to hold.
pub(crate) fn attempt(target: &Target, input: &[u8]) -> Result<(), Failure> {
    let limit = TIME_BASE + TIME_PER_OCTET * u32::try_from(input.len()).unwrap_or(u32::MAX);
    let mut least = Duration::MAX;
    for _ in 0..TRIES {
        let (before, start, worked) = (peak_octets(), Instant::now(), worked());
        let done = catch_unwind(AssertUnwindSafe(|| (target.check)(input)));
        // Where the system tells, only the time counts in which this thread had a processor: others may want it too.
        let spent = worked.zip(self::worked()).map(|(before, now)| now.saturating_sub(before));
        least = least.min(spent.unwrap_or_else(|| start.elapsed()));
        match done {
            Err(_) => {
                let text = PANIC.with_borrow(String::clone);
                let kind = text.splitn(4, ':').take(3).collect::<Vec<_>>().join(":");
                return Err(Failure { kind, text });
            }
            Ok(Err(text)) => {
                let kind = text.split(':').next().unwrap_or_default().to_owned();
                return Err(Failure { kind, text });
            }
            Ok(Ok(())) => {}
        }
        let grown = peak_octets().saturating_sub(before);
        if grown > MEMORY_BASE_OCTETS + input.len().saturating_mul(MEMORY_PER_OCTET) {
            let text = format!("memory: {grown} octets for an input of {}", input.len());
            return Err(Failure { kind: "memory".to_owned(), text });
        }
        if least <= limit {
            return Ok(());
        }
    }
    let text = format!("slow: {least:?} for an input of {} octets, which may take {limit:?}", input.len());
    Err(Failure { kind: "slow".to_owned(), text })
}

/// For how long this thread has had a processor; none where the system does not tell.
fn worked() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

/// The most memory this process ever had; 0 where the system does not tell.
fn peak_octets() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<usize>().ok());
    kib.unwrap_or_default() << 10
}
