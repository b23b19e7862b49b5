//! What tests of more than one crate share: a whole provider in process ([`World`]) and a person at
//! a browser ([`Browser`]). Nothing here sleeps, listens or asks the machine for time or chance.

#![expect(clippy::missing_panics_doc, reason = "what cannot go on in a test panics")]

mod answer;
mod browser;
mod cluster;
mod database;
mod front;
/// What nodes answer while everything around them fails, written down and judged.
pub mod history;
/// HTTP over connections one can watch.
pub mod tcp;
mod world;

pub use answer::Answer;
pub use browser::{Browser, Form, Page};
pub use cluster::Cluster;
pub use database::Database;
pub use front::{
    Front, PASSWORD, VERIFIER, basic_header, challenge, code_request, redirect_of, refresh_request, request,
    token_request,
};
pub use world::{ISSUER, Postbox, Settings, World, claims_of, confidential, header_of};
