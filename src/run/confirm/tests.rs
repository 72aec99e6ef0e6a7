use super::*;
use crate::outcome::{Evidence, Part, StepRef, Unmet};

/// An attempt from a word: `holds`, `setup`, `trouble`, `refused`, `cancelled`, `skips`, or findings joined by `+`, each
/// `kind:shape`. Behind `&` stand findings of invariants.
fn attempt(word: &str) -> Attempt {
    let (own, watched) = word.split_once('&').unwrap_or((word, ""));
    let verdict = match own {
        "holds" => Verdict::Conforms,
        "setup" => Verdict::Inconclusive(Doubt::Setup("s".to_owned())),
        "trouble" => Verdict::Inconclusive(Doubt::Trouble("t".to_owned())),
        "refused" => Verdict::Inconclusive(Doubt::Connection("c".to_owned())),
        "gone" => Verdict::Inconclusive(Doubt::Gone("g".to_owned())),
        "cancelled" => Verdict::Inconclusive(Doubt::Cancelled),
        "skips" => Verdict::NotApplicable(Unmet::Skipped("k".to_owned())),
        findings => Verdict::Violates(findings.split('+').map(finding).collect()),
    };
    let judged = if matches!(verdict, Verdict::Conforms | Verdict::Violates(_)) { vec![id("r")] } else { Vec::new() };
    Attempt {
        judged,
        invariants: watched.split('+').filter(|word| !word.is_empty()).map(finding).collect(),
        watched: vec![id(word.split([':', '+', '&']).next().unwrap())],
        ..Attempt::bare(verdict)
    }
}

fn id(text: &str) -> crate::base::RequirementId {
    text.parse().unwrap()
}

fn finding(word: &str) -> Finding {
    let (kind, shape) = word.split_once(':').unwrap();
    let kind = match kind {
        "mismatch" => FindingKind::Mismatch,
        "check" => FindingKind::Check,
        "syntax" => FindingKind::Syntax,
        "invariant" => FindingKind::Invariant,
        "silence" => FindingKind::Silence,
        "close" => FindingKind::Close,
        "crash" => FindingKind::Crash,
        other => panic!("{other}"),
    };
    Finding {
        requirement: id("r"),
        scenario: "s/a".parse().unwrap(),
        step: StepRef { part: Part::Steps, number: 1 },
        kind,
        shape: shape.to_owned(),
        certainty: Certainty::Unstable,
        evidence: Evidence::default(),
    }
}

fn told(finding: &Finding) -> String {
    let sure = match finding.certainty {
        Certainty::Confirmed => "confirmed",
        Certainty::Unstable => "unstable",
    };
    format!("{sure} {}", finding.shape)
}

/// What came after each attempt, and what was decided. Every attempt of the script has to be asked for.
fn run(script: &str) -> String {
    let mut confirmation = Confirmation::new(RETRIES_DEFAULT);
    let (mut asked, mut attempts) = (String::new(), script.split_whitespace());
    let decided = loop {
        let Some(word) = attempts.next() else { return format!("{asked}asks on") };
        match confirmation.next(attempt(word)) {
            Next::Again(Waiting::Ordinary) => asked.push_str("again "),
            Next::Again(Waiting::Patient) => asked.push_str("patient "),
            Next::Later(Waiting::Ordinary) => asked.push_str("later "),
            Next::Later(Waiting::Patient) => asked.push_str("later-patient "),
            Next::Decided(decided) => break decided,
        }
    };
    assert_eq!(attempts.next(), None, "{script}: decided too early");
    let verdict = match &decided.verdict {
        Verdict::Conforms => "conforms".to_owned(),
        Verdict::Violates(findings) => findings.iter().map(told).collect::<Vec<_>>().join(", "),
        Verdict::NotApplicable(unmet) => unmet.to_string(),
        Verdict::Inconclusive(doubt) => doubt.to_string(),
    };
    let invariants: String = decided.invariants.iter().map(|finding| format!(" & {}", told(finding))).collect();
    format!("{asked}= {verdict}{invariants}")
}

#[test]
fn a_violation_is_reported_when_it_was_seen_twice() {
    for (script, decided) in [
        ("holds", "= conforms"),
        ("skips", "= skipped: k"),
        ("setup setup", "again = setup: s"),
        ("setup holds", "again = conforms"),
        ("setup mismatch:a mismatch:a", "again again = confirmed a"),
        ("setup skips", "again = skipped: k"),
        ("mismatch:a mismatch:a", "again = confirmed a"),
        ("check:a check:a", "again = confirmed a"),
        ("close:a close:a", "again = confirmed a"),
        ("mismatch:a holds", "again = not seen again: r a"),
        ("mismatch:a mismatch:b mismatch:b", "again again = confirmed b"),
        ("mismatch:a mismatch:b mismatch:a", "again again = confirmed a"),
        ("mismatch:a mismatch:b mismatch:c", "again again = not seen again: r a"),
        ("mismatch:a mismatch:b holds", "again again = not seen again: r a"),
        ("mismatch:a setup mismatch:a", "again again = confirmed a"),
        ("mismatch:a check:a mismatch:a", "again again = confirmed a"),
        // Equal findings of one run are one sight.
        ("mismatch:a+mismatch:a holds", "again = not seen again: r a"),
        ("mismatch:a+check:b mismatch:a", "again = confirmed a"),
    ] {
        assert_eq!(run(script), decided, "{script}");
    }
}

#[test]
fn silence_is_confirmed_patiently_and_slowness_is_no_violation() {
    for (script, decided) in [
        ("silence:a silence:a", "patient = confirmed a"),
        ("silence:a holds", "patient = conforms"),
        ("silence:a mismatch:b silence:a", "patient patient = confirmed a"),
        ("silence:a mismatch:b holds", "patient patient = not seen again: r a"),
        ("mismatch:a silence:b mismatch:a", "again patient = confirmed a"),
        ("silence:a&invariant:b silence:a silence:a&invariant:b", "patient again = confirmed a & confirmed b"),
        ("silence:a trouble silence:a", "patient later-patient = confirmed a"),
    ] {
        assert_eq!(run(script), decided, "{script}");
    }
}

#[test]
fn what_octets_prove_is_looked_for_five_times_and_then_unstable() {
    for (script, decided) in [
        ("syntax:a syntax:a", "again = confirmed a"),
        (
            "syntax:a holds holds invariant:b syntax:a invariant:b",
            "again again again again again = confirmed b, confirmed a",
        ),
        ("syntax:a holds holds holds holds syntax:a", "again again again again again = confirmed a"),
        ("syntax:a holds holds holds holds holds", "again again again again again = unstable a"),
        ("holds&invariant:a holds&invariant:a", "again = conforms & confirmed a"),
        ("holds&close:a holds&close:a", "again = conforms & confirmed a"),
        ("holds&invariant:a holds holds holds holds holds", "again again again again again = conforms & unstable a"),
        (
            "holds&invariant:a holds&invariant:b holds&invariant:a+invariant:b",
            "again again = conforms & confirmed a & confirmed b",
        ),
        // Reruns serve all findings alike.
        ("mismatch:a&invariant:b mismatch:a&invariant:b", "again = confirmed a & confirmed b"),
        ("mismatch:a&invariant:b mismatch:a holds&invariant:b", "again again = confirmed a & confirmed b"),
        (
            "mismatch:a+syntax:b mismatch:a holds holds holds holds",
            "again again again again again = confirmed a, unstable b",
        ),
        ("setup&syntax:a setup&syntax:a", "again = setup: s & confirmed a"),
    ] {
        assert_eq!(run(script), decided, "{script}");
    }
}

#[test]
fn trouble_is_met_with_two_more_attempts() {
    for (script, decided) in [
        ("trouble holds", "later = conforms"),
        ("refused trouble holds", "later later = conforms"),
        ("trouble trouble trouble", "later later = trouble at every try: t; see to the server, or run again later"),
        // What an invariant saw before the trouble began was seen all the same.
        (
            "trouble&invariant:a trouble&invariant:a trouble",
            "later later = trouble at every try: t; see to the server, or run again later & confirmed a",
        ),
        ("trouble&invariant:a holds&invariant:a", "later = conforms & confirmed a"),
        ("trouble mismatch:a refused mismatch:a", "later again later = confirmed a"),
        ("mismatch:a refused refused refused", "again later later = connection: c"),
        ("mismatch:a mismatch:b trouble trouble trouble", "again again later later = not seen again: r a"),
        ("holds&invariant:a trouble trouble trouble", "again later later = conforms & unstable a"),
    ] {
        assert_eq!(run(script), decided, "{script}");
    }
}

#[test]
fn nobody_is_asked_again_who_is_gone() {
    for (script, decided) in [
        ("gone", "= gone: g"),
        ("gone&crash:a", "= gone: g & confirmed a"),
        ("holds&crash:a", "= conforms & confirmed a"),
        ("mismatch:a gone&crash:b", "again = gone: g & confirmed b"),
        ("mismatch:a mismatch:a&invariant:b gone", "again again = confirmed a & unstable b"),
        ("setup gone", "again = gone: g"),
        ("holds&invariant:a gone&crash:b", "again = conforms & unstable a & confirmed b"),
    ] {
        assert_eq!(run(script), decided, "{script}");
    }
}

#[test]
fn the_transcript_tells_in_how_many_runs_a_finding_was_seen() {
    let mut confirmation = Confirmation::new(0);
    assert!(matches!(confirmation.next(attempt("holds&invariant:a")), Next::Again(_)));
    for _ in 0..4 {
        assert!(matches!(confirmation.next(attempt("holds")), Next::Again(_)));
    }
    let Next::Decided(decided) = confirmation.next(attempt("holds")) else { panic!("asks on") };
    let told: Vec<String> = decided.transcript.entries.iter().map(|entry| entry.octets.escaped()).collect();
    assert_eq!(told, ["seen in 1 of 6 runs: r a"]);
}

#[test]
fn a_cancelled_run_says_nothing_but_what_is_sure() {
    for (script, decided) in [
        ("cancelled", "= cancelled"),
        ("mismatch:a cancelled", "again = cancelled"),
        ("mismatch:a&invariant:b mismatch:a cancelled", "again again = confirmed a & unstable b"),
    ] {
        assert_eq!(run(script), decided, "{script}");
    }
}

#[test]
fn what_was_watched_in_any_attempt_was_watched() {
    let mut confirmation = Confirmation::new(0);
    assert!(matches!(confirmation.next(attempt("mismatch:a")), Next::Again(Waiting::Ordinary)));
    let Next::Decided(decided) = confirmation.next(attempt("holds")) else { panic!("asks on") };
    assert_eq!(decided.watched, [id("holds"), id("mismatch")]);
    // A verdict that says nothing judges nothing.
    assert_eq!(
        (decided.judged.len(), decided.verdict),
        (0, Verdict::Inconclusive(Doubt::Unconfirmed("r a".to_owned())))
    );
}
