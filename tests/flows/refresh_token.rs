use std::time::Duration;

use grantway_tests::{World, claims_of};

async fn tokens(world: &World) -> grantway_tests::Answer {
    world.redeem(&world.code("openid email offline_access").await).await
}

#[tokio::test]
async fn a_refresh_token_buys_its_successor_and_fresh_tokens() {
    let world = World::new().await;
    let first = tokens(&world).await;
    world.clock.advance(Duration::from_mins(10));

    let second = world.refresh(&first.member("refresh_token")).await;

    assert_eq!(second.status, 200, "{}", second.text());
    assert_ne!(second.member("refresh_token"), first.member("refresh_token"));
    assert_ne!(second.member("access_token"), first.member("access_token"));
    assert_eq!(second.member("scope"), "openid email offline_access");
    let (before, after) = (claims_of(&first.member("id_token")), claims_of(&second.member("id_token")));
    for same in ["iss", "sub", "aud", "auth_time", "sid"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert_eq!(after["iat"].as_i64().unwrap() - before["iat"].as_i64().unwrap(), 600);
}

#[tokio::test]
async fn within_the_grace_window_the_same_successor_is_answered_again() {
    let world = World::new().await;
    let first = tokens(&world).await.member("refresh_token");

    let answered = world.refresh(&first).await;
    world.clock.advance(Duration::from_secs(29));
    let again = world.refresh(&first).await;

    assert_eq!(again.status, 200, "{}", again.text());
    assert_eq!(again.member("refresh_token"), answered.member("refresh_token"));
    assert_ne!(again.member("access_token"), answered.member("access_token"));
}

#[tokio::test]
async fn a_replay_after_the_grace_window_revokes_what_the_grant_bought() {
    let world = World::new().await;
    let first = tokens(&world).await.member("refresh_token");
    let second = world.refresh(&first).await;

    world.past_grace();
    let replay = world.refresh(&first).await;

    assert_eq!((replay.status.as_u16(), replay.error().as_str()), (400, "invalid_grant"));
    assert_eq!(world.refresh(&second.member("refresh_token")).await.error(), "invalid_grant");
    assert_eq!(world.userinfo(&second.member("access_token")).await.status, 401);
}

#[tokio::test]
async fn a_replay_after_the_successor_was_used_revokes_even_within_the_window() {
    let world = World::new().await;
    let first = tokens(&world).await.member("refresh_token");
    let second = world.refresh(&first).await.member("refresh_token");
    let third = world.refresh(&second).await.member("refresh_token");

    assert_eq!(world.refresh(&first).await.error(), "invalid_grant");
    assert_eq!(world.refresh(&third).await.error(), "invalid_grant");
}

#[tokio::test]
async fn scope_can_be_narrowed_for_one_answer_and_never_widened() {
    let world = World::new().await;
    let first = tokens(&world).await.member("refresh_token");
    let ask = |token: String, scope: &'static str| {
        let world = &world;
        async move {
            let form = [("grant_type", "refresh_token"), ("refresh_token", token.as_str()), ("scope", scope)];
            world.token(Some(("confidential", "sesame")), &form).await
        }
    };

    let wider = ask(first.clone(), "openid phone").await;
    assert_eq!(wider.error(), "invalid_scope");
    let narrow = ask(first, "openid").await;
    assert_eq!(narrow.member("scope"), "openid", "{}", narrow.text());
    let whole = world.refresh(&narrow.member("refresh_token")).await;
    assert_eq!(whole.member("scope"), "openid email offline_access");
}

#[tokio::test]
async fn a_redirect_uri_beside_it_is_passed_over() {
    let world = World::new().await;
    let token = tokens(&world).await.member("refresh_token");
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", token.as_str()),
        ("redirect_uri", "https://elsewhere.test/cb"),
    ];

    assert_eq!(world.token(Some(("confidential", "sesame")), &form).await.status, 200);
}

#[tokio::test]
async fn another_client_gets_nothing_and_burns_nothing() {
    let world = World::new().await;
    let token = tokens(&world).await.member("refresh_token");

    let form = [("grant_type", "refresh_token"), ("refresh_token", token.as_str())];
    let stranger = world.token(Some(("other", "other-sesame")), &form).await;

    assert_eq!(stranger.error(), "invalid_grant");
    assert_eq!(world.refresh(&token).await.status, 200);
}

#[tokio::test]
async fn it_dies_of_idleness_and_of_age() {
    let day = Duration::from_hours(24);
    let world = World::new().await;
    let idle = tokens(&world).await.member("refresh_token");
    world.clock.advance(day * 30);
    assert_eq!(world.refresh(&idle).await.error(), "invalid_grant");

    let world = World::new().await;
    let mut token = tokens(&world).await.member("refresh_token");
    for _ in 0..18 {
        world.clock.advance(day * 20);
        token = world.refresh(&token).await.member("refresh_token");
        assert!(!token.is_empty());
    }
    world.clock.advance(day * 6);
    assert_eq!(world.refresh(&token).await.error(), "invalid_grant", "a year is over");
}
