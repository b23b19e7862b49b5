//! Against npm's oidc-provider, as it comes.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use url::Url;

use super::{Ended, Shell, SigningIn, get};
use crate::client::person::Person;
use crate::interop::served::Served;

fn provider(clients: &[Value]) -> Served {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/conformance/node"));
    assert!(
        folder.join("node_modules/oidc-provider").is_dir(),
        "oidc-provider is not installed: run `cargo xtask test`, which installs it"
    );
    let mut node = Command::new("node");
    node.arg(folder.join("for_clients.mjs")).arg(Value::from(clients).to_string());
    Served::other(node)
}

fn native() -> Value {
    json!({
        "client_id": "cli",
        "application_type": "native",
        "token_endpoint_auth_method": "none",
        "redirect_uris": ["http://127.0.0.1/callback"],
        "response_types": ["code"],
        "grant_types": [
            "authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code",
        ],
    })
}

/// Ada signs in wherever the address leads, and comes back to this machine.
async fn ends(begun: SigningIn) -> Ended {
    let redirect_uri = Url::parse(&begun.url).unwrap();
    let redirect_uri =
        redirect_uri.query_pairs().find(|(name, _)| name == "redirect_uri").unwrap().1.into_owned();
    let query = Person::ada("any").brings_back(&begun.url, &redirect_uri).await;
    get(&format!("{redirect_uri}?{query}"));
    begun.ends()
}

#[tokio::test]
async fn a_token_that_is_bound_to_a_key_is_shown_with_proofs() {
    let (served, shell) = (provider(&[native()]), Shell::new());
    let begun = shell.begins(&["login", served.issuer(), "--client-id", "cli", "--no-browser", "--dpop"]);

    let ended = ends(begun).await;

    assert_eq!(ended.code, 0, "{ended:?}\n{}", served.said());
    assert_eq!(shell.tells(&["token", "--json"])["token_type"], "DPoP");
    assert!(shell.says(&["token", "-H"]).starts_with("Authorization: DPoP "));
    let me = format!("{}/me", served.issuer());
    let ended = shell.run(&["request", "GET", &me, "--trace"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(serde_json::from_str::<Value>(&ended.out).unwrap()["sub"], "ada");
    assert!(ended.err.contains("dpop-nonce") || ended.err.contains("use_dpop_nonce"), "{}", ended.err);
    assert!(!ended.err.contains(shell.kept()["access_token"].as_str().unwrap()), "{}", ended.err);
}

#[tokio::test]
async fn a_refresh_token_that_rotates_is_kept_each_time() {
    let (served, shell) = (provider(&[native()]), Shell::new());
    let ended = ends(shell.begins(&["login", served.issuer(), "--client-id", "cli", "--no-browser"])).await;
    assert_eq!(ended.code, 0, "{ended:?}\n{}", served.said());
    for _ in 0..3 {
        let before = shell.kept()["refresh_token"].clone();
        assert!(before.is_string(), "{}", shell.kept());
        shell.is_over();
        assert_eq!(shell.tells(&["token", "--json"])["source"], "refresh");
        assert_ne!(shell.kept()["refresh_token"], before);
    }
}

#[tokio::test]
async fn a_device_is_let_in_by_a_person_elsewhere() {
    let (served, shell) = (provider(&[native()]), Shell::new());
    let mut child = shell.command(&["device", served.issuer(), "--client-id", "cli"]).spawn().unwrap();
    let mut err = std::io::BufReader::new(child.stderr.take().unwrap());
    let complete = loop {
        let mut line = String::new();
        assert!(std::io::BufRead::read_line(&mut err, &mut line).unwrap() > 0, "{}", served.said());
        if let Some(complete) = line.strip_prefix("Or open this, which has the code in it: ") {
            break complete.trim().to_owned();
        }
    };

    Person::ada("any").ends_at(&complete).await;

    let mut said = String::new();
    std::io::Read::read_to_string(&mut err, &mut said).unwrap();
    assert!(child.wait().unwrap().success(), "{said}");
    assert!(said.contains("ada is signed in"), "{said}");
}

#[test]
fn a_client_proves_itself_by_a_key_that_was_made_here() {
    let shell = Shell::new();
    shell.says(&["jwk", "generate", "--alg", "ES256", "--out", "own.jwk"]);
    let keys: Value =
        serde_json::from_str(&shell.says(&["jwk", "public", "own.jwk", "--format", "jwks"])).unwrap();
    let machine = json!({
        "client_id": "machine", "token_endpoint_auth_method": "private_key_jwt", "jwks": keys,
        "redirect_uris": [], "response_types": [], "grant_types": ["client_credentials"],
    });
    let served = provider(&[machine]);

    let login = [
        "login",
        served.issuer(),
        "--client-id",
        "machine",
        "--client-credentials",
        "--key",
        "own.jwk",
        "--json",
    ];
    let ended = shell.run(&login);

    assert_eq!(ended.code, 0, "{ended:?}\n{}", served.said());
    assert!(!shell.says(&["token"]).is_empty());
}
