//! A session and its commands.

use std::sync::Arc;

use super::awareness::Awareness;
use super::capability::is_offered;
use super::fetching::Fetching;
use super::reply::{Answer, Reply, say};
use super::resync::tell_missed;
use super::status::mailbox_id;
use super::unicode::Unicode;
use super::view::{Expunges, View};
use super::wrong::History;
use super::{copy, list, mailboxes, order, replace, search, status, store};
use crate::refserver::imap::command::{Body, Command, Numbering, Phase, SelectMode, SelectParameter};
use crate::refserver::store::{Account, Store};
use crate::refserver::{Config, Fault, Protection};

/// What happens once the answer is sent.
#[derive(Debug)]
pub(super) enum Then {
    /// The next command comes.
    Command,
    /// The connection ends.
    Close,
    /// TLS starts.
    Tls,
    /// Compression starts.
    Compress,
    /// Challenges and responses follow.
    Authenticate { mechanism: String, initial: Option<Vec<u8>> },
    /// The client waits for changes.
    Idle,
    /// Messages are sent piece by piece.
    Fetch(Box<Fetching>),
}

/// Whether octets are compressed (RFC 4978).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    /// They are not.
    Off,
    /// They are, from the answer to COMPRESS on.
    Deflate,
}

/// The state of a connection (RFC 3501 §3).
#[derive(Debug)]
pub(super) struct Session<'a> {
    pub(super) config: &'a Arc<Config>,
    pub(super) store: &'a Store,
    pub(super) protection: Protection,
    /// Who has logged in.
    pub(super) user: Option<String>,
    /// What the client has shown to understand.
    pub(super) awareness: Awareness,
    /// How it knows mailboxes.
    pub(super) unicode: Unicode,
    /// Whether octets are compressed.
    pub(super) compression: Compression,
    /// The selected mailbox; there is one only after login.
    pub(super) view: Option<View>,
    /// Who logs in when TLS starts, by a fault.
    pub(super) waiting: Option<String>,
    /// How often AUTHENTICATE has failed, for faults.
    pub(super) failures: usize,
    /// What a server with faults remembers.
    pub(super) history: History,
}

impl<'a> Session<'a> {
    /// A connection as it is at its start, and again after STARTTLS.
    pub(super) fn new(config: &'a Arc<Config>, store: &'a Store, protection: Protection) -> Self {
        let (history, waiting, failures) = (History::default(), None, 0);
        let (awareness, unicode, compression) = (Awareness::Plain, Unicode::Legacy, Compression::Off);
        let (user, view) = (None, None);
        Self { config, store, protection, user, awareness, unicode, compression, view, history, waiting, failures }
    }

    /// TLS runs: the session begins anew (RFC 3501 §6.2.1), but for somebody whom a fault lets in.
    pub(super) fn secured(self, protection: Protection) -> Self {
        Self { user: self.waiting, ..Self::new(self.config, self.store, protection) }
    }

    /// How far the session has come.
    pub(super) fn phase(&self) -> Phase {
        match (&self.user, &self.view) {
            (None, _) => Phase::NotAuthenticated,
            (Some(_), None) => Phase::Authenticated,
            (Some(_), Some(_)) => Phase::Selected,
        }
    }

    /// Answers a command. For those that go on, the tagged response comes later.
    pub(super) fn run(&mut self, command: Command, out: &mut Vec<u8>) -> Then {
        let Command { tag, body } = command;
        match self.unicode.understood(body) {
            Ok(body) if self.config.faults.is_empty() => self.obey(Command { tag, body }, out),
            Ok(body) => self.disobey(Command { tag, body }, out),
            Err(refusal) => {
                self.update(Expunges::Told, out);
                refusal.write(out, Some(&tag));
                Then::Command
            }
        }
    }

    /// Answers a command as it should be answered.
    pub(super) fn obey(&mut self, command: Command, out: &mut Vec<u8>) -> Then {
        let Command { tag, body } = command;
        let expunges = expunges_during(&body);
        let done = if is_offered(self.config, &body) {
            self.carry_out(&tag, body, out)
        } else {
            Err(Reply::bad("unknown command"))
        };
        let (reply, then) = done.unwrap_or_else(|refusal| (Some(refusal), Then::Command));
        if let Some(reply) = reply {
            if matches!(then, Then::Command) {
                self.update(expunges, out);
            }
            reply.write(out, Some(&tag));
        }
        then
    }

    /// Whether the server has this fault.
    pub(super) fn has(&self, fault: impl Into<Fault>) -> bool {
        self.config.faults.has(fault)
    }

    /// Tells what has changed in the selected mailbox.
    pub(super) fn update(&mut self, expunges: Expunges, out: &mut Vec<u8>) {
        if let (Some(user), Some(view)) = (&self.user, &mut self.view) {
            self.store.with(user, |account| view.update(account, expunges, out));
        }
    }

    /// Does something with the account of the user who has logged in.
    pub(super) fn account<R>(&self, action: impl FnOnce(&mut Account) -> R) -> Result<R, Reply> {
        let user = self.user.as_deref().ok_or_else(|| Reply::bad("log in first"))?;
        self.store.with(user, action).ok_or_else(|| Reply::no("the account is gone"))
    }

    /// Does something with the selected mailbox and its account.
    pub(super) fn selected<R>(&mut self, action: impl FnOnce(&mut View, &mut Account) -> R) -> Result<R, Reply> {
        let view = self.view.as_mut().ok_or_else(|| Reply::bad("select a mailbox first"))?;
        let user = self.user.as_deref().ok_or_else(|| Reply::bad("log in first"))?;
        self.store.with(user, |account| action(view, account)).ok_or_else(|| Reply::no("the account is gone"))
    }

    /// The tagged response, unless it comes later, and what happens then.
    fn carry_out(&mut self, tag: &str, body: Body, out: &mut Vec<u8>) -> Result<(Option<Reply>, Then), Reply> {
        let reply = match body {
            Body::Authenticate { mechanism, initial } => return Ok((None, Then::Authenticate { mechanism, initial })),
            Body::Fetch(command) => {
                let fetching = self.begin_fetch(tag, command, out)?;
                return Ok((None, Then::Fetch(Box::new(fetching))));
            }
            Body::Idle => {
                say(out, "+ idling");
                return Ok((None, Then::Idle));
            }
            Body::Logout => {
                say(out, "* BYE logging out");
                return Ok((Some(Reply::ok("bye")), Then::Close));
            }
            Body::StartTls => {
                let then = if self.user.is_some() { Then::Command } else { Then::Tls };
                return Ok((Some(self.start_tls()?), then));
            }
            Body::Compress => return Ok((Some(self.compress()?), Then::Compress)),
            Body::Append(append) => mailboxes::append(self, append)?,
            Body::Capability => tell(out, &format!("* CAPABILITY {}", self.capabilities())),
            Body::Check | Body::Noop => Reply::ok("done"),
            Body::Close => self.close()?,
            Body::Copy { by, set, mailbox } => copy::copy(self, by, &set, &mailbox)?,
            Body::Create { mailbox, uses } => mailboxes::create(self, &mailbox, &uses)?,
            Body::Delete { mailbox } => mailboxes::delete(self, &mailbox)?,
            Body::Enable { capabilities } => self.enable(&capabilities, out)?,
            Body::Expunge { uids } => store::expunge(self, uids.as_ref(), out)?,
            Body::Id { parameters: _ } => tell(out, "* ID (\"name\" \"mailproof\")"),
            Body::List(command) => list::list(self, &command, out)?,
            Body::Login { user, password } => self.log_in(&user, &password)?,
            Body::Lsub { reference, pattern } => list::lsub(self, &reference, &pattern, out)?,
            Body::Move { by, set, mailbox } => copy::transfer(self, by, &set, &mailbox, out)?,
            Body::Namespace => tell(out, "* NAMESPACE ((\"\" \"/\")) NIL NIL"),
            Body::Rename { from, to } => mailboxes::rename(self, &from, &to)?,
            Body::Replace(command) => replace::replace(self, command, out)?,
            Body::Search(command) => search::search(self, tag, &command, out)?,
            Body::Select { mailbox, mode, parameters } => self.select(&mailbox, mode, &parameters, out)?,
            Body::Sort(command) => order::sort(self, &command, out)?,
            Body::Status { mailbox, items } => status::status(self, &mailbox, &items, out)?,
            Body::Store(command) => store::store(self, &command, out)?,
            Body::Subscribe { mailbox } => mailboxes::subscribe(self, &mailbox)?,
            Body::Thread(command) => order::thread(self, &command, out)?,
            Body::Unselect => {
                self.view = None;
                Reply::ok("unselected")
            }
            Body::Unsubscribe { mailbox } => mailboxes::unsubscribe(self, &mailbox)?,
        };
        Ok((Some(reply), Then::Command))
    }

    /// RFC 3501 §6.3.1: whatever was selected is so no more, even when the new mailbox cannot be.
    fn select(
        &mut self,
        mailbox: &[u8],
        mode: SelectMode,
        parameters: &[SelectParameter],
        out: &mut Vec<u8>,
    ) -> Answer {
        let resync = parameters.iter().find_map(|parameter| match parameter {
            SelectParameter::Resync(resync) => Some(resync),
            SelectParameter::Condstore => None,
        });
        if resync.is_some() && self.awareness < Awareness::Qresync {
            return Err(Reply::bad("ENABLE QRESYNC comes first"));
        }
        let modseqs = self.config.offers("CONDSTORE") || self.config.offers("QRESYNC");
        if self.view.take().is_some() && modseqs {
            // RFC 7162 §3.2.11.
            say(out, "* OK [CLOSED] the mailbox before is closed");
        }
        let name = mailboxes::name(mailbox)?;
        if !parameters.is_empty() {
            self.become_aware(Awareness::Condstore, out)?;
        }
        let (awareness, ids) = ((self.awareness, &self.config.faults), self.config.offers("OBJECTID"));
        let view = self.account(|account| {
            let (id, _) = account.find(&name)?;
            let mut view = View::open(account, id, mode, awareness, out)?;
            if modseqs {
                view.tell_highest(account, out);
            }
            if ids {
                say(out, &format!("* OK [MAILBOXID ({})] its identifier", mailbox_id(id)));
            }
            if let Some(resync) = resync {
                tell_missed(&mut view, account, resync, out);
            }
            Some(view)
        })?;
        self.view = Some(view.ok_or_else(mailboxes::missing)?);
        Ok(match mode {
            SelectMode::ReadWrite => Reply::ok("selected").with("READ-WRITE"),
            SelectMode::ReadOnly => Reply::ok("selected").with("READ-ONLY"),
        })
    }

    /// RFC 4978 §3: once, and BAD for more, with the code that says why.
    fn compress(&mut self) -> Answer {
        match self.compression {
            Compression::Deflate => Err(Reply::bad("compression runs already").with("COMPRESSIONACTIVE")),
            Compression::Off => {
                self.compression = Compression::Deflate;
                Ok(Reply::ok("DEFLATE starts"))
            }
        }
    }

    /// RFC 3501 §6.4.2: messages go without a word, and only if the mailbox was not opened to be read.
    fn close(&mut self) -> Answer {
        self.selected(|view, account| {
            if view.mode == SelectMode::ReadWrite {
                account.expunge(view.id, None);
            }
        })?;
        self.view = None;
        Ok(Reply::ok("closed"))
    }
}

/// The answer to a question that one line settles.
fn tell(out: &mut Vec<u8>, line: &str) -> Reply {
    say(out, line);
    Reply::ok("done")
}

/// RFC 3501 §7.4.1: FETCH, STORE and SEARCH by message numbers, and RFC 5256 §3: SORT and THREAD. The same after UID are other commands.
fn expunges_during(body: &Body) -> Expunges {
    let by = match body {
        Body::Fetch(fetch) => fetch.by,
        Body::Search(search) => search.by,
        Body::Sort(sort) => sort.search.by,
        Body::Thread(thread) => thread.search.by,
        Body::Store(store) => store.by,
        Body::Capability
        | Body::Compress
        | Body::Noop
        | Body::Logout
        | Body::StartTls
        | Body::Authenticate { .. }
        | Body::Login { .. }
        | Body::Select { .. }
        | Body::Create { .. }
        | Body::Delete { .. }
        | Body::Rename { .. }
        | Body::Subscribe { .. }
        | Body::Unsubscribe { .. }
        | Body::List(_)
        | Body::Lsub { .. }
        | Body::Status { .. }
        | Body::Append(_)
        | Body::Replace(_)
        | Body::Check
        | Body::Close
        | Body::Unselect
        | Body::Expunge { .. }
        | Body::Copy { .. }
        | Body::Move { .. }
        | Body::Idle
        | Body::Namespace
        | Body::Enable { .. }
        | Body::Id { .. } => Numbering::Uid,
    };
    match by {
        Numbering::Sequence => Expunges::Held,
        Numbering::Uid => Expunges::Told,
    }
}
