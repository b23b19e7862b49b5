use grantway_core::client::{Client, ClientAuthentication};
use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::metadata::supported_scopes;
use grantway_core::scope::ScopeSet;
use grantway_core::secret::Secret;
use grantway_core::token::GrantType;
use grantway_tests::{Answer, World};

fn application(scope: ScopeSet) -> Client {
    let digest = TokenDigest::of(DigestKind::ClientSecret, &Secret::new("sesame"));
    let authentication = ClientAuthentication::ClientSecret { digests: vec![digest] };
    let mut client = Client::new("confidential".parse().unwrap(), "The confidential app", authentication);
    client.redirect_uris = vec!["https://app.test/cb".parse().unwrap()];
    client.grant_types = vec![GrantType::AuthorizationCode, GrantType::RefreshToken];
    client.scope = scope;
    client
}

async fn refresh(world: &World, token: &str, scope: &str) -> Answer {
    let form = [("grant_type", "refresh_token"), ("refresh_token", token), ("scope", scope)];
    world.token(Some(("confidential", "sesame")), &form).await
}

#[tokio::test]
async fn a_scope_taken_from_the_application_is_left_out_until_it_is_given_back() {
    let world = World::new().await;
    let first = world.redeem(&world.code("openid email offline_access").await).await.member("refresh_token");
    world.declare(application("openid offline_access".parse().unwrap())).await;

    let asked = refresh(&world, &first, "email").await;
    let narrowed = world.refresh(&first).await;
    world.declare(application(supported_scopes())).await;
    let restored = world.refresh(&narrowed.member("refresh_token")).await;

    assert_eq!(asked.error(), "invalid_scope", "{}", asked.text());
    assert_eq!(narrowed.member("scope"), "openid offline_access", "{}", narrowed.text());
    assert_eq!(restored.member("scope"), "openid email offline_access");
}
