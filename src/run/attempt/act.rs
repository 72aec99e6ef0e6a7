//! What a step sends. docs/suite-language.md section 6.

use std::time::Duration;

use tokio::time::Instant;

use super::listen::{Awaited, Hearing};
use super::live::{Came, Live};
use super::octets::{self, Chunk, Then};
use super::stop::Stop;
use super::values::Values;
use super::watch::Watch;
use crate::base::{Bound, ByteString, Template, Unbound};
use crate::imap::{Response, has_tag};
use crate::message::dot_stuff;
use crate::outcome::{Frame, StepRef};
use crate::pop3;
use crate::scenario::{Command, CommandPart, Cut, Protocol, Step};

/// What sending needs.
pub(super) struct Act<'a> {
    pub(super) live: &'a mut Live,
    pub(super) watch: &'a mut Watch,
    pub(super) values: &'a mut Values,
    pub(super) hearing: &'a mut Hearing,
    pub(super) at: &'a StepRef,
    /// How long sending, and waiting for the server to go on, may take.
    pub(super) within: Duration,
}

impl From<Unbound> for Stop {
    fn from(Unbound(name): Unbound) -> Self {
        Self::internal(format!("{name} has no value"))
    }
}

impl Act<'_> {
    /// `C`: command lines in one write; IMAP lines with fresh tags, or the next line of a command that waits for it.
    pub(super) async fn commands(&mut self, step: &Step, commands: &[Command]) -> Result<Awaited, Stop> {
        let commands = self.groups_apart(commands)?;
        let offsets = offsets(step)?;
        let tags = self.tags(commands.len());
        let mut chunks = Vec::new();
        for (index, line) in commands.iter().enumerate() {
            let prefix = match (tags.get(index), &self.live.continuing) {
                (Some(tag), None) => format!("{tag} "),
                (Some(_) | None, _) => String::new(),
            };
            match line {
                Line::Written(command) => chunks.extend(octets::command_chunks(&prefix, command, &self.values.env)?),
                Line::Ready(line) => {
                    let mut octets = prefix.into_bytes();
                    octets.extend_from_slice(line);
                    octets.extend_from_slice(b"\r\n");
                    chunks.push(Chunk { octets: octets.into(), then: Then::GoOn });
                }
            }
        }
        self.expect_forms(&chunks);
        let count = commands.len();
        self.chunks(&joined(chunks), &offsets).await;
        Ok(self.awaited(count, tags))
    }

    /// A generated group is as many lines as it holds.
    fn groups_apart<'c>(&self, commands: &'c [Command]) -> Result<Vec<Line<'c>>, Stop> {
        let mut lines = Vec::new();
        for command in commands {
            let group = match command.parts.as_slice() {
                [CommandPart::Text(text)] => text.as_var().and_then(|name| self.values.group(name)),
                _ => None,
            };
            match group {
                Some(group) => {
                    for line in group {
                        let rendered = line.render(&self.values.env)?;
                        lines.extend(octets::lines(&rendered).into_iter().map(Line::Ready));
                    }
                }
                None => lines.push(Line::Written(command)),
            }
        }
        Ok(lines)
    }

    /// IMAP: tags of the lines of this step; `${tag}` is the last.
    fn tags(&mut self, count: usize) -> Vec<String> {
        if self.live.session.protocol() != Protocol::Imap {
            return Vec::new();
        }
        let tags: Vec<String> = match &self.live.continuing {
            Some(tag) => vec![tag.clone()],
            None => (0..count).map(|_| self.live.session.next_tag()).collect(),
        };
        if let Some(last) = tags.last() {
            self.values.env.bind("tag", Bound::octets(last.as_str()));
        }
        for tag in &tags {
            if !self.live.open_tags.contains(tag) {
                self.live.open_tags.push(tag.clone());
            }
        }
        tags
    }

    fn awaited(&self, count: usize, tags: Vec<String>) -> Awaited {
        match self.live.session.protocol() {
            Protocol::Smtp | Protocol::Pop3 => Awaited::Replies(count),
            Protocol::Imap => Awaited::Tags(tags),
        }
    }

    /// POP3: the framer has to know which responses have several lines.
    fn expect_forms(&mut self, chunks: &[Chunk]) {
        if self.live.session.protocol() != Protocol::Pop3 {
            return;
        }
        let all: Vec<u8> = chunks.iter().flat_map(|chunk| chunk.octets.iter().copied()).collect();
        self.forms_of(&all);
    }

    fn forms_of(&mut self, octets: &[u8]) {
        if self.live.session.protocol() == Protocol::Pop3 {
            let forms: Vec<pop3::Form> = octets.split_inclusive(|octet| *octet == b'\n').map(pop3::form_of).collect();
            self.live.session.expect_forms(&forms);
        }
    }

    /// Raw octets need not end where a line does: the rest of one belongs to the next step.
    fn lines_of(&mut self, octets: &[u8]) {
        if self.live.session.protocol() == Protocol::Pop3 {
            let mut whole = std::mem::take(&mut self.live.line);
            whole.extend_from_slice(octets);
            let end = whole.iter().rposition(|octet| *octet == b'\n').map_or(0, |at| at + 1);
            self.live.line = whole.split_off(end);
            self.forms_of(&whole);
        }
    }

    fn deadline(&self) -> Instant {
        Instant::now() + self.within
    }

    /// Sends chunks; between them the server has to go on. If it does not, the rest is not sent.
    async fn chunks(&mut self, chunks: &[Chunk], offsets: &[u64]) {
        let mut start = 0;
        for chunk in chunks {
            self.live.sending(self.watch, &chunk.octets);
            let segments = octets::cut(&chunk.octets, start, offsets);
            start += chunk.octets.len();
            // What the server said before it went away is still to be read and judged.
            if self.live.session.send(&segments, self.deadline()).await.is_err() {
                return;
            }
            if chunk.then == Then::AwaitGoAhead && !self.go_ahead().await {
                return;
            }
        }
    }

    /// Waits for `+`; false if the command ended instead, or nothing came.
    async fn go_ahead(&mut self) -> bool {
        let deadline = self.deadline();
        loop {
            match self.live.next(self.watch, deadline).await {
                Came::Frame(Frame::Imap(frame), breaches) => {
                    if frame.raw.starts_with(b"+") {
                        let frame = Frame::Imap(frame);
                        breaches.iter().for_each(|breach| self.watch.accuse(self.at, breach, Some(&frame)));
                        return true;
                    }
                    let ends = self.live.open_tags.iter().any(|tag| has_tag(&frame, tag.as_bytes()));
                    if !self.hearing.take(Came::Frame(Frame::Imap(frame), breaches)) || ends {
                        return false;
                    }
                }
                other @ (Came::Frame(Frame::Smtp(_) | Frame::Pop3(_), _)
                | Came::Ended(_)
                | Came::Nothing
                | Came::Unreadable(_)) => {
                    self.hearing.overdue |= matches!(other, Came::Nothing);
                    self.hearing.take(other);
                    return false;
                }
            }
        }
    }

    /// `send`: exactly these octets.
    pub(super) async fn send(&mut self, step: &Step, segments: &[Template]) -> Result<Awaited, Stop> {
        let own_tag = segments.iter().flat_map(Template::vars).any(|var| var.as_str() == "tag");
        let tags = if own_tag { self.fresh_tag() } else { self.live.open_tags.clone() };
        let mut rendered = Vec::new();
        for segment in segments {
            rendered.push(segment.render(&self.values.env)?);
        }
        let whole: Vec<u8> = rendered.iter().flat_map(|segment| segment.iter().copied()).collect();
        let offsets = offsets(step)?;
        if !offsets.is_empty() {
            rendered = octets::cut(&whole, 0, &offsets);
        }
        self.live.suspend(self.watch);
        // Nobody counts these, but what they ask for, such as SMTPUTF8, may change the grammar of the answers.
        self.live.sending(self.watch, &whole);
        self.lines_of(&whole);
        // As for `C`: what came before is still judged.
        let _ = self.live.session.send(&rendered, self.deadline()).await;
        Ok(Awaited::Free(tags))
    }

    /// A tag that `${tag}` names in raw octets, also while another command is open.
    fn fresh_tag(&mut self) -> Vec<String> {
        if self.live.session.protocol() != Protocol::Imap {
            return Vec::new();
        }
        let tag = self.live.session.next_tag();
        self.values.env.bind("tag", Bound::octets(tag.as_str()));
        self.live.open_tags.push(tag.clone());
        vec![tag]
    }

    /// `data`: message content with its end. RFC 5321 §4.5.2.
    pub(super) async fn data(&mut self, step: &Step, content: &Template) -> Result<Awaited, Stop> {
        let octets = ByteString::from(dot_stuff(&content.render(&self.values.env)?));
        let offsets = offsets(step)?;
        self.chunks(&[Chunk { octets, then: Then::GoOn }], &offsets).await;
        Ok(Awaited::Replies(1))
    }

    /// One BDAT command with its octets. RFC 3030 §2.
    pub(super) async fn bdat(&mut self, chunk: &ByteString) -> Awaited {
        self.live.sending(self.watch, chunk);
        let _ = self.live.session.send(std::slice::from_ref(chunk), self.deadline()).await;
        Awaited::Replies(1)
    }

    /// `each`: line by line, each answer awaited; all of them are one answer.
    pub(super) async fn each(&mut self, group: &[Template]) -> Result<Awaited, Stop> {
        let mut lines = Vec::new();
        for line in group {
            lines.extend(octets::lines(&line.render(&self.values.env)?));
        }
        let mut sent = 0;
        let mut all_tags = Vec::new();
        for line in lines {
            sent += 1;
            let tags = self.tags(1);
            let prefix = tags.first().map(|tag| format!("{tag} ")).unwrap_or_default();
            let octets = [prefix.as_bytes(), &line, b"\r\n"].concat();
            self.forms_of(&octets);
            all_tags.extend(tags.clone());
            self.chunks(&[Chunk { octets: octets.into(), then: Then::GoOn }], &[]).await;
            if !self.one_answer(tags.first()).await {
                break;
            }
        }
        // What was not sent is not waited for.
        Ok(self.awaited(sent, all_tags))
    }

    /// Reads one reply, or up to the tagged response; false if none came.
    async fn one_answer(&mut self, tag: Option<&String>) -> bool {
        let deadline = self.deadline();
        loop {
            let came = self.live.next(self.watch, deadline).await;
            let ends = match &came {
                Came::Frame(Frame::Imap(frame), _) => tag.is_none_or(|tag| has_tag(frame, tag.as_bytes())),
                Came::Frame(Frame::Smtp(_) | Frame::Pop3(_), _) => true,
                Came::Ended(_) | Came::Nothing | Came::Unreadable(_) => false,
            };
            if !self.hearing.take(came) {
                return false;
            }
            if ends {
                return true;
            }
        }
    }
}

/// A line to send.
enum Line<'c> {
    Written(&'c Command),
    Ready(Vec<u8>),
}

/// Chunks that need not wait for each other leave in one write.
fn joined(chunks: Vec<Chunk>) -> Vec<Chunk> {
    let mut joined: Vec<Chunk> = Vec::new();
    for chunk in chunks {
        match joined.last_mut() {
            Some(last) if last.then == Then::GoOn => {
                let mut octets = std::mem::take(&mut last.octets).into_bytes();
                octets.extend_from_slice(&chunk.octets);
                *last = Chunk { octets: octets.into(), then: chunk.then };
            }
            Some(_) | None => joined.push(chunk),
        }
    }
    joined
}

fn offsets(step: &Step) -> Result<Vec<u64>, Stop> {
    match &step.cut {
        None => Ok(Vec::new()),
        Some(Cut::At(offsets)) => Ok(offsets.clone()),
        Some(Cut::Var(name)) => Err(Stop::internal(format!("{name} was not lowered"))),
    }
}

/// The offsets at which a message is cut into BDAT chunks.
pub(super) fn bdat_offsets(step: &Step) -> Result<Vec<u64>, Stop> {
    offsets(step)
}

/// Forgets tags that were answered, and notices a command that waits for the client to go on.
pub(super) fn settle_tags(live: &mut Live, frames: &[Frame]) {
    for frame in frames {
        let Frame::Imap(frame) = frame else { continue };
        live.open_tags.retain(|tag| !has_tag(frame, tag.as_bytes()));
        let ended = live.continuing.as_ref().is_some_and(|tag| !live.open_tags.contains(tag));
        if ended {
            live.continuing = None;
        }
        if frame.raw.starts_with(b"+") && live.continuing.is_none() {
            live.continuing = live.open_tags.last().cloned();
        }
        if frame.parsed.as_ref().is_ok_and(Response::is_parting) {
            live.continuing = None;
        }
    }
}
