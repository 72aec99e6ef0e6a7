//! Layer 6: what a run found, as data and in the forms people and machines read.

mod baseline;
mod display;
mod findings;
mod fold;
mod json;
mod junit;
mod paint;
mod standing;
mod summary;
mod terminal;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod transcript;
mod types;

pub use baseline::{Baseline, BaselineError, Change, Difference};
pub use display::{Again, failure, harmless, level_word};
pub use findings::findings;
pub use fold::fold;
pub use json::{Unstable, json};
pub use junit::junit;
pub use paint::{Colour, Paint};
pub use summary::{Ending, summary};
pub use terminal::{Progress, Terminal, Verbosity};
pub use transcript::{transcript, transcript_file};
pub use types::{
    Context, ExcusedRow, FindingRow, KnownRow, KnownScope, Report, RequirementRow, ScenarioRow, ScenarioStanding,
    Standing,
};
