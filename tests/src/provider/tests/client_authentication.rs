use base64::Engine;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::testing::SeededEntropy;
use grantway_jose::signing_key::SigningKey;
use serde_json::{Value, json};

use super::asked::{basic, post};
use crate::basic_header;
use crate::provider::{Endpoint, Fault, Faults, ForeignClient, ForeignProvider, ODD_CLIENT};

const GRANT: (&str, &str) = ("grant_type", "client_credentials");
const POSTED: [(&str, &str); 3] = [GRANT, ("client_id", "confidential"), ("client_secret", "sesame")];

#[test]
fn a_provider_may_take_a_secret_in_one_place_alone() {
    for (faults, header, body, both) in [
        (Faults::none(), "", "", ""),
        (Fault::BasicOnly.into(), "", "invalid_client", ""),
        (Fault::PostOnly.into(), "invalid_client", "", "invalid_client"),
        (Fault::RejectBoth.into(), "", "", "invalid_request"),
    ] {
        let provider = ForeignProvider::start(faults.clone());
        let url = provider.url(Endpoint::Token);

        let answers = [
            post(&url, Some(&basic()), &[GRANT]),
            post(&url, None, &POSTED),
            post(&url, Some(&basic()), &POSTED),
        ];

        assert_eq!(answers.each_ref().map(crate::Answer::error), [header, body, both], "{faults:?}");
        for answer in answers.iter().filter(|answer| answer.error() == "invalid_client") {
            assert_eq!(answer.status, 401);
            assert!(answer.header("www-authenticate").starts_with("Basic "));
        }
    }
}

#[test]
fn a_header_is_form_decoded_or_it_is_not() {
    let raw = format!("{}:{}", ODD_CLIENT.0, ODD_CLIENT.1);
    let raw = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(raw));
    let encoded = basic_header(ODD_CLIENT.0, ODD_CLIENT.1);
    for (faults, by_raw, by_encoded) in [(Faults::none(), 401, 200), (Fault::BasicRawDecode.into(), 200, 401)]
    {
        let provider = ForeignProvider::start(faults);
        let status =
            |header: &str| post(&provider.url(Endpoint::Token), Some(header), &[GRANT]).status.as_u16();
        assert_eq!((status(&raw), status(&encoded)), (by_raw, by_encoded));
    }
}

#[test]
fn an_assertion_may_have_to_be_for_the_issuer_or_for_the_token_endpoint() {
    let key = SigningKey::generate(JwsAlgorithm::ES256, &SeededEntropy::new(9)).unwrap();
    for (faults, issuer, endpoint, both) in [
        (Faults::none(), 200, 200, 200),
        (Fault::AudIssuerOnly.into(), 200, 401, 401),
        (Fault::AudTokenOnly.into(), 401, 200, 401),
    ] {
        let provider = ForeignProvider::start(faults.clone());
        let keys = serde_json::from_value(json!({"keys": [key.public_jwk()]})).unwrap();
        provider.register(ForeignClient { keys: Some(keys), ..ForeignClient::public("asserting") });
        let status = |audience: Value| asserted(&provider, &key, &audience).status.as_u16();

        let (own, token) = (json!(provider.issuer()), json!(provider.url(Endpoint::Token)));

        let found = [status(own.clone()), status(token.clone()), status(json!([own, token]))];
        assert_eq!(found, [issuer, endpoint, both], "{faults:?}");
        assert_eq!(status(json!("https://elsewhere.test")), 401);
    }
}

fn asserted(provider: &ForeignProvider, key: &SigningKey, audience: &Value) -> crate::Answer {
    let claims = json!({
        "iss": "asserting", "sub": "asserting", "aud": audience, "exp": 1_767_225_660,
        "jti": audience.to_string(),
    });
    let assertion = key.sign(TokenType::Jwt, claims.to_string().as_bytes()).unwrap();
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    let form = [GRANT, ("client_assertion_type", kind), ("client_assertion", assertion.expose())];
    post(&provider.url(Endpoint::Token), None, &form)
}
