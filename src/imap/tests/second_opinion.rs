//! The same lines read by imap-codec. Where the two differ, a table says why.

use imap_codec::decode::Decoder;
use imap_codec::{GreetingCodec, ResponseCodec};

use super::corpus::{BOTH, NONE, REV1, REV2, lines};
use crate::imap::{Revision, parse};

/// Why a line that begins so, or holds it, is read differently.
const EXPLAINED: &[(&str, &str)] = &[
    ("* OK [unclosed", "RFC 3501 §9: text may begin with a bracket"),
    ("NonExistent)", "RFC 5258 §6: extension data; its extension is not compiled in there"),
    ("* LIST () \"/\" \"new\" (OLDNAME", "RFC 5465 §8, RFC 9051 §9: extension data"),
    ("* LIST () \"/\" \"a\" ()", "RFC 5258 §6: extension data may be empty"),
    ("* STATUS x (UID", "RFC 8438, RFC 7162 §7: SIZE and HIGHESTMODSEQ; RFC 3501 lets UIDNEXT be a number, so 0"),
    ("* STATUS x (APPENDLIMIT", "RFC 7889 §5, RFC 8474 §7, RFC 9208 §7: further items"),
    ("* STATUS x (X-NEW", "RFC 4466 §2.5: items of extensions to come"),
    ("* SEARCH 2 5 6 (MODSEQ", "RFC 7162 §7 extends SEARCH"),
    ("* SORT 2 3 (MODSEQ", "RFC 7162 §7 extends SORT"),
    ("* ESEARCH", "RFC 4466 §2.6.2: not known there"),
    ("* VANISHED", "RFC 7162 §7: its extension is not compiled in there"),
    ("BINARY[]<0>", "RFC 3516 §4.3: an origin may follow BINARY"),
    ("(MODSEQ (624140003)", "RFC 7162 §7: its extension is not compiled in there"),
    ("(EMAILID (M6d", "RFC 8474 §7: not known there"),
    ("(SAVEDATE ", "RFC 8514 §5: not known there"),
    ("(X-GM-MSGID", "items of vendors are cut, not judged"),
    ("UIDFETCH", "RFC 9586 §4: not known there"),
    ("(BODY ({4}", "a literal as media type leaves open which kind of part it is"),
    ("* NAMESPACE", "RFC 2342 §6: its extension is not compiled in there"),
    ("* ID ", "RFC 2971 §4: its extension is not compiled in there"),
    ("* ACL", "RFC 4314 §7: not known there"),
    ("* MYRIGHTS", "RFC 4314 §7: not known there"),
    ("* LISTRIGHTS", "RFC 4314 §7: not known there"),
    ("* METADATA", "RFC 5464 §5: its extension is not compiled in there"),
    ("* LANGUAGE", "RFC 5255 §5: not known there"),
    ("* URLFETCH", "responses of extensions without a rule here are cut, not judged"),
    ("XNEW", "responses of extensions without a rule here are cut, not judged"),
    ("A1 OK [CLOSED]\\r", "RFC 3501 §9: text follows the code; it reads the code as text"),
    (
        "* OK [UID",
        "RFC 3501 §9: the rule listed earlier goes first, so UIDNEXT takes a non-zero number; it falls back to any code",
    ),
    ("* OK [UNSEEN 4294967296", "as above"),
    ("* OK [HIGHESTMODSEQ", "as above, by RFC 7162 §7"),
    ("* OK [PERMANENTFLAGS \\", "as above"),
    ("* OK [CAPABILITY STARTTLS]", "RFC 3501 §9: the list holds IMAP4rev1"),
    ("* OK [COPYUID 1 2:3]", "as above, by RFC 4315 §4"),
    ("* OK [APPENDUID 1 *]", "as above, by RFC 4315 §4"),
    ("* OK [MAILBOXID (a.b)]", "as above, by RFC 8474 §7"),
    ("* OK [INPROGRESS (", "as above, by RFC 9585 §4"),
    ("+\\r", "RFC 3501 §9: a space follows; its quirk lets it be missing"),
    ("* CAPABILITY STARTTLS", "RFC 3501 §9: the list holds IMAP4rev1"),
    ("* CAPABILITY IMAP4rev1 \\r", "its quirk forgives the blank at the end"),
    ("{3+}", "RFC 7888 §3: servers never send the form"),
    ("(MESSAGES 1) \\r", "its quirk forgives the blank at the end"),
    ("* SEARCH \\r", "its quirk forgives the blank at the end"),
    ("* 01 EXPUNGE", "RFC 3501 §9: nz-number has no leading zero"),
    ("(NIL NIL \"a\" \"b\") (NIL", "its quirk forgives blanks between addresses"),
    ("NIL NIL NIL \"7BIT\" 5))", "RFC 3501 §9: a text part has lines"),
    ("NIL NIL NIL NIL 5 1", "its quirk reads NIL as an empty encoding"),
    ("\"PLAIN\" () NIL", "RFC 3501 §9: no empty list of parameters"),
    ("\"7BIT\" 5 1 NIL))", "RFC 3501 §7.4.2: BODY has no extension data"),
    ("\"RFC822\" NIL NIL NIL \"7BIT\" 50))", "RFC 3501 §9: such a part has an envelope"),
];

pub(super) fn accepts(raw: &[u8]) -> bool {
    let response = ResponseCodec::default().decode(raw).is_ok_and(|(rest, _)| rest.is_empty());
    response || GreetingCodec::default().decode(raw).is_ok_and(|(rest, _)| rest.is_empty())
}

#[test]
fn every_difference_is_explained() {
    let mut unexplained = Vec::new();
    let mut used = vec![false; EXPLAINED.len()];
    for raw in [BOTH, REV1, REV2, NONE].iter().flat_map(|text| lines(text)) {
        let ours = parse(&raw, Revision::Rev1).is_ok();
        if ours == accepts(&raw) {
            continue;
        }
        let text = raw.to_string();
        match EXPLAINED.iter().position(|(part, _)| text.contains(part)) {
            Some(at) => used[at] = true,
            None => unexplained.push(format!("{} {text}", if ours { "only we accept" } else { "only we refuse" })),
        }
    }
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
    let unused: Vec<_> = EXPLAINED.iter().zip(&used).filter(|(_, used)| !**used).map(|(row, _)| row.0).collect();
    assert!(unused.is_empty(), "explanations that explain nothing: {unused:?}");
}
