//! Structures so deep or so many that a careless reader falls.

use axum::body::Body;
use grantway_core::base64url;
use grantway_tests::{World, request};
use http::Request;
use http::header::AUTHORIZATION;

/// As deep as fits into a form.
const DEPTH: usize = 20_000;

fn deep_token() -> String {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(DEPTH), close.repeat(DEPTH));
    let header = base64url::encode(r#"{"alg":"ES256","typ":"JWT"}"#);
    let claims = base64url::encode(format!(r#"{{"sub":"confidential","x":{}}}"#, deep("[", "]")));
    format!("{header}.{claims}.AAAA")
}

#[tokio::test]
async fn a_token_that_nests_for_ever_is_refused_like_any_other_that_is_none() {
    let world = World::new().await;
    let token = deep_token();
    let basic = Some(("confidential", "sesame"));

    let asserted = world.assert(&token).await;
    let introspected = world.post("/oauth/token_info", basic, &[("token", &token)]).await;
    let revoked = world.post("/oauth/token/revoke", basic, &[("token", &token)]).await;
    let header = Request::get("/oauth/userinfo").header(AUTHORIZATION, format!("Bearer {token}"));
    let shown = world.ask(header.body(Body::empty()).unwrap()).await;
    let hinted = world
        .browser()
        .open(&format!("/oauth/authorize?{}&id_token_hint={token}", request("confidential", "openid")))
        .await;
    let left = world.browser().open(&format!("/oauth/logout?id_token_hint={token}")).await;

    assert_eq!((asserted.status.as_u16(), asserted.error().as_str()), (401, "invalid_client"));
    assert_eq!(introspected.json()["active"], false);
    assert_eq!(revoked.status, 200);
    assert_eq!(shown.status, 401);
    assert!(!hinted.answer.status.is_server_error(), "{}", hinted.answer.status);
    assert_eq!(left.answer.status, 400);
}

#[tokio::test]
async fn a_header_that_nests_for_ever_is_none() {
    let world = World::new().await;
    let header = format!(r#"{{"alg":"ES256","x":{}{}}}"#, "[".repeat(DEPTH), "]".repeat(DEPTH));
    let token = format!("{}.e30.AAAA", base64url::encode(header));

    let answer =
        world.post("/oauth/token_info", Some(("confidential", "sesame")), &[("token", &token)]).await;

    assert_eq!(answer.json()["active"], false);
}

#[tokio::test]
async fn parameters_without_number_are_read_once_or_refused() {
    let world = World::new().await;
    let names: Vec<_> = (0..8_000).map(|number| format!("p{number}")).collect();
    let many: Vec<_> = names.iter().map(|name| (name.as_str(), "")).collect();

    let answer = world.token(Some(("confidential", "sesame")), &many).await;

    assert!(answer.status.is_client_error(), "{}", answer.status);
}
