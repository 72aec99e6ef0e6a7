use super::*;
use crate::scenario::Generator;

const CASES: u32 = 300;

fn all(generator: &Generator) -> Vec<Generated> {
    (0..CASES).map(|case| generate(generator, 7, case)).collect()
}

/// What is promised of one value, and of everything it shrinks to in one step.
fn promised(generator: &Generator, promise: impl Fn(&Generated)) {
    for value in all(generator) {
        promise(&value);
        let candidates = simpler(&value);
        candidates.iter().step_by(1 + candidates.len() / 20).for_each(&promise);
    }
}

fn assert_lines(octets: &[u8]) {
    let text = String::from_utf8(octets.to_vec()).unwrap();
    assert!(text.is_ascii() && !text.contains('\0'));
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert!(lines.iter().all(|line| line.len() <= 998 && !line.contains(['\r', '\n'])), "{text:?}");
}

fn generators() -> Vec<Generator> {
    vec![
        Generator::MailBody,
        Generator::Message,
        Generator::Mime,
        Generator::Number { from: 3, to: 5000 },
        Generator::Segmentation,
        Generator::SmtpGroup,
        Generator::Pop3Batch,
        Generator::ImapBatch,
    ]
}

#[test]
fn the_same_seed_gives_the_same_value_and_others_differ() {
    for generator in generators() {
        assert_eq!(all(&generator), all(&generator));
        let differing = all(&generator).windows(2).filter(|two| two[0] != two[1]).count();
        assert!(differing > 200, "{generator:?}: {differing}");
    }
}

#[test]
fn shrinking_ends_at_something_small() {
    for generator in generators() {
        for case in 0..10 {
            let mut value = generate(&generator, 1, case);
            let mut rounds = 0;
            while let Some(next) = simpler(&value).into_iter().next() {
                value = next;
                rounds += 1;
                assert!(rounds < 2000, "{generator:?}");
            }
            let least = match generator {
                Generator::Message | Generator::Mime => 330,
                Generator::MailBody
                | Generator::Number { .. }
                | Generator::Segmentation
                | Generator::SmtpGroup
                | Generator::Pop3Batch
                | Generator::ImapBatch => 1,
            };
            assert!(value.size() <= least, "{generator:?} {value:?}");
        }
    }
}

#[test]
fn mail_bodies_are_seven_bit_lines_with_dots_and_open_ends() {
    promised(&Generator::MailBody, |value| assert_lines(&value.octets().unwrap()));
    let bodies: Vec<_> = all(&Generator::MailBody).iter().map(|value| value.octets().unwrap()).collect();
    let count = |test: fn(&[u8]) -> bool| bodies.iter().filter(|body| test(body)).count();
    assert!(count(|body| !body.is_empty() && !body.ends_with(b"\r\n")) > 20);
    assert!(count(|body| body.starts_with(b".")) > 20);
    assert!(count(|body| body.windows(5).any(|five| five == b"\r\n.\r\n")) > 20);
    assert!(count(|body| body.len() > 900) > 20);
    assert!(count(<[u8]>::is_empty) > 5);
}

#[test]
fn messages_have_a_legal_header_and_end_in_a_line_end() {
    promised(&Generator::Message, |value| {
        let octets = value.octets().unwrap();
        assert_lines(&octets);
        assert!(octets.ends_with(b"\r\n"));
        let text = String::from_utf8(octets.to_vec()).unwrap();
        let (header, _) = text.split_once("\r\n\r\n").unwrap();
        for name in ["From", "Date", "Message-ID"] {
            assert_eq!(header.split("\r\n").filter(|line| line.starts_with(&format!("{name}:"))).count(), 1);
        }
        for name in ["Subject", "To", "Cc", "References"] {
            assert!(header.split("\r\n").filter(|line| line.starts_with(&format!("{name}:"))).count() <= 1);
        }
        let blank = |line: &&str| line.trim().is_empty();
        assert_eq!(header.split("\r\n").find(blank), None);
        assert!(header.split("\r\n").all(|line| line.starts_with([' ', '\t']) || line.contains(':')));
    });
    let folded = all(&Generator::Message)
        .into_iter()
        .filter(|value| value.octets().unwrap().windows(3).any(|three| three == b"\r\n\t" || three == b"\r\n "));
    assert!(folded.count() > 100);
}

/// A small MIME reader of its own: what a server would say of a part, as far as it is exact.
fn read_part(text: &str, default: &str) -> String {
    let (header, body) = match text.strip_prefix("\r\n") {
        Some(body) => ("", body),
        None => text.split_once("\r\n\r\n").unwrap(),
    };
    let unfolded = header.replace("\r\n ", " ");
    let kind = unfolded.split("\r\n").find_map(|line| line.strip_prefix("Content-Type: ")).unwrap_or(default);
    let kind = kind.to_lowercase();
    if let Some(boundary) = kind.split_once("boundary=").map(|(_, rest)| rest.trim_matches('"').to_owned()) {
        let subtype = kind[10..].split(';').next().unwrap().to_owned();
        let default = if subtype == "digest" { "message/rfc822" } else { "text/plain" };
        let whole = format!("\r\n{body}");
        let mut pieces = whole.split(&format!("\r\n--{boundary}")).skip(1).map(str::to_owned).collect::<Vec<_>>();
        assert!(pieces.pop().unwrap().starts_with("--\r\n"));
        let parts = pieces.iter().map(|piece| read_part(piece.strip_prefix("\r\n").unwrap(), default));
        return format!("({} {subtype})", parts.collect::<Vec<_>>().join(" "));
    }
    let lines = body.matches("\r\n").count();
    match kind.split(';').next().unwrap() {
        "message/rfc822" => format!("[{} {} {lines}]", body.len(), read_part(body, "text/plain")),
        kind if kind.starts_with("text/") && (body.ends_with("\r\n") || body.is_empty()) => {
            format!("{kind}={}/{lines}", body.len())
        }
        kind => format!("{kind}={}", body.len()),
    }
}

/// The same of a tree's pattern.
fn read_structure(pattern: &str) -> String {
    let mut text = pattern.replace(" ...)", ")");
    for (long, short) in [
        ("(\"CHARSET\" \"us-ascii\")", "_"),
        ("(\"NAME\" \"a; b.bin\")", "_"),
        ("\"<part@example.test>\"", "_"),
        ("\"a part\"", "_"),
        ("\"7BIT\"", "_"),
        ("\"BASE64\"", "_"),
        ("(\"TEXT\" \"PLAIN\" _ _ _ _ ", "text/plain="),
        ("(\"TEXT\" \"HTML\" _ _ _ _ ", "text/html="),
        ("(\"APPLICATION\" \"OCTET-STREAM\" _ _ _ _ ", "application/octet-stream="),
        ("(\"MESSAGE\" \"RFC822\" _ _ _ _ ", "["),
    ] {
        text = text.replace(long, short);
    }
    text
}

#[test]
fn mime_trees_are_read_as_they_were_built() {
    let mut nested = 0;
    for value in all(&Generator::Mime) {
        let Generated::Mime(tree) = &value else { unreachable!() };
        let text = String::from_utf8(tree.octets().to_vec()).unwrap();
        assert_lines(text.as_bytes());
        assert!(text.ends_with("\r\n"));
        let structure = tree.structure();
        // Both are brought to a bare list of kinds, sizes and line counts.
        let bare = |text: &str| {
            let words = text.replace(['(', ')', '[', ']', '=', '/', '"'], " ").to_lowercase();
            words.split(' ').filter(|word| !matches!(*word, "" | "_")).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(bare(&read_structure(&structure)), bare(&read_part(&text, "text/plain")), "{structure}\n{text}");
        assert!(crate::imap::Pattern::parse(&format!("* 1 FETCH (BODYSTRUCTURE {structure})")).is_ok());
        let multiparts = text.matches("boundary=").count();
        nested += usize::from(structure.contains("RFC822") && multiparts > 1);
    }
    assert!(nested > 20, "{nested}");
    promised(&Generator::Mime, |value| assert!(value.octets().unwrap().ends_with(b"\r\n")));
}

#[test]
fn sizes_of_a_structure_leave_the_boundary_its_line_end() {
    let leaf = |ending, lines: &[&str]| {
        Part::Leaf(Leaf {
            kind: mime::LeafKind::Plain(mime::Charset::Missing),
            fields: vec![mime::Field::Encoding],
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
            ending,
        })
    };
    let tree = Part::Multipart(Multipart {
        subtype: mime::Subtype::Mixed,
        preamble: None,
        epilogue: None,
        children: vec![
            leaf(mime::Ending::Crlf, &["hello"]),
            leaf(mime::Ending::Open, &["hello"]),
            leaf(mime::Ending::Crlf, &[]),
        ],
    });
    insta::assert_snapshot!(tree.structure(), @r#"(("TEXT" "PLAIN" _ _ _ "7BIT" 7 1 ...) ("TEXT" "PLAIN" _ _ _ "7BIT" 5 _ ...) ("TEXT" "PLAIN" _ _ _ "7BIT" 0 0 ...) "MIXED" ...)"#);
    assert!(tree.octets().to_string().contains(r"hello\r\n--=_part 0001\r\n"));
}

#[test]
fn numbers_stay_in_their_range_and_like_its_ends() {
    promised(&Generator::Number { from: 3, to: 5000 }, |value| {
        let Generated::Number { value, .. } = value else { unreachable!() };
        assert!((3..=5000).contains(value));
    });
    let values = all(&Generator::Number { from: 3, to: 5000 });
    for end in [3, 5000] {
        assert!(values.iter().filter(|value| **value == Generated::Number { value: end, from: 3 }).count() > 10);
    }
    assert_eq!(generate(&Generator::Number { from: u64::MAX, to: u64::MAX }, 1, 1).size(), 0);
}

#[test]
fn cuts_ascend_and_none_is_before_the_first_octet() {
    promised(&Generator::Segmentation, |value| {
        let Generated::Segmentation(cuts) = value else { unreachable!() };
        assert!(
            cuts.windows(2).all(|two| two[0] < two[1]) && !cuts.contains(&0) && cuts.iter().all(|cut| *cut <= 4096)
        );
    });
}

#[test]
fn groups_end_so_that_nothing_stays_behind() {
    for generator in [Generator::SmtpGroup, Generator::Pop3Batch] {
        promised(&generator, |value| {
            let Generated::Group(commands) = value else { unreachable!() };
            assert_eq!(commands.last().unwrap().to_line(), "RSET");
            assert!(commands.len() <= 9);
        });
    }
}

#[test]
fn no_imap_command_with_message_numbers_follows_one_that_may_renumber() {
    promised(&Generator::ImapBatch, |value| {
        let Generated::Group(commands) = value else { unreachable!() };
        let numbered = |line: &String| line.starts_with("FETCH") || line.starts_with("SEARCH");
        let lines: Vec<String> = commands.iter().map(crate::base::Template::to_line).collect();
        assert!(!lines.is_empty());
        assert!(lines.iter().skip_while(|line| numbered(line)).all(|line| !numbered(line)), "{lines:?}");
    });
}
