#![doc = include_str!("../README.md")]

mod address;
#[cfg(test)]
mod tests;
mod transport;

pub use crate::address::AddressRules;
pub use crate::transport::{Transport, TransportFault, TransportSettings};
