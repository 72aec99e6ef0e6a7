//! Command lines with what they are answered with.

use super::answer::Asked;
use super::making::Making;
use crate::base::{Span, Template, Type};
use crate::pop3::Place;
use crate::scenario::{Command, CommandPart, LiteralContent, LiteralForm, Protocol};

const FORMS: [LiteralForm; 4] = [
    LiteralForm::Synchronising,
    LiteralForm::NonSynchronising,
    LiteralForm::Literal8,
    LiteralForm::Literal8NonSynchronising,
];

/// A command that is this line.
pub(super) fn command(line: &str) -> Command {
    let template = Template::parse_line(line).unwrap_or_else(|mistake| panic!("{line}: {mistake:?}"));
    Command { parts: vec![CommandPart::Text(template)], span: Span::generated() }
}

impl Making<'_> {
    /// One command of a protocol.
    pub(super) fn command(&mut self, protocol: Protocol) -> (Command, Asked) {
        match protocol {
            Protocol::Smtp => self.smtp_command(),
            Protocol::Pop3 => self.pop3_command(),
            Protocol::Imap => self.imap_command(),
        }
    }

    fn smtp_command(&mut self) -> (Command, Asked) {
        let text = match self.below(8) {
            0 => return (command("EHLO ${client}"), Asked::Ehlo),
            1 => "MAIL FROM:<${sender}>".to_owned(),
            2 => "RCPT TO:<x@${domain}> NOTIFY=NEVER".to_owned(),
            3 => "* & | > ' \" % {5} [a] ,".to_owned(),
            4 => format!("  NOOP {}", self.line_text()),
            5 => String::new(),
            6 => self.line_text(),
            _ => self.pick(&["DATA", "RSET", "NOOP #", "HELP: x", "- x", "? x", "null", "~", "RCPT TO:"]).to_owned(),
        };
        (command(&text), Asked::Plain)
    }

    fn pop3_command(&mut self) -> (Command, Asked) {
        let (text, asked) = match self.below(9) {
            0 => ("STAT".to_owned(), Asked::Plain),
            1 => ("LIST".to_owned(), Asked::Body(Place::Listing)),
            2 => ("uidl".to_owned(), Asked::Body(Place::Listing)),
            3 => ("CAPA".to_owned(), Asked::Body(Place::Capability)),
            4 | 5 => (format!("RETR {}", self.number(1..=9)), Asked::Body(Place::Text)),
            6 => ("TOP 1 ${letter.lines}".to_owned(), Asked::Body(Place::Text)),
            7 => ("LIST 1".to_owned(), Asked::Plain),
            _ => (format!("NOOP{}", self.line_text()), Asked::Plain),
        };
        (command(&text), asked)
    }

    fn imap_command(&mut self) -> (Command, Asked) {
        let text = match self.below(16) {
            0 => return (command("AUTHENTICATE PLAIN"), Asked::Continuation),
            1 => return (command("IDLE"), Asked::Continuation),
            2..=6 => return (self.with_literals(), Asked::Plain),
            7 => "STORE 1 +FLAGS (\\Deleted)".to_owned(),
            8 => format!("UID COPY {} ${{box.target}}", self.place_of_number()),
            9 => {
                self.account_wide = true;
                self.pick(&["SUBSCRIBE ${box}", "LIST \"\" *", "GETQUOTAROOT ${box}", "NOTIFY NONE", "lsub \"\" *"])
                    .to_owned()
            }
            10 => {
                self.inbox = true;
                self.pick(&["SELECT INBOX", "STATUS \"inbox\" (MESSAGES)", "examine Inbox"]).to_owned()
            }
            11 => "LIST \"\" ${box.a}%".to_owned(),
            12 => format!("SEARCH SUBJECT \"{}\"", self.line_text().replace('"', "")),
            13 => "*".to_owned(),
            14 => "X {5} {7+}".to_owned(),
            _ => self.pick(&["NOOP", "DONE", "FETCH 1 (FLAGS BODY.PEEK[])", "RENAME ${box} ${box.b}", ""]).to_owned(),
        };
        (command(&text), Asked::Plain)
    }

    fn place_of_number(&mut self) -> String {
        self.variable(Type::Number).map_or_else(|| "1".to_owned(), |name| name.to_string())
    }

    fn with_literals(&mut self) -> Command {
        let mut parts = vec![CommandPart::Text(Template::parse_line("APPEND ${box} (\\Seen) ").unwrap())];
        for index in 0..=self.below(3) {
            if index > 0 && !self.one_in(4) {
                parts.push(CommandPart::Text(Template::text(self.pick(&[" ", " \"a {x}\" ", ") ", " UTF8 ("]))));
            }
            let content = match self.variable(Type::Octets) {
                Some(name) if self.one_in(2) => LiteralContent::Var(name),
                _ => LiteralContent::Text(self.octets()),
            };
            parts.push(CommandPart::Literal { content, form: self.pick(&FORMS) });
        }
        if self.one_in(3) {
            parts.push(CommandPart::Text(Template::text(")")));
        }
        Command { parts, span: Span::generated() }
    }
}
