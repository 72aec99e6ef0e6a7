//! `read(write(s)) = s`, and `write(read(f)) = f` byte for byte. docs/suite-language.md section 13.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestCaseResult, TestRng, TestRunner};

use super::kinds::Kinds;
use super::values::FILE;
use super::whole::scenario;
use crate::base::{RequirementId, SourceFile};
use crate::catalog::Catalog;
use crate::scenario::{Diagnostics, Files, Library, Scenario, read_suite, write_suite};

const CASES: u32 = 10_000;
const SUITE: &str = "any/suite";
const WATCHED: [&str; 3] =
    ["rfc3501-7.4.1-expunge-renumbering", "rfc3501-7.4.1-no-expunge-in-fetch", "rfc5321-4.5.2-dot-unstuffing"];

/// Every relative file is there, with the same octets.
struct OneFile;

impl Files for OneFile {
    fn load(&self, _: &SourceFile, path: &str) -> Result<(String, Vec<u8>), String> {
        Ok((path.to_owned(), FILE.to_vec()))
    }
}

struct Known {
    catalog: Catalog,
    rows: Vec<RequirementId>,
    watched: Vec<RequirementId>,
}

impl Known {
    fn load() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("suites/requirements");
        let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let texts: Vec<(String, String)> = paths
            .iter()
            .map(|path| {
                let name = path.file_stem().unwrap().to_string_lossy().into_owned();
                (name, std::fs::read_to_string(path).unwrap())
            })
            .collect();
        let catalog = Catalog::read(texts.iter().map(|(name, text)| (name.as_str(), text.as_str()))).unwrap();
        let free = catalog.files().iter().flat_map(|file| &file.requirements);
        let free = free.filter(|row| row.needs.is_empty() && row.same_as.is_none());
        let rows = free.map(|row| row.id.clone()).collect();
        Self { catalog, rows, watched: WATCHED.iter().map(|id| id.parse().unwrap()).collect() }
    }

    fn scenario(&self, drawn: Vec<u16>) -> Scenario {
        scenario(drawn, SUITE, &self.rows, &self.watched)
    }

    fn holds(&self, scenario: &Scenario) -> TestCaseResult {
        let written = write_suite(SUITE, "Any", std::slice::from_ref(scenario));
        let fragments = BTreeMap::new();
        let library = Library { catalog: &self.catalog, fragments: &fragments, files: &OneFile, invariants: &WATCHED };
        let source = SourceFile { name: "suite.yaml".to_owned(), text: written.clone() };
        let suite = read_suite(&Arc::new(source), SUITE, &library)
            .map_err(|found| TestCaseError::fail(format!("{written}\n{}", Diagnostics::new(found))))?;
        prop_assert_eq!(suite.scenarios.len(), 1);
        let read = &suite.scenarios[0];
        prop_assert!(read == scenario, "{}\n{}", differences(read, scenario), written);
        prop_assert_eq!(write_suite(SUITE, "Any", &suite.scenarios), written);
        Ok(())
    }
}

/// The first lines in which two scenarios differ; places are not among them.
fn differences(read: &Scenario, meant: &Scenario) -> String {
    let lines = |scenario: &Scenario| -> Vec<String> {
        let text = format!("{scenario:#?}");
        let place = |line: &&str| !line.trim_start().starts_with("span:");
        text.lines().filter(place).map(str::to_owned).collect()
    };
    let (read, meant) = (lines(read), lines(meant));
    let differing = read.iter().zip(&meant).filter(|(read, meant)| read != meant).take(6);
    differing.map(|(read, meant)| format!("read {}, meant {}\n", read.trim(), meant.trim())).collect()
}

#[test]
fn every_scenario_reads_back_as_it_was_written() {
    let known = Known::load();
    let kinds = RefCell::new(Kinds::default());
    let config = ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() };
    let strategy = vec(any::<u16>(), 0..700).prop_map(|drawn| known.scenario(drawn));
    // The same cases on every machine: a red test is red for everybody.
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let result = TestRunner::new_with_rng(config, rng).run(&strategy, |scenario| {
        kinds.borrow_mut().count(&scenario);
        known.holds(&scenario)
    });
    assert!(result.is_ok(), "{}", result.unwrap_err());
    let rare = kinds.borrow().rarer_than(50);
    assert!(rare.is_empty(), "too rare to prove anything: {rare:?}");
}
