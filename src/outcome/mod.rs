//! Layer 3: plain data about what happened; `run`, `explore` and `report` share it.

mod event;
mod finding;
mod frame;
mod transcript;
mod verdict;

pub use event::{Counterexample, Event, Replay, ScenarioResult};
pub use finding::{Certainty, Evidence, Finding, FindingKind, Fingerprint, Part, StepRef};
pub use frame::Frame;
pub use transcript::{Direction, Entry, Transcript};
pub use verdict::{Doubt, Unmet, Verdict};
