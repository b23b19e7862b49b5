//! Randomness of the operating system.

use std::fmt;

use grantway_core::seam::{Entropy, SeamError};
use ring::rand::{SecureRandom, SystemRandom};

/// The operating system's randomness, through ring. Make one and share it.
#[derive(Clone)]
pub struct RingEntropy(SystemRandom);

impl RingEntropy {
    /// Draws once, so that a machine without randomness says so at the start and not in a request.
    pub fn new() -> Result<Self, SeamError> {
        let source = SystemRandom::new();
        source
            .fill(&mut [0_u8; 32])
            .map_err(|_| SeamError::broken("entropy", "the operating system gives no random bytes"))?;
        Ok(Self(source))
    }
}

impl Entropy for RingEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.fill(bytes).expect(
            "the operating system gave random bytes before, and getrandom(2) does not stop once it began",
        );
    }
}

impl fmt::Debug for RingEntropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RingEntropy")
    }
}
