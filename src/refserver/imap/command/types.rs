//! What commands say.

use super::item::Fetch;
use super::{AclCommand, Partial, QuotaCommand, SequenceSet, SetNumber};
use crate::refserver::store::{CivilDate, Flag, FlagChange, Flags, InternalDate};

/// How far a session has come (RFC 3501 §3). A later phase allows all commands of the earlier ones, but for those of
/// logging in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Before login.
    NotAuthenticated,
    /// After login.
    Authenticated,
    /// With a mailbox.
    Selected,
}

/// A whole command.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// The client's tag.
    pub tag: String,
    /// What it wants.
    pub body: Body,
}

/// Names of mailboxes are octets as sent; whoever acts on them checks them.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the variants and fields are the words of RFC 3501 §6 and of the extensions")]
pub enum Body {
    Capability,
    Compress,
    Noop,
    Logout,
    StartTls,
    Authenticate { mechanism: String, initial: Option<Vec<u8>> },
    Login { user: Vec<u8>, password: Vec<u8> },
    Select { mailbox: Vec<u8>, mode: SelectMode, parameters: Vec<SelectParameter> },
    Create { mailbox: Vec<u8>, uses: Vec<String> },
    Delete { mailbox: Vec<u8> },
    Rename { from: Vec<u8>, to: Vec<u8> },
    Subscribe { mailbox: Vec<u8> },
    Unsubscribe { mailbox: Vec<u8> },
    List(List),
    Lsub { reference: Vec<u8>, pattern: Vec<u8> },
    Status { mailbox: Vec<u8>, items: Vec<StatusItem> },
    Append(Append),
    Replace(Replace),
    Check,
    Close,
    Unselect,
    Expunge { uids: Option<SequenceSet> },
    Search(Search),
    Sort(Sort),
    Thread(Thread),
    Fetch(Fetch),
    Store(Store),
    Copy { by: Numbering, set: SequenceSet, mailbox: Vec<u8> },
    Move { by: Numbering, set: SequenceSet, mailbox: Vec<u8> },
    Idle,
    Namespace,
    Enable { capabilities: Vec<String> },
    Id { parameters: Vec<IdPair> },
    Acl(AclCommand),
    Quota(QuotaCommand),
}

/// Field and value of ID (RFC 2971 §3.3).
pub type IdPair = (Vec<u8>, Option<Vec<u8>>);

/// SELECT or EXAMINE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelectMode {
    /// SELECT.
    ReadWrite,
    /// EXAMINE.
    ReadOnly,
}

/// RFC 7162 §3.1.8 and §3.2.5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SelectParameter {
    /// `CONDSTORE`.
    Condstore,
    /// `QRESYNC (…)`.
    Resync(Resync),
}

/// What a client knows of a mailbox (RFC 7162 §3.2.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resync {
    /// The UIDVALIDITY that its UIDs are of.
    pub uidvalidity: u32,
    /// The mod-sequence up to which it knows all.
    pub modseq: u64,
    /// The UIDs that it knows; all if not given.
    pub known: Option<SequenceSet>,
    /// Some message numbers and their UIDs.
    pub sample: Option<(SequenceSet, SequenceSet)>,
}

/// What the numbers of a command are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbering {
    /// Message sequence numbers.
    Sequence,
    /// UIDs: the command came after UID.
    Uid,
}

/// LIST, in its old form (RFC 3501 §6.3.8) or extended (RFC 5258 §3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// The form.
    pub form: ListForm,
    /// What must be true of a name, all of it.
    pub select: Vec<ListSelect>,
    /// What stands before each pattern.
    pub reference: Vec<u8>,
    /// One of these fits.
    pub patterns: Vec<Vec<u8>>,
    /// What is told of a name.
    pub results: Vec<ListResult>,
}

/// Whether LIST has anything that RFC 3501 does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListForm {
    /// RFC 3501 §6.3.8.
    Basic,
    /// RFC 5258 §3.
    Extended,
}

/// Selection options of LIST (RFC 5258 §3.1, RFC 6154 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the words of RFC 5258 §3.1 and RFC 6154 §2")]
pub enum ListSelect {
    RecursiveMatch,
    Remote,
    SpecialUse,
    Subscribed,
}

/// Return options of LIST (RFC 5258 §3.2, RFC 5819 §2, RFC 6154 §2).
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the words of RFC 5258 §3.2, RFC 5819 §2 and RFC 6154 §2")]
pub enum ListResult {
    Children,
    SpecialUse,
    Status(Vec<StatusItem>),
    Subscribed,
}

/// RFC 3501 §6.4.4, with the results of RFC 4731 §3.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// What the numbers in the answer are.
    pub by: Numbering,
    /// What RETURN wants; nothing without it.
    pub results: Option<Vec<SearchResult>>,
    /// The charset of strings.
    pub charset: Option<Vec<u8>>,
    /// What must be true of a message.
    pub key: SearchKey,
}

/// RFC 5256 §3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// By what, the most important first, at least one.
    pub criteria: Vec<Criterion>,
    /// Which messages; it has a charset and no results.
    pub search: Search,
}

/// One criterion of SORT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Criterion {
    /// What is compared.
    pub key: SortKey,
    /// Which way.
    pub direction: Direction,
}

/// Whether REVERSE stands before a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// It does not.
    Ascending,
    /// It does.
    Reverse,
}

/// Keys of SORT (RFC 5256 §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the words of RFC 5256 §3")]
pub enum SortKey {
    Arrival,
    Cc,
    Date,
    From,
    Size,
    Subject,
    To,
}

/// RFC 5256 §3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    /// How.
    pub by: Threading,
    /// Which messages; it has a charset and no results.
    pub search: Search,
}

/// Algorithms of THREAD (RFC 5256 §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the words of RFC 5256 §3")]
pub enum Threading {
    OrderedSubject,
    References,
}

/// Result options of SEARCH (RFC 4731 §3.1, RFC 5182 §2.1, RFC 9394 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the words of RFC 4731 §3.1, RFC 5182 §2.1 and RFC 9394 §3.1")]
pub enum SearchResult {
    All,
    Count,
    Max,
    Min,
    Partial(Partial),
    Save,
}

/// RFC 3501 §6.3.10 and extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "the variants are the words of RFC 3501 §6.3.10, RFC 7162 §3.1.7, RFC 7889 §3, RFC 8438 §3, RFC 8474 §4 and RFC 9208 §4.1.4"
)]
pub enum StatusItem {
    AppendLimit,
    Deleted,
    DeletedStorage,
    HighestModseq,
    MailboxId,
    Messages,
    Recent,
    Size,
    UidNext,
    UidValidity,
    Unseen,
}

/// RFC 3501 §6.3.11.
#[derive(Debug, Clone, PartialEq)]
pub struct Append {
    /// Where to.
    pub mailbox: Vec<u8>,
    /// What, at least one (RFC 3502).
    pub messages: Vec<AppendMessage>,
}

/// One message of APPEND.
#[derive(Debug, Clone, PartialEq)]
pub struct AppendMessage {
    /// Flags, none if not given.
    pub flags: Flags,
    /// The date, if given.
    pub date: Option<InternalDate>,
    /// How the message came.
    pub form: MessageForm,
    /// The message.
    pub octets: Vec<u8>,
}

/// RFC 8508 §3.
#[derive(Debug, Clone, PartialEq)]
pub struct Replace {
    /// What the number is.
    pub by: Numbering,
    /// The message that goes.
    pub number: SetNumber,
    /// Where the new one comes.
    pub mailbox: Vec<u8>,
    /// The new one.
    pub message: AppendMessage,
}

/// How APPEND gives a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageForm {
    /// As a literal, without NUL.
    Literal,
    /// As a literal8, with any octets (RFC 3516 §4.4).
    Literal8,
    /// As a literal8 that says of itself to be UTF-8 (RFC 6855 §4).
    Utf8,
}

/// RFC 3501 §6.4.6.
#[derive(Debug, Clone, PartialEq)]
pub struct Store {
    /// What the numbers are.
    pub by: Numbering,
    /// Which messages.
    pub set: SequenceSet,
    /// Only messages that have not changed after this mod-sequence (RFC 7162 §3.1.3).
    pub unchanged_since: Option<u64>,
    /// What to do with the flags.
    pub change: FlagChange,
    /// Whether the new flags are told.
    pub answer: StoreAnswer,
    /// The flags.
    pub flags: Flags,
}

/// Whether STORE tells the new flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreAnswer {
    /// By FETCH responses.
    Told,
    /// `.SILENT`.
    Silent,
}

/// RFC 3501 §6.4.4. Keys that are only the absence of another are a [`SearchKey::Not`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the words of RFC 3501 §6.4.4")]
pub enum SearchKey {
    All,
    And(Vec<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
    Sequence(SequenceSet),
    Uid(SequenceSet),
    /// A system flag or keyword.
    Flag(Flag),
    Recent,
    Body(Vec<u8>),
    Text(Vec<u8>),
    Header {
        name: Vec<u8>,
        value: Vec<u8>,
    },
    Before(CivilDate),
    On(CivilDate),
    Since(CivilDate),
    SentBefore(CivilDate),
    SentOn(CivilDate),
    SentSince(CivilDate),
    Larger(u32),
    Smaller(u32),
    /// At least so many seconds old (RFC 5032 §2).
    Older(u32),
    /// At most so many seconds old.
    Younger(u32),
    /// Of at least this mod-sequence (RFC 7162 §3.1.5).
    Modseq(u64),
    EmailId(Vec<u8>),
    ThreadId(Vec<u8>),
    SavedBefore(CivilDate),
    SavedOn(CivilDate),
    SavedSince(CivilDate),
}
