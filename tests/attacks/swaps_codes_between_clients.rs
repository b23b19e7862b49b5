use grantway_tests::{VERIFIER, World};

#[tokio::test]
async fn another_clients_code_buys_nothing_and_is_spent() {
    let world = World::new().await;
    let code = world.code("openid").await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", "https://app.test/cb"),
        ("code_verifier", VERIFIER),
    ];

    let thief = world.token(Some(("other", "other-sesame")), &form).await;

    assert_eq!(thief.error(), "invalid_grant");
    assert_eq!(world.redeem(&code).await.error(), "invalid_grant", "it has leaked");
}

#[tokio::test]
async fn a_code_retargeted_to_another_grant_buys_nothing_and_burns_nothing() {
    let world = World::new().await;
    let (mine, yours) = (world.code("openid").await, world.code("openid").await);
    let raw = |code: &str| grantway_core::base64url::decode(code.strip_prefix("oac_").unwrap()).unwrap();
    let spliced = [&raw(&yours)[..8], &raw(&mine)[8..]].concat();
    let spliced = format!("oac_{}", grantway_core::base64url::encode(spliced));

    assert_eq!(world.redeem(&spliced).await.error(), "invalid_grant");

    assert_eq!(world.redeem(&yours).await.status, 200);
}
