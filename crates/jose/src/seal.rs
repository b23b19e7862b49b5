//! Sealing with root keys: AES-256-GCM, each value bound to its place.

use std::fmt;
use std::sync::Arc;

use grantway_core::base64url;
use grantway_core::digest::hmac_sha256;
use grantway_core::error::Malformed;
use grantway_core::seam::{Entropy, Opened, SealContext, Sealer, SeamError, Unsealable};
use grantway_core::secret::Secret;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, MAX_TAG_LEN, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

/// 256 bits from which every other key of an installation is derived.
#[derive(Clone)]
pub struct RootKey(Zeroizing<[u8; 32]>);

impl RootKey {
    /// A new one.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        entropy.fill(key.as_mut());
        Self(key)
    }

    /// From 43 characters of base64url; surrounding white space does not matter.
    pub fn from_base64url(text: &str) -> Result<Self, Malformed> {
        let bytes = Zeroizing::new(base64url::decode(text.trim()).map_err(|_| MALFORMED)?);
        let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| MALFORMED)?;
        Ok(Self(Zeroizing::new(key)))
    }

    /// As it goes into a file of its own.
    #[must_use]
    pub fn to_base64url(&self) -> Secret {
        Secret::new(base64url::encode(*self.0))
    }

    /// A key for one purpose; two labels have nothing to do with each other.
    #[must_use]
    pub fn derive(&self, label: &str) -> [u8; 32] {
        hmac_sha256(&self.0, &[b"grantway derived key", label.as_bytes()])
    }
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RootKey(redacted)")
    }
}

/// The root keys of an installation: one that seals, and those before it, which still open.
///
/// Written one a line, or with commas, the one that seals first.
#[derive(Clone, Debug)]
pub struct RootKeys {
    /// Seals.
    pub current: RootKey,
    /// Open what they sealed, until all of it is sealed anew.
    pub former: Vec<RootKey>,
}

impl RootKeys {
    /// From keys in base64url, separated by white space or commas.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let keys = text.split(|c: char| c == ',' || c.is_whitespace()).filter(|key| !key.is_empty());
        let mut keys = keys.map(RootKey::from_base64url).collect::<Result<Vec<_>, _>>()?;
        if !(1..=MOST_KEYS).contains(&keys.len()) {
            return Err(MALFORMED);
        }
        Ok(Self { current: keys.remove(0), former: keys })
    }

    /// As they go into a file of their own, one a line.
    #[must_use]
    pub fn to_lines(&self) -> Secret {
        let keys = std::iter::once(&self.current).chain(&self.former);
        Secret::new(keys.map(|key| key.to_base64url().expose().to_owned() + "\n").collect::<String>())
    }
}

impl From<RootKey> for RootKeys {
    /// One that seals and opens, and none before it.
    fn from(current: RootKey) -> Self {
        Self { current, former: Vec::new() }
    }
}

/// Seals and opens with root keys.
///
/// A sealed value is one byte of version, 8 bytes that name the key, a 96-bit nonce, the ciphertext
/// and its tag. Version, key name and place are authenticated with it.
///
/// ```
/// # use std::sync::Arc;
/// # use grantway_core::seam::{Opened, SealContext, Sealer};
/// # use grantway_core::testing::SeededEntropy;
/// # use grantway_jose::seal::{RootKey, RootSealer};
/// let entropy = Arc::new(SeededEntropy::new(1));
/// let sealer = RootSealer::new(&RootKey::generate(&*entropy).into(), entropy);
/// let instance = "ins_1".parse().unwrap();
/// let here = SealContext { instance: &instance, record: "grant 1", field: "successor" };
/// let there = SealContext { record: "grant 2", ..here };
///
/// let sealed = sealer.seal(b"sesame", here)?;
/// assert!(matches!(sealer.open(&sealed, here)?, Opened::Plain(plain) if *plain == b"sesame"));
/// assert!(matches!(sealer.open(&sealed, there)?, Opened::Refused(_)));
/// # Ok::<(), grantway_core::seam::SeamError>(())
/// ```
pub struct RootSealer {
    current: NamedKey,
    former: Vec<NamedKey>,
    entropy: Arc<dyn Entropy>,
}

impl RootSealer {
    /// With keys derived from `roots`.
    #[must_use]
    pub fn new(roots: &RootKeys, entropy: Arc<dyn Entropy>) -> Self {
        let RootKeys { current, former } = roots;
        Self {
            current: NamedKey::derived(current),
            former: former.iter().map(NamedKey::derived).collect(),
            entropy,
        }
    }
}

impl Sealer for RootSealer {
    fn seal(&self, plain: &[u8], context: SealContext<'_>) -> Result<Vec<u8>, SeamError> {
        let prefix = self.current.prefix();
        let mut nonce = [0; NONCE_LEN];
        self.entropy.fill(&mut nonce);
        let mut sealed = Vec::with_capacity(HEAD_LEN + plain.len() + MAX_TAG_LEN);
        sealed.extend_from_slice(&prefix);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let tag = self
            .current
            .key
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(associated(&prefix, context)),
                &mut sealed[HEAD_LEN..],
            )
            .map_err(|_| SeamError::broken("sealer", "more than AES-GCM seals at once"))?;
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
    }

    fn open(&self, sealed: &[u8], context: SealContext<'_>) -> Result<Opened, SeamError> {
        let tampered = Ok(Opened::Refused(Unsealable::Tampered));
        if sealed.len() < HEAD_LEN + MAX_TAG_LEN || sealed[0] != VERSION {
            return tampered;
        }
        let (prefix, rest) = sealed.split_at(PREFIX_LEN);
        let mut keys = std::iter::once(&self.current).chain(&self.former);
        let Some(NamedKey { key, .. }) = keys.find(|key| prefix == key.prefix()) else {
            return Ok(Opened::Refused(Unsealable::UnknownKey));
        };
        let (nonce, ciphertext) = rest.split_at(NONCE_LEN);
        let Ok(nonce) = Nonce::try_assume_unique_for_key(nonce) else {
            return tampered;
        };
        let mut plain = Zeroizing::new(ciphertext.to_vec());
        match key.open_in_place(nonce, Aad::from(associated(prefix, context)), &mut plain) {
            Ok(opened) => {
                let length = opened.len();
                plain.truncate(length);
                Ok(Opened::Plain(plain))
            }
            Err(_) => tampered,
        }
    }

    fn is_current(&self, sealed: &[u8]) -> bool {
        sealed.starts_with(&self.current.prefix())
    }
}

/// A key that seals, and the name by which a sealed value remembers it.
struct NamedKey {
    key: LessSafeKey,
    id: [u8; KEY_ID_LEN],
}

impl NamedKey {
    fn derived(root: &RootKey) -> Self {
        let key = Zeroizing::new(root.derive("sealing"));
        let unbound = UnboundKey::new(&AES_256_GCM, &*key).expect("AES-256 takes every key of 32 bytes");
        let mut id = [0; KEY_ID_LEN];
        id.copy_from_slice(&root.derive("name of the sealing key")[..KEY_ID_LEN]);
        Self { key: LessSafeKey::new(unbound), id }
    }

    fn prefix(&self) -> [u8; PREFIX_LEN] {
        let mut prefix = [VERSION; PREFIX_LEN];
        prefix[1..].copy_from_slice(&self.id);
        prefix
    }
}

impl fmt::Debug for RootSealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RootSealer(redacted)")
    }
}

/// The place, each part led by its length, so that no two places are written alike.
fn associated(prefix: &[u8], context: SealContext<'_>) -> Vec<u8> {
    let SealContext { instance, record, field } = context;
    let mut bytes = prefix.to_vec();
    for part in [instance.as_str(), record, field] {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes
}

const VERSION: u8 = 1;
const KEY_ID_LEN: usize = 8;
const PREFIX_LEN: usize = 1 + KEY_ID_LEN;
const HEAD_LEN: usize = PREFIX_LEN + NONCE_LEN;
const MALFORMED: Malformed = Malformed("root key");
/// One rotation leaves two; whoever breaks off some and begins others is in trouble that more keys do not
/// mend.
const MOST_KEYS: usize = 8;

#[cfg(test)]
mod tests {
    use grantway_core::ids::InstanceId;
    use grantway_core::testing::SeededEntropy;

    use super::*;

    fn sealer(seed: u64) -> RootSealer {
        RootSealer::new(&root(seed).into(), Arc::new(SeededEntropy::new(seed)))
    }

    fn root(seed: u64) -> RootKey {
        RootKey::generate(&SeededEntropy::new(seed))
    }

    fn opens(sealer: &RootSealer, sealed: &[u8], context: SealContext<'_>) -> Result<Vec<u8>, Unsealable> {
        match sealer.open(sealed, context).unwrap() {
            Opened::Plain(plain) => Ok(plain.to_vec()),
            Opened::Refused(why) => Err(why),
        }
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_and_in_no_other() {
        let (one, two): (InstanceId, InstanceId) = ("one".parse().unwrap(), "two".parse().unwrap());
        let here = SealContext { instance: &one, record: "ab", field: "c" };
        let sealer = sealer(1);
        let sealed = sealer.seal(b"sesame", here).unwrap();

        assert_eq!(opens(&sealer, &sealed, here).unwrap(), b"sesame");
        for there in [
            SealContext { instance: &two, ..here },
            SealContext { record: "a", field: "bc", ..here },
            SealContext { record: "abc", field: "", ..here },
            SealContext { field: "d", ..here },
        ] {
            assert_eq!(opens(&sealer, &sealed, there), Err(Unsealable::Tampered), "{there:?}");
        }
    }

    #[test]
    fn a_change_of_any_byte_and_any_cut_is_noticed() {
        let instance: InstanceId = "one".parse().unwrap();
        let here = SealContext { instance: &instance, record: "r", field: "f" };
        let sealer = sealer(1);
        let sealed = sealer.seal(b"sesame", here).unwrap();

        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert!(opens(&sealer, &changed, here).is_err(), "byte {position}");
            assert!(opens(&sealer, &sealed[..position], here).is_err(), "cut at {position}");
        }
    }

    #[test]
    fn another_root_key_knows_that_it_is_another() {
        let instance: InstanceId = "one".parse().unwrap();
        let here = SealContext { instance: &instance, record: "r", field: "f" };
        let sealed = sealer(1).seal(b"sesame", here).unwrap();

        assert_eq!(opens(&sealer(2), &sealed, here), Err(Unsealable::UnknownKey));
    }

    #[test]
    fn the_first_key_seals_and_those_before_it_open() {
        let instance: InstanceId = "one".parse().unwrap();
        let here = SealContext { instance: &instance, record: "r", field: "f" };
        let old = sealer(1).seal(b"sesame", here).unwrap();
        let keys = RootKeys { current: root(2), former: vec![root(1)] };
        let both = RootSealer::new(&keys, Arc::new(SeededEntropy::new(3)));

        let new = both.seal(b"sesame", here).unwrap();

        assert_eq!(opens(&both, &old, here).unwrap(), b"sesame");
        assert_eq!(opens(&both, &new, here).unwrap(), b"sesame");
        assert_eq!(opens(&sealer(2), &new, here).unwrap(), b"sesame");
        assert_eq!(opens(&sealer(2), &old, here), Err(Unsealable::UnknownKey));
        assert_eq!((both.is_current(&old), both.is_current(&new)), (false, true));
    }

    #[test]
    fn keys_are_read_as_lines_or_with_commas_the_one_that_seals_first() {
        let [one, two] = [1, 2].map(|seed| root(seed).to_base64url().expose().to_owned());
        for text in [format!("{one}\n{two}\n"), format!("{one},{two}"), format!(" {one} , {two}\r\n")] {
            let keys = RootKeys::parse(&text).unwrap();
            assert_eq!(keys.current.derive("x"), root(1).derive("x"), "{text:?}");
            assert_eq!(keys.to_lines().expose(), format!("{one}\n{two}\n"));
        }
        let many = format!("{one}\n").repeat(MOST_KEYS + 1);
        for bad in ["", " \n", ",", &format!("{one},short"), &many] {
            assert!(RootKeys::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_root_key_survives_its_file_and_nothing_else_is_one() {
        let key = RootKey::generate(&SeededEntropy::new(1));
        let text = format!(" {}\n", key.to_base64url().expose());
        assert_eq!(RootKey::from_base64url(&text).unwrap().derive("x"), key.derive("x"));
        assert_ne!(key.derive("x"), key.derive("y"));
        for bad in ["", "short", &"A".repeat(44), &"!".repeat(43)] {
            assert!(RootKey::from_base64url(bad).is_err(), "{bad}");
        }
    }
}
