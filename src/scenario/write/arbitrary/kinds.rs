//! Counts every kind of part that scenarios have. A new kind breaks the build here until it is counted.

use std::collections::BTreeMap;

use crate::scenario::*;

/// Says the kind of a value, and lists all kinds.
macro_rules! kinds {
    ($name:ident, $all:ident, $kind:ty, { $($pattern:pat => $word:literal),+ $(,)? }) => {
        fn $name(value: &$kind) -> &'static str {
            match value { $($pattern => $word),+ }
        }
        const $all: &[&str] = &[$($word),+];
    };
}

kinds!(action, ACTIONS, Action, {
    Action::Commands(_) => "action C",
    Action::Send(_) => "action send",
    Action::Data(_) => "action data",
    Action::Bdat(_) => "action bdat",
    Action::Each(_) => "action each",
    Action::Auth(_) => "action auth",
    Action::Open => "action open",
    Action::StartTls => "action tls",
    Action::Deflate => "action deflate",
    Action::Close => "action close",
    Action::Abort => "action abort",
});
kinds!(mark, MARKS, Mark, {
    Mark::Plain => "mark plain",
    Mark::Not => "mark !",
    Mark::Then => "mark then",
    Mark::NoOther => "mark no other",
});
kinds!(expect, EXPECTS, Expect, {
    Expect::Smtp(_) => "item smtp",
    Expect::Pop3(_) => "item pop3",
    Expect::Imap(_) => "item imap",
    Expect::Box(BoxPattern::Count(_)) => "item messages",
    Expect::Box(BoxPattern::Message { capture: None, .. }) => "item message",
    Expect::Box(BoxPattern::Message { capture: Some(_), .. }) => "item message with capture",
    Expect::Closed => "item closed",
    Expect::Silence(_) => "item silence",
    Expect::Open(_) => "item open",
    Expect::Tls => "item tls",
    Expect::Codes(_) => "item codes",
});
kinds!(operator, OPERATORS, Operator, {
    Operator::Equal => "operator =",
    Operator::NotEqual => "operator !=",
    Operator::Greater => "operator >",
    Operator::GreaterOrEqual => "operator >=",
    Operator::In => "operator in",
    Operator::NotIn => "operator not in",
    Operator::Delivers => "operator delivers",
});
kinds!(generator, GENERATORS, Generator, {
    Generator::MailBody => "generator mail-body",
    Generator::Message => "generator message",
    Generator::Mime => "generator mime",
    Generator::Number { .. } => "generator number",
    Generator::Segmentation => "generator segmentation",
    Generator::SmtpGroup => "generator smtp-group",
    Generator::Pop3Batch => "generator pop3-batch",
    Generator::ImapBatch => "generator imap-batch",
});
kinds!(factor, FACTORS, Factor, {
    Factor::Number(_) => "factor number",
    Factor::Text(_) => "factor text",
    Factor::Var(_) => "factor variable",
    Factor::Count(_) => "factor count",
    Factor::Slice { .. } => "factor slice",
});
kinds!(end, ENDS, Option<End>, {
    None => "end none",
    Some(End::Done) => "end done",
    Some(End::Skip) => "end skip",
});
kinds!(value, VALUES, Value, {
    Value::Octets(_) => "value octets",
    Value::Repeat { .. } => "value repeat",
    Value::Base64(_) => "value base64",
    Value::Md5(_) => "value md5",
    Value::File { .. } => "value file",
    Value::Lines(_) => "value lines",
});
kinds!(need, NEEDS, Need, {
    Need::Capability(_) => "need capability",
    Need::NoCapability(_) => "need no capability",
    Need::Fact(_) => "need fact",
    Need::NoFact(_) => "need no fact",
    Need::Slow => "need slow",
    Need::Destructive => "need destructive",
});
kinds!(part, PARTS, CommandPart, {
    CommandPart::Text(_) => "command text",
    CommandPart::Literal { content: LiteralContent::Var(_), form: LiteralForm::Synchronising } => "literal {v}",
    CommandPart::Literal { content: LiteralContent::Var(_), form: LiteralForm::NonSynchronising } => "literal {v+}",
    CommandPart::Literal { content: LiteralContent::Var(_), form: LiteralForm::Literal8 } => "literal ~{v}",
    CommandPart::Literal { content: LiteralContent::Var(_), form: LiteralForm::Literal8NonSynchronising } => "literal ~{v+}",
    CommandPart::Literal { content: LiteralContent::Text(_), form: LiteralForm::Synchronising } => "literal {t}",
    CommandPart::Literal { content: LiteralContent::Text(_), form: LiteralForm::NonSynchronising } => "literal {t+}",
    CommandPart::Literal { content: LiteralContent::Text(_), form: LiteralForm::Literal8 } => "literal ~{t}",
    CommandPart::Literal { content: LiteralContent::Text(_), form: LiteralForm::Literal8NonSynchronising } => "literal ~{t+}",
});
kinds!(cut, CUTS, Cut, { Cut::At(_) => "cut offsets", Cut::Var(_) => "cut variable" });
kinds!(spoil, SPOILS, Option<Spoil>, {
    None => "spoil none",
    Some(Spoil::Password) => "spoil password",
    Some(Spoil::Proof) => "spoil proof",
    Some(Spoil::Nonce) => "spoil nonce",
    Some(Spoil::ChannelBinding) => "spoil channel-binding",
});
kinds!(session, SESSIONS, SessionKind, {
    SessionKind::Connection { mailbox: None, .. } => "session connection",
    SessionKind::Connection { mailbox: Some(_), .. } => "session with mailbox",
    SessionKind::Inbox(User::Alice) => "session inbox alice",
    SessionKind::Inbox(User::Bob) => "session inbox bob",
    SessionKind::Sink => "session sink",
});
kinds!(role, ROLES, Role, {
    Role::Mx => "role mx",
    Role::Submission => "role submission",
    Role::Submissions => "role submissions",
    Role::Pop3 => "role pop3",
    Role::Pop3s => "role pop3s",
    Role::Imap => "role imap",
    Role::Imaps => "role imaps",
    Role::Smtp => "role smtp",
});
kinds!(state, STATES, State, {
    State::Connected => "state connected",
    State::Greeted => "state greeted",
    State::Ready => "state ready",
    State::Secured => "state secured",
    State::Authenticated => "state authenticated",
    State::Addressed => "state addressed",
    State::Selected => "state selected",
});
kinds!(lease, LEASES, Lease, {
    Lease::Shared => "lease shared",
    Lease::Exclusive(LeaseReason::Written) => "lease written",
    Lease::Exclusive(LeaseReason::Pop3) => "lease pop3",
    Lease::Exclusive(LeaseReason::Inbox) => "lease inbox",
    Lease::Exclusive(LeaseReason::InboxMailbox) => "lease INBOX",
    Lease::Exclusive(LeaseReason::AccountWide) => "lease account",
});
kinds!(messages, MESSAGES, Deposit, {
    Deposit { mailbox: Mailbox::Box, messages: Messages::Letters(_) } => "deposit letters box",
    Deposit { mailbox: Mailbox::Inbox, messages: Messages::Letters(_) } => "deposit letters INBOX",
    Deposit { mailbox: Mailbox::Box, messages: Messages::Values(_) } => "deposit values box",
    Deposit { mailbox: Mailbox::Inbox, messages: Messages::Values(_) } => "deposit values INBOX",
});

/// All kinds, and parts that a scenario or step may lack.
const ALL: [&[&str]; 17] = [
    ACTIONS, MARKS, EXPECTS, OPERATORS, GENERATORS, FACTORS, ENDS, VALUES, NEEDS, PARTS, CUTS, SPOILS, SESSIONS, ROLES,
    STATES, LEASES, MESSAGES,
];
const OPTIONAL: [&str; 14] = [
    "note",
    "origin",
    "cases",
    "largest",
    "allow",
    "watch",
    "setup",
    "cleanup",
    "within",
    "until",
    "step note",
    "several alternatives",
    "remark",
    "line with id",
];

/// How often each kind occurred.
#[derive(Debug, Default)]
pub(super) struct Kinds(BTreeMap<&'static str, u32>);

impl Kinds {
    /// Kinds that occurred less than `least` times.
    pub(super) fn rarer_than(&self, least: u32) -> Vec<(&'static str, u32)> {
        let all = ALL.into_iter().flatten().copied().chain(OPTIONAL);
        all.map(|kind| (kind, self.0.get(kind).copied().unwrap_or(0))).filter(|(_, count)| *count < least).collect()
    }

    fn add(&mut self, kind: &'static str) {
        *self.0.entry(kind).or_default() += 1;
    }

    fn add_if(&mut self, there: Option<()>, kind: &'static str) {
        there.iter().for_each(|()| self.add(kind));
    }

    /// Counts all parts of a scenario.
    pub(super) fn count(&mut self, scenario: &Scenario) {
        let there = |found: bool| found.then_some(());
        self.add_if(scenario.note.as_ref().map(|_| ()), "note");
        self.add_if(scenario.origin.as_ref().map(|_| ()), "origin");
        self.add_if(scenario.largest.as_ref().map(|_| ()), "largest");
        self.add_if(there(scenario.cases != CASES_DEFAULT), "cases");
        self.add_if(there(!scenario.allow.is_empty()), "allow");
        self.add_if(there(!scenario.watch.is_empty()), "watch");
        self.add_if(there(!scenario.setup.is_empty()), "setup");
        self.add_if(there(!scenario.cleanup.is_empty()), "cleanup");
        self.add(lease(&scenario.lease));
        scenario.needs.iter().for_each(|one| self.add(need(one)));
        scenario.forall.iter().for_each(|(_, one)| self.add(generator(one)));
        scenario.values.iter().for_each(|(_, one)| self.add(value(one)));
        scenario.deposit.iter().for_each(|one| self.add(messages(one)));
        for one in &scenario.sessions {
            self.add(session(&one.kind));
            if let SessionKind::Connection { role: one, state: how, .. } = &one.kind {
                self.add(role(one));
                self.add(state(how));
            }
        }
        for step in scenario.setup.iter().chain(&scenario.steps).chain(&scenario.cleanup) {
            self.step(step);
        }
    }

    fn step(&mut self, step: &Step) {
        self.add_if((step.within != WITHIN_DEFAULT).then_some(()), "within");
        self.add_if(step.until.map(|_| ()), "until");
        self.add_if(step.note.as_ref().map(|_| ()), "step note");
        step.action.iter().for_each(|one| self.add(action(one)));
        step.cut.iter().for_each(|one| self.add(cut(one)));
        match &step.action {
            Some(Action::Commands(commands)) => {
                commands.iter().flat_map(|command| &command.parts).for_each(|one| self.add(part(one)));
            }
            Some(Action::Auth(auth)) => self.add(spoil(&auth.spoil)),
            Some(
                Action::Send(_)
                | Action::Data(_)
                | Action::Bdat(_)
                | Action::Each(_)
                | Action::Open
                | Action::StartTls
                | Action::Deflate
                | Action::Close
                | Action::Abort,
            )
            | None => {}
        }
        for alternatives in step.answer.iter().map(|answer| &answer.alternatives) {
            self.add_if((alternatives.len() > 1).then_some(()), "several alternatives");
            for one in alternatives {
                self.add(end(&one.end));
                one.lines.iter().for_each(|line| self.line(line));
            }
        }
        for check in &step.checks {
            self.add(operator(&check.op));
            check.left.0.iter().chain(&check.right.0).for_each(|one| self.add(factor(one)));
        }
    }

    fn line(&mut self, line: &Line) {
        self.add(mark(&line.mark));
        self.add_if(line.remark.as_ref().map(|_| ()), "remark");
        self.add_if(line.judges.as_ref().map(|_| ()), "line with id");
        for item in &line.items {
            self.add(end(&item.end));
            self.add(expect(&item.expect));
        }
    }
}
