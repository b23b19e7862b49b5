//! Names that look like lines of the log, or move the cursor of whoever reads it.

use std::fs::{self, File};

use grantway_tests::Front;
use tempfile::TempDir;

use crate::program::serving::Serving;
use crate::program::{declared_with, grantway};

const HOSTILE: &str = "x\r\n2026-01-01T00:00:00Z INFO forged: signed in \u{1b}[2J\u{1b}]0;owned\u{7}";

#[tokio::test]
async fn what_a_stranger_sends_is_never_a_line_of_its_own_nor_an_order_to_the_terminal() {
    let folder = TempDir::new().unwrap();
    let config = declared_with(folder.path(), "", "");
    let log = folder.path().join("log");
    let mut command = grantway(folder.path());
    command.args(["serve", "--listen", "127.0.0.1:0", "--config"]).arg(config);
    command.env("GRANTWAY_LOG", "trace,hyper=off").stderr(File::create(&log).unwrap());
    let serving = Serving::of(&mut command);
    let front = Front::at(vec![serving.address()]);
    let encoded: String = url::form_urlencoded::byte_serialize(HOSTILE.as_bytes()).collect();

    let mut browser = front.browser();
    let page = browser.open("/sign-in").await;
    browser.submit(&page, &[("username", HOSTILE), ("password", HOSTILE)]).await;
    for query in [
        format!("client_id={encoded}"),
        format!("client_id=confidential&redirect_uri={encoded}"),
        format!("client_id=confidential&state={encoded}&scope={encoded}&prompt={encoded}"),
        format!("{encoded}={encoded}"),
    ] {
        browser.open(&format!("/oauth/authorize?{query}")).await;
    }
    front.token(Some((HOSTILE, HOSTILE)), &[("grant_type", HOSTILE)]).await;
    front.post("/oauth/token_info", Some(("confidential", "sesame")), &[("token", HOSTILE)]).await;
    drop(serving);

    let log = fs::read_to_string(log).unwrap();
    assert!(log.contains("authorization refused"), "it is written at all: {log}");
    assert!(!log.contains("forged"), "{log}");
    assert!(!log.lines().any(|line| line.starts_with("2026-01-01")), "{log}");
    assert!(!log.contains(['\u{1b}', '\u{7}']), "{log}");
}
