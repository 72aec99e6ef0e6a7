//! The base subject (RFC 5256 §2.1).

/// Whether a subject tells of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// Something that marks replies and forwards was removed (RFC 5256 §3, REFERENCES).
    Answer,
    /// Nothing of the kind was there.
    First,
}

/// What is left of a decoded subject without the marks of mail user agents.
pub(super) fn base_subject(subject: &str) -> (String, Origin) {
    let squeezed = squeezed(subject);
    let mut rest = squeezed.as_str();
    let mut origin = Origin::First;
    loop {
        (rest, origin) = without_trailers(rest, origin);
        (rest, origin) = without_leaders(rest, origin);
        match strip_prefix(rest, "[fwd:").and_then(|inner| inner.strip_suffix(']')) {
            Some(inner) => (rest, origin) = (inner, Origin::Answer),
            None => return (rest.to_owned(), origin),
        }
    }
}

/// Step 1: tabs are blanks, and one blank is enough.
fn squeezed(subject: &str) -> String {
    let mut out = String::with_capacity(subject.len());
    for c in subject.chars().map(|c| if c == '\t' { ' ' } else { c }) {
        if !(c == ' ' && out.ends_with(' ')) {
            out.push(c);
        }
    }
    out
}

/// Step 2, `subj-trailer`.
fn without_trailers(mut rest: &str, mut origin: Origin) -> (&str, Origin) {
    loop {
        rest = rest.trim_end_matches(' ');
        match strip_suffix(rest, "(fwd)") {
            Some(before) => (rest, origin) = (before, Origin::Answer),
            None => return (rest, origin),
        }
    }
}

/// Steps 3 to 5, `subj-leader` and `subj-blob`.
fn without_leaders(mut rest: &str, mut origin: Origin) -> (&str, Origin) {
    loop {
        rest = rest.trim_start_matches(' ');
        if let Some(after) = leader(rest) {
            (rest, origin) = (after, Origin::Answer);
        } else if let Some(after) = blob(rest).filter(|after| !after.is_empty()) {
            rest = after;
        } else {
            return (rest, origin);
        }
    }
}

/// `*subj-blob subj-refwd`.
fn leader(mut rest: &str) -> Option<&str> {
    while let Some(after) = blob(rest) {
        rest = after;
    }
    let after = ["re", "fwd", "fw"].into_iter().find_map(|mark| strip_prefix(rest, mark))?.trim_start_matches(' ');
    blob(after).unwrap_or(after).strip_prefix(':')
}

/// `[` without brackets inside `]` and blanks.
fn blob(rest: &str) -> Option<&str> {
    let inside = rest.strip_prefix('[')?;
    let end = inside.find(['[', ']'])?;
    Some(inside.get(end..)?.strip_prefix(']')?.trim_start_matches(' '))
}

fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn strip_suffix<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let (rest, tail) = text.split_at_checked(text.len().checked_sub(suffix.len())?)?;
    tail.eq_ignore_ascii_case(suffix).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_removed_and_words_are_not() {
        use Origin::{Answer, First};
        let table = [
            ("bravo", "bravo", First),
            ("  two\t\twords ", "two words", First),
            ("Re: Fwd:bravo", "bravo", Answer),
            ("RE [2] : bravo", "bravo", Answer),
            ("fw: bravo", "bravo", Answer),
            ("bravo (fwd) (FWD) ", "bravo", Answer),
            ("[list] bravo", "bravo", First),
            ("[a] [b] re: bravo", "bravo", Answer),
            ("[list]", "[list]", First),
            ("re: [list]", "[list]", Answer),
            ("[fwd: re: bravo]", "bravo", Answer),
            ("[FWD:[fwd: bravo (fwd)]]", "bravo", Answer),
            ("[fwd: bravo", "[fwd: bravo", First),
            ("[fwd:]", "", Answer),
            ("regarding: bravo", "regarding: bravo", First),
            ("re", "re", First),
            ("re:", "", Answer),
            ("(fwd)", "", Answer),
            ("[[a] b] c", "[[a] b] c", First),
            ("", "", First),
            ("größe", "größe", First),
        ];
        for (subject, base, origin) in table {
            assert_eq!(base_subject(subject), (base.to_owned(), origin), "{subject}");
        }
    }
}
