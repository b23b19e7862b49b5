//! JWTs that are signed by the wrong key, or by none, and say in their header why that should do: at every
//! door that reads one.

use grantway_core::base64url;
use grantway_core::client::{ClientAuthentication, ClientKeys};
use grantway_core::jwk::{Jwk, JwkSet};
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::Clock;
use grantway_core::testing::SeededEntropy;
use grantway_jose::hmac;
use grantway_jose::public_key::PublicKey;
use grantway_jose::signing_key::SigningKey;
use grantway_tests::{ISSUER, World, assertive, claims_of, header_of};
use http::Method;
use rcgen::{KeyPair, PKCS_ED25519, PublicKeyData, SigningKey as _};
use serde_json::{Value, json};

use crate::flows::logout::{arrived, is_signed_in, wish};

#[tokio::test]
async fn no_access_token_but_ours_opens_userinfo_or_is_active() {
    let world = World::new().await;
    let tokens = world.redeem(&world.code("openid").await).await;
    let (token, id_token) = (tokens.member("access_token"), tokens.member("id_token"));
    let mut forged = forgeries(&token, &published(&world).await);
    forged.push(("an ID token".into(), id_token.clone()));
    forged.push(("an ID token under an access token's header".into(), {
        let (_, rest) = id_token.split_once('.').unwrap();
        format!("{}.{rest}", token.split('.').next().unwrap())
    }));

    for (what, forged) in forged {
        let introspected =
            world.post("/oauth/token_info", Some(("confidential", "sesame")), &[("token", &forged)]).await;

        assert_eq!(world.userinfo(&forged).await.status, 401, "{what}");
        assert_eq!(introspected.text(), r#"{"active":false}"#, "{what}");
    }
    assert_eq!(world.userinfo(&token).await.status, 200);
}

#[tokio::test]
async fn no_client_proves_itself_by_a_key_that_it_brings_along() {
    let world = World::new().await;
    let key = SigningKey::generate(JwsAlgorithm::ES256, &SeededEntropy::new(7)).unwrap();
    declare(&world, key.public_jwk().clone()).await;
    let claims = |jti: &str| {
        let exp = world.clock.now().unix() + 60;
        json!({"iss": "assertive", "sub": "assertive", "aud": ISSUER, "jti": jti, "exp": exp}).to_string()
    };
    let good = key.sign(TokenType::Jwt, claims("good").as_bytes()).unwrap().expose().to_owned();
    let mut forged = forgeries(&good, &[key.public_jwk().clone()]);
    forged.push(("an access token's typ".into(), {
        key.sign(TokenType::AccessToken, claims("typ").as_bytes()).unwrap().expose().to_owned()
    }));

    for (what, forged) in forged {
        let answer = world.assert(&forged).await;
        assert_eq!((answer.status.as_u16(), &*answer.error()), (401, "invalid_client"), "{what}");
    }
    assert_eq!(world.assert(&good).await.status, 200, "and none of them used its jti up");
}

#[tokio::test]
async fn nobody_is_signed_out_by_an_id_token_that_is_none() {
    let world = World::new().await;
    let (mut browser, id_token) = arrived(&world).await;

    for (what, forged) in forgeries(&id_token, &published(&world).await) {
        let page = browser.open(&wish(&[("id_token_hint", &forged)])).await;

        assert_eq!(page.answer.status, 400, "{what}");
        assert!(is_signed_in(&mut browser).await, "{what}");
    }
    browser.open(&wish(&[("id_token_hint", &id_token)])).await;
    assert!(!is_signed_in(&mut browser).await);
}

/// The token with everything changed that might make a careless reader believe in it.
pub(crate) fn forgeries(token: &str, public: &[Jwk]) -> Vec<(String, String)> {
    let (header, claims) = (header_of(token), claims_of(token));
    let signature = token.rsplit('.').next().unwrap();
    let body = token.split('.').nth(1).unwrap();
    let under = |header: &str, signature: &str| format!("{}.{body}.{signature}", base64url::encode(header));
    let with = |name: &str, value: Value| {
        let mut header = header.clone();
        header[name] = value;
        header.to_string()
    };
    let mut forged: Vec<(String, String)> = Vec::new();
    for alg in ["none", "None", "nONE", "", "NULL"] {
        for signature in ["", signature] {
            forged.push((
                format!("alg {alg:?} with {signature:?}"),
                under(&with("alg", json!(alg)), signature),
            ));
        }
    }
    for algorithm in [JwsAlgorithm::HS256, JwsAlgorithm::HS384, JwsAlgorithm::HS512] {
        for secret in public.iter().flat_map(as_a_secret) {
            if let Ok(token) = hmac::sign(algorithm, &secret, TokenType::Jwt, claims.to_string().as_bytes()) {
                let what = format!("{algorithm} by {}", String::from_utf8_lossy(&secret));
                forged.push((what, token.expose().to_owned()));
            }
        }
    }
    for (name, value) in [
        ("crit", json!(["exp"])),
        ("crit", json!(["x"])),
        ("crit", json!([])),
        ("crit", json!("exp")),
        ("b64", json!(false)),
        ("typ", json!("logout+jwt")),
        ("typ", json!("at+jwt+x")),
        ("typ", json!(["JWT"])),
        ("alg", json!("RS512")),
        ("alg", json!("ES256K")),
        ("alg", json!(["ES256"])),
        ("alg", Value::Null),
        ("kid", json!("../../../../dev/null")),
        ("kid", json!("x' UNION SELECT 'AAAA")),
        ("kid", json!("x".repeat(9000))),
        ("kid", json!(7)),
        ("zip", json!("DEF")),
        ("enc", json!("A256GCM")),
    ] {
        forged.push((format!("{name}: {value:.40}"), under(&with(name, value), signature)));
    }
    for other in public.iter().filter(|key| key.kid.as_deref() != header["kid"].as_str()) {
        forged.push(("another key's kid".into(), under(&with("kid", json!(other.kid)), signature)));
    }
    forged.push((
        "alg twice".into(),
        under(&header.to_string().replacen('{', r#"{"alg":"none","#, 1), signature),
    ));
    forged.extend(signed_by_a_stranger(&header, body));
    for (what, signature) in [
        ("no signature", String::new()),
        // CVE-2022-21449: of r and s neither may be zero.
        ("a signature of zeros", base64url::encode([0; 64])),
        ("half a signature", signature[..signature.len() / 2].to_owned()),
        ("a signature with padding", format!("{signature}==")),
        ("a signature in the other alphabet", signature.replace('-', "+").replace('_', "/")),
        ("a signature with more behind it", format!("{signature}AAAA")),
        ("a signature with loose bits", with_loose_bits(signature)),
    ] {
        forged.push((what.into(), under(&header.to_string(), &signature)));
    }
    let head = token.rsplit_once('.').unwrap().0;
    forged.push(("two segments".into(), head.to_owned()));
    forged.push(("four segments".into(), format!("{token}.AA")));
    forged.push(("five segments".into(), format!("{head}.{signature}.AA.AA")));
    let mut other = claims.clone();
    other["sub"] = json!("user_eve");
    let other = base64url::encode(other.to_string());
    forged.push(("other claims".into(), token.replacen(body, &other, 1)));
    // What was not changed proves nothing.
    forged.retain(|(_, forged)| forged != token);
    forged
}

/// A key that signs whatever it likes, and every way of a header to recommend it.
fn signed_by_a_stranger(header: &Value, body: &str) -> Vec<(String, String)> {
    let key = KeyPair::generate_for(&PKCS_ED25519).unwrap();
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": base64url::encode(key.der_bytes())});
    let recommended = [
        ("kid", header["kid"].clone()),
        ("jwk", jwk.clone()),
        ("jku", json!("https://evil.test/jwks")),
        ("x5u", json!("https://evil.test/chain.pem")),
        ("x5c", json!(["AAAA"])),
    ];
    let sign = |(name, value): (&str, Value)| {
        let mut header = header.clone();
        header["alg"] = json!("EdDSA");
        header[name] = value;
        let message = format!("{}.{body}", base64url::encode(header.to_string()));
        let signature = base64url::encode(key.sign(message.as_bytes()).unwrap());
        (format!("a stranger's key by {name}"), format!("{message}.{signature}"))
    };
    recommended.into_iter().map(sign).collect()
}

/// Everything that somebody might take for the secret who was told to check an HMAC with this key.
fn as_a_secret(key: &Jwk) -> Vec<Vec<u8>> {
    let pem = PublicKey::from_jwk(key).unwrap().to_pem();
    let text =
        |name| key.text(name).map(|text| vec![text.as_bytes().to_vec(), base64url::decode(text).unwrap()]);
    let mut secrets =
        vec![serde_json::to_vec(key).unwrap(), pem.as_bytes().to_vec(), pem.trim_end().as_bytes().to_vec()];
    secrets.extend(["x", "n"].into_iter().filter_map(text).flatten());
    secrets
}

/// The same bytes to whoever does not look at the bits that the last character has left over.
fn with_loose_bits(signature: &str) -> String {
    let (head, last) = signature.split_at(signature.len() - 1);
    let at = ALPHABET.find(last).unwrap();
    format!("{head}{}", &ALPHABET[at ^ 1..=at ^ 1])
}

const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

pub(crate) async fn published(world: &World) -> Vec<Jwk> {
    let document = world.fetch(Method::GET, "/.well-known/jwks.json").await;
    serde_json::from_slice::<JwkSet>(&document.body).unwrap().keys
}

async fn declare(world: &World, key: Jwk) {
    let algorithms = JwsAlgorithm::ASYMMETRIC.to_vec();
    let authentication = ClientAuthentication::PrivateKeyJwt {
        keys: ClientKeys::Jwks(JwkSet { keys: vec![key] }),
        algorithms,
    };
    world.declare(assertive(authentication)).await;
}
