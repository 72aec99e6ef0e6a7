//! YAML text into a [`Suite`](super::Suite), or all mistakes of the file at once. `SUITE-LANGUAGE` is the definition.

mod events;
mod mistakes;
mod repair;
mod text;
mod tree;
