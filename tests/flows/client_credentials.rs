use grantway_tests::{World, claims_of};

#[tokio::test]
async fn a_client_gets_a_token_in_its_own_name() {
    let world = World::new().await;

    let tokens = world.token(Some(("confidential", "sesame")), &[("grant_type", "client_credentials")]).await;

    assert_eq!(tokens.status, 200, "{}", tokens.text());
    let claims = claims_of(&tokens.member("access_token"));
    assert_eq!(claims["sub"], "confidential");
    assert_eq!(claims["client_id"], "confidential");
    assert!(tokens.json().get("refresh_token").is_none());
    assert!(tokens.json().get("id_token").is_none());
}

#[tokio::test]
async fn it_opens_no_persons_data() {
    let world = World::new().await;

    let tokens = world.token(Some(("confidential", "sesame")), &[("grant_type", "client_credentials")]).await;
    let answer = world.userinfo(&tokens.member("access_token")).await;

    assert!([401, 403].contains(&answer.status.as_u16()), "{}", answer.text());
}

#[tokio::test]
async fn a_client_without_the_grant_is_told_so() {
    let world = World::new().await;

    let refused = world.token(Some(("other", "other-sesame")), &[("grant_type", "client_credentials")]).await;

    assert_eq!((refused.status.as_u16(), refused.error().as_str()), (400, "unauthorized_client"));
}

#[tokio::test]
async fn it_cannot_ask_for_a_person() {
    let world = World::new().await;

    for scope in ["openid", "offline_access", "unheard-of"] {
        let form = [("grant_type", "client_credentials"), ("scope", scope)];
        let refused = world.token(Some(("confidential", "sesame")), &form).await;
        assert_eq!(refused.error(), "invalid_scope", "{scope}");
    }
}
