//! Refresh tokens: swapped once, forgiven for a moment, revoked when stolen.

use std::sync::Arc;
use std::time::Duration;

use grantway_core::base64url;
use grantway_core::grant::{GrantTerms, Refusal};
use grantway_core::ids::Subject;
use grantway_core::seam::{Clock, GrantLedger, GrantRevocation, Redemption, Rotate, Rotation};
use grantway_core::secret::Secret;

use super::kit::{ACCESS, CROWD, GRACE, LIFETIME, Scene, client, crowd, rotate, together};
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

/// Whatever application holds it; a code that was not redeemed included.
pub async fn what_a_person_allowed_ends_at_once_and_what_others_allowed_goes_on<S: GrantStore>(store: S) {
    let scene = Scene::new(store);
    let others = GrantTerms { subject: "user_b".parse().expect("a name"), ..scene.terms() };
    let (first, second) = (scene.refresh_token().await, scene.refresh_token().await);
    let second = scene.successor(&second).await;
    let (code, others) = (scene.code().await, scene.code_for(&others).await);

    let person: Subject = "user_a".parse().expect("a name");
    assert_eq!(scene.grants.revoke_all(&person).await.expect("a working store"), 3);
    assert_eq!(scene.grants.revoke_all(&person).await.expect("a working store"), 0);

    assert_refused(&scene.rotate(&first).await, Refusal::Revoked);
    assert_refused(&scene.rotate(&second).await, Refusal::Revoked);
    assert!(matches!(scene.redeem(&code).await, Redemption::Refused(Refusal::Revoked)));
    assert!(matches!(scene.redeem(&others).await, Redemption::Granted { .. }));
}

/// Of one application everything, of the others nothing.
pub async fn what_one_application_was_allowed_ends_and_what_others_were_goes_on<S: GrantStore>(store: S) {
    let scene = Scene::new(store);
    let token = scene.refresh_token().await;
    let code = scene.code().await;
    let (person, stranger): (Subject, Subject) =
        ("user_a".parse().expect("a name"), "user_b".parse().expect("a name"));
    for (subject, name, revoked) in
        [(&person, "two", 0), (&stranger, "one", 0), (&person, "one", 2), (&person, "one", 0)]
    {
        let found = scene.grants.revoke_of(subject, &client(name)).await.expect("a working store");
        assert_eq!(found, revoked, "{subject} {name}");
    }

    assert_refused(&scene.rotate(&token).await, Refusal::Revoked);
    assert!(matches!(scene.redeem(&code).await, Redemption::Refused(Refusal::Revoked)));
    scene.refresh_token().await;
}

/// However many write at once, each changes his own grant and is told of it, whoever else asks for the same.
pub async fn of_many_at_once_each_gets_his_own<S: GrantStore>(store: S) {
    let scene = Arc::new(Scene::new(store));
    let person = |number: usize| -> Subject { format!("user_{number}").parse().expect("a name") };

    let codes = together((0..CROWD).map(|number| {
        let scene = Arc::clone(&scene);
        async move {
            let terms = GrantTerms { subject: person(number), ..scene.terms() };
            (number, scene.code_for(&terms).await)
        }
    }));
    let redeemed = together(codes.await.into_iter().map(|(number, code)| {
        let scene = Arc::clone(&scene);
        async move { (number, scene.redeem(&code).await) }
    }));
    let mut tokens = Vec::new();
    for (number, redemption) in redeemed.await {
        let Redemption::Granted { grant, refresh_token: Some(token) } = redemption else {
            panic!("an honest redemption came to {redemption:?}")
        };
        assert_eq!(grant.terms.subject, person(number));
        tokens.push((number, token));
    }
    let twice = [tokens.clone(), tokens].concat();
    let rotated = together(twice.into_iter().map(|(number, token)| {
        let scene = Arc::clone(&scene);
        async move { (number, scene.rotate(&token).await) }
    }));

    let mut successors = vec![None; CROWD];
    for (number, rotation) in rotated.await {
        let Rotation::Rotated { grant, refresh_token } = rotation else {
            panic!("an honest rotation came to {rotation:?}")
        };
        assert_eq!(grant.terms.subject, person(number));
        let successor = refresh_token.expose().to_owned();
        assert_eq!(
            *successors[number].get_or_insert_with(|| successor.clone()),
            successor,
            "within the window"
        );
    }
    for successor in successors.into_iter().flatten() {
        assert!(matches!(scene.rotate(&Secret::new(successor)).await, Rotation::Rotated { .. }));
    }
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
