//! Lists and responses: in order and exact, or in any order and open, as each place wants.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::actual::{flags, octets, show};
use super::leaf::{Fit, Matcher, is_any};
use super::node::Node;
use super::pattern::{Code, Kind};
use super::place::{self, Place};
use super::text::Text;
use crate::base::{Bound, NumberSet};
use crate::imap::{Response, Value};

impl Matcher<'_> {
    pub(super) fn response(&mut self, kind: &Kind, response: &Response) -> Fit {
        match (kind, response) {
            (Kind::Continue(None), Response::Continue { .. }) => Ok(()),
            (Kind::Continue(Some(node)), Response::Continue { text }) => {
                if is_any(node) {
                    return Ok(());
                }
                let decoded = STANDARD.decode(text.as_bytes()).map_err(|_| "a challenge in base64".to_owned())?;
                self.value(node, &Value::Quoted(decoded.into()), Place::Octets)
            }
            (
                Kind::Tagged { tag, status, code },
                Response::Status { tag: Some(own), status: found, code: sent, .. },
            ) => {
                if let Some(tag) = tag {
                    let wanted = self.render(tag)?;
                    if *wanted != *own.as_bytes() {
                        return Err(format!("the tag `{tag}`, but it is `{own}`"));
                    }
                }
                if status.is_some_and(|status| status != *found) {
                    return Err("another status".to_owned());
                }
                self.code(code.as_ref(), sent.as_ref())
            }
            (Kind::Status { status, code }, Response::Status { tag: None, status: found, code: sent, .. })
                if status == found =>
            {
                self.code(code.as_ref(), sent.as_ref())
            }
            (Kind::Data { number, name, args }, Response::Data { number: sent, name: found, args: values, .. })
                if name.eq_ignore_ascii_case(found) =>
            {
                match (number, sent) {
                    (None, None) => {}
                    (Some(wanted), Some(sent)) => self.value(wanted, &Value::Number(*sent), Place::Number)?,
                    (None, Some(_)) | (Some(_), None) => return Err(format!("another form of {name}")),
                }
                self.args(name, args, values)
            }
            (Kind::Continue(_) | Kind::Tagged { .. } | Kind::Status { .. } | Kind::Data { .. }, _) => {
                Err("another response".to_owned())
            }
        }
    }

    fn code(&mut self, wanted: Option<&Code>, sent: Option<&crate::imap::Code>) -> Fit {
        let Some(wanted) = wanted else { return Ok(()) };
        let Some(sent) = sent.filter(|sent| sent.name.eq_ignore_ascii_case(&wanted.name)) else {
            return Err(format!("the code {}", wanted.name));
        };
        if wanted.name == "CAPABILITY" {
            return self.words(&wanted.args, &sent.args, Extent::Open);
        }
        self.sequence(&wanted.args, &sent.args, &|index, _| place::at(place::of_code(&wanted.name), index))
    }

    fn args(&mut self, name: &str, wanted: &[Node], sent: &[Value]) -> Fit {
        let by_table = |index: usize, _: &[Value]| place::at(place::of_response(name), index);
        let named_list = wanted.iter().any(|node| matches!(node, Node::List(_)));
        // Neither the mod-sequence after SEARCH and SORT nor the extended data of LIST is among what is exact.
        let sent = match (name, sent.split_last()) {
            ("SEARCH" | "SORT", Some((Value::List(_), numbers))) if !named_list => numbers,
            ("LIST" | "LSUB", _) if wanted.len() == 3 && !wanted.contains(&Node::More) => sent.get(..3).unwrap_or(sent),
            _ => sent,
        };
        match name {
            "CAPABILITY" | "ENABLED" => self.words(wanted, sent, Extent::Open),
            "SEARCH" if !named_list => self.numbers(wanted, sent),
            "ESEARCH" => self.items(name, wanted, sent),
            "METADATA" if !named_list => self.metadata_names(wanted, sent),
            "THREAD" => {
                let wanted: Vec<Node> = wanted.iter().map(plain_thread).collect();
                let sent: Vec<Value> = sent.iter().map(plain_tree).collect();
                self.sequence(&wanted, &sent, &|_, _| Place::Numbers)
            }
            "ACL" => self.acl(wanted, sent),
            "MYRIGHTS" => self.my_rights(wanted, sent),
            "LISTRIGHTS" => self.list_rights(wanted, sent),
            "SEARCH" | "SORT" if named_list => self.with_mod_sequence(name, wanted, sent),
            _ => self.list_args(name, wanted, sent, &by_table),
        }
    }

    fn list_args(&mut self, name: &str, wanted: &[Node], sent: &[Value], by: &PlaceOf<'_>) -> Fit {
        // Items need the response's name, so they are compared here and skipped below.
        let index = place::of_response(name).iter().position(|place| *place == Place::Items);
        let pair = index.and_then(|index| Some((wanted.get(index)?, sent.get(index)?, index)));
        let Some((Node::List(items), Value::List(values), index)) = pair else {
            return self.sequence(wanted, sent, by);
        };
        if items.is_empty() != values.is_empty() && items.is_empty() {
            return Err("`()`, but there are items".to_owned());
        }
        let mut rest = wanted.to_vec();
        if let Some(place) = rest.get_mut(index) {
            *place = Node::Any;
        }
        self.sequence(&rest, sent, by)?;
        self.items(name, items, values)
    }

    pub(super) fn value(&mut self, node: &Node, actual: &Value, place: Place) -> Fit {
        let fit = match (node, actual) {
            (Node::Any | Node::More, _) | (Node::Nil, Value::Nil) => Ok(()),
            (Node::Text(text), _) => self.leaf(text, actual, place),
            (Node::List(wanted), Value::List(sent)) => self.list(wanted, sent, actual, place),
            (Node::Nil | Node::List(_) | Node::Section { .. }, _) => {
                Err(format!("`{node}`, but it is `{}`", show(actual)))
            }
        };
        self.progress += usize::from(fit.is_ok());
        fit
    }

    fn list(&mut self, wanted: &[Node], sent: &[Value], actual: &Value, place: Place) -> Fit {
        if wanted.is_empty() {
            return if sent.is_empty() { Ok(()) } else { Err(format!("`()`, but it is `{}`", show(actual))) };
        }
        match place {
            Place::MessageFlags | Place::OpenFlags => {
                let open = place == Place::OpenFlags || wanted.contains(&Node::More);
                let found = flags(actual, place).ok_or_else(|| "a list of flags".to_owned())?;
                self.word_set(wanted, found, if open { Extent::Open } else { Extent::Exact })
                    .map_err(|miss| format!("{miss}, in `{}`", show(actual)))
            }
            Place::Body => self.sequence(wanted, sent, &place::of_body),
            Place::Params => self.sequence(wanted, sent, &|index, values| {
                let name = index.checked_sub(1).and_then(|name| values.get(name)).and_then(octets);
                let charset = name.is_some_and(|name| name.eq_ignore_ascii_case(b"CHARSET"));
                let nested = matches!(values.get(index), Some(Value::List(_)));
                match index % 2 {
                    0 => Place::Keyword,
                    _ if charset => Place::Keyword,
                    _ if nested => Place::Params,
                    _ => Place::Octets,
                }
            }),
            Place::InList => self.sequence(wanted, sent, &|_, _| Place::Number),
            Place::ObjectId => self.sequence(wanted, sent, &|_, _| Place::Octets),
            Place::Numbers => self.sequence(wanted, sent, &|_, _| Place::Numbers),
            Place::Number
            | Place::Set
            | Place::Date
            | Place::Octets
            | Place::Keyword
            | Place::Mailbox
            | Place::Delimiter
            | Place::Items
            | Place::Other => self.sequence(wanted, sent, &|_, _| Place::Other),
        }
    }

    /// In order and exact; `...` stands for any number of values, and what follows it takes the first fitting place.
    pub(super) fn sequence(&mut self, wanted: &[Node], sent: &[Value], by: &PlaceOf<'_>) -> Fit {
        let segments: Vec<&[Node]> = wanted.split(|node| *node == Node::More).collect();
        let last = segments.len() - 1;
        let mut at = 0;
        for (index, segment) in segments.iter().enumerate() {
            let latest = sent.len().checked_sub(segment.len()).filter(|latest| *latest >= at);
            let Some(latest) = latest else { return Err("more values than came".to_owned()) };
            if index == 0 && last == 0 && latest != 0 {
                return Err(format!("{} values, but there are {}", segment.len(), sent.len()));
            }
            let from = if index == last && last > 0 { latest } else { at };
            let to = if index == 0 { at } else { latest };
            let mut fit = Ok(());
            for start in from..=to {
                let mark = self.captures.len();
                fit = self.segment(segment, sent, start, by);
                if fit.is_ok() {
                    at = start + segment.len();
                    break;
                }
                self.rollback(mark);
            }
            fit?;
        }
        Ok(())
    }

    fn segment(&mut self, segment: &[Node], sent: &[Value], start: usize, by: &PlaceOf<'_>) -> Fit {
        let values = sent.get(start..).unwrap_or_default();
        segment
            .iter()
            .zip(values)
            .enumerate()
            .try_for_each(|(index, (node, value))| self.value(node, value, by(start + index, sent)))
    }

    /// Names with values, in any order and open.
    fn items(&mut self, name: &str, wanted: &[Node], sent: &[Value]) -> Fit {
        let mut rest = wanted.iter();
        while let Some(key) = rest.next() {
            let value = match key {
                Node::Any | Node::More | Node::Nil => continue,
                Node::List(_) => None,
                Node::Text(text) if name == "ESEARCH" && self.is_word(text, "UID") => None,
                Node::Text(_) | Node::Section { .. } => rest.next(),
            };
            let mut found = sent.iter();
            let mut fit = Err(format!("`{key}`, but it is not there"));
            while let Some(item) = found.next() {
                let bare = matches!(item, Value::List(_))
                    || (name == "ESEARCH" && octets(item).is_some_and(|word| word.eq_ignore_ascii_case(b"UID")));
                let content = if bare { None } else { found.next() };
                let mark = self.captures.len();
                if !self.key(key, item)? {
                    continue;
                }
                fit = match (value, content) {
                    (Some(node), Some(content)) => {
                        let key = octets(item).map(|word| String::from_utf8_lossy(&word).to_ascii_uppercase());
                        self.value(node, content, place::of_item(name, key.as_deref().unwrap_or_default()))
                            .map_err(|miss| format!("`{node}` for {}, but: {miss}", show(item)))
                    }
                    (None, _) | (_, None) => Ok(()),
                };
                if fit.is_ok() {
                    break;
                }
                self.rollback(mark);
            }
            fit?;
        }
        Ok(())
    }

    fn is_word(&self, text: &Text, word: &str) -> bool {
        self.render(text).is_ok_and(|octets| octets.eq_ignore_ascii_case(word.as_bytes()))
    }

    fn key(&mut self, key: &Node, item: &Value) -> Result<bool, String> {
        match (key, item) {
            (Node::Text(text), _) => {
                let wanted = self.render(text)?;
                Ok(octets(item).is_some_and(|found| wanted.eq_ignore_ascii_case(&found)))
            }
            (Node::List(wanted), Value::List(sent)) => Ok(self.sequence(wanted, sent, &|_, _| Place::Other).is_ok()),
            (Node::Section { item: name, spec, origin }, Value::Section { item, spec: sent, origin: found }) => {
                let wanted = self.render(spec)?;
                let origins = match (origin, found) {
                    (None, None) => true,
                    (Some(text), Some(found)) => self.leaf(text, &Value::Number(*found), Place::Number).is_ok(),
                    (None, Some(_)) | (Some(_), None) => false,
                };
                Ok(origins && name.eq_ignore_ascii_case(item) && section(&wanted) == section(sent))
            }
            (Node::Any | Node::More | Node::Nil | Node::List(_) | Node::Section { .. }, _) => Ok(false),
        }
    }

    /// Numbers and, behind them, `(MODSEQ n)`. RFC 7162 §3.1.5.
    fn with_mod_sequence(&mut self, name: &str, wanted: &[Node], sent: &[Value]) -> Fit {
        let (Some((Node::List(wanted_list), wanted)), Some((Value::List(list), sent))) =
            (wanted.split_last(), sent.split_last())
        else {
            return Err("a mod-sequence at the end".to_owned());
        };
        match name {
            "SEARCH" => self.numbers(wanted, sent)?,
            _ => self.sequence(wanted, sent, &|_, _| Place::Number)?,
        }
        self.sequence(wanted_list, list, &|index, _| if index == 0 { Place::Keyword } else { Place::Number })
    }

    fn metadata_names(&mut self, wanted: &[Node], sent: &[Value]) -> Fit {
        let (Some((mailbox, names)), Some((found, entries))) = (wanted.split_first(), sent.split_first()) else {
            return Err("a mailbox name".to_owned());
        };
        self.value(mailbox, found, Place::Mailbox)?;
        self.words(names, entries, Extent::Open)
    }

    pub(super) fn is_free(&self, node: &Node) -> bool {
        is_any(node) || matches!(node, Node::Text(text) if self.free(text).is_some())
    }

    fn words(&mut self, wanted: &[Node], sent: &[Value], extent: Extent) -> Fit {
        let found = sent.iter().filter_map(octets).map(|word| String::from_utf8_lossy(&word).to_ascii_lowercase());
        self.word_set(wanted, found.collect(), extent)
    }

    /// Words without order and case. What has a value is taken first, the rest goes to `_` and to captures.
    fn word_set(&mut self, wanted: &[Node], mut found: BTreeSet<String>, extent: Extent) -> Fit {
        let (free, fixed): (Vec<&Node>, Vec<&Node>) = wanted.iter().partition(|node| self.is_free(node));
        for node in fixed {
            let Node::Text(text) = node else { return Err(format!("`{node}`, which is no word")) };
            let word = String::from_utf8_lossy(&self.render(text)?).to_ascii_lowercase();
            if !found.remove(&word) {
                return Err(format!("`{text}`, but it is not there"));
            }
        }
        for node in free.into_iter().filter(|node| **node != Node::More) {
            let Some(word) = found.pop_first() else { return Err(format!("`{node}`, but nothing is left")) };
            if let Node::Text(text) = node {
                let var = self.free(text).cloned();
                var.iter().for_each(|var| self.bind(var, Bound::octets(word.as_str())));
            }
        }
        match (extent, found.first()) {
            (Extent::Exact, Some(word)) => Err(format!("no `{word}`, but it is there")),
            (Extent::Exact, None) | (Extent::Open, _) => Ok(()),
        }
    }

    /// The numbers of SEARCH as one set.
    fn numbers(&mut self, wanted: &[Node], sent: &[Value]) -> Fit {
        let found: Option<BTreeSet<u64>> =
            sent.iter().map(|value| octets(value).and_then(|text| Bound::octets(text.as_ref()).as_number())).collect();
        let mut found = found.ok_or_else(|| "numbers".to_owned())?;
        let (free, fixed): (Vec<&Node>, Vec<&Node>) = wanted.iter().partition(|node| self.is_free(node));
        let mut ranges = Vec::new();
        for node in fixed {
            let Node::Text(text) = node else { return Err(format!("`{node}`, which is no number")) };
            let set = Bound::Octets(self.render(text)?).as_set().ok_or_else(|| format!("`{text}`, which is no set"))?;
            ranges.extend_from_slice(set.ranges());
        }
        let set = NumberSet::from_ranges(ranges);
        let before = found.len() as u64;
        for (low, high) in set.ranges() {
            let inside: Vec<u64> = found.range(low..=high).copied().collect();
            inside.iter().for_each(|number| {
                found.remove(number);
            });
        }
        if before - found.len() as u64 != set.count() {
            return Err(format!("all of `{set}`"));
        }
        for node in free.iter().filter(|node| ***node != Node::More) {
            let number = found.pop_first().ok_or_else(|| format!("`{node}`, but nothing is left"))?;
            if let Node::Text(text) = node {
                let var = self.free(text).cloned();
                var.iter().for_each(|var| self.bind(var, Bound::Number(number)));
            }
        }
        if found.is_empty() || wanted.contains(&Node::More) { Ok(()) } else { Err("no further numbers".to_owned()) }
    }
}

/// Which place an index has among the values that came.
type PlaceOf<'a> = dyn Fn(usize, &[Value]) -> Place + 'a;

/// Whether more than what is named may be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    Exact,
    Open,
}

/// A section text without case and quotes; the order of header names says nothing.
fn section(spec: &[u8]) -> (String, BTreeSet<String>) {
    let text = String::from_utf8_lossy(spec).to_ascii_uppercase().replace('"', "");
    let (head, names) = text.split_once('(').unwrap_or((text.as_str(), ""));
    let names = names.trim_end_matches(')').split_whitespace().map(str::to_owned).collect();
    (head.trim().to_owned(), names)
}

/// `((1))` is `(1)`, and `(1 (2))` is `(1 2)`: parentheses that part nothing are dropped.
fn plain_tree(tree: &Value) -> Value {
    let Value::List(values) = tree else { return tree.clone() };
    let mut values: Vec<Value> = values.iter().map(plain_tree).collect();
    let lists = values.iter().filter(|value| matches!(value, Value::List(_))).count();
    if lists == 1
        && let Some(Value::List(inner)) = values.pop_if(|last| matches!(last, Value::List(_)))
    {
        values.extend(inner);
    }
    Value::List(values)
}

fn plain_thread(tree: &Node) -> Node {
    let Node::List(values) = tree else { return tree.clone() };
    let mut values: Vec<Node> = values.iter().map(plain_thread).collect();
    let lists = values.iter().filter(|value| matches!(value, Node::List(_))).count();
    if lists == 1
        && let Some(Node::List(inner)) = values.pop_if(|last| matches!(last, Node::List(_)))
    {
        values.extend(inner);
    }
    Node::List(values)
}
