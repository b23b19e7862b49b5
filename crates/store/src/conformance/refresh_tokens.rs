//! Refresh tokens: swapped once, forgiven for a moment, revoked when stolen.

use std::time::Duration;

use grantway_core::base64url;
use grantway_core::grant::Refusal;
use grantway_core::seam::{Clock, GrantLedger, Redemption, Rotate, Rotation};
use grantway_core::secret::Secret;

use super::kit::{ACCESS, GRACE, LIFETIME, Scene, client, crowd, rotate};
use crate::traits::GrantStore;

/// Whoever asks within the window is given what the first was given.
pub async fn with_grace_all_get_the_same_successor<S: GrantStore>(store: S) {
    let scene = Scene::new(store);
    let token = scene.refresh_token().await;

    let outcomes = crowd(|| {
        let (grants, token) = (scene.grants.clone(), token.clone());
        async move { rotate(&grants, &token).await }
    })
    .await;

    let mut successors: Vec<_> = outcomes.iter().map(successor_of).collect();
    successors.dedup();
    assert_eq!(successors.len(), 1);
    assert!(matches!(scene.rotate(&Secret::new(successors[0])).await, Rotation::Rotated { .. }));
}

/// One is answered; the rest are replays.
pub async fn without_grace_one_is_answered<S: GrantStore>(store: S) {
    let scene = Scene::with_grace(store, Duration::ZERO);
    let token = scene.refresh_token().await;

    let outcomes = crowd(|| {
        let (grants, token) = (scene.grants.clone(), token.clone());
        async move { rotate(&grants, &token).await }
    })
    .await;

    let answered: Vec<_> =
        outcomes.iter().filter(|outcome| matches!(outcome, Rotation::Rotated { .. })).collect();
    assert_eq!(answered.len(), 1);
    let winner = Secret::new(successor_of(answered[0]));
    assert_refused(&scene.rotate(&winner).await, Refusal::Revoked);
}

/// To the second.
pub async fn a_replay_after_the_window_revokes<S: GrantStore>(store: S) {
    let scene = Scene::new(store);
    let first = scene.refresh_token().await;
    let second = scene.successor(&first).await;

    let end = scene.clock.now().plus(GRACE);
    scene.clock.set(end.minus(Duration::from_secs(1)));
    assert_eq!(scene.successor(&first).await.expose(), second.expose());
    scene.clock.set(end);

    assert_refused(&scene.rotate(&first).await, Refusal::Replayed);
    assert_refused(&scene.rotate(&second).await, Refusal::Revoked);
}

/// Whoever held a token of the grant proves it by the part they share; whoever guesses does not.
pub async fn an_old_generation_revokes_and_a_forged_one_does_not<S: GrantStore>(store: S) {
    let scene = Scene::new(store);
    let first = scene.refresh_token().await;
    let second = scene.successor(&first).await;
    let third = scene.successor(&second).await;

    let mut forged = raw(&first);
    for byte in &mut forged[12..] {
        *byte ^= 0x55;
    }
    assert_refused(&scene.rotate(&token_of(&forged)).await, Refusal::Unknown);
    let fourth = scene.successor(&third).await;

    assert_refused(&scene.rotate(&first).await, Refusal::Replayed);
    assert_refused(&scene.rotate(&fourth).await, Refusal::Revoked);
}

/// A stranger with a stolen token and his own name gets nothing and harms nobody.
pub async fn another_client_burns_nothing<S: GrantStore>(store: S) {
    let scene = Scene::new(store);
    let token = scene.refresh_token().await;
    let stranger = client("two");
    let present = Rotate {
        refresh_token: &token,
        client_id: &stranger,
        scope: None,
        lifetime: LIFETIME,
        access_token_lifetime: ACCESS,
    };

    assert_refused(&scene.grants.rotate(present).await.expect("a working store"), Refusal::OtherClient);

    assert!(matches!(scene.rotate(&token).await, Rotation::Rotated { .. }));
}

/// Asking for too much costs nothing; asking for less spends the token like any other.
pub async fn scope_is_compared_before_anything_is_spent<S: GrantStore>(store: S) {
    let scene = Scene::new(store);
    let token = scene.refresh_token().await;
    let client_id = client("one");
    let (more, less) = ("openid phone".parse().expect("scopes"), "openid".parse().expect("scopes"));
    let ask = |scope| Rotate {
        refresh_token: &token,
        client_id: &client_id,
        scope: Some(scope),
        lifetime: LIFETIME,
        access_token_lifetime: ACCESS,
    };

    assert_refused(&scene.grants.rotate(ask(&more)).await.expect("a working store"), Refusal::ScopeExceeded);
    let narrowed = scene.grants.rotate(ask(&less)).await.expect("a working store");

    let Rotation::Rotated { grant, refresh_token } = narrowed else { panic!("{narrowed:?}") };
    assert_eq!(grant.terms.scope, scene.terms().scope, "the grant keeps what was granted");
    assert!(matches!(scene.rotate(&refresh_token).await, Rotation::Rotated { .. }));
}

/// Unused for too long, or used for too long.
pub async fn idleness_and_age_end_it<S: GrantStore>(store: S) {
    let scene = Scene::new(store);
    let idle = scene.refresh_token().await;
    scene.clock.advance(Duration::from_secs(1000));
    assert_refused(&scene.rotate(&idle).await, Refusal::Expired);

    let mut token = scene.refresh_token().await;
    for _ in 0..2 {
        scene.clock.advance(Duration::from_secs(999));
        token = scene.successor(&token).await;
    }
    scene.clock.advance(Duration::from_secs(502));
    assert_refused(&scene.rotate(&token).await, Refusal::Expired);
}

/// What was revoked, spent or swapped stays so, whatever the clock says.
pub async fn a_clock_that_goes_back_resurrects_nothing<S: GrantStore>(store: S) {
    let scene = Scene::new(store);
    let code = scene.code().await;
    let Redemption::Granted { refresh_token: Some(first), .. } = scene.redeem(&code).await else {
        panic!("an honest redemption was refused");
    };
    let second = scene.successor(&first).await;
    let third = scene.successor(&second).await;
    let earlier = scene.clock.now().minus(Duration::from_secs(3600));

    scene.clock.set(earlier);

    assert_refused(&scene.rotate(&first).await, Refusal::Replayed);
    assert_refused(&scene.rotate(&third).await, Refusal::Revoked);
    assert!(matches!(scene.redeem(&code).await, Redemption::Refused(_)));
}

/// A code is no refresh token and the other way round, with either's title.
pub async fn kinds_never_mix<S: GrantStore>(store: S) {
    let scene = Scene::new(store);
    let code = scene.code().await;
    let retitled = Secret::new(code.expose().replacen("oac_", "ort_", 1));
    for forged in [&code, &retitled] {
        assert_refused(&scene.rotate(forged).await, Refusal::Unknown);
    }
    let Redemption::Granted { refresh_token: Some(token), .. } = scene.redeem(&code).await else {
        panic!("the code was harmed");
    };
    let retitled = Secret::new(token.expose().replacen("ort_", "oac_", 1));
    for forged in [&token, &retitled, &Secret::new(""), &Secret::new("oac_"), &Secret::new("oac_!")] {
        let outcome = scene.redeem(forged).await;
        assert!(matches!(outcome, Redemption::Refused(Refusal::Unknown)), "{outcome:?}");
    }
    assert!(matches!(scene.rotate(&token).await, Rotation::Rotated { .. }));
}

fn successor_of(outcome: &Rotation) -> &str {
    match outcome {
        Rotation::Rotated { refresh_token, .. } => refresh_token.expose(),
        Rotation::Refused(why) => panic!("refused: {why:?}"),
    }
}

fn assert_refused(outcome: &Rotation, why: Refusal) {
    assert!(matches!(outcome, Rotation::Refused(found) if *found == why), "{outcome:?} instead of {why:?}");
}

fn raw(token: &Secret) -> Vec<u8> {
    base64url::decode(token.expose().strip_prefix("ort_").expect("a refresh token")).expect("a refresh token")
}

fn token_of(raw: &[u8]) -> Secret {
    Secret::new(format!("ort_{}", base64url::encode(raw)))
}
