//! Which response is to which command. RFC 1939 §3: each command has one.

use std::collections::VecDeque;

use super::super::{CommandLine, Keyword, Status, command_of};

/// Beyond this a server may refuse a line, or cut it in two. RFC 2449 §4.
const LONGEST_COMMAND: usize = 255;

/// Whether it is known which command a response answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Count {
    Known,
    Unknown,
}

/// Whether it is certain which command a response answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Certain,
    /// Commands were sent together to a server that did not announce PIPELINING: it may lose some.
    Uncertain,
}

/// What the server takes the next line for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Input {
    Command,
    Response,
}

/// Whether commands may be sent without waiting. RFC 2449 §6.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pipelining {
    Announced,
    NotAnnounced,
}

/// Whom a response answers.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answered {
    /// This, for certain.
    Command(CommandLine),
    /// One of those that were sent.
    SomeCommand,
    /// Nobody asked.
    Nobody,
    /// Nobody knows.
    Unknown,
}

/// What was sent and is not yet answered.
#[derive(Debug)]
pub(super) struct Progress {
    owed: VecDeque<CommandLine>,
    count: Count,
    order: Order,
    input: Input,
}

impl Progress {
    /// At the start of a connection the greeting is owed.
    pub(super) fn new() -> Self {
        let owed = VecDeque::from([CommandLine::of(Keyword::Greeting)]);
        Self { owed, count: Count::Known, order: Order::Certain, input: Input::Command }
    }

    /// From here on nobody knows which command a response answers.
    pub(super) fn lose(&mut self) {
        self.count = Count::Unknown;
        self.owed.clear();
    }

    pub(super) fn is_lost(&self) -> bool {
        self.count == Count::Unknown
    }

    /// Whether something waits for its response.
    pub(super) fn is_owed(&self) -> bool {
        !self.owed.is_empty()
    }

    /// The client sends these octets: whole lines.
    pub(super) fn sent(&mut self, octets: &[u8], pipelining: Pipelining) {
        let mut rest = octets;
        while self.count == Count::Known && !rest.is_empty() {
            let end = rest.windows(2).position(|two| two == b"\r\n");
            // Behind these it depends on the answer what a line is.
            let open = self
                .owed
                .iter()
                .any(|command| matches!(command.keyword, Keyword::Auth | Keyword::Response | Keyword::Stls));
            let (Some(end), false) = (end, open) else { return self.lose() };
            let (line, after) = rest.split_at(end);
            let bare = line.iter().any(|octet| matches!(octet, b'\n' | b'\r' | 0));
            if bare || line.len() + 2 > LONGEST_COMMAND && self.input == Input::Command {
                return self.lose();
            }
            let command = match std::mem::replace(&mut self.input, Input::Command) {
                Input::Response => CommandLine {
                    args: vec![String::from_utf8_lossy(line).into_owned()],
                    ..CommandLine::of(Keyword::Response)
                },
                Input::Command => command_of(line),
            };
            if !self.owed.is_empty() && pipelining == Pipelining::NotAnnounced {
                self.order = Order::Uncertain;
            }
            self.owed.push_back(command);
            rest = after.get(2..).unwrap_or_default();
        }
    }

    /// A response with this status came.
    pub(super) fn answered(&mut self, status: Status) -> Answered {
        if self.count == Count::Unknown {
            return Answered::Unknown;
        }
        let Some(command) = self.owed.pop_front() else { return Answered::Nobody };
        let order = self.order;
        if status == Status::Continue && matches!(command.keyword, Keyword::Auth | Keyword::Response) {
            self.input = Input::Response;
        }
        if self.owed.is_empty() {
            self.order = Order::Certain;
        }
        match order {
            Order::Certain => Answered::Command(command),
            Order::Uncertain => Answered::SomeCommand,
        }
    }
}
