//! Everything that needs two of our crates, in one program: it links once.
//!
//! A module for each folder: what is played through, what goes over the wire, what must fail.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod attacks;
mod backends;
mod browser;
mod client;
mod command_line;
mod conformance;
mod connection_test;
mod durability;
mod flows;
mod histories;
mod interop;
mod layering;
mod program;
mod resource;
mod wire;
