//! The zoo: servers that do everything a client must not trust them not to do, and the real program against each of them.
//! It has to give the exact verdict, in bounded time and memory, and nothing of what they say may reach a terminal.
//!
//! docs/hostile.md says what is bounded and by how much.

mod case;
mod certificate;
mod child;
mod imap;
mod own;
mod peer;
mod polite;
mod pop3;
mod probe;
mod records;
mod report;
mod smtp;
mod tls;

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use std::{fs, thread};

use libtest_mimic::{Arguments, Failed, Trial};

use self::case::{Case, Service};
use self::peer::{Peer, Server};

/// Cases that run at the same time. Most of them wait most of the time.
const LANES: usize = 10;
/// No case takes longer, confirmation and all, even on a machine that has much else to do.
const LONGEST: Duration = Duration::from_secs(180);
/// The suite that hostile servers are tested by.
const SUITE: &str = include_str!("hostile/zoo.yaml");

/// Cases that always run; the others take minutes together, and run where `MAILPROOF_ZOO` is `full`.
const ALWAYS: [&str; 38] = [
    "smtp_silent_greeting",
    "smtp_silent_noop",
    "smtp_trickled_noop",
    "smtp_endless_line",
    "smtp_endless_reply",
    "smtp_endless_replies_to_commands_never_sent",
    "smtp_evil_text",
    "smtp_nuls",
    "smtp_closed_within_a_reply",
    "smtp_reset_after_the_letter",
    "smtp_challenges_without_end",
    "smtp_endless_line_at_auth",
    "smtp_scram_of_2147483648_rounds",
    "pop3_listing_of_a_million_lines",
    "pop3_message_without_terminator",
    "pop3_ids_megabytes_long",
    "pop3_evil_status",
    "pop3_huge_number_of_messages",
    "imap_silent_within_a_literal",
    "imap_endless_data",
    "imap_tags_never_sent",
    "imap_literal_of_4_gib_sent",
    "imap_literal_beyond_64_bits",
    "imap_huge_exists",
    "imap_bodystructure_100000_deep",
    "imap_capability_of_100000_words",
    "imap_compressed_noise",
    "imap_compression_bomb_of_small_lines",
    "imap_evil_code",
    "imap_half_closed",
    "tls_silent_handshake",
    "tls_noise_after_the_go_ahead",
    "tls_certificate_expired",
    "tls_certificates_of_10_megabytes",
    "tls_key_updates_without_end",
    "tls_renegotiation_once",
    "probe_silent",
    "probe_evil_ehlo",
];

/// One trial a case. All cases that the arguments choose begin with the first trial: they mostly wait, so they do it
/// together.
pub(crate) fn trials(arguments: &Arguments) -> Vec<Trial> {
    let tables = [&smtp::CASES[..], &pop3::CASES, &imap::CASES, &tls::CASES, &probe::CASES];
    let full = std::env::var_os("MAILPROOF_ZOO").is_some_and(|tier| tier == "full");
    let cases: Vec<&'static Case> = tables.into_iter().flatten().copied().flatten().collect();
    let known = |name: &&str| cases.iter().any(|case| case.name == *name);
    assert!(ALWAYS.iter().all(known), "a case that always runs is called otherwise");
    let cases: Vec<_> = cases.into_iter().filter(|case| full || ALWAYS.contains(&case.name)).collect();
    let name = |case: &Case| format!("hostile::{}", case.name);
    let chosen = |case: &&'static Case| arguments.filter.as_ref().is_none_or(|filter| name(case).contains(filter));
    let zoo = Arc::new(Zoo { waiting: Mutex::new(cases.iter().copied().filter(chosen).collect()), ..Zoo::default() });
    let trial = |case: &'static Case| {
        let zoo = Arc::clone(&zoo);
        Trial::test(name(case), move || zoo.result(case.name).map_err(Failed::from))
    };
    cases.into_iter().map(trial).collect()
}

/// All cases of one run of the tests.
#[derive(Default)]
struct Zoo {
    open: OnceLock<()>,
    waiting: Mutex<VecDeque<&'static Case>>,
    results: Mutex<BTreeMap<&'static str, Result<(), String>>>,
    news: Condvar,
}

impl Zoo {
    /// What came of a case, once it has ended.
    fn result(self: &Arc<Self>, name: &str) -> Result<(), String> {
        self.open.get_or_init(|| {
            for _ in 0..LANES {
                let zoo = Arc::clone(self);
                thread::spawn(move || zoo.work());
            }
        });
        let results = self.results.lock().unwrap_or_else(PoisonError::into_inner);
        let ended = self.news.wait_while(results, |results| !results.contains_key(name));
        let mut results = ended.unwrap_or_else(PoisonError::into_inner);
        results.remove(name).unwrap_or(Ok(()))
    }

    fn work(&self) {
        loop {
            let next = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            let Some(case) = next else { return };
            let result = judge(case);
            self.results.lock().unwrap_or_else(PoisonError::into_inner).insert(case.name, result);
            self.news.notify_all();
        }
    }
}

/// Runs a case and holds what came of it against what is expected.
fn judge(case: &'static Case) -> Result<(), String> {
    let folder = Folder::new(case.name)?;
    fs::write(folder.0.join("zoo.yaml"), SUITE).map_err(|error| error.to_string())?;
    let shown = certificate::made(case.certificate).map_err(|error| error.to_string())?;
    fs::write(folder.0.join("ca.pem"), &shown.authority).map_err(|error| error.to_string())?;
    let tls = shown.config;
    let play = move |peer: &mut Peer| polite::serve(case, &tls, peer);
    let server = Server::start(Arc::new(play)).map_err(|error| error.to_string())?;
    let scheme = match case.service {
        Service::Mx => "smtp",
        Service::Submission => "submission",
        Service::Pop3 => "pop3",
        Service::Imap => "imap",
        Service::Imaps => "imaps",
    };
    let arguments = arguments(case, &format!("{scheme}://{}", server.address));
    let ended = child::run(&folder.0, &arguments, LONGEST)?;
    if std::env::var_os("MAILPROOF_ZOO_TOLD").is_some() {
        eprintln!("{}: {:.1}s, {} KiB", case.name, ended.took.as_secs_f64(), ended.peak_kib);
    }
    let out = folder.0.join("out");
    let told = if is_probe(case) { Ok(ended.lines(&server.address.to_string())) } else { report::verdicts(&out) };
    let wrong = [ended.is_sound(case.code).err(), report::harmless(&out).err(), differs(case, told)];
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

fn is_probe(case: &Case) -> bool {
    case.scenarios.is_empty()
}

fn arguments(case: &Case, url: &str) -> Vec<String> {
    let who = ["--account", "alice,alice@zoo.test=env:ZOO_PASSWORD", "--timeout", "2s"];
    let trust = ["--cacert", "ca.pem", "--sni", "zoo.test"];
    let run = ["--disposable", "alice", "--patience", "3s", "--report-dir", "out"];
    let mut arguments = if is_probe(case) { vec!["probe"] } else { vec!["run", "./zoo.yaml"] };
    arguments.push(url);
    arguments.extend(who.iter().chain(&trust).chain(case.flags));
    if !is_probe(case) {
        arguments.extend(run);
    }
    let ids = case.scenarios.iter().map(|id| format!("zoo/{id}"));
    arguments.into_iter().map(str::to_owned).chain(ids).collect()
}

fn differs(case: &Case, told: Result<Vec<String>, String>) -> Option<String> {
    match told {
        Ok(told) if told == case.says => None,
        Ok(told) => Some(format!("it says\n  {}\nand not\n  {}", told.join("\n  "), case.says.join("\n  "))),
        Err(error) => Some(error),
    }
}

/// A folder of its own, gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Result<Self, String> {
        let path = std::env::temp_dir().join(format!("mailproof-zoo-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).map_err(|error| error.to_string())?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that stays behind in the place for temporary ones harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}
