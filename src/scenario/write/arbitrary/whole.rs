//! A scenario as a whole.

use super::making::{List, Making};
use super::steps::Live;
use crate::base::{RequirementId, Span, Template, Type, VarRef};
use crate::scenario::{
    CASES_DEFAULT, Deposit, Generator, Lease, LeaseReason, Mailbox, ONLY_SESSION, Origin, Protocol, Role, Scenario,
    SessionDecl, SessionKind, State, Step, User, Value,
};

const ROLES: [Role; 8] =
    [Role::Mx, Role::Imap, Role::Pop3, Role::Submission, Role::Submissions, Role::Pop3s, Role::Imaps, Role::Smtp];
const SMTP: [State; 6] =
    [State::Ready, State::Connected, State::Greeted, State::Secured, State::Authenticated, State::Addressed];
const POP3: [State; 4] = [State::Authenticated, State::Connected, State::Greeted, State::Secured];
const IMAP: [State; 5] = [State::Selected, State::Connected, State::Greeted, State::Secured, State::Authenticated];

/// The scenario that these numbers stand for. `rows` are requirements without needs, `watched` have invariants.
pub(super) fn scenario(drawn: Vec<u16>, suite: &str, rows: &[RequirementId], watched: &[RequirementId]) -> Scenario {
    let mut m = Making::new(drawn, rows);
    m.covers();
    m.some_needs();
    let note = m.one_in(4).then(|| m.note());
    let origin = m.one_in(4).then(|| m.origin());
    let forall = m.generated();
    let largest = m.limit();
    let values = m.values();
    let messages: Vec<VarRef> = messages(&forall, &values);
    let deposit = m.deposits(&messages);
    let (allow, watch) = m.invariants(watched);
    let sessions = m.sessions();
    m.first_session = sessions[0].name.clone();
    let mut live: Vec<Live> = sessions.iter().cloned().map(Live::new).collect();
    let setup = m.list(List::Setup, &mut live);
    let steps = m.list(List::Steps, &mut live);
    let cleanup = m.list(List::Cleanup, &mut live);
    let own = m.pick(&["a", "some-words", "-", "...", "null", "1.2", "0x10", "---"]);
    let cases = if forall.is_empty() { CASES_DEFAULT } else { u32::try_from(m.number(1..=10_000)).unwrap() };
    let written = m.one_in(6).then_some(Lease::Exclusive(LeaseReason::Written));
    let lease = written.unwrap_or_else(|| m.lease(&sessions, &deposit));
    Scenario {
        id: format!("{suite}/{own}").parse().unwrap(),
        note,
        origin,
        covers: m.covers,
        needs: m.needs,
        forall,
        cases,
        largest,
        values,
        deposit,
        allow,
        watch,
        lease,
        sessions,
        setup,
        steps,
        cleanup,
        span: Span::generated(),
    }
}

/// Values that can be put into a mailbox.
fn messages(forall: &[(VarRef, Generator)], values: &[(VarRef, Value)]) -> Vec<VarRef> {
    let made = forall
        .iter()
        .filter(|(_, generator)| matches!(generator, Generator::MailBody | Generator::Message | Generator::Mime));
    let given = values.iter().filter(|(_, value)| !matches!(value, Value::Lines(_)));
    made.map(|(name, _)| name.clone()).chain(given.map(|(name, _)| name.clone())).collect()
}

impl Making<'_> {
    fn covers(&mut self) {
        for _ in 0..=self.below(3) {
            let id = self.choices.pick(self.rows);
            if !self.covers.contains(&id) {
                self.covers.push(id);
            }
        }
    }

    fn origin(&mut self) -> Origin {
        Origin {
            generator: self.pick(&["pop3-batch", "a/b/c", "x, y", "it's", "a: b"]).to_owned(),
            seed: self.number(0..=u64::MAX),
            case: u32::try_from(self.number(0..=u64::from(u32::MAX))).unwrap(),
            shrunk_from: u32::try_from(self.number(0..=u64::from(u32::MAX))).unwrap(),
        }
    }

    /// `allow` and `watch`, which have no id in common.
    fn invariants(&mut self, watched: &[RequirementId]) -> (Vec<RequirementId>, Vec<RequirementId>) {
        let (mut allow, mut watch) = (Vec::new(), Vec::new());
        for id in watched {
            match self.below(6) {
                4 => allow.push(id.clone()),
                5 => watch.push(id.clone()),
                _ => {}
            }
        }
        (allow, watch)
    }

    fn sessions(&mut self) -> Vec<SessionDecl> {
        if self.one_in(2) {
            let names = ["s1", "s2", "box", "out", "y", "n-1", "null", "x9"];
            let count = 2 + self.below(3);
            let count = if self.one_in(12) { 8 } else { count };
            return names.into_iter().take(count).map(|name| self.session(name)).collect();
        }
        vec![self.session(ONLY_SESSION)]
    }

    fn session(&mut self, name: &str) -> SessionDecl {
        let kind = match self.below(8) {
            0 => SessionKind::Inbox(self.pick(&[User::Alice, User::Bob])),
            1 if self.one_in(2) => SessionKind::Sink,
            _ => self.connection(),
        };
        SessionDecl { name: name.parse().unwrap(), kind, span: Span::generated() }
    }

    fn connection(&mut self) -> SessionKind {
        let role = self.pick(&ROLES);
        let state = match role.protocol() {
            Protocol::Smtp => self.pick(&SMTP),
            Protocol::Pop3 => self.pick(&POP3),
            Protocol::Imap => self.pick(&IMAP),
        };
        let user = self.pick(&[User::Alice, User::Alice, User::Bob]);
        let mailbox = (state == State::Selected && self.one_in(3)).then(|| {
            let given = self.variable(Type::Octets).map_or_else(|| "${box.b}".to_owned(), |name| name.to_string());
            let name = self.pick(&["INBOX", "inbox", "${box}", "${box.a}${sep}b c", "${box@bob}", &given]).to_owned();
            Template::parse_line(&name).unwrap()
        });
        SessionKind::Connection { role, state, user, mailbox }
    }

    fn list(&mut self, list: List, live: &mut [Live]) -> Vec<Step> {
        self.list = list;
        let count = match list {
            List::Setup | List::Cleanup => self.below(3),
            List::Steps => 1 + self.below(5),
        };
        let mut steps: Vec<Step> = (0..count).map(|_| self.step(live)).collect();
        if list == List::Steps {
            for one in live.iter_mut() {
                steps.extend(self.rest(one));
            }
            let unjudged: Vec<RequirementId> =
                self.covers.iter().filter(|id| !self.judged_by_check.contains(id)).cloned().collect();
            for id in unjudged {
                steps.push(self.accusing(id));
            }
        }
        steps
    }

    /// docs/suite-language.md section 5: what makes a lease exclusive, the strongest reason first.
    fn lease(&self, sessions: &[SessionDecl], deposit: &[Deposit]) -> Lease {
        let any = |found: fn(&SessionKind) -> bool| sessions.iter().any(|session| found(&session.kind));
        let connection = |kind: &SessionKind, wanted: Protocol| matches!(kind, SessionKind::Connection { role, .. } if role.protocol() == wanted);
        let inbox = any(|kind| match kind {
            SessionKind::Connection { mailbox: Some(name), .. } => name.to_line().eq_ignore_ascii_case("INBOX"),
            SessionKind::Connection { mailbox: None, .. } | SessionKind::Inbox(_) | SessionKind::Sink => false,
        });
        let reason = if sessions.iter().any(|session| connection(&session.kind, Protocol::Pop3)) {
            LeaseReason::Pop3
        } else if any(|kind| matches!(kind, SessionKind::Inbox(_) | SessionKind::Sink)) {
            LeaseReason::Inbox
        } else if inbox || self.inbox || deposit.iter().any(|one| one.mailbox == Mailbox::Inbox) {
            LeaseReason::InboxMailbox
        } else if self.account_wide {
            LeaseReason::AccountWide
        } else {
            return Lease::Shared;
        };
        Lease::Exclusive(reason)
    }
}
