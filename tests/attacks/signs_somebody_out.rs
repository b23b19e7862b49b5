use grantway_tests::{World, request};

use crate::flows::logout::{LOGOUT, arrived, is_signed_in, wish};

#[tokio::test]
async fn an_id_token_of_another_sign_in_does_not_end_this_one_unasked() {
    let world = World::new().await;
    let (_, of_another) = arrived(&world).await;
    let (mut browser, _) = arrived(&world).await;

    let page = browser.open(&wish(&[("id_token_hint", &of_another)])).await;

    assert!(page.words().contains("Sign out?"), "{}", page.words());
    assert!(is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn an_access_token_is_no_id_token_even_if_it_is_typed_alike() {
    let world = World::new().await;
    let mut client = grantway_tests::confidential();
    client.access_token.typ = grantway_core::jws::TokenType::Jwt;
    world.declare(client).await;
    let (mut browser, _) = arrived(&world).await;
    let page = browser.open(&format!("/oauth/authorize?{}", request("confidential", "openid"))).await;
    let tokens = world.redeem(&page.answer.parameter("code").unwrap()).await;

    let page = browser.open(&wish(&[("id_token_hint", &tokens.member("access_token"))])).await;

    assert_eq!(page.answer.status, 400);
    assert!(is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn a_form_of_ours_is_good_for_its_sign_in_and_its_words_alone() {
    let world = World::new().await;
    let (mut victim, _) = arrived(&world).await;
    let (mut attacker, _) = arrived(&world).await;
    let own = attacker.open(LOGOUT).await;

    let forged = victim.submit(&own, &[("confirmed", "true")]).await;
    let page = victim.open(LOGOUT).await;
    let changed = [("confirmed", "true"), ("client_id", "other"), ("state", "x")];
    let altered = victim.submit(&page, &changed).await;

    assert_eq!((forged.answer.status.as_u16(), altered.answer.status.as_u16()), (403, 403));
    assert!(is_signed_in(&mut victim).await);
}

/// What another site posts comes without cookies, and its answer may set some.
#[tokio::test]
async fn what_comes_without_cookies_takes_none_away() {
    let world = World::new().await;
    for form in [&[("resent", "true")][..], &[("csrf", "x")], &[("csrf", "x"), ("confirmed", "true")], &[]] {
        let answer = world.post(LOGOUT, None, form).await;
        assert_eq!(answer.header("set-cookie"), "", "{form:?}");
    }
    assert_eq!(world.fetch(http::Method::GET, LOGOUT).await.header("set-cookie"), "");
}
