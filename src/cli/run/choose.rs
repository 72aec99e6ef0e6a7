//! Which of the words of the command line are ids, paths and URLs, and which scenarios are run.

use std::path::{Path, PathBuf};

use super::arguments::{RunArguments, Selection};
use crate::base::closest;
use crate::catalog::Catalog;
use crate::scenario::{Need, Protocol, Scenario, SessionKind};

/// The words of the command line by what they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::cli) struct Words {
    /// Ids or their beginnings.
    pub(in crate::cli) ids: Vec<String>,
    /// What is left out.
    pub(in crate::cli) without: Vec<String>,
    /// Roots of their own.
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// Services.
    pub(in crate::cli) urls: Vec<String>,
}

/// What is wrong with a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) enum Unchosen {
    /// Words that name no scenario, with what may be meant.
    Unknown(Vec<String>),
    /// Nothing is left.
    Nothing,
}

impl Words {
    /// Sorts the words. What is there on the disk, or looks like it should be, is a path; `./x` always is.
    pub(in crate::cli) fn sort(words: &[String]) -> Self {
        let mut sorted = Self::default();
        for word in words {
            if let Some(id) = word.strip_prefix('~') {
                sorted.without.push(id.trim_end_matches('/').to_owned());
            } else if word.contains("://") {
                sorted.urls.push(word.clone());
            } else if is_path(word) {
                sorted.paths.push(PathBuf::from(word));
            } else {
                sorted.ids.push(word.trim_end_matches('/').to_owned());
            }
        }
        sorted
    }

    /// Whether a suite with this id may hold a scenario that is named. Files that hold none need not be read.
    pub(in crate::cli) fn may_hold(&self, suite: &str) -> bool {
        self.ids.is_empty() || self.ids.iter().any(|id| suite.starts_with(id.as_str()) || id.starts_with(suite))
    }

    /// The scenarios that are named, sorted by id.
    pub(in crate::cli) fn choose(&self, scenarios: Vec<Scenario>) -> Result<Vec<Scenario>, Unchosen> {
        let ids: Vec<String> = scenarios.iter().map(|scenario| scenario.id.to_string()).collect();
        let (named, without) = (named(&self.ids, &ids)?, named(&self.without, &ids)?);
        let wanted = |scenario: &Scenario| {
            let id = scenario.id.as_str();
            (named.is_empty() || named.iter().any(|name| name.holds(id))) && !without.iter().any(|name| name.holds(id))
        };
        let mut chosen: Vec<Scenario> = scenarios.into_iter().filter(wanted).collect();
        chosen.sort_by(|left, right| left.id.cmp(&right.id));
        if chosen.is_empty() { Err(Unchosen::Nothing) } else { Ok(chosen) }
    }
}

fn is_path(word: &str) -> bool {
    let path = Path::new(word);
    let written =
        word.starts_with("./") || word.starts_with("../") || word == "." || word == ".." || path.is_absolute();
    written || word.ends_with(".yaml") || path.exists()
}

/// The scenarios that are run, sorted by id.
pub(super) fn choose(
    scenarios: Vec<Scenario>,
    words: &Words,
    arguments: &RunArguments,
    catalog: &Catalog,
) -> Result<Vec<Scenario>, Unchosen> {
    let selection = &arguments.selection;
    let mut chosen = words.choose(scenarios)?;
    chosen.retain(|scenario| fits(scenario, selection, catalog));
    if let Some(shard) = selection.shard {
        let mut position = 0..;
        chosen.retain(|_| position.next().is_some_and(|position| shard.holds(position)));
    }
    if chosen.is_empty() { Err(Unchosen::Nothing) } else { Ok(chosen) }
}

/// How a word names scenarios: the closest reading that names any is taken, so that `a/b` is not `a/bc` too.
#[derive(Debug)]
enum Name<'a> {
    /// The id itself.
    Whole(&'a str),
    /// All below it.
    Folder(&'a str),
    /// All that begin so.
    Beginning(&'a str),
}

impl Name<'_> {
    fn holds(&self, id: &str) -> bool {
        match self {
            Self::Whole(word) => id == *word,
            Self::Folder(word) => id.strip_prefix(word).is_some_and(|rest| rest.starts_with('/')),
            Self::Beginning(word) => id.starts_with(word),
        }
    }
}

fn named<'a>(words: &'a [String], ids: &[String]) -> Result<Vec<Name<'a>>, Unchosen> {
    let (mut names, mut unknown) = (Vec::new(), Vec::new());
    for word in words {
        let readings = [Name::Whole(word), Name::Folder(word), Name::Beginning(word)];
        match readings.into_iter().find(|name| ids.iter().any(|id| name.holds(id))) {
            Some(name) => names.push(name),
            None => {
                let meant = closest(word, ids.iter().map(String::as_str));
                let hint = if word.contains(':') {
                    "; a server is named by a URL such as `smtp://host:25`".to_owned()
                } else {
                    meant.map(|id| format!("; did you mean `{id}`?")).unwrap_or_default()
                };
                unknown.push(format!("no scenario is called `{word}`, and none begins so{hint}"));
            }
        }
    }
    if unknown.is_empty() { Ok(names) } else { Err(Unchosen::Unknown(unknown)) }
}

fn fits(scenario: &Scenario, selection: &Selection, catalog: &Catalog) -> bool {
    let protocol = selection.protocol.is_empty()
        || selection.protocol.iter().any(|word| protocols(scenario).any(|protocol| protocol == word.protocol()));
    let mut levels = scenario.covers.iter().filter_map(|id| catalog.get(id)).map(|row| row.level);
    let level = selection.level.is_empty() || levels.any(|level| selection.level.iter().any(|word| word.holds(level)));
    let need = selection.need.is_empty()
        || selection.need.iter().any(|word| scenario.needs.iter().any(|need| names(need, word)));
    protocol && level && need
}

fn protocols(scenario: &Scenario) -> impl Iterator<Item = Protocol> {
    scenario.sessions.iter().filter_map(|session| match &session.kind {
        SessionKind::Connection { role, .. } => Some(role.protocol()),
        SessionKind::Inbox(_) | SessionKind::Sink => None,
    })
}

/// Whether a word of the command line is, or is part of, this need.
fn names(need: &Need, word: &str) -> bool {
    match need {
        Need::Capability(any) => any.iter().any(|capability| capability.word.eq_ignore_ascii_case(word)),
        Need::NoCapability(capability) => capability.word.eq_ignore_ascii_case(word),
        Need::Fact(fact) | Need::NoFact(fact) => fact == word,
        Need::Slow => word == "slow",
        Need::Destructive => word == "destructive",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(words: &[&str]) -> Vec<String> {
        words.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn words_are_told_apart() {
        let words = Words::sort(&owned(&["imap/rfc3501/", "~imap/slow", "imap://h:1", "./a", "b.yaml", "Cargo.toml"]));
        assert_eq!(words.ids, ["imap/rfc3501"]);
        assert_eq!(words.without, ["imap/slow"]);
        assert_eq!(words.urls, ["imap://h:1"]);
        assert_eq!(words.paths, ["./a", "b.yaml", "Cargo.toml"].map(PathBuf::from));
    }

    #[test]
    fn only_files_that_may_hold_a_named_scenario_are_read() {
        let words = Words { ids: owned(&["imap/a", "smtp/b/c/row"]), ..Words::default() };
        let table = [("imap/a", true), ("imap/ab", true), ("imap/b", false), ("smtp/b", true), ("smtp/b/d", false)];
        for (suite, read) in table {
            assert_eq!(words.may_hold(suite), read, "{suite}");
        }
        assert!(Words::default().may_hold("anything"));
    }

    #[test]
    fn the_closest_reading_of_a_word_is_taken() {
        let ids = owned(&["s/a", "s/ab", "s/ab/row", "t/6.3.1-select/x", "t/6.3.11-append/x"]);
        let table: [(&str, &[&str]); 5] = [
            ("s/a", &["s/a"]),
            ("s/ab", &["s/ab"]),
            ("t", &["t/6.3.1-select/x", "t/6.3.11-append/x"]),
            ("t/6.3.1", &["t/6.3.1-select/x", "t/6.3.11-append/x"]),
            ("t/6.3.1-", &["t/6.3.1-select/x"]),
        ];
        for (word, wanted) in table {
            let words = owned(&[word]);
            let names = named(&words, &ids).unwrap();
            let found: Vec<&str> =
                ids.iter().map(String::as_str).filter(|id| names.iter().any(|name| name.holds(id))).collect();
            assert_eq!(found, wanted, "{word}");
        }
    }

    #[test]
    fn a_word_that_names_nothing_is_told_with_what_may_be_meant() {
        let told = named(&owned(&["s/alpah"]), &owned(&["s/alpha"])).unwrap_err();
        let wanted = "no scenario is called `s/alpah`, and none begins so; did you mean `s/alpha`?";
        assert_eq!(told, Unchosen::Unknown(vec![wanted.to_owned()]));
        let told = named(&owned(&["localhost:25"]), &owned(&["s/alpha"])).unwrap_err();
        let wanted = "no scenario is called `localhost:25`, and none begins so; a server is named by a URL such as \
                      `smtp://host:25`";
        assert_eq!(told, Unchosen::Unknown(vec![wanted.to_owned()]));
    }
}
