use grantway_core::audit::Event;
use grantway_tests::{Answer, World, request};

const CONFIDENTIAL: Option<(&str, &str)> = Some(("confidential", "sesame"));

async fn revoke(world: &World, token: &str) -> Answer {
    world.post("/oauth/token/revoke", CONFIDENTIAL, &[("token", token)]).await
}

/// Which of access token and refresh token are still good.
async fn standing(world: &World, tokens: &Answer) -> (bool, bool) {
    (is_good(world, tokens, "access_token").await, is_good(world, tokens, "refresh_token").await)
}

async fn is_good(world: &World, tokens: &Answer, name: &str) -> bool {
    let form = [("token", &*tokens.member(name))];
    let answer = world.post("/oauth/token_info", CONFIDENTIAL, &form).await;
    answer.json()["active"].as_bool().unwrap()
}

#[tokio::test]
async fn either_token_ends_the_grant_and_with_it_the_other() {
    for given_back in ["access_token", "refresh_token"] {
        let world = World::new().await;
        let tokens = world.redeem(&world.code("openid offline_access").await).await;
        assert_eq!(standing(&world, &tokens).await, (true, true));

        let answer = revoke(&world, &tokens.member(given_back)).await;

        assert_eq!((answer.status.as_u16(), &*answer.body), (200, &[][..]), "{given_back}");
        assert_eq!(standing(&world, &tokens).await, (false, false), "{given_back}");
        assert_eq!(world.userinfo(&tokens.member("access_token")).await.status, 401);
        assert_eq!(world.refresh(&tokens.member("refresh_token")).await.error(), "invalid_grant");
        let told = world.audit.events().iter().any(|event| matches!(event, Event::Revoked { .. }));
        assert!(told, "the operator is told");
    }
}

#[tokio::test]
async fn a_refresh_token_that_was_swapped_ends_it_too() {
    let world = World::new().await;
    let first = world.redeem(&world.code("openid offline_access").await).await;
    let second = world.refresh(&first.member("refresh_token")).await;

    revoke(&world, &first.member("refresh_token")).await;

    assert_eq!(standing(&world, &second).await, (false, false));
}

#[tokio::test]
async fn a_token_of_a_client_of_its_own_is_dead_and_its_sister_is_not() {
    let world = World::new().await;
    let own = [("grant_type", "client_credentials")];
    let (one, other) = (world.token(CONFIDENTIAL, &own).await, world.token(CONFIDENTIAL, &own).await);

    let answer = revoke(&world, &one.member("access_token")).await;

    assert_eq!(answer.status, 200);
    assert!(!is_good(&world, &one, "access_token").await);
    assert!(is_good(&world, &other, "access_token").await);
}

#[tokio::test]
async fn another_clients_tokens_stay_good_and_the_answer_is_the_same() {
    let world = World::new().await;
    let tokens = world.redeem(&world.code("openid offline_access").await).await;

    for name in ["access_token", "refresh_token"] {
        let token = tokens.member(name);
        let answer =
            world.post("/oauth/token/revoke", Some(("other", "other-sesame")), &[("token", &token)]).await;
        assert_eq!((answer.status.as_u16(), &*answer.body), (200, &[][..]), "{name}");
    }

    assert_eq!(standing(&world, &tokens).await, (true, true));
}

#[tokio::test]
async fn a_public_client_gives_back_what_it_got() {
    let world = World::new().await;
    let code = world.authorize(&request("public", "openid offline_access")).await.answer.parameter("code");
    let tokens = world
        .token(
            None,
            &[
                ("grant_type", "authorization_code"),
                ("client_id", "public"),
                ("code", &code.unwrap()),
                ("redirect_uri", "http://127.0.0.1/cb"),
                ("code_verifier", grantway_tests::VERIFIER),
            ],
        )
        .await;
    let access = tokens.member("access_token");

    let form = [("client_id", "public"), ("token", &*tokens.member("refresh_token"))];
    let answer = world.post("/oauth/token/revoke", None, &form).await;

    assert_eq!(answer.status, 200);
    assert_eq!(world.userinfo(&access).await.status, 401);
}

#[tokio::test]
async fn what_is_no_token_is_not_good_either_and_no_error() {
    let world = World::new().await;
    for (token, hint) in [("a.b.c", "refresh_token"), ("ort_x", "access_token"), ("ort_x", "surprise")] {
        let form = [("token", token), ("token_type_hint", hint)];
        let answer = world.post("/oauth/token/revoke", CONFIDENTIAL, &form).await;
        assert_eq!(answer.status, 200, "{token}");
    }
    assert_eq!(world.post("/oauth/token/revoke", CONFIDENTIAL, &[]).await.error(), "invalid_request");
    assert_eq!(world.post("/oauth/token/revoke", None, &[("token", "x")]).await.error(), "invalid_client");
}
