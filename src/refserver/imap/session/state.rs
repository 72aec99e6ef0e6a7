//! A session and its commands.

use std::sync::Arc;

use super::awareness::Awareness;
use super::capability::is_offered;
use super::fetching::Fetching;
use super::place::OTHERS;
use super::reply::{Answer, Reply, say};
use super::resync::tell_missed;
use super::revision::Revision;
use super::status::mailbox_id;
use super::unicode::Unicode;
use super::view::{Expunges, Opening, View};
use super::wrong::History;
use super::{acl, copy, list, mailboxes, order, quota, replace, search, status, store};
use crate::refserver::imap::command::{Body, Command, Numbering, Phase, SelectMode, SelectParameter};
use crate::refserver::imap::fault::AclFault;
use crate::refserver::store::{Account, Right, Rights, SEPARATOR, Store};
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
    /// Whether it has enabled UTF8=ACCEPT.
    pub(super) unicode: Unicode,
    /// Which revision is in force.
    pub(super) revision: Revision,
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
        Self {
            config,
            store,
            protection,
            user: None,
            awareness: Awareness::Plain,
            unicode: Unicode::Legacy,
            revision: Revision::Rev1,
            compression: Compression::Off,
            view: None,
            history,
            waiting,
            failures,
        }
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
        if self.config.faults.is_empty() { self.obey(command, out) } else { self.disobey(command, out) }
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
        if let Some(view) = &mut self.view {
            let owner = view.owner.clone();
            self.store.with(&owner, |account| view.update(account, expunges, out));
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
        let owner = view.owner.clone();
        self.store.with(&owner, |account| action(view, account)).ok_or_else(|| Reply::no("the account is gone"))
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
            Body::Acl(command) => acl::acl(self, command, out)?,
            Body::Append(append) => mailboxes::append(self, append)?,
            Body::Capability => tell(out, &format!("* CAPABILITY {}", self.capabilities())),
            Body::Check | Body::Noop => Reply::ok("done"),
            Body::Close => self.close()?,
            Body::Copy { by, set, mailbox } => copy::copy(self, by, &set, &mailbox)?,
            Body::Create { mailbox, uses } => mailboxes::create(self, &mailbox, &uses, out)?,
            Body::Delete { mailbox } => mailboxes::delete(self, &mailbox)?,
            Body::Enable { capabilities } => self.enable(&capabilities, out)?,
            Body::Expunge { uids } => store::expunge(self, uids.as_ref(), out)?,
            Body::Id { parameters: _ } => tell(out, "* ID (\"name\" \"mailproof\")"),
            Body::List(command) => list::list(self, &command, out)?,
            Body::Login { user, password } => self.log_in(&user, &password)?,
            Body::Lsub { reference, pattern } => list::lsub(self, &reference, &pattern, out)?,
            Body::Move { by, set, mailbox } => copy::transfer(self, by, &set, &mailbox, out)?,
            Body::Namespace => tell(out, &self.namespaces()),
            Body::Quota(command) => quota::quota(self, &command, out)?,
            Body::Rename { from, to } => mailboxes::rename(self, &from, &to, out)?,
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
        if self.view.take().is_some() && (modseqs || self.is_rev2()) {
            // RFC 7162 §3.2.11, RFC 9051 §6.3.2.
            say(out, "* OK [CLOSED] the mailbox before is closed");
        }
        let place = self.place(mailbox)?;
        if !parameters.is_empty() {
            self.become_aware(Awareness::Condstore, out)?;
        }
        let (awareness, ids) = ((self.awareness, &self.config.faults), self.config.offers("OBJECTID"));
        let user = self.user()?;
        let view = self.at(&place, |account| {
            let (id, found) = self.admit(account, &place, Right::Read)?;
            let granted = if changes(&self.rights(account, found)) { mode } else { SelectMode::ReadOnly };
            let opening = Opening { id, asked: mode, granted, awareness, revision: self.revision, user: &user };
            let mut view = View::open(account, opening, out).ok_or_else(mailboxes::missing)?;
            if modseqs {
                view.tell_highest(account, out);
            }
            if ids {
                say(out, &format!("* OK [MAILBOXID ({})] its identifier", mailbox_id(id)));
            }
            if let Some(resync) = resync {
                tell_missed(&mut view, account, resync, out);
            }
            Ok(view)
        })?;
        let told = if self.has(AclFault::ReaderIsWriter) { mode } else { view.mode };
        self.view = Some(view);
        if self.is_rev2() {
            list::tell_name(self, &place.shown, mailbox, out)?;
        }
        Ok(match told {
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

    /// RFC 2342 §5: the own mailboxes, and those of others where they can be seen.
    fn namespaces(&self) -> String {
        let others =
            if self.has_others() { format!("((\"{OTHERS}{SEPARATOR}\" \"{SEPARATOR}\"))") } else { "NIL".to_owned() };
        format!("* NAMESPACE ((\"\" \"{SEPARATOR}\")) {others} NIL")
    }

    /// RFC 3501 §6.4.2: messages go without a word, and only if the mailbox was not opened to be read.
    fn close(&mut self) -> Answer {
        self.selected(|view, account| {
            // RFC 4314 §4: nor does a missing right stop the closing.
            if view.mode == SelectMode::ReadWrite && view.rights(account).has(Right::Expunge) {
                account.expunge(view.id, None);
            }
        })?;
        self.view = None;
        Ok(Reply::ok("closed"))
    }
}

/// RFC 4314 §5.2: whether any of these rights lets a user change a mailbox. All flags are the same for all users here.
fn changes(rights: &Rights) -> bool {
    rights.has_any(&[Right::Insert, Right::Expunge, Right::Seen, Right::Write, Right::Mark])
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
        | Body::Acl(_)
        | Body::Quota(_)
        | Body::Id { .. } => Numbering::Uid,
    };
    match by {
        Numbering::Sequence => Expunges::Held,
        Numbering::Uid => Expunges::Told,
    }
}
