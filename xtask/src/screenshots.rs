//! `cargo xtask screenshots`: every page as a picture, because no test sees what is ugly.

use std::path::{self, Path};

use crate::Verdict;
use crate::failure::Failure;
use crate::say;
use crate::test::need::Need;
use crate::test::{self, Built};
use crate::workspace::{self, Workspace};

pub(crate) fn run(workspace: &Workspace, folder: &Path) -> Result<Verdict, Failure> {
    let folder = path::absolute(folder)
        .map_err(|error| Failure::new("the folder has no path", error, "name another"))?;
    let told = test::meet(workspace, Need::Chromium)?;
    let Built { grantway, .. } = say::step("build", || test::build(workspace))?;
    let mut tests = workspace.cargo();
    // With every package, as they were built just now: fewer would get other features.
    tests.args(["test", "--workspace", "--test", "integration", "--", "--exact"]).args(TESTS);
    tests.env("GRANTWAY_BIN", grantway).env("GRANTWAY_SCREENSHOTS", &folder).envs(told);
    workspace::run(&mut tests, "see what the test says above")?;
    say::line(format_args!("every page is in {}", folder.display()));
    Ok(Verdict::Good)
}

/// They walk through every page in every width and colour.
const TESTS: [&str; 8] = [
    "browser::in_chromium::no_page_is_wider_than_the_screen",
    "browser::in_chromium::a_person_sees_and_ends_what_is_hers_on_a_page_of_her_own",
    "browser::in_chromium::an_application_is_shown_by_its_name_and_logo_wherever_a_person_decides_about_it",
    "browser::in_chromium::an_operators_name_and_theme_are_on_every_page",
    "browser::in_chromium::the_link_of_a_first_start_makes_an_account_that_signs_in",
    "browser::in_chromium::the_pages_speak_german_for_a_german_browser_and_french_where_the_application_asks_for_it",
    "browser::in_chromium::an_answer_is_posted_by_itself_or_by_the_button_wherever_the_application_leads_then",
    "browser::in_chromium::who_has_forgotten_her_password_is_back_at_the_application_by_a_new_one",
];
