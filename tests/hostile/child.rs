//! The real program in a process of its own, watched: what it says, how much memory it takes, how long.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// How often the memory of the process is looked at. The high-water mark never sinks, so only what grows between the last
/// look and the end could be missed; at the speed at which pages are handed out that is a few MiB.
const LOOK: Duration = Duration::from_millis(4);
/// Memory beside the pages of the program's own file, of which an unoptimised one has twenty MiB.
const MEMORY_MAX_KIB: u64 = 64 * 1024;
/// Words of a program that came to harm.
const HARM: [&str; 5] = ["panicked at", "internal error", "stack overflow", "memory allocation", "RUST_BACKTRACE"];

/// What came of a process.
pub(super) struct Ended {
    pub(super) code: Option<i32>,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
    pub(super) peak_kib: u64,
    pub(super) took: Duration,
}

/// Runs the program in a folder, and kills it when this time is over.
pub(super) fn run(folder: &Path, arguments: &[String], longest: Duration) -> Result<Ended, String> {
    let begun = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_mailproof"))
        .args(arguments)
        .current_dir(folder)
        .env("ZOO_PASSWORD", "zoo-secret")
        .env_remove("COLUMNS")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let (told, over) = mpsc::channel::<()>();
    let stdout = collect(child.stdout.take(), told.clone());
    let stderr = collect(child.stderr.take(), told);
    let mut peak_kib = 0;
    loop {
        match over.recv_timeout(LOOK) {
            Err(RecvTimeoutError::Disconnected) => break,
            Ok(()) | Err(RecvTimeoutError::Timeout) => {}
        }
        peak_kib = peak_kib.max(high_water(&status));
        if begun.elapsed() > longest {
            return Err(format!("it still ran after {longest:?}{}", killed(&mut child)));
        }
    }
    let code = child.wait().map_err(|error| error.to_string())?.code();
    let text = |reader: thread::JoinHandle<Vec<u8>>| reader.join().map_err(|_| "a reader failed".to_owned());
    Ok(Ended { code, stdout: text(stdout)?, stderr: text(stderr)?, peak_kib, took: begun.elapsed() })
}

/// Kills and reaps.
fn killed(child: &mut Child) -> String {
    match child.kill().and_then(|()| child.wait()) {
        Ok(_) => String::new(),
        Err(error) => format!(", and cannot be killed: {error}"),
    }
}

/// Reads all of it in a thread; the end of the sender says that it is over. Each piece is told, so that memory is looked at
/// then, too.
fn collect(from: Option<impl Read + Send + 'static>, told: mpsc::Sender<()>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut all = Vec::new();
        let Some(mut from) = from else { return all };
        let mut chunk = [0; 4096];
        while let Ok(count @ 1..) = from.read(&mut chunk) {
            all.extend_from_slice(chunk.get(..count).unwrap_or_default());
            // Nobody listens any more once the process was killed.
            let _ = told.send(());
        }
        all
    })
}

/// The most memory that the process ever had, in KiB, without the pages of files that it has now; 0 once it has ended.
fn high_water(status: &Path) -> u64 {
    let text = fs::read_to_string(status).unwrap_or_default();
    let of = |name: &str| -> u64 {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|rest| rest.trim().strip_suffix(" kB")?.trim().parse().ok()).unwrap_or_default()
    };
    of("VmHWM:").saturating_sub(of("RssFile:"))
}

impl Ended {
    /// What it said, line by line, with `ADDRESS` in place of that of the server.
    pub(super) fn lines(&self, address: &str) -> Vec<String> {
        let told =
            [&self.stdout, &self.stderr].map(|octets| String::from_utf8_lossy(octets).replace(address, "ADDRESS"));
        told.iter().flat_map(|text| text.lines()).map(str::to_owned).collect()
    }

    /// That it ended by itself, with this code, and came to no harm.
    pub(super) fn is_sound(&self, code: i32) -> Result<(), String> {
        let (out, err) = (String::from_utf8_lossy(&self.stdout), String::from_utf8_lossy(&self.stderr));
        let mut wrong = Vec::new();
        if self.code != Some(code) {
            wrong.push(format!("exit code {:?}, not {code}", self.code));
        }
        wrong.extend(
            HARM.iter()
                .filter(|word| out.contains(**word) || err.contains(**word))
                .map(|word| format!("it says `{word}`")),
        );
        if self.peak_kib > MEMORY_MAX_KIB {
            wrong.push(format!("{} KiB of memory", self.peak_kib));
        }
        for (name, octets) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            wrong.extend(super::report::harmless_text(name, octets).err());
        }
        if wrong.is_empty() { Ok(()) } else { Err(format!("{}\n{out}\n{err}", wrong.join("; "))) }
    }
}
