//! A provider that starts again on what another left.

use std::sync::Arc;

use grantway_core::client::{ClientAuthentication, ClientKeys};
use grantway_core::jwk::JwkSet;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::Clock;
use grantway_core::testing::SeededEntropy;
use grantway_jose::signing_key::SigningKey;
use grantway_tests::{Database, ISSUER, Settings, World, assertive};
use serde_json::json;

use super::on_each_database;

on_each_database!(what_was_spent_or_revoked_stays_so_after_a_restart);

async fn what_was_spent_or_revoked_stays_so_after_a_restart(database: Database) {
    let world = World::on(Arc::new(database.open().await), Settings::default()).await;
    let spent = world.code("openid offline_access").await;
    let tokens = world.redeem(&spent).await;
    let rotated = tokens.member("refresh_token");
    let current = world.refresh(&rotated).await.member("refresh_token");
    let assertion = assertion(&world).await;
    assert_eq!(world.assert(&assertion).await.status, 200);
    drop(world);

    let world = World::on(Arc::new(database.open().await), Settings { seed: 2, ..Settings::default() }).await;
    assert_eq!(world.refresh(&current).await.status, 200, "an honest client goes on after a restart");
    assert_eq!(world.refresh(&rotated).await.error(), "invalid_grant", "its successor was used");
    assert_eq!(world.redeem(&spent).await.error(), "invalid_grant");
    assert_eq!(world.assert(&assertion).await.error(), "invalid_client", "it was presented");
}

/// By which the application `assertive`, which is declared now, proves once who it is.
async fn assertion(world: &World) -> String {
    let key = SigningKey::generate(JwsAlgorithm::ES256, &SeededEntropy::new(7)).unwrap();
    let keys = ClientKeys::Jwks(JwkSet { keys: vec![key.public_jwk().clone()] });
    let algorithms = vec![JwsAlgorithm::ES256];
    world.declare(assertive(ClientAuthentication::PrivateKeyJwt { keys, algorithms })).await;
    let claims = json!({
        "iss": "assertive", "sub": "assertive", "aud": ISSUER, "jti": "once",
        "exp": world.clock.now().unix() + 600,
    });
    key.sign(TokenType::Jwt, claims.to_string().as_bytes()).unwrap().expose().to_owned()
}
