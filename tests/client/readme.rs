//! The example of the client's README, as the program that a stranger would make of it.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use grantway_tests::{Browser, Front};
use serde_json::Value;
use url::Url;

use crate::interop::served::Served;
use crate::program::example;

#[test]
fn the_readme_shows_the_program_that_is_run() {
    let at = |path: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let readme = at("../crates/client/README.md");
    let shown = readme.split("```rust,no_run\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert!(at("examples/sign_in.rs").ends_with(shown));
    let main = shown.split("fn main()").nth(1).and_then(|rest| rest.split("\n}\n").next()).unwrap();
    let statements = main.matches(";\n").count();
    assert!(statements <= 12, "{statements}");
}

#[tokio::test]
async fn a_person_signs_in_and_the_program_calls_an_api_in_her_name() {
    let served = Served::start();
    let bootstrap: Value = serde_json::from_str(&fs::read_to_string(served.bootstrap()).unwrap()).unwrap();
    let public = bootstrap["applications"]["public"]["client_id"].as_str().unwrap();
    let issuer = served.issuer();
    let mut program =
        example("sign_in").args([issuer, public, &format!("{issuer}/oauth/userinfo")]).spawn().unwrap();
    let mut out = BufReader::new(program.stdout.take().unwrap());
    let mut first = String::new();
    out.read_line(&mut first).unwrap();
    let begun: Url = first.strip_prefix("open ").unwrap().trim().parse().unwrap();

    let address = issuer.parse::<Url>().unwrap().socket_addrs(|| None).unwrap();
    let mut browser = Browser::at(issuer, Front::at(address).router);
    let page = browser.open(begun.as_str()).await;
    let account = |name: &str| bootstrap["account"][name].as_str().unwrap().to_owned();
    let (username, password) = (account("username"), account("password"));
    let page = browser.submit(&page, &[("username", &username), ("password", &password)]).await;
    let back = browser.submit(&page, &[("consented", "true")]).await;
    let callback = back.answer.location().unwrap_or_else(|| panic!("{}", back.words())).to_owned();
    let arrived = ureq::get(&callback).call().unwrap().body_mut().read_to_string().unwrap();

    let mut said = String::new();
    out.read_to_string(&mut said).unwrap();
    assert!(program.wait().unwrap().success(), "{said}");
    let claims: Value = serde_json::from_str(said.trim()).unwrap();
    assert!(claims["sub"].is_string() && claims["name"].is_string(), "{claims}");
    assert!(arrived.contains("You are signed in"), "{arrived}");
}
