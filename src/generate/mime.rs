//! Nested MIME trees, and what every correct IMAP server says of their structure. RFC 2046, RFC 3501 §7.4.2.

use proptest::collection::vec;
use proptest::prelude::*;

use super::message::ALWAYS;
use crate::base::ByteString;

/// A body part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text or data.
    Leaf(Leaf),
    /// Parts between boundaries.
    Multipart(Multipart),
    /// `message/rfc822`.
    Message(Box<Self>),
}

/// Text or base64 data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    pub(super) kind: LeafKind,
    /// The header fields that may be missing.
    pub(super) fields: Vec<Field>,
    /// Lines, parted by CRLF.
    pub(super) lines: Vec<String>,
    pub(super) ending: Ending,
}

/// What a leaf holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeafKind {
    /// No Content-Type: `text/plain` by RFC 2045 §5.2.
    Untyped,
    /// `text/plain` with or without charset.
    Plain(Charset),
    /// `text/html`.
    Html,
    /// `application/octet-stream` in base64.
    Octets,
}

/// How the charset is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    Missing,
    Bare,
    Quoted,
}

/// A header field that a part may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Id,
    Description,
    Encoding,
    Disposition,
}

/// Whether the last line has a line end of its own before the one that belongs to the boundary. RFC 2046 §5.1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Crlf,
    Open,
}

/// Parts between boundaries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Multipart {
    pub(super) subtype: Subtype,
    pub(super) preamble: Option<String>,
    pub(super) epilogue: Option<String>,
    /// Never empty.
    pub(super) children: Vec<Part>,
}

/// What a multipart is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subtype {
    Mixed,
    Alternative,
    /// Its parts are messages, without Content-Type. RFC 2046 §5.1.5.
    Digest,
}

/// A part as it stands in its parent.
struct Rendered {
    /// Fields, each with CRLF.
    header: String,
    body: String,
    structure: String,
}

impl Part {
    /// The whole message; it ends in CRLF.
    pub fn octets(&self) -> ByteString {
        self.render_message(&mut 0).0.into()
    }

    /// Text of an IMAP value pattern for its BODYSTRUCTURE. Sizes and line counts are exact where RFC 3501 §7.4.2 defines
    /// them; `_` and `...` stand for defaults that a server may fill in and for extension data.
    pub fn structure(&self) -> String {
        self.render_message(&mut 0).1
    }

    fn render_message(&self, boundaries: &mut u32) -> (String, String) {
        let part = self.render(boundaries, Parent::Message);
        let header = ALWAYS.iter().map(|field| format!("{field}\r\n")).collect::<String>();
        (format!("{header}MIME-Version: 1.0\r\n{}\r\n{}", part.header, part.body), part.structure)
    }

    fn render(&self, boundaries: &mut u32, parent: Parent) -> Rendered {
        match self {
            Self::Leaf(leaf) => leaf.render(parent),
            Self::Multipart(multipart) => multipart.render(boundaries),
            Self::Message(inner) => {
                let (text, structure) = inner.render_message(boundaries);
                let header = match parent {
                    Parent::Digest => "",
                    Parent::Message | Parent::Multipart => "Content-Type: message/rfc822\r\n",
                };
                let (size, lines) = (text.len(), text.matches("\r\n").count());
                let structure = format!("(\"MESSAGE\" \"RFC822\" _ _ _ _ {size} _ {structure} {lines} ...)");
                Rendered { header: header.to_owned(), body: text, structure }
            }
        }
    }
}

/// Where a part stands: at the end of a message its last line has to be ended, in a digest messages need no type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parent {
    Message,
    Multipart,
    Digest,
}

impl Leaf {
    fn render(&self, parent: Parent) -> Rendered {
        let mut body = self.lines.join("\r\n");
        let ended = self.ending == Ending::Crlf || parent == Parent::Message || self.kind == LeafKind::Octets;
        if ended && !self.lines.is_empty() {
            body.push_str("\r\n");
        }
        let (kind, media, parameters) = match self.kind {
            LeafKind::Untyped => ("", "\"TEXT\" \"PLAIN\"", "_"),
            LeafKind::Plain(Charset::Missing) => ("text/plain", "\"TEXT\" \"PLAIN\"", "_"),
            LeafKind::Plain(Charset::Bare) => {
                ("text/plain; charset=us-ascii", "\"TEXT\" \"PLAIN\"", "(\"CHARSET\" \"us-ascii\" ...)")
            }
            LeafKind::Plain(Charset::Quoted) => {
                ("text/plain;\r\n charset=\"us-ascii\"", "\"TEXT\" \"PLAIN\"", "(\"CHARSET\" \"us-ascii\" ...)")
            }
            LeafKind::Html => ("TEXT/HTML", "\"TEXT\" \"HTML\"", "_"),
            LeafKind::Octets => (
                "application/octet-stream; name=\"a; b.bin\"",
                "\"APPLICATION\" \"OCTET-STREAM\"",
                "(\"NAME\" \"a; b.bin\" ...)",
            ),
        };
        let has = |field| self.fields.contains(&field);
        let id = if has(Field::Id) { "\"<part@example.test>\"" } else { "_" };
        let description = if has(Field::Description) { "\"a part\"" } else { "_" };
        let encoding = match (self.kind, has(Field::Encoding)) {
            (LeafKind::Octets, _) => "\"BASE64\"",
            (LeafKind::Untyped | LeafKind::Plain(_) | LeafKind::Html, true) => "\"7BIT\"",
            (LeafKind::Untyped | LeafKind::Plain(_) | LeafKind::Html, false) => "_",
        };
        // How many lines a text has whose last line is not ended is not defined.
        let lines = match self.kind {
            LeafKind::Octets => String::new(),
            LeafKind::Untyped | LeafKind::Plain(_) | LeafKind::Html if ended => format!(" {}", self.lines.len()),
            LeafKind::Untyped | LeafKind::Plain(_) | LeafKind::Html => " _".to_owned(),
        };
        let size = body.len();
        let structure = format!("({media} {parameters} {id} {description} {encoding} {size}{lines} ...)");
        Rendered { header: self.header(kind), body, structure }
    }

    fn header(&self, kind: &str) -> String {
        let mut header = if kind.is_empty() { String::new() } else { format!("Content-Type: {kind}\r\n") };
        if self.kind == LeafKind::Octets {
            header.push_str("Content-Transfer-Encoding: base64\r\n");
        }
        for field in &self.fields {
            header.push_str(match field {
                Field::Id => "Content-ID: <part@example.test>\r\n",
                Field::Description => "Content-Description: a part\r\n",
                Field::Encoding if self.kind == LeafKind::Octets => "",
                Field::Encoding => "Content-Transfer-Encoding: 7bit\r\n",
                Field::Disposition => "Content-Disposition: inline\r\n",
            });
        }
        header
    }
}

impl Multipart {
    fn render(&self, boundaries: &mut u32) -> Rendered {
        *boundaries += 1;
        // They resemble each other, but none begins another one: RFC 2046 §5.1.1 lets a parser compare beginnings only.
        let boundary = format!("=_part {:04}", *boundaries);
        let subtype = match self.subtype {
            Subtype::Mixed => "mixed",
            Subtype::Alternative => "alternative",
            Subtype::Digest => "digest",
        };
        let parent = match self.subtype {
            Subtype::Mixed | Subtype::Alternative => Parent::Multipart,
            Subtype::Digest => Parent::Digest,
        };
        let mut body = self.preamble.as_ref().map(|text| format!("{text}\r\n")).unwrap_or_default();
        let mut structures = String::new();
        for child in &self.children {
            let child = child.render(boundaries, parent);
            body.push_str(&format!("--{boundary}\r\n{}\r\n{}\r\n", child.header, child.body));
            structures.push_str(&child.structure);
            structures.push(' ');
        }
        body.push_str(&format!("--{boundary}--\r\n"));
        body.push_str(&self.epilogue.as_ref().map(|text| format!("{text}\r\n")).unwrap_or_default());
        Rendered {
            header: format!("Content-Type: multipart/{subtype}; boundary=\"{boundary}\"\r\n"),
            body,
            structure: format!("({structures}\"{}\" ...)", subtype.to_uppercase()),
        }
    }
}

/// A tree of at most about a dozen parts, three levels deep.
pub(super) fn mime() -> impl Strategy<Value = Part> {
    leaf().prop_map(Part::Leaf).prop_recursive(3, 12, 4, |inner| {
        let subtype = prop_oneof![Just(Subtype::Mixed), Just(Subtype::Alternative)];
        let beside = || proptest::option::weighted(0.3, "[a-z]{1,10}( --=_part)?");
        let multipart = (subtype, beside(), beside(), vec(inner.clone(), 1..4));
        let digest = (beside(), vec(inner.clone(), 1..3));
        prop_oneof![
            4 => multipart.prop_map(|(subtype, preamble, epilogue, children)| {
                Part::Multipart(Multipart { subtype, preamble, epilogue, children })
            }),
            1 => digest.prop_map(|(preamble, children)| {
                let children = children.into_iter().map(|part| Part::Message(Box::new(part))).collect();
                Part::Multipart(Multipart { subtype: Subtype::Digest, preamble, epilogue: None, children })
            }),
            2 => inner.prop_map(|part| Part::Message(Box::new(part))),
        ]
    })
}

fn leaf() -> impl Strategy<Value = Leaf> {
    let charset = prop_oneof![Just(Charset::Missing), Just(Charset::Bare), Just(Charset::Quoted)];
    let kind = prop_oneof![
        2 => Just(LeafKind::Untyped),
        4 => charset.prop_map(LeafKind::Plain),
        2 => Just(LeafKind::Html),
        2 => Just(LeafKind::Octets),
    ];
    let all = vec![Field::Id, Field::Description, Field::Encoding, Field::Disposition];
    let fields = proptest::sample::subsequence(all, 0..=4);
    let ending = prop_oneof![2 => Just(Ending::Crlf), 1 => Just(Ending::Open)];
    // Nothing here begins with a whole boundary; `--=_part` and `--` look like one.
    let text = prop_oneof![4 => "[a-z]{1,20}", 1 => Just(String::new()), 1 => Just("--=_part".to_owned()), 1 => Just("-- ".to_owned()), 1 => Just(".".to_owned())];
    let data = prop_oneof![
        Just("AAEC".to_owned()),
        Just("/+8AAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIz".to_owned())
    ];
    (kind, fields, ending, vec(text, 0..5), vec(data, 1..4)).prop_map(|(kind, fields, ending, text, data)| {
        let lines = match kind {
            LeafKind::Octets => data,
            // A body that begins with an empty line or is one is no trouble; one that ends openly in it is none at all.
            LeafKind::Untyped | LeafKind::Plain(_) | LeafKind::Html if ending == Ending::Open => {
                text.into_iter().chain(["end".to_owned()]).collect()
            }
            LeafKind::Untyped | LeafKind::Plain(_) | LeafKind::Html => text,
        };
        Leaf { kind, fields, lines, ending }
    })
}
