#![doc = include_str!("../README.md")]

mod authorized;
mod challenge;
mod credentials;
mod discover;
mod dpop;
mod layer;
mod parts;
mod proof_memory;
mod protected_resource;
mod refusal;
mod remembered;
mod require;
#[cfg(test)]
mod tests;
mod token;
mod trust;
mod validate;

pub use crate::authorized::Authorized;
pub use crate::credentials::Scheme;
pub use crate::dpop::{DpopNonces, DpopRules, ProofFault};
pub use crate::layer::{ResourceLayer, ResourceService};
pub use crate::parts::{ResourceParts, SetupFault};
pub use crate::proof_memory::ProofMemory;
pub use crate::protected_resource::MetadataService;
pub use crate::refusal::{Refusal, Refused};
pub use crate::require::Require;
pub use crate::trust::{
    IntrospectionRules, IssuerKeys, JwtProfile, SignatureRules, TokenProof, TrustedIssuer,
};
pub use crate::validate::{Decision, Resource};
