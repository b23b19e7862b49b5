//! What the nodes of a history have in common.

use grantway_core::jws::JwsAlgorithm;
use grantway_core::testing::SeededEntropy;
use grantway_jose::seal::RootKey;
use grantway_jose::signing_key::SigningKey;

/// Opens what any of them sealed.
#[must_use]
pub fn root_key() -> RootKey {
    RootKey::generate(&SeededEntropy::new(0))
}

/// The key of the application that proves itself by assertions.
#[must_use]
pub fn assertion_key() -> SigningKey {
    let key = SigningKey::generate(JwsAlgorithm::ES256, &SeededEntropy::new(7));
    key.expect("a key can be made of any chance")
}

/// The application that proves itself by assertions.
pub const ASSERTIVE: &str = "assertive";
