use grantway_core::seam::Entropy;
use grantway_core::testing::SeededEntropy;

/// Chance that is the same for the same seed.
#[derive(Debug)]
pub(super) struct Dice(SeededEntropy);

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self(SeededEntropy::new(seed))
    }

    pub(super) fn throw(&self) -> usize {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        usize::try_from(u32::from_be_bytes(bytes)).unwrap_or_default()
    }

    pub(super) fn below(&self, end: usize) -> usize {
        self.throw() % end
    }

    /// Each as often as it stands there.
    pub(super) fn pick<T: Copy>(&self, among: &[T]) -> T {
        among[self.below(among.len())]
    }
}
