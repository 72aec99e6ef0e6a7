//! Suite files as types. Comments become the descriptions that an editor shows.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::words::{
    Deed, GeneratorWord, ImapState, Lease, Level, Observable, Pop3State, Sink, SmtpState, Spoil, Text, User,
};

/// A suite of mailproof, or fragments for suites.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(super) enum File {
    Suite(Box<Suite>),
    Fragments(FragmentFile),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Suite {
    /// Path of the file below its root, without `.yaml`.
    suite: Text,
    /// One line for lists and reports.
    title: Text,
    /// Fragment files: relative, or `std:NAME`.
    include: Option<Vec<Text>>,
    /// Rows in the catalogue's format; their ids begin with `local-`.
    requirements: Option<Vec<Requirement>>,
    /// Octet values for all scenarios.
    r#let: Option<BTreeMap<String, Octets>>,
    /// What is played and judged.
    scenarios: Vec<Scenario>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct FragmentFile {
    /// Steps by name, for `use`.
    fragments: BTreeMap<String, Fragment>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Fragment {
    /// All are required, and put in as text.
    parameters: Option<Vec<Text>>,
    /// Run on the session of `use`.
    steps: Vec<Step>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Requirement {
    /// Begins with `local-`.
    id: Text,
    /// The section of the policy.
    section: Text,
    /// Its force.
    level: Level,
    /// Capabilities and facts without which it does not apply.
    needs: Option<Vec<Text>>,
    /// What is demanded, in one sentence.
    text: Text,
    /// How one would find out.
    probe: Option<Text>,
    /// Whether a client can judge it.
    observable: Observable,
    /// Why a client cannot.
    #[schemars(rename = "why_not")]
    why_not: Option<Text>,
    /// How much it matters, 1 to 3.
    weight: Text,
    /// Whether generation finds more than a scenario.
    generative: Option<Text>,
    /// The row that this one repeats.
    #[schemars(rename = "same_as")]
    same_as: Option<Text>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Scenario {
    /// A slug, stable for ever.
    id: Text,
    /// For `explain` and reports.
    note: Option<Text>,
    /// Written by generation only.
    origin: Option<Origin>,
    /// What a finding may accuse.
    covers: Vec<Text>,
    /// Unmet: not applicable. CAPITALS are capabilities, small words facts or levels.
    needs: Option<Vec<Text>>,
    /// One scenario for each row; all rows have the same columns, and the first names the row.
    for_each: Option<Vec<BTreeMap<String, Text>>>,
    /// Generated values.
    forall: Option<BTreeMap<String, Generator>>,
    /// Cases of `forall`; 50 unless said.
    cases: Option<Text>,
    /// A limit that is searched: `{ n: 505..100000 }`.
    largest: Option<BTreeMap<String, Text>>,
    /// Octet values.
    r#let: Option<BTreeMap<String, Octets>>,
    /// Messages that lie there before the first session opens.
    deposit: Option<Deposit>,
    /// Invariants that are not reported here.
    allow: Option<Vec<Text>>,
    /// Invariants that judge here.
    watch: Option<Vec<Text>>,
    /// Exclusive although nothing in the scenario demands it.
    lease: Option<Lease>,
    /// The one session.
    session: Option<Session>,
    /// Two or more sessions by name.
    sessions: Option<BTreeMap<String, Session>>,
    /// What fails here is inconclusive.
    setup: Option<Vec<Step>>,
    /// The judged part.
    steps: Vec<Step>,
    /// Always run, never judged.
    cleanup: Option<Vec<Step>>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Origin {
    /// Name of the generator, or id of the `forall` scenario.
    generator: Text,
    /// Seed of the run.
    seed: Text,
    /// Case within the run.
    case: Text,
    /// Size before shrinking.
    shrunk_from: Text,
}

/// A generator of `forall`.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(super) enum Generator {
    Word(GeneratorWord),
    Number(NumberGenerator),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct NumberGenerator {
    /// A number, both ends included.
    number: Range,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Range {
    /// Smallest.
    from: Text,
    /// Largest.
    to: Text,
}

/// Octets: a text with escapes, lines of a group, or octets that are made.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(super) enum Octets {
    Text(Text),
    Lines(Vec<Text>),
    Made(Made),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Made {
    /// Octets that are repeated `times`.
    repeat: Option<Text>,
    /// A number or one variable.
    times: Option<Text>,
    /// Octets in base64.
    base64: Option<Text>,
    /// The digest of octets, in hex.
    md5: Option<Text>,
    /// A file beside the suite, octet for octet.
    file: Option<Text>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Deposit {
    /// Messages in `${box}`.
    r#box: Option<Messages>,
    /// Messages in INBOX.
    #[schemars(rename = "INBOX")]
    inbox: Option<Messages>,
}

/// A number of letters, or values by name.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(super) enum Messages {
    Letters(Text),
    Values(Vec<Text>),
}

/// A connection `{ ROLE: STATE }`, or a box.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Session {
    /// Port 25.
    mx: Option<SmtpState>,
    /// Port 587.
    submission: Option<SmtpState>,
    /// Port 465, implicit TLS.
    submissions: Option<SmtpState>,
    /// mx, or else submission.
    smtp: Option<SmtpState>,
    /// Port 110, or else 995.
    pop3: Option<Pop3State>,
    /// Port 995, implicit TLS.
    pop3s: Option<Pop3State>,
    /// Port 143, or else 993.
    imap: Option<ImapState>,
    /// Port 993, implicit TLS.
    imaps: Option<ImapState>,
    /// Whose account; alice unless said.
    user: Option<User>,
    /// What is selected; `${box}` unless said.
    mailbox: Option<Text>,
    /// A box: where mail of an account ends up.
    inbox: Option<User>,
    /// A box: what the target passes on.
    sink: Option<Sink>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Step {
    /// Its session, where there are several.
    r#in: Option<Text>,
    /// Lines, each with CRLF, in one write.
    #[schemars(rename = "C")]
    command: Option<Text>,
    /// Exactly these octets; a list is one segment each.
    send: Option<Segments>,
    /// Message content, dot-stuffed, with its end.
    data: Option<Text>,
    /// A message in BDAT chunks.
    bdat: Option<Text>,
    /// A generated group line by line.
    each: Option<Text>,
    /// A SASL exchange.
    auth: Option<Auth>,
    /// What is done with the connection.
    r#do: Option<Deed>,
    /// The steps of a fragment.
    r#use: Option<Text>,
    /// Where octets are cut: offsets, or a generated segmentation.
    cut: Option<Cuts>,
    /// Parameters of the fragment.
    with: Option<BTreeMap<String, Text>>,
    /// What the server must answer.
    #[schemars(rename = "S")]
    answer: Option<Text>,
    /// What must hold of the captures.
    check: Option<Text>,
    /// `setup`, or the id that the step judges.
    r#for: Option<Text>,
    /// Deadline; 10s unless said.
    within: Option<Text>,
    /// Repeat until the answer holds, at most so long.
    until: Option<Text>,
    /// Free text.
    note: Option<Text>,
}

/// Octets, or a list of segments.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(super) enum Segments {
    One(Text),
    Several(Vec<Text>),
}

/// Offsets, or a variable.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(super) enum Cuts {
    Variable(Text),
    Offsets(Vec<Text>),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Auth {
    /// None: the login of the ladder.
    mechanism: Option<Text>,
    /// Whose account; alice unless said.
    user: Option<User>,
    /// What is made wrong on purpose.
    spoil: Option<Spoil>,
}
