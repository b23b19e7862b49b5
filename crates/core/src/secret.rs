//! Values that must not be printed, compared by accident, or stored.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::base64url;
use crate::seam::Entropy;

/// A password, a code, a token or a client secret on its way between the wire and a digest.
///
/// It has no `Display`, no `PartialEq` and no serialisation; its `Debug` says nothing.
///
/// ```
/// use grantway_core::secret::Secret;
///
/// let secret = Secret::new("correct horse");
/// assert_eq!(format!("{secret:?}"), "Secret(redacted)");
/// assert!(secret.matches("correct horse"));
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes hold of a value that came from the wire or from a configuration.
    pub fn new(value: impl Into<String>) -> Self {
        Self(Zeroizing::new(value.into()))
    }

    /// Draws 256 bits and writes them as `prefix` and 43 characters of base64url.
    pub fn draw(entropy: &dyn Entropy, prefix: &str) -> Self {
        let mut drawn = Zeroizing::new([0_u8; 32]);
        entropy.fill(drawn.as_mut());
        Self::new(format!("{prefix}{}", base64url::encode(drawn.as_ref())))
    }

    /// Goes on the wire or into a digest; never to a log or a row.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Compares in a time that depends on the lengths alone.
    #[must_use]
    pub fn matches(&self, other: &str) -> bool {
        self.0.as_bytes().ct_eq(other.as_bytes()).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self::new(value)
    }
}

/// For the few protocol documents whose purpose is to carry a secret, such as a token response:
/// `#[serde(with = "grantway_core::secret::on_the_wire")]`.
pub mod on_the_wire {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Secret;

    /// Writes the bare value.
    pub fn serialize<S: Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(secret.expose())
    }

    /// Reads the bare value.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
        String::deserialize(deserializer).map(Secret::new)
    }

    /// The same for a member that may be absent.
    pub mod option {
        use serde::{Deserialize, Deserializer, Serializer};

        use super::Secret;

        /// Writes the bare value; pair it with `skip_serializing_if`.
        pub fn serialize<S: Serializer>(secret: &Option<Secret>, serializer: S) -> Result<S::Ok, S::Error> {
            match secret {
                Some(secret) => serializer.serialize_some(secret.expose()),
                None => serializer.serialize_none(),
            }
        }

        /// Reads the bare value; pair it with `default`.
        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
            Ok(Option::<String>::deserialize(deserializer)?.map(Secret::new))
        }
    }
}
