//! The documentation is held by tests: what a page shows is read by the program, and what the program has stands on a page.

mod constructs;
mod examples;
mod flags;
mod pages;
mod readme;
mod reports;
mod watched;
mod words;

use libtest_mimic::Trial;

use crate::trials::claim;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        claim("docs::every_example_loads", examples::load),
        claim("docs::every_construct_of_the_language_has_an_example", constructs::all_have_examples),
        claim("docs::every_key_of_a_suite_has_an_example", words::keys_have_examples),
        claim("docs::every_predefined_variable_and_escape_has_an_example", words::variables_have_examples),
        claim("docs::every_flag_that_a_page_names_exists", flags::named_exist),
        claim("docs::every_flag_of_run_is_explained", flags::run_is_explained),
        claim("docs::report_json_has_exactly_the_documented_keys", reports::keys_are_documented),
        claim("docs::what_is_always_watched_is_listed", watched::is_listed),
        claim("docs::every_standing_and_kind_is_documented", reports::words_are_documented),
        claim("docs::every_link_leads_to_a_file", pages::links_lead_somewhere),
        claim("docs::the_readme_counts_what_is_shipped", readme::counts),
        claim("docs::every_module_stands_in_the_architecture", readme::modules),
    ]
}
