//! Do no harm: all suites run against a server whose accounts hold foreign mail, and everything that the program said is held
//! against what it may do. docs/fuzzing.md names the table of commands.

mod rules;
mod speech;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use libtest_mimic::Trial;
use mailproof::base::Secret;
use mailproof::refserver::store::{Flag, Flags, InternalDate, MailboxName, NewMessage, Node};
use mailproof::refserver::{Account, Config, Conversation, Role, Running, Speaker, Tap, Tenure, start_tapped};

use crate::trials::{claim, root};
use rules::{Bounds, Effect, effect, offence};
use speech::{Act, acts};

/// Accounts that are nobody's to empty. The first two are those that the suites call alice and bob.
const STANDING: [&str; 4] = ["alice", "bob", "carol", "dave"];
const DISPOSABLE: [&str; 6] = ["user1", "user2", "user3", "user4", "user5", "user6"];
/// Mailboxes that lie in the standing accounts; the first ones have names like the harness's own.
const FOREIGN: [&str; 5] = ["mailproof", "Mailproof-1", "Letters", "Letters/2020", "Archive"];

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        claim("harmless::all_suites_leave_alone_what_is_not_theirs", everything),
        claim("harmless::a_suite_that_offends_is_caught", planted),
        claim("harmless::every_kind_of_offence_is_caught", kinds),
        claim("harmless::what_is_allowed_is_no_offence", allowed),
    ]
}

/// A message that lies in an account: octets, flags, date.
type Kept = (u32, Vec<u8>, Vec<String>, String);

/// What lies in one account: mailboxes with UIDVALIDITY and messages, and subscriptions.
type State = (BTreeMap<String, (u32, Vec<Kept>)>, BTreeSet<String>);
/// What lies in all standing accounts.
type States = BTreeMap<&'static str, State>;

/// A server in which foreign mail lies, and what was said to it.
struct Spied {
    runtime: tokio::runtime::Runtime,
    running: Running,
    tap: Tap,
    folder: PathBuf,
}

impl Drop for Spied {
    fn drop(&mut self) {
        // A folder that stays behind in the place for temporary ones harms nobody.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Spied {
    /// The target that the program is given has only these accounts.
    fn start(name: &str, used: &[&str]) -> Result<Self, String> {
        let told = |error: std::io::Error| error.to_string();
        // The port is free again when the program wants to listen there.
        let sink = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).map_err(told)?;
        let account = |user: &&str| Account {
            user: (*user).to_owned(),
            password: Secret::new(format!("{user}-secret")),
            tenure: if STANDING.contains(user) { Tenure::Standing } else { Tenure::Disposable },
        };
        let accounts = STANDING.iter().chain(&DISPOSABLE).map(account).collect();
        let config = Config { accounts, next_hop: Some(sink), ..Config::default() };
        let runtime = tokio::runtime::Runtime::new().map_err(told)?;
        let tap = Tap::default();
        let running = runtime.block_on(start_tapped(config, tap.clone())).map_err(told)?;
        for user in STANDING {
            plant(&running, user).ok_or_else(|| format!("cannot plant mail for {user}"))?;
        }
        let folder = std::env::temp_dir().join(format!("mailproof-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).map_err(told)?;
        fs::write(folder.join("ca.pem"), &running.ca_pem).map_err(told)?;
        fs::write(folder.join("target.yaml"), target(&running, sink, used)).map_err(told)?;
        Ok(Self { runtime, running, tap, folder })
    }

    /// Runs the program; its summary.
    fn run(&self, arguments: &[&str]) -> Result<String, String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mailproof"));
        command.arg("run").args(arguments).arg("--target").arg(self.folder.join("target.yaml")).arg("-q");
        command.args(["--allow-destructive", "--report-dir"]).arg(self.folder.join("out"));
        for user in STANDING.iter().chain(&DISPOSABLE) {
            command.env(format!("SPIED_{}", user.to_uppercase()), format!("{user}-secret"));
        }
        let _alive = self.runtime.enter();
        let output = command.current_dir(root()).stdin(Stdio::null()).output().map_err(|error| error.to_string())?;
        let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        // Violations are for others to judge; what was not run proves nothing.
        if matches!(output.status.code(), Some(0 | 1)) { Ok(told) } else { Err(format!("{}: {told}", output.status)) }
    }

    /// What lies in a standing account.
    fn state(&self, user: &str) -> State {
        let all = self.running.store.with(user, |account| {
            let nodes = account.nodes().filter_map(|(name, node)| match node {
                Node::Mailbox(_, mailbox) => {
                    let messages = mailbox.messages().iter().map(|message| {
                        let flags = message.flags.iter().map(|flag| flag.as_str().to_owned()).collect();
                        (message.uid, message.octets.to_vec(), flags, message.date.to_imap())
                    });
                    Some((name.as_str().to_owned(), (mailbox.uidvalidity(), messages.collect())))
                }
                Node::NoSelect => None,
            });
            (nodes.collect(), account.subscriptions().iter().map(|name| name.as_str().to_owned()).collect())
        });
        all.unwrap_or_default()
    }

    fn states(&self) -> States {
        STANDING.iter().map(|user| (*user, self.state(user))).collect()
    }

    /// What is not as it was. New letters may lie in an INBOX: mail was sent there.
    fn changes(&self, before: &States) -> String {
        let mut told = String::new();
        for (user, (mailboxes, subscriptions)) in before {
            let (now, subscribed) = self.state(user);
            for (name, (validity, messages)) in mailboxes {
                let same = now.get(name).is_some_and(|(now, left)| {
                    let begins = left.get(..messages.len()) == Some(messages);
                    now == validity && begins && (name == "INBOX" || left.len() == messages.len())
                });
                if !same {
                    // Writing to a string cannot fail.
                    let _ = writeln!(told, "{user}: {name} has changed");
                }
            }
            for name in now.keys().filter(|name| !mailboxes.contains_key(*name)) {
                let _ = writeln!(told, "{user}: {name} was left behind");
            }
            if subscribed != *subscriptions {
                let _ = writeln!(told, "{user}: subscriptions are {subscribed:?} now");
            }
        }
        told
    }

    fn acts(&self) -> Vec<Act> {
        self.tap.conversations().iter().flat_map(acts).collect()
    }
}

/// Foreign mail: unseen, seen, and marked as deleted, so that an EXPUNGE of somebody else's would show.
fn plant(running: &Running, user: &str) -> Option<()> {
    let flags = |names: &[&str]| -> Flags { names.iter().map(|name| Flag::new(name)).collect() };
    let all = [flags(&[]), flags(&["\\Seen", "\\Flagged"]), flags(&["\\Seen", "\\Deleted"])];
    let date = InternalDate { seconds: 951_782_400, zone: 0 };
    running.store.with(user, |account| {
        for name in ["INBOX"].iter().chain(&FOREIGN) {
            let name = MailboxName::parse(name.as_bytes()).ok()?;
            if !name.is_inbox() {
                account.create(&name).ok()?;
            }
            let (id, _) = account.find(&name)?;
            for (number, flags) in all.iter().enumerate() {
                let text =
                    format!("From: <friend@example.com>\r\nSubject: {} {number}\r\n\r\nDear {user}\r\n", name.as_str());
                let octets = Arc::from(text.as_bytes());
                account.append(id, vec![NewMessage { octets, flags: flags.clone(), date, saved: date }]).ok()?;
            }
        }
        account.subscribe(&MailboxName::parse(b"Letters").ok()?).ok()
    })?
}

fn target(running: &Running, sink: SocketAddr, used: &[&str]) -> String {
    let mut text = "target: spied\nendpoints:\n".to_owned();
    for (role, address) in running.endpoints() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {}: \"{address}\"", role.as_str());
    }
    let _ = writeln!(text, "  sink: \"{sink}\"\ntls: {{ ca: ca.pem, name: {} }}", running.config.hostname);
    let _ = writeln!(text, "domains: {{ local: example.test, sender: example.test }}\naccounts:");
    for user in used {
        let disposable = if DISPOSABLE.contains(user) { ", disposable: true" } else { "" };
        let password = format!("env:SPIED_{}", user.to_uppercase());
        let _ = writeln!(
            text,
            "  - {{ user: {user}, address: {user}@example.test, password: \"{password}\"{disposable} }}"
        );
    }
    text.push_str("facts: { catch-all: no, outside: yes, prompt: yes, quota: no, shared-secret: yes, sink: yes }\n");
    text.push_str("pace: { connections: 150, per-second: 10000 }\npatience: 2s\n");
    text
}

fn disposable() -> Vec<String> {
    DISPOSABLE.iter().map(|user| user.to_uppercase()).collect()
}

/// Sentences about what is wrong, each once.
fn offences(acts: &[Act]) -> String {
    let disposable = disposable();
    let bounds = Bounds { disposable: &disposable };
    let found: BTreeSet<String> = acts.iter().filter_map(|act| offence(act, &bounds)).collect();
    found.into_iter().map(|told| told + "\n").collect()
}

fn everything() -> Result<(), String> {
    let spied = Spied::start("spied", &[&STANDING[..], &DISPOSABLE[..]].concat())?;
    let before = spied.states();
    spied.run(&[])?;
    let acts = spied.acts();
    let told = offences(&acts) + &spied.changes(&before);
    if !told.is_empty() {
        return Err(told);
    }
    // What was never said was never held against a rule.
    let standing =
        |act: &Act| act.user.as_ref().is_some_and(|user| STANDING.iter().any(|name| name.to_uppercase() == *user));
    let seen = |holds: &dyn Fn(&Act) -> bool| acts.iter().any(holds);
    let missing: Vec<&str> = [
        ("DELE", seen(&|act| effect(act) == Some(Effect::Inbox))),
        ("STORE, EXPUNGE, CLOSE", seen(&|act| effect(act) == Some(Effect::Selected))),
        ("CREATE in a standing account", seen(&|act| effect(act) == Some(Effect::First) && standing(act))),
        ("RENAME", seen(&|act| effect(act) == Some(Effect::FirstTwo))),
        ("COPY", seen(&|act| effect(act) == Some(Effect::Second))),
        ("MOVE", seen(&|act| effect(act) == Some(Effect::Moved))),
        ("FETCH in a standing account", seen(&|act| effect(act) == Some(Effect::Fetch) && standing(act))),
        ("letters", seen(&|act| act.letter.is_some() && act.protocol == "smtp")),
        ("letters of APPEND", seen(&|act| act.letter.is_some() && act.protocol == "imap")),
        (
            "commands under TLS",
            spied.tap.conversations().iter().any(|one| one.role == Role::Imaps && one.turns.len() > 2),
        ),
    ]
    .into_iter()
    .filter(|(_, seen)| !seen)
    .map(|(what, _)| what)
    .collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("{} commands, but never {}", acts.len(), missing.join(", "))) }
}

/// Scenarios that do what none may, in octets that the reader of suites cannot look through.
const PLANTED: &str = r#"suite: planted
title: What nobody may do
include: [std:smtp]
requirements:
  - { id: local-x, section: "1", level: must, text: x, observable: "yes", weight: 1 }
scenarios:
  - id: expunges
    covers: [local-x]
    session: { imap: authenticated }
    let: { where: INBOX }
    steps:
      - send: '${tag} SELECT ${where}\r\n'
        S: OK
      - send: '${tag} EXPUNGE\r\n'
        S: OK
  - id: unheard-of
    covers: [local-x]
    session: { mx: ready }
    steps:
      - send: 'XERASE everything\r\n'
        S: 5xx
"#;

fn planted() -> Result<(), String> {
    let spied = Spied::start("planted", &STANDING)?;
    let before = spied.states();
    let file = spied.folder.join("planted.yaml");
    fs::write(&file, PLANTED).map_err(|error| error.to_string())?;
    let summary = spied.run(&[&file.to_string_lossy()])?;
    let told = offences(&spied.acts()) + &spied.changes(&before);
    let wanted = ["an unknown command word: smtp", "XERASE", "not its own: imap", "INBOX has changed"];
    let missing: Vec<&str> = wanted.into_iter().filter(|wanted| !told.contains(wanted)).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("{missing:?} is missing in:\n{told}\n{summary}")) }
}

fn conversation(role: Role, turns: &[(Speaker, &str)]) -> Conversation {
    Conversation { role, turns: turns.iter().map(|(speaker, said)| (*speaker, said.as_bytes().to_vec())).collect() }
}

/// A dialogue: `S` and `C` lines.
fn dialogue(role: Role, lines: &str) -> Conversation {
    let mut turns = Vec::<(Speaker, String)>::new();
    for line in lines.lines() {
        let (speaker, said) = match line.split_at_checked(2) {
            Some(("C ", said)) => (Speaker::Client, said),
            Some((_, said)) => (Speaker::Server, said),
            None => continue,
        };
        match turns.last_mut() {
            Some((last, before)) if *last == speaker => *before += &format!("{said}\r\n"),
            Some(_) | None => turns.push((speaker, format!("{said}\r\n"))),
        }
    }
    let turns: Vec<(Speaker, &str)> = turns.iter().map(|(speaker, said)| (*speaker, said.as_str())).collect();
    conversation(role, &turns)
}

const IN: &str = "S * OK hi\nC a LOGIN alice x\nS a OK in\n";
const IN_INBOX: &str = "S * OK hi\nC a LOGIN alice x\nS a OK in\nC b SELECT INBOX\nS b OK [READ-WRITE] x\n";
const POP: &str = "S +OK hi\nC USER alice\nS +OK\nC PASS x\nS +OK\n";

fn kinds() -> Result<(), String> {
    let rows: &[(Role, &str, &str)] = &[
        (Role::Pop3, POP, "C DELE 1\nS +OK\n"),
        (Role::Pop3, "S +OK hi\nC AUTH PLAIN\nS + \nC AGFsaWNlAHg=\nS +OK\n", "C DELE 1\nS +OK\n"),
        (Role::Pop3, POP, "C XKILL 1\nS -ERR\n"),
        (Role::Imap, IN_INBOX, "C c EXPUNGE\nS c OK x\n"),
        (Role::Imap, IN_INBOX, "C c UID EXPUNGE 1\nS c OK x\n"),
        (Role::Imap, IN_INBOX, "C c CLOSE\nS c OK x\n"),
        (Role::Imap, IN_INBOX, "C c STORE 1 +FLAGS (a)\nS c OK x\n"),
        (Role::Imap, IN_INBOX, "C c UID MOVE 1 mailproof-x\nS c OK x\n"),
        (Role::Imap, IN_INBOX, "C c COPY 1 Letters\nS c OK x\n"),
        (Role::Imap, IN_INBOX, "C c FETCH 1 BODY[]\nS c OK x\n"),
        (Role::Imap, IN, "C c DELETE Letters\nS c OK x\n"),
        (Role::Imap, IN, "C c DELETE {7}\nS + go\nC Letters\nS c OK x\n"),
        (Role::Imap, IN, "C c DELETE {7+}\nC Letters\nS c OK x\n"),
        (Role::Imap, IN, "C c CREATE mailproof\nS c OK x\n"),
        (Role::Imap, IN, "C c RENAME mailproof-a Letters\nS c OK x\n"),
        (Role::Imap, IN, "C c RENAME Letters mailproof-a\nS c OK x\n"),
        (Role::Imap, IN, "C c SUBSCRIBE Letters\nS c OK x\n"),
        (Role::Imap, IN, "C c UNSUBSCRIBE \"Letters\"\nS c OK x\n"),
        (Role::Imap, IN, "C c APPEND INBOX {3}\nS + go\nC abc\nS c OK x\n"),
        (Role::Imap, IN, "C c SETACL Letters bob lr\nS c OK x\n"),
        (Role::Imap, IN, "C c DELETEACL Letters bob\nS c OK x\n"),
        (Role::Imap, IN, "C c SETMETADATA \"\" (/private/comment \"x\")\nS c OK x\n"),
        (Role::Imap, IN, "C c SETQUOTA \"\" (STORAGE 1)\nS c OK x\n"),
        (Role::Imap, IN, "C c XPURGE\nS c BAD x\n"),
        (
            Role::Imap,
            "S * OK hi\nC a AUTHENTICATE PLAIN\nS + \nC AGFsaWNlAHg=\nS a OK in\n",
            "C c DELETE Letters\nS c OK x\n",
        ),
        (
            Role::Imap,
            "S * OK hi\nC a LOGIN user1 x\nS a OK in\n",
            "C c APPEND INBOX {19}\nS + go\nC From: a@google.com\nC \nS c OK x\n",
        ),
        (Role::Mx, "S 220 hi\n", "C EHLO google.com\nS 250 x\n"),
        (Role::Mx, "S 220 hi\n", "C EHLO [9.9.9.9]\nS 250 x\n"),
        (Role::Mx, "S 220 hi\n", "C MAIL FROM:<a@google.com>\nS 250 x\n"),
        (Role::Mx, "S 220 hi\n", "C RCPT TO:<a@google.com>\nS 250 x\n"),
        (Role::Mx, "S 220 hi\n", "C RCPT TO:<a%google.com@example.test>\nS 250 x\n"),
        (Role::Mx, "S 220 hi\n", "C RCPT TO:<google.com!a@example.test>\nS 250 x\n"),
        (Role::Mx, "S 220 hi\n", "C RCPT TO:<@google.com:a@example.test>\nS 250 x\n"),
        (Role::Mx, "S 220 hi\n", "C VRFY a@google.com\nS 252 x\n"),
        (Role::Mx, "S 220 hi\n", "C EXPN a@google.com\nS 252 x\n"),
        (Role::Mx, "S 220 hi\n", "C ETRN google.com\nS 252 x\n"),
        (Role::Mx, "S 220 hi\nC DATA\nS 354 go\n", "C To: a@google.com\nC \nC x\nC .\nS 250 x\n"),
        (Role::Mx, "S 220 hi\n", "C BDAT 19 LAST\nC From: a@google.com\nS 250 x\n"),
        (Role::Mx, "S 220 hi\n", "C XERASE\nS 500 x\n"),
    ];
    let missed: String = rows
        .iter()
        .filter(|(role, before, act)| offences(&acts(&dialogue(*role, &format!("{before}{act}")))).is_empty())
        .map(|(role, _, act)| format!("{role:?}: {act}"))
        .collect();
    if missed.is_empty() { Ok(()) } else { Err(format!("not caught:\n{missed}")) }
}

fn allowed() -> Result<(), String> {
    let rows: &[(Role, &str)] = &[
        (
            Role::Imap,
            "S * OK hi\nC a LOGIN alice x\nS a OK in\nC z COPY 1\nS z BAD x\nC b CREATE mailproof-x\nS b OK x\nC c APPEND mailproof-x {7}\nS + go\nC To: a\nC \nS c OK x\nC d SELECT mailproof-x\nS d OK x\nC e STORE 1 FLAGS (a)\nS e OK x\nC f EXPUNGE\nS f OK x\n",
        ),
        (
            Role::Imap,
            "S * OK hi\nC a LOGIN user1 x\nS a OK in\nC b SELECT INBOX\nS b OK x\nC c STORE 1 FLAGS (a)\nS c OK x\nC d CLOSE\nS d OK x\n",
        ),
        (
            Role::Imap,
            "S * OK hi\nC a LOGIN alice x\nS a OK in\nC b EXAMINE INBOX\nS b OK x\nC c FETCH 1 BODY[]\nS c OK x\nC d CLOSE\nS d OK x\n",
        ),
        (
            Role::Imap,
            "S * OK hi\nC a LOGIN alice x\nS a OK in\nC b SELECT INBOX\nS b OK x\nC c FETCH 1 (BODY.PEEK[] FLAGS)\nS c OK x\nC d IDLE\nS + go\nC DONE\nS d OK x\n",
        ),
        (
            Role::Pop3,
            "S +OK hi\nC USER user2\nS +OK\nC PASS x\nS +OK\nC LIST\nS +OK\nS 1 2\nS .\nC DELE 1\nS +OK\nC QUIT\nS +OK\n",
        ),
        (
            Role::Mx,
            "S 220 hi\nC EHLO [127.0.0.1]\nS 250 x\nC MAIL FROM:<a@b.example.com>\nS 250 x\nC RCPT TO:<alice@example.test>\nS 250 x\nC DATA\nS 354 go\nC To: a@b.invalid\nC \nC DELE a@google.com\nC .\nS 250 x\nC QUIT\nS 221 x\n",
        ),
    ];
    let told: String = rows.iter().map(|(role, lines)| offences(&acts(&dialogue(*role, lines)))).collect();
    if told.is_empty() { Ok(()) } else { Err(told) }
}
