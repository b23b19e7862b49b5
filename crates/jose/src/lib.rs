#![doc = include_str!("../README.md")]

mod der;
mod ec_curve;
pub mod entropy;
mod es512;
pub mod fault;
pub mod hmac;
mod jws;
pub mod key_kind;
mod key_parts;
pub mod key_reader;
pub mod key_set;
pub mod keyring;
mod pem;
mod private_jwk;
pub mod private_key;
pub mod public_key;
pub mod remote;
mod rotation;
mod rsa_pair;
pub mod seal;
pub mod signing_key;
#[cfg(test)]
mod vectors;
pub mod verify;
#[cfg(test)]
mod wycheproof_vectors;
