//! From a `forall` scenario to one concrete case of it. Pure; running is somebody else's matter.

use crate::base::{Template, VarRef};
use crate::generate::{Generated, generate};
use crate::imap;
use crate::scenario::{CASES_DEFAULT, Cut, Expect, Origin, Scenario, Step, Value};

/// The seed of a scenario for which the user names none: FNV-1a (64 bits) of its full id, the same on every machine and
/// in every version. docs/suite-language.md section 11.
pub fn seed_of(id: &str) -> u64 {
    const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    id.bytes().fold(OFFSET_BASIS, |hash, octet| (hash ^ u64::from(octet)).wrapping_mul(PRIME))
}

/// The generated values of one case, in the order of `forall`. Two variables of one generator get different values.
pub fn draw(scenario: &Scenario, seed: Option<u64>, case: u32) -> Vec<(VarRef, Generated)> {
    let seed = seed.unwrap_or_else(|| seed_of(scenario.id.as_str()));
    let values = scenario.forall.iter();
    values.map(|(name, generator)| (name.clone(), generate(generator, seed ^ seed_of(name.as_str()), case))).collect()
}

/// One case of a scenario, concrete and with its origin. Without `forall` it is the scenario itself.
pub fn expand(scenario: &Scenario, seed: Option<u64>, case: u32) -> Scenario {
    if scenario.forall.is_empty() {
        return scenario.clone();
    }
    let values = draw(scenario, seed, case);
    let mut concrete = lower(scenario, &values);
    concrete.origin = Some(Origin {
        generator: scenario.id.to_string(),
        seed: seed.unwrap_or_else(|| seed_of(scenario.id.as_str())),
        case,
        shrunk_from: total_size(&values),
    });
    concrete
}

/// How big all values of a case are together.
pub(super) fn total_size(values: &[(VarRef, Generated)]) -> u32 {
    let size = values.iter().fold(0_u64, |sum, (_, value)| sum.saturating_add(value.size()));
    u32::try_from(size).unwrap_or(u32::MAX)
}

/// Puts values in the place of `forall`: octets, numbers and groups into `let`, segmentations into `cut`, structures into
/// the patterns that name them. Files become octets, so that the scenario can be written anywhere.
pub fn lower(scenario: &Scenario, values: &[(VarRef, Generated)]) -> Scenario {
    let mut concrete = scenario.clone();
    concrete.forall = Vec::new();
    concrete.cases = CASES_DEFAULT;
    for (_, value) in &mut concrete.values {
        if let Value::File { octets, .. } = value {
            *value = Value::Octets(Template::text(octets.clone()));
        }
    }
    let generated = values.iter().filter_map(|(name, value)| Some((name.clone(), let_value(value)?)));
    concrete.values = generated.chain(concrete.values).collect();
    let steps = concrete.setup.iter_mut().chain(&mut concrete.steps).chain(&mut concrete.cleanup);
    steps.for_each(|step| lower_step(step, values));
    concrete
}

/// The scenario of `largest`, at one number.
pub fn with_number(scenario: &Scenario, number: u64) -> Scenario {
    let mut concrete = scenario.clone();
    if let Some(largest) = concrete.largest.take() {
        concrete.values.insert(0, (largest.var, Value::Octets(Template::text(number.to_string()))));
    }
    concrete
}

/// A segmentation has no place in `let`.
fn let_value(value: &Generated) -> Option<Value> {
    match value {
        Generated::Octets(_) | Generated::Message(_) | Generated::Mime(_) | Generated::Number { .. } => {
            value.octets().map(|octets| Value::Octets(Template::text(octets)))
        }
        Generated::Segmentation(_) => None,
        Generated::Group(lines) => Some(Value::Lines(lines.clone())),
    }
}

fn lower_step(step: &mut Step, values: &[(VarRef, Generated)]) {
    for (name, value) in values {
        match value {
            Generated::Segmentation(cuts) => {
                if matches!(&step.cut, Some(Cut::Var(var)) if var == name) {
                    // Cut nowhere, a step needs no `cut`.
                    step.cut = (!cuts.is_empty()).then(|| Cut::At(cuts.clone()));
                }
            }
            Generated::Mime(part) => {
                let alternatives = step.answer.iter_mut().flat_map(|answer| &mut answer.alternatives);
                let items =
                    alternatives.flat_map(|alternative| &mut alternative.lines).flat_map(|line| &mut line.items);
                items.for_each(|item| lower_structure(&mut item.expect, name, &part.structure()));
            }
            Generated::Octets(_) | Generated::Message(_) | Generated::Number { .. } | Generated::Group(_) => {}
        }
    }
}

/// A pattern is printed, `${name.structure}` replaced in its text, and the text read again. Should it not be readable then,
/// the pattern stays as it was and its variable has no value, which the run reports.
fn lower_structure(expect: &mut Expect, name: &VarRef, structure: &str) {
    let Expect::Imap(pattern) = expect else { return };
    let (text, reference) = (pattern.to_string(), format!("${{{}.structure}}", name.as_str()));
    if !text.contains(&reference) {
        return;
    }
    if let Ok(concrete) = imap::Pattern::parse(&text.replace(&reference, structure)) {
        *pattern = concrete;
    }
}
