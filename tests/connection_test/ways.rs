//! How a connection is made: the keys that sign, the way there, and many at once.

use grantway_core::jwk::JwkSet;
use grantway_core::jws::JwsAlgorithm;
use grantway_jose::entropy::RingEntropy;
use grantway_jose::key_kind::KeyKind;
use grantway_jose::private_key::PrivateKey;
use grantway_tests::provider::{Certificate, Fault, ForeignClient, Setup};
use tokio::task::JoinSet;

use super::*;

fn provider(clock: &Arc<FixedClock>) -> ForeignProvider {
    ForeignProvider::of(Setup { clock: clock.clone(), ..Setup::default() })
}

fn jwk_of(key: &PrivateKey) -> Value {
    serde_json::from_str(key.to_jwk().expose()).unwrap()
}

#[tokio::test]
async fn an_assertion_is_signed_by_every_algorithm_there_is() {
    let clock = Arc::new(FixedClock::default());
    let (provider, desk) = (provider(&clock), Desk::open(clock, &settings()).await);
    let entropy = RingEntropy::new().unwrap();
    for kind in [KeyKind::P256, KeyKind::P384, KeyKind::P521, KeyKind::Rsa] {
        let key = PrivateKey::generate(kind, &entropy).unwrap();
        let mut public = key.public().to_jwk();
        public.kid = Some("one".to_owned());
        let client_id = format!("signing-{}", kind.as_str());
        let keys = Some(JwkSet { keys: vec![public] });
        provider.register(ForeignClient { keys, ..ForeignClient::public(&client_id) });
        let algorithms =
            JwsAlgorithm::ASYMMETRIC.into_iter().filter(|algorithm| KeyKind::of(*algorithm) == Some(kind));
        for algorithm in algorithms {
            let mut jwk = jwk_of(&key);
            jwk["kid"] = json!("one");
            let answer = desk
                .test(json!({
                    "url": provider.url(Endpoint::Token),
                    "client_id": client_id,
                    "authentication_type": "client_assertion",
                    "signing_key": jwk,
                    "signing_algorithm": algorithm.as_str(),
                    "issuer": client_id,
                    "subject": client_id,
                }))
                .await;
            assert_eq!(answer["data"]["success"], true, "{algorithm}: {answer}");
        }
    }
}

#[tokio::test]
async fn an_assertion_for_the_issuer_is_made_if_that_is_said() {
    let clock = Arc::new(FixedClock::default());
    let (provider, desk) = (provider(&clock), Desk::open(clock, &settings()).await);
    let key = PrivateKey::generate(KeyKind::P256, &RingEntropy::new().unwrap()).unwrap();
    let keys = Some(JwkSet { keys: vec![key.public().to_jwk()] });
    provider.register(ForeignClient { keys, ..ForeignClient::public("signing") });
    provider.turn(Fault::AudIssuerOnly);
    let settings = json!({
        "url": provider.url(Endpoint::Token),
        "client_id": "signing",
        "authentication_type": "client_assertion",
        "signing_key": jwk_of(&key),
        "issuer": "signing",
        "subject": "signing",
    });

    let refused = desk.test(settings.clone()).await;
    let taken = desk.test(with(settings, &json!({"assertion_audience": provider.issuer()}))).await;

    assert_eq!(refused["diagnostics"]["finding"]["id"], "assertion_refused", "{refused}");
    assert_eq!(taken["data"]["success"], true, "{taken}");
}

#[tokio::test]
async fn the_way_there_is_told_step_by_step_to_where_it_ends() {
    let clock = Arc::new(FixedClock::default());
    for (certificate, good) in [(Certificate::Sound, true), (Certificate::Expired, false)] {
        let provider = ForeignProvider::of(Setup {
            clock: clock.clone(),
            certificate: Some(certificate),
            ..Setup::default()
        });
        let ca_bundle = provider.root_pem().map(|pem| pem.as_bytes().to_vec());
        let desk = Desk::open(clock.clone(), &TransportSettings { ca_bundle, ..settings() }).await;

        let answer = desk.test(shared_secret(&provider)).await;

        assert_eq!(answer["data"]["success"], good, "{answer}");
        let phases = answer["diagnostics"]["phases"].as_array().unwrap();
        let names: Vec<_> = phases.iter().map(|phase| phase["name"].as_str().unwrap()).collect();
        let fine: Vec<_> = phases.iter().map(|phase| phase["ok"].as_bool().unwrap()).collect();
        if good {
            assert_eq!(names, ["address", "connect", "tls", "request", "reply", "fields"]);
            assert!(fine.iter().all(|fine| *fine), "{answer}");
        } else {
            assert_eq!(names, ["address", "connect", "tls"]);
            assert_eq!(fine, [true, true, false]);
            assert_eq!(answer["diagnostics"]["finding"]["id"], "certificate_not_trusted");
            assert!(provider.received().is_empty());
        }
    }
}

#[tokio::test]
async fn an_address_that_may_not_be_asked_is_not() {
    let clock = Arc::new(FixedClock::default());
    let provider = provider(&clock);
    let strict = TransportSettings { addresses: AddressRules::default(), ..settings() };
    let desk = Desk::open(clock, &strict).await;
    let port = url::Url::parse(provider.issuer()).unwrap().port().unwrap();
    for host in
        ["127.0.0.1", "localhost", "[::1]", "10.1.2.3", "169.254.169.254", "[fd00:ec2::254]", "0.0.0.0"]
    {
        let url = format!("http://{host}:{port}/token");
        let answer = desk.test(with(shared_secret(&provider), &json!({ "url": url }))).await;
        let error = answer["data"]["error"].as_str().unwrap();
        assert!(error.starts_with(&format!(
            "failed to exchange token: token exchange request failed: Post \"{url}\": "
        )));
        assert_eq!(answer["diagnostics"]["finding"]["id"], "address_refused", "{answer}");
        assert_eq!(answer["diagnostics"]["phases"].as_array().unwrap().len(), 1, "{answer}");
    }
    assert!(provider.received().is_empty());
}

#[tokio::test]
async fn what_leads_nowhere_is_named() {
    let clock = Arc::new(FixedClock::default());
    let (provider, desk) = (provider(&clock), Desk::open(clock, &settings()).await);
    for (url, error, finding) in [
        (
            "http://127.0.0.1:1/token",
            "token exchange request failed: Post \"http://127.0.0.1:1/token\": ",
            "connection_refused",
        ),
        ("https://nobody.invalid/token", "token exchange request failed: Post ", "name_unknown"),
        ("idp.test/token", "failed to create request: ", "url_unusable"),
        ("file:///etc/passwd", "failed to create request: ", "url_unusable"),
        ("not an address", "failed to create request: ", "url_unusable"),
    ] {
        let answer = desk.test(with(shared_secret(&provider), &json!({ "url": url }))).await;
        let said = answer["data"]["error"].as_str().unwrap();
        assert!(said.starts_with(&format!("failed to exchange token: {error}")), "{url}: {said}");
        assert_eq!(answer["diagnostics"]["finding"]["id"], finding, "{url}: {answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_hundred_projects_tests_at_once_no_answer_belongs_to_another() {
    let clock = Arc::new(FixedClock::default());
    let provider = Arc::new(provider(&clock));
    let desk = Desk::open(clock, &settings_in_peace()).await;
    for number in 0..200 {
        provider
            .register(ForeignClient::confidential(&format!("client-{number}"), &format!("secret-{number}")));
    }
    let mut tests = JoinSet::new();
    for number in 0..200 {
        let (desk, provider) = (desk.of_another().await, Arc::clone(&provider));
        tests.spawn(async move {
            // Every fourth has another's secret.
            let secret = if number % 4 == 0 { number + 1 } else { number };
            let more = json!({
                "client_id": format!("client-{number}"),
                "client_secret": format!("secret-{secret}"),
            });
            (number, desk.test(with(shared_secret(&provider), &more)).await)
        });
    }
    let mut tokens = std::collections::HashSet::new();
    for (number, answer) in tests.join_all().await {
        assert_eq!(answer["data"]["success"], number % 4 != 0, "{number}: {answer}");
        if let Some(token) = answer["data"]["access_token"].as_str() {
            assert_eq!(holder(&provider, token), format!("client-{number}"), "{token}");
            assert!(tokens.insert(token.to_owned()), "{token} twice");
        }
    }
    assert_eq!(tokens.len(), 150);
}

/// Whose token it is, as the provider says.
fn holder(provider: &ForeignProvider, token: &str) -> String {
    let form = [("token", token), ("client_id", "confidential"), ("client_secret", "sesame")];
    let answer = ureq::post(provider.url(Endpoint::Introspection)).send_form(form).unwrap();
    let told: Value = serde_json::from_str(&answer.into_body().read_to_string().unwrap()).unwrap();
    told["client_id"].as_str().unwrap().to_owned()
}
