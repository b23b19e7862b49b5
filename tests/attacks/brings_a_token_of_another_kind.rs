use grantway_core::base64url;
use grantway_core::digest::hmac_sha256;
use grantway_tests::World;
use serde_json::{Value, json};

fn unsigned(header: &Value, claims: &Value, signature: &[u8]) -> String {
    let encode = |value: &Value| base64url::encode(value.to_string());
    format!("{}.{}.{}", encode(header), encode(claims), base64url::encode(signature))
}

#[tokio::test]
async fn userinfo_believes_no_header_and_no_foreign_signature() {
    let world = World::new().await;
    let token = world.redeem(&world.code("openid").await).await.member("access_token");
    let (header, claims) = (grantway_tests::header_of(&token), grantway_tests::claims_of(&token));
    let signature = token.rsplit('.').next().unwrap().to_owned();
    let with = |name: &str, value: Value| {
        let mut header = header.clone();
        header[name] = value;
        header
    };
    let resigned = |header: &Value| {
        let signed = unsigned(header, &claims, b"");
        let (body, _) = signed.rsplit_once('.').unwrap();
        format!("{body}.{signature}")
    };
    let jwks = world.fetch(http::Method::GET, "/.well-known/jwks.json").await.text();
    let key: [u8; 32] = grantway_core::digest::sha256(jwks);
    for (what, forged) in [
        ("alg none", unsigned(&with("alg", json!("none")), &claims, b"")),
        ("alg None", unsigned(&with("alg", json!("None")), &claims, b"")),
        (
            "HS256 keyed with public material",
            unsigned(&with("alg", json!("HS256")), &claims, &hmac_sha256(&key, &[])),
        ),
        ("a critical extension", resigned(&with("crit", json!(["x"])))),
        ("another typ", resigned(&with("typ", json!("logout+jwt")))),
        ("another kid", resigned(&with("kid", json!("../../dev/null")))),
        ("an embedded key", resigned(&with("jwk", json!({"kty": "EC"})))),
        ("a key's address", resigned(&with("jku", json!("https://evil.test/jwks")))),
        ("other claims", {
            let mut claims = claims.clone();
            claims["sub"] = json!("user_eve");
            let body = unsigned(&header, &claims, b"");
            format!("{}.{signature}", body.rsplit_once('.').unwrap().0)
        }),
        ("no signature", token.rsplit_once('.').unwrap().0.to_owned() + "."),
        ("two segments", token.rsplit_once('.').unwrap().0.to_owned()),
        ("four segments", format!("{token}.AA")),
    ] {
        assert_eq!(world.userinfo(&forged).await.status, 401, "{what}");
    }
    assert_eq!(world.userinfo(&token).await.status, 200);
}
