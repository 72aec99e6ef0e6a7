//! The values of a pattern, as a tree beside the tree of a response.

use std::fmt;

use super::text::Text;

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// `NIL`.
    Nil,
    /// `_`.
    Any,
    /// `...`.
    More,
    /// A word, a number, a set, a string or a capture.
    Text(Text),
    /// `( … )`.
    List(Vec<Self>),
    /// `BODY[…]<n>`, `BINARY[…]`.
    Section {
        /// In upper case.
        item: String,
        /// What stands between the brackets.
        spec: Text,
        /// `<n>`.
        origin: Option<Text>,
    },
}

/// Prints values with one blank between.
pub(super) fn joined(f: &mut fmt::Formatter<'_>, nodes: &[Node]) -> fmt::Result {
    for (index, node) in nodes.iter().enumerate() {
        let blank = if index == 0 { "" } else { " " };
        write!(f, "{blank}{node}")?;
    }
    Ok(())
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nil => f.write_str("NIL"),
            Self::Any => f.write_str("_"),
            Self::More => f.write_str("..."),
            Self::Text(text) => write!(f, "{text}"),
            Self::List(nodes) => {
                f.write_str("(")?;
                joined(f, nodes)?;
                f.write_str(")")
            }
            Self::Section { item, spec, origin } => {
                write!(f, "{item}[{spec}]")?;
                origin.as_ref().map_or(Ok(()), |origin| write!(f, "<{origin}>"))
            }
        }
    }
}
