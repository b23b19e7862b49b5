//! The example of a signer that lives in another process.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout};

use grantway_core::jwk::JwkSet;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::{TrustedKeys, Verification, VerificationRules, Verifier};
use grantway_jose::verify::JwsVerifier;
use grantway_tests::{Answer, Front, header_of};
use http::Method;
use tempfile::TempDir;

use super::example;
use super::serving::Serving;

#[tokio::test]
async fn tokens_are_signed_where_the_key_is_and_not_without_it() {
    let folder = TempDir::new().unwrap();
    let mut service = KeyService::start(folder.path());
    let serving = Serving::of(example("remote_signer").arg(folder.path()));
    let front = Front::at(vec![serving.address()]);

    let first = token(&front).await;
    let next = service.rotate();
    let ready = front.fetch(Method::GET, "/readyz").await;
    let published = key_set(&front).await;
    let second = token(&front).await;
    service.kill();
    let (without, unready) = (token(&front).await, front.fetch(Method::GET, "/readyz").await);
    let still_published = key_set(&front).await;
    let _service = KeyService::start(folder.path());
    let (again, ready_again) = (token(&front).await, front.fetch(Method::GET, "/readyz").await);

    let kid = |answer: &Answer| header_of(&answer.member("access_token"))["kid"].clone();
    assert!(is_signed_by(&first.member("access_token"), &published).await);
    assert_eq!(ready.status, 200, "{}", ready.text());
    assert!(published.keys.iter().any(|key| key.kid.as_ref() == Some(&next)), "before it signs");
    assert_eq!(kid(&second), kid(&first), "the next key waits");
    assert_eq!((without.status.as_u16(), without.error().as_str()), (503, "temporarily_unavailable"));
    assert_eq!(unready.status, 503, "{}", unready.text());
    assert_eq!(still_published, published);
    assert_eq!((again.status, kid(&again)), (first.status, kid(&first)));
    assert_eq!(ready_again.status, 200);
}

async fn token(front: &Front) -> Answer {
    front.token(Some(("app", "sesame")), &[("grant_type", "client_credentials")]).await
}

async fn key_set(front: &Front) -> JwkSet {
    serde_json::from_slice(&front.fetch(Method::GET, "/.well-known/jwks.json").await.body).unwrap()
}

async fn is_signed_by(token: &str, keys: &JwkSet) -> bool {
    let algorithms = &[JwsAlgorithm::ES256];
    let rules = VerificationRules {
        keys: TrustedKeys::Set(keys),
        algorithms,
        types: &[TokenType::AccessToken],
        untyped: false,
    };
    matches!(JwsVerifier::new().verify(token, rules).await.unwrap(), Verification::Valid(_))
}

struct KeyService {
    process: Child,
    out: BufReader<ChildStdout>,
}

impl KeyService {
    fn start(folder: &Path) -> Self {
        let mut process = example("key_service").arg(folder).spawn().unwrap();
        let out = BufReader::new(process.stdout.take().unwrap());
        let mut service = Self { process, out };
        assert!(service.says().starts_with("signing at"));
        service
    }

    /// The name of the key that will sign.
    fn rotate(&mut self) -> String {
        writeln!(self.process.stdin.as_mut().unwrap(), "rotate").unwrap();
        self.says().split(' ').next().unwrap().to_owned()
    }

    fn says(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        line
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for KeyService {
    fn drop(&mut self) {
        // It may have been killed before.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
