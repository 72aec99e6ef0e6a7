//! The line that reproduces a failure.

use super::arguments::RunArguments;
use super::choose::Words;
use crate::report::Again;

/// What stands before and behind the scenario's id in `mailproof run … ID …`.
pub(super) fn again(arguments: &RunArguments, words: &Words) -> Again {
    let (target, selection, running) = (&arguments.target, &arguments.selection, &arguments.running);
    let mut before = Line::default();
    before.flag("--target", target.file.iter().map(|file| file.display()));
    before.flag("--server", &target.server);
    words.urls.iter().for_each(|url| before.word(url));
    before.flag("--user", &target.user);
    before.flag("--password-env", &target.password_variable);
    before.flag("--account", &target.accounts);
    before.flag("--disposable", &target.disposable);
    before.flag(
        "--tls",
        target.tls.and_then(|mode| Some(clap::ValueEnum::to_possible_value(&mode)?.get_name().to_owned())),
    );
    before.switch(target.insecure.then_some("-k"));
    before.flag("--cacert", &target.authorities);
    before.flag("--sni", &target.name);
    before.flag("--suites", selection.suites.iter().map(|folder| folder.display()));
    before.flag("--add-suites", selection.add_suites.iter().map(|folder| folder.display()));
    words.paths.iter().for_each(|path| before.word(&path.to_string_lossy()));
    before.switch(selection.slow.then_some("--slow"));
    before.switch(selection.allow_destructive.then_some("--allow-destructive"));
    let mut behind = Line::default();
    behind.flag("--seed", running.seed);
    behind.flag("--cases", running.cases);
    Again { before: before.0, behind: behind.0 }
}

/// Words for a shell, each with a blank before it.
#[derive(Debug, Default)]
struct Line(String);

impl Line {
    fn word(&mut self, word: &str) {
        self.0.push(' ');
        self.0.push_str(&quoted(word));
    }

    fn flag(&mut self, name: &str, values: impl IntoIterator<Item = impl ToString>) {
        for value in values {
            self.word(name);
            self.word(&value.to_string());
        }
    }

    fn switch(&mut self, name: Option<&str>) {
        name.into_iter().for_each(|name| self.word(name));
    }
}

/// In single quotes where a shell would read more than a word.
fn quoted(word: &str) -> String {
    let plain = !word.is_empty() && word.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_./:@%+=,".contains(&c));
    if plain { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stays_one_word_in_a_shell() {
        for (word, wanted) in [("imap://h:1", "imap://h:1"), ("a b", "'a b'"), ("it's", r"'it'\''s'"), ("", "''")] {
            assert_eq!(quoted(word), wanted);
        }
    }
}
