//! One POP3 connection.

use std::io;

use super::maildrop::Transaction;
use crate::refserver::store::{MaildropError, Store};
use crate::refserver::wire::{Line, Wire};
use crate::refserver::{Config, Identity, Protection};

/// RFC 2449 §4: 255 octets, CRLF included.
const COMMAND_MAX: usize = 255;

/// Serves a connection from its greeting to its end.
pub async fn serve(mut wire: Wire, config: &Config, store: &Store, tls: &Identity) -> io::Result<()> {
    let mut user: Option<String> = None;
    let mut transaction: Option<Transaction> = None;
    wire.send(b"+OK POP3 ready\r\n").await?;
    loop {
        let line = match wire.line(COMMAND_MAX).await? {
            Line::Whole(line) => line,
            Line::TooLong => {
                wire.send(b"-ERR line too long\r\n").await?;
                continue;
            }
            Line::Closed | Line::Idle => return Ok(()),
        };
        let line = String::from_utf8_lossy(&line).into_owned();
        let (word, rest) = line.split_once(' ').map_or((line.as_str(), None), |(word, rest)| (word, Some(rest)));
        let name = word.to_ascii_uppercase();
        let arguments: Vec<&str> = rest.map(|rest| rest.split(' ').collect()).unwrap_or_default();
        match (name.as_str(), arguments.as_slice(), &mut transaction) {
            ("QUIT", [], _) => {
                if let Some(transaction) = transaction.take() {
                    transaction.update();
                }
                wire.send(b"+OK bye\r\n").await?;
                return wire.close().await;
            }
            ("CAPA", [], at) => {
                let text = capabilities(wire.protection(), at.as_ref());
                wire.send(text.as_bytes()).await?;
            }
            (_, _, Some(transaction)) => {
                let answer = transaction.answer(&name, &arguments);
                wire.send(&answer).await?;
            }
            ("STLS", [], None) if wire.protection() == Protection::Clear => {
                wire.send(b"+OK begin TLS\r\n").await?;
                wire = wire.upgrade(tls).await?;
                user = None;
            }
            ("USER" | "PASS", _, None) if wire.protection() == Protection::Clear => {
                wire.send(b"-ERR TLS is needed first\r\n").await?;
            }
            ("USER", [given], None) => {
                user = Some((*given).to_owned());
                wire.send(b"+OK\r\n").await?;
            }
            // RFC 1939 §7: a password may contain blanks.
            ("PASS", [_, ..], None) => {
                let password = rest.unwrap_or_default();
                let opened = user.take().map(|user| open(config, store, &user, password));
                let answer = describe(opened.as_ref());
                transaction = opened.and_then(Result::ok);
                wire.send(answer.as_bytes()).await?;
            }
            (_, _, None) => wire.send(b"-ERR unknown command, or not in this state\r\n").await?,
        }
    }
}

fn open(config: &Config, store: &Store, user: &str, password: &str) -> Result<Transaction, MaildropError> {
    let account = config.account(user).filter(|account| account.password.reveal() == password);
    let account = account.ok_or(MaildropError::Missing)?;
    store.open_maildrop(&account.user).map(Transaction::new)
}

fn describe(opened: Option<&Result<Transaction, MaildropError>>) -> &'static str {
    match opened {
        None => "-ERR USER comes first\r\n",
        Some(Ok(_)) => "+OK\r\n",
        Some(Err(MaildropError::InUse)) => "-ERR [IN-USE] the maildrop is locked\r\n",
        Some(Err(MaildropError::Missing)) => "-ERR [AUTH] wrong name or password\r\n",
    }
}

fn capabilities(protection: Protection, open: Option<&Transaction>) -> String {
    let by_state = match protection {
        Protection::Clear => "STLS\r\n",
        Protection::Tls if open.is_some() => "",
        Protection::Tls => "USER\r\n",
    };
    format!("+OK\r\nTOP\r\nUIDL\r\nRESP-CODES\r\nAUTH-RESP-CODE\r\nPIPELINING\r\n{by_state}.\r\n")
}
