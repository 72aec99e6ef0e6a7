//! Names that were checked once, at the edge.

use std::borrow::Cow;
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

/// Defines a newtype over text whose only ways in are `FromStr` and, for names in the source, `constant`.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $rule:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Cow<'static, str>);

        impl $name {
            fn is_valid(text: &str) -> bool {
                let valid: fn(&str) -> bool = $valid;
                valid(text)
            }

            /// A name that stands in the source, and is not copied. Wherever debug assertions are on, in tests too, it is
            /// checked.
            pub fn constant(text: &'static str) -> Self {
                debug_assert!(Self::is_valid(text), "`{text}` is not {}", $kind);
                Self(Cow::Borrowed(text))
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::try_from(text.to_owned())
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                if Self::is_valid(&text) {
                    Ok(Self(Cow::Owned(text)))
                } else {
                    Err(IdError { text, kind: $kind, rule: $rule })
                }
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.into_owned()
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
