//! `grantway.toml`: whatever stands in it, a mistake is named with its place in the file, and what passes
//! is an application that keeps to the rules.

#![no_main]

// The parser is private to the programs, which have no other door to it than a file and a process for each
// input. So it is built in here from where it stands.
#[path = "../../../crates/grantway/src/bounded.rs"]
mod bounded;
#[path = "../../../crates/grantway/src/config/mod.rs"]
#[expect(dead_code, reason = "the programs need the rest")]
mod config;
#[path = "../../../crates/grantway/src/outcome.rs"]
#[expect(dead_code, reason = "the programs need the rest")]
mod outcome;

use grantway_core::client::Client;
use grantway_core::token::GrantType;
use libfuzzer_sys::fuzz_target;

use crate::config::issuer::Issuer;
use crate::config::{File, TrustedProxies};
use crate::outcome::{Exit, Failure};

fuzz_target!(|text: &str| {
    let file = match File::parse(text, "grantway.toml") {
        Ok(file) => file,
        Err(failure) => return check_place(text, &failure),
    };
    let allowed = file.server.allow_http_issuer.unwrap_or_default();
    if let Some(issuer) = file.server.issuer {
        match Issuer::new(&issuer, &allowed) {
            Ok(found) => assert!(found.as_str() == issuer && !issuer.ends_with('/')),
            Err(failure) => check_words(&failure),
        }
    }
    if let Err(failure) = TrustedProxies::parse(&file.server.trusted_proxies.unwrap_or_default()) {
        check_words(&failure);
    }
    for application in &file.application {
        match application.as_ref().client() {
            Ok(client) => check_client(&client),
            Err(failure) => check_words(&failure),
        }
    }
    for account in &file.account {
        let account = account.as_ref();
        let made = account.account("user_fuzz".parse().expect("a name"));
        assert_eq!(made.subject.as_str(), "user_fuzz");
        assert!(made.claims.preferred_username.is_some());
        assert!(
            account.password.as_ref().is_none_or(|_| format!("{account:?}").contains("Secret(redacted)"))
        );
    }
});

fn check_place(text: &str, failure: &Failure) {
    check_words(failure);
    let (_, place) = failure.what.split_once("grantway.toml line ").expect("a mistake has a place");
    let (line, column) = place.split_once(", column ").expect("line and column");
    let (line, column): (usize, usize) = (line.parse().expect("a number"), column.parse().expect("a number"));
    let found = text.split('\n').nth(line - 1).expect("the line is there");
    assert!((1..=found.chars().count() + 1).contains(&column), "{}", failure.what);
}

fn check_words(failure: &Failure) {
    assert_eq!(failure.exit, Exit::Configuration);
    assert!(!failure.what.is_empty() && !failure.why.is_empty() && !failure.next.is_empty());
}

fn check_client(client: &Client) {
    assert!(!client.client_id.as_str().starts_with("user_"));
    assert!(client.default_scope.is_subset(&client.scope));
    assert!(!(client.is_public() && client.may_use(GrantType::ClientCredentials)));
    assert!(client.redirect_uris.iter().all(|uri| uri.matches(uri.as_str())));
    let row = serde_json::to_string(client).expect("a client is a row");
    assert_eq!(serde_json::from_str::<Client>(&row).as_ref().ok(), Some(client));
}
