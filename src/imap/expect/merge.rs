//! FETCH data of one message, and VANISHED of one kind, that came in several responses and count as one.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::actual::octets;
use crate::base::{Bound, NumberSet};
use crate::imap::{Response, Value};

/// A response as patterns see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged<'a> {
    /// The response as it came, or what several say together.
    pub response: Cow<'a, Response>,
    /// Indices of the responses it was made from, ascending, never empty.
    pub sources: Vec<usize>,
}

/// All that a pattern may be compared with, in the order to try: the union of VANISHED of one kind stands at its first
/// source, each response at its own place, and what several FETCH of one message say together at the end: the first two,
/// the first three, and so on, each with the latest value of an item. FETCH data is not joined over an EXPUNGE, a VANISHED or a new
/// mailbox (`[CLOSED]`, `[UIDVALIDITY]`), after which the number may mean another message.
pub fn merge<'a>(responses: &[&'a Response]) -> Vec<Merged<'a>> {
    let mut vanished: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut fetched: BTreeMap<(usize, u64), Vec<usize>> = BTreeMap::new();
    let mut epoch = 0;
    for (index, response) in responses.iter().enumerate() {
        match response {
            Response::Data { number: Some(number), name, .. } if name == "FETCH" => {
                fetched.entry((epoch, *number)).or_default().push(index);
            }
            Response::Data { name, args, .. } if name == "VANISHED" => {
                let earlier = matches!(args.first(), Some(Value::List(_)));
                vanished.entry(earlier.to_string()).or_default().push(index);
                epoch += usize::from(!earlier);
            }
            Response::Data { name, .. } => epoch += usize::from(name == "EXPUNGE"),
            Response::Status { code: Some(code), .. } => {
                epoch += usize::from(matches!(code.name.as_str(), "CLOSED" | "UIDVALIDITY"));
            }
            Response::Status { code: None, .. } | Response::Continue { .. } => {}
        }
    }
    let unions = vanished.into_values().filter(|sources| sources.len() > 1);
    let unions: Vec<Merged<'a>> = unions.filter_map(|sources| union(responses, sources)).collect();
    let groups = fetched.into_values().filter(|sources| sources.len() > 1);
    let together: Vec<Merged<'a>> = groups.flat_map(|sources| growing(responses, &sources)).collect();
    let mut all = Vec::with_capacity(responses.len());
    let at = |sources: Option<&usize>, index: usize| sources == Some(&index);
    for (index, response) in responses.iter().enumerate() {
        all.extend(unions.iter().filter(|merged| at(merged.sources.first(), index)).cloned());
        all.push(Merged { response: Cow::Borrowed(*response), sources: vec![index] });
    }
    all.extend(together);
    all
}

/// A message of which more is told is seen at the first so many moments, and at the last.
const MOMENTS: usize = 8;

fn growing(responses: &[&Response], sources: &[usize]) -> Vec<Merged<'static>> {
    let early = 2..=sources.len().min(MOMENTS);
    let last = (sources.len() > MOMENTS).then_some(sources.len());
    let parts = early.chain(last).filter_map(|count| sources.get(..count));
    parts.filter_map(|sources| together(responses, sources.to_vec())).collect()
}

fn args_of(response: &Response) -> &[Value] {
    match response {
        Response::Data { args, .. } => args,
        Response::Continue { .. } | Response::Status { .. } => &[],
    }
}

fn union(responses: &[&Response], sources: Vec<usize>) -> Option<Merged<'static>> {
    let mut ranges = Vec::new();
    for index in &sources {
        let text = args_of(responses.get(*index)?).last().and_then(octets)?;
        ranges.extend_from_slice(Bound::octets(text.as_ref()).as_set()?.ranges());
    }
    let mut response = (**responses.get(*sources.first()?)?).clone();
    if let Response::Data { args, .. } = &mut response {
        *args.last_mut()? = Value::Atom(NumberSet::from_ranges(ranges).to_string().into());
    }
    Some(Merged { response: Cow::Owned(response), sources })
}

fn together(responses: &[&Response], sources: Vec<usize>) -> Option<Merged<'static>> {
    let mut items: BTreeMap<String, (Value, Value)> = BTreeMap::new();
    for index in &sources {
        let Some(Value::List(values)) = args_of(responses.get(*index)?).first() else { return None };
        for pair in values.chunks_exact(2) {
            let [key, value] = pair else { return None };
            items.insert(super::actual::show(key).to_ascii_uppercase(), (key.clone(), value.clone()));
        }
    }
    let mut response = (**responses.get(*sources.first()?)?).clone();
    if let Response::Data { args, .. } = &mut response {
        *args = vec![Value::List(items.into_values().flat_map(|(key, value)| [key, value]).collect())];
    }
    Some(Merged { response: Cow::Owned(response), sources })
}
