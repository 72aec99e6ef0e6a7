//! Parsers of the reference server: IMAP commands and MIME. What it makes of a message, our own parser has to accept.

use mailproof::imap;
use mailproof::refserver::imap::command::{Extent, Phase, parse, tag_of};
use mailproof::refserver::imap::mime::{
    Detail, Kind, Part, Section, SectionText, Texts, decoded, envelope, preview, structure, without_nul,
};

use super::Target;
use crate::check::ensure;

pub(super) const COMMANDS: &[&str] = &[
    "a1 (NOOP|CAPABILITY|LOGOUT|CHECK|CLOSE|EXPUNGE|UNSELECT|IDLE|NAMESPACE|STARTTLS)\r\n",
    "a2 LOGIN [a-z]{1,6} (\"[ -!#-Z]{0,9}\"|\\{3\\+\\}\r\nabc)\r\n",
    "a3 (SELECT|EXAMINE|CREATE|DELETE|SUBSCRIBE|UNSUBSCRIBE) (INBOX|[a-z/]{1,9}|\"[ -!#-Z]{0,9}\")( \\(CONDSTORE\\))?\r\n",
    "a4 (LIST|LSUB) (\"\"|[a-z]{1,3}) (\"[*%a-z/]{0,9}\"|[*%])( RETURN \\(CHILDREN STATUS \\(MESSAGES\\)\\))?\r\n",
    "a5 (UID )?FETCH ([1-9]|1:\\*|[1-9:,*]{1,9}) (ALL|FULL|FAST|FLAGS|\\((UID |FLAGS |ENVELOPE |RFC822\\.SIZE |PREVIEW |PREVIEW \\(LAZY\\) |BINARY(\\.PEEK|\\.SIZE)?\\[[1-9]?\\](<[0-9]\\.[1-9]>)? |BODY\\.PEEK\\[(HEADER\\.FIELDS \\([A-Za-z -]{1,9}\\)|[1-9](\\.[1-9]|\\.MIME)?|TEXT)?\\](<[0-9]{1,3}\\.[1-9]>)? ?){1,4}\\))\r\n",
    "a6 (UID )?STORE [1-9:*,]{1,5} [+-]?FLAGS(\\.SILENT)? \\((\\\\[A-Z][a-z]{1,6} ?|[a-z]{1,5} ?){0,3}\\)\r\n",
    "a7 (UID )?(COPY|MOVE) [1-9:*,]{1,5} (INBOX|[a-z]{1,6})\r\n",
    "a8 (UID )?SEARCH (CHARSET UTF-8 )?((NOT |OR SEEN )?(ALL|SEEN|FROM \"[a-z]{0,5}\"|SINCE 1-Jan-20[0-9]{2}|LARGER [0-9]{1,6}|HEADER [a-z]{1,5} \"[a-z]{0,3}\"|UID [1-9:*,]{1,6}|\\(ANSWERED DELETED\\)) ?){1,4}\r\n",
    "a9 APPEND [a-z]{1,6} \\(\\\\Seen\\) \" 1-Jan-2026 10:00:00 \\+0000\" ~?\\{5\\+\\}\r\nab\r\nc\r\n",
    "d1 (UID )?REPLACE ([1-9*]) [a-z]{1,6} (\\(\\\\Seen\\) )?(~?\\{5\\+\\}\r\nab\r\nc|UTF8 \\(~\\{1\\+\\}\r\na\\))\r\n",
    "d2 (UID SEARCH RETURN \\((SAVE |MIN |COUNT )?PARTIAL -?[1-9]:-?[1-9]\\) ALL|UID FETCH 1:\\* UID \\(PARTIAL -?[1-9]:-?[1-9]( CHANGEDSINCE [1-9])?\\))\r\n",
    "b1 STATUS [a-z]{1,6} \\((MESSAGES ?|UIDNEXT ?|UNSEEN ?){1,3}\\)\r\n",
    "b2 RENAME [a-z/]{1,8} [a-z/]{1,8}\r\n",
    "b3 (AUTHENTICATE (PLAIN|LOGIN|CRAM-MD5|SCRAM-SHA-1)( [A-Za-z0-9+/]{0,12}={0,2})?|ID (NIL|\\(\"a\" \"b\"\\))|ENABLE [A-Z]{1,9})\r\n",
];

pub(super) fn targets() -> Vec<Target> {
    vec![
        Target {
            name: "server-command",
            grammar: COMMANDS,
            words: &[
                "(", ")", "((((", "NOT ", "OR ", "{5}\r\n", "{0+}\r\n", "BODY[", "]<0.1>", "1:*", "INBOX", "&AOk-",
            ],
            seeds: Vec::new,
            check: command,
        },
        Target {
            name: "server-mime",
            grammar: &[
                "Content-Type: (text/plain|multipart/(mixed|digest|alternative); boundary=\"?[a-z]{1,3}\"?|message/rfc822|[a-z]{1,5}/[a-z]{1,5}(; [a-z*0-9]{1,5}=[a-z\"%']{0,9}){0,3})\r\n",
                "((From|To|Cc|Sender|Reply-To): (\"?[A-Za-z =?]{0,9}\"? ?<[a-z@.\"]{1,12}>|[a-z]{1,5}: [a-z@, ]{0,12};|[a-z]{1,4}@\\[1\\.2\\.3\\.4\\]|\\([a-z()]{0,6}\\))(,\r\n [a-z@]{1,9}){0,3}\r\n)",
                "(Date: (Mon, )?[0-3][0-9] (Jan|Feb) [0-9]{2,4} [0-9:]{4,8} [+-][0-9]{4}|Subject: =\\?(utf-8|us-ascii|x)\\?[BbQq]\\?[A-Za-z0-9=_]{0,12}\\?=|Message-ID: <[a-z@]{1,9}>)\r\n",
                "\r\n(--[a-z]{1,3}(--)?\r\n([ -~]{0,20}\r\n){0,3}){1,4}",
                "Content-(Transfer-Encoding: (base64|quoted-printable|8bit)|Disposition: attachment; filename=\"[a-z]{0,5}\"|Language: en, de|MD5: Q2hlY2s=|ID: <a>)\r\n",
            ],
            words: &[
                "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n",
                "message/rfc822\r\n\r\n",
                "--a--\r\n",
                "\r\n\r\n",
                ";",
                "=?utf-8?q?",
                "\"",
                "(",
                "*0*=",
            ],
            seeds: messages,
            check: mime,
        },
    ]
}

/// Messages that the generators of `forall` make.
pub(super) fn messages() -> Vec<Vec<u8>> {
    use mailproof::generate::generate;
    use mailproof::scenario::Generator;
    let drawn = (0..40)
        .flat_map(|case| [Generator::Mime, Generator::Message].map(|generator| generate(&generator, 1, case).octets()));
    drawn.flatten().map(mailproof::base::ByteString::into_bytes).collect()
}

fn command(input: &[u8]) -> Result<(), String> {
    let whole = input.strip_suffix(b"\r\n").unwrap_or(input);
    tag_of(whole);
    for phase in [Phase::NotAuthenticated, Phase::Authenticated, Phase::Selected] {
        if let Ok(read) = parse(whole, Extent::Whole, phase) {
            ensure(tag_of(whole).as_deref() == Some(&read.tag), || "tag: another".to_owned())?;
        }
        for end in input.windows(2).enumerate().filter(|(_, two)| *two == b"\r\n").map(|(at, _)| at).take(8) {
            let _partly = parse(input.get(..end).unwrap_or_default(), Extent::UpToLiteral, phase);
        }
    }
    Ok(())
}

fn mime(input: &[u8]) -> Result<(), String> {
    if let Some(stored) = without_nul(input) {
        ensure(!stored.contains(&0), || "storable: NUL is left".to_owned())?;
        ensure(input.contains(&0) || stored == input, || "storable: changed".to_owned())?;
    }
    // As in a session: no NUL gets through.
    let input: Vec<u8> = input.iter().map(|octet| if *octet == 0 { 0x80 } else { *octet }).collect();
    let input = input.as_slice();
    let message = Part::parse(input);
    for (word, detail) in [("BODY", Detail::Body), ("BODYSTRUCTURE", Detail::BodyStructure)] {
        let mut out = format!("* 1 FETCH ({word} ").into_bytes();
        structure(&mut out, input, &message, detail);
        out.extend_from_slice(b")\r\n");
        accepted(&out, depth(&message))?;
    }
    let mut out = b"* 1 FETCH (ENVELOPE ".to_vec();
    envelope(&mut out, input, &message);
    out.extend_from_slice(b")\r\n");
    accepted(&out, 0)?;
    Texts::of(input, &message);
    let shown = preview(input, &message);
    let plain = shown.chars().count() <= 200 && !shown.contains(char::is_control);
    ensure(plain && shown == shown.trim(), || format!("preview: {shown:?}"))?;
    for path in [&[][..], &[1], &[2], &[1, 2]] {
        // Each LF may get a CR.
        let octets = decoded(input, &message, path).ok().flatten().unwrap_or_default();
        ensure(octets.len() <= input.len() * 2, || format!("decoded: {path:?} grew"))?;
    }
    let names = || vec![b"subject".to_vec(), b"X".to_vec()];
    let texts = [
        None,
        Some(SectionText::Header),
        Some(SectionText::HeaderFields(names())),
        Some(SectionText::HeaderFieldsNot(names())),
        Some(SectionText::Text),
        Some(SectionText::Mime),
    ];
    for path in [vec![], vec![1], vec![2], vec![1, 1], vec![1, 2, 1], vec![u32::MAX]] {
        for text in &texts {
            let octets = Section { path: path.clone(), text: text.clone() }.octets(input, &message);
            // A last line may get its end, and a header the empty line that ends it.
            let most = input.len() + 4;
            ensure(octets.is_none_or(|octets| octets.len() <= most), || format!("section: {path:?} {text:?} grew"))?;
        }
    }
    Ok(())
}

fn depth(part: &Part) -> usize {
    match &part.kind {
        Kind::Leaf => 0,
        Kind::Multipart(parts) => 1 + parts.iter().map(depth).max().unwrap_or_default(),
        Kind::Message(inner) => 1 + depth(inner),
    }
}

/// Our own parser takes it, unless it nests deeper than that goes.
fn accepted(out: &[u8], depth: usize) -> Result<(), String> {
    let mut framer = imap::Framer::new(imap::Revision::Rev1);
    framer.push(out);
    let shown = || String::from_utf8_lossy(out.get(..out.len().min(600)).unwrap_or_default()).into_owned();
    match framer.next() {
        Some(Ok(frame)) if frame.raw.len() == out.len() => match frame.parsed {
            Err(wrong) if depth < 20 => Err(format!("refused: {wrong}: {}", shown())),
            Err(_) | Ok(_) => Ok(()),
        },
        other => Err(format!("frame: {other:?}: {}", shown())),
    }
}
