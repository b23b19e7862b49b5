use grantway_tests::World;

#[tokio::test]
async fn a_second_presentation_buys_nothing_and_kills_what_the_first_bought() {
    let world = World::new().await;
    let code = world.code("openid offline_access").await;
    let honest = world.redeem(&code).await;

    let replay = world.redeem(&code).await;

    assert_eq!((replay.status.as_u16(), replay.error().as_str()), (400, "invalid_grant"));
    assert_eq!(world.userinfo(&honest.member("access_token")).await.status, 401);
    assert_eq!(world.refresh(&honest.member("refresh_token")).await.error(), "invalid_grant");
}

#[tokio::test]
async fn of_64_presentations_at_once_one_buys_something_that_is_then_dead() {
    let world = std::sync::Arc::new(World::new().await);
    let code = world.code("openid offline_access").await;

    let mut attempts = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let (world, code) = (world.clone(), code.clone());
        attempts.spawn(async move { world.redeem(&code).await });
    }
    let answers = attempts.join_all().await;

    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(won.len(), 1);
    assert!(lost.iter().all(|answer| answer.error() == "invalid_grant"));
    assert_eq!(world.userinfo(&won[0].member("access_token")).await.status, 401);
}
