//! The smallest values with which a case still fails. Whoever runs the candidates says which did.

use std::collections::VecDeque;

use super::expand::{lower, total_size};
use crate::base::VarRef;
use crate::generate::{Generated, simpler};
use crate::scenario::{Origin, Scenario};

type Values = Vec<(VarRef, Generated)>;

/// Asks for one run after the other: take a candidate, run it, tell what came of it, until there is none.
#[derive(Debug, Clone)]
pub struct Shrinker {
    scenario: Scenario,
    origin: Origin,
    values: Values,
    queue: VecDeque<Values>,
    pending: Option<Values>,
}

/// What a run of a candidate showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It fails as before: go on from here.
    Fails,
    /// It does not, or in another way.
    Differs,
}

impl Shrinker {
    /// Starts from a failing case of `scenario`, whose values [`super::draw`] gave with `seed` and `case`.
    pub fn new(scenario: Scenario, values: Values, seed: u64, case: u32) -> Self {
        let origin = Origin { generator: scenario.id.to_string(), seed, case, shrunk_from: total_size(&values) };
        let queue = candidates(&values);
        Self { scenario, origin, values, queue, pending: None }
    }

    /// The next scenario to run; none when nothing simpler fails.
    pub fn next_candidate(&mut self) -> Option<Scenario> {
        self.pending = self.queue.pop_front();
        self.pending.as_ref().map(|values| self.concrete(values))
    }

    /// What came of the last candidate. Each success starts the search anew: what could not go before may go now.
    pub fn accept(&mut self, outcome: Outcome) {
        match (outcome, self.pending.take()) {
            (Outcome::Fails, Some(values)) => {
                self.queue = candidates(&values);
                self.values = values;
            }
            (Outcome::Fails, None) | (Outcome::Differs, _) => {}
        }
    }

    /// The smallest failing scenario so far.
    pub fn smallest(&self) -> Scenario {
        self.concrete(&self.values)
    }

    fn concrete(&self, values: &Values) -> Scenario {
        let mut scenario = lower(&self.scenario, values);
        scenario.origin = Some(self.origin.clone());
        scenario
    }
}

/// One value simplified at a time, the others as they are.
fn candidates(values: &Values) -> VecDeque<Values> {
    let mut queue = VecDeque::new();
    for (at, (_, value)) in values.iter().enumerate() {
        for simple in simpler(value) {
            let mut values = values.clone();
            if let Some((_, slot)) = values.get_mut(at) {
                *slot = simple;
            }
            queue.push_back(values);
        }
    }
    queue
}

#[cfg(test)]
mod tests {
    use super::super::{draw, expand, seed_of, with_number};
    use super::*;
    use crate::base::{Span, Template};
    use crate::scenario::*;

    fn var(name: &str) -> VarRef {
        VarRef::new(name).unwrap()
    }

    fn step() -> Step {
        let pattern = crate::imap::Pattern::parse("* 1 FETCH (BODYSTRUCTURE ${tree.structure})").unwrap();
        let item = Item { expect: Expect::Imap(pattern), end: None };
        let line = Line { mark: Mark::Plain, items: vec![item], judges: None, remark: None, span: Span::generated() };
        let alternatives = vec![Alternative { lines: vec![line], end: None }];
        Step {
            session: ONLY_SESSION.parse().unwrap(),
            action: Some(Action::Send(vec![Template::var(var("body"))])),
            cut: Some(Cut::Var(var("cut"))),
            answer: Some(Answer { alternatives, span: Span::generated() }),
            checks: Vec::new(),
            judges: Judges::Setup,
            within: WITHIN_DEFAULT,
            until: None,
            note: None,
            span: Span::generated(),
        }
    }

    fn scenario() -> Scenario {
        let generators = [
            ("body", Generator::MailBody),
            ("tree", Generator::Mime),
            ("cut", Generator::Segmentation),
            ("n", Generator::Number { from: 1, to: 9 }),
            ("group", Generator::SmtpGroup),
        ];
        Scenario {
            id: "a/b".parse().unwrap(),
            note: None,
            origin: None,
            covers: vec!["x-1".parse().unwrap()],
            needs: Vec::new(),
            forall: generators.into_iter().map(|(name, generator)| (var(name), generator)).collect(),
            cases: 7,
            largest: Some(Largest { var: var("big"), from: 5, to: 50 }),
            values: vec![(var("file"), Value::File { path: "x".into(), octets: "o${x}".into() })],
            deposit: Vec::new(),
            allow: Vec::new(),
            watch: Vec::new(),
            lease: Lease::Shared,
            sessions: Vec::new(),
            setup: vec![step()],
            steps: Vec::new(),
            cleanup: Vec::new(),
            span: Span::generated(),
        }
    }

    #[test]
    fn the_hash_is_fnv_1a() {
        assert_eq!(seed_of(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(seed_of("a"), 0xaf63_dc4c_8601_ec8c);
    }

    #[test]
    fn an_expanded_scenario_is_concrete() {
        for case in 0..20 {
            let concrete = expand(&scenario(), None, case);
            assert_eq!(concrete, expand(&scenario(), None, case));
            assert!(concrete.forall.is_empty() && concrete.origin.is_some());
            let names: Vec<_> = concrete.values.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(names, ["body", "tree", "n", "group", "file"]);
            assert!(matches!(&concrete.values[3].1, Value::Lines(lines) if !lines.is_empty()));
            assert_eq!(concrete.values[4].1, Value::Octets(Template::text("o${x}")));
            assert!(matches!(&concrete.setup[0].cut, Some(Cut::At(_))));
            let written = write_scenario("a", &concrete);
            assert!(!written.contains("structure}") && !written.contains("${cut}"), "{written}");
            assert_ne!(draw(&scenario(), Some(1), case), draw(&scenario(), Some(2), case));
        }
    }

    #[test]
    fn the_number_of_a_limit_is_a_value() {
        let concrete = with_number(&scenario(), 12);
        assert_eq!(concrete.largest, None);
        assert_eq!(concrete.values[0], (var("big"), Value::Octets(Template::text("12"))));
    }

    #[test]
    fn shrinking_ends_at_the_smallest_failing_values() {
        let values = draw(&scenario(), Some(3), 4);
        let mut shrinker = Shrinker::new(scenario(), values, 3, 4);
        let commands = |scenario: &Scenario| match &scenario.values[3].1 {
            Value::Lines(lines) => lines.len(),
            Value::Octets(_) | Value::Repeat { .. } | Value::Base64(_) | Value::Md5(_) | Value::File { .. } => 0,
        };
        let mut runs = 0;
        while let Some(candidate) = shrinker.next_candidate() {
            runs += 1;
            assert!(runs < 50_000);
            let fails = commands(&candidate) >= 2;
            shrinker.accept(if fails { Outcome::Fails } else { Outcome::Differs });
        }
        let smallest = shrinker.smallest();
        assert_eq!(commands(&smallest), 2);
        assert_eq!(smallest.values[0].1, Value::Octets(Template::default()));
        assert_eq!(smallest.values[2].1, Value::Octets(Template::text("1")));
        assert_eq!(smallest.setup[0].cut, None);
    }
}
