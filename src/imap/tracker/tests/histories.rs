//! A small server with one mailbox, several sessions and every freedom about when it tells what.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::*;

const SESSIONS: usize = 3;

/// What happens next. Numbers are choices, taken modulo what there is.
#[derive(Debug, Clone)]
enum Event {
    /// A message arrives by another way; the next UID leaves a gap.
    Arrives { gap: u8 },
    /// A message is removed by another way.
    Goes { which: u8 },
    /// A session sends a command, and the server tells of `expunges` and `arrivals` as far as it may.
    Command { session: u8, command: Command, which: u8, expunges: u8, arrivals: u8 },
}

#[derive(Debug, Clone, Copy)]
enum Command {
    Noop,
    Idle,
    Fetch,
    UidFetch,
    Store,
    Search,
    Status,
    Append,
    Expunge,
    Select,
}

fn event() -> impl Strategy<Value = Event> {
    use Command::{Append, Expunge, Fetch, Idle, Noop, Search, Select, Status, Store, UidFetch};
    let commands = [Noop, Idle, Fetch, Fetch, UidFetch, UidFetch, Store, Search, Status, Append, Expunge, Select];
    let command = prop::sample::select(commands.to_vec());
    prop_oneof![
        1 => any::<u8>().prop_map(|gap| Event::Arrives { gap: gap % 4 }),
        1 => any::<u8>().prop_map(|which| Event::Goes { which }),
        5 => (any::<u8>(), command, any::<u8>(), any::<u8>(), any::<u8>()).prop_map(
            |(session, command, which, expunges, arrivals)| Event::Command { session, command, which, expunges, arrivals }
        ),
    ]
}

/// The server, and the lines of its sessions.
#[derive(Debug, Default)]
struct Server {
    /// UIDs in the mailbox.
    uids: Vec<u64>,
    next: u64,
    /// By session: the UIDs that it was told of, and the highest of them; none while nothing is selected.
    views: [Option<(Vec<u64>, u64)>; SESSIONS],
    tags: u64,
    lines: Vec<(usize, Side, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Client,
    Server,
}

/// A size that belongs to a UID.
fn size(uid: u64) -> u64 {
    uid * 7 + 3
}

impl Server {
    fn new() -> Self {
        let mut server = Self { next: 1, ..Self::default() };
        for session in 0..SESSIONS {
            server.says(session, "* OK ready".to_owned());
            server.hears(session, "l LOGIN alice x".to_owned());
            server.says(session, "l OK [CAPABILITY IMAP4rev1 UIDPLUS LITERAL+] in".to_owned());
        }
        server
    }

    fn says(&mut self, session: usize, line: String) {
        self.lines.push((session, Side::Server, line));
    }

    fn hears(&mut self, session: usize, line: String) {
        self.lines.push((session, Side::Client, line));
    }

    fn arrives(&mut self, gap: u8) -> u64 {
        let uid = self.next + u64::from(gap);
        self.uids.push(uid);
        self.next = uid + 1;
        uid
    }

    fn happens(&mut self, event: &Event) {
        match event {
            Event::Arrives { gap } => {
                self.arrives(*gap);
            }
            Event::Goes { which } if !self.uids.is_empty() => {
                self.uids.remove(usize::from(*which) % self.uids.len());
            }
            Event::Goes { .. } => {}
            Event::Command { session, command, which, expunges, arrivals } => {
                let session = usize::from(*session) % SESSIONS;
                let command = if self.views[session].is_some() { *command } else { Command::Select };
                self.answers(session, command, usize::from(*which), *expunges);
                // What may come at any time, also between commands.
                self.tells_arrivals(session, *arrivals);
            }
        }
    }

    fn tells_expunges(&mut self, session: usize, most: u8) {
        let (view, _) = self.views[session].as_mut().unwrap();
        let mut told = Vec::new();
        for at in (0..view.len()).rev() {
            if told.len() < usize::from(most % 4) && !self.uids.contains(&view[at]) {
                view.remove(at);
                told.push(at + 1);
            }
        }
        for number in told {
            self.says(session, format!("* {number} EXPUNGE"));
        }
    }

    fn tells_arrivals(&mut self, session: usize, most: u8) {
        let Some((view, top)) = self.views[session].as_mut() else { return };
        let new = self.uids.iter().copied().filter(|uid| uid > top).take(usize::from(most % 4)).collect::<Vec<_>>();
        if let Some(last) = new.last() {
            *top = *last;
            view.extend(&new);
            let count = view.len();
            self.says(session, format!("* {count} EXISTS"));
        }
    }

    /// The message at a number, with what the command asks for; of one that is gone the server may say nothing.
    fn tells(&mut self, session: usize, which: usize, items: &str) {
        let (view, _) = self.views[session].as_ref().unwrap();
        if view.is_empty() {
            return;
        }
        let (at, uid) = (which % view.len(), view[which % view.len()]);
        if self.uids.contains(&uid) {
            let items = items.replace("{uid}", &uid.to_string()).replace("{size}", &size(uid).to_string());
            self.says(session, format!("* {} FETCH ({items})", at + 1));
        } else if which.is_multiple_of(2) {
            self.says(session, format!("* {} FETCH (UID {uid} RFC822.SIZE 0)", at + 1));
        }
    }

    fn answers(&mut self, session: usize, command: Command, which: usize, expunges: u8) {
        self.tags += 1;
        let tag = format!("t{}", self.tags);
        let line = match command {
            Command::Noop => "NOOP",
            Command::Idle => "IDLE",
            Command::Fetch => "FETCH 1:* (UID RFC822.SIZE)",
            Command::UidFetch => "UID FETCH 1:* (RFC822.SIZE)",
            Command::Store => "STORE 1:* +FLAGS (\\Seen)",
            Command::Search => "SEARCH ALL",
            Command::Status => "STATUS INBOX (MESSAGES UIDNEXT UIDVALIDITY)",
            Command::Append => "APPEND INBOX {1+}\r\nx",
            Command::Expunge => "EXPUNGE",
            Command::Select => "SELECT INBOX",
        };
        self.hears(session, format!("{tag} {line}"));
        let mut code = String::new();
        match command {
            Command::Noop | Command::Expunge => self.tells_expunges(session, expunges),
            Command::Idle => {
                self.says(session, "+ idling".to_owned());
                self.tells_expunges(session, expunges);
                self.hears(session, "DONE".to_owned());
            }
            Command::Fetch => self.tells(session, which, "UID {uid} RFC822.SIZE {size}"),
            Command::UidFetch => {
                self.tells_expunges(session, expunges);
                self.tells(session, which, "UID {uid} RFC822.SIZE {size}");
            }
            Command::Store => self.tells(session, which, "FLAGS (\\Seen)"),
            Command::Search => {
                let (view, _) = self.views[session].as_ref().unwrap();
                let numbers: String = (1..=view.len()).map(|number| format!(" {number}")).collect();
                self.says(session, format!("* SEARCH{numbers}"));
            }
            Command::Status => {
                let (messages, next) = (self.uids.len(), self.next);
                self.says(session, format!("* STATUS INBOX (MESSAGES {messages} UIDNEXT {next} UIDVALIDITY 7)"));
            }
            Command::Append => {
                let uid = self.arrives(0);
                code = format!("[APPENDUID 7 {uid}] ");
            }
            Command::Select => {
                let (uids, next) = (self.uids.clone(), self.next);
                let count = uids.len();
                self.views[session] = Some((uids, next - 1));
                for line in [
                    "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)".to_owned(),
                    "* OK [PERMANENTFLAGS (\\Seen)] x".to_owned(),
                    format!("* {count} EXISTS"),
                    "* 0 RECENT".to_owned(),
                    "* OK [UIDVALIDITY 7] x".to_owned(),
                    format!("* OK [UIDNEXT {next}] x"),
                ] {
                    self.says(session, line);
                }
                code = "[READ-WRITE] ".to_owned();
            }
        }
        self.says(session, format!("{tag} OK {code}done"));
    }
}

fn history(events: &[Event]) -> Vec<(usize, Side, String)> {
    let mut server = Server::new();
    events.iter().for_each(|event| server.happens(event));
    server.lines
}

fn judge(lines: &[(usize, Side, String)]) -> Vec<Breach> {
    let mut tracker = Tracker::new();
    (0..SESSIONS).for_each(|session| tracker.opened(session, Revision::Rev1));
    let mut found = Vec::new();
    for (session, side, line) in lines {
        let octets = format!("{line}\r\n");
        match side {
            Side::Client => tracker.sent(*session, octets.as_bytes()),
            Side::Server => found.extend(hear(&mut tracker, *session, &octets)),
        }
    }
    found
}

/// The same with one number of one response changed by one; the number is at `which` among those of data, UIDVALIDITY and
/// zeros apart.
fn tampered(lines: &[(usize, Side, String)], which: usize) -> Option<Vec<(usize, Side, String)>> {
    let mut places = Vec::new();
    for (index, (_, side, line)) in lines.iter().enumerate() {
        if *side == Side::Server && line.starts_with("* ") && !line.contains("UIDVALIDITY 7]") {
            for (at, word) in line.split([' ', '(', ')', ']']).enumerate() {
                let validity = line.contains("STATUS") && word == "7";
                if word.parse::<u64>().is_ok_and(|number| number > 0) && !validity {
                    places.push((index, at));
                }
            }
        }
    }
    let (index, at) = *places.get(which % places.len().max(1))?;
    let mut lines = lines.to_vec();
    let line = &lines[index].2;
    let word = line.split([' ', '(', ')', ']']).nth(at)?;
    let from = word.as_ptr() as usize - line.as_ptr() as usize;
    let number: u64 = word.parse().ok()?;
    let other = if which.is_multiple_of(2) { number + 1 } else { number - 1 };
    let changed = format!("{}{other}{}", &line[..from], &line[from + word.len()..]);
    lines[index].2 = changed;
    Some(lines)
}

proptest! {
    #![proptest_config(Config { cases: 2_000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn conforming_histories_break_nothing(events in vec(event(), 1..40)) {
        let lines = history(&events);
        prop_assert_eq!(judge(&lines), Vec::new(), "{:#?}", lines);
    }
}

#[test]
fn of_numbers_that_are_changed_by_one_almost_half_is_found() {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let (mut changed, mut found) = (0_u32, 0_u32);
    for _ in 0..1_000 {
        let events = vec(event(), 60).new_tree(&mut runner).unwrap().current();
        let which = any::<u16>().new_tree(&mut runner).unwrap().current();
        if let Some(lines) = tampered(&history(&events), usize::from(which)) {
            changed += 1;
            found += u32::from(!judge(&lines).is_empty());
        }
    }
    let share = 100 * found / changed;
    assert!(share >= 45, "{found} of {changed}");
}
