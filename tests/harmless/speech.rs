//! What a client said on one connection, cut into commands: who says it, where it works, what it carries.
//!
//! The tap keeps octets in the order in which they were read and written, so what the server had answered when the client
//! went on is known; that tells message data, literals and SASL responses from commands.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mailproof::refserver::{Conversation, Role, Speaker};

/// One command.
#[derive(Debug, Clone, Default)]
pub(crate) struct Act {
    pub(crate) protocol: &'static str,
    /// Who is logged in.
    pub(crate) user: Option<String>,
    /// What is selected.
    pub(crate) mailbox: Option<Selected>,
    /// The command word, in upper case; of `UID COPY` it is `COPY`.
    pub(crate) word: String,
    /// What follows the word, with literals put in; of `UID` commands what follows the second word.
    pub(crate) arguments: Vec<u8>,
    /// Message data that came with it.
    pub(crate) letter: Option<Vec<u8>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Selected {
    pub(crate) name: Vec<u8>,
    pub(crate) access: Access,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Write,
    Read,
}

/// All commands of a conversation.
pub(crate) fn acts(conversation: &Conversation) -> Vec<Act> {
    let mut client = Client::new(conversation);
    match conversation.role {
        Role::Mx | Role::Submission | Role::Submissions => smtp(&mut client),
        Role::Pop3 | Role::Pop3s => pop3(&mut client),
        Role::Imap | Role::Imaps => imap(&mut client),
    }
}

/// The client's octets, and what the server said between them.
struct Client<'a> {
    conversation: &'a Conversation,
    octets: Vec<u8>,
    /// For each turn of the client where its octets end, and the position of the turn.
    ends: Vec<(usize, usize)>,
    at: usize,
    /// Answers that were taken, in SMTP and POP3.
    answers: Vec<Vec<u8>>,
}

impl<'a> Client<'a> {
    fn new(conversation: &'a Conversation) -> Self {
        let (mut octets, mut ends) = (Vec::new(), Vec::new());
        for (position, (speaker, said)) in conversation.turns.iter().enumerate() {
            if *speaker == Speaker::Client {
                octets.extend_from_slice(said);
                ends.push((octets.len(), position));
            }
        }
        Self { conversation, octets, ends, at: 0, answers: Vec::new() }
    }

    fn server(&self) -> impl Iterator<Item = (usize, &'a [u8])> {
        let turns = self.conversation.turns.iter().enumerate();
        turns
            .filter(|(_, (speaker, _))| *speaker == Speaker::Server)
            .map(|(position, (_, said))| (position, said.as_slice()))
    }

    fn server_octets(&self) -> Vec<u8> {
        self.server().flat_map(|(_, said)| said.iter().copied()).collect()
    }

    /// The next line without CRLF; at the end what is left.
    fn line(&mut self) -> Option<Vec<u8>> {
        let rest = self.octets.get(self.at..).filter(|rest| !rest.is_empty())?;
        let found = rest.windows(2).position(|two| two == b"\r\n");
        let (line, used) = found.map_or((rest, rest.len()), |at| (rest.get(..at).unwrap_or_default(), at + 2));
        let line = line.to_vec();
        self.at += used;
        Some(line)
    }

    fn take(&mut self, count: usize) -> Vec<u8> {
        let end = self.at.saturating_add(count).min(self.octets.len());
        let taken = self.octets.get(self.at..end).unwrap_or_default().to_vec();
        self.at = end;
        taken
    }

    /// Message data up to the line with a period alone.
    fn data(&mut self) -> Vec<u8> {
        let rest = self.octets.get(self.at..).unwrap_or_default();
        if rest.starts_with(b".\r\n") {
            return self.take(3);
        }
        let end = rest.windows(5).position(|five| five == b"\r\n.\r\n").map_or(rest.len(), |at| at + 5);
        self.take(end)
    }

    /// The turn in which the octet before this place was said.
    fn turn(&self) -> usize {
        self.ends.iter().find(|(end, _)| *end >= self.at).map_or(usize::MAX, |(_, position)| *position)
    }

    /// What the server said next.
    fn answer(&self) -> &'a [u8] {
        let turn = self.turn();
        self.server().find(|(position, _)| *position > turn).map_or(&[], |(_, said)| said)
    }

    /// Whether it asks for more.
    fn goes_on(&self) -> bool {
        self.answer().split(|octet| *octet == b'\n').any(|line| line.starts_with(b"+ ") || line == b"+\r")
    }

    /// The status word of the tagged answer, wherever it comes.
    fn tagged(&self, tag: &[u8]) -> Option<Vec<u8>> {
        let (turn, start) = (self.turn(), [tag, b" "].concat());
        let said = self.server().filter(|(position, _)| *position > turn).map(|(_, said)| said);
        let mut lines = said.flat_map(|said| said.split(|octet| *octet == b'\n'));
        let line = lines.find(|line| line.starts_with(&start))?;
        line.get(start.len()..)?.split(|octet| *octet == b' ').next().map(<[u8]>::to_vec)
    }

    /// What was said ahead of a TLS handshake is thrown away by the server.
    fn drop_turn(&mut self) {
        let end = self.ends.iter().find(|(end, _)| *end >= self.at).map(|(end, _)| *end);
        self.at = end.unwrap_or(self.octets.len());
    }

    /// The next answer of SMTP or POP3, which answer one command after the other.
    fn next_answer(&mut self) -> Vec<u8> {
        if self.answers.is_empty() { Vec::new() } else { self.answers.remove(0) }
    }
}

fn upper(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).to_ascii_uppercase()
}

/// The first word, and the rest behind one blank.
fn split(line: &[u8]) -> (&[u8], &[u8]) {
    let at = line.iter().position(|octet| *octet == b' ').unwrap_or(line.len());
    (line.get(..at).unwrap_or_default(), line.get(at + 1..).unwrap_or_default())
}

fn smtp(client: &mut Client<'_>) -> Vec<Act> {
    let mut framer = mailproof::smtp::Framer::new();
    framer.push(&client.server_octets());
    client.answers =
        std::iter::from_fn(|| framer.next().and_then(Result::ok)).map(|frame| frame.raw.into_bytes()).collect();
    client.next_answer();
    let mut acts = Vec::new();
    while let Some(whole) = client.line() {
        // Some servers end lines at a bare CR or LF too: each piece may be a command.
        let mut pieces = whole.split(|octet| matches!(octet, b'\r' | b'\n')).collect::<Vec<_>>();
        let line = pieces.remove(0);
        for piece in pieces {
            let (word, rest) = split(piece);
            acts.push(Act { protocol: "smtp", word: upper(word), arguments: rest.to_vec(), ..Act::default() });
        }
        let (word, rest) = split(line);
        let mut act = Act { protocol: "smtp", word: upper(word), arguments: rest.to_vec(), ..Act::default() };
        if act.word == "BDAT" {
            let (size, _) = split(rest);
            let size = String::from_utf8_lossy(size).trim().parse().unwrap_or_default();
            act.letter = Some(client.take(size));
        }
        let mut answer = client.next_answer();
        if act.word == "DATA" && answer.starts_with(b"354") {
            act.letter = Some(client.data());
            client.next_answer();
        }
        while act.word == "AUTH" && answer.starts_with(b"334") && client.line().is_some() {
            answer = client.next_answer();
        }
        if act.word == "STARTTLS" && answer.starts_with(b"220") {
            client.drop_turn();
        }
        acts.push(act);
    }
    acts
}

fn pop3(client: &mut Client<'_>) -> Vec<Act> {
    let mut framer = mailproof::pop3::Framer::new();
    framer.push(&client.server_octets());
    let mut next = |line: &[u8]| -> Vec<u8> {
        framer.expect(mailproof::pop3::form_of(line));
        framer.next().and_then(Result::ok).map(|frame| frame.raw.into_bytes()).unwrap_or_default()
    };
    next(b"");
    let (mut acts, mut user, mut named) = (Vec::new(), None, None);
    while let Some(line) = client.line() {
        let (word, rest) = split(&line);
        let act =
            Act { protocol: "pop3", word: upper(word), arguments: rest.to_vec(), user: user.clone(), ..Act::default() };
        let mut answer = next(&line);
        let (first, second) = split(rest);
        match act.word.as_str() {
            "USER" => named = Some(upper(rest)),
            "APOP" => named = Some(upper(first)),
            "AUTH" => {
                let mut responses: Vec<Vec<u8>> = Vec::from([second.to_vec()]);
                while answer.starts_with(b"+ ") {
                    let Some(response) = client.line() else { break };
                    answer = next(b"");
                    responses.push(response);
                }
                named = sasl_user(&responses);
            }
            "STLS" if answer.starts_with(b"+OK") => client.drop_turn(),
            _ => {}
        }
        if matches!(act.word.as_str(), "PASS" | "APOP" | "AUTH") && answer.starts_with(b"+OK") && user.is_none() {
            user = named.clone();
        }
        acts.push(act);
    }
    acts
}

/// The name that an exchange logs in with: PLAIN, LOGIN, CRAM-MD5, SCRAM.
fn sasl_user(responses: &[Vec<u8>]) -> Option<String> {
    let decoded = responses.iter().filter_map(|response| STANDARD.decode(response.trim_ascii()).ok());
    let first = decoded.into_iter().find(|octets| !octets.is_empty())?;
    let text = String::from_utf8_lossy(&first).into_owned();
    let digest = |word: &str| word.len() == 32 && word.bytes().all(|octet| octet.is_ascii_hexdigit());
    let user = match (
        text.split('\0').nth(1),
        text.split(',').find_map(|part| part.strip_prefix("n=")),
        text.rsplit_once(' '),
    ) {
        (Some(user), _, _) | (None, Some(user), _) => user,
        (None, None, Some((user, last))) if digest(last) => user,
        (None, None, _) => text.as_str(),
    };
    Some(user.to_ascii_uppercase())
}

/// A string, quoted or not.
pub(crate) fn unquoted(octets: &[u8]) -> Vec<u8> {
    match octets.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")) {
        Some(inside) => {
            let mut out = Vec::new();
            let mut octets = inside.iter();
            while let Some(octet) = octets.next() {
                out.extend(if *octet == b'\\' { octets.next() } else { Some(octet) });
            }
            out
        }
        None => octets.to_vec(),
    }
}

fn imap(client: &mut Client<'_>) -> Vec<Act> {
    let (mut acts, mut user, mut mailbox) = (Vec::<Act>::new(), None::<String>, None::<Selected>);
    while let Some((line, letter)) = command(client) {
        let (tag, rest) = split(&line);
        let (mut word, mut arguments) = split(rest);
        if upper(word) == "UID" {
            (word, arguments) = split(arguments);
        }
        let act = Act {
            protocol: "imap",
            user: user.clone(),
            mailbox: mailbox.clone(),
            word: upper(word),
            arguments: arguments.to_vec(),
            letter,
        };
        let status = client.tagged(tag).map(|word| upper(&word));
        let holds = status.as_deref().is_some_and(|status| status.trim() == "OK");
        match act.word.as_str() {
            "LOGIN" if holds => user = strings(arguments).first().map(|name| upper(name)),
            "AUTHENTICATE" => {
                let mut responses = vec![split(arguments).1.to_vec()];
                while client.goes_on() {
                    let Some(response) = client.line() else { break };
                    responses.push(response);
                }
                let holds = client.tagged(tag).is_some_and(|status| upper(&status).trim() == "OK");
                user = if holds { sasl_user(&responses) } else { user };
            }
            "SELECT" | "EXAMINE" => {
                let access = if act.word == "SELECT" { Access::Write } else { Access::Read };
                let name = strings(arguments).first().cloned().unwrap_or_default();
                mailbox = holds.then_some(Selected { name, access });
            }
            "CLOSE" | "UNSELECT" if holds => mailbox = None,
            "STARTTLS" if holds => client.drop_turn(),
            "IDLE" if client.goes_on() => drop(client.line()),
            _ => {}
        }
        acts.push(act);
    }
    acts
}

/// One command of IMAP with its literals, and the message that it carries.
fn command(client: &mut Client<'_>) -> Option<(Vec<u8>, Option<Vec<u8>>)> {
    let mut line = client.line()?;
    let mut letter = None::<Vec<u8>>;
    while let Some((count, waits)) = literal(&line) {
        // The client waits, so what comes next says whether it may go on.
        if waits && !client.goes_on() {
            break;
        }
        let octets = client.take(count);
        // A message is no part of the words of its command.
        if upper(&line).contains(" APPEND ") || letter.is_some() {
            letter = Some([letter.unwrap_or_default(), octets].concat());
        } else {
            line.truncate(line.iter().rposition(|octet| *octet == b'{').unwrap_or(line.len()));
            let quoted: Vec<u8> = octets
                .iter()
                .flat_map(|octet| if b"\"\\".contains(octet) { vec![b'\\', *octet] } else { vec![*octet] })
                .collect();
            line.extend_from_slice(&[b"\"", quoted.as_slice(), b"\""].concat());
        }
        let Some(rest) = client.line() else { break };
        if letter.is_some() {
            line.truncate(line.iter().rposition(|octet| *octet == b'{').unwrap_or(line.len()));
        }
        line.extend_from_slice(&rest);
    }
    Some((line, letter))
}

/// `{n}` or `{n+}` at the end of a line: how many octets, and whether the client waits for the server.
fn literal(line: &[u8]) -> Option<(usize, bool)> {
    let inside = line.strip_suffix(b"}")?;
    let open = inside.iter().rposition(|octet| *octet == b'{')?;
    let digits = inside.get(open + 1..)?;
    let (digits, waits) = digits.strip_suffix(b"+").map_or((digits, true), |digits| (digits, false));
    std::str::from_utf8(digits).ok()?.parse().ok().map(|count| (count, waits))
}

/// The words of arguments: blanks part them, but not within quotes.
pub(crate) fn strings(arguments: &[u8]) -> Vec<Vec<u8>> {
    let (mut all, mut current, mut quoted, mut escaped) = (Vec::new(), Vec::new(), false, false);
    for octet in arguments {
        match octet {
            b' ' if !quoted => all.push(std::mem::take(&mut current)),
            _ => {
                quoted ^= *octet == b'"' && !escaped;
                escaped = *octet == b'\\' && !escaped && quoted;
                current.push(*octet);
            }
        }
    }
    all.push(current);
    all.iter().map(|word| unquoted(word)).collect()
}
