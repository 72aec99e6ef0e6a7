//! `check:` lines. docs/suite-language.md section 8.

use crate::base::{Bindings, Bound, ByteString, Unbound};
use crate::message;
use crate::scenario::{Check, Factor, Operator, Term};

/// Whether a check holds; if not, what is wrong, as (expected, actual).
pub fn check(check: &Check, env: &Bindings) -> Result<Result<(), (String, ByteString)>, Unbound> {
    let left = term(&check.left, env)?;
    let right = term(&check.right, env)?;
    let holds = match check.op {
        Operator::Equal => equal(&left, &right),
        Operator::NotEqual => !equal(&left, &right),
        Operator::Greater => numbers(&left, &right).is_some_and(|(a, b)| a > b),
        Operator::GreaterOrEqual => numbers(&left, &right).is_some_and(|(a, b)| a >= b),
        Operator::In => sets(&left, &right).is_some_and(|(a, b)| b.contains_all(&a)),
        Operator::NotIn => sets(&left, &right).is_some_and(|(a, b)| a.is_disjoint(&b)),
        Operator::Delivers => {
            return Ok(message::delivers(&left.to_octets(), &right.to_octets())
                .map_err(|difference| (difference.to_string(), left.to_octets())));
        }
    };
    Ok(if holds { Ok(()) } else { Err((format!("{check} does not hold"), pair(&left, &right))) })
}

/// Both values, so that a person sees why.
fn pair(left: &Bound, right: &Bound) -> ByteString {
    let mut octets = b"left:  ".to_vec();
    octets.extend_from_slice(&left.to_octets());
    octets.extend_from_slice(b"\nright: ");
    octets.extend_from_slice(&right.to_octets());
    octets.into()
}

/// Equality over types: numbers as numbers, sets as sets, dates as instants, all else octet for octet.
fn equal(left: &Bound, right: &Bound) -> bool {
    match (left, right) {
        (Bound::Octets(a), Bound::Octets(b)) => a == b,
        (Bound::Flags(a), Bound::Flags(b)) => a == b,
        (Bound::Codes(a), Bound::Codes(b)) => a == b,
        (Bound::Date { instant: a, .. }, Bound::Date { instant: b, .. }) => a == b,
        (Bound::Set(_), _) | (_, Bound::Set(_)) => sets(left, right).is_some_and(|(a, b)| a == b),
        (Bound::Number(_), _) | (_, Bound::Number(_)) => numbers(left, right).is_some_and(|(a, b)| a == b),
        (
            Bound::Octets(_) | Bound::Flags(_) | Bound::Codes(_) | Bound::Date { .. } | Bound::Structure(_),
            Bound::Octets(_) | Bound::Flags(_) | Bound::Codes(_) | Bound::Date { .. } | Bound::Structure(_),
        ) => left.to_octets() == right.to_octets(),
    }
}

fn numbers(left: &Bound, right: &Bound) -> Option<(u64, u64)> {
    Some((left.as_number()?, right.as_number()?))
}

fn sets(left: &Bound, right: &Bound) -> Option<(crate::base::NumberSet, crate::base::NumberSet)> {
    Some((left.as_set()?, right.as_set()?))
}

/// Numbers add, octets join.
fn term(term: &Term, env: &Bindings) -> Result<Bound, Unbound> {
    let mut values = Vec::with_capacity(term.0.len());
    for part in &term.0 {
        values.push(factor(part, env)?);
    }
    if let [one] = values.as_slice() {
        return Ok(one.clone());
    }
    let all_numbers = values.iter().all(|value| matches!(value, Bound::Number(_)));
    if all_numbers {
        let sum = values.iter().filter_map(Bound::as_number).fold(0_u64, u64::saturating_add);
        return Ok(Bound::Number(sum));
    }
    let joined: Vec<u8> = values.iter().flat_map(|value| value.to_octets().into_bytes()).collect();
    Ok(Bound::octets(joined))
}

fn factor(factor: &Factor, env: &Bindings) -> Result<Bound, Unbound> {
    Ok(match factor {
        Factor::Number(number) => Bound::Number(*number),
        Factor::Text(text) => Bound::Octets(text.render(env)?),
        Factor::Var(name) => env.get(name)?,
        Factor::Count(name) => {
            let set = env.get(name)?.as_set().ok_or_else(|| Unbound(name.clone()))?;
            Bound::Number(set.count())
        }
        Factor::Slice { of, from, length } => {
            let octets = env.get(of)?.to_octets();
            let number = |part: &Factor| -> Result<usize, Unbound> {
                let value = self::factor(part, env)?.as_number().ok_or_else(|| Unbound(of.clone()))?;
                Ok(usize::try_from(value).unwrap_or(usize::MAX))
            };
            let start = number(from)?.min(octets.len());
            let end = start.saturating_add(number(length)?).min(octets.len());
            Bound::octets(octets.get(start..end).unwrap_or_default())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{NumberSet, Span, Template, VarRef};

    fn var(name: &str) -> Factor {
        Factor::Var(VarRef::new(name).unwrap())
    }

    fn env() -> Bindings {
        let mut env = Bindings::default();
        env.bind("five", Bound::Number(5));
        env.bind("digits", Bound::octets("5"));
        env.bind("text", Bound::octets("abcdef"));
        env.bind("set", Bound::Set(NumberSet::parse("2:6").unwrap()));
        env
    }

    fn holds(left: Vec<Factor>, op: Operator, right: Vec<Factor>) -> bool {
        let check_line =
            Check { left: Term(left), op, right: Term(right), judges: None, remark: None, span: Span::generated() };
        check(&check_line, &env()).unwrap().is_ok()
    }

    #[test]
    fn digits_of_a_listing_equal_the_number() {
        assert!(holds(vec![var("five")], Operator::Equal, vec![var("digits")]));
        assert!(!holds(vec![var("five")], Operator::NotEqual, vec![var("digits")]));
    }

    #[test]
    fn membership_is_of_all_numbers() {
        assert!(holds(vec![var("five")], Operator::In, vec![var("set")]));
        assert!(!holds(vec![var("five")], Operator::NotIn, vec![var("set")]));
        assert!(holds(vec![Factor::Number(7)], Operator::NotIn, vec![var("set")]));
        assert!(!holds(vec![Factor::Number(7)], Operator::In, vec![var("set")]));
    }

    #[test]
    fn a_comparison_without_numbers_never_holds() {
        assert!(!holds(vec![var("text")], Operator::Greater, vec![var("five")]));
        assert!(!holds(vec![var("text")], Operator::In, vec![var("set")]));
    }

    #[test]
    fn slice_stops_at_the_end() {
        let slice = |from, length| Factor::Slice {
            of: VarRef::new("text").unwrap(),
            from: Box::new(Factor::Number(from)),
            length: Box::new(Factor::Number(length)),
        };
        let text = |octets: &str| Factor::Text(Template::text(octets));
        assert!(holds(vec![slice(4, 100)], Operator::Equal, vec![text("ef")]));
        assert!(holds(vec![slice(9, 1)], Operator::Equal, vec![text("")]));
        assert!(holds(vec![slice(0, 2), text("x")], Operator::Equal, vec![text("abx")]));
        assert!(holds(vec![Factor::Count(VarRef::new("set").unwrap())], Operator::Equal, vec![var("five")]));
    }
}
