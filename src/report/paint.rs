//! Colours, where the terminal takes them.

use std::borrow::Cow;

/// Whether there are colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Paint {
    /// Text alone.
    #[default]
    Plain,
    /// ECMA-48 SGR sequences.
    Ansi,
}

/// What a colour says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// A violation.
    Red,
    /// Something to look at.
    Yellow,
    /// All is well.
    Green,
}

impl Paint {
    /// The text in this colour.
    pub fn text(self, colour: Colour, text: &str) -> Cow<'_, str> {
        let code = match colour {
            Colour::Red => 31,
            Colour::Yellow => 33,
            Colour::Green => 32,
        };
        match self {
            Self::Plain => Cow::Borrowed(text),
            Self::Ansi => Cow::Owned(format!("\u{1b}[1;{code}m{text}\u{1b}[0m")),
        }
    }
}
