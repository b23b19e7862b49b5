//! Codes: one use, whatever happens around it.

use std::time::Duration;

use grantway_core::grant::{CodeBinding, Refusal};
use grantway_core::ids::GrantId;
use grantway_core::seam::{Clock, GrantLedger, GrantStanding, Held, IssueCode, Redeem, Redemption};
use grantway_core::secret::Secret;
use serde_json::json;

use super::kit::{
    ACCESS, CODE_LIFETIME, LIFETIME, REDIRECT, Scene, client, crowd, digest, instance, redeem, verifier,
};
use crate::traits::{CodeSpend, GrantStore, RefreshStart, RefreshSwap, Spend, Swap};

/// Of many at once one buys something, and what it bought is then revoked.
pub async fn a_code_is_spent_once_however_many_try<S: GrantStore>(store: S) {
    let scene = Scene::new(store);
    let code = scene.code().await;

    let outcomes = crowd(|| {
        let (grants, code) = (scene.grants.clone(), code.clone());
        async move { redeem(&grants, &code).await }
    })
    .await;

    let granted: Vec<_> = outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            Redemption::Granted { grant, .. } => Some(grant.id),
            Redemption::Refused(_) => None,
        })
        .collect();
    assert_eq!(granted.len(), 1);
    assert_eq!(
        scene.grants.look_up(Held::Number(granted[0])).await.expect("a working store"),
        GrantStanding::Revoked
    );
}

/// All that a grant is about survives its row, things nobody reads today included.
pub async fn every_term_comes_back_as_it_was_given<S: GrantStore>(store: S) {
    let scene = Scene::new(store);
    let mut terms = scene.terms();
    terms.nonce = Some("caf\u{e9} \u{1f600} '\"\\".into());
    terms.resources = vec!["https://api.test/a?b=c".into(), "urn:x".into()];
    terms.authorization_details = Some(json!([{"type": "payment", "amount": "1.00", "n": null}]));
    terms.confirmation = Some(json!({"jkt": "abc"}));
    terms.actor = Some(json!({"sub": "user_b"}));
    terms.claims.userinfo = ["email".into(), "name".into()].into();
    terms.claims.id_token = ["phone_number".into()].into();
    terms.amr = vec!["pwd".into(), "otp".into()];
    let bare = grantway_core::grant::GrantTerms {
        sid: None,
        acr: None,
        amr: Vec::new(),
        nonce: None,
        refreshable: false,
        ..scene.terms()
    };
    for terms in [terms, bare] {
        let binding = CodeBinding { redirect_uri: None, code_challenge: None, lifetime: CODE_LIFETIME };
        let issue = IssueCode { terms: &terms, code: &binding };
        let code = scene.grants.issue_code(issue).await.expect("a working store");
        let present = Redeem {
            code: &code,
            client_id: &terms.client_id,
            redirect_uri: None,
            code_verifier: None,
            lifetime: LIFETIME,
            access_token_lifetime: ACCESS,
        };

        match scene.grants.redeem(present).await.expect("a working store") {
            Redemption::Granted { grant, refresh_token } => {
                assert_eq!(grant.terms, terms);
                assert_eq!(refresh_token.is_some(), terms.refreshable);
            }
            Redemption::Refused(why) => panic!("{why:?}"),
        }
    }
}

/// It has leaked: nobody gets anything for it any more.
pub async fn a_code_of_another_client_is_spent_and_buys_nothing<S: GrantStore>(store: S) {
    let scene = Scene::new(store);
    let code = scene.code().await;
    let present = Redeem {
        code: &code,
        client_id: &client("two"),
        redirect_uri: Some(REDIRECT),
        code_verifier: Some(&verifier()),
        lifetime: LIFETIME,
        access_token_lifetime: ACCESS,
    };

    let thief = scene.grants.redeem(present).await.expect("a working store");
    let owner = scene.redeem(&code).await;

    assert!(matches!(thief, Redemption::Refused(Refusal::OtherClient)), "{thief:?}");
    assert!(matches!(owner, Redemption::Refused(_)), "{owner:?}");
}

/// Each comparison that fails ends the grant.
pub async fn a_wrong_redirect_or_verifier_spends_the_code<S: GrantStore>(store: S) {
    let scene = Scene::new(store);
    let wrong = "wrong-wrong-wrong-wrong-wrong-wrong-wrong-wrong".parse().expect("a verifier");
    let right = verifier();
    for (redirect_uri, code_verifier, why) in [
        (Some("https://app.test/cb/"), Some(&right), Refusal::OtherRedirectUri),
        (None, Some(&right), Refusal::OtherRedirectUri),
        (Some(REDIRECT), Some(&wrong), Refusal::Pkce),
        (Some(REDIRECT), None, Refusal::Pkce),
    ] {
        let code = scene.code().await;
        let client_id = client("one");
        let present = Redeem {
            code: &code,
            client_id: &client_id,
            redirect_uri,
            code_verifier,
            lifetime: LIFETIME,
            access_token_lifetime: ACCESS,
        };

        let first = scene.grants.redeem(present).await.expect("a working store");
        let second = scene.redeem(&code).await;

        assert!(matches!(first, Redemption::Refused(found) if found == why), "{first:?}");
        assert!(matches!(second, Redemption::Refused(_)), "{second:?}");
    }
}

/// What was not in the authorization request cannot be in the token request.
pub async fn nothing_can_be_added_to_what_was_asked<S: GrantStore>(store: S) {
    let scene = Scene::new(store);
    let right = verifier();
    for (redirect_uri, code_verifier, why) in
        [(Some(REDIRECT), None, Refusal::OtherRedirectUri), (None, Some(&right), Refusal::Pkce)]
    {
        let binding = CodeBinding { redirect_uri: None, code_challenge: None, lifetime: CODE_LIFETIME };
        let issue = IssueCode { terms: &scene.terms(), code: &binding };
        let code = scene.grants.issue_code(issue).await.expect("a working store");
        let client_id = client("one");
        let present = Redeem {
            code: &code,
            client_id: &client_id,
            redirect_uri,
            code_verifier,
            lifetime: LIFETIME,
            access_token_lifetime: ACCESS,
        };

        let outcome = scene.grants.redeem(present).await.expect("a working store");

        assert!(matches!(outcome, Redemption::Refused(found) if found == why), "{outcome:?}");
    }
}

/// To the second.
pub async fn a_code_is_good_before_its_end_and_not_after<S: GrantStore>(store: S) {
    let scene = Scene::new(store);
    let (early, late) = (scene.code().await, scene.code().await);

    let end = scene.clock.now().plus(CODE_LIFETIME);
    scene.clock.set(end.minus(Duration::from_secs(1)));
    let early = scene.redeem(&early).await;
    scene.clock.set(end);
    let late = scene.redeem(&late).await;

    assert!(matches!(early, Redemption::Granted { .. }), "{early:?}");
    assert!(matches!(late, Redemption::Refused(Refusal::Expired)), "{late:?}");
}

/// The refresh token it bought is dead, too.
pub async fn a_second_presentation_revokes<S: GrantStore>(store: S) {
    let scene = Scene::new(store);
    let code = scene.code().await;
    let Redemption::Granted { grant, refresh_token: Some(token) } = scene.redeem(&code).await else {
        panic!("an honest redemption was refused");
    };

    let again = scene.redeem(&code).await;

    assert!(matches!(again, Redemption::Refused(Refusal::Replayed)), "{again:?}");
    assert_eq!(
        scene.grants.look_up(Held::Number(grant.id)).await.expect("a working store"),
        GrantStanding::Revoked
    );
    let refused = scene.rotate(&token).await;
    assert!(matches!(refused, grantway_core::seam::Rotation::Refused(Refusal::Revoked)), "{refused:?}");
}

/// A code whose number was swapped for another grant's.
pub async fn a_code_retargeted_to_another_grant_changes_nothing<S: GrantStore>(store: S) {
    let scene = Scene::new(store);
    let (mine, yours) = (scene.code().await, scene.code().await);
    let raw = |code: &Secret| {
        let body = code.expose().strip_prefix("oac_").expect("a code");
        grantway_core::base64url::decode(body).expect("a code")
    };
    let spliced = [&raw(&yours)[..8], &raw(&mine)[8..]].concat();
    let spliced = Secret::new(format!("oac_{}", grantway_core::base64url::encode(spliced)));

    let forged = scene.redeem(&spliced).await;

    assert!(matches!(forged, Redemption::Refused(Refusal::Unknown)), "{forged:?}");
    assert!(matches!(scene.redeem(&yours).await, Redemption::Granted { .. }));
    assert!(matches!(scene.redeem(&mine).await, Redemption::Granted { .. }));
}

/// The verbs themselves: a condition that does not hold is never reported as done, however the
/// database counts the rows it touched.
pub async fn a_change_of_nothing_is_reported_as_nothing<S: GrantStore>(store: S) {
    let scene = Scene::new(store);
    let now = scene.clock.now();
    let spend = CodeSpend {
        code: digest("code"),
        at: now,
        refresh: RefreshStart {
            family: digest("f"),
            token: digest("t"),
            expires_at: None,
            needed_until: None,
        },
        needed_until: scene.clock.now(),
    };
    let swap = RefreshSwap {
        client_id: client("one"),
        presented: digest("t"),
        at: now,
        given_after: None,
        successor: digest("u"),
        sealed_successor: None,
        grace_until: None,
        expires_at: None,
        needed_until: None,
    };
    let nowhere = GrantId::from_number(7);
    let spent = scene.store.spend_code(&instance(), nowhere, &spend).await.expect("a working store");
    let swapped = scene.store.swap_refresh(&instance(), nowhere, &swap).await.expect("a working store");
    assert_eq!((spent, swapped), (Spend::Unchanged(None), Swap::Unchanged(None)));

    let Redemption::Granted { grant, .. } = scene.redeem(&scene.code().await).await else {
        panic!("an honest redemption was refused");
    };
    let before = scene.store.find_grant(&instance(), grant.id).await.expect("a working store");
    let spent = scene.store.spend_code(&instance(), grant.id, &spend).await.expect("a working store");
    let swapped = scene.store.swap_refresh(&instance(), grant.id, &swap).await.expect("a working store");

    let boxed = before.clone().map(Box::new);
    assert_eq!((spent, swapped), (Spend::Unchanged(boxed.clone()), Swap::Unchanged(boxed)));
    assert_eq!(scene.store.find_grant(&instance(), grant.id).await.expect("a working store"), before);
}

/// The instance leads every key.
pub async fn instances_do_not_see_each_others_grants<S: GrantStore>(store: S) {
    let scene = Scene::new(store);
    let Redemption::Granted { grant, .. } = scene.redeem(&scene.code().await).await else {
        panic!("an honest redemption was refused");
    };
    let other = "ins_two".parse().expect("a name");

    assert_eq!(scene.store.find_grant(&other, grant.id).await.expect("a working store"), None);
    scene.store.revoke_grant(&other, grant.id, scene.clock.now()).await.expect("a working store");
    let standing = scene.grants.look_up(Held::Number(grant.id)).await.expect("a working store");

    assert!(matches!(standing, GrantStanding::Live(_)), "{standing:?}");
}
