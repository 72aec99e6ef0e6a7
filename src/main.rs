//! Parses arguments, calls the library, returns the exit code; nothing else.

fn main() {}
