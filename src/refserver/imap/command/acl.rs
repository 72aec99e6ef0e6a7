//! Access control lists (RFC 4314 §7).

use unicode_normalization::UnicodeNormalization;

use super::cursor::{Cursor, ParseError, Parsed};
use crate::refserver::store::{Rights, RightsChange};

/// Commands of RFC 4314 §3. Identifiers are prepared (§3), but for that of LISTRIGHTS, which comes back as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants and fields are the words of RFC 4314 §3")]
pub enum AclCommand {
    SetAcl { mailbox: Vec<u8>, identifier: String, change: RightsChange, rights: Rights },
    DeleteAcl { mailbox: Vec<u8>, identifier: String },
    GetAcl { mailbox: Vec<u8> },
    ListRights { mailbox: Vec<u8>, given: Vec<u8>, identifier: String },
    MyRights { mailbox: Vec<u8> },
}

/// What follows one of these commands.
pub(super) fn acl(cursor: &mut Cursor<'_>, name: &str) -> Parsed<AclCommand> {
    let mailbox = cursor.astring()?;
    Ok(match name {
        "GETACL" => AclCommand::GetAcl { mailbox },
        "MYRIGHTS" => AclCommand::MyRights { mailbox },
        name => {
            cursor.space()?;
            let given = cursor.astring()?;
            let identifier = prepared(&given).ok_or(ParseError::Expected("an identifier"))?;
            match name {
                "DELETEACL" => AclCommand::DeleteAcl { mailbox, identifier },
                "LISTRIGHTS" => AclCommand::ListRights { mailbox, given, identifier },
                _ => {
                    cursor.space()?;
                    let (change, rights) = mod_rights(&cursor.astring()?)?;
                    AclCommand::SetAcl { mailbox, identifier, change, rights }
                }
            }
        }
    })
}

/// RFC 4314 §3.1: a right that is not known makes the command a wrong one.
fn mod_rights(text: &[u8]) -> Parsed<(RightsChange, Rights)> {
    let (change, letters) = match text.split_first() {
        Some((b'+', letters)) => (RightsChange::Add, letters),
        Some((b'-', letters)) => (RightsChange::Remove, letters),
        Some(_) | None => (RightsChange::Replace, text),
    };
    let rights = Rights::parse(letters).ok_or(ParseError::Expected("rights that are known"))?;
    Ok((change, rights))
}

/// An identifier as SASLprep leaves it (RFC 4013 §2), behind the `-` of negative rights if it has one; nothing if it is empty then
/// or has what is prohibited. Text that runs both ways is taken as it is.
fn prepared(given: &[u8]) -> Option<String> {
    let text = str::from_utf8(given).ok()?;
    let (sign, name) = text.strip_prefix('-').map_or(("", text), |name| ("-", name));
    let mapped = name.chars().filter(|c| !is_mapped_to_nothing(*c)).map(|c| if is_blank(c) { ' ' } else { c });
    let name: String = mapped.nfkc().collect();
    (!name.is_empty() && !name.chars().any(is_prohibited)).then(|| format!("{sign}{name}"))
}

/// RFC 3454 table B.1.
fn is_mapped_to_nothing(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{1806}' | '\u{180b}'..='\u{180d}' | '\u{200b}'..='\u{200d}' | '\u{2060}')
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// RFC 3454 table C.1.2.
fn is_blank(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

/// RFC 3454 tables C.2 to C.9 without surrogates, which are no characters here.
fn is_prohibited(c: char) -> bool {
    let kept_for_others = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..);
    let no_character = matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe;
    let changes_display = matches!(c, '\u{340}' | '\u{341}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{206a}'..='\u{206f}' | '\u{fff9}'..='\u{fffd}' | '\u{2ff0}'..='\u{2ffb}')
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{6dd}' | '\u{70f}' | '\u{180e}' | '\u{e0000}'..='\u{e007f}');
    c.is_control() || kept_for_others || no_character || changes_display
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_prepared() {
        let table: [(&[u8], Option<&str>); 10] = [
            (b"bob", Some("bob")),
            (b"-bob", Some("-bob")),
            ("\u{2168}".as_bytes(), Some("IX")),
            ("I\u{ad}X".as_bytes(), Some("IX")),
            ("a\u{a0}b".as_bytes(), Some("a b")),
            (b"", None),
            (b"-", None),
            ("\u{ad}".as_bytes(), None),
            (b"a\x07", None),
            (b"\xff", None),
        ];
        for (given, expected) in table {
            assert_eq!(prepared(given).as_deref(), expected, "{given:?}");
        }
    }
}
