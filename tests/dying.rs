//! A server that dies while it is tested: what a whole run says of it.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use libtest_mimic::Trial;

use crate::run::{Folder, ended_with, holds, run, text, uncounted};
use crate::trials::claim;

pub(crate) fn trials() -> Vec<Trial> {
    vec![claim("dying::a_server_that_dies_is_one_finding_with_what_was_sent_last", dies)]
}

const SUITE: &str = r#"suite: dying
title: A server that one word kills
requirements:
  - { id: local-words, section: "1", level: must, text: Every word has its answer., observable: "yes", weight: 1 }
scenarios:
  - id: alive
    covers: [local-words]
    session: { mx: ready }
    steps: [{ C: NOOP, S: 250 }]
  - id: boom
    covers: [local-words]
    session: { mx: ready }
    steps: [{ C: BOOM, S: 500 }]
  - id: later
    covers: [local-words]
    session: { mx: ready }
    steps: [{ C: NOOP, S: 250 }]
"#;

/// Serves until somebody says BOOM; then the port is closed, and that connection.
fn serve() -> Result<u16, String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|error| error.to_string())?;
    let port = listener.local_addr().map_err(|error| error.to_string())?.port();
    let dead = Arc::new(AtomicBool::new(false));
    thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            if dead.load(Ordering::SeqCst) {
                break;
            }
            let dead = Arc::clone(&dead);
            thread::spawn(move || answer(stream, &dead, port));
        }
    });
    Ok(port)
}

fn answer(mut stream: TcpStream, dead: &AtomicBool, port: u16) -> std::io::Result<()> {
    stream.write_all(b"220 mail.example.test\r\n")?;
    for line in BufReader::new(stream.try_clone()?).lines() {
        if line? == "BOOM" {
            dead.store(true, Ordering::SeqCst);
            // Wakes the listener, which then goes away.
            let mut last = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
            std::io::copy(&mut last, &mut std::io::sink())?;
            break;
        }
        stream.write_all(b"250 mail.example.test\r\n")?;
    }
    stream.shutdown(Shutdown::Both)
}

fn dies() -> Result<(), String> {
    let folder = Folder::new("dying", &[("dying.yaml", SUITE)])?;
    let url = format!("smtp://127.0.0.1:{}", serve()?);
    let output = run(&folder, &["./dying.yaml", &url, "-j", "1", "--patience", "1s", "--report-dir", "out"])?;
    ended_with(&output, 1)?;
    let told = uncounted(&output.stdout).replace(&url, "smtp://127.0.0.1:25");
    insta::assert_snapshot!("a_run_in_which_the_server_dies", told);
    let report = folder.read("out/report.json")?;
    let crashes = report.matches("\"kind\":\"crash\"").count();
    if crashes != 1 {
        return Err(format!("{crashes} crashes in\n{report}"));
    }
    holds(&folder.read("out/junit.xml")?, "<testsuite name=\"invariants\"")?;
    holds(&folder.read("out/transcripts/dying~boom.txt")?, "C: BOOM\\r\\n")?;
    let stderr = text(&output.stderr);
    holds(&stderr, "VIOLATES dying/boom")
}
