//! What a run does to its accounts before and after: an empty INBOX, a fresh mailbox, messages that lie there, and nothing
//! left behind. docs/suite-language.md section 5.

use std::time::Duration;

use tokio::time::timeout;

use super::live::{Live, Selected};
use super::play::Play;
use super::stop::Stop;
use super::verdict::place;
use crate::base::{Bound, ByteString};
use crate::imap::{Response, Value};
use crate::message::dot_stuff;
use crate::outcome::{Doubt, Frame, Part, StepRef, Unmet};
use crate::run::session::Seen;
use crate::run::talk::Said;
use crate::scenario::{Deposit, Lease, Mailbox, Messages, Role, SessionKind, State, User};
use crate::target::Keeping;

/// Mailboxes that one run removes at most.
const BOXES_MAX: usize = 200;

/// How long removing them may take.
const REMOVE_MAX: Duration = Duration::from_secs(60);
/// How long it may take to make everything ready.
const PREPARE_MAX: Duration = Duration::from_secs(300);

/// Which mailboxes of its own a scenario uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Boxes {
    None,
    /// Names that it makes itself.
    Named,
    /// `${box}` exists.
    Created,
}

impl Play<'_> {
    /// Before the first step.
    pub(super) async fn prepare(&mut self) -> Result<(), Stop> {
        let endless = |_| Stop::Doubt(Doubt::Connection("preparations without end".to_owned()));
        timeout(PREPARE_MAX, self.prepare_all()).await.map_err(endless)?
    }

    async fn prepare_all(&mut self) -> Result<(), Stop> {
        let at = StepRef { part: Part::Setup, number: 0 };
        let exclusive = matches!(self.scenario.lease, Lease::Exclusive(_));
        let boxes = self.boxes_used();
        let deposits = !self.scenario.deposit.is_empty();
        let has_imap = self.world.target.endpoint(Role::Imap).is_some();
        if !has_imap && boxes != Boxes::None {
            return Err(Stop::Unmet(Unmet::Role(Role::Imap.word().to_owned())));
        }
        if has_imap && (boxes != Boxes::None || deposits || (exclusive && self.may_empty(User::Alice))) {
            let mut live = self.keeper(User::Alice, Role::Imap, &at).await?;
            let done = self.prepare_by_imap(&mut live, boxes).await;
            live.tell(&mut self.watch, &at);
            self.release(User::Alice, live, done).await?;
        } else if exclusive && self.may_empty(User::Alice) {
            self.empty_by_pop3(User::Alice, &at).await?;
        }
        if exclusive && self.may_empty(User::Bob) {
            self.empty_bob(&at).await?;
        }
        if self.names_bobs_view() {
            self.bobs_view(&at).await?;
        }
        if !has_imap && deposits {
            self.deliver_deposits(&at).await?;
        }
        Ok(())
    }

    /// An account that exists and whose mail may be deleted.
    fn may_empty(&self, user: User) -> bool {
        self.account(user).is_some_and(|account| account.keeping == Keeping::Disposable)
    }

    fn boxes_used(&self) -> Boxes {
        let selected = self.scenario.sessions.iter().any(|session| {
            matches!(&session.kind, SessionKind::Connection { state: State::Selected, mailbox: None, .. })
        });
        let deposited = self.scenario.deposit.iter().any(|deposit| deposit.mailbox == Mailbox::Box);
        let named = self.names.iter().filter(|var| var.head() == "box");
        if selected || deposited || self.names.iter().any(|var| matches!(var.as_str(), "box" | "box@bob")) {
            Boxes::Created
        } else if named.count() > 0 {
            Boxes::Named
        } else {
            Boxes::None
        }
    }

    /// A session of the runner's own.
    async fn keeper(&mut self, user: User, role: Role, at: &StepRef) -> Result<Live, Stop> {
        let account = self.need_account(user)?;
        let endpoint = self.world.target.endpoint(role).map(|(_, endpoint)| endpoint);
        if let Some(endpoint) = endpoint.filter(|_| role == Role::Imap) {
            while let Some(idle) = self.world.keepers.take(&account.user) {
                match idle.resume(endpoint, &mut self.watch, at, &self.log).await {
                    Ok(live) => return Ok(live),
                    Err(gone) => gone.leave().await,
                }
            }
        }
        self.connect("keeper", role, State::Authenticated, user, &ByteString::default(), at).await
    }

    /// Done with a session of the runner's own, which came to this. It is kept if it is where it was after its login.
    async fn release<T>(&self, user: User, live: Live, done: Result<T, Stop>) -> Result<T, Stop> {
        let as_before = done.is_ok() && live.selected == Selected::Nothing && !live.session.is_over();
        let left = match self.account(user).filter(|_| as_before) {
            Some(account) => self.world.keepers.keep(&account.user, live),
            None => Some(live),
        };
        if let Some(live) = left {
            live.leave().await;
        }
        done
    }

    async fn prepare_by_imap(&mut self, live: &mut Live, boxes: Boxes) -> Result<(), Stop> {
        if matches!(self.scenario.lease, Lease::Exclusive(_)) && self.may_empty(User::Alice) {
            empty_by_imap(live).await?;
        }
        if boxes != Boxes::None {
            let prefix = namespaces(live).await?.and_then(|all| prefix(all.first()));
            self.values.prefix_boxes(&prefix.map(|(prefix, _)| prefix).unwrap_or_default());
        }
        // Only now: values of `let` may name mailboxes.
        self.values.settle();
        if boxes == Boxes::Created {
            create(live, &self.values.show("box")).await?;
        }
        for deposit in &self.scenario.deposit {
            let mailbox = match deposit.mailbox {
                Mailbox::Box => quoted(&self.values.show("box")),
                Mailbox::Inbox => "INBOX".to_owned(),
            };
            for message in self.messages(deposit)? {
                append(live, &mailbox, &message).await?;
            }
        }
        Ok(())
    }

    fn messages(&self, deposit: &Deposit) -> Result<Vec<ByteString>, Stop> {
        match &deposit.messages {
            Messages::Letters(count) => {
                let text = |number: u32| ByteString::from(self.values.show(&format!("letter.{number}")));
                Ok((1..=*count).map(text).collect())
            }
            Messages::Values(names) => {
                let value = |name| self.values.env.get(name).map(|value| value.to_octets()).map_err(Stop::from);
                names.iter().map(value).collect()
            }
        }
    }

    async fn empty_bob(&mut self, at: &StepRef) -> Result<(), Stop> {
        if self.world.target.endpoint(Role::Imap).is_none() {
            return self.empty_by_pop3(User::Bob, at).await;
        }
        let mut live = self.keeper(User::Bob, Role::Imap, at).await?;
        let done = empty_by_imap(&mut live).await;
        live.tell(&mut self.watch, at);
        self.release(User::Bob, live, done).await
    }

    /// DELE for every message. RFC 1939 §5. A target without POP3 has nothing that could be read either.
    async fn empty_by_pop3(&mut self, user: User, at: &StepRef) -> Result<(), Stop> {
        if self.world.target.endpoint(Role::Pop3).is_none() {
            return Ok(());
        }
        let mut live = self.keeper(user, Role::Pop3, at).await?;
        let list = live.talk().command("LIST").await?;
        for line in list.lines.iter().filter(|line| line.starts_with(|first: char| first.is_ascii_digit())) {
            let number = line.split(' ').next().unwrap_or_default();
            let answer = live.talk().command(&format!("DELE {number}")).await?;
            if answer.word != "+OK" {
                return Err(Stop::Doubt(Doubt::Setup(format!("DELE: {}", answer.word))));
            }
        }
        live.tell(&mut self.watch, at);
        // QUIT deletes, and `leave` says it.
        live.leave().await;
        Ok(())
    }

    fn names_bobs_view(&self) -> bool {
        self.names.iter().any(|var| var.as_str() == "box@bob")
    }

    /// `${box@bob}`: the name in bob's namespace of other users. RFC 2342 §5.
    async fn bobs_view(&mut self, at: &StepRef) -> Result<(), Stop> {
        let mut live = self.keeper(User::Bob, Role::Imap, at).await?;
        let all = namespaces(&mut live).await;
        live.tell(&mut self.watch, at);
        let all = self.release(User::Bob, live, all).await?;
        let Some((prefix, separator)) = all.and_then(|all| prefix(all.get(1))) else {
            return Err(Stop::Unmet(Unmet::Need("a namespace of other users".to_owned())));
        };
        let name = format!("{prefix}{}{separator}{}", self.values.show("alice.user"), self.values.show("box"));
        self.values.env.bind("box@bob", Bound::octets(name));
        self.values.settle();
        Ok(())
    }

    /// INBOX without IMAP: by delivery, until POP3 shows all of it.
    async fn deliver_deposits(&mut self, at: &StepRef) -> Result<(), Stop> {
        self.values.settle();
        let mut count = 0;
        for deposit in &self.scenario.deposit {
            for message in self.messages(deposit)? {
                let none = ByteString::default();
                let mut live = self.connect("keeper", Role::Smtp, State::Addressed, User::Alice, &none, at).await?;
                let go_ahead = live.talk().command("DATA").await?;
                let mut answer = go_ahead.word;
                if answer == "354" {
                    let mut talk = live.talk();
                    talk.send(dot_stuff(&message)).await?;
                    answer = talk.answer().await?.word;
                }
                live.tell(&mut self.watch, at);
                live.leave().await;
                if answer.starts_with('4') {
                    return Err(Stop::Doubt(Doubt::Trouble(format!("{}: delivery: {answer}", place(at)))));
                }
                if answer != "250" {
                    return Err(Stop::Doubt(Doubt::Setup(format!("{}: delivery: {answer}", place(at)))));
                }
                count += 1;
            }
        }
        self.await_delivery(count, at).await
    }

    /// After the last step: every mailbox below `${box}` goes, whatever became of it.
    pub(super) async fn remove_boxes(&mut self) {
        if self.boxes_used() == Boxes::None || self.world.target.endpoint(Role::Imap).is_none() {
            return;
        }
        let at = StepRef { part: Part::Cleanup, number: 0 };
        // What cannot be removed in this time stays; nothing can be said against anybody for that.
        let _ = timeout(REMOVE_MAX, self.remove_all(&at)).await;
    }

    async fn remove_all(&mut self, at: &StepRef) {
        let Ok(mut live) = self.keeper(User::Alice, Role::Imap, at).await else { return };
        let done = remove_below(&mut live, &self.values.show("box")).await;
        live.tell(&mut self.watch, at);
        let _ = self.release(User::Alice, live, done).await;
    }
}

/// Unsubscribes and deletes what begins with `stem`, as far as the server lets it.
async fn remove_below(live: &mut Live, stem: &str) -> Result<(), Stop> {
    for (command, remove) in [("LSUB", "UNSUBSCRIBE"), ("LIST", "DELETE")] {
        let mut names = listed(live, command, stem).await?;
        // Inferiors first.
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        for name in names.iter().take(BOXES_MAX) {
            let name = quoted(&String::from_utf8_lossy(name));
            live.talk().tagged(&format!("{remove} {name}")).await?;
        }
    }
    Ok(())
}

/// Deletes every message of INBOX. RFC 3501 §6.4.3.
async fn empty_by_imap(live: &mut Live) -> Result<(), Stop> {
    live.selected = Selected::Perhaps;
    demand(live, "SELECT INBOX").await?;
    let exists = data(&live.climbed.said, "EXISTS").last().and_then(|(number, _)| number).unwrap_or_default();
    if exists > 0 {
        demand(live, "UID STORE 1:* +FLAGS.SILENT (\\Deleted)").await?;
        demand(live, "EXPUNGE").await?;
    }
    // A session that stays must not see what the scenario does there.
    if live.talk().tagged("CLOSE").await?.word == "OK" {
        live.selected = Selected::Nothing;
    }
    Ok(())
}

/// One command of the runner's own that must succeed.
pub(super) async fn demand(live: &mut Live, command: &str) -> Result<(), Stop> {
    let answer = live.talk().tagged(command).await?;
    if answer.word == "OK" {
        return Ok(());
    }
    let verb = command.split(' ').next().unwrap_or_default();
    Err(refused(verb, &answer.word))
}

/// Creates a mailbox under a name that is new. If the server says that it exists (RFC 5530 §3), it is the one that was asked
/// for: with several sessions at once, one was seen to say so of what that very command had made.
async fn create(live: &mut Live, name: &str) -> Result<(), Stop> {
    let answer = live.talk().tagged(&format!("CREATE {}", quoted(name))).await?;
    let exists = answer.lines.last().is_some_and(|line| line.to_ascii_uppercase().starts_with("[ALREADYEXISTS]"));
    if answer.word == "OK" || (answer.word == "NO" && exists) { Ok(()) } else { Err(refused("CREATE", &answer.word)) }
}

/// A command of the runner's own was refused. That is trouble, so the attempt is repeated with fresh names.
fn refused(verb: &str, word: &str) -> Stop {
    Stop::Doubt(Doubt::Trouble(format!("{verb}: {word}")))
}

async fn append(live: &mut Live, mailbox: &str, message: &ByteString) -> Result<(), Stop> {
    let tag = live.session.next_tag();
    let mut talk = live.talk();
    talk.send(format!("{tag} APPEND {mailbox} {{{}}}\r\n", message.len())).await?;
    let mut answer = talk.until_tagged(&tag).await?;
    if answer.word == "+" {
        talk.send([message.as_ref(), b"\r\n"].concat()).await?;
        answer = talk.until_tagged(&tag).await?;
    }
    if answer.word == "OK" { Ok(()) } else { Err(refused("APPEND", &answer.word)) }
}

/// The three namespaces, where the server tells them. RFC 2342 §5.
async fn namespaces(live: &mut Live) -> Result<Option<Vec<Value>>, Stop> {
    if !live.climbed.announced.any("NAMESPACE") {
        return Ok(None);
    }
    match &live.namespace {
        // It is as if it was asked again.
        Some(said) => live.climbed.said.extend_from_slice(said),
        None => {
            let before = live.climbed.said.len();
            demand(live, "NAMESPACE").await?;
            live.namespace = live.climbed.said.get(before..).map(<[Said]>::to_vec);
        }
    }
    Ok(data(&live.climbed.said, "NAMESPACE").last().map(|(_, args)| args.to_vec()))
}

/// Prefix and delimiter of the first namespace of a kind.
fn prefix(namespace: Option<&Value>) -> Option<(String, String)> {
    let Some(Value::List(all)) = namespace else { return None };
    let Some(Value::List(first)) = all.first() else { return None };
    let text = |value: &Value| match value {
        Value::Quoted(octets) | Value::Literal(octets) | Value::Literal8(octets) | Value::Atom(octets) => {
            String::from_utf8_lossy(octets).into_owned()
        }
        Value::Nil | Value::Number(_) | Value::List(_) | Value::Section { .. } => String::new(),
    };
    Some((text(first.first()?), first.get(1).map(text).unwrap_or_default()))
}

/// Names that begin with `stem`.
async fn listed(live: &mut Live, command: &str, stem: &str) -> Result<Vec<ByteString>, Stop> {
    demand(live, &format!("{command} \"\" {}", quoted(&format!("{stem}*")))).await?;
    let names = data(&live.climbed.said, command).filter_map(|(_, args)| match args.get(2) {
        Some(Value::Quoted(name) | Value::Literal(name) | Value::Literal8(name) | Value::Atom(name)) => {
            Some(name.clone())
        }
        Some(Value::Nil | Value::Number(_) | Value::List(_) | Value::Section { .. }) | None => None,
    });
    // A server may list more than was asked for; only what this run made may be removed.
    // A name that is no line would be read as another command.
    let plain = |name: &ByteString| !name.iter().any(|octet| octet.is_ascii_control());
    Ok(names.filter(|name| name.starts_with(stem.as_bytes()) && plain(name)).collect())
}

/// Untagged data of this name in what was said: number and arguments.
pub(super) fn data<'s>(said: &'s [Said], name: &'s str) -> impl Iterator<Item = (Option<u64>, &'s [Value])> {
    said.iter().filter_map(move |one| match one {
        Said::Seen(Seen::Frame(Frame::Imap(frame))) => match &frame.parsed {
            Ok(Response::Data { number, name: found, args, .. }) if found == name => Some((*number, args.as_slice())),
            Ok(Response::Data { .. } | Response::Status { .. } | Response::Continue { .. }) | Err(_) => None,
        },
        Said::Seen(_) | Said::Sent(_) | Said::Tls(_) | Said::Sasl(..) => None,
    })
}

/// A mailbox name as a quoted string. RFC 3501 §9.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}
