//! Successors of refresh tokens that are kept sealed for the grace window, as rows.

use super::kit::{Scene, instance};
use crate::traits::GrantStore;

/// A walk in small steps sees each sealed successor once.
pub async fn a_walk_sees_every_grant_and_comes_to_its_end<S: GrantStore>(store: S) {
    let scene = Scene::new(store);
    for _ in 0..5 {
        scene.successor(&scene.refresh_token().await).await;
        scene.code().await;
    }
    let (mut after, mut seen, mut steps) = (None, Vec::new(), 0);

    loop {
        let looked = scene.store.sealed_successors(&instance(), after, 3).await;
        let (found, last) = looked.expect("a working store");
        seen.extend(found.into_iter().map(|row| row.grant));
        steps += 1;
        after = last;
        if last.is_none() {
            break;
        }
    }

    assert_eq!((seen.len(), steps), (5, 4));
    assert!(seen.is_sorted_by(|one, next| one < next));
}

/// What was sealed anew takes its place only if it is still there, and is then what is found.
pub async fn a_successor_is_replaced_if_it_is_the_one_that_was_looked_at<S: GrantStore>(store: S) {
    let scene = Scene::new(store);
    let store = &scene.store;
    let first = scene.successor(&scene.refresh_token().await).await;
    let look = async || {
        let (mut found, _) = store.sealed_successors(&instance(), None, 10).await.expect("a working store");
        found.remove(0)
    };
    let before = look().await;

    let replaced = store.reseal_successor(&instance(), &before, b"anew").await.expect("a working store");
    let anew = look().await;
    let again = store.reseal_successor(&instance(), &before, b"late").await.expect("a working store");
    scene.successor(&first).await;
    let next = look().await;
    let stale = store.reseal_successor(&instance(), &anew, b"late").await.expect("a working store");

    assert!(replaced && !again && !stale);
    assert_eq!(
        (anew.sealed.as_slice(), anew.grant, anew.generation),
        (&b"anew"[..], before.grant, before.generation)
    );
    assert_eq!(look().await, next);
}
