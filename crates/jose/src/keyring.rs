//! The signing keys of an instance: the same ones in every process.

use std::sync::Arc;

use async_trait::async_trait;
use grantway_core::ids::InstanceId;
use grantway_core::jwk::JwkSet;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::seam::{
    Clock, Entropy, KeptKey, KeyAdded, Opened, SealContext, Sealer, SeamError, Signer, SigningKeyLedger,
    ToSign, Unsealable,
};
use grantway_core::secret::Secret;
use zeroize::Zeroizing;

use crate::fault::KeyFault;
use crate::key_kind::KeyKind;
use crate::private_key::PrivateKey;
use crate::signing_key::SigningKey;

/// Signs with the newest key of each algorithm; publishes them all.
#[derive(Debug)]
pub struct Keyring {
    /// By algorithm, then oldest first.
    keys: Vec<SigningKey>,
    published: Arc<JwkSet>,
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
    /// When they are made.
    pub clock: Arc<dyn Clock>,
    /// Of what they are made.
    pub entropy: Arc<dyn Entropy>,
}

/// Why there is no keyring.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// The keys were sealed with a root key that this process does not have.
    #[error("the signing keys are sealed with a root key that is not here")]
    OtherRootKey,
    /// A key at rest was changed, or moved from another row.
    #[error("the signing key {0} was changed where it rests")]
    Tampered(String),
    /// A key cannot be made or read.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// The ledger or the sealer broke down.
    #[error(transparent)]
    Seam(#[from] SeamError),
}

impl Keyring {
    /// Loads the keys, after making the first of each algorithm that has none. Of processes that do
    /// this at the same time one makes the key and all use it.
    pub async fn open(parts: KeyringParts) -> Result<Self, KeyringError> {
        let mut kept = parts.ledger.load().await?;
        let missing = |kept: &[KeptKey], algorithm| !kept.iter().any(|key| key.algorithm == algorithm);
        if ALGORITHMS.into_iter().any(|algorithm| missing(&kept, algorithm)) {
            for algorithm in ALGORITHMS {
                if missing(&kept, algorithm) {
                    add_first(&parts, algorithm).await?;
                }
            }
            kept = parts.ledger.load().await?;
        }
        let keys = kept.iter().map(|key| unsealed(&parts, key)).collect::<Result<Vec<_>, _>>()?;
        let published = JwkSet { keys: keys.iter().map(|key| key.public_jwk().clone()).collect() };
        Ok(Self { keys, published: Arc::new(published) })
    }
}

#[async_trait]
impl Signer for Keyring {
    async fn sign(&self, what: ToSign<'_>) -> Result<Secret, SeamError> {
        let ToSign { algorithm, typ, claims } = what;
        let key = self
            .keys
            .iter()
            .rfind(|key| key.algorithm() == algorithm)
            .ok_or_else(|| SeamError::broken("keyring", format!("no key signs by {algorithm}")))?;
        key.sign(typ, claims).map_err(|fault| SeamError::broken("keyring", fault))
    }

    async fn published(&self) -> Result<Arc<JwkSet>, SeamError> {
        Ok(Arc::clone(&self.published))
    }
}

async fn add_first(parts: &KeyringParts, algorithm: JwsAlgorithm) -> Result<(), KeyringError> {
    let der = make(Arc::clone(&parts.entropy), algorithm).await?;
    let kid = SigningKey::from_pkcs8(algorithm, &der)?.kid().clone();
    let context = SealContext { instance: &parts.instance, record: kid.as_str(), field: FIELD };
    let key = KeptKey {
        algorithm,
        generation: 1,
        sealed: parts.sealer.seal(&der, context)?,
        kid,
        created_at: parts.clock.now(),
    };
    match parts.ledger.add(&key).await? {
        // Whether it was ours or another's, the next load reads the one that stands.
        KeyAdded::Added | KeyAdded::Taken => Ok(()),
    }
}

async fn make(
    entropy: Arc<dyn Entropy>,
    algorithm: JwsAlgorithm,
) -> Result<Zeroizing<Vec<u8>>, KeyringError> {
    let work = move || {
        let kind = KeyKind::of(algorithm)
            .ok_or_else(|| KeyFault::unsupported(format!("{algorithm} has no key pair")))?;
        PrivateKey::generate(kind, &*entropy).map(|key| key.to_pkcs8())
    };
    let made = tokio::task::spawn_blocking(work).await;
    Ok(made.map_err(|lost| SeamError::unavailable("keyring", lost))??)
}

fn unsealed(parts: &KeyringParts, key: &KeptKey) -> Result<SigningKey, KeyringError> {
    let context = SealContext { instance: &parts.instance, record: key.kid.as_str(), field: FIELD };
    match parts.sealer.open(&key.sealed, context)? {
        Opened::Plain(der) => Ok(SigningKey::from_pkcs8(key.algorithm, &der)?),
        Opened::Refused(Unsealable::UnknownKey) => Err(KeyringError::OtherRootKey),
        Opened::Refused(Unsealable::Tampered) => Err(KeyringError::Tampered(key.kid.to_string())),
    }
}

/// What an instance signs by. The symmetric algorithm is not among them: its key is a client's secret.
const ALGORITHMS: [JwsAlgorithm; 2] = [JwsAlgorithm::RS256, JwsAlgorithm::ES256];
const FIELD: &str = "signing_key";

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use grantway_core::jws::TokenType;
    use grantway_core::seam::{Verification, VerificationRules, Verifier};
    use grantway_core::testing::{FixedClock, SeededEntropy};

    use super::*;
    use crate::seal::{RootKey, RootSealer};
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
            Ok(KeyAdded::Added)
        }
    }

    fn parts(ledger: &Arc<Memory>, root: u64) -> KeyringParts {
        let entropy = Arc::new(SeededEntropy::new(root));
        KeyringParts {
            instance: "one".parse().unwrap(),
            ledger: ledger.clone(),
            sealer: Arc::new(RootSealer::new(&RootKey::generate(&SeededEntropy::new(root)), entropy.clone())),
            clock: Arc::new(FixedClock::default()),
            entropy,
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
        for algorithm in ALGORITHMS {
            let typ = TokenType::AccessToken;
            let token = keyring.sign(ToSign { algorithm, typ, claims: br#"{"a":1}"# }).await.unwrap();

            let rules =
                VerificationRules { keys: &keys, algorithms: &[algorithm], types: &[typ], untyped: false };
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
}
