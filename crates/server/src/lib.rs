#![doc = include_str!("../README.md")]

mod addresses;
mod authorize;
mod error;
mod health;
mod http;
mod issue;
mod jwks;
mod metadata;
mod page;
mod parts;
mod routes;
mod token;
mod userinfo;

use grantway_core::audit::Event;
use grantway_core::http::PageShell;
use grantway_core::seam::SeamError;

pub use parts::ServerParts;
pub use routes::router;

use crate::addresses::Addresses;
use crate::metadata::Cached;

/// The parts, and what is made of them once.
#[derive(Debug)]
struct Server {
    parts: ServerParts,
    addresses: Addresses,
    /// The discovery document.
    discovery: Cached,
    shell: PageShell,
}

impl Server {
    fn new(parts: ServerParts) -> Self {
        let addresses = Addresses::of(&parts.issuer);
        Self { discovery: metadata::describe(&addresses), addresses, shell: PageShell::new(), parts }
    }

    /// Tells the operator what broke.
    fn note(&self, breakdown: &SeamError) {
        self.parts.audit.record(Event::Breakdown { part: breakdown.part, detail: breakdown.to_string() });
    }
}
