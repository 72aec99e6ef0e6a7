//! `mailproof run` as a user meets it: exit codes, what stdout says, what the reports hold.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libtest_mimic::Trial;

use crate::trials::{claim, files_below};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        claim("run::a_server_that_conforms_ends_with_0", conforms),
        claim("run::a_violation_is_shown_whole_and_ends_with_1", violates),
        claim("run::known_deviations_do_not_fail_until_their_last_day_is_over", known),
        claim("run::the_installed_program_runs_a_suite_in_an_empty_folder", empty_folder),
        claim("run::nothing_selected_ends_with_4", nothing_selected),
        claim("run::a_server_that_is_not_there_ends_with_3", unreachable),
        claim("run::all_mistakes_of_suites_are_told_and_end_with_2", bad_suites),
        claim("run::two_runs_give_the_same_octets", same_octets),
        claim("run::reports_are_written_where_no_flag_says_so_too", unasked_reports),
        claim("run::no_secret_gets_out", no_secrets),
        claim("run::urls_and_an_account_are_all_it_takes", urls),
        claim("run::a_wrong_password_ends_with_2", wrong_password),
        claim("run::an_interrupted_run_still_writes_its_report", interrupted),
    ]
}

/// What a site may promise, and the embedded server keeps.
const KEPT: &str = r#"suite: promises
title: What this site promises
include: [std:smtp]
requirements:
  - { id: local-noop, section: "1", level: must, text: NOOP is answered with 250., observable: "yes", weight: 1 }
  - { id: local-letters, section: "2", level: must, text: A letter to alice is taken., observable: "yes", weight: 2 }
scenarios:
  - id: noop
    covers: [local-noop]
    session: { mx: ready }
    steps:
      - C: NOOP
        S: 250
  - id: letter
    covers: [local-letters]
    session: { mx: ready }
    steps:
      - { use: deliver, with: { to: '${alice.address}', message: '${letter}' } }
"#;

/// What no server keeps.
const BROKEN: &str = r#"suite: wrong
title: What nobody promises
requirements:
  - { id: local-odd-noop, section: "1", level: must, text: NOOP is answered with 299., observable: "yes", weight: 1 }
  - { id: local-odd-rset, section: "2", level: should, text: RSET is answered with 298., observable: "yes", weight: 1 }
scenarios:
  - id: noop
    covers: [local-odd-noop]
    session: { submission: authenticated }
    steps:
      - C: NOOP
        S: 299 ; nobody says so
  - id: rset
    covers: [local-odd-rset]
    session: { mx: ready }
    steps:
      - C: RSET
        S: 298
"#;

/// The shape of an answer to NOOP, as a report tells it.
const SHAPE: &str = "'250 2.0.0 <text>'";

/// A folder of its own, gone afterwards.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str, files: &[(&str, &str)]) -> Result<Self, String> {
        let path = std::env::temp_dir().join(format!("mailproof-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).map_err(|error| error.to_string())?;
        let folder = Self(path);
        for (file, text) in files {
            fs::write(folder.0.join(file), text).map_err(|error| error.to_string())?;
        }
        Ok(folder)
    }

    pub(crate) fn read(&self, file: &str) -> Result<String, String> {
        fs::read_to_string(self.0.join(file)).map_err(|error| format!("{file}: {error}"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that stays behind in the place for temporary ones harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mailproof"));
    command.arg("run").args(arguments).current_dir(folder).env_remove("COLUMNS").stdin(Stdio::null());
    command
}

pub(crate) fn run(folder: &Folder, arguments: &[&str]) -> Result<Output, String> {
    command(&folder.0, arguments).output().map_err(|error| error.to_string())
}

pub(crate) fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

/// Text in which a new row of the catalogue changes nothing.
pub(crate) fn uncounted(octets: &[u8]) -> String {
    let text = text(octets);
    let lines = text.lines().map(|line| match line.strip_prefix("requirements: ") {
        Some(_) => "requirements: <n> of <m> observable ones judged\n".to_owned(),
        None => format!("{line}\n"),
    });
    lines.collect()
}

/// The exit code, or everything that was said.
pub(crate) fn ended_with(output: &Output, code: i32) -> Result<(), String> {
    if output.status.code() == Some(code) {
        return Ok(());
    }
    Err(format!("{}, not {code}\n{}\n{}", output.status, text(&output.stdout), text(&output.stderr)))
}

pub(crate) fn holds(text: &str, part: &str) -> Result<(), String> {
    if text.contains(part) { Ok(()) } else { Err(format!("{part:?} is not in\n{text}")) }
}

fn conforms() -> Result<(), String> {
    let folder = Folder::new("conforms", &[("promises.yaml", KEPT)])?;
    let output = run(&folder, &["promises.yaml"])?;
    ended_with(&output, 0)?;
    insta::assert_snapshot!("a_run_that_conforms", uncounted(&output.stdout));
    if output.stderr.is_empty() { Ok(()) } else { Err(text(&output.stderr)) }
}

fn violates() -> Result<(), String> {
    let folder = Folder::new("violates", &[("wrong.yaml", BROKEN)])?;
    let output = run(&folder, &["./wrong.yaml", "--seed", "7"])?;
    ended_with(&output, 1)?;
    insta::assert_snapshot!("a_run_with_violations", uncounted(&output.stdout));
    insta::assert_snapshot!("the_lines_of_a_run_with_violations", text(&output.stderr));
    // The SHOULD alone fails nothing, unless it is told to.
    ended_with(&run(&folder, &["wrong.yaml", "wrong/rset"])?, 0)?;
    ended_with(&run(&folder, &["wrong.yaml", "wrong/rset", "--fail-on", "should"])?, 1)?;
    // The line that reproduces a failure does.
    let told = text(&output.stdout);
    let line = told.lines().find_map(|line| line.strip_prefix("  reproduce: mailproof run ")).unwrap_or_default();
    ended_with(&run(&folder, &line.split(' ').collect::<Vec<_>>())?, 1)
}

fn known() -> Result<(), String> {
    let row = |until: &str| {
        format!(
            "known:\n  - {{ requirement: local-odd-noop, scenario: wrong, shape: {SHAPE}, reason: it is so{until} }}\n"
        )
    };
    let (open, over) = (row(""), row(", until: 2026-01-01"));
    let files = [("wrong.yaml", BROKEN), ("open.yaml", &open), ("over.yaml", &over)];
    let folder = Folder::new("known", &files)?;
    let open = run(&folder, &["./wrong.yaml", "--expect", "open.yaml", "--report-json", "open.json"])?;
    ended_with(&open, 0)?;
    holds(&folder.read("open.json")?, "\"known\":\"it is so\"")?;
    let over = run(&folder, &["./wrong.yaml", "--expect", "over.yaml", "--report-json", "over.json"])?;
    ended_with(&over, 1)?;
    if folder.read("open.json")? == folder.read("over.json")? { Ok(()) } else { Err("the reports differ".to_owned()) }
}

fn empty_folder() -> Result<(), String> {
    let folder = Folder::new("empty", &[("promises.yaml", KEPT)])?;
    let output = run(&folder, &["."])?;
    ended_with(&output, 0)?;
    holds(&text(&output.stdout), "suites: .\n2 scenarios: 2 conform,")
}

fn nothing_selected() -> Result<(), String> {
    let folder = Folder::new("nothing", &[("promises.yaml", KEPT)])?;
    let output = run(&folder, &["./promises.yaml", "promises/nop"])?;
    ended_with(&output, 4)?;
    let wanted = "error: no scenario is called `promises/nop`, and none begins so; did you mean `promises/noop`?\n";
    holds(&text(&output.stderr), wanted)?;
    ended_with(&run(&folder, &["./promises.yaml", "--protocol", "imap"])?, 4)?;
    ended_with(&run(&folder, &["./promises.yaml", "~promises"])?, 4)
}

fn unreachable() -> Result<(), String> {
    let folder = Folder::new("unreachable", &[("promises.yaml", KEPT)])?;
    // Nobody listens on a port that was just given back.
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let url = format!("smtp://{}", port.map_err(|error| error.to_string())?);
    let output = run(&folder, &["./promises.yaml", &url])?;
    ended_with(&output, 3)?;
    holds(&text(&output.stderr), "error: nothing answers: mx at 127.0.0.1:")
}

fn bad_suites() -> Result<(), String> {
    let odd = KEPT.replace("S: 250", "S: 250 OK").replace("suite: promises", "suite: odd");
    let files = [("odd.yaml", odd.as_str()), ("wrong.yaml", &BROKEN.replace("S: 298", "expect: 298"))];
    let folder = Folder::new("bad", &files)?;
    let output = run(&folder, &["."])?;
    ended_with(&output, 2)?;
    insta::assert_snapshot!("mistakes_of_suites", text(&output.stderr));
    if output.stdout.is_empty() { Ok(()) } else { Err(text(&output.stdout)) }
}

fn same_octets() -> Result<(), String> {
    let folder = Folder::new("same", &[("wrong.yaml", BROKEN), ("promises.yaml", KEPT)])?;
    let mut all = Vec::new();
    for jobs in ["1", "16"] {
        let output = run(&folder, &[".", "-j", jobs, "--report-dir", "out"])?;
        ended_with(&output, 1)?;
        all.push([folder.read("out/report.json")?, folder.read("out/junit.xml")?, text(&output.stdout)]);
    }
    if all.first() == all.last() { Ok(()) } else { Err(format!("the reports differ: {all:?}")) }
}

fn unasked_reports() -> Result<(), String> {
    let folder = Folder::new("unasked", &[("wrong.yaml", BROKEN)])?;
    ended_with(&run(&folder, &["wrong.yaml", "--report-json", "only.json"])?, 1)?;
    if folder.0.join("mailproof-report").exists() {
        return Err("a flag says where the report goes, and another folder is written too".to_owned());
    }
    ended_with(&run(&folder, &["wrong.yaml"])?, 1)?;
    let of = |file: &str| folder.read(&format!("mailproof-report/{file}"));
    if of("report.json")? != folder.read("only.json")? {
        return Err("the reports differ".to_owned());
    }
    holds(&of("junit.xml")?, "<testsuites")?;
    holds(&of("transcripts/wrong~noop.txt")?, "wrong/noop")?;
    holds(&of(".gitignore")?, "*\n")?;
    // What lies there is never taken for a suite.
    let found = folder.0.join("mailproof-report/counterexamples");
    fs::create_dir_all(&found)
        .and_then(|()| fs::write(found.join("odd.yaml"), "suite: ["))
        .map_err(|e| e.to_string())?;
    ended_with(&run(&folder, &["."])?, 1)?;
    // A place that cannot be written to stops nothing.
    let folder = Folder::new("unwritable", &[("promises.yaml", KEPT), ("mailproof-report", "a file")])?;
    let output = run(&folder, &["promises.yaml"])?;
    ended_with(&output, 0)?;
    holds(&text(&output.stderr), "warning: cannot make mailproof-report/transcripts: ")?;
    holds(&text(&output.stderr), "; `--report-dir DIR` writes the reports elsewhere\n")
}

fn no_secrets() -> Result<(), String> {
    let folder = Folder::new("secrets", &[("wrong.yaml", BROKEN)])?;
    let output = run(&folder, &["./wrong.yaml", "-v", "--report-dir", "out"])?;
    ended_with(&output, 1)?;
    let files = files_below(&folder.0.join("out"), "");
    let names: Vec<String> =
        files.iter().filter_map(|file| Some(file.file_name()?.to_string_lossy().into_owned())).collect();
    if names != ["junit.xml", "report.json", "wrong~noop.txt", "wrong~rset.txt"] {
        return Err(format!("{names:?}"));
    }
    let written = files.iter().map(fs::read).collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?;
    let all: Vec<String> = written.iter().chain([&output.stdout, &output.stderr]).map(|octets| text(octets)).collect();
    holds(&all.concat(), "C: AUTH PLAIN <secret>")?;
    let users =
        ["alice".to_owned(), "bob".to_owned()].into_iter().chain((1..20).map(|number| format!("user{number:03}")));
    for user in users {
        let secret = format!("{user}-secret");
        let forms = [secret.clone(), STANDARD.encode(&secret), STANDARD.encode(format!("\0{user}\0{secret}"))];
        if let Some(form) = forms.iter().find(|form| all.iter().any(|text| text.contains(form.as_str()))) {
            return Err(format!("{form} stands in a report"));
        }
    }
    Ok(())
}

/// `mailproof serve`, killed when it is dropped.
struct Served {
    child: Child,
    lines: Vec<String>,
}

impl Served {
    fn start(folder: &Folder) -> Result<Self, String> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_mailproof"))
            .arg("serve")
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let out = child.stdout.take().ok_or("no stdout")?;
        let lines = BufReader::new(out).lines().map_while(Result::ok);
        let lines: Vec<String> = lines.take_while(|line| !line.starts_with("Ctrl-C")).collect();
        let certificate: Vec<&str> =
            lines.iter().skip_while(|line| !line.starts_with("-----BEGIN")).map(String::as_str).collect();
        fs::write(folder.0.join("ca.pem"), certificate.join("\n")).map_err(|error| error.to_string())?;
        Ok(Self { child, lines })
    }

    fn url(&self, scheme: &str, role: &str) -> Result<String, String> {
        let line = self.lines.iter().find(|line| line.split_whitespace().next() == Some(role));
        let address = line.and_then(|line| line.split_whitespace().last()).ok_or_else(|| format!("no {role}"))?;
        Ok(format!("{scheme}://{address}"))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs against a server that somebody else started, with this password.
fn elsewhere(name: &str, password: &str) -> Result<Output, String> {
    let folder = Folder::new(name, &[("promises.yaml", KEPT)])?;
    let served = Served::start(&folder)?;
    let (mx, submission) = (served.url("smtp", "mx")?, served.url("submission", "submission")?);
    let account = "alice,alice@example.test=env:MAILPROOF_TEST_PASSWORD";
    let trust = ["--cacert", "ca.pem", "--sni", "mail.example.test"];
    let mut command = command(&folder.0, &["./promises.yaml", &mx, &submission, "--account", account]);
    command.args(trust).env("MAILPROOF_TEST_PASSWORD", password);
    command.output().map_err(|error| error.to_string())
}

fn urls() -> Result<(), String> {
    let output = elsewhere("urls", "alice-secret")?;
    ended_with(&output, 0)?;
    holds(&text(&output.stdout), "2 scenarios: 2 conform,")
}

fn wrong_password() -> Result<(), String> {
    let output = elsewhere("password", "a-wrong-one")?;
    ended_with(&output, 2)?;
    let told = text(&output.stderr);
    holds(&told, "error: account `alice` cannot log in: ")?;
    if told.contains("a-wrong-one") { Err(told) } else { Ok(()) }
}

fn interrupted() -> Result<(), String> {
    let slow = "suite: slow\ntitle: Something that takes its time\nrequirements:\n  - { id: local-still, section: \"1\", \
                level: must, text: A server is still., observable: \"yes\", weight: 1 }\nscenarios:\n  - id: still\n    \
                covers: [local-still]\n    session: { mx: ready }\n    steps:\n      - S: silence 30s\n        within: 40s\n";
    let folder = Folder::new("interrupted", &[("promises.yaml", KEPT), ("slow.yaml", slow)])?;
    let mut child = command(&folder.0, &[".", "-v", "-j", "2", "--report-json", "report.json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let mut lines = BufReader::new(child.stderr.take().ok_or("no stderr")?).lines();
    // What takes longest begins first, so the scenario that waits has begun by then.
    let begun = lines.by_ref().map_while(Result::ok).any(|line| line.starts_with("conforms promises/noop"));
    // The builtin of the shell: not every machine has the program `kill`.
    let sent = Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status();
    let mut out = String::new();
    let read = child.stdout.take().map_or(Ok(0), |mut stdout| stdout.read_to_string(&mut out));
    let code = child.wait().map_err(|error| error.to_string())?.code();
    if !(begun && sent.is_ok_and(|status| status.success()) && read.is_ok()) {
        return Err(format!("begun: {begun}\n{out}"));
    }
    if code != Some(3) {
        return Err(format!("{code:?}\n{out}"));
    }
    holds(&out, "inconclusive slow/still: cancelled\n")?;
    holds(&folder.read("report.json")?, "\"id\":\"slow/still\",\"judged\":[],\"reason\":\"cancelled\"")?;
    holds(
        &folder.read("report.json")?,
        "\"id\":\"promises/noop\",\"judged\":[\"local-noop\"],\"standing\":\"conforms\"",
    )
}
