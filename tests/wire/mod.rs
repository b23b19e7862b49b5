//! What goes over the wire, byte by byte: headers, documents, and the answers to bad input.

mod authorize_errors;
mod connection_test;
mod discovery;
mod methods;
mod property;
mod token_errors;
