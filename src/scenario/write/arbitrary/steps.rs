//! Steps on the sessions of a scenario.

use std::time::Duration;

use super::answer::{After, Asked};
use super::making::{List, Making};
use crate::base::{Span, Template, Type};
use crate::scenario::{
    Action, Answer, Auth, Check, Command, CommandPart, Cut, Factor, Judges, Need, Operator, Protocol, SessionDecl,
    SessionKind, Spoil, Step, Term, User, WITHIN_DEFAULT,
};

const OPERATORS: [Operator; 7] = [
    Operator::Equal,
    Operator::NotEqual,
    Operator::Greater,
    Operator::GreaterOrEqual,
    Operator::In,
    Operator::NotIn,
    Operator::Delivers,
];
const SPOILS: [Spoil; 4] = [Spoil::Password, Spoil::Proof, Spoil::Nonce, Spoil::ChannelBinding];

/// A session under way.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) decl: SessionDecl,
    /// Commands that nobody has read the answers to.
    pub(super) pending: Vec<Asked>,
    pub(super) after: After,
}

impl Live {
    pub(super) fn new(decl: SessionDecl) -> Self {
        Self { decl, pending: Vec::new(), after: After::Open }
    }

    /// None for a box.
    fn protocol(&self) -> Option<Protocol> {
        match &self.decl.kind {
            SessionKind::Connection { role, .. } => Some(role.protocol()),
            SessionKind::Inbox(_) | SessionKind::Sink => None,
        }
    }
}

impl Making<'_> {
    /// One step on some session.
    pub(super) fn step(&mut self, sessions: &mut [Live]) -> Step {
        self.judge();
        let index = self.below(sessions.len());
        let live = &mut sessions[index];
        let alive = live.after == After::Open || self.list == List::Cleanup;
        let mut step = if !alive || self.one_in(8) {
            self.only_checks()
        } else if let Some(protocol) = live.protocol() {
            self.on_connection(protocol, live)
        } else {
            self.on_box(live)
        };
        if step.checks.is_empty() && self.one_in(5) {
            step.checks = self.checks();
        }
        self.around(&mut step);
        step
    }

    /// Reads what a session still owes.
    pub(super) fn rest(&mut self, live: &mut Live) -> Option<Step> {
        if live.pending.is_empty() || live.after != After::Open {
            return None;
        }
        self.judge();
        let mut step = self.empty();
        self.read(&mut step, live);
        Some(step)
    }

    /// A step that accuses this id in any case.
    pub(super) fn accusing(&mut self, id: crate::base::RequirementId) -> Step {
        self.judges = Judges::Requirement(id);
        self.only_checks()
    }

    fn judge(&mut self) {
        let judged = self.list == List::Steps && self.one_in(2);
        self.judges = if judged { Judges::Requirement(self.covered()) } else { Judges::Setup };
    }

    fn empty(&self) -> Step {
        Step {
            session: self.first_session.clone(),
            action: None,
            cut: None,
            answer: None,
            checks: Vec::new(),
            judges: self.judges.clone(),
            within: WITHIN_DEFAULT,
            until: None,
            note: None,
            span: Span::generated(),
        }
    }

    /// Deadlines and notes.
    fn around(&mut self, step: &mut Step) {
        let wait = |m: &mut Self| {
            let millis = m.number(0..=600_000);
            Duration::from_millis(if m.one_in(2) { millis / 1000 * 1000 } else { millis })
        };
        if self.one_in(8) {
            step.within = wait(self);
        }
        if matches!(step.action, None | Some(Action::Commands(_) | Action::Auth(_))) && self.one_in(8) {
            step.until = Some(wait(self));
        }
        if self.one_in(8) {
            step.note = Some(self.note());
        }
    }

    fn only_checks(&mut self) -> Step {
        let mut step = self.empty();
        step.checks = self.checks();
        if let Judges::Requirement(id) = &step.judges {
            self.judged_by_check.push(id.clone());
        }
        step
    }

    fn on_box(&mut self, live: &mut Live) -> Step {
        let mut step = self.empty();
        if self.one_in(4) {
            step.action = Some(Action::Open);
        }
        if step.action.is_none() || self.one_in(2) {
            self.read(&mut step, live);
        }
        step.session = live.decl.name.clone();
        step
    }

    fn on_connection(&mut self, protocol: Protocol, live: &mut Live) -> Step {
        let mut step = self.empty();
        step.session = live.decl.name.clone();
        // With answers outstanding only further commands keep their order plain.
        let quiet = live.pending.is_empty();
        match if quiet { self.below(14) } else { self.below(3) } {
            3 => self.octets_sent(protocol, &mut step, live),
            4 | 5 if protocol == Protocol::Smtp => self.message(&mut step, live),
            4 | 5 => self.log_in(&mut step, live),
            6 => self.group(protocol, &mut step, live),
            7 => step.action = Some(self.pick(&[Action::Open, Action::Deflate])),
            8 => {
                step.action = Some(Action::StartTls);
                step.answer = self.one_in(2).then(|| self.handshake());
            }
            9 if self.list != List::Setup => {
                step.action = Some(self.pick(&[Action::Close, Action::Abort]));
                live.after = After::MayBeClosed;
            }
            10 => {
                live.pending.push(Asked::Free);
                self.read(&mut step, live);
            }
            11 => self.log_in(&mut step, live),
            _ => self.commands(protocol, &mut step, live),
        }
        step
    }

    fn commands(&mut self, protocol: Protocol, step: &mut Step, live: &mut Live) {
        let count = if self.one_in(4) { 2 + self.below(3) } else { 1 };
        if count > 1 && protocol != Protocol::Imap {
            self.pipelining();
        }
        let mut commands = Vec::new();
        for _ in 0..count {
            let (command, asked) = self.command(protocol);
            commands.push(command);
            live.pending.push(asked);
        }
        step.action = Some(Action::Commands(commands));
        step.cut = self.cut();
        if !self.one_in(5) || self.list == List::Cleanup {
            self.read(step, live);
        }
    }

    fn pipelining(&mut self) {
        let word = crate::scenario::CapabilityNeed { protocol: None, word: "PIPELINING".to_owned() };
        self.need(Need::Capability(vec![word]));
    }

    fn octets_sent(&mut self, protocol: Protocol, step: &mut Step, live: &mut Live) {
        let count = 1 + self.below(3);
        let mut segments: Vec<Template> = (0..count).map(|_| self.octets()).collect();
        if self.one_in(3) {
            let line = if protocol == Protocol::Imap { r"${tag} NOOP\r\n" } else { r"NOOP\r\n" };
            segments.push(Template::parse_octets(line).unwrap());
        }
        step.action = Some(Action::Send(segments));
        step.cut = self.cut();
        if protocol == Protocol::Pop3 || !self.one_in(3) {
            live.pending.push(Asked::Free);
            self.read(step, live);
        }
    }

    fn message(&mut self, step: &mut Step, live: &mut Live) {
        let octets = match self.variable(Type::Octets) {
            Some(name) if self.one_in(2) => Template::var(name),
            _ => self.octets(),
        };
        step.action = Some(if self.one_in(2) { Action::Bdat(octets) } else { Action::Data(octets) });
        step.cut = self.cut();
        live.pending.push(Asked::Plain);
        self.read(step, live);
    }

    fn log_in(&mut self, step: &mut Step, live: &mut Live) {
        let names = [None, Some("PLAIN"), Some("SCRAM-SHA-256-PLUS"), Some("X_9")];
        let mechanism = self.pick(&names).map(str::to_owned);
        let spoil = self.one_in(2).then(|| self.pick(&SPOILS));
        step.action = Some(Action::Auth(Auth { mechanism, user: self.pick(&[User::Alice, User::Bob]), spoil }));
        live.pending.push(Asked::Plain);
        self.read(step, live);
    }

    fn group(&mut self, protocol: Protocol, step: &mut Step, live: &mut Live) {
        let groups = self.groups.clone();
        let Some(group) = self.choices.any(&groups) else { return self.commands(protocol, step, live) };
        step.action = Some(if self.one_in(2) {
            if protocol != Protocol::Imap {
                self.pipelining();
            }
            step.cut = self.cut();
            let parts = vec![CommandPart::Text(Template::var(group))];
            Action::Commands(vec![Command { parts, span: Span::generated() }])
        } else {
            Action::Each(group)
        });
        live.pending.push(Asked::Free);
        self.read(step, live);
    }

    fn cut(&mut self) -> Option<Cut> {
        if !self.one_in(5) {
            return None;
        }
        let cuts = self.cuts.clone();
        match self.choices.any(&cuts) {
            Some(name) if self.one_in(2) => Some(Cut::Var(name)),
            _ => {
                let mut at = 0;
                let offsets = (0..=self.below(4)).map(|_| {
                    at += 1 + self.number(0..=99);
                    at
                });
                Some(Cut::At(offsets.collect()))
            }
        }
    }

    /// Reads everything that is owed.
    fn read(&mut self, step: &mut Step, live: &mut Live) {
        let asked = std::mem::take(&mut live.pending);
        step.session = live.decl.name.clone();
        let (answer, after): (Answer, After) = self.answer(live.protocol(), &asked);
        step.answer = Some(answer);
        live.after = after;
    }

    fn checks(&mut self) -> Vec<Check> {
        (0..=self.below(3)).map(|_| self.check()).collect()
    }

    fn check(&mut self) -> Check {
        let op = self.pick(&OPERATORS);
        let kind = match op {
            Operator::Greater | Operator::GreaterOrEqual => Type::Number,
            Operator::In | Operator::NotIn => Type::Set,
            Operator::Delivers => Type::Octets,
            Operator::Equal | Operator::NotEqual => self.pick(&[Type::Octets, Type::Number]),
        };
        let (left, right) = (self.term(kind), self.term(kind));
        let judges = (self.list == List::Steps && self.one_in(3)).then(|| self.covered());
        self.judged_by_check.extend(judges.clone());
        let remark = self.one_in(4).then(|| self.remark());
        Check { left, op, right, judges, remark, span: Span::generated() }
    }

    fn term(&mut self, kind: Type) -> Term {
        let count = if kind == Type::Set { 1 } else { 1 + self.below(3) };
        Term((0..count).map(|_| self.factor(kind, 0)).collect())
    }

    fn factor(&mut self, kind: Type, depth: usize) -> Factor {
        let known = self.variable(kind);
        match (kind, known) {
            (_, Some(name)) if self.one_in(2) => Factor::Var(name),
            (Type::Octets, Some(of)) if depth < 3 && self.one_in(3) => {
                let (from, length) = (self.factor(Type::Number, depth + 1), self.factor(Type::Number, depth + 1));
                Factor::Slice { of, from: Box::new(from), length: Box::new(length) }
            }
            (Type::Octets, _) => Factor::Text(self.octets()),
            (_, _) => match self.variable(Type::Set) {
                Some(name) if kind == Type::Number && self.one_in(3) => Factor::Count(name),
                _ => Factor::Number(self.number(0..=u64::MAX)),
            },
        }
    }
}
