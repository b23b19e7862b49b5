//! The client, with everything that it needs from its siblings.

mod against_our_server;
mod misbehaving;
pub(crate) mod node;
mod parts;
pub(crate) mod person;
mod provider;
mod provider_replies;
mod proxied;
mod readme;
pub(crate) mod registered;
mod shared;
mod shared_table;
