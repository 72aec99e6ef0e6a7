//! Tables and snapshots of what people write and what they are told.

use super::*;
use crate::base::SourceFile;
use crate::scenario::Role;

const FACTS: [&str; 3] = ["catch-all", "hierarchy", "outside"];

fn environment(name: &str) -> Option<String> {
    match name {
        "ALICE" => Some("wonderland".to_owned()),
        "BOB" => Some("builder-pass".to_owned()),
        "EMPTY" => Some(String::new()),
        _ => None,
    }
}

fn read(text: &str) -> Result<Target, String> {
    let source = SourceFile { name: "target.yaml".to_owned(), text: text.to_owned() };
    read_target(&source, &FACTS, &environment)
        .map_err(|mistakes| mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n"))
}

const WHOLE: &str = r#"
target: dovecot
endpoints:
  imap: "127.0.0.1:143"
  imaps: "[::1]"
  mx: { address: mail.example.test, tls: none }
  sink: "0.0.0.0:2525"
tls: { name: mail.example.test, insecure: yes }
domains: { local: example.test }
accounts:
  - { user: alice, address: alice@example.test, password: "env:ALICE", disposable: true }
  - { user: bob@example.test, password: "012" }
facts: { catch-all: no, hierarchy: yes }
known:
  - requirement: rfc3501-6.3.1-select
    scenario: imap/rfc3501/
    shape: "* OK <text>"
    reason: one precise sentence
    until: 2027-06-01
inconclusive: [ { scenario: smtp/a, reason: slow host } ]
pace: { connections: 3, per-second: 7 }
patience: 1m30s
"#;

#[test]
fn a_whole_file_is_read_and_written_back() {
    let target = read(WHOLE).unwrap();
    assert_eq!(target.endpoints[&Role::Imaps], Endpoint::of(Role::Imaps, "::1", 993));
    assert_eq!(target.endpoints[&Role::Mx].security, Security::Clear);
    assert_eq!(target.endpoints[&Role::Mx].port, 25);
    assert_eq!(target.accounts[0].password.reveal(), "wonderland");
    assert_eq!(target.accounts[1].password.reveal(), "012");
    assert_eq!(target.domains.foreign, "foreign.example");
    assert_eq!(target.domains.sender, "example.test");
    assert_eq!(target.pace, Pace { connections: 3, per_second: 7 });
    assert_eq!(target.patience, Some(std::time::Duration::from_secs(90)));
    let written = write_target(&target);
    assert!(!written.contains("012\""), "a literal password is not repeated: {written}");
    let again = read(&written.replace("env:BOB_EXAMPLE_TEST_PASSWORD", "012")).unwrap();
    assert_eq!(again, target);
    insta::assert_snapshot!(written);
}

#[test]
fn mistakes_of_a_file_are_told_all_at_once() {
    let text = r#"
target: x
endpoint: { imap: "a:1" }
endpoints:
  imap: "::1"
  pop: "host:110"
  mx: { address: "host:99999" }
  pop3s: { address: host, tls: always }
tls: { ca: nowhere.pem, insecure: perhaps }
accounts:
  - { user: alice, address: alice@example.test, password: "env:NOPE" }
  - { user: bob, password: "env:BOB" }
  - { user: carol@example.test }
facts: { catchall: yes, hierarchy: 1 }
known: [ { requirement: "A B", scenario: x, shape: y, reason: z, until: tomorrow } ]
pace: { connections: 0 }
patience: soon
"#;
    insta::assert_snapshot!(read(text).unwrap_err());
}

#[test]
fn what_is_no_target_file_is_told() {
    let told: Vec<String> = [
        "",
        "- a\n",
        "target: x\n",
        "target: x\nendpoints: {}\n",
        "target: [\n",
        "target: &a x\nendpoints: { imap: *a }\n",
        "target: x\nendpoints: { imap: a }\n---\ntarget: y\n",
        "target: x\ntarget: y\nendpoints: { imap: a }\n",
        "target: x\nendpoints: { imap: a }\naccounts: { user: a }\n",
    ]
    .iter()
    .map(|text| read(text).unwrap_err())
    .collect();
    insta::assert_snapshot!(told.join("\n\n"));
}

/// A file with thousands of mistakes in one long line is told of in a text that people can read, and in no time.
#[test]
fn of_many_mistakes_the_first_are_told_with_what_surrounds_them() {
    let text = format!("known: [ {{ {}requirement: a }} ]\n", "unti: x, ".repeat(5_000));
    let found = read_expected(&SourceFile { name: "expect.yaml".to_owned(), text }).unwrap_err();
    assert_eq!(found.len(), 100);
    let longest = found.iter().map(|wrong| wrong.to_string().len()).max().unwrap();
    assert!(longest < 600, "{longest} octets for one mistake");
    insta::assert_snapshot!(found[99].to_string());
}

fn urls(urls: &[&str], accounts: &[&str], disposable: &[&str]) -> Result<Target, UsageError> {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let flags = TargetFlags { accounts: owned(accounts), disposable: owned(disposable), ..TargetFlags::default() };
    from_urls(&owned(urls), &flags, &environment)
}

#[test]
fn urls_name_roles_and_ports() {
    for (url, role, host, port) in [
        ("smtp://host", Role::Mx, "host", 25),
        ("SMTP://host:2525/", Role::Mx, "host", 2525),
        ("submission://host", Role::Submission, "host", 587),
        ("submissions://host", Role::Submissions, "host", 465),
        ("pop3://host", Role::Pop3, "host", 110),
        ("pop3s://host:1", Role::Pop3s, "host", 1),
        ("imap://127.0.0.1:1143", Role::Imap, "127.0.0.1", 1143),
        ("imaps://[::1]", Role::Imaps, "::1", 993),
    ] {
        let target = urls(&[url], &[], &[]).unwrap();
        assert_eq!(target.endpoints[&role], Endpoint::of(role, host, port), "{url}");
    }
}

#[test]
fn accounts_tell_the_domains() {
    let accounts = ["alice,a@one.test=env:ALICE", "bob@two.test=env:BOB"];
    let target = urls(&["imap://h"], &accounts, &["bob@two.test"]).unwrap();
    assert_eq!(target.domains.local, "one.test");
    assert_eq!(target.accounts[0].address, "a@one.test");
    assert_eq!(target.accounts[1].keeping, Keeping::Disposable);
    assert!(!format!("{target:?}").contains("wonderland"));
}

#[test]
fn mistakes_of_the_command_line_say_what_to_write() {
    let cases: [(&[&str], &[&str], &[&str]); 15] = [
        (&[], &[], &[]),
        (&["host:25"], &[], &[]),
        (&["imps://host"], &[], &[]),
        (&["mx://host"], &[], &[]),
        (&["imap://::1"], &[], &[]),
        (&["imap://"], &[], &[]),
        (&["imap://alice:pw@host"], &[], &[]),
        (&["imap://host/INBOX"], &[], &[]),
        (&["imap://a", "imap://b"], &[], &[]),
        (&["imap://a"], &["alice@x.test"], &[]),
        (&["imap://a"], &["alice@x.test=wonderland"], &[]),
        (&["imap://a"], &["alice@x.test=env:NOPE"], &[]),
        (&["imap://a"], &["alice@x.test=env:EMPTY"], &[]),
        (&["imap://a"], &["alice=env:ALICE"], &[]),
        (&["imap://a"], &["alice,a@x.test=env:ALICE"], &["alcie"]),
    ];
    let told: Vec<String> = cases.iter().map(|(u, a, d)| urls(u, a, d).unwrap_err().to_string()).collect();
    insta::assert_snapshot!(told.join("\n"));
}
