use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_jose::hmac;
use serde_json::json;

use super::asked::{get, post, tokens};
use crate::claims_of;
use crate::provider::{Endpoint, Fault, Faults, ForeignClient, ForeignProvider};

const NOW: i64 = 1_767_225_600;
const SECRET: &str = "of forty characters, as HMAC needs it so";

#[test]
fn a_clock_that_is_wrong_shows_in_dates_in_tokens_and_in_what_is_believed() {
    for (faults, date, off, believed) in [
        (Faults::none(), "Thu, 01 Jan 2026 00:00:00 GMT", 0, 200),
        (Fault::SkewPlus.into(), "Thu, 01 Jan 2026 00:05:00 GMT", 300, 401),
        (Fault::SkewMinus.into(), "Wed, 31 Dec 2025 23:55:00 GMT", -300, 401),
    ] {
        let provider = ForeignProvider::start(faults);
        provider.register(ForeignClient::confidential("asserting", SECRET));

        let shown = get(&provider.url(Endpoint::Jwks), &[]);
        let id_token = tokens(&provider, "openid").member("id_token");
        let asserted = asserted(&provider);

        assert_eq!(shown.header("date"), date);
        assert_eq!(claims_of(&id_token)["iat"], NOW + off);
        assert_eq!(
            asserted.status,
            believed,
            "a minute's assertion of now is {off} s off: {}",
            asserted.text()
        );
    }
}

fn asserted(provider: &ForeignProvider) -> crate::Answer {
    let claims = json!({
        "iss": "asserting", "sub": "asserting", "aud": provider.issuer(), "iat": NOW, "exp": NOW + 60, "jti": "1",
    });
    let claims = claims.to_string();
    let assertion =
        hmac::sign(JwsAlgorithm::HS256, SECRET.as_bytes(), TokenType::Jwt, claims.as_bytes()).unwrap();
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    let form = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", kind),
        ("client_assertion", assertion.expose()),
    ];
    post(&provider.url(Endpoint::Token), None, &form)
}
