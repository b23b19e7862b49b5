#![doc = include_str!("../README.md")]

mod authorized;
mod challenge;
mod credentials;
mod discover;
mod dpop;
mod dpop_rules;
mod fault;
mod layer;
mod metadata_service;
mod parts;
mod proof_fault;
mod proof_memory;
mod protected_resource;
mod refusal;
mod remembered;
mod require;
mod resource;
mod scheme;
#[cfg(test)]
mod tests;
mod token;
mod trust;
mod validate;

pub use crate::authorized::Authorized;
pub use crate::dpop_rules::{DpopNonces, DpopRules};
pub use crate::layer::{ResourceLayer, ResourceService};
pub use crate::metadata_service::MetadataService;
pub use crate::parts::{ResourceParts, SetupFault};
pub use crate::proof_fault::ProofFault;
pub use crate::proof_memory::ProofMemory;
pub use crate::refusal::{Refusal, Refused};
pub use crate::require::Require;
pub use crate::resource::Resource;
pub use crate::scheme::Scheme;
pub use crate::trust::{
    IntrospectionRules, IssuerKeys, JwtProfile, SignatureRules, TokenProof, TrustedIssuer,
};
pub use crate::validate::Decision;
