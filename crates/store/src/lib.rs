#![doc = include_str!("../README.md")]

#[cfg(feature = "conformance")]
pub mod conformance;
pub mod ledger;
#[cfg(feature = "memory")]
pub mod memory;
mod policy;
mod token_format;
pub mod traits;

#[cfg(all(test, feature = "memory", feature = "conformance"))]
mod memory_conforms {
    async fn fresh() -> crate::memory::MemoryStore {
        crate::memory::MemoryStore::default()
    }

    crate::conformance::suite!(fresh);
}
