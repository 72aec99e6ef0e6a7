//! One line of an answer or check: mark, items, `@ID`, remark. docs/suite-language.md section 7.

use std::ops::Range;

use super::text::Text;
use crate::base::RequirementId;
use crate::scenario::{End, Mark};

/// A line taken apart, nothing parsed yet.
#[derive(Debug)]
pub(super) struct Parted {
    /// How it counts.
    pub(super) mark: Mark,
    /// What stands between ` | `, with what it ends.
    pub(super) items: Vec<(Text, Option<End>)>,
    /// ` @ID`, with its place in the line.
    pub(super) judges: Option<(RequirementId, Range<usize>)>,
    /// Behind ` ; `.
    pub(super) remark: Option<String>,
}

/// An id with its place in the line.
type Cited = (RequirementId, Range<usize>);

/// Takes a line apart. What stands in double quotes is never split.
pub(super) fn part(line: &Text) -> Parted {
    let text = line.as_str();
    let (mark, start) = mark_of(text);
    let (rest, judges, remark) = tail(line, start);
    let items = split_items(&rest).into_iter().map(|item| ending(&item)).collect();
    Parted { mark, items, judges, remark }
}

/// Splits remark and id from the end; what is left begins at `start`.
pub(super) fn tail(line: &Text, start: usize) -> (Text, Option<Cited>, Option<String>) {
    let text = line.as_str();
    let quoted = quoted(text);
    let mut end = text.len();
    let mut remark = None;
    let found =
        find_outside(text, " ;", start.saturating_sub(1), &quoted, |after| after.is_empty() || after.starts_with(' '));
    if let Some(at) = found {
        remark = text.get(at + 2..).map(|rest| rest.trim().to_owned());
        end = at;
    }
    let body = text.get(..end).unwrap_or_default().trim_end_matches(' ');
    let mut judges = None;
    let mut stop = body.len();
    if let Some(at) = body.rfind(" @").filter(|at| *at + 1 >= start && !is_quoted(&quoted, *at))
        && let Ok(id) = body.get(at + 2..).unwrap_or_default().parse::<RequirementId>()
    {
        judges = Some((id, at + 1..body.len()));
        stop = at;
    }
    // A line of octet text keeps its blanks, unless an id or remark follows them.
    let cut = judges.is_some() || remark.is_some();
    let kept = if cut { body.get(..stop).unwrap_or_default().trim_end_matches(' ').len() } else { text.len() };
    (line.slice(start..kept.max(start)), judges, remark)
}

fn mark_of(text: &str) -> (Mark, usize) {
    for (word, mark) in [("! ", Mark::Not), ("then ", Mark::Then), ("no other ", Mark::NoOther)] {
        if let Some(rest) = text.strip_prefix(word) {
            let blanks = rest.len() - rest.trim_start_matches(' ').len();
            return (mark, word.len() + blanks);
        }
    }
    (Mark::Plain, 0)
}

fn split_items(text: &Text) -> Vec<Text> {
    let all = text.as_str();
    let quoted = quoted(all);
    let mut items = Vec::new();
    let mut start = 0;
    while let Some(at) = find_outside(all, " | ", start, &quoted, |_| true) {
        items.push(text.slice(start..at).trim());
        start = at + 3;
    }
    if items.is_empty() { vec![text.clone()] } else { [items, vec![text.slice(start..all.len()).trim()]].concat() }
}

fn ending(item: &Text) -> (Text, Option<End>) {
    let text = item.as_str().trim_end_matches(' ');
    for (word, end) in [(", done", End::Done), (", skip", End::Skip)] {
        if let Some(rest) = text.strip_suffix(word) {
            return (item.slice(0..rest.trim_end_matches(' ').len()), Some(end));
        }
    }
    (item.clone(), None)
}

/// The ranges in double quotes. A quote that is never closed protects nothing.
pub(super) fn quoted(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut open = None;
    let mut escaped = false;
    for (at, octet) in text.bytes().enumerate() {
        match (octet, open) {
            _ if escaped => escaped = false,
            (b'\\', Some(_)) => escaped = true,
            (b'"', None) => open = Some(at),
            (b'"', Some(start)) => {
                ranges.push(start..at + 1);
                open = None;
            }
            _ => {}
        }
    }
    ranges
}

pub(super) fn is_quoted(quoted: &[Range<usize>], at: usize) -> bool {
    quoted.iter().any(|range| range.contains(&at))
}

fn find_outside(
    text: &str,
    needle: &str,
    from: usize,
    quoted: &[Range<usize>],
    accept: impl Fn(&str) -> bool,
) -> Option<usize> {
    let mut at = from;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find(needle)).map(|offset| at + offset) {
        if !is_quoted(quoted, found) && accept(text.get(found + needle.len()..).unwrap_or_default()) {
            return Some(found);
        }
        at = found + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::base::SourceFile;

    fn shown(line: &str) -> String {
        let file = Arc::new(SourceFile { name: "a".to_owned(), text: line.to_owned() });
        let parted = part(&Text::exact(&file, 0, line));
        let items: Vec<String> = parted.items.iter().map(|(text, end)| format!("{}/{end:?}", text.as_str())).collect();
        let id = parted.judges.map(|(id, _)| id.to_string());
        format!("{:?} {items:?} {id:?} {:?}", parted.mark, parted.remark)
    }

    #[test]
    fn lines_are_parted_outside_of_quotes() {
        let table = [
            ("250 | 5xx, done ; fine", r#"Plain ["250/None", "5xx/Some(Done)"] None Some("fine")"#),
            ("! 250-X @rfc-1", r#"Not ["250-X/None"] Some("rfc-1") None"#),
            ("no other * LIST ...", r#"NoOther ["* LIST .../None"] None None"#),
            ("354  @rfc-1 ; x ; y", r#"Plain ["354/None"] Some("rfc-1") Some("x ; y")"#),
            (r#"message "a | b ; c @d""#, r#"Plain ["message \"a | b ; c @d\"/None"] None None"#),
            ("Subject: x@Y.test ", r#"Plain ["Subject: x@Y.test /None"] None None"#),
            ("it\"s | so", r#"Plain ["it\"s/None", "so/None"] None None"#),
            ("", r#"Plain ["/None"] None None"#),
        ];
        for (line, wanted) in table {
            assert_eq!(shown(line), wanted, "{line}");
        }
    }
}
