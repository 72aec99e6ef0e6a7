//! Structured values of MIME fields: a token with parameters (RFC 2045 §5.1).

/// A list of parameters, names in upper case.
pub(super) type Parameters = Vec<(Vec<u8>, Vec<u8>)>;

/// The type of an entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ContentType {
    /// Upper case.
    pub(super) media: Vec<u8>,
    /// Upper case.
    pub(super) subtype: Vec<u8>,
    pub(super) parameters: Parameters,
}

impl ContentType {
    /// RFC 2045 §5.2.
    pub(super) fn text_plain() -> Self {
        let charset = (b"CHARSET".to_vec(), b"US-ASCII".to_vec());
        Self { media: b"TEXT".to_vec(), subtype: b"PLAIN".to_vec(), parameters: vec![charset] }
    }

    /// RFC 2046 §5.1.5: what a part of multipart/digest is without a type of its own.
    pub(super) fn message() -> Self {
        Self { media: b"MESSAGE".to_vec(), subtype: b"RFC822".to_vec(), parameters: Vec::new() }
    }

    /// What an entity nested too deeply is shown as.
    pub(super) fn octet_stream() -> Self {
        Self { media: b"APPLICATION".to_vec(), subtype: b"OCTET-STREAM".to_vec(), parameters: Vec::new() }
    }

    /// Reads the value of a Content-Type field; nothing if it has no type and subtype.
    pub(super) fn parse(value: &[u8]) -> Option<Self> {
        let mut rest = Scanner(value);
        let media = rest.token()?.to_ascii_uppercase();
        rest.special(b'/')?;
        let subtype = rest.token()?.to_ascii_uppercase();
        Some(Self { media, subtype, parameters: rest.parameters() })
    }

    pub(super) fn is(&self, media: &str, subtype: &str) -> bool {
        self.media == media.as_bytes() && self.subtype == subtype.as_bytes()
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&[u8]> {
        self.parameters.iter().find(|(key, _)| key == name.as_bytes()).map(|(_, value)| value.as_slice())
    }
}

/// Reads a Content-Disposition (RFC 2183 §2).
pub(super) fn disposition(value: &[u8]) -> Option<(Vec<u8>, Parameters)> {
    let mut rest = Scanner(value);
    let kind = rest.token()?.to_ascii_uppercase();
    Some((kind, rest.parameters()))
}

/// Reads the tags of a Content-Language (RFC 3282 §2).
pub(super) fn languages(value: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = Scanner(value);
    let mut tags = Vec::new();
    while let Some(tag) = rest.token() {
        tags.push(tag);
        if rest.special(b',').is_none() {
            break;
        }
    }
    tags
}

/// One token, such as a transfer encoding.
pub(super) fn token(value: &[u8]) -> Option<Vec<u8>> {
    Scanner(value).token()
}

struct Scanner<'a>(&'a [u8]);

impl Scanner<'_> {
    fn next(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    /// Passes over blanks and comments, which nest.
    fn skip(&mut self) {
        let mut depth = 0_usize;
        while let Some(&c) = self.0.first() {
            match c {
                b'(' => depth += 1,
                b')' if depth > 0 => depth -= 1,
                b'\\' if depth > 0 => drop(self.next()),
                b' ' | b'\t' | b'\r' | b'\n' => {}
                _ if depth > 0 => {}
                _ => return,
            }
            self.next();
        }
    }

    fn special(&mut self, wanted: u8) -> Option<()> {
        self.skip();
        self.0 = self.0.strip_prefix(&[wanted])?;
        Some(())
    }

    fn token(&mut self) -> Option<Vec<u8>> {
        self.skip();
        let end = self.0.iter().position(|&c| c <= b' ' || c >= 0x7f || b"()<>@,;:\\\"/[]?=".contains(&c));
        let (token, rest) = self.0.split_at(end.unwrap_or(self.0.len()));
        self.0 = rest;
        (!token.is_empty()).then(|| token.to_vec())
    }

    fn value(&mut self) -> Option<Vec<u8>> {
        if self.special(b'"').is_none() {
            return self.token();
        }
        let mut value = Vec::new();
        while let Some(c) = self.next() {
            match c {
                b'"' => return Some(value),
                b'\\' => value.extend(self.next()),
                _ => value.push(c),
            }
        }
        Some(value)
    }

    fn parameters(&mut self) -> Parameters {
        let mut parameters = Parameters::new();
        while self.special(b';').is_some() {
            // Two semicolons in a row, or one at the end, are an empty parameter that many messages have.
            let Some(name) = self.token() else { continue };
            let Some(value) = self.special(b'=').and_then(|()| self.value()) else { break };
            parameters.push((name.to_ascii_uppercase(), value));
        }
        parameters
    }
}
