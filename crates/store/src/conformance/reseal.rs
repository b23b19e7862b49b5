//! What is sealed, sealed anew under another root key.

use std::sync::Arc;

use grantway_core::client::{Client, ClientAuthentication, SealedClientSecret};
use grantway_core::jws::JwsAlgorithm;
use grantway_core::seam::{Clock, Opened, Rotation, SealContext, Sealer, SeamError, SigningKeyLedger};
use grantway_core::secret::Secret;
use grantway_core::testing::FixedClock;

use super::keys::key;
use super::kit::{PlainSealer, Scene, client, instance};
use crate::ledger::{Resealed, Resealer, Secrets, SigningKeys};
use crate::traits::{ClientStore, GrantStore, SecretRow, SecretStore, SigningKeyStore};

/// A secret, that of an application and a successor are changed, once, and are as good as before.
pub async fn what_an_older_key_sealed_is_sealed_anew<S: ClientStore + GrantStore + SecretStore>(store: S) {
    let scene = Scene::new(store);
    let (old, new) = (Arc::new(Marked(b"old")), Arc::new(Marked(b"new")));
    let secrets =
        |sealer| Secrets::new(Arc::clone(&scene.store), instance(), Arc::new(FixedClock::default()), sealer);
    secrets(old.clone()).settle("forms", b"sesame").await.expect("a working store");
    let sealed_by = |sealer| scene.sealed_by(sealer);
    let token = scene.refresh_token().await;
    let Rotation::Rotated { refresh_token, .. } = sealed_by(old.clone()).rotate(&token).await else {
        panic!("an honest rotation was refused");
    };
    let (own, client_id) = (instance(), client("signs"));
    let place = SealedClientSecret::place(&own, &client_id);
    let sealed = SealedClientSecret::seal(&Secret::new("shared"), &*old, place).expect("a working sealer");
    let authentication =
        ClientAuthentication::ClientSecretJwt { sealed: vec![sealed], algorithms: vec![JwsAlgorithm::HS256] };
    let signs = Client::new(client_id.clone(), "Signs", authentication);
    let plain = Client::new(client("plain"), "Plain", ClientAuthentication::None);
    for client in [&signs, &plain] {
        scene.store.put_client(&instance(), client, scene.clock.now()).await.expect("a working store");
    }
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::default());
    let resealer = Resealer::new(Arc::clone(&scene.store), instance(), clock, new.clone());

    let first = walk(&resealer).await;
    let second = walk(&resealer).await;

    assert_eq!(first, Resealed { looked_at: 3, resealed: 3, ..Resealed::default() });
    assert_eq!(second, Resealed { looked_at: 3, ..Resealed::default() });
    let standing = scene.store.find_client(&instance(), &client_id).await.expect("a working store");
    let Some(Client { authentication: ClientAuthentication::ClientSecretJwt { sealed, .. }, .. }) = standing
    else {
        panic!("the application is another now");
    };
    assert!(new.is_current(&sealed[0].to_bytes()));
    let opened = sealed[0].open(&*new, place).expect("a working sealer");
    assert_eq!(opened.as_ref().map(Secret::expose), Some("shared"));
    let stale = scene.store.replace_client(&instance(), &signs, &plain, scene.clock.now()).await;
    assert!(!stale.expect("a working store"), "it is not what it was");
    let opened = secrets(new.clone()).settle("forms", b"another").await.expect("a working store");
    assert!(matches!(opened, Opened::Plain(plain) if *plain == b"sesame"));
    let Rotation::Rotated { refresh_token: again, .. } = sealed_by(new).rotate(&token).await else {
        panic!("the window is open");
    };
    assert_eq!(again.expose(), refresh_token.expose());
}

async fn walk<S: ClientStore + GrantStore + SecretStore>(resealer: &Resealer<S>) -> Resealed {
    let mut whole = Resealed::default();
    loop {
        let step = resealer.step().await.expect("a working store");
        whole.looked_at += step.looked_at;
        whole.resealed += step.resealed;
        whole.changed_meanwhile += step.changed_meanwhile;
        whole.unsealable += step.unsealable;
        if !step.more {
            return whole;
        }
    }
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
