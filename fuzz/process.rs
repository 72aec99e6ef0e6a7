//! The parent, which starts a process for each target, and the child, which tries inputs until its time is over.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use crate::case::{Failure, attempt, hush};
use crate::corpus;
use crate::dice::Dice;
use crate::shrink::shrink;
use crate::targets::{self, Target};

const TARGET: &str = "MAILPROOF_FUZZ_TARGET";
const TRACE: &str = "MAILPROOF_FUZZ_TRACE";
const SECONDS: &str = "MAILPROOF_FUZZ_SECONDS";
const SEED: &str = "MAILPROOF_FUZZ_SEED";
const REPLAY: &str = "MAILPROOF_FUZZ_REPLAY";
const JOBS: &str = "MAILPROOF_FUZZ_JOBS";
const COUNT: &str = "MAILPROOF_FUZZ_CASES";

/// Where neither a time nor a number is asked for, a target tries so many inputs, or as many as it can in `BRIEFLY`.
const CASES: u64 = 1_000;
const BRIEFLY: Duration = Duration::from_millis(600);
/// So many rounds of processes at most: 60 seconds for each target are over in five minutes.
const ROUNDS: usize = 5;
/// An input that takes longer will never end, even on a machine that has much else to do.
const HANGS: Duration = Duration::from_secs(180);
/// As large as that of a thread of the async runtime, on which all of this runs.
const STACK_OCTETS: usize = 2 << 20;

/// How many targets run at once: as many as there are processors, but at least so many that all are done in time.
pub(crate) fn jobs() -> usize {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    number(JOBS)
        .and_then(|jobs| usize::try_from(jobs).ok())
        .unwrap_or_else(|| processors.max(targets::all().len().div_ceil(ROUNDS)))
}

/// Runs one target in a process of its own; what it found, as text.
pub(crate) fn run(name: &str) -> Result<(), String> {
    let replayed = env::var(REPLAY).ok().filter(|path| !path.is_empty());
    if replayed.is_some_and(|path| target_of(Path::new(&path)).as_deref() != Some(name)) {
        return Ok(());
    }
    let output = start(name).output().map_err(|error| error.to_string())?;
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(());
    }
    if output.status.code() == Some(1) {
        return Err(told);
    }
    // It died without a word. The same seed gives the same inputs: the last one that is written down is the culprit.
    let path = folder("failures").join(format!("{name}-died"));
    let again = start(name).env(TRACE, &path).output().map_err(|error| error.to_string())?;
    let errors = String::from_utf8_lossy(&again.stderr).into_owned();
    Err(format!("the process died: {}\n{told}{errors}\n{}", output.status, replay_line(&path)))
}

fn start(name: &str) -> Command {
    // A binary that runs knows where it is.
    let mut command = Command::new(env::current_exe().unwrap_or_default());
    command.env(TARGET, name).env("RUST_BACKTRACE", "0");
    command
}

/// The work of a child; nothing in the parent.
pub(crate) fn child() -> Option<ExitCode> {
    let name = env::var(TARGET).ok()?;
    hush();
    let told = match targets::all().into_iter().find(|target| target.name == name) {
        None => Err(format!("no target {name}")),
        Some(target) => thread::Builder::new()
            .stack_size(STACK_OCTETS)
            .spawn(move || work(&target))
            .map_err(|error| error.to_string())
            .and_then(|thread| thread.join().unwrap_or_else(|_| Err("the driver panicked".to_owned()))),
    };
    let (text, code) = match told {
        Ok(text) => (text, ExitCode::SUCCESS),
        Err(text) => (text, ExitCode::FAILURE),
    };
    // Nothing can be done if stdout is closed.
    let _closed = std::io::Write::write_all(&mut std::io::stdout(), format!("{text}\n").as_bytes());
    Some(code)
}

fn work(target: &Target) -> Result<String, String> {
    let watch = Watch::start(target.name);
    let one = |input: &[u8]| {
        watch.next(input);
        attempt(target, input)
    };
    if let Some(path) = env::var_os(REPLAY).filter(|path| !path.is_empty()) {
        let path = root().join(path);
        let input = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        return one(&input).map(|()| "holds".to_owned()).map_err(|failure| failure.text);
    }
    for path in corpus::files(&folder("corpus").join(target.name), "") {
        let input = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        one(&input).map_err(|failure| format!("{}: {}", path.display(), failure.text))?;
    }
    let (cases, time) = match (number(COUNT), number(SECONDS)) {
        (Some(cases), _) => (cases, Duration::MAX),
        (None, Some(seconds)) => (u64::MAX, Duration::from_secs(seconds)),
        (None, None) => (CASES, BRIEFLY),
    };
    let seeds = (target.seeds)();
    let mut dice = Dice::new(number(SEED).unwrap_or_default());
    let (start, mut tried) = (Instant::now(), 0);
    while tried < cases && start.elapsed() < time {
        let input = dice.input(target, &seeds);
        one(&input).map_err(|failure| tell(target, &one, input, failure))?;
        tried += 1;
    }
    Ok(format!("{}: {tried} inputs", target.name))
}

/// Shrinks a failing input, keeps it, and says how to see it again.
fn tell(target: &Target, attempt: &impl Fn(&[u8]) -> Result<(), Failure>, input: Vec<u8>, failure: Failure) -> String {
    let (input, failure) = shrink(attempt, input, failure);
    let hash = input
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, octet| (hash ^ u64::from(*octet)).wrapping_mul(0x0100_0000_01b3));
    let path = folder("failures").join(format!("{}-{hash:016x}", target.name));
    let kept = keep(&path, &input);
    format!("{}\n{kept}{}", failure.text, replay_line(&path))
}

fn keep(path: &Path, input: &[u8]) -> String {
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| fs::write(path, input))
        .map_or_else(|error| format!("not written: {error}\n"), |()| String::new())
}

fn replay_line(path: &Path) -> String {
    let shown = path.strip_prefix(root()).unwrap_or(path);
    let release = if cfg!(debug_assertions) { "" } else { " --release" };
    let seed = number(SEED).unwrap_or_default();
    format!("found with {SEED}={seed}\nreplay: {REPLAY}={} cargo test{release} --test fuzz", shown.display())
}

/// `smtp-reply-0123456789abcdef` is for the target `smtp-reply`; below `corpus` the folder names it.
fn target_of(path: &Path) -> Option<String> {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let (file, above) = (name(path)?, path.parent().and_then(name));
    let all = targets::all();
    let names = all.iter().map(|target| target.name);
    let of_file = names.clone().filter(|target| file.strip_prefix(target).is_some_and(|rest| rest.starts_with('-')));
    let found = names.clone().find(|target| above.as_deref() == Some(target));
    found.or_else(|| of_file.max_by_key(|target| target.len())).map(ToOwned::to_owned)
}

fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok().and_then(|text| text.trim().parse().ok())
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn folder(name: &str) -> PathBuf {
    root().join("fuzz").join(name)
}

/// Ends the process when an input never ends, and keeps that input.
struct Watch {
    begun: Instant,
    /// When the input began that is being tried, in milliseconds since `begun`.
    since: Arc<AtomicU64>,
    input: Arc<Mutex<Vec<u8>>>,
    trace: Option<PathBuf>,
    _alive: mpsc::Sender<()>,
}

impl Watch {
    fn start(name: &'static str) -> Self {
        let (alive, ended) = mpsc::channel::<()>();
        let trace = env::var_os(TRACE).map(PathBuf::from);
        let watch = Self { begun: Instant::now(), since: Arc::default(), input: Arc::default(), trace, _alive: alive };
        let (begun, since, input) = (watch.begun, Arc::clone(&watch.since), Arc::clone(&watch.input));
        thread::spawn(move || {
            while ended.recv_timeout(Duration::from_secs(1)) == Err(mpsc::RecvTimeoutError::Timeout) {
                let now = begun.elapsed().saturating_sub(Duration::from_millis(since.load(Ordering::Relaxed)));
                if now < HANGS {
                    continue;
                }
                let path = folder("failures").join(format!("{name}-hangs"));
                let kept = input.lock().map(|input| keep(&path, &input)).unwrap_or_default();
                let text = format!("an input takes over {HANGS:?}\n{kept}{}\n", replay_line(&path));
                let _closed = std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes());
                std::process::abort();
            }
        });
        watch
    }

    fn next(&self, input: &[u8]) {
        self.since.store(u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
        if let Ok(mut kept) = self.input.lock() {
            kept.clear();
            kept.extend_from_slice(input);
        }
        if let Some(path) = &self.trace {
            // What cannot be written is told by the parent: the file is missing.
            keep(path, input);
        }
    }
}
