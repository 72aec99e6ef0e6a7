use super::testing::{Case, catalog, events, id, report_of};
use super::*;

fn standing_of(report: &Report, requirement: &str) -> Standing {
    report.requirements.iter().find(|row| row.id == id(requirement)).unwrap().standing
}

#[test]
fn what_weighs_most_decides_the_standing() {
    let table: &[(&[Case], Standing)] = &[
        (&[], Standing::Untested),
        (&[Case::NotApplicable], Standing::NotApplicable),
        (&[Case::NotApplicable, Case::Holds], Standing::Conforms),
        (&[Case::Holds, Case::Doubts], Standing::Inconclusive),
        (&[Case::Holds, Case::Known, Case::Doubts], Standing::KnownDeviation),
        (&[Case::Known, Case::Breaks("must")], Standing::Violates),
        (&[Case::Holds, Case::Invariant], Standing::Violates),
        (&[Case::Unstable], Standing::Inconclusive),
    ];
    for (cases, standing) in table {
        assert_eq!(standing_of(&report_of(cases), "must"), *standing, "{cases:?}");
    }
    assert_eq!(standing_of(&report_of(&[]), "hidden"), Standing::Unobservable);
    assert!(report_of(&[]).requirements.iter().all(|row| row.id != id("twin")), "counted under its canonical id");
}

#[test]
fn a_known_deviation_needs_requirement_scenario_and_shape() {
    let row = KnownRow {
        lapsed: None,
        requirement: id("twin"),
        scope: KnownScope::Scenario("s/0".to_owned()),
        shape: "500".to_owned(),
        reason: "r".to_owned(),
    };
    let with = |scope: KnownScope, shape: &str| KnownRow { scope, shape: shape.to_owned(), ..row.clone() };
    let scenario = |text: &str| KnownScope::Scenario(text.to_owned());
    let table = [
        (row.clone(), Standing::KnownDeviation),
        (with(scenario("s"), "500"), Standing::KnownDeviation),
        (with(scenario("s/"), "500"), Standing::KnownDeviation),
        (with(scenario("s/0"), "501"), Standing::Violates),
        (with(scenario("s/00"), "500"), Standing::Violates),
        (with(scenario(""), "500"), Standing::Violates),
        (with(KnownScope::Invariant, "500"), Standing::Violates),
        (KnownRow { requirement: id("should"), ..row.clone() }, Standing::Violates),
    ];
    for (known, standing) in table {
        let rows = [known];
        let context = Context { catalog: &catalog(), known: &rows, excused: &[] };
        let report = fold(events(&[Case::Breaks("must")]), &context);
        assert_eq!(standing_of(&report, "must"), standing, "{rows:?}");
    }
}

#[test]
fn a_known_deviation_that_holds_is_an_unexpected_pass_unless_something_is_open() {
    let known = [KnownRow {
        lapsed: None,
        requirement: id("must"),
        scope: KnownScope::Scenario("s".to_owned()),
        shape: "500".to_owned(),
        reason: "r".to_owned(),
    }];
    let context = Context { catalog: &catalog(), known: &known, excused: &[] };
    let of = |cases: &[Case]| standing_of(&fold(events(cases), &context), "must");
    assert_eq!(of(&[Case::Holds]), Standing::UnexpectedPass);
    assert_eq!(of(&[Case::Holds, Case::Doubts]), Standing::Inconclusive);
    assert_eq!(of(&[Case::NotApplicable]), Standing::NotApplicable);
    assert_eq!(of(&[Case::Holds, Case::Breaks("must")]), Standing::KnownDeviation);
}

#[test]
fn the_order_of_events_does_not_show() {
    let cases = [Case::Breaks("must"), Case::Invariant, Case::Known, Case::Doubts, Case::Invariant, Case::Unstable];
    let context = Context { catalog: &catalog(), known: &[], excused: &[] };
    let forward = fold(events(&cases), &context);
    let backward = fold(events(&cases).into_iter().rev(), &context);
    let text = |report| json(report, Unstable::Named).unwrap();
    assert_eq!(text(&forward), text(&backward));
    assert_eq!(forward.invariants.len(), 1, "one row per fingerprint");
    assert_eq!(forward.invariants[0].scenario.as_str(), "s/1");
}

#[test]
fn json_is_canonical_and_one_row_a_line() {
    let text = json(&report_of(&[Case::Breaks("should"), Case::Known, Case::Doubts]), Unstable::Left).unwrap();
    insta::assert_snapshot!(text);
}

#[test]
fn unstable_findings_are_named_only_when_asked_for() {
    let report = report_of(&[Case::Unstable]);
    assert_eq!(report.unstable.len(), 1);
    assert!(!json(&report, Unstable::Left).unwrap().contains("unstable\":"));
    assert!(json(&report, Unstable::Named).unwrap().contains("\"unstable\": [\n"));
}

#[test]
fn junit_fails_only_what_fails_the_run() {
    let report = report_of(&[Case::Holds, Case::Breaks("must"), Case::Breaks("should"), Case::Known, Case::Doubts]);
    insta::assert_snapshot!(junit(&report, |row| row.level.is_must()).unwrap());
}

#[test]
fn a_server_that_died_in_two_scenarios_died_twice() {
    let mut both = events(&[Case::Invariant, Case::Invariant]);
    assert_eq!(fold(both.clone(), &Context { catalog: &catalog(), known: &[], excused: &[] }).invariants.len(), 1);
    for event in &mut both {
        if let crate::outcome::Event::ScenarioFinished(result) = event {
            result.invariants[0].kind = crate::outcome::FindingKind::Crash;
        }
    }
    assert_eq!(fold(both, &Context { catalog: &catalog(), known: &[], excused: &[] }).invariants.len(), 2);
}
