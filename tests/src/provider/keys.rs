use std::sync::atomic::{AtomicBool, Ordering};

use grantway_core::jwk::JwkSet;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::seam::Entropy;
use grantway_jose::signing_key::SigningKey;

/// What ID tokens are signed with.
#[derive(Debug)]
pub(super) struct Keys {
    first: SigningKey,
    second: SigningKey,
    /// Never published.
    pub(super) unpublished: SigningKey,
    rotated: AtomicBool,
}

impl Keys {
    pub(super) fn new(entropy: &dyn Entropy) -> Self {
        let [first, second, unpublished] =
            [(); 3].map(|()| SigningKey::generate(JwsAlgorithm::ES256, entropy).expect("P-256 has keys"));
        Self { first, second, unpublished, rotated: AtomicBool::new(false) }
    }

    /// From now on the second one signs, and the first is gone.
    pub(super) fn rotate(&self) {
        self.rotated.store(true, Ordering::SeqCst);
    }

    pub(super) fn current(&self) -> &SigningKey {
        if self.rotated.load(Ordering::SeqCst) { &self.second } else { &self.first }
    }

    pub(super) fn published(&self) -> JwkSet {
        JwkSet { keys: vec![self.current().public_jwk().clone()] }
    }
}
