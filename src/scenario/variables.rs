//! Every variable that a scenario names, wherever it stands.

use std::collections::BTreeSet;

use super::{
    Action, Answer, BoxPattern, Command, CommandPart, Cut, Expect, Factor, LiteralContent, Messages, Scenario,
    SessionKind, Step, Value,
};
use crate::base::{Template, VarRef};

/// All references, parts and accounts included: `token.inner`, `alice.user`, `box@bob`.
pub fn variables(scenario: &Scenario) -> BTreeSet<VarRef> {
    let mut found = Found::default();
    scenario.values.iter().for_each(|(_, value)| found.value(value));
    for deposit in &scenario.deposit {
        if let Messages::Values(names) = &deposit.messages {
            found.0.extend(names.iter().cloned());
        }
    }
    for session in &scenario.sessions {
        if let SessionKind::Connection { mailbox: Some(mailbox), .. } = &session.kind {
            found.template(mailbox);
        }
    }
    scenario.setup.iter().chain(&scenario.steps).chain(&scenario.cleanup).for_each(|step| found.step(step));
    found.0
}

#[derive(Default)]
struct Found(BTreeSet<VarRef>);

impl Found {
    fn template(&mut self, template: &Template) {
        self.0.extend(template.vars().cloned());
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Octets(template) | Value::Base64(template) | Value::Md5(template) => self.template(template),
            Value::Repeat { what, times } => {
                self.template(what);
                self.template(times);
            }
            Value::File { .. } => {}
            Value::Lines(lines) => lines.iter().for_each(|line| self.template(line)),
        }
    }

    fn step(&mut self, step: &Step) {
        if let Some(action) = &step.action {
            self.action(action);
        }
        if let Some(Cut::Var(name)) = &step.cut {
            self.0.insert(name.clone());
        }
        step.answer.iter().for_each(|answer| self.answer(answer));
        for factor in step.checks.iter().flat_map(|check| check.left.0.iter().chain(&check.right.0)) {
            self.factor(factor);
        }
    }

    fn action(&mut self, action: &Action) {
        match action {
            Action::Commands(commands) => commands.iter().for_each(|command| self.command(command)),
            Action::Send(segments) => segments.iter().for_each(|segment| self.template(segment)),
            Action::Data(template) | Action::Bdat(template) => self.template(template),
            Action::Each(name) => {
                self.0.insert(name.clone());
            }
            Action::Auth(_) | Action::Open | Action::StartTls | Action::Deflate | Action::Close | Action::Abort => {}
        }
    }

    fn command(&mut self, command: &Command) {
        for part in &command.parts {
            match part {
                CommandPart::Text(template) | CommandPart::Literal { content: LiteralContent::Text(template), .. } => {
                    self.template(template)
                }
                CommandPart::Literal { content: LiteralContent::Var(name), .. } => {
                    self.0.insert(name.clone());
                }
            }
        }
    }

    fn answer(&mut self, answer: &Answer) {
        for item in answer.items() {
            let uses = match &item.expect {
                Expect::Smtp(pattern) => pattern.vars(),
                Expect::Pop3(pattern) => pattern.vars(),
                Expect::Imap(pattern) => pattern.vars(),
                Expect::Box(BoxPattern::Message { subject, capture }) => {
                    self.template(subject);
                    self.0.extend(capture.clone());
                    continue;
                }
                Expect::Codes(name) => {
                    self.0.insert(name.clone());
                    continue;
                }
                Expect::Box(BoxPattern::Count(_))
                | Expect::Closed
                | Expect::Silence(_)
                | Expect::Open(_)
                | Expect::Tls => continue,
            };
            self.0.extend(uses.into_iter().map(|one| one.var));
        }
    }

    fn factor(&mut self, factor: &Factor) {
        match factor {
            Factor::Number(_) => {}
            Factor::Text(template) => self.template(template),
            Factor::Var(name) | Factor::Count(name) => {
                self.0.insert(name.clone());
            }
            Factor::Slice { of, from, length } => {
                self.0.insert(of.clone());
                self.factor(from);
                self.factor(length);
            }
        }
    }
}
