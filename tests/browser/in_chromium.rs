//! Each scenario is a file in `scenarios`; what the browser complains of meanwhile fails it.

mod behind_httpd;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;

use grantway_tests::provider::{Endpoint, ForeignProvider, Setup};
use tempfile::TempDir;

use crate::interop::mail_server::MailServer;
use crate::interop::served::Served;
use crate::interop::told_by_xtask;
use crate::program::serving::Serving;

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
fn who_has_agreed_before_goes_from_the_sign_in_straight_to_the_application() {
    play("known_consent");
}

#[test]
fn who_is_asked_which_account_goes_on_with_it_or_signs_in_to_another() {
    play("choose_account");
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
fn an_answer_is_posted_by_itself_or_by_the_button_wherever_the_application_leads_then() {
    play("form_post");
}

#[test]
fn an_application_signs_a_person_out_and_asks_her_if_it_cannot_show_that_it_may() {
    play("leave");
}

#[test]
fn a_page_of_another_origin_signs_in_renews_and_leaves_by_a_library_of_others() {
    play("single_page");
}

#[test]
fn a_web_application_of_others_signs_people_in_keeps_them_and_lets_them_go() {
    play("web_product");
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
fn the_pages_speak_german_for_a_german_browser_and_french_where_the_application_asks_for_it() {
    play("languages");
}

#[test]
fn an_operators_name_and_theme_are_on_every_page() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("theme.css"), A_THEME).unwrap();
    let pages = "[server]\nname = \"Example & Sons\"\ntheme = \"theme.css\"\n";
    fs::write(folder.path().join("grantway.toml"), pages).unwrap();

    play_at("theme", folder.path());
}

#[test]
fn an_application_is_shown_by_its_name_and_logo_wherever_a_person_decides_about_it() {
    let folder = TempDir::new().unwrap();
    fs::copy(folder_of_scenarios().join("logo.png"), folder.path().join("logo.png")).unwrap();
    fs::write(folder.path().join("grantway.toml"), A_SHOP_WITH_A_LOGO).unwrap();

    play_at("application_logo", folder.path());
}

#[test]
fn a_person_sees_and_ends_what_is_hers_on_a_page_of_her_own() {
    play("account");
}

#[test]
fn a_connection_is_tested_by_a_form_and_what_came_of_it_explained() {
    let served = Served::start();
    let provider = ForeignProvider::of(Setup::default());
    let mut played = scenario("connection_test");
    played.arg(served.issuer()).arg(served.bootstrap()).arg(provider.url(Endpoint::Token));

    assert_played(&played.output().unwrap(), &served.said());
}

#[test]
fn a_browser_that_complains_is_heard() {
    play("complaints");
}

#[test]
fn the_link_of_a_first_start_makes_an_account_that_signs_in() {
    let folder = TempDir::new().unwrap();
    // Demo data, and with it an account, is made on loopback unless something is in the database.
    fs::write(folder.path().join("grantway.toml"), AN_APPLICATION).unwrap();
    drop(Serving::start(folder.path(), &["--issuer", "https://login.example.com"]));
    let mut serving = Serving::start(folder.path(), &[]);
    let link = serving.says("/first-account?token=");

    let played = scenario("first_account").arg(link.trim()).output();

    assert_played(&played.unwrap(), "");
}

#[test]
fn who_has_forgotten_her_password_is_back_at_the_application_by_a_new_one() {
    let mail = MailServer::start();
    let served = Served::configured(&format!(
        "[mail]\nurl = \"smtp://127.0.0.1:{}\"\nfrom = \"login@example.com\"\n{EVE}",
        mail.port()
    ));
    let mut played = scenario("forgotten_password")
        .arg(served.issuer())
        .arg(served.bootstrap())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = played.stdin.take().unwrap();
    thread::spawn(move || {
        // Between the two links comes word that the password was changed.
        for _ in 0..3 {
            let message = mail.next();
            if message.text().contains("?token=") {
                // It may have ended by itself, which the test will say.
                let _ = writeln!(told, "{}", message.link());
            }
        }
    });

    assert_played(&played.wait_with_output().unwrap(), &served.said());
}

fn play(name: &str) {
    let served = Served::start();

    let played = scenario(name).arg(served.issuer()).arg(served.bootstrap()).output();

    assert_played(&played.unwrap(), &served.said());
}

/// Against a program that is started in this folder, with the configuration that lies there.
fn play_at(name: &str, folder: &Path) {
    let serving = Serving::start(folder, &[]);
    let bootstrap = folder.join("grantway-data/bootstrap.json");

    let played = scenario(name).arg(format!("http://{}", serving.address())).arg(bootstrap).output();

    assert_played(&played.unwrap(), "");
}

fn scenario(name: &str) -> Command {
    let folder = folder_of_scenarios();
    assert!(
        folder.join("node_modules/playwright-core").is_dir(),
        "playwright-core is not installed: run `cargo xtask test`, which installs it"
    );
    let mut node = Command::new("node");
    node.arg(folder.join("play.mjs")).arg(told_by_xtask("GRANTWAY_CHROMIUM")).arg(name);
    node
}

fn folder_of_scenarios() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/browser"))
}

fn assert_played(output: &Output, server: &str) {
    assert!(
        output.status.success(),
        "the scenario ended with {}\n{}{}\n{server}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
}

const A_SHOP_WITH_A_LOGO: &str = "[[application]]\nclient_id = \"shop\"\nclient_name = \"The Shop\"\n\
    client_secret = \"sesame\"\nredirect_uris = [\"https://shop.example/callback\"]\nlogo = \"logo.png\"\n\
    policy_uri = \"https://shop.example/privacy\"\ntos_uri = \"https://shop.example/terms\"\n";
const A_THEME: &str = ":root { --accent: #7a1f5c; --font: Georgia, serif; }\n\
    @media (prefers-color-scheme: dark) { :root { --accent: #f0a6d6; } }\n";
const AN_APPLICATION: &str = "[[application]]\nclient_id = \"shop\"\nclient_secret = \"sesame\"\n";
/// Nobody has seen yet whether she reads the mail of that address.
const EVE: &str = "[[account]]\nusername = \"eve\"\nemail = \"eve@example.com\"\n\
                   password = \"correct horse battery staple\"\n";
