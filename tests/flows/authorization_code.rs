use grantway_tests::{ISSUER, VERIFIER, World, challenge, claims_of, header_of, request};
use serde_json::json;

#[tokio::test]
async fn a_person_signs_in_agrees_and_the_client_gets_tokens() {
    let world = World::new().await;
    let mut browser = world.browser();

    let page =
        browser.open(&format!("/oauth/authorize?{}", request("confidential", "openid profile email"))).await;
    let page = browser.submit(&page, &[("username", "ada"), ("password", grantway_tests::PASSWORD)]).await;
    assert!(page.words().contains("The confidential app"), "{}", page.words());
    let back = browser.submit(&page, &[("consented", "true")]).await;

    assert_eq!(back.answer.status, 303);
    assert!(back.answer.location().unwrap().starts_with("https://app.test/cb?"));
    assert_eq!(back.answer.parameter("state").unwrap(), "state-of-the-client");
    assert_eq!(back.answer.parameter("iss").unwrap(), ISSUER);
    let tokens = world.redeem(&back.answer.parameter("code").unwrap()).await;
    assert_eq!(tokens.status, 200, "{}", tokens.text());
    assert_eq!(tokens.header("content-type"), "application/json");
    assert_eq!(tokens.header("cache-control"), "no-store");
    assert_eq!(tokens.member("token_type"), "Bearer");
    assert_eq!(tokens.member("scope"), "openid profile email");
    assert_eq!(tokens.json()["expires_in"], 3600);
    assert!(tokens.json().get("refresh_token").is_none(), "offline_access was not asked for");
    assert_eq!(world.userinfo(&tokens.member("access_token")).await.member("name"), "Ada Lovelace");
}

#[tokio::test]
async fn an_id_token_says_who_signed_in_when_and_for_whom() {
    let world = World::new().await;

    let tokens = world.redeem(&world.code("openid profile email").await).await;

    let id_token = tokens.member("id_token");
    let header = header_of(&id_token);
    assert_eq!((&header["alg"], &header["typ"]), (&json!("RS256"), &json!("JWT")));
    let claims = claims_of(&id_token);
    assert_eq!(claims["iss"], ISSUER);
    assert_eq!(claims["sub"], "user_ada");
    assert_eq!(claims["aud"], "confidential");
    assert_eq!(claims["nonce"], "nonce-of-the-client");
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3600);
    assert_eq!(claims["auth_time"], claims["iat"], "the clock stood still");
    assert_eq!(claims["amr"], json!(["pwd"]));
    assert!(claims["acr"].is_string() && claims["sid"].is_string() && claims["jti"].is_string());
    assert_eq!(claims["email"], "ada@people.test");
    let half = &grantway_core::digest::sha256(tokens.member("access_token"))[..16];
    assert_eq!(claims["at_hash"], grantway_core::base64url::encode(half));
}

#[tokio::test]
async fn an_access_token_is_a_jwt_of_rfc_9068() {
    let world = World::new().await;

    let tokens = world.redeem(&world.code("openid email").await).await;

    let access_token = tokens.member("access_token");
    let header = header_of(&access_token);
    assert_eq!((&header["alg"], &header["typ"]), (&json!("ES256"), &json!("at+jwt")));
    let claims = claims_of(&access_token);
    assert_eq!(claims["iss"], ISSUER);
    assert_eq!(claims["aud"], ISSUER);
    assert_eq!(claims["sub"], "user_ada");
    assert_eq!(claims["client_id"], "confidential");
    assert_eq!(claims["scope"], "openid email");
    assert!(claims["exp"].is_i64() && claims["iat"].is_i64() && claims["jti"].is_string());
}

#[tokio::test]
async fn a_public_client_needs_no_secret_and_its_port_is_its_own() {
    let world = World::new().await;
    let asked = request("public", "openid").replace("127.0.0.1%2Fcb", "127.0.0.1%3A51234%2Fcb");

    let back = world.authorize(&asked).await;

    assert!(back.answer.location().unwrap().starts_with("http://127.0.0.1:51234/cb?"));
    let code = back.answer.parameter("code").unwrap();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", "public"),
        ("code", code.as_str()),
        ("redirect_uri", "http://127.0.0.1:51234/cb"),
        ("code_verifier", VERIFIER),
    ];
    let tokens = world.token(None, &form).await;
    assert_eq!(tokens.status, 200, "{}", tokens.text());
    assert_eq!(claims_of(&tokens.member("id_token"))["aud"], "public");
}

#[tokio::test]
async fn the_secret_may_stand_in_the_body() {
    let world = World::new().await;
    let code = world.code("openid").await;

    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", "confidential"),
        ("client_secret", "sesame"),
        ("code", code.as_str()),
        ("redirect_uri", "https://app.test/cb"),
        ("code_verifier", VERIFIER),
    ];

    assert_eq!(world.token(None, &form).await.status, 200);
}

#[tokio::test]
async fn a_request_without_redirect_uri_uses_the_only_one() {
    let world = World::new().await;
    let asked = format!(
        "response_type=code&client_id=confidential&scope=openid&state=12345678&code_challenge={}&code_challenge_method=S256",
        challenge(VERIFIER),
    );

    let back = world.authorize(&asked).await;

    assert!(back.answer.location().unwrap().starts_with("https://app.test/cb?"));
    let code = back.answer.parameter("code").unwrap();
    let form = [("grant_type", "authorization_code"), ("code", code.as_str()), ("code_verifier", VERIFIER)];
    assert_eq!(world.token(Some(("confidential", "sesame")), &form).await.status, 200);
}

#[tokio::test]
async fn an_authorization_request_may_be_posted() {
    let world = World::new().await;
    let mut browser = world.browser();

    let page = browser.post("/oauth/authorize", request("confidential", "openid")).await;
    let page = browser.submit(&page, &[("username", "ada"), ("password", grantway_tests::PASSWORD)]).await;
    let back = browser.submit(&page, &[("consented", "true")]).await;

    assert!(back.answer.parameter("code").is_some(), "{:?}", back.answer.location());
}

#[tokio::test]
async fn a_wrong_password_shows_the_form_again_and_a_right_one_goes_on() {
    let world = World::new().await;
    let mut browser = world.browser();

    let page = browser.open(&format!("/oauth/authorize?{}", request("confidential", "openid"))).await;
    let page = browser.submit(&page, &[("username", "ada"), ("password", "wrong")]).await;
    assert!(page.form().is_some());
    let page = browser
        .submit(&page, &[("username", "ADA@people.test "), ("password", grantway_tests::PASSWORD)])
        .await;

    assert!(page.words().contains("The confidential app"), "{}", page.words());
}

#[tokio::test]
async fn a_code_lives_a_minute() {
    let world = World::new().await;
    let code = world.code("openid").await;

    world.clock.advance(std::time::Duration::from_mins(1));

    assert_eq!(world.redeem(&code).await.error(), "invalid_grant");
}
