//! What is fuzzed.

mod dialogues;
mod framers;
mod judge;
mod octets;
mod patterns;
mod readers;
mod reports;
mod server;
mod sessions;
mod watchers;

/// One target.
pub(crate) struct Target {
    /// Its name, and that of its folder of kept inputs.
    pub(crate) name: &'static str,
    /// Regular expressions of valid pieces of input.
    pub(crate) grammar: &'static [&'static str],
    /// Words that mean something to it.
    pub(crate) words: &'static [&'static str],
    /// Inputs that exist already.
    pub(crate) seeds: fn() -> Vec<Vec<u8>>,
    /// Takes an input; the error says which claim does not hold. It may panic, which is a finding too.
    pub(crate) check: fn(&[u8]) -> Result<(), String>,
}

/// All of them.
pub(crate) fn all() -> Vec<Target> {
    let groups = [
        dialogues::targets(),
        framers::targets(),
        judge::targets(),
        octets::targets(),
        patterns::targets(),
        readers::targets(),
        reports::targets(),
        server::targets(),
        sessions::targets(),
        watchers::targets(),
    ];
    groups.into_iter().flatten().collect()
}
