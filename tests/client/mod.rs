//! The client, with everything that it needs from its siblings.

mod misbehaving;
mod node;
mod parts;
mod person;
mod provider;
mod provider_replies;
mod readme;
mod shared_file;
mod shared_table;
