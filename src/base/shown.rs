//! Characters that must not reach a terminal as they are, whoever wrote them.

/// Whether a terminal obeys the character, or it hides or reorders text: controls, bidi and zero-width characters; and the
/// two that are none and that XML refuses.
pub fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether YAML can carry the character in double quotes only, as an escape, so that nobody overlooks it: controls but for
/// tab and line ends, line breaks of Unicode, a byte order mark, what is no character. YAML 1.2 §5.1, §5.2, §5.4.
pub fn is_escaped_in_yaml(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// The text with U+FFFD for each such character and a blank for each tab. It has as many characters, so a caret below it
/// stands where it did.
pub fn as_shown(text: &str) -> String {
    let shown = |c| match c {
        '\t' => ' ',
        c if is_obeyed(c) => '\u{fffd}',
        c => c,
    };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_obeyed_is_replaced_one_by_one() {
        assert_eq!(
            as_shown("a\t\u{1b}[2J\u{9b}\u{202e}\u{200b}\u{feff}\u{e9}"),
            "a \u{fffd}[2J\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{e9}"
        );
    }
}
