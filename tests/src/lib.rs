//! What tests of more than one crate share: a whole provider in process ([`World`]) and a person at
//! a browser ([`Browser`]). Nothing here sleeps, listens or asks the machine for time or chance.

#![expect(clippy::missing_panics_doc, reason = "what cannot go on in a test panics")]

mod answer;
mod browser;
mod database;
mod world;

pub use answer::Answer;
pub use browser::{Browser, Form, Page};
pub use database::Database;
pub use world::{
    ISSUER, PASSWORD, Settings, VERIFIER, World, basic_header, challenge, claims_of, header_of, redirect_of,
    request,
};
