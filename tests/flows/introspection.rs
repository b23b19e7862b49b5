use std::time::Duration;

use grantway_core::metadata::ServerMetadata;
use grantway_tests::{Answer, ISSUER, World};
use http::Method;
use serde_json::{Value, json};

const CONFIDENTIAL: Option<(&str, &str)> = Some(("confidential", "sesame"));

async fn introspect(world: &World, token: &str) -> Answer {
    world.post("/oauth/token_info", CONFIDENTIAL, &[("token", token)]).await
}

async fn is_active(world: &World, token: &str) -> bool {
    let answer = introspect(world, token).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let active = answer.json()["active"].as_bool().unwrap();
    assert!(active || answer.json() == json!({"active": false}), "no more is said: {}", answer.text());
    active
}

#[tokio::test]
async fn a_good_access_token_is_described() {
    let world = World::new().await;
    let tokens = world.redeem(&world.code("openid email").await).await;

    let answer = introspect(&world, &tokens.member("access_token")).await;

    let said = answer.json();
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(said["active"], true, "{said}");
    assert_eq!(said["scope"], "openid email");
    assert_eq!(said["client_id"], "confidential");
    assert_eq!(said["token_type"], "Bearer");
    assert_eq!(said["sub"], "user_ada");
    assert_eq!(said["iss"], ISSUER);
    let claims = grantway_tests::claims_of(&tokens.member("access_token"));
    for same in ["aud", "exp", "iat", "jti", "auth_time"] {
        assert_eq!(said[same], claims[same], "{same}");
    }
}

#[tokio::test]
async fn a_token_of_a_client_of_its_own_is_described_without_a_person() {
    let world = World::new().await;
    let tokens = world.token(CONFIDENTIAL, &[("grant_type", "client_credentials")]).await;

    let said = introspect(&world, &tokens.member("access_token")).await.json();

    assert_eq!(said["active"], true, "{said}");
    assert_eq!(said["sub"], "confidential");
    assert_eq!(said["auth_time"], Value::Null);
}

#[tokio::test]
async fn a_refresh_token_is_active_until_it_is_swapped_and_is_not_used_up_by_the_question() {
    let world = World::new().await;
    let first = world.redeem(&world.code("openid offline_access").await).await.member("refresh_token");

    assert!(is_active(&world, &first).await);
    assert!(is_active(&world, &first).await);
    let said = introspect(&world, &first).await.json();
    assert_eq!((&said["client_id"], &said["sub"]), (&json!("confidential"), &json!("user_ada")));
    assert_eq!(said["scope"], "openid offline_access");
    let second = world.refresh(&first).await.member("refresh_token");

    assert!(!is_active(&world, &first).await);
    assert!(is_active(&world, &second).await);
}

#[tokio::test]
async fn what_is_over_is_not_active() {
    let world = World::new().await;
    let tokens = world.redeem(&world.code("openid offline_access").await).await;
    let (access, refresh) = (tokens.member("access_token"), tokens.member("refresh_token"));

    world.clock.advance(Duration::from_secs(3599));
    assert!(is_active(&world, &access).await);
    world.clock.advance(Duration::from_secs(1));
    assert!(!is_active(&world, &access).await);

    assert!(is_active(&world, &refresh).await);
    world.clock.advance(Duration::from_hours(30 * 24));
    assert!(!is_active(&world, &refresh).await);
}

#[tokio::test]
async fn whatever_is_no_token_for_the_client_that_asks_is_not_active() {
    let world = World::new().await;
    let tokens = world.redeem(&world.code("openid offline_access").await).await;
    let code = world.code("openid").await;
    let (access, refresh) = (tokens.member("access_token"), tokens.member("refresh_token"));
    let (head, _) = access.rsplit_once('.').unwrap();
    let unsigned = format!("{head}.");

    for token in [&*code, &tokens.member("id_token"), &unsigned, "ort_forged", "a.b.c", "\u{1f600}"] {
        assert!(!is_active(&world, token).await, "{token}");
    }
    for token in [&access, &refresh] {
        let other =
            world.post("/oauth/token_info", Some(("other", "other-sesame")), &[("token", token)]).await;
        assert_eq!(other.json(), json!({"active": false}), "another client's");
    }
}

#[tokio::test]
async fn whoever_asks_has_to_prove_who_he_is() {
    let world = World::new().await;
    let token = world.redeem(&world.code("openid").await).await.member("access_token");
    let post = async |basic, form: &[(&str, &str)]| {
        let answer = world.post("/oauth/token_info", basic, form).await;
        (answer.status.as_u16(), answer.error())
    };

    for (basic, form) in [
        (None, &[("token", &*token)][..]),
        (None, &[("token", &*token), ("client_id", "public")]),
        (Some(("confidential", "wrong")), &[("token", &*token)]),
        (Some(("nobody", "sesame")), &[("token", &*token)]),
    ] {
        assert_eq!(post(basic, form).await, (401, "invalid_client".to_owned()), "{basic:?}");
    }
    let bearer = http::Request::post("/oauth/token_info")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = world.ask(bearer.body(format!("token={token}").into()).unwrap()).await;
    assert_eq!(
        (answer.status.as_u16(), answer.error().as_str()),
        (401, "invalid_client"),
        "a token is no client"
    );
    assert_eq!(post(CONFIDENTIAL, &[]).await, (400, "invalid_request".to_owned()));
    assert_eq!(
        post(CONFIDENTIAL, &[("token", &token), ("token", &token)]).await,
        (400, "invalid_request".to_owned())
    );
}

#[tokio::test]
async fn the_metadata_says_where_and_that_no_public_client_may() {
    let world = World::new().await;

    let answer = world.fetch(Method::GET, "/.well-known/openid-configuration").await;

    let document: ServerMetadata = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(document.introspection_endpoint.unwrap(), format!("{ISSUER}/oauth/token_info"));
    assert_eq!(document.revocation_endpoint.unwrap(), format!("{ISSUER}/oauth/token/revoke"));
    assert!(!document.introspection_endpoint_auth_methods_supported.contains(&"none".to_owned()));
    assert!(document.revocation_endpoint_auth_methods_supported.contains(&"none".to_owned()));
}
