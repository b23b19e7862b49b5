use axum::body::Body;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::{TrustedKeys, Verification, VerificationRules, Verifier};
use grantway_jose::key_set::KeySet;
use grantway_jose::verify::JwsVerifier;
use grantway_tests::{ISSUER, World, claims_of, confidential, header_of, request};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request};

async fn access_token(world: &World, scope: &str) -> String {
    world.redeem(&world.code(scope).await).await.member("access_token")
}

#[tokio::test]
async fn each_scope_opens_its_own_fields() {
    let base = ["object", "instance_id", "user_id", "sub"];
    for (scope, fields) in [
        ("openid", vec![]),
        ("openid email", vec!["email", "email_verified"]),
        (
            "openid profile",
            vec!["name", "given_name", "family_name", "preferred_username", "picture", "username"],
        ),
        ("openid address", vec!["address"]),
        ("openid phone", vec!["phone_number", "phone_number_verified"]),
        ("openid public_metadata", vec!["public_metadata", "unsafe_metadata"]),
        ("openid private_metadata", vec!["private_metadata"]),
    ] {
        let world = World::new().await;

        let answer = world.userinfo(&access_token(&world, scope).await).await;

        let document = answer.json();
        let mut found: Vec<_> = document.as_object().unwrap().keys().map(String::as_str).collect();
        let mut expected: Vec<_> = base.into_iter().chain(fields).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{scope}");
        assert_eq!(document["object"], "oauth_user_info");
        assert_eq!(document["user_id"], document["sub"]);
        assert_eq!(answer.header("content-type"), "application/json");
    }
}

#[tokio::test]
async fn it_may_be_posted_with_the_token_in_header_or_body() {
    let world = World::new().await;
    let token = access_token(&world, "openid email").await;

    let header = Request::post("/oauth/userinfo").header(AUTHORIZATION, format!("Bearer {token}"));
    let header = world.ask(header.body(Body::empty()).unwrap()).await;
    let body = Request::post("/oauth/userinfo").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let body = world.ask(body.body(Body::from(format!("access_token={token}"))).unwrap()).await;

    assert_eq!(header.member("email"), "ada@people.test");
    assert_eq!(body.member("email"), "ada@people.test");
}

#[tokio::test]
async fn a_token_in_the_address_is_refused() {
    let world = World::new().await;
    let token = access_token(&world, "openid").await;

    let answer = world.fetch(Method::GET, &format!("/oauth/userinfo?access_token={token}")).await;

    assert_eq!(answer.status.as_u16() / 100, 4);
    assert!(answer.json()["sub"].is_null());
}

#[tokio::test]
async fn a_missing_expired_or_foreign_token_is_told_apart_by_its_challenge() {
    let world = World::new().await;
    let token = access_token(&world, "openid").await;

    let missing = world.fetch(Method::GET, "/oauth/userinfo").await;
    assert_eq!(missing.status, 401);
    assert!(missing.header("www-authenticate").starts_with("Bearer"));
    assert!(!missing.header("www-authenticate").contains("error="));
    let garbage = world.userinfo("garbage").await;
    assert_eq!(garbage.status, 401);
    assert!(garbage.header("www-authenticate").contains(r#"error="invalid_token""#));
    assert_eq!(garbage.json()["errors"][0]["code"], "oauth_fetch_user_error");
    world.clock.advance(std::time::Duration::from_hours(1));
    assert_eq!(world.userinfo(&token).await.status, 401);
}

#[tokio::test]
async fn an_id_token_is_not_an_access_token() {
    let world = World::new().await;
    let tokens = world.redeem(&world.code("openid").await).await;

    assert_eq!(world.userinfo(&tokens.member("id_token")).await.status, 401);
}

#[tokio::test]
async fn a_signed_userinfo_is_a_jwt_for_that_client() {
    let world = World::new().await;
    let mut client = confidential();
    client.userinfo_signed_response_alg = Some(JwsAlgorithm::RS256);
    world.declare(client).await;
    let tokens = world.redeem(&world.code("openid email").await).await;

    let answer = world.userinfo(&tokens.member("access_token")).await;

    assert_eq!(answer.header("content-type"), "application/jwt");
    let token = answer.text();
    let keys = world.fetch(Method::GET, "/.well-known/jwks.json").await;
    let rules = VerificationRules {
        keys: TrustedKeys::Set(&KeySet::from_json(&keys.body).unwrap().usable),
        algorithms: &[JwsAlgorithm::RS256],
        types: &[TokenType::Jwt],
        untyped: false,
    };
    let verified = JwsVerifier::new().verify(&token, rules).await.unwrap();
    assert!(matches!(verified, Verification::Valid(_)), "{verified:?}");
    let claims = claims_of(&token);
    assert_eq!(claims["iss"], ISSUER);
    assert_eq!(claims["aud"], "confidential");
    assert_eq!(claims["sub"], "user_ada");
    assert_eq!(claims["email"], "ada@people.test");
    // Neither an access token nor a hint: it does not say until when it is good.
    assert_eq!(world.userinfo(&token).await.status, 401);
    let hinted = format!("{}&id_token_hint={token}", request("confidential", "openid"));
    assert_eq!(world.authorize(&hinted).await.answer.parameter("error").as_deref(), Some("invalid_request"));
}

#[tokio::test]
async fn an_access_token_is_typed_as_its_application_needs_it_and_is_good_here_either_way() {
    for typ in [TokenType::AccessToken, TokenType::Jwt] {
        let world = World::new().await;
        let mut client = confidential();
        client.access_token.typ = typ;
        world.declare(client).await;

        let token = access_token(&world, "openid").await;

        assert_eq!(header_of(&token)["typ"], typ.as_str());
        assert_eq!(world.userinfo(&token).await.status, 200, "{typ:?}");
    }
}
