//! Answers and checks.

use std::time::Duration;

use crate::base::{RequirementId, Template};
use crate::scenario::{Answer, BoxPattern, Check, End, Expect, Factor, Item, Line, Mark, Operator, Term};

/// All alternatives of an answer, parted by `or`.
pub(super) fn answer_text(answer: &Answer) -> String {
    let alternatives = answer.alternatives.iter().map(|alternative| {
        let lines = alternative.lines.iter().map(line_text);
        lines.chain(alternative.end.map(end_word).map(str::to_owned)).collect::<Vec<_>>().join("\n")
    });
    alternatives.collect::<Vec<_>>().join("\nor\n")
}

/// One line of an answer, as it stands in `S`.
pub fn line_text(line: &Line) -> String {
    let mark = match line.mark {
        Mark::Plain => "",
        Mark::Not => "! ",
        Mark::Then => "then ",
        Mark::NoOther => "no other ",
    };
    let items = line.items.iter().map(item_text).collect::<Vec<_>>().join(" | ");
    format!("{mark}{items}{}", tail(line.judges.as_ref(), line.remark.as_deref()))
}

/// One line of `check`.
pub fn check_text(check: &Check) -> String {
    let operator = match check.op {
        Operator::Equal => "=",
        Operator::NotEqual => "!=",
        Operator::Greater => ">",
        Operator::GreaterOrEqual => ">=",
        Operator::In => "in",
        Operator::NotIn => "not in",
        Operator::Delivers => "delivers",
    };
    let (left, right) = (term_text(&check.left), term_text(&check.right));
    format!("{left} {operator} {right}{}", tail(check.judges.as_ref(), check.remark.as_deref()))
}

/// A duration in the suite's spelling: `500ms`, `2s`, `9m50s`. Less than a millisecond is dropped.
pub fn duration_text(duration: Duration) -> String {
    if duration.subsec_millis() != 0 {
        return format!("{}ms", duration.as_millis());
    }
    match (duration.as_secs() / 60, duration.as_secs() % 60) {
        (0, seconds) => format!("{seconds}s"),
        (minutes, 0) => format!("{minutes}m"),
        (minutes, seconds) => format!("{minutes}m{seconds}s"),
    }
}

/// A text in double quotes with the escapes of patterns.
pub(super) fn string_text(text: &Template) -> String {
    // A quote stands in the text of a template only: neither an escape nor a variable name holds one.
    format!("\"{}\"", text.to_octets_text().replace('"', "\\\""))
}

fn end_word(end: End) -> &'static str {
    match end {
        End::Done => "done",
        End::Skip => "skip",
    }
}

fn tail(judges: Option<&RequirementId>, remark: Option<&str>) -> String {
    let judges = judges.map(|id| format!(" @{id}")).unwrap_or_default();
    let remark = remark.map(|remark| format!(" ; {remark}")).unwrap_or_default();
    judges + &remark
}

fn item_text(item: &Item) -> String {
    let end = item.end.map(|end| format!(", {}", end_word(end))).unwrap_or_default();
    expect_text(&item.expect) + &end
}

fn expect_text(expect: &Expect) -> String {
    match expect {
        Expect::Smtp(pattern) => pattern.to_string(),
        Expect::Pop3(pattern) => pattern.to_string(),
        Expect::Imap(pattern) => pattern.to_string(),
        Expect::Box(BoxPattern::Count(number)) => format!("{number} messages"),
        Expect::Box(BoxPattern::Message { subject, capture }) => {
            let capture = capture.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
            format!("message {}{capture}", string_text(subject))
        }
        Expect::Closed => "closed".to_owned(),
        Expect::Silence(duration) => format!("silence {}", duration_text(*duration)),
        Expect::Open(duration) => format!("open {}", duration_text(*duration)),
        Expect::Tls => "tls".to_owned(),
        Expect::Codes(name) => name.to_string(),
    }
}

fn term_text(term: &Term) -> String {
    term.0.iter().map(factor_text).collect::<Vec<_>>().join(" + ")
}

fn factor_text(factor: &Factor) -> String {
    match factor {
        Factor::Number(number) => number.to_string(),
        Factor::Text(text) => string_text(text),
        Factor::Var(name) => name.to_string(),
        Factor::Count(name) => format!("count({name})"),
        Factor::Slice { of, from, length } => {
            format!("slice({of}, {}, {})", factor_text(from), factor_text(length))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_short() {
        let table = [(500, "500ms"), (2000, "2s"), (590_000, "9m50s"), (600_000, "10m"), (1500, "1500ms"), (0, "0s")];
        for (millis, text) in table {
            assert_eq!(duration_text(Duration::from_millis(millis)), text);
        }
    }
}
