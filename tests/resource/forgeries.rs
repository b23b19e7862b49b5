//! What no careful reader believes.

use std::sync::Arc;

use grantway_core::base64url;
use grantway_resource::TrustedIssuer;
use grantway_tests::{ISSUER, World};

use super::{Inside, ask, orders, resource_of};
use crate::attacks::confuses_jwts::{forgeries, published};

#[tokio::test]
async fn no_token_that_is_forged_gets_in_though_the_good_one_is_remembered() {
    let world = World::new().await;
    let fetch = Arc::new(Inside(world.router.clone()));
    let issuer = TrustedIssuer::discovered(ISSUER).for_audience(ISSUER);
    let resource = resource_of(vec![issuer], fetch, world.clock.clone(), world.audit.clone());
    let api = orders(&resource);
    let tokens = world.redeem(&world.code("openid").await).await;
    let (token, id_token) = (tokens.member("access_token"), tokens.member("id_token"));
    assert_eq!(ask(&api, &token).await.status, 200);

    let mut forged = forgeries(&token, &published(&world).await);
    forged.push(("an ID token".into(), id_token.clone()));
    forged.push(("an ID token under an access token's header".into(), {
        let (_, rest) = id_token.split_once('.').unwrap();
        format!("{}.{rest}", token.split('.').next().unwrap())
    }));
    forged.push(("an opaque token".into(), base64url::encode([7; 32])));
    for (what, forged) in forged {
        let answer = ask(&api, &forged).await;
        assert!(matches!(answer.status.as_u16(), 400 | 401), "{what}: {}", answer.status);
    }

    assert_eq!(ask(&api, &token).await.status, 200);
}
