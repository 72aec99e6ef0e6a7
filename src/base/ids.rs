//! Names that were checked once, at the edge.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A name that breaks the rules of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not {kind}: {rule}")]
pub struct IdError {
    text: String,
    kind: &'static str,
    rule: &'static str,
}

/// Defines a newtype over `String` whose only way in is `FromStr`.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $rule:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(IdError { text: text.to_owned(), kind: $kind, rule: $rule })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// Key of one catalogue row, such as `rfc5321-4.5.2-dot-unstuffing`.
    RequirementId,
    "a requirement id",
    "lower-case letters, digits, hyphens and dots",
    |text| !text.is_empty() && text.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || b"-.".contains(&c))
);

id!(
    /// Key of one scenario: `suite/id`, with rows `suite/id/row`.
    ScenarioId,
    "a scenario id",
    "parts of letters, digits, hyphens, dots and underscores, parted by `/`",
    |text| !text.is_empty()
        && text.split('/').all(|part| {
            !part.is_empty() && part.bytes().all(|c| c.is_ascii_alphanumeric() || b"-._+=@".contains(&c))
        })
);

id!(
    /// Name of a session within its scenario.
    SessionName,
    "a session name",
    "lower-case letters, digits and hyphens, with a letter first",
    |text| text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-')
);
