//! What it prints when it starts, and what it makes once.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use grantway_tests::{Front, ISSUER};
use serde_json::Value;
use tempfile::TempDir;

use super::serving::Serving;

fn password(folder: &Path) -> String {
    let text = fs::read_to_string(folder.join("grantway-data/bootstrap.json")).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["account"]["password"].as_str().unwrap().to_owned()
}

#[test]
fn the_first_start_shows_the_password_and_no_later_one_does() {
    let folder = TempDir::new().unwrap();

    let first = Serving::start(folder.path(), &[]);
    let shown = password(folder.path());
    let first = first.said();
    let second = Serving::start(folder.path(), &[]).said();

    assert_eq!(first.matches(&shown).count(), 1);
    assert!(first.contains("/demo"), "{first}");
    assert!(!second.contains(&shown), "{second}");
    assert_eq!(password(folder.path()), shown);
}

#[test]
fn four_that_start_together_have_one_key_set_and_one_bootstrap() {
    let folder = TempDir::new().unwrap();
    let starting: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| Serving::start(folder.path(), &[]))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });

    let mut key_sets: Vec<_> = starting.iter().map(|serving| serving.get("/.well-known/jwks.json")).collect();
    let shown = password(folder.path());
    let shows = starting.into_iter().map(Serving::said).filter(|said| said.contains(&shown)).count();

    key_sets.dedup();
    assert_eq!(key_sets.len(), 1);
    assert_eq!(shows, 1, "one made it, and one shows it");
}

#[test]
fn what_it_leaves_behind_is_for_its_owner_alone() {
    let folder = TempDir::new().unwrap();

    drop(Serving::start(folder.path(), &[]));

    let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("grantway-data"), 0o700);
    assert_eq!(mode("grantway-data/root.key"), 0o600);
    assert_eq!(mode("grantway-data/bootstrap.json"), 0o600);
}

#[test]
fn without_demo_data_a_link_makes_the_first_account() {
    let folder = TempDir::new().unwrap();

    let serving = Serving::start(folder.path(), &["--issuer", "https://login.example.com"]);
    let demo = serving.get("/demo");
    let said = serving.said();

    assert!(said.contains("https://login.example.com/first-account?token="), "{said}");
    assert!(!folder.path().join("grantway-data/bootstrap.json").exists());
    assert!(!demo.contains("<h1>Try a sign-in"), "{demo}");
}

#[tokio::test]
async fn the_link_of_the_first_account_says_what_is_wrong_with_a_form_and_stays_good() {
    let folder = TempDir::new().unwrap();
    // Demo data, and with it an account, is made on loopback unless something is in the database.
    let application = "[[application]]\nclient_id = \"shop\"\nclient_secret = \"s\"\n";
    fs::write(folder.path().join("grantway.toml"), application).unwrap();
    drop(Serving::start(folder.path(), &["--issuer", "https://login.example.com"]));
    let mut serving = Serving::start(folder.path(), &["--issuer", ISSUER]);
    let link = serving.says("/first-account?token=").trim().to_owned();
    let mut browser = Front::at(vec![serving.address()]).browser();
    let page = browser.open(&link).await;

    let (long, good) = ("x".repeat(1025), "an entirely new password");
    for (username, email, password, status) in [
        ("ada", "ada@people.test", "short", 422),
        ("ada", "ada@people.test", long.as_str(), 422),
        ("ada", "nowhere", good, 422),
        ("ada@home", "ada@people.test", good, 422),
        ("ada", "ada@people.test", good, 200),
        ("bob", "bob@people.test", good, 403),
    ] {
        let filled = [("username", username), ("email", email), ("password", password)];
        let answer = browser.submit(&page, &filled).await.answer;
        assert_eq!(answer.status, status, "{username} {email} {password:.20}: {}", answer.text());
        let kept = answer.text().contains(&format!("value=\"{email}\""));
        assert_eq!(kept, status == 422, "what was typed stands there again: {}", answer.text());
    }
}
