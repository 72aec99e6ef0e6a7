//! The beginning of what a message says (RFC 8970 §3.3).

use super::content::disposition;
use super::header::value_of;
use super::text::text_in;
use super::transfer::Encoding;
use super::{Kind, Part};

/// RFC 8970 §3.3: the limit that a server should keep, in characters.
const PREVIEW_MAX_CHARACTERS: usize = 200;

/// So much of a part is looked at, in octets as they are transferred.
const LOOKED_AT_OCTETS: usize = 256 * 1024;

/// Elements whose content nobody reads.
const UNSEEN: [&str; 4] = ["head", "script", "style", "template"];

/// The first words of the first text, without line breaks, markup and controls; empty if the message has none to show (RFC 8970
/// §3.2).
pub fn preview(octets: &[u8], message: &Part) -> String {
    text_of(octets, message).unwrap_or_default()
}

/// What an entity says, if it says anything.
fn text_of(octets: &[u8], part: &Part) -> Option<String> {
    let header = Part::slice(octets, part.header.clone());
    let attached = value_of(header, "Content-Disposition").and_then(|value| disposition(&value));
    if attached.is_some_and(|(kind, _)| kind == b"ATTACHMENT") {
        return None;
    }
    match &part.kind {
        // RFC 2046 §5.1.4: of alternatives the plain one needs no rendering.
        Kind::Multipart(parts) if part.content.subtype == b"ALTERNATIVE" => {
            let plain = parts.iter().filter(|part| part.content.is("TEXT", "PLAIN"));
            plain.chain(parts).find_map(|part| text_of(octets, part))
        }
        Kind::Multipart(parts) => parts.iter().find_map(|part| text_of(octets, part)),
        Kind::Message(inner) => text_of(octets, inner),
        Kind::Leaf if part.content.media == b"TEXT" => {
            let body = Part::slice(octets, part.body.clone());
            let body = Encoding::of(header)?.decode(body.get(..LOOKED_AT_OCTETS).unwrap_or(body));
            let text = text_in(&body, part.content.parameter("CHARSET").unwrap_or_default())?;
            let text = if part.content.subtype == b"HTML" { rendered(&text) } else { text };
            Some(shortened(&text)).filter(|text| !text.is_empty())
        }
        Kind::Leaf => None,
    }
}

/// The first characters, with one blank for all that is blank.
fn shortened(text: &str) -> String {
    let mut out = String::new();
    let mut count = 0;
    let mut blank = false;
    for c in text.chars() {
        if c.is_whitespace() {
            blank = count > 0;
            continue;
        }
        if c.is_control() || c == '\u{feff}' {
            continue;
        }
        if count + usize::from(blank) >= PREVIEW_MAX_CHARACTERS {
            break;
        }
        if blank {
            out.push(' ');
            count += 1;
        }
        blank = false;
        out.push(c);
        count += 1;
    }
    out
}

/// HTML without its markup.
fn rendered(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((text, tagged)) = rest.split_once('<') {
        out.push_str(&unescaped(text));
        rest = after_tag(tagged, &mut out);
    }
    out.push_str(&unescaped(rest));
    out
}

/// What follows a tag, a comment, or an element that is not seen. Behind its `<` stands what is given.
fn after_tag<'t>(tagged: &'t str, out: &mut String) -> &'t str {
    if let Some(comment) = tagged.strip_prefix("!--") {
        return comment.split_once("-->").map_or("", |(_, after)| after);
    }
    let begins = tagged.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c));
    if !begins {
        out.push('<');
        return tagged;
    }
    let Some((tag, after)) = tagged.split_once('>') else { return "" };
    let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
    let name = name.to_ascii_lowercase();
    // Words of two paragraphs are two words; what only looks different is one.
    if !matches!(name.as_str(), "a" | "b" | "em" | "font" | "i" | "span" | "strong" | "u") {
        out.push(' ');
    }
    if tag.starts_with('/') || tag.ends_with('/') || !UNSEEN.contains(&name.as_str()) {
        return after;
    }
    let end = format!("</{name}");
    let closes = |at: usize| after.get(at..at + end.len()).is_some_and(|found| found.eq_ignore_ascii_case(&end));
    let at = after.match_indices('<').map(|(at, _)| at).find(|at| closes(*at));
    at.and_then(|at| after.get(at..)?.split_once('>')).map_or("", |(_, after)| after)
}

/// Text with the characters that its references stand for.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, reference)) = rest.split_once('&') {
        out.push_str(plain);
        let named = reference.split_once(';').and_then(|(name, after)| Some((character(name)?, after)));
        rest = match named {
            Some((c, after)) => {
                out.push(c);
                after
            }
            None => {
                out.push('&');
                reference
            }
        };
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    let number = name.strip_prefix('#');
    let number = number.map(|digits| match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => digits.parse(),
    });
    match number {
        Some(number) => char::from_u32(number.ok()?),
        None => Some(match name {
            "amp" => '&',
            "apos" => '\'',
            "gt" => '>',
            "lt" => '<',
            "nbsp" => ' ',
            "quot" => '"',
            _ => return None,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(message: &[u8]) -> String {
        preview(message, &Part::parse(message))
    }

    #[test]
    fn the_first_text_is_decoded_and_stands_on_one_line() {
        let table: [(&[u8], &str); 8] = [
            (b"a: b\r\n\r\n  One\r\n\ttwo \x07three\r\n", "One two three"),
            (b"Content-Transfer-Encoding: base64\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nR3LDvMOf\r\nZQ==\r\n", "Grüße"),
            (b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\nGr\xfc\xdfe\r\n", "Grüße"),
            (b"Content-Type: text/plain; charset=koi8-r\r\n\r\nplain\r\n", "plain"),
            (b"Content-Type: text/plain; charset=koi8-r\r\n\r\n\xd0\xd2\r\n", ""),
            (b"Content-Transfer-Encoding: x-odd\r\n\r\nabc\r\n", ""),
            (b"Content-Type: application/pdf\r\n\r\nabc\r\n", ""),
            (b"", ""),
        ];
        for (message, expected) in table {
            assert_eq!(of(message), expected, "{}", String::from_utf8_lossy(message));
        }
    }

    #[test]
    fn attachments_say_nothing_and_plain_text_goes_before_html() {
        let mixed = |kind: &str, first: &str, second: &str| {
            of(format!(
                "Content-Type: multipart/{kind}; boundary=b\r\n\r\n--b\r\n{first}\r\n--b\r\n{second}\r\n--b--\r\n"
            )
            .as_bytes())
        };
        let html = "Content-Type: text/html\r\n\r\n<p>rich</p>";
        assert_eq!(mixed("alternative", html, "\r\nplain"), "plain");
        assert_eq!(mixed("alternative", "\r\n \r\n", html), "rich");
        assert_eq!(mixed("mixed", html, "\r\nplain"), "rich");
        assert_eq!(mixed("mixed", "Content-Disposition: attachment; filename=x\r\n\r\nfile", "\r\nplain"), "plain");
        assert_eq!(mixed("mixed", "Content-Type: message/rfc822\r\n\r\na: b\r\n\r\ninner", "\r\nouter"), "inner");
        let encrypted = "Content-Type: application/octet-stream\r\n\r\nxyz";
        assert_eq!(mixed("encrypted", "Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1", encrypted), "");
    }

    #[test]
    fn markup_goes_and_references_stand_for_characters() {
        let table = [
            (
                "<html><head><title>no</title></head><BODY>Hello <b>wor</b>ld<br>again</BODY></html>",
                "Hello world again",
            ),
            ("a<style>p > b { }</STYLE >b<!-- <p>no</p> -->c<script>", "a bc"),
            ("1 &lt; 2 &amp;&#38; &#x263A;&nbsp;&copy; &#xD800; &", "1 < 2 && ☺ &copy; &#xD800; &"),
            ("3 < 4 <br/>x<unclosed", "3 < 4 x"),
            ("<head/>seen", "seen"),
        ];
        for (html, expected) in table {
            assert_eq!(of(format!("Content-Type: text/html\r\n\r\n{html}").as_bytes()), expected, "{html}");
        }
    }

    #[test]
    fn two_hundred_characters_are_the_most() {
        let long = of(format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{}", "é".repeat(500)).as_bytes());
        assert_eq!(long, "é".repeat(200));
        let words = of("\r\nabcd ".repeat(100).as_bytes());
        assert!(words.chars().count() == 199 && words.ends_with(" abcd"), "{words}");
    }
}
