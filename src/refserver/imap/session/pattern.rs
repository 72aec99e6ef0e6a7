//! Patterns of LIST and LSUB (RFC 3501 §6.3.8).

use crate::refserver::store::SEPARATOR;

/// Whether a pattern fits a name: `*` stands for any characters, `%` for any but the separator. A first level INBOX fits in
/// any case.
pub(super) fn matches(pattern: &[u8], name: &str) -> bool {
    let pattern = simplified(pattern);
    // Each level but the last takes its separator with it, so that no other character can match two in the pattern.
    if pattern.iter().filter(|&&c| c != b'*' && c != b'%').count() > name.len() {
        return false;
    }
    let folded = if name.split(SEPARATOR).next() == Some("INBOX") { "INBOX".len() } else { 0 };
    let name = name.as_bytes();
    // `reached[n]`: the pattern so far fits the first `n` characters.
    let mut reached = vec![false; name.len() + 1];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    for &wanted in &pattern {
        reached = after(wanted, &reached, name, folded);
    }
    reached.last() == Some(&true)
}

/// What is reached after one more character of the pattern.
fn after(wanted: u8, reached: &[bool], name: &[u8], folded: usize) -> Vec<bool> {
    let is_wildcard = wanted == b'*' || wanted == b'%';
    let mut next = Vec::with_capacity(reached.len());
    next.push(is_wildcard && reached.first() == Some(&true));
    for ((at, &c), (&before, &here)) in name.iter().enumerate().zip(reached.iter().zip(reached.iter().skip(1))) {
        let went_on = next.last() == Some(&true);
        next.push(match wanted {
            b'*' => here || went_on,
            b'%' => here || (went_on && char::from(c) != SEPARATOR),
            wanted => before && (c == wanted || (at < folded && c.eq_ignore_ascii_case(&wanted))),
        });
    }
    next
}

/// Wildcards side by side are one.
fn simplified(pattern: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::new();
    for &c in pattern {
        match (out.last_mut(), c) {
            (Some(b'*'), b'*' | b'%') | (Some(b'%'), b'%') => {}
            (Some(last @ b'%'), b'*') => *last = b'*',
            (_, c) => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refserver::store::MailboxName;

    #[test]
    fn wildcards_fit_as_the_standard_says() {
        let table = [
            ("*", "a/b", true),
            ("%", "a/b", false),
            ("%", "a", true),
            ("%/%", "a/b", true),
            ("%/%", "a/b/c", false),
            ("a*c", "a/b/c", true),
            ("a%c", "a/b/c", false),
            ("a%c", "abc", true),
            ("a/%", "a", false),
            ("a/*", "a/", false),
            ("*/c", "a/b/c", true),
            ("%*", "a/b", true),
            ("*%*%**", "a/b", true),
            ("", "a", false),
            ("A", "a", false),
            ("inbox", "INBOX", true),
            ("iNb%", "INBOX", true),
            ("inbox/x", "inbox/x", true),
            ("inbox/X", "inbox/x", false),
            ("inboxes", "INBOXes", false),
            ("b*", "ab", false),
        ];
        for (pattern, name, expected) in table {
            if let Ok(name) = MailboxName::parse(name.as_bytes()) {
                assert_eq!(matches(pattern.as_bytes(), name.as_str()), expected, "{pattern} {name}");
            }
        }
    }

    #[test]
    fn long_patterns_take_no_long_time() {
        let name = "a".repeat(1000);
        assert!(!matches("a*".repeat(30_000).as_bytes(), &name));
        assert!(!matches(format!("{}b", "a*".repeat(900)).as_bytes(), &name));
        assert!(matches("*%".repeat(30_000).as_bytes(), &name));
    }
}
