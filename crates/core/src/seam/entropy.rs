use std::fmt::Debug;

/// Randomness fit for keys and tokens.
///
/// Asked by every crate that draws something; implemented by jose (ring) and, seeded, by tests.
/// There is no error: a machine that has no randomness cannot do anything here, and says so when
/// the source is made.
pub trait Entropy: Debug + Send + Sync {
    /// Fills all of `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}
