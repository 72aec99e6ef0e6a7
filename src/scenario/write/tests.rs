use std::time::Duration;

use super::*;
use crate::base::{Span, Template, VarRef};
use crate::scenario::*;

fn var(name: &str) -> VarRef {
    VarRef::new(name).unwrap()
}

fn line(text: &str) -> Template {
    Template::parse_line(text).unwrap()
}

fn octets(text: &str) -> Template {
    Template::parse_octets(text).unwrap()
}

fn bare_line(expect: Expect) -> Line {
    Line {
        mark: Mark::Plain,
        items: vec![Item { expect, end: None }],
        judges: None,
        remark: None,
        span: Span::generated(),
    }
}

fn imap(text: &str) -> Line {
    bare_line(Expect::Imap(crate::imap::Pattern::parse(text).unwrap()))
}

fn answer(lines: Vec<Line>) -> Option<Answer> {
    Some(Answer { alternatives: vec![Alternative { lines, end: None }], span: Span::generated() })
}

fn command(text: &str) -> Option<Action> {
    let parts = vec![CommandPart::Text(line(text))];
    Some(Action::Commands(vec![Command { parts, span: Span::generated() }]))
}

fn step(session: &str, action: Option<Action>, answer: Option<Answer>, judges: Judges) -> Step {
    Step {
        session: session.parse().unwrap(),
        action,
        cut: None,
        answer,
        checks: Vec::new(),
        judges,
        within: WITHIN_DEFAULT,
        until: None,
        note: None,
        span: Span::generated(),
    }
}

fn session(name: &str, kind: SessionKind) -> SessionDecl {
    SessionDecl { name: name.parse().unwrap(), kind, span: Span::generated() }
}

fn connection(role: Role, state: State) -> SessionKind {
    SessionKind::Connection { role, state, user: User::Alice, mailbox: None }
}

fn scenario(id: &str, covers: &[&str], sessions: Vec<SessionDecl>) -> Scenario {
    Scenario {
        id: id.parse().unwrap(),
        note: None,
        origin: None,
        covers: covers.iter().map(|id| id.parse().unwrap()).collect(),
        needs: Vec::new(),
        forall: Vec::new(),
        cases: CASES_DEFAULT,
        largest: None,
        values: Vec::new(),
        deposit: Vec::new(),
        allow: Vec::new(),
        watch: Vec::new(),
        lease: Lease::Shared,
        sessions,
        setup: Vec::new(),
        steps: Vec::new(),
        cleanup: Vec::new(),
        span: Span::generated(),
    }
}

fn expunge_counterexample() -> Scenario {
    let sessions = vec![
        session("s1", connection(Role::Imap, State::Selected)),
        session("s2", connection(Role::Imap, State::Selected)),
    ];
    let id = "rfc3501-7.4.1-expunge-renumbering";
    let mut found = scenario("regressions/written-out/imap-7f3a", &[id], sessions);
    found.origin = Some(Origin { generator: "imap-session".into(), seed: 77120, case: 12, shrunk_from: 31 });
    found.deposit = vec![Deposit { mailbox: Mailbox::Box, messages: Messages::Letters(3) }];
    found.watch = vec![id.parse().unwrap()];
    let ok = || answer(vec![imap("OK")]);
    found.setup = vec![
        step("s1", command("FETCH 3 UID"), answer(vec![imap("* 3 FETCH (UID ${uid3})"), imap("OK")]), Judges::Setup),
        step("s2", command(r"STORE 1:2 +FLAGS.SILENT (\Deleted)"), ok(), Judges::Setup),
        step("s2", command("EXPUNGE"), ok(), Judges::Setup),
        step("s1", command("NOOP"), ok(), Judges::Setup),
    ];
    let lines = vec![imap("* _ FETCH (UID ${uid3})"), imap("OK")];
    let mut last = step("s1", command("UID FETCH ${uid3} UID"), answer(lines), Judges::Setup);
    last.note = Some(
        "Which numbers are told, when and in which order is the server's choice; the tracker knows what they mean."
            .into(),
    );
    found.steps = vec![last];
    found
}

fn body_counterexample() -> Scenario {
    let sessions =
        vec![session("out", connection(Role::Mx, State::Addressed)), session("box", SessionKind::Inbox(User::Alice))];
    let id = "rfc5321-4.5.2-transformations-reversible";
    let mut found = scenario("regressions/written-out/smtp-body-0c11", &[id], sessions);
    found.origin = Some(Origin {
        generator: "smtp/rfc5321/4.5.2-transparency/any-body-in-any-segments".into(),
        seed: 4,
        case: 31,
        shrunk_from: 204,
    });
    found.values = vec![
        (var("body"), Value::Octets(octets(r".\x7f\x20"))),
        (var("meant"), Value::Octets(octets(r"Subject: ${token}\r\n\r\n${body}"))),
    ];
    let smtp = |code: &str| answer(vec![bare_line(Expect::Smtp(crate::smtp::Pattern::parse(code).unwrap()))]);
    let mut data = step("out", Some(Action::Data(octets("${meant}"))), smtp("250"), Judges::Setup);
    data.cut = Some(Cut::At(vec![3, 26]));
    let message = BoxPattern::Message { subject: octets("${token}"), capture: Some(var("got")) };
    found.setup = vec![
        step("out", command("DATA"), smtp("354"), Judges::Setup),
        data,
        step("box", None, answer(vec![bare_line(Expect::Box(message))]), Judges::Setup),
    ];
    let mut last = step("box", None, None, Judges::Requirement(id.parse().unwrap()));
    last.checks = vec![Check {
        left: Term(vec![Factor::Var(var("got"))]),
        op: Operator::Delivers,
        right: Term(vec![Factor::Var(var("meant"))]),
        judges: None,
        remark: None,
        span: Span::generated(),
    }];
    found.steps = vec![last];
    found
}

#[test]
fn counterexamples_have_the_documented_form() {
    let written = write_suite(
        "regressions/written-out",
        "Found by generation",
        &[expunge_counterexample(), body_counterexample()],
    );
    insta::assert_snapshot!(written);
}

#[test]
fn every_part_of_a_scenario_is_written() {
    let mut full =
        scenario("a/b/c/row", &["x-1", "x-2"], vec![session(ONLY_SESSION, connection(Role::Imap, State::Selected))]);
    full.note = Some("a note: with a colon\n  and a second line".into());
    let word = |word: &str| CapabilityNeed { protocol: None, word: word.into() };
    full.needs = vec![
        Need::Capability(vec![word("A"), CapabilityNeed { protocol: Some(Protocol::Imap), word: "B=C".into() }]),
        Need::NoCapability(word("LITERAL+")),
        Need::NoFact("catch-all".into()),
        Need::Slow,
    ];
    full.forall = vec![(var("n"), Generator::Number { from: 0, to: 40 }), (var("cut"), Generator::Segmentation)];
    full.cases = 20;
    full.largest = Some(Largest { var: var("big"), from: 5, to: 50 });
    full.values = vec![
        (var("pad"), Value::Repeat { what: octets("x "), times: line("${big}") }),
        (var("file"), Value::File { path: "messages/a.eml".into(), octets: "x".into() }),
        (var("group"), Value::Lines(vec![line("MAIL FROM:<${sender}>"), line("RSET")])),
        (var("one"), Value::Lines(vec![line("NOOP")])),
    ];
    full.lease = Lease::Exclusive(LeaseReason::Written);
    let literal = |content, form| CommandPart::Literal { content, form };
    let parts = vec![
        CommandPart::Text(line("APPEND ${box} ")),
        literal(LiteralContent::Var(var("pad")), LiteralForm::Literal8NonSynchronising),
        CommandPart::Text(line(" ")),
        literal(LiteralContent::Text(octets(r#"a"\\${token}"#)), LiteralForm::Synchronising),
    ];
    let append = Action::Commands(vec![Command { parts, span: Span::generated() }]);
    let mut judged = imap("* BYE");
    judged.mark = Mark::NoOther;
    judged.judges = Some("x-2".parse().unwrap());
    judged.remark = Some("a remark".into());
    judged.items.push(Item { expect: Expect::Silence(Duration::from_millis(500)), end: Some(End::Skip) });
    let alternatives = vec![
        Alternative { lines: vec![judged, imap("OK")], end: Some(End::Done) },
        Alternative { lines: vec![bare_line(Expect::Closed)], end: None },
    ];
    let answer = Some(Answer { alternatives, span: Span::generated() });
    let mut first = step(ONLY_SESSION, Some(append), answer, Judges::Requirement("x-1".parse().unwrap()));
    first.within = Duration::from_secs(90);
    first.until = Some(Duration::from_secs(5));
    let auth = Auth { mechanism: None, user: User::Alice, spoil: None };
    full.steps = vec![
        first,
        step(ONLY_SESSION, Some(Action::Auth(auth)), None, Judges::Setup),
        step(ONLY_SESSION, Some(Action::Send(vec![octets(r"a\r"), octets(r"\n")])), None, Judges::Setup),
    ];
    insta::assert_snapshot!(write_suite("a/b", "", &[full]));
}

/// Names of rows may hold what no id of a scenario may, and two may differ in case only.
#[test]
fn a_row_becomes_a_scenario_with_an_id_of_its_own() {
    let ids = ["a/b/c/RFC822.SIZE", "a/b/c/rfc822.size", "a/b/c-d/e_f", "a/b/c/d-e=f", "a/b/c/d-e-f-2", "a/b/x"];
    let session = || vec![session(ONLY_SESSION, connection(Role::Imap, State::Selected))];
    let scenarios: Vec<Scenario> = ids.iter().map(|id| scenario(id, &["x-1"], session())).collect();
    let written = write_suite("a/b", "", &scenarios);
    let found: Vec<&str> = written.lines().filter_map(|line| line.strip_prefix("  - id: ")).collect();
    assert_eq!(found, ["c-rfc822.size", "c-rfc822.size-2", "c-d-e-f", "c-d-e-f-2", "c-d-e-f-2-2", "x"]);
    assert!(write_scenario("a/b", &scenarios[0]).starts_with("  - id: c-rfc822.size\n"));
}

/// `read(write(s)) = s`, and `write(read(f)) = f`, on an SMTP counterexample.
#[test]
fn a_counterexample_reads_back_as_it_was() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("suites/requirements");
    let texts: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap()))
        .collect();
    let catalog =
        crate::catalog::Catalog::read(texts.iter().map(|(name, text)| (name.as_str(), text.as_str()))).unwrap();
    let library = Library {
        catalog: &catalog,
        fragments: &std::collections::BTreeMap::new(),
        files: &NoFiles,
        invariants: &["rfc3501-7.4.1-expunge-renumbering"],
    };
    let mut scenarios = vec![body_counterexample()];
    scenarios[0].lease = Lease::Exclusive(LeaseReason::Inbox);
    let (id, title) = ("regressions/written-out", "Found by generation");
    let written = write_suite(id, title, &scenarios);
    let source = crate::base::SourceFile { name: "written-out.yaml".into(), text: written.clone() };
    let suite = read_suite(&std::sync::Arc::new(source), id, &library).unwrap();
    assert_eq!(write_suite(id, title, &suite.scenarios), written);
    // A step that only checks acts on no session; the reader gives it the first one.
    scenarios[0].steps[0].session = "out".parse().unwrap();
    assert_eq!(suite.scenarios, scenarios);
}
