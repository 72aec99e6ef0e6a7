//! `S`: what must come. docs/suite-language.md section 7.

use super::ids::Rows;
use super::item::{Asked, Body, item};
use super::line::{Parted, part};
use super::mistakes::Mistakes;
use super::text::Text;
use super::tree::Scalar;
use super::uses::{Counts, Goes, LineUses, Sound, guess_uses};
use crate::base::{Binds, Span};
use crate::scenario::{Alternative, Answer, End, Expect, Item, Line, Mark};

/// docs/suite-language.md section 14: 64 KiB a line of `S`.
const LINE_MAX_OCTETS: usize = 64 << 10;
/// docs/suite-language.md section 14: alternatives of a line. Each is tried for each answer, and a failure tells all of them.
const ITEMS_MAX: usize = 64;

/// An answer and its variables, line by line. An answer in which nothing could be read is none.
#[derive(Debug, Default)]
pub(super) struct ReadAnswer {
    /// What the program keeps.
    pub(super) answer: Option<Answer>,
    /// One for each alternative, one for each of its lines.
    pub(super) uses: Vec<Vec<LineUses>>,
}

/// Reads the text of `S`.
pub(super) fn read(scalar: &Scalar, asked: &Asked<'_>, rows: &Rows<'_>, mistakes: &mut Mistakes) -> ReadAnswer {
    let mut reader = Reader { asked, rows, alternatives: Vec::new(), uses: Vec::new() };
    reader.begin();
    let text = if scalar.is_block() { scalar.text.without_last_break() } else { scalar.text.clone() };
    for line in logical_lines(&text, asked) {
        if line.len() > LINE_MAX_OCTETS {
            mistakes.add(line.mistake(0..1, "a line of `S` has at most 64 KiB"));
            continue;
        }
        reader.line(&line, mistakes);
    }
    reader.end_alternative(&scalar.text, mistakes);
    let span = scalar.span.clone();
    let any = reader.alternatives.iter().any(|open| !open.alternative.lines.is_empty());
    let alternatives: Vec<Alternative> = reader.alternatives.into_iter().map(|open| open.alternative).collect();
    ReadAnswer { answer: any.then_some(Answer { alternatives, span }), uses: reader.uses }
}

/// In IMAP a line that is indented deeper continues the one above.
fn logical_lines(text: &Text, asked: &Asked<'_>) -> Vec<Text> {
    let lines = text.lines();
    if !asked.is_imap() {
        return lines;
    }
    let mut joined: Vec<Text> = Vec::new();
    for line in lines {
        match joined.last_mut() {
            Some(last) if line.as_str().starts_with(' ') => {
                let more = line.trim();
                let tight = last.as_str().ends_with('(') || more.as_str().starts_with(')');
                let place = more.slice(0..0).place();
                if !tight {
                    last.append(&Text::whole(place, " "));
                }
                last.append(&more);
            }
            Some(_) | None => joined.push(line),
        }
    }
    joined
}

struct Open {
    alternative: Alternative,
    /// POP3: what the next line belongs to.
    body: Body,
    /// How many replies have begun.
    replies: usize,
    /// SMTP: a line of a reply that has no last line yet, with its code.
    unfinished: Option<(String, Span)>,
}

impl Open {
    /// SMTP: keyword lines stand above the line that ends their reply.
    fn keyword(&mut self, read: &[Item], line: &Text) {
        for item in read {
            match &item.expect {
                Expect::Smtp(pattern) if pattern.ends_reply() => self.unfinished = None,
                Expect::Smtp(pattern) => {
                    let code: String = pattern.to_string().chars().take(3).collect();
                    self.unfinished.get_or_insert_with(|| (code, line.place()));
                }
                Expect::Closed => self.unfinished = None,
                Expect::Pop3(_)
                | Expect::Imap(_)
                | Expect::Box(_)
                | Expect::Silence(_)
                | Expect::Open(_)
                | Expect::Tls
                | Expect::Codes(_) => {}
            }
        }
    }
}

/// How many replies a line stands for; POP3 was counted when its bodies were followed.
fn counts(mark: Mark, read: &[Item], pop3: usize) -> Counts {
    if matches!(mark, Mark::Not | Mark::NoOther) {
        return Counts::Nothing;
    }
    let reply = |item: &Item| match &item.expect {
        Expect::Smtp(pattern) => pattern.ends_reply(),
        Expect::Imap(pattern) => pattern.is_tagged() || pattern.to_string().starts_with('+'),
        Expect::Pop3(_) => pop3 > 0,
        Expect::Box(_) | Expect::Closed | Expect::Silence(_) | Expect::Open(_) | Expect::Tls | Expect::Codes(_) => {
            false
        }
    };
    let any = |item: &Item| matches!(item.expect, Expect::Codes(_) | Expect::Silence(_) | Expect::Open(_));
    if read.iter().any(reply) {
        Counts::Reply
    } else if read.iter().any(any) {
        Counts::Any
    } else {
        Counts::Nothing
    }
}

struct Reader<'a> {
    asked: &'a Asked<'a>,
    rows: &'a Rows<'a>,
    alternatives: Vec<Open>,
    uses: Vec<Vec<LineUses>>,
}

impl Reader<'_> {
    fn begin(&mut self) {
        let alternative = Alternative { lines: Vec::new(), end: None };
        self.alternatives.push(Open { alternative, body: Body::None, replies: 0, unfinished: None });
        self.uses.push(Vec::new());
    }

    fn line(&mut self, line: &Text, mistakes: &mut Mistakes) {
        let Some(open) = self.alternatives.last_mut() else { return };
        let word = line.as_str().trim_matches(' ');
        if word == "or" {
            self.end_alternative(line, mistakes);
            self.begin();
            return;
        }
        if open.alternative.end.is_some() {
            mistakes.add(line.mistake(0..line.len(), "nothing stands behind `done` or `skip` but `or`"));
            return;
        }
        match word {
            "done" | "skip" => {
                open.alternative.end = Some(if word == "done" { End::Done } else { End::Skip });
                return;
            }
            "" if open.body != Body::Text => {
                mistakes.add(line.mistake(0..0, "an empty line says nothing here"));
                return;
            }
            _ => {}
        }
        let line = if open.body == Body::Text { line.clone() } else { line.trim() };
        self.pattern(&line, mistakes);
    }

    fn pattern(&mut self, line: &Text, mistakes: &mut Mistakes) {
        let (Some(open), Some(uses)) = (self.alternatives.last_mut(), self.uses.last_mut()) else { return };
        let Parted { mark, items, judges, remark } = part(line);
        if mark == Mark::Then && open.alternative.lines.is_empty() {
            mistakes.add(line.mistake(0..4, "`then` has no line above it"));
        }
        if items.len() > ITEMS_MAX {
            mistakes.add(line.mistake(0..1, format!("a line of `S` has at most {ITEMS_MAX} items")));
            return;
        }
        let mut read = Vec::new();
        let mut line_uses =
            LineUses { mark, items: Vec::new(), sound: Sound::Whole, counts: Counts::Nothing, span: line.place() };
        for (text, end) in items {
            let goes = if end.is_some() { Goes::Ends } else { Goes::On };
            match item(&text, self.asked, open.body, mistakes) {
                Some((expect, found)) => {
                    read.push(Item { expect, end });
                    line_uses.items.push((found, goes));
                }
                None => {
                    line_uses.sound = Sound::Broken;
                    line_uses.items.push((guess_uses(&text, Binds::First), goes));
                }
            }
            if end.is_some() && matches!(mark, Mark::Not | Mark::NoOther) {
                mistakes.add(text.mistake(0..text.len(), "a line that must not come cannot end the scenario"));
            }
        }
        let judges = judges.and_then(|(id, at)| self.rows.known(id, line, at, mistakes));
        let replies = open.replies;
        self.asked.follow(&mut open.body, &mut open.replies, mark, &line_uses, line);
        line_uses.counts = counts(mark, &read, open.replies - replies);
        open.keyword(&read, line);
        uses.push(line_uses);
        if !read.is_empty() {
            open.alternative.lines.push(Line { mark, items: read, judges, remark, span: line.place() });
        }
    }

    fn end_alternative(&mut self, place: &Text, mistakes: &mut Mistakes) {
        let (Some(open), Some(uses)) = (self.alternatives.last(), self.uses.last_mut()) else { return };
        if open.alternative.end.is_none()
            && open.body != Body::None
            && let Some(command) = self.asked.command(open.replies)
        {
            let what = if open.body == Body::Listing { "listings" } else { "lines" };
            let message = format!("{command} answers in several lines: add its {what}, or `...`, and `.`");
            let span = open.alternative.lines.last().map_or_else(|| place.place(), |line| line.span.clone());
            mistakes.say(&span, message);
        }
        if let Some((code, span)) = &open.unfinished {
            mistakes.say(span, format!("this reply has no last line: add `{code}`"));
            // Its replies are not counted then.
            uses.iter_mut().for_each(|line| line.sound = Sound::Broken);
        }
        if uses.is_empty() {
            let message = "an alternative has at least one line";
            mistakes.add(place.mistake(0..place.len().min(2), message));
        }
    }
}

/// Whether an alternative ends the scenario whenever it holds.
pub(super) fn ends(alternative: &Alternative) -> bool {
    let all_end =
        |line: &Line| matches!(line.mark, Mark::Plain | Mark::Then) && line.items.iter().all(|item| item.end.is_some());
    alternative.end.is_some() || alternative.lines.iter().any(all_end)
}
