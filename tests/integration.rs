//! Everything that needs two of our crates, in one program: it links once.
//!
//! A module for each folder: what is played through, what goes over the wire, what must fail.

mod interop;
mod layering;
