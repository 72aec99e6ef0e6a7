//! `schema`: the JSON Schema of suite files, for editors. Keys and fixed words; what texts say, `check` reads.

mod json;
#[expect(dead_code, reason = "nobody makes these types: schemars reads their fields and comments")]
mod types;
mod words;

#[cfg(test)]
mod tests;

pub use json::schema;
