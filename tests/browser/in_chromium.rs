//! Each scenario is a file in `scenarios`; what the browser complains of meanwhile fails it.

use std::path::Path;
use std::process::Command;

use crate::interop::served::Served;
use crate::interop::told_by_xtask;

#[test]
fn a_person_signs_in_and_agrees_and_the_application_knows_who_it_is() {
    play("sign_in_and_consent");
}

#[test]
fn who_does_not_agree_is_back_at_the_application_and_may_think_again() {
    play("consent_denied");
}

#[test]
fn a_wrong_password_is_put_right_where_it_was_wrong() {
    play("wrong_password");
}

#[test]
fn two_applications_in_two_tabs_both_get_their_own_answer() {
    play("two_tabs");
}

#[test]
fn going_back_leads_to_no_dead_end() {
    play("going_back");
}

#[test]
fn everything_works_without_javascript() {
    play("without_javascript");
}

#[test]
fn no_page_is_wider_than_the_screen() {
    play("every_width");
}

#[test]
fn a_form_that_is_not_ours_any_more_gets_a_page_that_says_what_to_do() {
    play("foreign_form");
}

#[test]
fn who_has_signed_out_is_asked_to_sign_in() {
    play("sign_out");
}

#[test]
fn the_keyboard_alone_is_enough() {
    play("keyboard_only");
}

#[test]
fn axe_finds_nothing_on_any_page_in_light_and_in_dark() {
    play("accessible");
}

#[test]
fn a_browser_that_complains_is_heard() {
    play("complaints");
}

fn play(scenario: &str) {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/browser"));
    assert!(
        folder.join("node_modules/playwright-core").is_dir(),
        "playwright-core is not installed: run `cargo xtask test`, which installs it"
    );
    let served = Served::start();
    let mut node = Command::new("node");
    node.arg(folder.join("play.mjs")).args([&told_by_xtask("GRANTWAY_CHROMIUM"), scenario, served.issuer()]);

    let output = node.arg(served.bootstrap()).output().expect("node is there, for npm was");

    assert!(
        output.status.success(),
        "the scenario ended with {}\n{}{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
        served.said()
    );
}
