//! What is sent to the provider.

use super::*;

fn asserted(more: &Value) -> Value {
    let key = json!({"kty": "EC", "crv": "P-256", "kid": "one", "x": "AAAA", "y": "AAAA", "d": "AAAA"});
    let mut settings = json!({
        "url": "https://idp.test/token",
        "client_id": "app",
        "authentication_type": "client_assertion",
        "signing_key": key,
        "issuer": "iss",
        "subject": "sub",
    });
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    settings
}

async fn sent(settings: Value) -> Asked {
    let scene = Scene::new();
    scene.provider.says(&json!({"access_token": "t"}));
    let answer = scene.test(settings).await;
    assert_eq!(answer.json()["data"]["success"], json!(true), "{}", answer.text());
    scene.provider.asked().remove(0)
}

fn pairs(asked: &Asked) -> Vec<(&str, &str)> {
    asked.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[tokio::test]
async fn a_shared_secret_goes_into_the_body_in_the_order_of_names() {
    let asked = sent(shared(&json!({"scope": "a,b", "audience": "api"}))).await;
    assert_eq!(asked.url, "https://idp.test/token");
    assert_eq!(asked.authorization, None);
    assert_eq!(
        pairs(&asked),
        [
            ("audience", "api"),
            ("client_id", "app"),
            ("client_secret", "open sesame"),
            ("grant_type", "client_credentials"),
            ("scope", "a,b"),
        ]
    );
}

#[tokio::test]
async fn an_empty_secret_is_sent_and_another_grant_as_it_is() {
    let asked = sent(shared(&json!({"client_secret": "", "grant_type": "password"}))).await;
    assert_eq!(pairs(&asked), [("client_id", "app"), ("client_secret", ""), ("grant_type", "password")]);
}

#[tokio::test]
async fn in_the_header_both_halves_are_form_encoded() {
    let more = json!({
        "authentication_type": "shared_secret_basic",
        "client_id": "acme id/7",
        "client_secret": "k+y:50%\u{e9}",
    });
    let asked = sent(shared(&more)).await;
    let header = "Basic YWNtZStpZCUyRjc6ayUyQnklM0E1MCUyNSVDMyVBOQ==";
    assert_eq!(asked.authorization.as_deref(), Some(header));
    assert_eq!(pairs(&asked), [("grant_type", "client_credentials")]);
}

#[tokio::test]
async fn an_assertion_is_about_the_client_for_this_endpoint_and_for_five_minutes() {
    let asked = sent(asserted(&json!({"client_secret": "not sent"}))).await;
    let names: Vec<_> = asked.parameters.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["client_assertion", "client_assertion_type", "client_id", "grant_type"]);
    assert_eq!(asked.parameters[1].1, "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    let (header, claims) = asked.parameters[0].1.split_once('|').unwrap();
    assert_eq!(header, "ES256 one");
    let mut claims: Value = serde_json::from_str(claims).unwrap();
    assert!(
        claims.as_object_mut().unwrap().remove("jti").is_some_and(|jti| jti.as_str().unwrap().len() > 20)
    );
    let now = 1_767_225_600;
    let expected = json!({
        "iss": "iss", "sub": "sub", "aud": "https://idp.test/token", "iat": now, "exp": now + 300,
    });
    assert_eq!(claims, expected);
}

#[tokio::test]
async fn an_assertion_may_be_for_the_issuer_and_no_two_are_alike() {
    let settings = asserted(&json!({"assertion_audience": "https://idp.test", "signing_algorithm": "ES384"}));
    let scene = Scene::new();
    for _ in 0..2 {
        scene.provider.says(&json!({"access_token": "t"}));
        scene.test(settings.clone()).await;
    }
    let asked = scene.provider.asked();
    let [one, other] = &asked[..] else { panic!("there are two") };
    let (header, claims) = one.parameters[0].1.split_once('|').unwrap();
    assert_eq!(header, "ES384 one");
    assert_eq!(serde_json::from_str::<Value>(claims).unwrap()["aud"], "https://idp.test");
    assert_ne!(one.parameters[0], other.parameters[0]);
}

#[tokio::test]
async fn an_assertion_that_cannot_be_made_is_told_and_nobody_asked() {
    let key = |more: Value| {
        let mut key = json!({"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA", "d": "AAAA"});
        key.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "signing_key": key })
    };
    let rsa = |more: Value| {
        let mut key = json!({"kty": "RSA", "n": "AAAA", "e": "AQAB", "d": "AAAA", "p": "AAAA", "q": "AAAA"});
        key.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "signing_key": key, "signing_algorithm": "RS256" })
    };
    let decode = "it is not base64url without padding";
    for (more, why) in [
        (json!({"signing_key": null}), "signing_key is required for client assertion".to_owned()),
        (
            json!({"signing_algorithm": "HS256"}),
            "failed to get signing method: unsupported signing algorithm: HS256".to_owned(),
        ),
        (
            json!({"signing_algorithm": "es256"}),
            "failed to get signing method: unsupported signing algorithm: es256".to_owned(),
        ),
        (
            key(json!({"kty": "OKP"})),
            "failed to parse signing key: unsupported key type: OKP (only EC and RSA are supported)".to_owned(),
        ),
        (
            key(json!({"crv": "secp256k1"})),
            "failed to parse signing key: unsupported curve: secp256k1 (supported: P-256, P-384, P-521)".to_owned(),
        ),
        (key(json!({"x": "AA=="})), format!("failed to parse signing key: failed to decode x coordinate: {decode}")),
        (key(json!({"y": "+/"})), format!("failed to parse signing key: failed to decode y coordinate: {decode}")),
        (key(json!({"d": "!"})), format!("failed to parse signing key: failed to decode private key: {decode}")),
        (key(json!({"d": "badd"})), "failed to parse signing key: public key point is not on the curve".to_owned()),
        (
            rsa(json!({"p": null})),
            "failed to parse signing key: RSA private key requires prime factors (p, q) and CRT parameters (dp, dq, qi)"
                .to_owned(),
        ),
        (rsa(json!({"n": "!"})), format!("failed to parse signing key: failed to decode modulus: {decode}")),
        (rsa(json!({"e": "!"})), format!("failed to parse signing key: failed to decode public exponent: {decode}")),
        (rsa(json!({"d": "!"})), format!("failed to parse signing key: failed to decode private exponent: {decode}")),
        (rsa(json!({"q": "!"})), format!("failed to parse signing key: failed to decode prime Q: {decode}")),
        (rsa(json!({"dq": "!"})), format!("failed to parse signing key: failed to decode Dq: {decode}")),
        (
            rsa(json!({"d": "badd"})),
            "failed to parse signing key: invalid RSA private key: public key point is not on the curve".to_owned(),
        ),
    ] {
        let scene = Scene::new();
        let answer = scene.diagnose(asserted(&more)).await;
        let whole = "failed to exchange token: failed to build client assertion: failed to generate client assertion: ";
        assert_eq!(answer["data"]["error"], format!("{whole}{why}"), "{more}");
        assert_eq!(answer["diagnostics"]["finding"]["id"], "assertion_not_made");
        assert!(scene.provider.asked().is_empty());
    }
}
