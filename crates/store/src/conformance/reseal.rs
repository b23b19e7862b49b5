//! What is sealed, sealed anew under another root key.

use std::sync::Arc;

use grantway_core::jws::JwsAlgorithm;
use grantway_core::seam::{Clock, Opened, Rotation, SealContext, Sealer, SeamError, SigningKeyLedger};
use grantway_core::testing::FixedClock;

use super::keys::key;
use super::kit::{PlainSealer, Scene, instance};
use crate::ledger::{Resealed, Resealer, Secrets, SigningKeys};
use crate::traits::{GrantStore, SecretRow, SecretStore, SigningKeyStore};

/// A secret and a successor are changed, once, and are as good as before.
pub async fn what_an_older_key_sealed_is_sealed_anew<S: GrantStore + SecretStore>(store: S) {
    let scene = Scene::new(store);
    let (old, new) = (Arc::new(Marked(b"old")), Arc::new(Marked(b"new")));
    let secrets =
        |sealer| Secrets::new(Arc::clone(&scene.store), instance(), Arc::new(FixedClock::default()), sealer);
    secrets(old.clone()).settle("forms", b"sesame").await.expect("a working store");
    let sealed_by = |sealer| scene.sealed_by(sealer);
    let token = scene.refresh_token().await;
    let Rotation::Rotated { refresh_token, .. } = sealed_by(old).rotate(&token).await else {
        panic!("an honest rotation was refused");
    };
    let resealer = Resealer::new(Arc::clone(&scene.store), instance(), new.clone());

    let first = resealer.step().await.expect("a working store");
    let second = resealer.step().await.expect("a working store");

    assert_eq!(first, Resealed { looked_at: 2, resealed: 2, ..Resealed::default() });
    assert_eq!(second, Resealed { looked_at: 2, ..Resealed::default() });
    let opened = secrets(new.clone()).settle("forms", b"another").await.expect("a working store");
    assert!(matches!(opened, Opened::Plain(plain) if *plain == b"sesame"));
    let Rotation::Rotated { refresh_token: again, .. } = sealed_by(new).rotate(&token).await else {
        panic!("the window is open");
    };
    assert_eq!(again.expose(), refresh_token.expose());
}

/// The change is made only if what rests there is what was looked at.
pub async fn what_changed_meanwhile_is_left_alone<S: GrantStore + SecretStore + SigningKeyStore>(store: S) {
    let scene = Scene::new(store);
    let store = &scene.store;
    let first = scene.successor(&scene.refresh_token().await).await;
    let (mut found, _) = store.sealed_successors(&instance(), None, 10).await.expect("a working store");
    let before = found.remove(0);
    scene.successor(&first).await;
    let row = SecretRow { name: "forms".into(), sealed: b"new".to_vec() };
    store.insert_secret(&instance(), &row, scene.clock.now()).await.expect("a working store");
    let keys = SigningKeys::new(Arc::clone(store), instance());
    let key = key(JwsAlgorithm::ES256, 1, 1);
    keys.add(&key).await.expect("a working store");

    let stale = SecretRow { sealed: b"old".to_vec(), ..row.clone() };
    let changed = [
        store.reseal_successor(&instance(), &before, b"anew").await,
        store.reseal_secret(&instance(), &stale, b"anew").await,
        keys.reseal(&key.kid, b"old", b"anew").await,
    ];

    assert!(changed.into_iter().all(|changed| !changed.expect("a working store")));
    assert_eq!(store.load_secrets(&instance()).await.expect("a working store"), [row]);
    assert!(keys.reseal(&key.kid, &key.sealed, b"anew").await.expect("a working store"));
    assert_eq!(keys.load().await.expect("a working store")[0].sealed, b"anew");
}

/// Seals as the kit does, under one of several names; opens what any of them sealed.
#[derive(Debug)]
struct Marked(&'static [u8; 3]);

impl Sealer for Marked {
    fn seal(&self, plain: &[u8], context: SealContext<'_>) -> Result<Vec<u8>, SeamError> {
        Ok([self.0.as_slice(), &PlainSealer.seal(plain, context)?].concat())
    }

    fn open(&self, sealed: &[u8], context: SealContext<'_>) -> Result<Opened, SeamError> {
        PlainSealer.open(sealed.get(self.0.len()..).unwrap_or_default(), context)
    }

    fn is_current(&self, sealed: &[u8]) -> bool {
        sealed.starts_with(self.0)
    }
}
