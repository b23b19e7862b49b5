//! Applications that publish their keys (`jwks_uri`), and one that signs with its secret, at the program itself.

use std::fs::{self, File};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::{Clock, SystemClock};
use grantway_core::testing::SeededEntropy;
use grantway_jose::hmac;
use grantway_jose::signing_key::SigningKey;
use grantway_tests::{Answer, ISSUER, assertion_request, tcp};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::serving::Serving;
use super::{declared_with, ended, grantway};

/// Somebody who publishes keys, and may change them.
#[derive(Clone)]
struct Publisher {
    document: Arc<Mutex<Value>>,
    uri: String,
}

impl Publisher {
    async fn of(key: &SigningKey) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let uri = format!("http://{}/jwks", listener.local_addr().unwrap());
        let publisher = Self { document: Arc::new(Mutex::new(set(key))), uri };
        let document = Arc::clone(&publisher.document);
        let router = Router::new().route("/jwks", get(async move || document.lock().unwrap().to_string()));
        tokio::spawn(async move { axum::serve(listener, router).await });
        publisher
    }

    fn publishes(&self, key: &SigningKey) {
        *self.document.lock().unwrap() = set(key);
    }
}

fn set(key: &SigningKey) -> Value {
    json!({"keys": [key.public_jwk()]})
}

fn key(seed: u64) -> SigningKey {
    SigningKey::generate(JwsAlgorithm::ES256, &SeededEntropy::new(seed)).unwrap()
}

fn application(more: &str) -> String {
    format!("[[application]]\nclient_id = \"assertive\"\ngrant_types = [\"client_credentials\"]\n{more}\n")
}

fn claims(jti: &str) -> Vec<u8> {
    let exp = SystemClock.now().unix() + 60;
    let claims = json!({"iss": "assertive", "sub": "assertive", "aud": ISSUER, "jti": jti, "exp": exp});
    claims.to_string().into_bytes()
}

async fn present(server: &Serving, assertion: &str) -> Answer {
    tcp::exchange(server.address(), &assertion_request(assertion)).await.unwrap()
}

#[tokio::test]
async fn a_key_that_an_application_publishes_anew_is_good_at_once_and_the_withdrawn_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (key(1), key(2));
    let publisher = Publisher::of(&old).await;
    let tables = application(&format!("jwks_uri = {:?}", publisher.uri));
    let config = declared_with(folder.path(), "", &tables);
    let server = Serving::start(folder.path(), &["--config", config.to_str().unwrap()]);
    let signed = |key: &SigningKey, jti| key.sign(TokenType::Jwt, &claims(jti)).unwrap();

    assert_eq!(present(&server, signed(&old, "1").expose()).await.status, 200);
    publisher.publishes(&new);
    assert_eq!(present(&server, signed(&new, "2").expose()).await.status, 200);
    let withdrawn = present(&server, signed(&old, "3").expose()).await;

    assert_eq!((withdrawn.status.as_u16(), withdrawn.error().as_str()), (401, "invalid_client"));
}

#[tokio::test]
async fn a_server_that_others_reach_asks_nobody_inside_its_own_network() {
    let folder = tempfile::tempdir().unwrap();
    let key = key(1);
    let publisher = Publisher::of(&key).await;
    let tables = application(&format!("jwks_uri = {:?}", publisher.uri));
    let config = declared_with(folder.path(), "", &tables);
    let log = folder.path().join("log");
    let mut command = grantway(folder.path());
    command.args(["serve", "--listen", "127.0.0.1:0", "--issuer", "https://login.example.com", "--config"]);
    let server = Serving::of(command.arg(config).stderr(File::create(&log).unwrap()));

    let refused = present(&server, key.sign(TokenType::Jwt, &claims("1")).unwrap().expose()).await;

    assert_eq!(refused.status, 401);
    assert!(!refused.text().contains("127.0.0.1"), "a stranger is told nothing of it: {}", refused.text());
    let said = fs::read_to_string(log).unwrap();
    assert!(said.contains("the address is not one that may be asked from here"), "{said}");
}

#[tokio::test]
async fn a_secret_that_assertions_are_signed_with_outlives_the_root_key_that_sealed_it() {
    let folder = tempfile::tempdir().unwrap();
    let secret = "a secret of both, long enough for SHA-256";
    let declared = "token_endpoint_auth_method = \"client_secret_jwt\"";
    let tables = application(&format!("{declared}\nclient_secret = {secret:?}"));
    let config = declared_with(folder.path(), "", &tables);
    let config = ["--config", config.to_str().unwrap()];
    let server = Serving::start(folder.path(), &config);
    let signed =
        |jti| hmac::sign(JwsAlgorithm::HS256, secret.as_bytes(), TokenType::Jwt, &claims(jti)).unwrap();
    assert_eq!(present(&server, signed("1").expose()).await.status, 200);
    let kept = fs::read(folder.path().join("grantway-data/grantway.db")).unwrap();
    assert!(!kept.windows(secret.len()).any(|part| part == secret.as_bytes()), "it rests sealed");

    let rotated =
        ended(grantway(folder.path()).args(["keys", "root", "rotate", "--settle", "6"]).args(config));

    assert!(rotated.status.success(), "{}", String::from_utf8_lossy(&rotated.stderr));
    assert_eq!(present(&server, signed("2").expose()).await.status, 200);
}
