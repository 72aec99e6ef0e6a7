//! The one table of grammar rules: what each is called, where it stands, and which requirement a breach of it is charged to.

use std::str::FromStr;
use std::sync::LazyLock;

use crate::base::RequirementId;
use crate::imap::Revision;

/// Defines the rules and their table. A rule without a requirement is charged to the rule around it.
macro_rules! rules {
    ($($variant:ident $name:literal $source:ident $rev1:expr, $rev2:expr;)*) => {
        /// An ABNF rule that the parser reads.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(in crate::imap) enum Rule { $(
            #[doc = $name]
            $variant,
        )* }

        const TABLE: &[Row] = &[$(
            Row { rule: Rule::$variant, name: $name, source: Source::$source, rev1: $rev1, rev2: $rev2 },
        )*];
    };
}

/// One line of the table.
struct Row {
    rule: Rule,
    name: &'static str,
    source: Source,
    rev1: Option<&'static str>,
    rev2: Option<&'static str>,
}

/// Where a rule stands.
#[derive(Debug, Clone, Copy)]
enum Source {
    /// The formal syntax of the revision in use.
    Base,
    /// The line ends of RFC 3501 §2.2.
    Lines,
    Rfc2342,
    Rfc2971,
    Rfc3516,
    Rfc4314,
    Rfc4315,
    Rfc4466,
    Rfc5161,
    Rfc5255,
    Rfc5256,
    Rfc5258,
    Rfc5464,
    Rfc6203,
    Rfc7162,
    Rfc7888,
    Rfc8474,
    Rfc8514,
    Rfc8970,
    Rfc9208,
    Rfc9585,
    Rfc9586,
}

const GRAMMAR: Option<&str> = Some("rfc3501-9-output-grammar");
const CODE: Option<&str> = Some("rfc3501-7.1-response-code-syntax");
const UID_CODES: Option<&str> = Some("rfc4315-4-codes-grammar");
const EXTENSION_DATA: Option<&str> = Some("rfc3501-7.4.2-bodystructure-extension-order");

rules! {
    // The general row comes first: what nothing else claims is charged to it.
    Response "response" Base GRAMMAR, GRAMMAR;
    Crlf "CRLF" Lines Some("rfc3501-2.2-crlf-output"), Some("rfc3501-2.2-crlf-output");
    Nul "CHAR" Base Some("rfc3501-4.3.1-no-nul-output"), Some("rfc3501-4.3.1-no-nul-output");
    Tag "tag" Base None, None;
    Atom "atom" Base None, None;
    Astring "astring" Base None, None;
    Nstring "nstring" Base None, None;
    Str "string" Base None, None;
    Number "number" Base None, None;
    NzNumber "nz-number" Base None, None;
    SequenceSet "sequence-set" Base None, None;
    UidSet "uid-set" Base None, None;
    Flag "flag" Base None, None;
    Quoted "quoted" Base Some("rfc3501-4.3-server-quoted-restrictions"), Some("message-literal-for-8bit");
    Escape "QUOTED-CHAR" Base
        Some("rfc3501-4.3-quoted-escape-roundtrip"), Some("rfc3501-4.3-quoted-escape-roundtrip");
    BareQuote "quoted" Base Some("message-strings-escaped"), Some("message-strings-escaped");
    Literal "literal" Base Some("rfc3501-4.3-server-literal-count"), Some("rfc3501-4.3-server-literal-count");
    PlusLiteral "literal" Rfc7888 Some("rfc7888-3-never-from-server"), Some("rfc7888-3-never-from-server");
    RespCond "resp-cond-state" Base GRAMMAR, GRAMMAR;
    Text "text" Base GRAMMAR, GRAMMAR;
    NoText "resp-text" Base Some("rfc3501-9-resp-text-not-empty"), GRAMMAR;
    Code "resp-text-code" Base CODE, CODE;
    CapabilityCode "capability-data" Base
        Some("rfc3501-7.1-capability-code-complete"), Some("rfc3501-7.1-capability-code-complete");
    AppendUid "resp-code-apnd" Rfc4315 UID_CODES, UID_CODES;
    CopyUid "resp-code-copy" Rfc4315 UID_CODES, UID_CODES;
    ModseqCode "mod-sequence-value" Rfc7162 None, None;
    InProgress "inprogress-state" Rfc9585 Some("rfc9585-4-form"), Some("rfc9585-4-form");
    ContinueReq "continue-req" Base Some("rfc3501-7.5-continuation-format"), Some("rfc3501-7.5-continuation-format");
    Capability "capability-data" Base GRAMMAR, GRAMMAR;
    BaseRevision "capability-data" Base
        Some("rfc3501-6.1.1-imap4rev1-listed"), Some("rfc9051-6.1.1-imap4rev2-listed");
    Enabled "enable-data" Rfc5161 Some("rfc5161-4-enabled-syntax"), Some("rfc5161-4-enabled-syntax");
    MailboxData "mailbox-data" Base GRAMMAR, GRAMMAR;
    MailboxList "mailbox-list" Base GRAMMAR, GRAMMAR;
    ListExtended "mbox-list-extended" Rfc5258
        Some("rfc5258-6-list-response-grammar"), Some("rfc5258-6-list-response-grammar");
    Status "status-att-list" Base GRAMMAR, GRAMMAR;
    Search "mailbox-data" Base
        Some("rfc3501-7.2.5-search-response-format"), Some("rfc3501-7.2.5-search-response-format");
    Sort "sort-data" Rfc5256
        Some("rfc5256-base.7.2.sort-response-syntax"), Some("rfc5256-base.7.2.sort-response-syntax");
    Thread "thread-data" Rfc5256
        Some("rfc5256-base.7.2.thread-response-syntax"), Some("rfc5256-base.7.2.thread-response-syntax");
    Esearch "esearch-response" Rfc4466 GRAMMAR, GRAMMAR;
    Relevancy "score-list" Rfc6203 Some("rfc6203-7-score-list-syntax"), Some("rfc6203-7-score-list-syntax");
    Vanished "expunged-resp" Rfc7162 GRAMMAR, GRAMMAR;
    MessageData "message-data" Base GRAMMAR, GRAMMAR;
    UidFetch "uidfetch-resp" Rfc9586 Some("rfc9586-4-uidfetch-syntax"), Some("rfc9586-4-uidfetch-syntax");
    MsgAtt "msg-att" Base None, None;
    FetchFlags "flag-fetch" Base None, None;
    Section "section" Base None, None;
    PeekNamed "msg-att-static" Base
        Some("rfc3501-6.4.5-peek-named-body"), Some("rfc3501-6.4.5-peek-named-body");
    Binary "section-binary" Rfc3516 Some("rfc3516-7-fetch-syntax"), Some("rfc3516-7-fetch-syntax");
    DateTime "date-time" Base
        Some("rfc3501-7.4.2-internaldate-format"), Some("rfc3501-7.4.2-internaldate-format");
    SaveDate "msg-att-static" Rfc8514 Some("rfc8514-4.2-fetch-syntax"), Some("rfc8514-4.2-fetch-syntax");
    Modseq "fetch-mod-resp" Rfc7162
        Some("rfc7162-3.1.4.2-fetch-modseq-syntax"), Some("rfc7162-3.1.4.2-fetch-modseq-syntax");
    NothingModseq "mailbox-data" Rfc7162
        Some("rfc7162-3.1.6-search-empty-no-modseq"), Some("rfc7162-3.1.6-search-empty-no-modseq");
    ModseqValue "mod-sequence-value" Rfc7162
        Some("rfc7162-3.1-modseq-positive-63bit"), Some("rfc7162-3.1-modseq-positive-63bit");
    ObjectId "objectid" Rfc8474 None, None;
    FetchObjectId "fetch-emailid-resp" Rfc8474 Some("rfc8474-5.3-fetch-syntax"), Some("rfc8474-5.3-fetch-syntax");
    Preview "msg-att-dynamic" Rfc8970 Some("rfc8970-6-syntax"), Some("rfc8970-6-syntax");
    Envelope "envelope" Base Some("message-envelope-ten-fields"), Some("message-envelope-ten-fields");
    AddressList "env-from" Base Some("message-envelope-no-empty-list"), Some("message-envelope-no-empty-list");
    Address "address" Base Some("message-envelope-address-shape"), Some("message-envelope-address-shape");
    Body "body" Base GRAMMAR, GRAMMAR;
    SinglePart "body-type-1part" Base
        Some("message-bodystructure-single-part-shape"), Some("message-bodystructure-single-part-shape");
    Lines "body-fld-lines" Base Some("rfc3501-7.4.2-body-lines"), Some("rfc3501-7.4.2-body-lines");
    MessagePart "body-type-msg" Base
        Some("message-message-rfc822-members"), Some("message-message-rfc822-members");
    Multipart "body-type-mpart" Base Some("message-multipart-shape"), Some("message-multipart-shape");
    PlainBody "body" Base
        Some("rfc3501-7.4.2-body-no-extension-data"), Some("rfc3501-7.4.2-body-no-extension-data");
    ExtOnePart "body-ext-1part" Base EXTENSION_DATA, EXTENSION_DATA;
    ExtMultipart "body-ext-mpart" Base EXTENSION_DATA, EXTENSION_DATA;
    Parameters "body-fld-param" Base None, None;
    Disposition "body-fld-dsp" Base Some("message-disposition-shape"), Some("message-disposition-shape");
    Language "body-fld-lang" Base None, None;
    Namespace "namespace-descr" Rfc2342
        Some("rfc2342-6-descriptor-syntax"), Some("rfc2342-6-descriptor-syntax");
    NoNamespace "namespace" Rfc2342
        Some("rfc2342-5-nil-for-missing-class"), Some("rfc2342-5-nil-for-missing-class");
    NamespaceCount "namespace-response" Rfc2342
        Some("rfc2342-5-one-untagged-response"), Some("rfc2342-5-one-untagged-response");
    Id "id_response" Rfc2971 Some("rfc2971-4-response-syntax"), Some("rfc2971-4-response-syntax");
    Acl "acl-data" Rfc4314 Some("rfc4314-3.8-response-order"), Some("rfc4314-3.8-response-order");
    MyRights "myrights-data" Rfc4314 Some("rfc4314-3.8-response-order"), Some("rfc4314-3.8-response-order");
    ListRights "listrights-data" Rfc4314
        Some("rfc4314-3.7-listrights-required-then-optional"), Some("rfc4314-3.7-listrights-required-then-optional");
    Quota "quota-response" Rfc9208 Some("rfc9208-4.2.1-quota-syntax"), Some("rfc9208-4.2.1-quota-syntax");
    QuotaRoot "quotaroot-response" Rfc9208
        Some("rfc9208-4.2.2-quotaroot-syntax"), Some("rfc9208-4.2.2-quotaroot-syntax");
    Metadata "metadata-resp" Rfc5464 GRAMMAR, GRAMMAR;
    LanguageData "language-data" Rfc5255 GRAMMAR, GRAMMAR;
    Generic "tagged-ext-val" Rfc4466 None, None;
}

impl Rule {
    fn row(self) -> Option<&'static Row> {
        TABLE.get(self as usize)
    }

    /// The name in the ABNF.
    pub(in crate::imap) fn name(self) -> &'static str {
        self.row().map_or("response", |row| row.name)
    }

    /// RFC and section.
    pub(in crate::imap) fn section(self, revision: Revision) -> &'static str {
        self.row().map_or("RFC 3501 §9", |row| row.source.section(revision))
    }

    /// What a breach is charged to, if the rule has a requirement of its own.
    pub(in crate::imap) fn requirement(self, revision: Revision) -> Option<&'static str> {
        self.row().and_then(|row| match revision {
            Revision::Rev1 => row.rev1,
            Revision::Rev2 => row.rev2,
        })
    }

    /// The requirement, or the general one.
    #[expect(clippy::unwrap_used, reason = "the ids are constants, and a test reads them all")]
    pub(super) fn requirement_id(self, revision: Revision) -> RequirementId {
        RequirementId::from_str(self.requirement(revision).or(GRAMMAR).unwrap()).unwrap()
    }
}

impl Source {
    fn section(self, revision: Revision) -> &'static str {
        match (self, revision) {
            (Self::Base, Revision::Rev1) => "RFC 3501 §9",
            (Self::Base, Revision::Rev2) => "RFC 9051 §9",
            (Self::Lines, Revision::Rev1) => "RFC 3501 §2.2",
            (Self::Lines, Revision::Rev2) => "RFC 9051 §2.2",
            (Self::Rfc2342, _) => "RFC 2342 §6",
            (Self::Rfc2971, _) => "RFC 2971 §4",
            (Self::Rfc3516, _) => "RFC 3516 §7",
            (Self::Rfc4314, _) => "RFC 4314 §7",
            (Self::Rfc4315, _) => "RFC 4315 §4",
            (Self::Rfc4466, _) => "RFC 4466 §3",
            (Self::Rfc5161, _) => "RFC 5161 §4",
            (Self::Rfc5255, _) => "RFC 5255 §5",
            (Self::Rfc5256, _) => "RFC 5256 §5",
            (Self::Rfc5258, _) => "RFC 5258 §6",
            (Self::Rfc5464, _) => "RFC 5464 §5",
            (Self::Rfc6203, _) => "RFC 6203 §7",
            (Self::Rfc7162, _) => "RFC 7162 §7",
            (Self::Rfc7888, _) => "RFC 7888 §3",
            (Self::Rfc8474, _) => "RFC 8474 §7",
            (Self::Rfc8514, _) => "RFC 8514 §5",
            (Self::Rfc8970, _) => "RFC 8970 §6",
            (Self::Rfc9208, _) => "RFC 9208 §7",
            (Self::Rfc9585, _) => "RFC 9585 §4",
            (Self::Rfc9586, _) => "RFC 9586 §4",
        }
    }
}

/// Rules that were read in a response, so that what was watched can be told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::imap) struct RuleSet(u128);

impl RuleSet {
    pub(super) fn insert(&mut self, rule: Rule) {
        self.0 |= 1_u128 << (rule as u32);
    }

    /// Adds the rules of another.
    pub(in crate::imap) fn extend(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// The requirements behind the rules in it.
    pub(in crate::imap) fn requirements(self, revision: Revision) -> impl Iterator<Item = &'static str> {
        TABLE
            .iter()
            .filter(move |row| self.0 & (1_u128 << (row.rule as u32)) != 0)
            .filter_map(move |row| row.rule.requirement(revision))
    }
}

/// Every requirement that a breach of the grammar may be charged to.
pub fn requirements() -> &'static [&'static str] {
    static IDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        let mut ids: Vec<&'static str> = TABLE.iter().flat_map(|row| [row.rev1, row.rev2]).flatten().collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    });
    &IDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_in_the_order_of_the_rules_and_fits_the_set() {
        assert!(TABLE.len() <= 128);
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.rule as usize, index, "{}", row.name);
        }
    }

    #[test]
    fn every_id_is_well_formed() {
        for id in requirements() {
            assert!(RequirementId::from_str(id).is_ok(), "{id}");
        }
    }
}
