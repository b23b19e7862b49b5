//! The client, with everything that it needs from its siblings.

mod against_our_server;
mod misbehaving;
mod node;
mod parts;
pub(crate) mod person;
mod provider;
mod provider_replies;
mod proxied;
mod readme;
mod registered;
mod shared;
mod shared_table;
