use grantway_client::{Authentication, Client, Registration, discover, register};
use grantway_core::failure::FailureClass;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::secret::Secret;
use grantway_jose::entropy::RingEntropy;
use grantway_jose::hmac::SharedSecret;
use grantway_jose::signing_key::SigningKey;
use serde_json::{Value, json};

use super::{GOODBYE, Provider, REDIRECT_URI, signs_in, wish};

fn asked(method: &str) -> Value {
    json!({
        "client_name": "The web",
        "redirect_uris": [REDIRECT_URI],
        "post_logout_redirect_uris": [GOODBYE],
        "response_types": ["code"],
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": method,
    })
}

fn token() -> Secret {
    Secret::new("whoever-has-this-may-register")
}

#[tokio::test]
async fn a_client_registers_itself_and_signs_people_in_as_what_it_was_registered() {
    let own = Provider::with(&[]);
    let provider = discover(&own.parts.transport, own.served.issuer()).await.unwrap().provider;
    let key = || SigningKey::generate(JwsAlgorithm::ES256, &RingEntropy::new().unwrap()).unwrap();

    for method in
        ["client_secret_basic", "client_secret_post", "none", "client_secret_jwt", "private_key_jwt"]
    {
        let mut metadata = asked(method);
        let key = (method == "private_key_jwt").then(key);
        if let Some(key) = &key {
            metadata["jwks"] = json!({ "keys": [key.public_jwk()] });
        }

        let registered = register(&own.parts, &provider, &metadata, Some(&token())).await.unwrap();

        assert_eq!(registered.token_endpoint_auth_method, method);
        assert_eq!(registered.metadata["client_name"], "The web");
        let uri = registered.registration_client_uri.as_ref().unwrap();
        assert!(uri.ends_with(registered.client_id.as_str()), "{uri}");
        assert!(registered.registration_access_token.is_some());
        let client_id = registered.client_id.clone();
        let registration = match (method, key) {
            ("private_key_jwt", Some(key)) => {
                Registration::new(client_id, Authentication::assertion(key, JwsAlgorithm::ES256))
            }
            ("client_secret_jwt", _) => {
                assert!(registered.registration().is_err(), "it takes a signer");
                let secret = SharedSecret::new(registered.client_secret.clone().unwrap());
                Registration::new(client_id, Authentication::assertion(secret, JwsAlgorithm::HS256))
            }
            _ => registered.registration().unwrap(),
        };
        let client = Client::new(own.parts.clone(), provider.clone(), registration);
        let granted = signs_in(&client, &wish()).await.granted;
        assert_eq!(granted.id_token.unwrap().sub.as_str(), "ada", "{method}");
        assert!(client.refresh(&granted.tokens).await.is_ok(), "{method}");
    }
}

#[tokio::test]
async fn a_registration_that_is_refused_says_why() {
    let own = Provider::with(&[]);
    let provider = discover(&own.parts.transport, own.served.issuer()).await.unwrap().provider;

    let nobody = register(&own.parts, &provider, &asked("none"), None).await.unwrap_err();
    let stranger = Secret::new("made-up");
    let stranger = register(&own.parts, &provider, &asked("none"), Some(&stranger)).await.unwrap_err();
    let mut astray = asked("none");
    astray["redirect_uris"] = json!(["https://app.test/#fragment"]);
    let astray = register(&own.parts, &provider, &astray, Some(&token())).await.unwrap_err();

    for (refused, error) in
        [(nobody, "invalid_token"), (stranger, "invalid_token"), (astray, "invalid_redirect_uri")]
    {
        assert_eq!(refused.oauth_error(), Some(error), "{refused}");
        assert_eq!(refused.class(), FailureClass::Config, "{refused}");
    }
}
