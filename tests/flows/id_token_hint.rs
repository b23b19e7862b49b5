use std::sync::Arc;

use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::{Signer, ToSign};
use grantway_tests::{Browser, PASSWORD, World, claims_of, request};

async fn arrived(world: &World) -> (Browser, String) {
    let mut browser = world.signed_in().await;
    let page = browser.open(&format!("/oauth/authorize?{}", request("confidential", "openid"))).await;
    let page = browser.submit(&page, &[("consented", "true")]).await;
    let id_token = world.redeem(&page.answer.parameter("code").unwrap()).await.member("id_token");
    (browser, id_token)
}

/// The same ID token, about somebody else.
async fn about_bob(world: &World, id_token: &str) -> String {
    let mut claims = claims_of(id_token);
    claims["sub"] = "user_bob".into();
    let claims = serde_json::to_vec(&claims).unwrap();
    let signer: Arc<dyn Signer> = world.keyring.clone();
    let to_sign = ToSign { algorithm: JwsAlgorithm::RS256, typ: TokenType::Jwt, claims: &claims };
    signer.sign(to_sign).await.unwrap().expose().to_owned()
}

fn asked(hint: &str, more: &str) -> String {
    format!("/oauth/authorize?{}&id_token_hint={hint}{more}", request("confidential", "openid"))
}

#[tokio::test]
async fn the_person_it_names_arrives_silently_even_when_it_has_expired() {
    let world = World::new().await;
    let (mut browser, id_token) = arrived(&world).await;

    world.clock.advance(std::time::Duration::from_hours(24));
    let page = browser.open(&asked(&id_token, "&prompt=none")).await;

    assert!(page.answer.parameter("code").is_some(), "{:?}", page.answer.location());
}

#[tokio::test]
async fn somebody_else_is_not_taken_for_him() {
    let world = World::new().await;
    let (mut browser, id_token) = arrived(&world).await;
    let bob = about_bob(&world, &id_token).await;

    let silent = browser.open(&asked(&bob, "&prompt=none")).await;
    assert_eq!(silent.answer.parameter("error").as_deref(), Some("login_required"));

    world.clock.advance(std::time::Duration::from_secs(5));
    let page = browser.open(&asked(&bob, "")).await;
    assert!(page.url.path().contains("sign-in"), "he may sign in: {}", page.url);
    let page = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
    assert_eq!(page.answer.parameter("error").as_deref(), Some("login_required"), "{}", page.words());
}

#[tokio::test]
async fn what_is_no_id_token_of_ours_is_no_request() {
    let world = World::new().await;
    let (mut browser, id_token) = arrived(&world).await;
    let (head, _) = id_token.rsplit_once('.').unwrap();

    for hint in ["x", &format!("{head}.AAAA")] {
        let page = browser.open(&asked(hint, "&prompt=none")).await;
        assert_eq!(page.answer.parameter("error").as_deref(), Some("invalid_request"), "{hint}");
    }
}
