//! Every construct of the language stands in an example. The names come from exhaustive matches: a new variant does not
//! compile before it is named here, and is missed below until the page shows it.

use std::collections::BTreeSet;

use mailproof::scenario::*;

use super::examples::all;

/// All constructs, sorted.
const CONSTRUCTS: [&str; 166] = [
    "action: C",
    "action: C of several lines",
    "action: auth",
    "action: bdat",
    "action: data",
    "action: each",
    "action: send",
    "action: send of several segments",
    "answer: done",
    "answer: or",
    "answer: skip",
    "auth: as the ladder",
    "auth: mechanism",
    "auth: nothing spoilt",
    "box: count",
    "box: message",
    "box: message with capture",
    "check: !=",
    "check: ; remark",
    "check: =",
    "check: >",
    "check: >=",
    "check: @ID",
    "check: a + b",
    "check: delivers",
    "check: in",
    "check: not in",
    "covers: several",
    "cut: offsets",
    "cut: segmentation",
    "deposit: INBOX",
    "deposit: box",
    "deposit: number",
    "deposit: values",
    "do: abort",
    "do: close",
    "do: deflate",
    "do: open",
    "do: tls",
    "factor: count",
    "factor: number",
    "factor: slice",
    "factor: text",
    "factor: variable",
    "generator: imap-batch",
    "generator: mail-body",
    "generator: message",
    "generator: mime",
    "generator: number",
    "generator: pop3-batch",
    "generator: segmentation",
    "generator: smtp-group",
    "imap: ()",
    "imap: ...",
    "imap: NIL",
    "imap: _",
    "imap: any tagged",
    "imap: code",
    "imap: continuation",
    "imap: data",
    "imap: origin of a section",
    "imap: own tag",
    "imap: section",
    "imap: string",
    "imap: tagged",
    "imap: untagged status",
    "imap: variable",
    "item: closed",
    "item: codes",
    "item: done",
    "item: open",
    "item: silence",
    "item: skip",
    "item: tls",
    "judges: nobody",
    "judges: requirement",
    "lease: by INBOX",
    "lease: by POP3",
    "lease: by a box",
    "lease: by a command",
    "lease: exclusive",
    "lease: shared",
    "line: !",
    "line: ; remark",
    "line: @ID",
    "line: a | b",
    "line: no other",
    "line: plain",
    "line: then",
    "literal: text",
    "literal: variable",
    "literal: {n+}",
    "literal: {n}",
    "literal: ~{n+}",
    "literal: ~{n}",
    "need: A|B",
    "need: CAPABILITY",
    "need: KEYWORD=ARG",
    "need: PREFIX*",
    "need: destructive",
    "need: fact",
    "need: no CAPABILITY",
    "need: no fact",
    "need: protocol/CAPABILITY",
    "need: slow",
    "pop3: +OK",
    "pop3: -ERR",
    "pop3: challenge",
    "pop3: code",
    "pop3: end",
    "pop3: line of a body",
    "pop3: more lines",
    "pop3: timestamp",
    "pop3: values",
    "role: imap",
    "role: imaps",
    "role: mx",
    "role: pop3",
    "role: pop3s",
    "role: smtp",
    "role: submission",
    "role: submissions",
    "scenario: allow",
    "scenario: cases",
    "scenario: cleanup",
    "scenario: largest",
    "scenario: note",
    "scenario: origin",
    "scenario: setup",
    "scenario: watch",
    "session: inbox",
    "session: mailbox",
    "session: one",
    "session: several",
    "session: sink",
    "smtp: code",
    "smtp: code class",
    "smtp: enhanced code",
    "smtp: keyword",
    "smtp: keyword with capture",
    "smtp: keyword with more",
    "smtp: place",
    "spoil: channel-binding",
    "spoil: nonce",
    "spoil: password",
    "spoil: proof",
    "state: addressed",
    "state: authenticated",
    "state: connected",
    "state: greeted",
    "state: ready",
    "state: secured",
    "state: selected",
    "step: S alone",
    "step: check alone",
    "step: note",
    "step: until",
    "step: within",
    "user: alice",
    "user: bob",
    "value: base64",
    "value: file",
    "value: group",
    "value: md5",
    "value: octets",
    "value: repeat",
];

pub(super) fn all_have_examples() -> Result<(), String> {
    let (scenarios, _) = all()?;
    let mut seen = Seen::default();
    scenarios.iter().for_each(|scenario| seen.scenario(scenario));
    let all: BTreeSet<&str> = CONSTRUCTS.into_iter().collect();
    let missing: Vec<&&str> = all.difference(&seen.0).collect();
    let unnamed: Vec<&&str> = seen.0.difference(&all).collect();
    if missing.is_empty() && unnamed.is_empty() {
        return Ok(());
    }
    Err(format!("without example: {missing:#?}\nnot among the constructs: {unnamed:#?}"))
}

#[derive(Default)]
struct Seen(BTreeSet<&'static str>);

impl Seen {
    fn see(&mut self, construct: &'static str) {
        self.0.insert(construct);
    }

    fn see_if(&mut self, holds: bool, construct: &'static str) {
        if holds {
            self.see(construct);
        }
    }

    fn scenario(&mut self, scenario: &Scenario) {
        self.see_if(scenario.note.is_some(), "scenario: note");
        self.see_if(scenario.origin.is_some(), "scenario: origin");
        self.see_if(scenario.covers.len() > 1, "covers: several");
        self.see_if(scenario.cases != CASES_DEFAULT, "scenario: cases");
        self.see_if(scenario.largest.is_some(), "scenario: largest");
        self.see_if(!scenario.allow.is_empty(), "scenario: allow");
        self.see_if(!scenario.watch.is_empty(), "scenario: watch");
        self.see_if(!scenario.setup.is_empty(), "scenario: setup");
        self.see_if(!scenario.cleanup.is_empty(), "scenario: cleanup");
        self.see(lease(scenario.lease));
        scenario.needs.iter().for_each(|need| self.need(need));
        scenario.forall.iter().for_each(|(_, generated)| self.see(generator(generated)));
        scenario.values.iter().for_each(|(_, value)| self.see(value_form(value)));
        for deposit in &scenario.deposit {
            self.see(match deposit.mailbox {
                Mailbox::Box => "deposit: box",
                Mailbox::Inbox => "deposit: INBOX",
            });
            self.see(match deposit.messages {
                Messages::Letters(_) => "deposit: number",
                Messages::Values(_) => "deposit: values",
            });
        }
        let session_key = scenario.sessions.iter().any(|session| session.name.as_str() == ONLY_SESSION);
        self.see(if session_key { "session: one" } else { "session: several" });
        scenario.sessions.iter().for_each(|session| self.session(&session.kind));
        scenario.setup.iter().chain(&scenario.steps).chain(&scenario.cleanup).for_each(|step| self.step(step));
    }

    fn need(&mut self, need: &Need) {
        match need {
            Need::Capability(words) => {
                self.see_if(words.len() > 1, "need: A|B");
                words.iter().for_each(|word| self.capability(word));
            }
            Need::NoCapability(_) => self.see("need: no CAPABILITY"),
            Need::Fact(_) => self.see("need: fact"),
            Need::NoFact(_) => self.see("need: no fact"),
            Need::Slow => self.see("need: slow"),
            Need::Destructive => self.see("need: destructive"),
        }
    }

    fn capability(&mut self, need: &CapabilityNeed) {
        self.see_if(need.protocol.is_some(), "need: protocol/CAPABILITY");
        self.see(match need.word.as_str() {
            word if word.ends_with('*') => "need: PREFIX*",
            word if word.contains('=') => "need: KEYWORD=ARG",
            _ => "need: CAPABILITY",
        });
    }

    fn session(&mut self, kind: &SessionKind) {
        match kind {
            SessionKind::Connection { role, state, user, mailbox } => {
                self.see(role_word(*role));
                self.see(state_word(*state));
                self.see(match user {
                    User::Alice => "user: alice",
                    User::Bob => "user: bob",
                });
                self.see_if(mailbox.is_some(), "session: mailbox");
            }
            SessionKind::Inbox(_) => self.see("session: inbox"),
            SessionKind::Sink => self.see("session: sink"),
        }
    }

    fn step(&mut self, step: &Step) {
        step.action.iter().for_each(|action| self.action(action));
        match &step.cut {
            Some(Cut::At(_)) => self.see("cut: offsets"),
            Some(Cut::Var(_)) => self.see("cut: segmentation"),
            None => {}
        }
        self.see_if(step.action.is_none() && step.answer.is_some(), "step: S alone");
        self.see_if(step.action.is_none() && step.answer.is_none(), "step: check alone");
        self.see_if(step.within != WITHIN_DEFAULT, "step: within");
        self.see_if(step.until.is_some(), "step: until");
        self.see_if(step.note.is_some(), "step: note");
        self.see(match step.judges {
            Judges::Setup => "judges: nobody",
            Judges::Requirement(_) => "judges: requirement",
        });
        step.checks.iter().for_each(|check| self.check(check));
        let alternatives = step.answer.iter().flat_map(|answer| &answer.alternatives);
        self.see_if(alternatives.clone().count() > 1, "answer: or");
        for alternative in alternatives {
            match alternative.end {
                Some(End::Done) => self.see("answer: done"),
                Some(End::Skip) => self.see("answer: skip"),
                None => {}
            }
            alternative.lines.iter().for_each(|line| self.line(line));
        }
    }

    fn action(&mut self, action: &Action) {
        self.see(match action {
            Action::Commands(_) => "action: C",
            Action::Send(_) => "action: send",
            Action::Data(_) => "action: data",
            Action::Bdat(_) => "action: bdat",
            Action::Each(_) => "action: each",
            Action::Auth(_) => "action: auth",
            Action::Open => "do: open",
            Action::StartTls => "do: tls",
            Action::Deflate => "do: deflate",
            Action::Close => "do: close",
            Action::Abort => "do: abort",
        });
        match action {
            Action::Commands(commands) => {
                self.see_if(commands.len() > 1, "action: C of several lines");
                commands.iter().flat_map(|command| &command.parts).for_each(|part| self.part(part));
            }
            Action::Send(segments) => self.see_if(segments.len() > 1, "action: send of several segments"),
            Action::Auth(auth) => {
                self.see(if auth.mechanism.is_some() { "auth: mechanism" } else { "auth: as the ladder" });
                self.see(match auth.spoil {
                    None => "auth: nothing spoilt",
                    Some(Spoil::Password) => "spoil: password",
                    Some(Spoil::Proof) => "spoil: proof",
                    Some(Spoil::Nonce) => "spoil: nonce",
                    Some(Spoil::ChannelBinding) => "spoil: channel-binding",
                });
            }
            Action::Data(_)
            | Action::Bdat(_)
            | Action::Each(_)
            | Action::Open
            | Action::StartTls
            | Action::Deflate
            | Action::Close
            | Action::Abort => {}
        }
    }

    fn part(&mut self, part: &CommandPart) {
        let CommandPart::Literal { content, form } = part else { return };
        self.see(match content {
            LiteralContent::Var(_) => "literal: variable",
            LiteralContent::Text(_) => "literal: text",
        });
        self.see(match form {
            LiteralForm::Synchronising => "literal: {n}",
            LiteralForm::NonSynchronising => "literal: {n+}",
            LiteralForm::Literal8 => "literal: ~{n}",
            LiteralForm::Literal8NonSynchronising => "literal: ~{n+}",
        });
    }

    fn line(&mut self, line: &Line) {
        self.see(match line.mark {
            Mark::Plain => "line: plain",
            Mark::Not => "line: !",
            Mark::Then => "line: then",
            Mark::NoOther => "line: no other",
        });
        self.see_if(line.items.len() > 1, "line: a | b");
        self.see_if(line.judges.is_some(), "line: @ID");
        self.see_if(line.remark.is_some(), "line: ; remark");
        for item in &line.items {
            match item.end {
                Some(End::Done) => self.see("item: done"),
                Some(End::Skip) => self.see("item: skip"),
                None => {}
            }
            self.expect(&item.expect);
        }
    }

    fn expect(&mut self, expect: &Expect) {
        match expect {
            Expect::Smtp(pattern) => self.smtp(&pattern.to_string()),
            Expect::Pop3(pattern) => self.pop3(&pattern.to_string()),
            Expect::Imap(pattern) => self.imap(pattern),
            Expect::Box(BoxPattern::Count(_)) => self.see("box: count"),
            Expect::Box(BoxPattern::Message { capture, .. }) => {
                self.see(if capture.is_some() { "box: message with capture" } else { "box: message" });
            }
            Expect::Closed => self.see("item: closed"),
            Expect::Silence(_) => self.see("item: silence"),
            Expect::Open(_) => self.see("item: open"),
            Expect::Tls => self.see("item: tls"),
            Expect::Codes(_) => self.see("item: codes"),
        }
    }

    fn smtp(&mut self, text: &str) {
        let (code, rest) = text.split_at_checked(3).unwrap_or((text, ""));
        self.see(if code.contains('x') { "smtp: code class" } else { "smtp: code" });
        self.see_if(rest.starts_with('-'), "smtp: keyword");
        self.see_if(rest.starts_with('-') && rest.contains("${"), "smtp: keyword with capture");
        self.see_if(rest.starts_with('-') && rest.ends_with("..."), "smtp: keyword with more");
        let second = rest.split(' ').nth(1).unwrap_or_default();
        let enhanced = second.split('.').count() == 3 && second.starts_with(|first: char| first.is_ascii_digit());
        self.see_if(enhanced, "smtp: enhanced code");
        self.see_if(rest.starts_with(' ') && !enhanced, "smtp: place");
    }

    fn pop3(&mut self, text: &str) {
        self.see(match text {
            "..." => "pop3: more lines",
            "." => "pop3: end",
            _ if text.starts_with("+OK [") || text.starts_with("-ERR [") => "pop3: code",
            _ if text.starts_with("+OK <") => "pop3: timestamp",
            _ if text.starts_with("+OK ") => "pop3: values",
            _ if text.starts_with("+OK") => "pop3: +OK",
            _ if text.starts_with("-ERR") => "pop3: -ERR",
            _ if text.starts_with('+') => "pop3: challenge",
            _ => "pop3: line of a body",
        });
    }

    fn imap(&mut self, pattern: &mailproof::imap::Pattern) {
        let text = pattern.to_string();
        self.see(match text.split(' ').next().unwrap_or_default() {
            _ if pattern.is_continuation() => "imap: continuation",
            "OK" | "NO" | "BAD" => "imap: tagged",
            "_" => "imap: any tagged",
            _ if pattern.is_tagged() => "imap: own tag",
            _ if ["* OK", "* NO", "* BAD", "* BYE", "* PREAUTH"].iter().any(|status| text.starts_with(status)) => {
                "imap: untagged status"
            }
            _ => "imap: data",
        });
        self.see_if(pattern.code_name().is_some(), "imap: code");
        for (sign, construct) in [
            ("_", "imap: _"),
            ("...", "imap: ..."),
            ("NIL", "imap: NIL"),
            ("()", "imap: ()"),
            ("\"", "imap: string"),
            ("${", "imap: variable"),
            ("BODY[", "imap: section"),
            ("]<", "imap: origin of a section"),
        ] {
            self.see_if(text.contains(sign), construct);
        }
    }

    fn check(&mut self, check: &Check) {
        self.see(match check.op {
            Operator::Equal => "check: =",
            Operator::NotEqual => "check: !=",
            Operator::Greater => "check: >",
            Operator::GreaterOrEqual => "check: >=",
            Operator::In => "check: in",
            Operator::NotIn => "check: not in",
            Operator::Delivers => "check: delivers",
        });
        self.see_if(check.judges.is_some(), "check: @ID");
        self.see_if(check.remark.is_some(), "check: ; remark");
        for term in [&check.left, &check.right] {
            self.see_if(term.0.len() > 1, "check: a + b");
            term.0.iter().for_each(|factor| self.see(factor_form(factor)));
        }
    }
}

fn factor_form(factor: &Factor) -> &'static str {
    match factor {
        Factor::Number(_) => "factor: number",
        Factor::Text(_) => "factor: text",
        Factor::Var(_) => "factor: variable",
        Factor::Count(_) => "factor: count",
        Factor::Slice { .. } => "factor: slice",
    }
}

fn generator(generator: &Generator) -> &'static str {
    match generator {
        Generator::MailBody => "generator: mail-body",
        Generator::Message => "generator: message",
        Generator::Mime => "generator: mime",
        Generator::Number { .. } => "generator: number",
        Generator::Segmentation => "generator: segmentation",
        Generator::SmtpGroup => "generator: smtp-group",
        Generator::Pop3Batch => "generator: pop3-batch",
        Generator::ImapBatch => "generator: imap-batch",
    }
}

fn value_form(value: &Value) -> &'static str {
    match value {
        Value::Octets(_) => "value: octets",
        Value::Repeat { .. } => "value: repeat",
        Value::Base64(_) => "value: base64",
        Value::Md5(_) => "value: md5",
        Value::File { .. } => "value: file",
        Value::Lines(_) => "value: group",
    }
}

fn lease(lease: Lease) -> &'static str {
    match lease {
        Lease::Shared => "lease: shared",
        Lease::Exclusive(LeaseReason::Written) => "lease: exclusive",
        Lease::Exclusive(LeaseReason::Pop3) => "lease: by POP3",
        Lease::Exclusive(LeaseReason::Inbox) => "lease: by a box",
        Lease::Exclusive(LeaseReason::InboxMailbox) => "lease: by INBOX",
        Lease::Exclusive(LeaseReason::AccountWide) => "lease: by a command",
    }
}

fn role_word(role: Role) -> &'static str {
    match role {
        Role::Mx => "role: mx",
        Role::Submission => "role: submission",
        Role::Submissions => "role: submissions",
        Role::Pop3 => "role: pop3",
        Role::Pop3s => "role: pop3s",
        Role::Imap => "role: imap",
        Role::Imaps => "role: imaps",
        Role::Smtp => "role: smtp",
    }
}

fn state_word(state: State) -> &'static str {
    match state {
        State::Connected => "state: connected",
        State::Greeted => "state: greeted",
        State::Ready => "state: ready",
        State::Secured => "state: secured",
        State::Authenticated => "state: authenticated",
        State::Addressed => "state: addressed",
        State::Selected => "state: selected",
    }
}
