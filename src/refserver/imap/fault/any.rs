//! All faults of IMAP together.

use super::{
    AclFault, ChangeFault, MailboxFault, MessageFault, OrderFault, ReadFault, SearchFault, SessionFault,
    StructureFault, SyncFault,
};
use crate::refserver::{self, FaultRow};

/// A violation of one requirement of IMAP, by subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Of the session: lines, states, literals, IDLE, ENABLE, ID.
    Session(SessionFault),
    /// Of mailboxes: SELECT, LIST, STATUS, APPEND and others.
    Mailbox(MailboxFault),
    /// Of messages as FETCH shows them.
    Message(MessageFault),
    /// Of what FETCH marks, remembers and names.
    Read(ReadFault),
    /// Of the parts and addresses of messages.
    Structure(StructureFault),
    /// Of changes: STORE, EXPUNGE, COPY, MOVE.
    Change(ChangeFault),
    /// Of searches, and of identifiers of messages.
    Search(SearchFault),
    /// Of messages in order: SORT, THREAD.
    Order(OrderFault),
    /// Of mod-sequences.
    Sync(SyncFault),
    /// Of rights.
    Acl(AclFault),
}

impl Fault {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        let session = SessionFault::ALL.iter().copied().map(Self::Session);
        let mailbox = MailboxFault::ALL.iter().copied().map(Self::Mailbox);
        let message = MessageFault::ALL.iter().copied().map(Self::Message);
        let read = ReadFault::ALL.iter().copied().map(Self::Read);
        let structure = StructureFault::ALL.iter().copied().map(Self::Structure);
        let change = ChangeFault::ALL.iter().copied().map(Self::Change);
        let search = SearchFault::ALL.iter().copied().map(Self::Search);
        let order = OrderFault::ALL.iter().copied().map(Self::Order);
        let sync = SyncFault::ALL.iter().copied().map(Self::Sync);
        let acl = AclFault::ALL.iter().copied().map(Self::Acl);
        session
            .chain(mailbox)
            .chain(message)
            .chain(read)
            .chain(change)
            .chain(search)
            .chain(order)
            .chain(sync)
            .chain(acl)
            .chain(structure)
    }

    /// What there is to know of it.
    pub fn row(self) -> FaultRow {
        match self {
            Self::Session(fault) => fault.row(),
            Self::Mailbox(fault) => fault.row(),
            Self::Message(fault) => fault.row(),
            Self::Read(fault) => fault.row(),
            Self::Structure(fault) => fault.row(),
            Self::Change(fault) => fault.row(),
            Self::Search(fault) => fault.row(),
            Self::Order(fault) => fault.row(),
            Self::Sync(fault) => fault.row(),
            Self::Acl(fault) => fault.row(),
        }
    }
}

impl From<SessionFault> for refserver::Fault {
    fn from(fault: SessionFault) -> Self {
        Self::Imap(Fault::Session(fault))
    }
}

impl From<MailboxFault> for refserver::Fault {
    fn from(fault: MailboxFault) -> Self {
        Self::Imap(Fault::Mailbox(fault))
    }
}

impl From<MessageFault> for refserver::Fault {
    fn from(fault: MessageFault) -> Self {
        Self::Imap(Fault::Message(fault))
    }
}

impl From<StructureFault> for refserver::Fault {
    fn from(fault: StructureFault) -> Self {
        Self::Imap(Fault::Structure(fault))
    }
}

impl From<ChangeFault> for refserver::Fault {
    fn from(fault: ChangeFault) -> Self {
        Self::Imap(Fault::Change(fault))
    }
}

impl From<SearchFault> for refserver::Fault {
    fn from(fault: SearchFault) -> Self {
        Self::Imap(Fault::Search(fault))
    }
}

impl From<SyncFault> for refserver::Fault {
    fn from(fault: SyncFault) -> Self {
        Self::Imap(Fault::Sync(fault))
    }
}

impl From<AclFault> for refserver::Fault {
    fn from(fault: AclFault) -> Self {
        Self::Imap(Fault::Acl(fault))
    }
}

impl From<OrderFault> for refserver::Fault {
    fn from(fault: OrderFault) -> Self {
        Self::Imap(Fault::Order(fault))
    }
}

impl From<ReadFault> for refserver::Fault {
    fn from(fault: ReadFault) -> Self {
        Self::Imap(Fault::Read(fault))
    }
}
