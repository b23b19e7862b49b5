//! What tests of more than one crate share: a whole provider in process ([`World`]) and a person at
//! a browser ([`Browser`]). Nothing of that sleeps, listens or asks the machine for time or chance;
//! [`conformance`] does, for it is a tool that asks providers whose clocks it cannot set.

#![expect(clippy::missing_panics_doc, reason = "what cannot go on in a test panics")]

mod answer;
mod browser;
mod cluster;
/// Whether an issuer does what OpenID Connect says: modules that talk HTTP to it, and a report.
pub mod conformance;
mod database;
mod form;
mod front;
/// What nodes answer while everything around them fails, written down and judged.
pub mod history;
mod interrupted;
/// Somebody else's provider, for a client to have trouble with.
pub mod provider;
/// HTTP over connections one can watch.
pub mod tcp;
mod token_client;
mod token_table;
mod world;

pub use answer::Answer;
pub use browser::{Browser, Page};
pub use cluster::Cluster;
pub use database::Database;
pub use form::{Button, Form, Input, URLENCODED};
pub use front::{
    Front, PASSWORD, VERIFIER, assertion_request, basic_header, challenge, code_request, redirect_of,
    refresh_request, request, token_request,
};
pub use token_client::token_client;
pub use token_table::TokenTable;
pub use world::{ISSUER, Postbox, Settings, World, assertive, claims_of, confidential, header_of};

#[cfg(doctest)]
#[doc = include_str!("../../crates/client/README.md")]
struct ReadmeOfClient;
