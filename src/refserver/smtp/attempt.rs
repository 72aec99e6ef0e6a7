//! How an attempt to hand over a message ended, for one recipient.

/// How much of a reply is passed on, in characters.
const TEXT_MAX: usize = 400;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// The next hop has taken the message.
    Sent(Attempt, Duty),
    /// It may take it later.
    Later(Attempt),
    /// It never will.
    Never(Attempt),
}

/// Who tells the sender what becomes of a message that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Duty {
    /// The next hop, which has got the parameters of DSN.
    Theirs,
    /// This server, for the next hop knows no DSN (RFC 3461 §5.2.2).
    Ours,
}

/// What was said at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Saying {
    /// A reply of the next hop, its lines in one.
    Reply(String),
    /// What happened instead of a reply, with its status code.
    Trouble(&'static str, String),
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attempt {
    /// The name of the next hop, or its address literal.
    pub(super) remote: String,
    pub(super) saying: Saying,
}

impl Attempt {
    /// What was said, as one line of ASCII.
    pub(super) fn text(&self) -> String {
        let (Saying::Reply(text) | Saying::Trouble(_, text)) = &self.saying;
        text.chars().map(|c| if (' '..='~').contains(&c) { c } else { '?' }).take(TEXT_MAX).collect()
    }

    /// RFC 3463: the code of the reply where it has one; 4.0.0 or 5.0.0 where none fits (RFC 3461 §6.3).
    pub(super) fn status(&self) -> String {
        let reply = match &self.saying {
            Saying::Reply(reply) => reply,
            Saying::Trouble(status, _) => return (*status).to_owned(),
        };
        let class = reply.get(..1).unwrap_or("5");
        let given = reply.split(' ').nth(1).filter(|word| is_status(word) && word.starts_with(class));
        given.map_or_else(|| format!("{class}.0.0"), str::to_owned)
    }
}

fn is_status(word: &str) -> bool {
    let number = |number: &str| {
        let plain = (1..=3).contains(&number.len()) && number.bytes().all(|octet| octet.is_ascii_digit());
        plain && (number == "0" || !number.starts_with('0'))
    };
    word.split('.').count() == 3 && word.split('.').all(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_that_of_the_reply_where_it_has_one() {
        for (reply, code) in [
            ("550 5.1.1 no", "5.1.1"),
            ("550 no", "5.0.0"),
            ("550", "5.0.0"),
            ("451 4.7.1 later", "4.7.1"),
            ("250 2.1.5 fine", "2.1.5"),
            ("550 2.1.1 x", "5.0.0"),
            ("550 5.1.1234 x", "5.0.0"),
            ("550 5.01.1 x", "5.0.0"),
            ("450 later", "4.0.0"),
        ] {
            let attempt = Attempt { remote: "b.test".to_owned(), saying: Saying::Reply(reply.to_owned()) };
            assert_eq!(attempt.status(), code, "{reply}");
        }
    }
}
