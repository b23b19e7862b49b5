use grantway_core::jws::TokenType;
use grantway_core::seam::{Clock, SystemClock};
use grantway_jose::signing_key::SigningKey;
use grantway_tests::{ISSUER, assertion_request};
use http::Request;
use serde_json::json;

/// An application that proves itself by that key.
pub(crate) fn assertive(key: &SigningKey) -> String {
    let member = |name| key.public_jwk().text(name).unwrap();
    format!(
        "[[application]]\nclient_id = \"assertive\"\n\
         grant_types = [\"client_credentials\"]\n\
         [[application.jwks.keys]]\nkid = \"{}\"\nkty = \"EC\"\ncrv = \"P-256\"\nx = \"{}\"\ny = \"{}\"\n",
        key.kid(),
        member("x"),
        member("y"),
    )
}

/// A token request of it, which can be made once.
pub(crate) fn client_assertion(key: &SigningKey) -> Request<Vec<u8>> {
    let claims = json!({
        "iss": "assertive", "sub": "assertive", "aud": ISSUER, "jti": "one",
        "exp": SystemClock.now().unix() + 60,
    });
    let assertion = key.sign(TokenType::Jwt, claims.to_string().as_bytes()).unwrap();
    assertion_request(assertion.expose())
}
