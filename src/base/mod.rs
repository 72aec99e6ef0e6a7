//! Layer 0: octets, names, places in source files, secrets, templates and bindings. No I/O, no protocol.

mod bindings;
mod bytes;
mod expectation;
mod ids;
mod mistake;
mod packed;
mod place;
mod secret;
mod shown;
mod source;
mod syntax;
mod template;

pub use bindings::{Bindings, Bound, NumberSet, Type, Unbound};
pub use bytes::{ByteString, UnescapeError};
pub use expectation::{Binds, Breach, Captures, Mismatch, VarUse};
pub use ids::{IdError, RequirementId, ScenarioId, SessionName};
pub use mistake::{Mistake, closest};
pub use packed::{Contents, Damaged, unpack};
pub use place::{PlaceValue, accepts, excerpt, pattern_words, template_vars};
pub use secret::Secret;
pub use shown::{as_shown, is_escaped_in_yaml, is_obeyed};
pub use source::{Excerpt, SourceFile, Span};
pub use syntax::SyntaxError;
pub use template::{Piece, Template, VarRef};
