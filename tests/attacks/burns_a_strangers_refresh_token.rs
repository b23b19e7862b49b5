use grantway_core::base64url;
use grantway_tests::World;

#[tokio::test]
async fn a_forged_token_of_an_early_generation_revokes_nothing() {
    let world = World::new().await;
    let first = world.redeem(&world.code("openid offline_access").await).await.member("refresh_token");
    let current = world.refresh(&first).await.member("refresh_token");
    world.past_grace();
    let mut forged = base64url::decode(current.strip_prefix("ort_").unwrap()).unwrap();
    // The number of the grant stays; the generation goes back, the secrets are guessed.
    forged[11] = 1;
    for byte in &mut forged[12..] {
        *byte ^= 0x55;
    }

    let refused = world.refresh(&format!("ort_{}", base64url::encode(forged))).await;

    assert_eq!(refused.error(), "invalid_grant");
    assert_eq!(world.refresh(&current).await.status, 200, "the honest client goes on");
}

#[tokio::test]
async fn of_64_refreshes_at_once_all_get_the_same_successor() {
    let world = std::sync::Arc::new(World::new().await);
    let token = world.redeem(&world.code("openid offline_access").await).await.member("refresh_token");

    let mut attempts = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let (world, token) = (world.clone(), token.clone());
        attempts.spawn(async move { world.refresh(&token).await });
    }
    let mut successors: Vec<_> =
        attempts.join_all().await.iter().map(|answer| answer.member("refresh_token")).collect();

    assert_eq!(successors.len(), 64);
    successors.sort_unstable();
    successors.dedup();
    assert_eq!(successors.len(), 1);
    assert!(!successors[0].is_empty());
}

#[tokio::test]
async fn a_code_is_never_found_as_a_refresh_token_nor_the_other_way_round() {
    let world = World::new().await;
    let code = world.code("openid offline_access").await;
    assert_eq!(world.refresh(&code).await.error(), "invalid_grant");
    let retitled = code.replacen("oac_", "ort_", 1);
    assert_eq!(world.refresh(&retitled).await.error(), "invalid_grant");

    let tokens = world.redeem(&code).await;

    assert_eq!(tokens.status, 200, "the code is unharmed");
    assert_eq!(world.redeem(&tokens.member("refresh_token")).await.error(), "invalid_grant");
    assert_eq!(world.refresh(&tokens.member("refresh_token")).await.status, 200);
}
