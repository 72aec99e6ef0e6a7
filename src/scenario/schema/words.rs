//! Texts and fixed words as schemas. A fixed word may come out of a row: `do: ${how}`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::scenario::read::words_of::{DEEDS, GENERATORS, IMAP_STATES, POP3_STATES, SMTP_STATES, SPOILS, USERS};

/// A text. YAML tools take `250` for a number and `NO` for a truth value; in a suite all are texts as written.
pub(super) struct Text;

impl JsonSchema for Text {
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number", "boolean"] })
    }
}

fn one_of(words: Vec<&str>) -> Schema {
    json_schema!({ "anyOf": [{ "enum": words }, { "type": "string", "pattern": "\\$\\{" }] })
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $words:expr) => {
        $(#[$doc])*
        pub(super) struct $name;

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                one_of($words)
            }
        }
    };
}

fn names<T>(table: &[(&'static str, T)]) -> Vec<&'static str> {
    table.iter().map(|(word, _)| *word).collect()
}

words!(
    /// How far an SMTP session has come.
    SmtpState,
    names(&SMTP_STATES)
);
words!(
    /// How far a POP3 session has come.
    Pop3State,
    names(&POP3_STATES)
);
words!(
    /// How far an IMAP session has come.
    ImapState,
    names(&IMAP_STATES)
);
words!(
    /// A leased account.
    User,
    names(&USERS)
);
words!(
    /// What a SASL exchange makes wrong.
    Spoil,
    names(&SPOILS)
);
words!(
    /// What `do` does.
    Deed,
    DEEDS.to_vec()
);
words!(
    /// A generator without bounds.
    GeneratorWord,
    names(&GENERATORS)
);
words!(
    /// The only lease that is written.
    Lease,
    vec!["exclusive"]
);
words!(
    /// The only sink.
    Sink,
    vec!["all"]
);
words!(
    /// The force of a requirement.
    Level,
    vec!["must", "must-not", "should", "should-not", "may"]
);
words!(
    /// Whether a client can judge a requirement.
    Observable,
    vec!["yes", "delivery", "config", "no", "true", "false"]
);
