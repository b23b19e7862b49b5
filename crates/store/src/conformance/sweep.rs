//! What goes when it is over, and what does not come back.

use std::sync::Arc;
use std::time::Duration;

use grantway_core::grant::Refusal;
use grantway_core::seam::{
    Claimed, Clock, GrantLedger, GrantStanding, Held, Redemption, ReplayLedger, Rotation, SessionLedger,
    Sweep, Swept,
};
use grantway_core::session::Session;
use grantway_core::testing::SeededEntropy;

use super::kit::{CODE_LIFETIME, GRACE, Scene, digest, instance};
use crate::ledger::{Replays, Sessions, Sweeper};
use crate::traits::{Backend, GrantStore, SweepStore};

/// Codes, grants, sign-ins and claims go once they are over, and not a moment earlier.
pub async fn what_is_over_goes_and_what_is_good_stays<S: Backend>(store: S) {
    let scene = Scene::new(store);
    let sweeper = sweeper(&scene);
    let live = scene.refresh_token().await;
    let unspent = scene.code().await;
    let revoked = scene.code().await;
    assert!(matches!(scene.redeem(&revoked).await, Redemption::Granted { .. }));
    assert!(matches!(scene.redeem(&revoked).await, Redemption::Refused(Refusal::Replayed)));
    let sessions = Sessions::new(
        Arc::clone(&scene.store),
        instance(),
        scene.clock.clone(),
        Arc::new(SeededEntropy::new(2)),
    );
    let (short, long) = (session(&scene, 60), session(&scene, 86_400));
    let cookies = [
        sessions.begin(&short).await.expect("a working store"),
        sessions.begin(&long).await.expect("a working store"),
    ];
    let replays = Replays::new(Arc::clone(&scene.store), instance(), scene.clock.clone());
    let end = scene.clock.now().plus(Duration::from_secs(60));
    replays.claim(&digest("jti"), end).await.expect("a working store");

    assert_eq!(swept(&sweeper).await, Swept { removed: 0, wiped: 0, more: false }, "nothing is over yet");
    scene.clock.advance(CODE_LIFETIME + LATER);

    assert_eq!(swept(&sweeper).await, Swept { removed: 4, wiped: 0, more: false });
    assert_eq!(swept(&sweeper).await, Swept { removed: 0, wiped: 0, more: false }, "it is gone");
    assert!(matches!(scene.redeem(&unspent).await, Redemption::Refused(Refusal::Unknown)));
    assert!(matches!(scene.redeem(&revoked).await, Redemption::Refused(Refusal::Unknown)));
    assert_eq!(sessions.find(&cookies[0]).await.expect("a working store"), None);
    assert_eq!(sessions.find(&cookies[1]).await.expect("a working store"), Some(long));
    assert!(matches!(scene.rotate(&live).await, Rotation::Rotated { .. }), "it is good for long yet");
}

/// A grant stays while an access token it bought is good, and goes then.
pub async fn a_grant_stays_as_long_as_what_it_bought<S: Backend>(store: S) {
    let scene = Scene::new(store);
    let sweeper = sweeper(&scene);
    let code = scene.code().await;
    let Redemption::Granted { grant, .. } = scene.redeem(&code).await else {
        panic!("an honest redemption was refused");
    };

    // The refresh token of the kit is idle after 1000 seconds.
    scene.clock.advance(Duration::from_secs(999));
    assert_eq!(swept(&sweeper).await.removed, 0);
    let standing = scene.grants.look_up(Held::Number(grant.id)).await.expect("a working store");
    assert!(matches!(standing, GrantStanding::Live(_)));

    scene.clock.advance(Duration::from_secs(1) + LATER);
    assert_eq!(swept(&sweeper).await.removed, 1);
    let standing = scene.grants.look_up(Held::Number(grant.id)).await.expect("a working store");
    assert_eq!(standing, GrantStanding::Unknown);
}

/// A sealed successor is wiped once nobody may ask for it again; the grant goes on.
pub async fn a_sealed_successor_does_not_outlive_its_window<S: Backend>(store: S) {
    let scene = Scene::new(store);
    let sweeper = sweeper(&scene);
    let successor = scene.successor(&scene.refresh_token().await).await;

    scene.clock.advance(GRACE + LATER);

    assert_eq!(swept(&sweeper).await, Swept { removed: 0, wiped: 1, more: false });
    assert_eq!(swept(&sweeper).await, Swept { removed: 0, wiped: 0, more: false }, "it is wiped");
    assert!(matches!(scene.rotate(&successor).await, Rotation::Rotated { .. }));
}

/// A step is bounded, and the next goes on where it ended.
pub async fn a_step_is_bounded_and_the_walk_comes_to_its_end<S: GrantStore + SweepStore>(store: S) {
    let scene = Scene::new(store);
    for _ in 0..5 {
        scene.code().await;
    }
    let at = scene.clock.now().plus(CODE_LIFETIME);

    let (mut steps, mut removed, mut after) = (0, 0, None);
    loop {
        let step = scene.store.sweep_grants(&instance(), after, at, 2).await.expect("a working store");
        assert!(step.removed <= 2, "{step:?}");
        (steps, removed, after) = (steps + 1, removed + step.removed, step.last);
        if step.last.is_none() {
            break;
        }
    }

    assert_eq!((steps, removed), (3, 5));
}

/// Another instance's rows are not looked at.
pub async fn a_sweep_keeps_to_its_instance<S: GrantStore + SweepStore>(store: S) {
    let scene = Scene::new(store);
    scene.code().await;
    let at = scene.clock.now().plus(CODE_LIFETIME);
    let other = "ins_other".parse().expect("a name");

    let step = scene.store.sweep_grants(&other, None, at, 10).await.expect("a working store");

    assert_eq!((step.removed, step.last), (0, None));
}

/// A clock that is set back does not make new again what was removed.
pub async fn what_was_swept_does_not_come_back<S: Backend>(store: S) {
    let scene = Scene::new(store);
    let sweeper = sweeper(&scene);
    let (spent, unspent) = (scene.code().await, scene.code().await);
    let Redemption::Granted { refresh_token: Some(token), .. } = scene.redeem(&spent).await else {
        panic!("an honest redemption was refused");
    };
    let replays = Replays::new(Arc::clone(&scene.store), instance(), scene.clock.clone());
    let end = scene.clock.now().plus(Duration::from_secs(60));
    replays.claim(&digest("jti"), end).await.expect("a working store");

    let now = scene.clock.now();
    scene.clock.advance(Duration::from_secs(100_000));
    assert_eq!(swept(&sweeper).await.removed, 3);
    scene.clock.set(now);

    assert_eq!(replays.claim(&digest("jti"), end).await.expect("a working store"), Claimed::Again);
    for code in [spent, unspent] {
        assert!(matches!(scene.redeem(&code).await, Redemption::Refused(_)));
    }
    assert!(matches!(scene.rotate(&token).await, Rotation::Refused(_)));
    let later = end.plus(Duration::from_secs(1));
    assert_eq!(replays.claim(&digest("new"), later).await.expect("a working store"), Claimed::First);
}

fn sweeper<S: SweepStore>(scene: &Scene<S>) -> Sweeper<S> {
    Sweeper::new(Arc::clone(&scene.store), instance(), scene.clock.clone())
}

async fn swept<S: SweepStore>(sweeper: &Sweeper<S>) -> Swept {
    sweeper.sweep().await.expect("a working store")
}

fn session<S>(scene: &Scene<S>, seconds: u64) -> Session {
    Session {
        sid: "sess_1".parse().expect("a name"),
        subject: "user_1".parse().expect("a name"),
        auth_time: scene.clock.now(),
        acr: "0".into(),
        amr: vec!["pwd".into()],
        expires_at: scene.clock.now().plus(Duration::from_secs(seconds)),
    }
}

/// More than the clocks of nodes are taken to differ by.
const LATER: Duration = Duration::from_secs(900);
