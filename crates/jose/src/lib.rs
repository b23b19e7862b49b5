#![doc = include_str!("../README.md")]

pub mod entropy;
pub mod fault;
mod generate;
pub mod jwk;
pub mod jws;
pub mod keyring;
mod pem;
pub mod seal;
pub mod signing_key;
pub mod verify;
