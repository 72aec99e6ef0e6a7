//! The canonical YAML of a scenario. docs/suite-language.md section 13: one value has one written form.

mod answer;
mod scenario;
mod step;
mod text;
mod value;

pub use answer::{check_text, duration_text, line_text};
pub use scenario::{write_scenario, write_suite};
pub use step::command_text;
pub(in crate::scenario) use text::{Place, one_line};
pub use value::need_text;

#[cfg(test)]
mod arbitrary;
#[cfg(test)]
mod tests;
