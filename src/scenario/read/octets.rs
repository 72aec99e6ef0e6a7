//! Octets: `send`, `data`, `bdat` and the values of `let`. docs/suite-language.md section 4.

use std::sync::Arc;

use super::fields;
use super::library::Library;
use super::mistakes::Mistakes;
use super::text::Text;
use super::tree::{Map, Node, Scalar};
use super::uses::{Use, plain_uses};
use crate::base::{ByteString, Piece, SourceFile, Template, VarRef};
use crate::scenario::Value;

/// Reads octets: line breaks of the YAML text are CRLF.
pub(super) fn template(scalar: &Scalar, mistakes: &mut Mistakes) -> Option<(Template, Vec<Use>)> {
    fields::style(scalar, mistakes);
    let template = match Template::parse_octets(scalar.as_str()) {
        Ok(template) => template,
        Err(mistake) => {
            mistakes.of(&scalar.text, mistake);
            return None;
        }
    };
    let uses = plain_uses(&scalar.text);
    if !scalar.as_str().contains('\n') {
        return Some((template, uses));
    }
    // A written line break is CRLF, an escaped one (`\n`) is not: the text is read line by line.
    let mut pieces = Vec::new();
    for (index, line) in scalar.as_str().split('\n').enumerate() {
        if index > 0 {
            pieces.push(Piece::Text("\r\n".into()));
        }
        pieces.extend(Template::parse_octets(line).ok()?.pieces().iter().cloned());
    }
    Some((Template::from_pieces(pieces), uses))
}

/// Octets as one text or, for `send`, as a list of segments.
pub(super) fn segments(
    node: &Node,
    what: &str,
    mistakes: &mut Mistakes,
) -> Option<(Vec<Template>, Vec<Use>, Vec<Text>)> {
    let nodes = match node {
        Node::Scalar(_) => std::slice::from_ref(node),
        Node::List(list) if !list.items.is_empty() => list.items.as_slice(),
        Node::List(_) | Node::Map(_) => {
            mistakes.say(node.span(), format!("{what} is a text or a list of texts"));
            return None;
        }
    };
    let (mut templates, mut uses, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    let mut complete = true;
    for node in nodes {
        let read = fields::scalar(node, what, mistakes).and_then(|scalar| {
            texts.push(scalar.text.clone());
            template(scalar, mistakes)
        });
        complete &= read.is_some();
        if let Some((template, found)) = read {
            templates.push(template);
            uses.extend(found);
        }
    }
    complete.then_some((templates, uses, texts))
}

/// A value of `let` with the variables it is made from.
#[derive(Debug, Clone)]
pub(super) struct Let {
    pub(super) name: VarRef,
    pub(super) value: Value,
    pub(super) uses: Vec<Use>,
    pub(super) span: crate::base::Span,
}

/// Reads a `let` map.
pub(super) fn values(node: &Node, file: &SourceFile, library: &Library<'_>, mistakes: &mut Mistakes) -> Vec<Let> {
    let Some(map) = fields::map(node, "`let`", mistakes) else { return Vec::new() };
    let mut all = Vec::new();
    for (key, node) in &map.entries {
        let Some(name) = name(key, mistakes) else { continue };
        if let Some((value, uses)) = value(node, file, library, mistakes) {
            all.push(Let { name, value, uses, span: key.span.clone() });
        }
    }
    all
}

/// A name of a variable that a suite gives.
pub(super) fn name(key: &Scalar, mistakes: &mut Mistakes) -> Option<VarRef> {
    let word = key.as_str();
    let plain = !word.is_empty() && word.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-');
    let var = VarRef::new(word).filter(|_| plain);
    if var.is_none() {
        mistakes.say(&key.span, format!("`{word}` is not a variable name: lower case, digits and hyphens"));
    }
    var
}

fn value(node: &Node, file: &SourceFile, library: &Library<'_>, mistakes: &mut Mistakes) -> Option<(Value, Vec<Use>)> {
    match node {
        Node::Scalar(_) => {
            let (octets, uses) = template(fields::scalar(node, "a value", mistakes)?, mistakes)?;
            Some((Value::Octets(octets), uses))
        }
        Node::List(_) => {
            let (lines, uses, _) = segments(node, "a value", mistakes)?;
            Some((Value::Lines(lines), uses))
        }
        Node::Map(map) => made(map, file, library, mistakes),
    }
}

/// The keys of a value that is made.
pub(in crate::scenario) const MADE_KEYS: [&str; 5] = ["repeat", "times", "base64", "md5", "file"];

/// `{ repeat: …, times: … }`, `{ base64: … }`, `{ md5: … }`, `{ file: … }`.
fn made(map: &Map, file: &SourceFile, library: &Library<'_>, mistakes: &mut Mistakes) -> Option<(Value, Vec<Use>)> {
    const FORMS: [&str; 4] = ["repeat", "base64", "md5", "file"];
    fields::only(map, &MADE_KEYS, "a value", mistakes);
    let forms: Vec<&str> = FORMS.into_iter().filter(|form| map.get(form).is_some()).collect();
    let [form] = forms.as_slice() else {
        mistakes.say(&map.head(), "a value is a text, or one of `repeat` with `times`, `base64`, `md5`, `file`");
        return None;
    };
    if map.get("times").is_some() != (*form == "repeat") {
        mistakes.say(&map.head(), "`repeat` and `times` go together");
        return None;
    }
    let scalar = fields::scalar(map.get(form)?, &format!("`{form}`"), mistakes)?;
    match *form {
        "file" => load(scalar, file, library, mistakes).map(|value| (value, Vec::new())),
        "base64" => template(scalar, mistakes).map(|(octets, uses)| (Value::Base64(octets), uses)),
        "md5" => template(scalar, mistakes).map(|(octets, uses)| (Value::Md5(octets), uses)),
        _ => {
            let (what, mut uses) = template(scalar, mistakes)?;
            let count = fields::dialogue(map.get("times")?, "`times`", mistakes)?;
            let digits = !count.as_str().is_empty() && count.as_str().bytes().all(|c| c.is_ascii_digit());
            let times = Template::parse_line(count.as_str()).ok().filter(|times| digits || times.as_var().is_some());
            if times.is_none() {
                mistakes.add(count.text.mistake(0..count.text.len(), "`times` is a number or one variable"));
            }
            let number = Some(crate::base::Type::Number);
            uses.extend(plain_uses(&count.text).into_iter().map(|one| Use { kind: number, ..one }));
            Some((Value::Repeat { what, times: times? }, uses))
        }
    }
}

fn load(scalar: &Scalar, file: &SourceFile, library: &Library<'_>, mistakes: &mut Mistakes) -> Option<Value> {
    match library.files.load(file, scalar.as_str()) {
        Ok((_, octets)) => Some(Value::File { path: scalar.as_str().to_owned(), octets: ByteString::from(octets) }),
        Err(error) => {
            let message = format!("cannot read `{}`: {error}", scalar.as_str());
            mistakes.add(scalar.text.mistake(0..scalar.text.len(), message));
            None
        }
    }
}

/// A file of fragments, as text.
pub(super) fn load_source(
    path: &Scalar,
    file: &SourceFile,
    library: &Library<'_>,
    mistakes: &mut Mistakes,
) -> Option<Arc<SourceFile>> {
    let word = path.as_str();
    if let Some(name) = word.strip_prefix("std:") {
        let found = library.fragments.get(name).cloned();
        if found.is_none() {
            let guess = crate::base::closest(name, library.fragments.keys().map(String::as_str));
            let hint = guess.map_or_else(String::new, |guess| format!("; did you mean `std:{guess}`?"));
            mistakes.add(path.text.mistake(0..word.len(), format!("no shipped fragments `{word}`{hint}")));
        }
        return found;
    }
    let loaded = library.files.load(file, word).and_then(|(name, octets)| {
        let text = String::from_utf8(octets).map_err(|_| "it is not UTF-8".to_owned())?;
        Ok(Arc::new(SourceFile { name, text }))
    });
    match loaded {
        Ok(source) => Some(source),
        Err(error) => {
            mistakes.add(path.text.mistake(0..word.len(), format!("cannot read `{word}`: {error}")));
            None
        }
    }
}
