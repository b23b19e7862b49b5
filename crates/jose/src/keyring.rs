//! The signing keys of an instance: the same ones in every process, each in its turn.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use grantway_core::ids::{InstanceId, KeyId};
use grantway_core::jwk::JwkSet;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::seam::{
    Clock, Entropy, KeptKey, KeyAdded, Opened, SealContext, Sealer, SeamError, Signer, SigningKeyLedger,
    ToSign, Unsealable,
};
use grantway_core::secret::Secret;
use grantway_core::time::Timestamp;

use crate::fault::KeyFault;
use crate::key_kind::KeyKind;
use crate::private_key::PrivateKey;
use crate::rotation::{self, PUBLISHED_BEFORE};
pub use crate::rotation::{Rotation, Turn};
use crate::signing_key::SigningKey;

/// Signs with the key whose turn it is, and publishes it, the ones before and the one after.
///
/// Whoever composes a server calls [`Keyring::refresh`] at least once a minute: a key that another
/// process made is read long before it signs.
#[derive(Debug)]
pub struct Keyring {
    parts: KeyringParts,
    held: RwLock<Held>,
}

/// What a keyring needs from outside.
#[derive(Clone, Debug)]
pub struct KeyringParts {
    /// Whose keys.
    pub instance: InstanceId,
    /// Where they rest.
    pub ledger: Arc<dyn SigningKeyLedger>,
    /// By what they are sealed there.
    pub sealer: Arc<dyn Sealer>,
    /// When they are made, and whose turn it is.
    pub clock: Arc<dyn Clock>,
    /// Of what they are made.
    pub entropy: Arc<dyn Entropy>,
    /// How often they change.
    pub rotation: Rotation,
}

/// The keys as they were last read.
#[derive(Clone, Debug, Default)]
struct Held {
    kept: Vec<KeptKey>,
    /// Opened once, and kept from one reading to the next.
    opened: BTreeMap<KeyId, Arc<SigningKey>>,
    published: Arc<JwkSet>,
}

/// One key of the ring, for people to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub kid: KeyId,
    /// Signs how.
    pub algorithm: JwsAlgorithm,
    /// Where it stands.
    pub turn: Turn,
    /// Made then.
    pub created_at: Timestamp,
    /// Signs from then on.
    pub active_from: Timestamp,
}

/// When a key that is added begins to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Once every reader of the key set has had the time to see it.
    Published,
    /// At once: readers of an older key set refuse what it signs until they fetch another. For a key
    /// that has leaked.
    Now,
}

/// Why there is no keyring.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// The keys were sealed with a root key that this process does not have.
    #[error("the signing keys are sealed with a root key that is not here")]
    OtherRootKey,
    /// A key at rest was changed, or moved from another row.
    #[error("the signing key {0} was changed where it rests")]
    Tampered(KeyId),
    /// It is in the ring already.
    #[error("the key {0} is in the ring already")]
    Known(KeyId),
    /// Nothing is signed that way here.
    #[error("nothing is signed by {0} here: RS256 and ES256 are what tokens are signed by")]
    Unused(JwsAlgorithm),
    /// Others added keys each time this process tried to.
    #[error("another process adds keys at the same time; try again")]
    Contended,
    /// A key cannot be made or read.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// The ledger or the sealer broke down.
    #[error(transparent)]
    Seam(#[from] SeamError),
}

impl Keyring {
    /// Reads the keys, after making the first of each algorithm that has none. Of processes that do
    /// this at the same time one makes the key and all use it.
    pub async fn open(parts: KeyringParts) -> Result<Self, KeyringError> {
        let kept = parts.ledger.load().await?;
        for algorithm in JwsAlgorithm::OF_AN_INSTANCE {
            if !kept.iter().any(|key| key.algorithm == algorithm) {
                let key = generate(Arc::clone(&parts.entropy), algorithm).await?;
                let key = sealed(&parts, &key, algorithm, (1, parts.clock.now()))?;
                match parts.ledger.add(&key).await? {
                    // Whether it was ours or another's, the reading that follows finds the one that stands.
                    KeyAdded::Added | KeyAdded::Taken => {}
                }
            }
        }
        let keyring = Self { parts, held: RwLock::default() };
        keyring.refresh().await?;
        Ok(keyring)
    }

    /// Reads the keys again; makes the next of an algorithm if it is due, and takes away those that
    /// nobody needs any more.
    pub async fn refresh(&self) -> Result<(), KeyringError> {
        let KeyringParts { ledger, clock, entropy, rotation, .. } = &self.parts;
        let mut kept = ledger.load().await?;
        let now = clock.now();
        let mut added = false;
        for algorithm in JwsAlgorithm::OF_AN_INSTANCE {
            if let Some(turn) = rotation::due(&of(&kept, algorithm), *rotation, now) {
                let key = generate(Arc::clone(entropy), algorithm).await?;
                self.add(&key, algorithm, (next_generation(&kept, algorithm), turn)).await?;
                added = true;
            }
        }
        if added {
            kept = ledger.load().await?;
        }
        let over = turned(&kept, now).filter(|(_, turn)| *turn == Turn::Over);
        for kid in over.map(|(key, _)| key.kid.clone()).collect::<Vec<_>>() {
            ledger.remove(&kid).await?;
            kept.retain(|key| key.kid != kid);
        }
        self.hold(kept, now)
    }

    /// All keys, by algorithm and then oldest first.
    #[must_use]
    pub fn list(&self) -> Vec<Listed> {
        let held = self.held();
        let listed = |(key, turn): (&KeptKey, Turn)| Listed {
            kid: key.kid.clone(),
            algorithm: key.algorithm,
            turn,
            created_at: key.created_at,
            active_from: key.active_from,
        };
        turned(&held.kept, self.parts.clock.now()).map(listed).collect()
    }

    /// Adds a new key of that algorithm, which takes over.
    pub async fn rotate(&self, algorithm: JwsAlgorithm, start: Start) -> Result<Listed, KeyringError> {
        if !JwsAlgorithm::OF_AN_INSTANCE.contains(&algorithm) {
            return Err(KeyringError::Unused(algorithm));
        }
        let key = generate(Arc::clone(&self.parts.entropy), algorithm).await?;
        self.take_over(&key, algorithm, start).await
    }

    /// Adds a key that was made elsewhere, which takes over.
    pub async fn import(
        &self,
        key: &PrivateKey,
        algorithm: JwsAlgorithm,
        start: Start,
    ) -> Result<Listed, KeyringError> {
        if !JwsAlgorithm::OF_AN_INSTANCE.contains(&algorithm) {
            return Err(KeyringError::Unused(algorithm));
        }
        self.take_over(key, algorithm, start).await
    }

    /// Takes a key away at once, because it has leaked: what it signed is refused as soon as readers
    /// fetch another key set. Not the one whose turn it is, or the only one.
    pub async fn withdraw(&self, kid: &KeyId) -> Result<bool, KeyringError> {
        let leaves = |listed: &Listed| listed.kid == *kid && listed.turn != Turn::Active;
        if !self.list().iter().any(leaves) {
            return Ok(false);
        }
        self.parts.ledger.remove(kid).await?;
        self.refresh().await?;
        Ok(true)
    }

    /// Seals anew what an older root key sealed, and says how many keys that were.
    pub async fn reseal(&self) -> Result<u64, KeyringError> {
        let KeyringParts { ledger, sealer, .. } = &self.parts;
        let mut resealed = 0;
        for key in ledger.load().await? {
            if sealer.is_current(&key.sealed) {
                continue;
            }
            let anew = seal(&self.parts, &key.kid, &opened(&self.parts, &key)?)?;
            resealed += u64::from(ledger.reseal(&key.kid, &key.sealed, &anew).await?);
        }
        Ok(resealed)
    }

    /// The private key of that name, to be taken elsewhere.
    pub fn export(&self, kid: &KeyId) -> Result<Option<PrivateKey>, KeyringError> {
        let held = self.held();
        let key = held.kept.iter().find(|key| key.kid == *kid);
        key.map(|key| opened(&self.parts, key)).transpose()
    }

    async fn take_over(
        &self,
        key: &PrivateKey,
        algorithm: JwsAlgorithm,
        start: Start,
    ) -> Result<Listed, KeyringError> {
        let kid = SigningKey::new(key, algorithm)?.kid().clone();
        for _ in 0..ATTEMPTS {
            let kept = self.parts.ledger.load().await?;
            if kept.iter().any(|known| known.kid == kid) {
                return Err(KeyringError::Known(kid));
            }
            let now = self.parts.clock.now();
            let from = match start {
                Start::Published => now.plus(PUBLISHED_BEFORE),
                Start::Now => now,
            };
            // Not before one that waits for its turn already: whose turn it is goes by generation.
            let newest = of(&kept, algorithm).last().map(|newest| newest.active_from);
            let from = newest.map_or(from, |newest| match start {
                Start::Published => from.max(newest),
                Start::Now => from,
            });
            match self.add(key, algorithm, (next_generation(&kept, algorithm), from)).await? {
                KeyAdded::Added => {
                    self.refresh().await?;
                    let added = self.list().into_iter().find(|listed| listed.kid == kid);
                    return added.ok_or(KeyringError::Contended);
                }
                KeyAdded::Taken => {}
            }
        }
        Err(KeyringError::Contended)
    }

    async fn add(
        &self,
        key: &PrivateKey,
        algorithm: JwsAlgorithm,
        place: (i64, Timestamp),
    ) -> Result<KeyAdded, KeyringError> {
        Ok(self.parts.ledger.add(&sealed(&self.parts, key, algorithm, place)?).await?)
    }

    fn hold(&self, kept: Vec<KeptKey>, now: Timestamp) -> Result<(), KeyringError> {
        let before = self.held();
        let mut opened_now = BTreeMap::new();
        for key in &kept {
            let ready = match before.opened.get(&key.kid) {
                Some(ready) => Arc::clone(ready),
                None => Arc::new(SigningKey::new(&opened(&self.parts, key)?, key.algorithm)?),
            };
            opened_now.insert(key.kid.clone(), ready);
        }
        let mut order: Vec<_> = turned(&kept, now).collect();
        // Readers that do not look at `kid` take the first that fits.
        order.sort_by_key(|(key, turn)| (key.algorithm, *turn != Turn::Active));
        let keys = order.iter().filter_map(|(key, _)| opened_now.get(&key.kid));
        let set = JwkSet { keys: keys.map(|key| key.public_jwk().clone()).collect() };
        // The same set stays the same value, by which others know that they have written it out.
        let published = if *before.published == set { before.published } else { Arc::new(set) };
        *self.held.write().unwrap_or_else(PoisonError::into_inner) =
            Held { kept, opened: opened_now, published };
        Ok(())
    }

    fn held(&self) -> Held {
        self.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn active(&self, algorithm: JwsAlgorithm) -> Option<Arc<SigningKey>> {
        let now = self.parts.clock.now();
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let mut active = None;
        for key in held.kept.iter().filter(|key| key.algorithm == algorithm) {
            if active.is_none() || key.active_from <= now {
                active = Some(&key.kid);
            }
        }
        active.and_then(|kid| held.opened.get(kid)).map(Arc::clone)
    }
}

#[async_trait]
impl Signer for Keyring {
    async fn sign(&self, what: ToSign<'_>) -> Result<Secret, SeamError> {
        let ToSign { algorithm, typ, claims } = what;
        let key = self
            .active(algorithm)
            .ok_or_else(|| SeamError::broken("keyring", format!("no key signs by {algorithm}")))?;
        key.sign(typ, claims).map_err(|fault| SeamError::broken("keyring", fault))
    }

    async fn published(&self) -> Result<Arc<JwkSet>, SeamError> {
        Ok(Arc::clone(&self.held.read().unwrap_or_else(PoisonError::into_inner).published))
    }
}

/// The keys of one algorithm, oldest generation first.
fn of(kept: &[KeptKey], algorithm: JwsAlgorithm) -> Vec<&KeptKey> {
    let mut keys: Vec<_> = kept.iter().filter(|key| key.algorithm == algorithm).collect();
    keys.sort_by_key(|key| key.generation);
    keys
}

fn next_generation(kept: &[KeptKey], algorithm: JwsAlgorithm) -> i64 {
    of(kept, algorithm).last().map_or(1, |newest| newest.generation + 1)
}

fn turned(kept: &[KeptKey], now: Timestamp) -> impl Iterator<Item = (&KeptKey, Turn)> {
    JwsAlgorithm::OF_AN_INSTANCE.into_iter().flat_map(move |algorithm| {
        let keys = of(kept, algorithm);
        let turns = rotation::turns(&keys, now);
        keys.into_iter().zip(turns)
    })
}

async fn generate(entropy: Arc<dyn Entropy>, algorithm: JwsAlgorithm) -> Result<PrivateKey, KeyringError> {
    let kind = KeyKind::of(algorithm).ok_or(KeyringError::Unused(algorithm))?;
    let made = tokio::task::spawn_blocking(move || PrivateKey::generate(kind, &*entropy)).await;
    Ok(made.map_err(|lost| SeamError::unavailable("keyring", lost))??)
}

fn sealed(
    parts: &KeyringParts,
    key: &PrivateKey,
    algorithm: JwsAlgorithm,
    (generation, active_from): (i64, Timestamp),
) -> Result<KeptKey, KeyringError> {
    let kid = SigningKey::new(key, algorithm)?.kid().clone();
    let sealed = seal(parts, &kid, key)?;
    Ok(KeptKey { algorithm, generation, kid, sealed, created_at: parts.clock.now(), active_from })
}

fn seal(parts: &KeyringParts, kid: &KeyId, key: &PrivateKey) -> Result<Vec<u8>, SeamError> {
    let context = SealContext { instance: &parts.instance, record: kid.as_str(), field: FIELD };
    parts.sealer.seal(&key.to_pkcs8(), context)
}

fn opened(parts: &KeyringParts, key: &KeptKey) -> Result<PrivateKey, KeyringError> {
    let context = SealContext { instance: &parts.instance, record: key.kid.as_str(), field: FIELD };
    match parts.sealer.open(&key.sealed, context)? {
        Opened::Plain(der) => Ok(PrivateKey::from_der(&der)?),
        Opened::Refused(Unsealable::UnknownKey) => Err(KeyringError::OtherRootKey),
        Opened::Refused(Unsealable::Tampered) => Err(KeyringError::Tampered(key.kid.clone())),
    }
}

const FIELD: &str = "signing_key";
/// Each that fails means that somebody else's succeeded.
const ATTEMPTS: usize = 8;

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Duration;

    use grantway_core::jwk::KEY_SET_MAX_AGE;
    use grantway_core::jws::TokenType;
    use grantway_core::seam::{TrustedKeys, Verification, VerificationRules, Verifier};
    use grantway_core::testing::{FixedClock, SeededEntropy};

    use super::*;
    use crate::seal::{RootKey, RootKeys, RootSealer};
    use crate::verify::JwsVerifier;

    #[derive(Debug, Default)]
    struct Memory(Mutex<Vec<KeptKey>>);

    #[async_trait]
    impl SigningKeyLedger for Memory {
        async fn load(&self) -> Result<Vec<KeptKey>, SeamError> {
            tokio::task::yield_now().await;
            Ok(self.0.lock().unwrap().clone())
        }

        async fn add(&self, key: &KeptKey) -> Result<KeyAdded, SeamError> {
            tokio::task::yield_now().await;
            let mut kept = self.0.lock().unwrap();
            let same = |own: &KeptKey| own.algorithm == key.algorithm && own.generation == key.generation;
            if kept.iter().any(same) {
                return Ok(KeyAdded::Taken);
            }
            kept.push(key.clone());
            kept.sort_by_key(|key| (key.algorithm, key.generation));
            Ok(KeyAdded::Added)
        }

        async fn remove(&self, kid: &KeyId) -> Result<(), SeamError> {
            tokio::task::yield_now().await;
            self.0.lock().unwrap().retain(|key| key.kid != *kid);
            Ok(())
        }

        async fn reseal(&self, kid: &KeyId, before: &[u8], anew: &[u8]) -> Result<bool, SeamError> {
            tokio::task::yield_now().await;
            let mut kept = self.0.lock().unwrap();
            let place = kept.iter_mut().find(|key| key.kid == *kid && key.sealed == before);
            Ok(place.map(|key| key.sealed = anew.to_vec()).is_some())
        }
    }

    fn parts(ledger: &Arc<Memory>, root: u64) -> KeyringParts {
        parts_at(ledger, root, &Arc::new(FixedClock::default()))
    }

    fn root(seed: u64) -> RootKey {
        RootKey::generate(&SeededEntropy::new(seed))
    }

    fn parts_at(ledger: &Arc<Memory>, root: u64, clock: &Arc<FixedClock>) -> KeyringParts {
        let entropy = Arc::new(SeededEntropy::new(root));
        KeyringParts {
            instance: "one".parse().unwrap(),
            ledger: ledger.clone(),
            sealer: Arc::new(RootSealer::new(&self::root(root).into(), entropy.clone())),
            clock: clock.clone(),
            entropy,
            rotation: Rotation::USUAL,
        }
    }

    #[tokio::test]
    async fn sixteen_that_open_at_once_agree_on_one_key_set() {
        let ledger = Arc::new(Memory::default());
        let mut opening = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let parts = parts(&ledger, 1);
            opening.spawn(async move { Keyring::open(parts).await.unwrap().published().await.unwrap() });
        }

        let sets = opening.join_all().await;

        assert_eq!(sets[0].keys.len(), 2);
        assert!(sets.iter().all(|set| set == &sets[0]));
    }

    #[tokio::test]
    async fn what_is_signed_verifies_with_what_is_published() {
        let keyring = Keyring::open(parts(&Arc::new(Memory::default()), 1)).await.unwrap();
        let keys = keyring.published().await.unwrap();
        for algorithm in JwsAlgorithm::OF_AN_INSTANCE {
            let typ = TokenType::AccessToken;
            let token = keyring.sign(ToSign { algorithm, typ, claims: br#"{"a":1}"# }).await.unwrap();

            let rules = VerificationRules {
                keys: TrustedKeys::Set(&keys),
                algorithms: &[algorithm],
                types: &[typ],
                untyped: false,
            };
            let verified = JwsVerifier::new().verify(token.expose(), rules).await.unwrap();
            assert!(matches!(verified, Verification::Valid(claims) if claims["a"] == 1), "{algorithm}");
        }
        let symmetric = ToSign { algorithm: JwsAlgorithm::HS256, typ: TokenType::Jwt, claims: b"{}" };
        assert!(keyring.sign(symmetric).await.is_err());
    }

    #[tokio::test]
    async fn a_restart_signs_with_the_same_keys() {
        let ledger = Arc::new(Memory::default());
        let before = Keyring::open(parts(&ledger, 1)).await.unwrap().published().await.unwrap();
        let after = Keyring::open(parts(&ledger, 1)).await.unwrap().published().await.unwrap();
        assert_eq!(before, after);
    }

    #[tokio::test]
    async fn another_root_key_and_a_changed_row_are_told_apart() {
        let ledger = Arc::new(Memory::default());
        Keyring::open(parts(&ledger, 1)).await.unwrap();

        let other = Keyring::open(parts(&ledger, 2)).await;
        assert!(matches!(other, Err(KeyringError::OtherRootKey)), "{other:?}");

        ledger.0.lock().unwrap()[0].sealed[30] ^= 1;
        let changed = Keyring::open(parts(&ledger, 1)).await;
        assert!(matches!(changed, Err(KeyringError::Tampered(_))), "{changed:?}");
    }

    /// The name of the key that signs now.
    async fn signs(keyring: &Keyring, algorithm: JwsAlgorithm) -> String {
        let claims = b"{}".as_slice();
        let token = keyring.sign(ToSign { algorithm, typ: TokenType::Jwt, claims }).await.unwrap();
        let header = grantway_core::base64url::decode(token.expose().split('.').next().unwrap()).unwrap();
        let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
        header["kid"].as_str().unwrap().to_owned()
    }

    async fn publishes(keyring: &Keyring) -> Vec<String> {
        keyring.published().await.unwrap().keys.iter().filter_map(|key| key.kid.clone()).collect()
    }

    #[tokio::test]
    async fn a_reader_that_keeps_key_sets_as_told_never_meets_a_name_he_does_not_know() {
        let (ledger, clock) = (Arc::new(Memory::default()), Arc::new(FixedClock::default()));
        let nodes = [
            Keyring::open(parts_at(&ledger, 1, &clock)).await.unwrap(),
            Keyring::open(parts_at(&ledger, 1, &clock)).await.unwrap(),
        ];
        let minute = Duration::from_secs(60);
        let mut seen = std::collections::BTreeSet::new();
        let (mut read, mut age) = (publishes(&nodes[0]).await, Duration::ZERO);

        // From a little before the first new key is made until it has signed for a while.
        clock.advance(Duration::from_secs(88 * 24 * 60 * 60 + 23 * 60 * 60));
        for turn in 0..2 * 24 * 60 {
            // Each node reads the ledger once a minute, and the reader asks now this one, now that one.
            nodes[turn % 2].refresh().await.unwrap();
            if age >= KEY_SET_MAX_AGE {
                (read, age) = (publishes(&nodes[turn / 7 % 2]).await, Duration::ZERO);
            }
            for node in &nodes {
                let kid = signs(node, JwsAlgorithm::ES256).await;
                assert!(read.contains(&kid), "in minute {turn}");
                seen.insert(kid);
            }
            clock.advance(minute);
            age += minute;
        }

        assert_eq!(seen.len(), 2, "the keys did change");
        assert_eq!(ledger.0.lock().unwrap().len(), 4, "one new key an algorithm");
    }

    #[tokio::test]
    async fn sixteen_that_rotate_at_once_make_one_next_key() {
        let (ledger, clock) = (Arc::new(Memory::default()), Arc::new(FixedClock::default()));
        let mut rings = Vec::new();
        for _ in 0..16 {
            rings.push(Keyring::open(parts_at(&ledger, 1, &clock)).await.unwrap());
        }
        clock.advance(Duration::from_secs(89 * 24 * 60 * 60));
        let mut refreshing = tokio::task::JoinSet::new();
        for ring in rings {
            refreshing.spawn(async move {
                ring.refresh().await.unwrap();
                publishes(&ring).await
            });
        }

        let sets = refreshing.join_all().await;

        assert_eq!(sets[0].len(), 4);
        assert!(sets.iter().all(|set| *set == sets[0]));
    }

    #[tokio::test]
    async fn a_retired_key_goes_when_nothing_it_signed_is_good_any_more() {
        let (ledger, clock) = (Arc::new(Memory::default()), Arc::new(FixedClock::default()));
        let keyring = Keyring::open(parts_at(&ledger, 1, &clock)).await.unwrap();
        let first = signs(&keyring, JwsAlgorithm::ES256).await;
        let next = keyring.rotate(JwsAlgorithm::ES256, Start::Published).await.unwrap();

        assert_eq!(next.turn, Turn::Next);
        assert_eq!(signs(&keyring, JwsAlgorithm::ES256).await, first, "it is published before it signs");
        clock.advance(PUBLISHED_BEFORE);
        assert_eq!(signs(&keyring, JwsAlgorithm::ES256).await, next.kid.as_str());
        clock.advance(rotation::PUBLISHED_AFTER.checked_sub(Duration::from_secs(1)).unwrap());
        keyring.refresh().await.unwrap();
        assert!(publishes(&keyring).await.contains(&first));
        clock.advance(Duration::from_secs(1));
        keyring.refresh().await.unwrap();

        assert!(!publishes(&keyring).await.contains(&first));
        assert_eq!(keyring.export(&first.parse().unwrap()).unwrap().map(|_| ()), None, "nor is it kept");
    }

    #[tokio::test]
    async fn a_leaked_key_is_replaced_at_once_and_withdrawn() {
        let ledger = Arc::new(Memory::default());
        let keyring = Keyring::open(parts(&ledger, 1)).await.unwrap();
        let leaked: KeyId = signs(&keyring, JwsAlgorithm::ES256).await.parse().unwrap();
        assert!(!keyring.withdraw(&leaked).await.unwrap(), "somebody must sign");

        let new = keyring.rotate(JwsAlgorithm::ES256, Start::Now).await.unwrap();

        assert_eq!(signs(&keyring, JwsAlgorithm::ES256).await, new.kid.as_str());
        assert!(keyring.withdraw(&leaked).await.unwrap());
        assert!(!publishes(&keyring).await.contains(&leaked.to_string()));
    }

    #[tokio::test]
    async fn a_key_from_elsewhere_is_taken_in_and_out_again() {
        let keyring = Keyring::open(parts(&Arc::new(Memory::default()), 1)).await.unwrap();
        let key = PrivateKey::generate(KeyKind::P256, &SeededEntropy::new(9)).unwrap();

        let imported = keyring.import(&key, JwsAlgorithm::ES256, Start::Published).await.unwrap();

        let exported = keyring.export(&imported.kid).unwrap().unwrap();
        assert_eq!(exported.to_pem().expose(), key.to_pem().expose());
        let again = keyring.import(&key, JwsAlgorithm::ES256, Start::Published).await;
        assert!(matches!(again, Err(KeyringError::Known(kid)) if kid == imported.kid));
        let unfit = keyring.import(&key, JwsAlgorithm::RS256, Start::Published).await;
        assert!(matches!(unfit, Err(KeyringError::Key(KeyFault::Unfit { .. }))));
        let unused = keyring.import(&key, JwsAlgorithm::PS256, Start::Published).await;
        assert!(matches!(unused, Err(KeyringError::Unused(JwsAlgorithm::PS256))));
    }

    #[tokio::test]
    async fn what_an_older_root_key_sealed_is_sealed_anew_and_stays_the_same_key() {
        let ledger = Arc::new(Memory::default());
        let before = Keyring::open(parts(&ledger, 1)).await.unwrap().list();
        let keys = RootKeys { current: root(2), former: vec![root(1)] };
        let both = Arc::new(RootSealer::new(&keys, Arc::new(SeededEntropy::new(3))));
        let ring = Keyring::open(KeyringParts { sealer: both, ..parts(&ledger, 1) }).await.unwrap();

        assert_eq!((ring.reseal().await.unwrap(), ring.reseal().await.unwrap()), (2, 0));

        assert_eq!(Keyring::open(parts(&ledger, 2)).await.unwrap().list(), before);
        assert!(matches!(Keyring::open(parts(&ledger, 1)).await, Err(KeyringError::OtherRootKey)));
    }

    #[tokio::test]
    async fn a_set_that_did_not_change_is_the_same_value() {
        let keyring = Keyring::open(parts(&Arc::new(Memory::default()), 1)).await.unwrap();
        let before = keyring.published().await.unwrap();

        keyring.refresh().await.unwrap();

        assert!(Arc::ptr_eq(&before, &keyring.published().await.unwrap()));
    }
}
