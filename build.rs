//! Packs suites and catalogue into the binary.

fn main() {}
